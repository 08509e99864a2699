//! What the engine answers to what was typed.

use std::rc::Rc;

use audit_policy::explain::RuleTrace;
use audit_policy::exposure::{Exposure, exposures};
use audit_policy::loaded::Places;
use audit_policy::open::Wrapped;
use audit_policy::request::{Format, Given, ReadOptions, Reading, Unreadable};
use audit_policy::{Diagnostic, Exchange, Fix, Levels, Loaded, Nearest, Outline, Recording, Release, Severity};
use audit_policy::{explain_rule, levels, load, load_again, nearest, outline, record};

use crate::first_reading;
use crate::late;
use crate::lines::Lines;
use crate::request::changes::Change;
use crate::state::Inputs;

/// What the engine answers. Its parts are shared: what a keystroke does not change is neither asked again nor copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What the API server makes of the policy as it is typed now.
    pub loaded: Rc<Loaded>,
    /// Where the lines of that policy begin.
    pub lines: Rc<Lines>,
    /// What that is, where it is no policy and leads to one: then its findings, which would make a policy of it, are left out.
    pub other: Option<Rc<Other>>,
    /// What the request is read as, as it is typed now.
    pub reading: Result<Rc<Reading>, Unreadable>,
    /// What was changed of the request besides its text.
    pub changes: Rc<Vec<Change>>,
    /// Whether the request could not be read since what reads requests is not there yet.
    pub waits: bool,
    /// The lines of basic audit, where the release has no policies.
    pub basic: Option<Rc<Vec<String>>>,
    /// What is recorded and why; none until a policy has loaded and a request was understood.
    pub result: Option<Outcome>,
    /// Where no rule matched: the edit that adds one.
    pub last_rule: Option<Rc<Fix>>,
    /// The last policy that loaded.
    last_policy: Option<Rc<Loaded>>,
    /// The last request that was understood.
    last_reading: Option<Rc<Reading>>,
}

/// What is recorded of a request, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is recorded.
    pub recording: Rc<Recording>,
    /// What became of every rule; none where the rules are not asked. Why, [`Answer::explain`] says.
    pub outline: Option<Rc<Outline>>,
    /// What each level would record; none where the rules are not asked.
    pub levels: Option<Rc<Levels>>,
    /// What of secrets the levels would write to the log.
    pub exposures: Vec<Exposure>,
    /// What it is an outcome of, where that is not what is typed now.
    pub stale: Option<Stale>,
    /// Which of the reading's requests it is about.
    pub pick: usize,
}

/// A text in a policy's place that is another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Other {
    /// It holds policies: at least one.
    Holds(Vec<Wrapped>),
    /// It names a policy's file.
    Names(Diagnostic),
}

/// What of an outcome is older than what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// The policy typed now does not load.
    Policy,
    /// The request typed now is not understood.
    Request,
}

/// Asks the engine. A policy that does not load, or a request that is not understood, leaves the last good one in effect.
///
/// `previous` is the answer to the inputs before, of which what still holds is kept.
pub fn evaluate(inputs: &Inputs, previous: Option<(&Inputs, &Answer)>) -> Answer {
    let before = previous.map(|(_, answer)| answer);
    let (loaded, lines, other) = match previous {
        Some((old, answer)) if !answer.waits && old.release == inputs.release && old.policy == inputs.policy => {
            (Rc::clone(&answer.loaded), Rc::clone(&answer.lines), answer.other.clone())
        }
        _ => {
            let mut loaded = load_policy(inputs, previous);
            let other = other(&loaded, &inputs.policy).map(Rc::new);
            if other.is_some() {
                loaded.findings.clear();
            }
            (Rc::new(loaded), Rc::new(Lines::of(&inputs.policy)), other)
        }
    };
    let (reading, changes, waits) = match previous {
        Some((old, answer)) if !answer.waits && reads_alike(old, inputs) => {
            (answer.reading.clone(), Rc::clone(&answer.changes), false)
        }
        _ => match read(inputs) {
            Some(reading) => {
                let given = inputs.given != Given::default();
                let changes = reading.as_ref().ok().filter(|_| given).map(|reading| late::changes(inputs, reading));
                (reading.map(Rc::new), Rc::new(changes.unwrap_or_default()), false)
            }
            None => (Err(waiting(inputs.format)), Rc::default(), true),
        },
    };
    let last_policy = match &loaded.policy {
        Some(_) => Some(Rc::clone(&loaded)),
        None => before.and_then(|answer| answer.last_policy.clone()),
    };
    let last_reading = match &reading {
        Ok(reading) => Some(Rc::clone(reading)),
        Err(_) => before.and_then(|answer| answer.last_reading.clone()),
    };
    let stale = match (&loaded.policy, &reading) {
        (None, _) => Some(Stale::Policy),
        (_, Err(_)) => Some(Stale::Request),
        _ => None,
    };
    let has_policies = inputs.release.has_policies();
    let result = match (&last_policy, &last_reading) {
        (Some(policy), Some(reading)) if has_policies => outcome(policy, reading, inputs.pick, stale),
        _ => None,
    };
    let decision = result.as_ref().and_then(|result| result.recording.decision);
    let last_rule = decision.filter(|decision| decision.rule.is_none()).and_then(|_| {
        // It is tried on the whole text, so the same text is not asked for each request.
        let same = before.filter(|answer| Rc::ptr_eq(&answer.loaded, &loaded));
        let kept = same.and_then(|answer| answer.last_rule.clone());
        kept.or_else(|| late::add_rule(&inputs.policy, &loaded).map(Rc::new))
    });
    let basic = match &last_reading {
        Some(reading) if !has_policies => basic(reading, inputs),
        _ => None,
    };
    let waits = waits || !late::is_here() && (mentions_sink(&inputs.policy) || !loaded.accepted);
    Answer { loaded, lines, other, reading, changes, waits, basic, result, last_rule, last_policy, last_reading }
}

/// What the API server makes of the policy; an AuditSink is one too, where there are any.
fn load_policy(inputs: &Inputs, previous: Option<(&Inputs, &Answer)>) -> Loaded {
    // First, as it is the quickest and what most keys come to.
    let again =
        previous.and_then(|(old, answer)| load_again(&inputs.policy, inputs.release, &old.policy, &answer.loaded));
    let sink = || mentions_sink(&inputs.policy).then(|| late::sink(&inputs.policy, inputs.release)).flatten();
    again.or_else(sink).unwrap_or_else(|| load(inputs.policy.as_bytes(), inputs.release))
}

/// What the text is, where it is no policy. AuditSinks have their own place.
fn other(loaded: &Loaded, text: &str) -> Option<Other> {
    let is_sink = || loaded.findings.iter().any(|finding| finding.code == "audit-sink");
    if loaded.accepted || is_sink() { None } else { late::other(text) }
}

/// Whether a text may be an AuditSink.
fn mentions_sink(text: &str) -> bool {
    text.contains("AuditSink")
}

/// What a release without policies writes of the request.
fn basic(reading: &Reading, inputs: &Inputs) -> Option<Rc<Vec<String>>> {
    let request = reading.request(inputs.pick.unwrap_or(reading.pick)).or_else(|| reading.request(reading.pick))?;
    late::basic(&request.exchange, inputs.release).map(Rc::new)
}

/// What the request is read as; none where what reads requests is not there yet.
fn read(inputs: &Inputs) -> Option<Result<Reading, Unreadable>> {
    if inputs.request == first_reading::REQUEST
        && (inputs.format, inputs.release, &inputs.given) == (None, Release::NEWEST, &Given::default())
    {
        return Some(Ok(first_reading::reading()));
    }
    late::read(inputs.request.as_bytes(), &options(inputs))
}

/// How the request is read.
pub fn options(inputs: &Inputs) -> ReadOptions {
    let (release, format, given) = (inputs.release, inputs.format, inputs.given.clone());
    ReadOptions { release, format, given, ..ReadOptions::default() }
}

/// Says that what reads requests is on its way, or did not come.
fn waiting(format: Option<Format>) -> Unreadable {
    let (severity, message, help) = match late::has_failed() {
        false => (Severity::Note, "the part of the page that reads requests is loading", None),
        true => {
            let help = "check the connection and type on: it is fetched again";
            (Severity::Error, "the part of the page that reads requests did not load", Some(help.to_owned()))
        }
    };
    let message = message.to_owned();
    let finding = Diagnostic { code: "loading", severity, message, path: None, span: None, help, fix: None };
    Unreadable { format, findings: vec![finding] }
}

/// Whether two inputs have the same request: everything but the policy and the pick.
fn reads_alike(old: &Inputs, new: &Inputs) -> bool {
    old.release == new.release && old.format == new.format && old.request == new.request && old.given == new.given
}

fn outcome(loaded: &Loaded, reading: &Reading, pick: Option<usize>, stale: Option<Stale>) -> Option<Outcome> {
    let policy = loaded.policy.as_ref()?;
    let pick = pick.filter(|pick| reading.request(*pick).is_some()).unwrap_or(reading.pick);
    let exchange = &reading.request(pick)?.exchange;
    let recording = Rc::new(record(policy, exchange, loaded.release));
    let asked = recording.decision.is_some();
    let attributes = recording.attributes.as_ref().filter(|_| asked);
    let outline = attributes.map(|attributes| Rc::new(outline(policy, attributes, loaded.release)));
    let levels = levels(policy, exchange, &recording, loaded.release);
    let exposed = levels.as_ref().zip(attributes).map(|(levels, attributes)| exposures(levels, exchange, attributes));
    let exposures = exposed.unwrap_or_default();
    Some(Outcome { recording, outline, levels: levels.map(Rc::new), exposures, stale, pick })
}

impl Answer {
    /// The format that the request is read in, or was taken for.
    pub fn format(&self) -> Option<Format> {
        match &self.reading {
            Ok(reading) => Some(reading.format),
            Err(unreadable) => unreadable.format,
        }
    }

    /// The request that is answered for, and its answer: of the last request that was understood.
    pub fn exchange(&self) -> Option<&Exchange> {
        let reading = self.last_reading.as_ref()?;
        let pick = self.result.as_ref().map_or(reading.pick, |result| result.pick);
        reading.request(pick).map(|request| &request.exchange)
    }

    /// Why a rule matches or does not, field by field. Asked for the rules that are looked at: for hundreds it would be much text.
    pub fn explain(&self, rule: usize) -> Option<RuleTrace> {
        let (loaded, result) = (self.last_policy.as_ref()?, self.result.as_ref()?);
        let attributes = result.recording.attributes.as_ref()?;
        let outline = result.outline.as_ref()?.rules.get(rule)?;
        Some(explain_rule(rule, loaded.policy.as_ref()?.rules.get(rule)?, outline, attributes, loaded.release))
    }

    /// The smallest change of the request that makes a rule match it.
    pub fn nearest(&self, rule: usize) -> Option<Nearest> {
        let loaded = self.last_policy.as_ref()?;
        let attributes = self.result.as_ref()?.recording.attributes.as_ref()?;
        nearest(loaded.policy.as_ref()?, rule, attributes, loaded.release)
    }

    /// Where the rules of the outcome's policy are in the text; none where the text is another by now.
    pub fn places(&self) -> Option<&Places> {
        self.loaded.policy.as_ref().map(|_| &self.loaded.places)
    }
}
