//! What arrives: requests, each with the events of its stages, at given times or as a generator makes them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Duration;
use super::forms::Forms;
use super::random::Random;
use super::recipients::{Copies, Recipients};
use crate::{Event, Exchange, GoString, Policy, Timestamp, sort};

/// The most events of a simulation.
pub const MOST_EVENTS: u64 = 20_000_000;

/// Requests that arrive.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Load {
    /// The sorts of requests there are.
    pub templates: Vec<Template>,
    /// Which arrives when.
    pub arrivals: Arrivals,
}

/// Which request arrives when.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Arrivals {
    /// As listed, in order of time.
    Listed(Vec<Arrival>),
    /// As a generator makes them.
    Generated(Generator),
}

impl Default for Arrivals {
    fn default() -> Arrivals {
        Arrivals::Listed(Vec::new())
    }
}

/// A request that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Arrival {
    /// When.
    pub at: Duration,
    /// Which sort of request: an index of [`Load::templates`].
    pub template: u32,
}

/// Requests at random times; the same ones for the same seed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Generator {
    /// Requests a second, on average.
    pub rate: f64,
    /// For how long.
    pub duration: Duration,
    /// Times in which more of them come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bursts: Option<Bursts>,
    /// How many of the requests are long-running ones, such as watches: from 0 to 1. Which of the templates of a kind a request is, is left to chance.
    pub watch_share: f64,
    /// What chance begins with.
    pub seed: u64,
}

/// Times in which more requests come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bursts {
    /// From the begin of one to that of the next; the first is at the begin of the load.
    pub every: Duration,
    /// How long one is.
    pub length: Duration,
    /// Requests a second meanwhile.
    pub rate: f64,
}

/// A sort of request: its events, sized once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// What people call it.
    pub name: String,
    /// Whether the request is long-running.
    pub long_running: bool,
    /// The events, in order of time.
    pub events: Vec<Sized>,
}

/// An event as far as its delivery goes: how large it is for each who gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sized {
    /// The stage.
    pub stage: GoString,
    /// How long after the event before it, or after the request's arrival, where nothing waits.
    pub after: Duration,
    /// As the log gets it; none where the static policy records nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Forms>,
    /// As the webhook does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Forms>,
    /// With dynamic configuration, the whole event, which the webhook's limits look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<Forms>,
    /// As each AuditSink gets it, where it does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sinks: Vec<Option<Forms>>,
    /// The legacy line, the same in every form.
    pub legacy: u32,
}

impl Sized {
    /// Whether a request is refused under blocking-strict where this event is not taken.
    pub(super) fn is_first(&self) -> bool {
        self.stage.as_bytes() == b"RequestReceived"
    }
}

impl Template {
    /// A template of what is made of a request under a policy; none where nobody gets anything.
    pub fn of_request(name: &str, policy: &Policy, exchange: &Exchange, to: &Recipients) -> Option<Template> {
        let copies = to.copies(policy, exchange);
        (!copies.is_empty()).then(|| Template::of_copies(name, &copies, to))
    }

    /// A template of the events of one request, in order of time.
    fn of_copies(name: &str, copies: &[Copies], to: &Recipients) -> Template {
        let mut before = copies.first().map(|copies| copies.made.request_received_timestamp);
        let sized = copies.iter().map(|copies| {
            let now = copies.made.stage_timestamp;
            let after = before.replace(now).map_or(Duration::ZERO, |before| between(before, now));
            to.sized(copies, after)
        });
        let long_running = copies.iter().any(|copies| copies.made.stage.as_bytes() == b"ResponseStarted");
        Template { name: name.to_owned(), long_running, events: sized.collect() }
    }
}

/// A request of a list, and what each gets of its events.
pub(super) struct Listed {
    pub(super) at: Timestamp,
    pub(super) name: String,
    pub(super) copies: Vec<Copies>,
}

/// What lies between two moments; nothing where the second is no later.
fn between(before: Timestamp, now: Timestamp) -> Duration {
    let nanos = |time: Timestamp| i128::from(time.unix_seconds()) * 1_000_000_000 + i128::from(time.subsec_nanos());
    Duration::from_nanos(u64::try_from((nanos(now) - nanos(before)).max(0)).unwrap_or(u64::MAX))
}

impl Load {
    /// The load of a log's events, in any order: those of one audit ID are a request, which arrives as long after the first as its events say.
    pub fn of_events(events: &[Event], to: &Recipients) -> Load {
        Load::of_listed(Load::requests_of(events, to), to)
    }

    /// The requests that a log's events are of.
    pub(super) fn requests_of(events: &[Event], to: &Recipients) -> Vec<Listed> {
        let mut requests: BTreeMap<&GoString, Vec<&Event>> = BTreeMap::new();
        for event in events {
            requests.entry(&event.audit_id).or_default().push(event);
        }
        let requests = requests.into_values().map(|mut events| {
            sort::sort_by(&mut events, |left, right| left.stage_timestamp.cmp(&right.stage_timestamp));
            let received = events.iter().map(|event| event.request_received_timestamp).min();
            let copies = events.iter().map(|event| to.copies_of_recorded(event)).collect();
            Listed { at: received.unwrap_or(Timestamp::ZERO), name: name(&events), copies }
        });
        requests.collect()
    }

    /// The load of requests, in any order.
    pub(super) fn of_listed(mut requests: Vec<Listed>, to: &Recipients) -> Load {
        sort::sort_by(&mut requests, |left, right| left.at.cmp(&right.at));
        let begin = requests.first().map_or(Timestamp::ZERO, |first| first.at);

        let mut load = Load::default();
        let mut arrivals = Vec::with_capacity(requests.len());
        let mut known: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
        for Listed { at, name, copies } in requests {
            let template = Template::of_copies(&name, &copies, to);
            let next = u32::try_from(load.templates.len()).unwrap_or(u32::MAX);
            let template = *known.entry(template.key()).or_insert_with(|| {
                load.templates.push(template);
                next
            });
            arrivals.push(Arrival { at: between(begin, at), template });
        }
        load.arrivals = Arrivals::Listed(arrivals);
        load
    }

    /// About how long requests arrive.
    pub fn duration(&self) -> Duration {
        match &self.arrivals {
            Arrivals::Listed(arrivals) => arrivals.last().map_or(Duration::ZERO, |arrival| arrival.at),
            Arrivals::Generated(generator) => generator.duration,
        }
    }

    /// About how many requests arrive.
    pub fn requests(&self) -> f64 {
        match &self.arrivals {
            Arrivals::Listed(arrivals) => arrivals.len() as f64,
            Arrivals::Generated(generator) => generator.requests(),
        }
    }

    /// Why it is not simulated, if so.
    pub(super) fn problem(&self) -> Option<String> {
        let most = self.most_events();
        if !most.is_finite() || most > MOST_EVENTS as f64 {
            return Some(format!("the load is about {most:.0} events: give one of at most {MOST_EVENTS}"));
        }
        let Arrivals::Generated(generator) = &self.arrivals else { return None };
        let rates = [Some(generator.rate), generator.bursts.map(|bursts| bursts.rate)];
        if rates.into_iter().flatten().any(|rate| rate < 0.0) {
            return Some("the rate is negative: give 0 or more requests a second".to_owned());
        }
        let is_endless = |every: Duration| generator.duration.seconds() / every.seconds() > 1e6;
        if generator.bursts.is_some_and(|bursts| !bursts.every.is_zero() && is_endless(bursts.every)) {
            return Some("there are more than a million bursts: give a longer time between them".to_owned());
        }
        None
    }

    /// About how many events those are: at most, where requests differ.
    fn most_events(&self) -> f64 {
        let most = self.templates.iter().map(|template| template.events.len()).max().unwrap_or_default();
        self.requests() * most as f64
    }
}

impl Template {
    /// The same for templates that differ in nothing but the name.
    fn key(&self) -> Vec<u64> {
        let of = |event: &Sized| {
            let stage = crate::Stage::from_name(&event.stage.to_str_lossy()).map_or(9, |stage| stage as u64);
            let optional = |size: Option<u32>| size.map_or(0, |size| u64::from(size) + 1);
            let own = [&event.log, &event.webhook, &event.made].into_iter().chain(&event.sinks);
            let sizes = own.flat_map(|forms| {
                let [full, cut, marked] = [
                    forms.map(|forms| forms.full),
                    forms.and_then(|forms| forms.cut),
                    forms.and_then(|forms| forms.marked),
                ];
                [full, cut, marked].map(optional)
            });
            [stage, event.after.nanos(), u64::from(event.legacy)].into_iter().chain(sizes).collect::<Vec<u64>>()
        };
        self.events.iter().flat_map(of).collect()
    }
}

/// `create configmaps`, `get /version`
fn name(events: &[&Event]) -> String {
    let Some(event) = events.first() else { return String::new() };
    match &event.object_ref {
        Some(reference) => format!("{} {}", event.verb.to_str_lossy(), reference.resource.to_str_lossy()),
        None => format!("{} {}", event.verb.to_str_lossy(), event.request_uri.to_str_lossy()),
    }
}

impl Generator {
    fn requests(&self) -> f64 {
        let whole = self.duration.seconds();
        let Some(bursts) = self.bursts else { return self.rate * whole };
        let every = bursts.every.seconds();
        let (length, begun) = (bursts.length.seconds().min(every), whole % every.max(f64::MIN_POSITIVE));
        let busy = if every > 0.0 { (whole - begun) / every * length + begun.min(length) } else { whole };
        self.rate * (whole - busy) + bursts.rate * busy
    }

    /// Requests a second at a moment, and until when that holds.
    fn rate_at(&self, now: u64) -> (f64, u64) {
        let Some(bursts) = self.bursts.filter(|bursts| !bursts.every.is_zero() && !bursts.length.is_zero()) else {
            return (self.rate, u64::MAX);
        };
        let every = bursts.every.nanos();
        let begin = now - now % every;
        let end = begin.saturating_add(bursts.length.nanos().min(every));
        if now < end { (bursts.rate, end) } else { (self.rate, begin.saturating_add(every)) }
    }

    /// The moment that comes when so many requests have come since `now`; none after the end.
    fn after(&self, mut now: u64, mut requests: f64) -> Option<u64> {
        let end = self.duration.nanos();
        while now < end {
            let (rate, until) = self.rate_at(now);
            let until = until.min(end);
            let rate = rate / 1e9;
            let most = if rate > 0.0 { (until - now) as f64 * rate } else { 0.0 };
            if requests < most {
                return Some(now.saturating_add((requests / rate) as u64));
            }
            requests -= most;
            now = until;
        }
        None
    }
}

/// The arrivals of a load, one after another.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Listed { arrivals: Vec<Arrival>, next: usize },
    Generated { generator: Generator, random: Random, now: u64, watches: Vec<u32>, others: Vec<u32> },
}

impl Source {
    pub(super) fn new(load: &Load) -> Source {
        match &load.arrivals {
            Arrivals::Listed(arrivals) => Source::Listed { arrivals: arrivals.clone(), next: 0 },
            Arrivals::Generated(generator) => {
                let of_kind = |long_running| {
                    let templates = (0_u32..).zip(&load.templates);
                    let of_kind = templates.filter(move |(_, template)| template.long_running == long_running);
                    of_kind.map(|(index, _)| index).collect()
                };
                Source::Generated {
                    generator: generator.clone(),
                    random: Random::new(generator.seed),
                    now: 0,
                    watches: of_kind(true),
                    others: of_kind(false),
                }
            }
        }
    }

    pub(super) fn next(&mut self) -> Option<Arrival> {
        match self {
            Source::Listed { arrivals, next } => {
                let arrival = arrivals.get(*next).copied();
                *next += 1;
                arrival
            }
            Source::Generated { generator, random, now, watches, others } => {
                let Some(at) = generator.after(*now, random.gap()) else {
                    *now = u64::MAX;
                    return None;
                };
                *now = at;
                let is_watch = random.share() < generator.watch_share;
                let (wanted, other) = if is_watch { (&*watches, &*others) } else { (&*others, &*watches) };
                let kind = if wanted.is_empty() { other } else { wanted };
                let template = kind.get(random.index(kind.len())).copied()?;
                Some(Arrival { at: Duration::from_nanos(*now), template })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(long_running: bool) -> Template {
        Template { name: String::new(), long_running, events: Vec::new() }
    }

    fn arrivals(generator: Generator) -> Vec<Arrival> {
        let load = Load {
            templates: vec![template(false), template(true), template(false)],
            arrivals: Arrivals::Generated(generator),
        };
        let mut source = Source::new(&load);
        std::iter::from_fn(|| source.next()).collect()
    }

    #[test]
    fn a_generator_makes_as_much_as_it_should_and_always_the_same() {
        let generator = Generator {
            rate: 100.0,
            duration: Duration::from_secs(100),
            bursts: Some(Bursts { every: Duration::from_secs(10), length: Duration::from_secs(1), rate: 1_000.0 }),
            watch_share: 0.25,
            seed: 7,
        };
        assert_eq!(generator.requests(), 19_000.0);
        let made = arrivals(generator.clone());
        assert!((18_500..19_500).contains(&made.len()), "{}", made.len());
        let watches = made.iter().filter(|arrival| arrival.template == 1).count() as f64 / made.len() as f64;
        assert!((0.23..0.27).contains(&watches), "{watches}");
        let in_burst = made.iter().filter(|arrival| arrival.at.seconds() % 10.0 < 1.0).count();
        assert!((9_500..10_500).contains(&in_burst), "{in_burst}");
        assert!(made.windows(2).all(|pair| pair[0].at <= pair[1].at));
        assert_eq!(arrivals(generator.clone()), made);
        assert_ne!(arrivals(Generator { seed: 8, ..generator }), made);
    }

    #[test]
    fn a_generator_of_nothing_ends() {
        let nothing =
            Generator { rate: 0.0, duration: Duration::from_secs(9), bursts: None, watch_share: 0.0, seed: 1 };
        assert!(arrivals(nothing.clone()).is_empty());
        assert!(arrivals(Generator { rate: f64::NAN, ..nothing.clone() }).is_empty());
        let every = Bursts { every: Duration::from_nanos(1), length: Duration::from_nanos(1), rate: 0.0 };
        assert!(arrivals(Generator { bursts: Some(every), duration: Duration::from_millis(1), ..nothing }).is_empty());
    }
}
