//! What the events go to: a webhook's receiver, and the disk of the log.

use serde::{Deserialize, Serialize};

use super::Duration;

/// How long the server waits for a receiver's answer: `defaultRequestTimeout` in `staging/src/k8s.io/apiserver/pkg/util/webhook/webhook.go`.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// A receiver, or a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Peer {
    /// How long it takes for a POST, or for the write of a line.
    pub latency: Duration,
    /// When it does not work, in order of time.
    pub outages: Vec<Outage>,
}

/// A time in which a peer does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outage {
    /// From when.
    pub from: Duration,
    /// Until when.
    pub to: Duration,
    /// What happens meanwhile.
    pub kind: OutageKind,
}

/// How a peer does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OutageKind {
    /// A receiver refuses the connection at once; a disk is full.
    Down,
    /// A receiver answers 500 after its latency; a disk fails after its.
    Failing,
    /// A receiver does not answer until the server's timeout of 30 s; a write to the disk waits for the end of the outage.
    Hanging,
}

impl OutageKind {
    /// All of them.
    pub const ALL: [OutageKind; 3] = [OutageKind::Down, OutageKind::Failing, OutageKind::Hanging];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            OutageKind::Down => "down",
            OutageKind::Failing => "failing",
            OutageKind::Hanging => "hanging",
        }
    }
}

/// What a POST came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) at: Duration,
    /// What went wrong, if anything did.
    pub(super) failure: Option<OutageKind>,
}

impl Peer {
    fn outage(&self, now: Duration) -> Option<&Outage> {
        self.outages.iter().find(|outage| outage.from <= now && now < outage.to)
    }

    /// What a POST that is sent now comes to.
    pub(super) fn answer(&self, now: Duration) -> Answer {
        let late = self.latency >= REQUEST_TIMEOUT;
        match self.outage(now).map(|outage| outage.kind) {
            Some(OutageKind::Down) => Answer { at: now, failure: Some(OutageKind::Down) },
            Some(OutageKind::Failing) if !late => Answer { at: now + self.latency, failure: Some(OutageKind::Failing) },
            None if !late => Answer { at: now + self.latency, failure: None },
            _ => Answer { at: now + REQUEST_TIMEOUT, failure: Some(OutageKind::Hanging) },
        }
    }

    /// What the write of a line that begins now comes to.
    pub(super) fn write(&self, now: Duration) -> Answer {
        let mut begin = now;
        // Outages are in order, so that the next one found is later.
        for outage in self.outages.iter().filter(|outage| outage.to > now) {
            if outage.from > begin {
                break;
            }
            if outage.kind != OutageKind::Hanging {
                let latency = if outage.kind == OutageKind::Failing { self.latency } else { Duration::ZERO };
                return Answer { at: begin + latency, failure: Some(outage.kind) };
            }
            begin = outage.to.max(begin);
        }
        Answer { at: begin + self.latency, failure: None }
    }
}
