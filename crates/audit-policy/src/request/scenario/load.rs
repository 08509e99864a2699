//! `load`: what arrives, and what the server's backends stand in.

use super::write::Members;
use crate::deliver::{Bodies, Bursts, Duration, Generator, Outage, OutageKind, Peer, World};
use crate::float;
use crate::json::{Node, Value, json};
use crate::request::fields::{Fields, shorten};

/// What arrives, and what the backends stand in; what is not given is as [`Load::generator`] and [`World::default`] have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Load {
    /// `log`: the text of an audit log, or of scenarios, whose requests arrive as its times say, in place of what a generator makes.
    pub log: Option<String>,
    /// `rate`: requests a second, on average.
    pub rate: Option<f64>,
    /// `duration`: for how long they arrive.
    pub duration: Option<Duration>,
    /// `bursts`: times in which more of them come.
    pub bursts: Option<Bursts>,
    /// `watchShare`: how many of the requests are long-running, from 0 to 1.
    pub watch_share: Option<f64>,
    /// `bodies`: the requests are typical ones, with objects of these sizes in bytes; none: they are the scenario's own request.
    pub bodies: Option<Bodies>,
    /// `seed`: what chance begins with.
    pub seed: Option<u64>,
    /// `receiver`: the webhook's receiver.
    pub receiver: Peer,
    /// `disk`: the log's disk.
    pub disk: Peer,
    /// `jitter`: waits between tries are up to a fifth longer, by chance that begins with this.
    pub jitter: Option<u64>,
    /// `stop`: when the server is shut down.
    pub stop: Option<Duration>,
}

// Numbers that are no numbers are refused where a load is read, so that each is equal to itself.
impl Eq for Load {}

/// The keys of `load`.
const KEYS: [&str; 11] =
    ["log", "rate", "duration", "bursts", "watchShare", "bodies", "seed", "receiver", "disk", "jitter", "stop"];

/// The keys that only a generator has.
const OF_GENERATOR: [&str; 6] = ["rate", "duration", "bursts", "watchShare", "bodies", "seed"];

/// The largest whole number: more are not kept exactly by every reader of JSON.
const MOST: u64 = 1 << 53;

/// The most outages of a peer.
const MOST_OUTAGES: usize = 1_000;

impl Load {
    /// The generator: 100 requests a second for a minute, a fifth of them watches, where nothing else is given.
    pub fn generator(&self) -> Generator {
        Generator {
            rate: self.rate.unwrap_or(100.0),
            duration: self.duration.unwrap_or(Duration::from_secs(60)),
            bursts: self.bursts,
            watch_share: self.watch_share.unwrap_or(0.2),
            seed: self.seed.unwrap_or(1),
        }
    }

    /// What the server stands in.
    pub fn world(&self) -> World {
        World { receiver: self.receiver.clone(), disk: self.disk.clone(), jitter: self.jitter, stop: self.stop }
    }
}

/// Reads `load`.
pub(super) fn read(fields: &mut Fields, node: Node<'_>) -> Load {
    let mut load = Load::default();
    let members = fields.known_members(node, "load", &KEYS, &[]);
    let has_log = members.iter().any(|(key, _)| *key == "log");
    for (key, value) in members {
        let path = format!("load.{key}");
        if has_log && OF_GENERATOR.contains(&key) {
            let message = format!("`load` has a `log` and a `{key}`: requests arrive as a log says, or are generated");
            fields.refuse("two-loads", &path, &message, value.span(), "remove one of them");
        }
        match key {
            "log" => load.log = fields.string(value, &path),
            "rate" => load.rate = rate(fields, value, &path),
            "duration" => load.duration = duration(fields, value, &path),
            "bursts" => load.bursts = bursts(fields, value),
            "watchShare" => load.watch_share = fields.decimal(value, &path, 1.0, "a number from 0 to 1"),
            "bodies" => load.bodies = Some(bodies(fields, value)),
            "seed" => load.seed = fields.whole(value, &path, MOST),
            "receiver" => load.receiver = peer(fields, value, &path),
            "disk" => load.disk = peer(fields, value, &path),
            "jitter" => load.jitter = fields.whole(value, &path, MOST),
            _ => load.stop = duration(fields, value, &path),
        }
    }
    load
}

fn rate(fields: &mut Fields, node: Node<'_>, path: &str) -> Option<f64> {
    fields.decimal(node, path, 1e9, "a number of requests a second, from 0 to 1000000000")
}

fn duration(fields: &mut Fields, node: Node<'_>, path: &str) -> Option<Duration> {
    let text = fields.string(node, path)?;
    match text.parse::<Duration>() {
        Ok(duration) => Some(duration),
        Err(_) => {
            let message = format!("`{path}` is `{}`, which is no duration", shorten(&text));
            fields.refuse("bad-duration", path, &message, node.span(), "give one such as 200ms, 30s or 1m30s");
            None
        }
    }
}

fn bursts(fields: &mut Fields, node: Node<'_>) -> Option<Bursts> {
    let (mut every, mut length, mut most) = (None, None, None);
    for (key, value) in fields.known_members(node, "load.bursts", &["every", "length", "rate"], &[]) {
        let path = format!("load.bursts.{key}");
        match key {
            "every" => every = duration(fields, value, &path),
            "length" => length = duration(fields, value, &path),
            _ => most = rate(fields, value, &path),
        }
    }
    if let (Some(every), Some(length), Some(rate)) = (every, length, most) {
        return Some(Bursts { every, length, rate });
    }
    if !fields.failed() {
        let message = "`load.bursts` says not all of when bursts come, how long they are, and how many requests come";
        fields.refuse("missing-key", "load.bursts", message, node.span(), "give `every`, `length` and `rate`");
    }
    None
}

fn bodies(fields: &mut Fields, node: Node<'_>) -> Bodies {
    let mut bodies = Bodies::default();
    for (key, value) in fields.known_members(node, "load.bodies", &["min", "max"], &[]) {
        let path = format!("load.bodies.{key}");
        let size = fields.whole(value, &path, u64::from(u32::MAX)).and_then(|size| u32::try_from(size).ok());
        let place = if key == "min" { &mut bodies.min } else { &mut bodies.max };
        *place = size.unwrap_or(*place);
    }
    bodies
}

fn peer(fields: &mut Fields, node: Node<'_>, path: &str) -> Peer {
    let mut peer = Peer::default();
    for (key, value) in fields.known_members(node, path, &["latency", "outages"], &[]) {
        let path = format!("{path}.{key}");
        if key == "latency" {
            peer.latency = duration(fields, value, &path).unwrap_or_default();
            continue;
        }
        for (index, item) in fields.list(value, &path, "a list of outages").into_iter().enumerate() {
            let path = format!("{path}[{index}]");
            let outage = outage(fields, item, &path);
            let before = peer.outages.last().map_or(Duration::ZERO, |before| before.to);
            if outage.is_some_and(|outage| outage.from < before) {
                let message = format!("`{path}` begins before the one above it ends");
                fields.refuse("bad-order", &path, &message, item.span(), "give outages in order of time");
            }
            if peer.outages.len() == MOST_OUTAGES {
                let message = format!("there are more than {MOST_OUTAGES} outages");
                fields.refuse("too-many", &path, &message, item.span(), "give fewer");
                break;
            }
            peer.outages.extend(outage);
        }
    }
    peer
}

fn outage(fields: &mut Fields, node: Node<'_>, path: &str) -> Option<Outage> {
    let (mut from, mut to, mut kind) = (None, None, None);
    for (key, value) in fields.known_members(node, path, &["from", "to", "kind"], &[]) {
        let path = format!("{path}.{key}");
        match key {
            "from" => from = duration(fields, value, &path),
            "to" => to = duration(fields, value, &path),
            _ => {
                let word = fields.word(value, &path, &OutageKind::ALL.map(OutageKind::as_str));
                kind = OutageKind::ALL.into_iter().find(|kind| Some(kind.as_str()) == word);
            }
        }
    }
    match (from, to, kind) {
        (Some(from), Some(to), Some(kind)) if from < to => return Some(Outage { from, to, kind }),
        (Some(from), Some(to), Some(_)) => {
            let message = format!("`{path}` ends at {to}, which is not after {from}");
            fields.refuse("bad-order", path, &message, node.span(), "");
        }
        _ if !fields.failed() => {
            let message = format!("`{path}` says not all of when it begins and ends, and what happens");
            fields.refuse("missing-key", path, &message, node.span(), "give `from`, `to` and `kind`");
        }
        _ => {}
    }
    None
}

/// `load` as JSON.
pub(super) fn to_value(load: &Load) -> Value {
    let mut members = Members::default();
    members.put("log", load.log.as_ref().map(|log| json!(log)));
    members.put("rate", load.rate.map(decimal));
    members.put("duration", load.duration.map(span));
    members.put(
        "bursts",
        load.bursts.map(
            |bursts| json!({"every": span(bursts.every), "length": span(bursts.length), "rate": decimal(bursts.rate)}),
        ),
    );
    members.put("watchShare", load.watch_share.map(decimal));
    members
        .put("bodies", load.bodies.map(|bodies| json!({"min": i64::from(bodies.min), "max": i64::from(bodies.max)})));
    members.put("seed", load.seed.map(|seed| json!(seed)));
    members.put("receiver", peer_value(&load.receiver));
    members.put("disk", peer_value(&load.disk));
    members.put("jitter", load.jitter.map(|jitter| json!(jitter)));
    members.put("stop", load.stop.map(span));
    Value::Object(members.0)
}

fn peer_value(peer: &Peer) -> Option<Value> {
    let mut members = Members::default();
    members.put("latency", (!peer.latency.is_zero()).then(|| span(peer.latency)));
    let outages = peer
        .outages
        .iter()
        .map(|outage| json!({"from": span(outage.from), "to": span(outage.to), "kind": outage.kind.as_str()}));
    let outages: Vec<Value> = outages.collect();
    members.put("outages", (!outages.is_empty()).then_some(Value::Array(outages)));
    members.some()
}

fn span(duration: Duration) -> Value {
    Value::String(duration.to_string())
}

fn decimal(value: f64) -> Value {
    Value::number(&float::scientific(value)).unwrap_or_default()
}
