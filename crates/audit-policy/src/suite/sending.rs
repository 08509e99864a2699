//! What is expected of where events go: of the flags, of a delivery, of the AuditSinks.

use super::expect::{Checked, Expected};
use crate::deliver::{BackendDelivery, Delivery, LimitKind, Load, Options, Preset, Recipients, simulate};
use crate::flags::{self, FileState};
use crate::json::Node;
use crate::request::ReadOptions;
use crate::request::fields::Fields;
use crate::request::scenario::Scenario;
use crate::{Policy, Release, Stage, sink};

/// More requests than these are not simulated for a check, which is asked at every key.
const MOST_REQUESTS: f64 = 100_000.0;

/// The largest count that a file expects.
const MOST: u64 = 1 << 53;

/// What is expected of where events go; what is not given is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SendingExpectation {
    /// `flags.accepted`: whether the server starts with its flags.
    pub flags_accepted: Option<bool>,
    /// `flags.finding`: the code of a finding about them; empty: there is no error and no warning.
    pub flags_finding: Option<String>,
    /// `delivery`: the amounts.
    pub amounts: Vec<(Counted, Amount)>,
    /// `delivery.limit`: what limits most, a word such as `tokenBucket`.
    pub limit: Option<&'static str>,
    /// `sinks.accepted`: whether the API server takes the AuditSinks.
    pub sinks_accepted: Option<bool>,
    /// `sinks.gets`: by name of a sink, the stages at which it gets an event.
    pub gets: Vec<(String, Vec<Stage>)>,
}

/// What is counted: the backend, none for all requests; and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// `log` or `webhook`; none: the requests.
    pub backend: Option<&'static str>,
    /// `delivered`, `refused500`, …
    pub what: &'static str,
}

/// How many are expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// `some`: one at least.
    Some,
    /// A number; `none` is 0.
    Exactly(u64),
}

const BACKENDS: [&str; 2] = ["log", "webhook"];
const OF_BACKEND: [&str; 6] = ["delivered", "dropped", "tooLarge", "lost", "truncated", "missing"];
const OF_REQUESTS: [&str; 2] = ["refused500", "waiting"];

/// The words of [`LimitKind`], in its order.
const LIMITS: [(LimitKind, &str); 12] = [
    (LimitKind::TokenBucket, "tokenBucket"),
    (LimitKind::Writing, "writing"),
    (LimitKind::Buffer, "buffer"),
    (LimitKind::Receiver, "receiver"),
    (LimitKind::BlockingStrict, "blockingStrict"),
    (LimitKind::Blocking, "blocking"),
    (LimitKind::Size, "size"),
    (LimitKind::Rotation, "rotation"),
    (LimitKind::Stop, "stop"),
    (LimitKind::BatchWait, "batchWait"),
    (LimitKind::Nothing, "nothing"),
    (LimitKind::NoBackend, "noBackend"),
];

/// Reads one of `flags`, `delivery`, `sinks`.
pub(super) fn read(fields: &mut Fields, key: &str, node: Node<'_>, path: &str, expect: &mut SendingExpectation) {
    match key {
        "flags" => {
            for (key, value) in fields.known_members(node, path, &["accepted", "finding"], &[]) {
                let path = format!("{path}.{key}");
                if key == "accepted" {
                    expect.flags_accepted = Some(fields.boolean(value, &path));
                } else {
                    let code = fields.string(value, &path);
                    expect.flags_finding = code.map(|code| if code == "none" { String::new() } else { code });
                }
            }
        }
        "delivery" => {
            for (key, value) in
                fields.known_members(node, path, &["log", "webhook", "refused500", "waiting", "limit"], &[])
            {
                let path = format!("{path}.{key}");
                if key == "limit" {
                    expect.limit = fields.word(value, &path, &LIMITS.map(|(_, word)| word));
                } else if let Some(backend) = BACKENDS.into_iter().find(|backend| *backend == key) {
                    for (key, value) in fields.known_members(value, &path, &OF_BACKEND, &[]) {
                        let what = OF_BACKEND.into_iter().find(|what| *what == key).unwrap_or_default();
                        let amount = amount(fields, value, &format!("{path}.{key}"));
                        expect.amounts.extend(amount.map(|amount| (Counted { backend: Some(backend), what }, amount)));
                    }
                } else {
                    let what = OF_REQUESTS.into_iter().find(|what| *what == key).unwrap_or_default();
                    let amount = amount(fields, value, &path);
                    expect.amounts.extend(amount.map(|amount| (Counted { backend: None, what }, amount)));
                }
            }
        }
        _ => {
            for (key, value) in fields.known_members(node, path, &["accepted", "gets"], &[]) {
                let path = format!("{path}.{key}");
                if key == "accepted" {
                    expect.sinks_accepted = Some(fields.boolean(value, &path));
                    continue;
                }
                for (name, _, value) in fields.members(value, &path) {
                    let names = Stage::ALL.map(Stage::as_str);
                    let path = format!("{path}.{name}");
                    let stages = fields
                        .list(value, &path, "a list of stages")
                        .into_iter()
                        .filter_map(|item| fields.word(item, &path, &names).and_then(Stage::from_name));
                    let stages = stages.collect();
                    expect.gets.push((name.to_owned(), stages));
                }
            }
        }
    }
}

fn amount(fields: &mut Fields, node: Node<'_>, path: &str) -> Option<Amount> {
    match node.as_str() {
        None => fields.whole(node, path, MOST).map(Amount::Exactly),
        Some(_) => fields.word(node, path, &["some", "none"]).map(|word| match word {
            "some" => Amount::Some,
            _ => Amount::Exactly(0),
        }),
    }
}

/// Checks what is expected; `policy` is none where the policy does not load.
pub(super) fn check(
    expect: &SendingExpectation,
    scenario: &Scenario,
    policy: Option<&Policy>,
    release: Release,
    checked: &mut Checked,
) {
    let flags = scenario.sending.flags.as_deref().map(|text| flags::check(text, release, &|_| FileState::Unknown));
    if expect.flags_accepted.is_some() || expect.flags_finding.is_some() {
        check_flags(expect, flags.as_ref().and_then(Option::as_ref), checked);
    }
    if !expect.amounts.is_empty() || expect.limit.is_some() {
        let options = match &flags {
            None => Ok(Options::preset(Preset::ServerDefaults, release)),
            Some(None) => Err("no flags are in the text".to_owned()),
            Some(Some(checked)) => match checked.error() {
                Some(error) => Err(error.to_owned()),
                None => Ok(checked.settings.options(release)),
            },
        };
        check_delivery(expect, options.and_then(|options| deliver(scenario, policy, &options, release)), checked);
    }
    if expect.sinks_accepted.is_some() || !expect.gets.is_empty() {
        check_sinks(expect, scenario, policy, release, checked);
    }
}

fn check_flags(expect: &SendingExpectation, flags: Option<&flags::Checked>, checked: &mut Checked) {
    let accepted = flags.is_some_and(|flags| flags.accepted);
    if let Some(wanted) = expect.flags_accepted {
        let words = |accepted| if accepted { "the server starts" } else { "the server does not start" };
        let came = if flags.is_some() { words(accepted) } else { "no flags" };
        checked.tell(Expected::Flags, flags.is_some() && accepted == wanted, words(wanted), came);
    }
    let Some(wanted) = &expect.flags_finding else { return };
    let findings = flags.map(|flags| flags.findings.as_slice()).unwrap_or_default();
    let serious = findings.iter().find(|finding| finding.severity != crate::Severity::Note);
    let came = serious.map_or("no finding", |finding| finding.code);
    if wanted.is_empty() {
        checked.tell(Expected::Flags, flags.is_some() && serious.is_none(), "no finding", came);
    } else {
        let found = findings.iter().any(|finding| finding.code == wanted);
        checked.tell(Expected::Flags, found, wanted, if found { wanted } else { came });
    }
}

/// What comes of the load.
fn deliver(
    scenario: &Scenario,
    policy: Option<&Policy>,
    options: &Options,
    release: Release,
) -> Result<Delivery, String> {
    let policy = policy.ok_or("the policy does not load")?;
    let mut options = options.clone();
    options.add_sinks_of(scenario, release);
    let load = Load::of_scenario(scenario, policy, &Recipients::new(&options, release))?;
    if load.requests() > MOST_REQUESTS {
        return Err("more requests than a check simulates".to_owned());
    }
    let world = scenario.sending.load.as_ref().map(|load| load.world()).unwrap_or_default();
    simulate(release, &options, &load, &world)
        .map_err(|refused| refused.messages.into_iter().next().unwrap_or_default())
}

fn check_delivery(expect: &SendingExpectation, delivery: Result<Delivery, String>, checked: &mut Checked) {
    let problem = delivery.as_ref().err().map(String::as_str).unwrap_or_default();
    let delivery = delivery.as_ref().ok();
    for (counted, amount) in &expect.amounts {
        let of = counted.backend.map(|backend| format!("{backend}: ")).unwrap_or_default();
        let words = |number: &str| format!("{of}{number} {}", in_words(counted.what));
        let wanted = match amount {
            Amount::Some => words("some"),
            Amount::Exactly(0) => words("none"),
            Amount::Exactly(number) => words(&number.to_string()),
        };
        let Some(delivery) = delivery else {
            checked.tell(Expected::Delivery, false, &wanted, problem);
            continue;
        };
        match count(delivery, *counted) {
            Some(came) => {
                let holds = if *amount == Amount::Some { came > 0 } else { *amount == Amount::Exactly(came) };
                checked.tell(Expected::Delivery, holds, &wanted, &words(&came.to_string()));
            }
            None => checked.tell(Expected::Delivery, false, &wanted, "no such backend"),
        }
    }
    if let Some(wanted) = expect.limit {
        let first = delivery.and_then(|delivery| delivery.limits.first()).map(|limit| limit.kind);
        let came = LIMITS.into_iter().find(|(kind, _)| Some(*kind) == first).map_or(problem, |(_, word)| word);
        checked.tell(Expected::Delivery, came == wanted, &format!("the limit {wanted}"), came);
    }
}

fn in_words(what: &str) -> &str {
    match what {
        "refused500" => "answered 500",
        "tooLarge" => "too large",
        "waiting" => "of the requests wait",
        other => other,
    }
}

fn count(delivery: &Delivery, counted: Counted) -> Option<u64> {
    let Some(backend) = counted.backend else {
        return Some(match counted.what {
            "refused500" => delivery.clients.answered_500,
            _ if delivery.clients.added_latency.max > 0.0 => delivery.clients.requests,
            _ => 0,
        });
    };
    let made: &BackendDelivery = if backend == "log" { delivery.log.as_ref()? } else { delivery.webhook.as_ref()? };
    let totals = &made.totals;
    Some(match counted.what {
        "delivered" => totals.written,
        "dropped" => totals.dropped_by_buffer,
        "tooLarge" => totals.dropped_by_size,
        "lost" => totals.lost,
        "truncated" => totals.truncated,
        _ => totals.missing(),
    })
}

fn check_sinks(
    expect: &SendingExpectation,
    scenario: &Scenario,
    policy: Option<&Policy>,
    release: Release,
    checked: &mut Checked,
) {
    let text = scenario.sending.sinks.as_deref().unwrap_or_default().as_bytes();
    let loaded = sink::load(text, release);
    let accepted = loaded.as_ref().is_some_and(|loaded| loaded.accepted);
    if let Some(wanted) = expect.sinks_accepted {
        let words = |accepted| if accepted { "the AuditSinks are taken" } else { "the AuditSinks are refused" };
        let came = if loaded.is_some() { words(accepted) } else { "no AuditSink" };
        checked.tell(Expected::Sinks, loaded.is_some() && accepted == wanted, words(wanted), came);
    }
    if expect.gets.is_empty() {
        return;
    }
    let sinks = sink::read(text, release).filter(|_| accepted).map(|read| read.sinks).unwrap_or_default();
    let reading = scenario.read(&ReadOptions { release, ..ReadOptions::default() }).ok();
    let request = reading.as_ref().and_then(|reading| reading.request(reading.pick));
    let beside = request.map(|request| sink::beside(policy, &sinks, &request.exchange, release));
    for (name, wanted) in &expect.gets {
        let sink = beside.iter().flat_map(|beside| &beside.sinks).find(|sink| sink.name == *name);
        let recorded = sink.map(|sink| {
            let recorded =
                sink.stages.iter().filter(|record| matches!(record.fate, crate::recording::Fate::Recorded { .. }));
            recorded.map(|record| record.stage).collect::<Vec<Stage>>()
        });
        let words = |stages: &[Stage]| {
            let names: Vec<&str> = stages.iter().map(|stage| stage.as_str()).collect();
            format!("{name} gets {}", if names.is_empty() { "nothing".to_owned() } else { names.join(", ") })
        };
        let came = recorded.as_ref().map_or_else(|| format!("no sink {name}"), |stages| words(stages));
        let holds = recorded.is_some_and(|recorded| {
            recorded.len() == wanted.len() && recorded.iter().all(|stage| wanted.contains(stage))
        });
        checked.tell(Expected::Sinks, holds, &words(wanted), &came);
    }
}
