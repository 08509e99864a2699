//! Who events go to, as far as that decides what of a request is made and how large it is.

use super::Options;
use super::forms::{Forms, bytes};
use super::load::Sized;
use crate::event::EventVersion;
use crate::recording::StageRecord;
use crate::sink::{self, Sink, SinkPolicy};
use crate::text::legacy_line;
use crate::{Event, Exchange, Policy, Release, record};

/// Who a server's events go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    release: Release,
    log: EventVersion,
    webhook: EventVersion,
    /// With dynamic configuration: what each sink is to have.
    sinks: Option<Vec<SinkPolicy>>,
}

impl Recipients {
    /// Those of a server with these options.
    pub fn new(options: &Options, release: Release) -> Recipients {
        let usual = EventVersion::of(release);
        let sinks = options.dynamic.as_ref().map(|dynamic| dynamic.sinks.iter().map(|sink| sink.policy.clone()));
        Recipients {
            release,
            log: options.log.as_ref().map_or(usual, |log| log.version),
            webhook: options.webhook.as_ref().map_or(usual, |webhook| webhook.version),
            sinks: sinks.map(Iterator::collect),
        }
    }

    /// The release.
    pub fn release(&self) -> Release {
        self.release
    }

    /// What they get of a request, event by event.
    pub(super) fn copies(&self, policy: &Policy, exchange: &Exchange) -> Vec<Copies> {
        let Some(policies) = &self.sinks else {
            let stages = record(policy, exchange, self.release).stages;
            return stages.iter().filter_map(StageRecord::event).map(|event| Copies::plain(event.clone())).collect();
        };
        let sinks = policies.iter().map(|policy| Sink { policy: policy.clone(), ..Sink::default() });
        let beside = sink::beside(Some(policy), &sinks.collect::<Vec<_>>(), exchange, self.release);
        let of = |stages: &[StageRecord], index: usize| stages.get(index).and_then(StageRecord::event).cloned();
        let copies = beside.made.iter().enumerate().filter_map(|(index, made)| {
            let fixed = of(beside.fixed.as_deref().unwrap_or_default(), index);
            let sinks = beside.sinks.iter().map(|sink| of(&sink.stages, index));
            Some(Copies { made: made.event()?.clone(), fixed, sinks: sinks.collect() })
        });
        copies.filter(Copies::go_anywhere).collect()
    }

    /// What they get of an event that a log has: the static policy's backends got it, and sinks are taken to get no more than it holds.
    pub(super) fn copies_of_recorded(&self, event: &Event) -> Copies {
        let sinks = self.sinks.iter().flatten();
        let sinks = sinks.map(|policy| sink::enforce(policy, event).ok().flatten());
        Copies { sinks: sinks.collect(), ..Copies::plain(event.clone()) }
    }

    /// Sizes the copies of an event.
    pub(super) fn sized(&self, copies: &Copies, after: super::Duration) -> Sized {
        let (log, webhook) = (self.log, self.webhook);
        let Copies { made, fixed, sinks } = copies;
        let is_dynamic = self.sinks.is_some();
        // With dynamic configuration the webhook's limits look at the whole event, and each gets its copy of what they leave.
        let of_webhook = |event: &Event| match is_dynamic {
            true => Forms::of_copy(event, webhook, self.release),
            false => Forms::new(event, webhook, self.release),
        };
        Sized {
            stage: made.stage.clone(),
            after,
            log: fixed.as_ref().map(|event| Forms::new(event, log, self.release)),
            webhook: fixed.as_ref().map(of_webhook),
            made: is_dynamic.then(|| Forms::new(made, webhook, self.release)),
            sinks: sinks
                .iter()
                .map(|event| event.as_ref().map(|event| Forms::of_copy(event, EventVersion::V1, self.release)))
                .collect(),
            legacy: bytes(legacy_line(made, self.release).len() + 1),
        }
    }
}

/// An event, and what each gets of it.
#[derive(Clone, Debug)]
pub(super) struct Copies {
    /// The event as the server makes it.
    pub(super) made: Event,
    /// What the static policy's backends get.
    fixed: Option<Event>,
    /// What each sink gets.
    sinks: Vec<Option<Event>>,
}

impl Copies {
    fn plain(event: Event) -> Copies {
        Copies { fixed: Some(event.clone()), made: event, sinks: Vec::new() }
    }

    fn go_anywhere(&self) -> bool {
        self.fixed.is_some() || self.sinks.iter().any(Option::is_some)
    }
}
