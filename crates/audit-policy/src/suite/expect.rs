//! An expectation, and what of it holds for a scenario.

use super::sending::{self, SendingExpectation};
use crate::json::{self, Kind, Node};
use crate::recording::{Fate, StageRecord};
use crate::request::ReadOptions;
use crate::request::fields::Fields;
use crate::request::scenario::Scenario;
use crate::{Level, Loaded, Recording, Stage, load, record};

/// The keys of an expectation.
const KEYS: [&str; 10] =
    ["level", "rule", "stages", "has", "lacks", "accepted", "warnings", "flags", "delivery", "sinks"];

/// What is expected of a policy and a request; what is not given is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// `level`: the level that the policy decides on.
    pub level: Option<Level>,
    /// `rule`: the index of the rule that matches (the file counts from 1); the inner none: no rule does.
    pub rule: Option<Option<usize>>,
    /// `stages`: what becomes of each.
    pub stages: Vec<(Stage, StageFate)>,
    /// `has`: JSON pointers to what at least one recorded event has.
    pub has: Vec<String>,
    /// `lacks`: JSON pointers to what no recorded event has.
    pub lacks: Vec<String>,
    /// `accepted`: whether the policy loads.
    pub accepted: Option<bool>,
    /// `warnings`: how many messages the API server logs as it loads the policy.
    pub warnings: Option<usize>,
    /// `flags`, `delivery`, `sinks`: where events go.
    pub sending: SendingExpectation,
}

/// What becomes of a stage, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageFate {
    /// It has an event.
    Recorded,
    /// `omitStages` omits it.
    Omitted,
    /// It is not reached, or nobody records it.
    NotProduced,
}

impl StageFate {
    const ALL: [StageFate; 3] = [StageFate::Recorded, StageFate::Omitted, StageFate::NotProduced];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            StageFate::Recorded => "recorded",
            StageFate::Omitted => "omitted",
            StageFate::NotProduced => "notProduced",
        }
    }

    /// The word in sentences.
    fn in_words(self) -> &'static str {
        match self {
            StageFate::NotProduced => "not produced",
            other => other.as_str(),
        }
    }
}

impl Expectation {
    /// Whether it says something of where events go.
    pub fn sends(&self) -> bool {
        self.sending != SendingExpectation::default()
    }
}

/// What an expectation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What the request was understood as, in one sentence; none where it was not understood.
    pub understood: Option<String>,
    /// The level that the policy decided on; none where it was not asked.
    pub level: Option<Level>,
    /// The index of the rule that matched.
    pub rule: Option<usize>,
    /// Each thing that was expected, in the order of [`Expectation`]'s fields.
    pub parts: Vec<Part>,
}

impl Checked {
    /// Whether everything came as expected.
    pub fn holds(&self) -> bool {
        self.parts.iter().all(|part| part.holds)
    }
}

/// One thing that was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is about.
    pub about: Expected,
    /// Whether it came.
    pub holds: bool,
    /// What was expected, in a few words: `Metadata`, `rule 3`, `ResponseStarted recorded`.
    pub wanted: String,
    /// What came, in a few words.
    pub came: String,
}

/// What an expected thing is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The policy loads, or not.
    Accepted,
    /// The API server's warnings.
    Warnings,
    /// The request is understood: without that, nothing is checked.
    Request,
    /// The level.
    Level,
    /// The rule.
    Rule,
    /// A stage.
    Stage,
    /// What an event has.
    Has,
    /// What no event has.
    Lacks,
    /// kube-apiserver's flags.
    Flags,
    /// What comes of a load.
    Delivery,
    /// The AuditSinks.
    Sinks,
}

impl Expected {
    /// The key of it in files; `request` for the request.
    pub fn as_str(self) -> &'static str {
        match self {
            Expected::Accepted => "accepted",
            Expected::Warnings => "warnings",
            Expected::Request => "request",
            Expected::Level => "level",
            Expected::Rule => "rule",
            Expected::Stage => "stages",
            Expected::Has => "has",
            Expected::Lacks => "lacks",
            Expected::Flags => "flags",
            Expected::Delivery => "delivery",
            Expected::Sinks => "sinks",
        }
    }
}

/// Reads an expectation.
pub(super) fn read(fields: &mut Fields, node: Node<'_>, path: &str) -> Expectation {
    let mut expect = Expectation::default();
    let members = fields.known_members(node, path, &KEYS, &[]);
    if members.is_empty() && node.kind() == Kind::Object {
        fields.refuse("empty-expectation", path, "nothing is expected", node.span(), "give `level`, `rule` or another");
    }
    for (key, value) in members {
        let path = format!("{path}.{key}");
        match key {
            "level" => {
                let name = fields.word(value, &path, &Level::ALL.map(Level::as_str));
                expect.level = name.and_then(Level::from_name);
            }
            "rule" if value.as_str() == Some("none") => expect.rule = Some(None),
            "rule" => {
                if value.as_str().is_some() {
                    let help = "give the number of a rule, from 1, or the word `none`";
                    fields.refuse("unknown-value", &path, "this names no rule", value.span(), help);
                } else {
                    expect.rule = fields.number(value, &path, 1..=9999).map(|rule| Some(usize::from(rule) - 1));
                }
            }
            "stages" => {
                for (stage, value) in fields.by_stage(value, &path) {
                    let path = format!("{path}.{stage}");
                    let word = fields.word(value, &path, &StageFate::ALL.map(StageFate::as_str));
                    let fate = StageFate::ALL.into_iter().find(|fate| Some(fate.as_str()) == word);
                    expect.stages.extend(fate.map(|fate| (stage, fate)));
                }
            }
            "has" => expect.has = pointers(fields, value, &path),
            "lacks" => expect.lacks = pointers(fields, value, &path),
            "accepted" => expect.accepted = Some(fields.boolean(value, &path)),
            "flags" | "delivery" | "sinks" => sending::read(fields, key, value, &path, &mut expect.sending),
            _ => expect.warnings = fields.number(value, &path, 0..=9999).map(usize::from),
        }
    }
    expect
}

/// JSON pointers; others than those that begin with a slash are told.
fn pointers(fields: &mut Fields, node: Node<'_>, path: &str) -> Vec<String> {
    let pointers = fields.strings(node, path).unwrap_or_default();
    for (pointer, item) in pointers.iter().zip(node.items()) {
        if !pointer.starts_with('/') {
            let message = format!("`{}` is no JSON pointer", crate::request::fields::shorten(pointer));
            fields.refuse("bad-pointer", path, &message, item.span(), "begin it with a slash, as in `/requestObject`");
        }
    }
    pointers
}

/// Checks an expectation of a scenario.
pub fn check(expect: &Expectation, scenario: &Scenario) -> Checked {
    let mut checked = check_policy(expect, scenario);
    checked.parts.retain(|part| !matches!(part.about, Expected::Flags | Expected::Delivery | Expected::Sinks));
    let release = scenario.kubernetes.unwrap_or_default();
    let loaded = load(scenario.policy.as_deref().unwrap_or_default().as_bytes(), release);
    sending::check(&expect.sending, scenario, loaded.policy.as_ref(), release, &mut checked);
    checked
}

/// Checks what an expectation says of a scenario's policy and request. What it says of where events go is told as not looked at: the page, whose first download has no
/// room for a simulation, asks so.
pub fn check_policy(expect: &Expectation, scenario: &Scenario) -> Checked {
    let release = scenario.kubernetes.unwrap_or_default();
    let loaded = load(scenario.policy.as_deref().unwrap_or_default().as_bytes(), release);
    let mut checked = Checked::default();
    check_loading(expect, &loaded, &mut checked);
    if expect.sends() {
        checked.tell(Expected::Delivery, false, "where events go", "it is not simulated here");
    }
    let Expectation { level, rule, stages, has, lacks, .. } = expect;
    if level.is_none() && rule.is_none() && stages.is_empty() && has.is_empty() && lacks.is_empty() {
        return checked;
    }
    let reading = scenario.read(&ReadOptions { release, ..ReadOptions::default() });
    let request = match &reading {
        Ok(reading) => reading.request(reading.pick),
        Err(unreadable) => {
            let why = unreadable.findings.first().map(|finding| finding.message.as_str()).unwrap_or_default();
            checked.tell(Expected::Request, false, "a request", why);
            return checked;
        }
    };
    checked.understood = reading.as_ref().ok().map(|reading| reading.understood.clone());
    let Some(policy) = &loaded.policy else {
        if expect.accepted.is_none() {
            checked.tell(Expected::Accepted, false, LOADS, DOES_NOT_LOAD);
        }
        return checked;
    };
    if let Some(request) = request {
        check_recording(expect, &record(policy, &request.exchange, release), &mut checked);
    }
    checked
}

const LOADS: &str = "a policy that loads";
const DOES_NOT_LOAD: &str = "the policy does not load";

fn check_loading(expect: &Expectation, loaded: &Loaded, checked: &mut Checked) {
    if let Some(accepted) = expect.accepted {
        let wanted = if accepted { LOADS } else { "a policy that does not load" };
        let came = if loaded.accepted { "it loads" } else { DOES_NOT_LOAD };
        checked.tell(Expected::Accepted, accepted == loaded.accepted, wanted, came);
    }
    if let Some(warnings) = expect.warnings {
        let words = |count: usize| match count {
            0 => "no warnings".to_owned(),
            1 => "1 warning".to_owned(),
            more => format!("{more} warnings"),
        };
        let came = loaded.warnings.len();
        let text = match loaded.accepted {
            true => words(came),
            false => DOES_NOT_LOAD.to_owned(),
        };
        checked.tell(Expected::Warnings, loaded.accepted && came == warnings, &words(warnings), &text);
    }
}

fn check_recording(expect: &Expectation, recording: &Recording, checked: &mut Checked) {
    let decision = recording.decision;
    checked.level = decision.map(|decision| decision.level);
    checked.rule = decision.and_then(|decision| decision.rule);
    if let Some(level) = expect.level {
        let came = checked.level.map_or(NOT_ASKED, Level::as_str);
        checked.tell(Expected::Level, checked.level == Some(level), level.as_str(), came);
    }
    if let Some(rule) = expect.rule {
        let words = |rule: Option<usize>| rule.map_or("no rule".to_owned(), |rule| format!("rule {}", rule + 1));
        let came = if decision.is_some() { words(checked.rule) } else { NOT_ASKED.to_owned() };
        checked.tell(Expected::Rule, decision.is_some() && checked.rule == rule, &words(rule), &came);
    }
    for (stage, wanted) in &expect.stages {
        let record = recording.stages.iter().find(|record| record.stage == *stage);
        let (fate, came) = match record.map(|record| &record.fate) {
            Some(Fate::Recorded { .. }) => (Some(StageFate::Recorded), StageFate::Recorded.in_words()),
            Some(Fate::Omitted { .. }) => (Some(StageFate::Omitted), StageFate::Omitted.in_words()),
            Some(Fate::Lost { .. }) => (None, "lost"),
            Some(Fate::NotProduced { .. }) | None => (Some(StageFate::NotProduced), StageFate::NotProduced.in_words()),
        };
        checked.tell(Expected::Stage, fate == Some(*wanted), &format!("{stage} {}", wanted.in_words()), came);
    }
    for pointer in &expect.has {
        let holds = with(recording, pointer).is_some();
        let nothing = !recording.stages.iter().any(|record| line(record).is_some());
        let came = match (holds, nothing) {
            (true, _) => "an event has it",
            (_, true) => "no event is recorded",
            _ => "no event has it",
        };
        checked.tell(Expected::Has, holds, &format!("an event with {pointer}"), came);
    }
    for pointer in &expect.lacks {
        let stage = with(recording, pointer);
        let came = match stage {
            Some(stage) => format!("the event at {stage} has it"),
            None => "no event has it".to_owned(),
        };
        checked.tell(Expected::Lacks, stage.is_none(), &format!("no event with {pointer}"), &came);
    }
}

const NOT_ASKED: &str = "the policy is not asked";

impl Checked {
    pub(super) fn tell(&mut self, about: Expected, holds: bool, wanted: &str, came: &str) {
        self.parts.push(Part { about, holds, wanted: wanted.to_owned(), came: came.to_owned() });
    }
}

/// The first stage whose event has what a JSON pointer points to.
fn with(recording: &Recording, pointer: &str) -> Option<Stage> {
    let has = |record: &&StageRecord| {
        let document = line(record).and_then(|line| json::parse(line.as_bytes()).ok());
        document.is_some_and(|document| document.root().is_some_and(|root| points(root, pointer)))
    };
    recording.stages.iter().find(has).map(|record| record.stage)
}

fn line(record: &StageRecord) -> Option<&str> {
    match &record.fate {
        Fate::Recorded { line, .. } => Some(line),
        _ => None,
    }
}

/// Whether a JSON pointer (RFC 6901) points to something here.
fn points(root: Node<'_>, pointer: &str) -> bool {
    let mut node = root;
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        let next = match node.kind() {
            Kind::Object => node.get(&name),
            Kind::Array => name.parse().ok().and_then(|index| node.items().nth(index)),
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => return false,
        }
    }
    true
}
