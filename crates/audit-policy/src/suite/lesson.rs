//! A lesson: a text, something to begin with, checks that tell when it is solved, hints, and a solution.

use super::expect::{self, Checked, Expectation};
use super::read::{read_file, read_scenario};
use crate::json::{Kind, Node};
use crate::request::Unreadable;
use crate::request::fields::Fields;
use crate::request::scenario::{Scenario, Sending, parse};

/// More checks than these a lesson does not have.
const MOST_CHECKS: usize = 50;

/// A lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// `title`: a few words.
    pub title: String,
    /// `text`: what it teaches and what to do, in CommonMark without HTML.
    pub text: String,
    /// `start`: what is typed as it begins.
    pub start: Scenario,
    /// `checks`: all of them hold when it is solved.
    pub checks: Vec<Check>,
    /// `hints`: each says more than the one before.
    pub hints: Vec<String>,
    /// `solution`: what is typed when it is solved; the file says only what differs from the start.
    pub solution: Scenario,
}

/// One thing that holds when a lesson is solved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// `text`: what it wants, in a few words.
    pub text: String,
    /// The request it is about, without a policy; none: the one that is typed.
    pub request: Option<Scenario>,
    /// `flags`, `load`, `sinks`: where events go, in place of what is typed.
    pub sending: Sending,
    /// `expect`: what is expected of the policy that is typed.
    pub expect: Expectation,
}

impl Lesson {
    /// Reads a lesson from YAML or JSON.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its place.
    pub fn parse(text: &[u8]) -> Result<Lesson, Unreadable> {
        let mut lesson = Lesson::default();
        let required = ["title", "text", "start", "checks", "solution"];
        read_file(text, "lesson", &required, &["hints"], &mut |fields, key, value| match key {
            "title" => lesson.title = fields.string(value, key).unwrap_or_default(),
            "text" => lesson.text = fields.string(value, key).unwrap_or_default(),
            "start" => {
                read_scenario(fields, value, key, &mut lesson.start);
                lesson.solution = lesson.start.clone();
            }
            "checks" => lesson.checks = checks(fields, value),
            "hints" => lesson.hints = fields.strings(value, key).unwrap_or_default(),
            _ => read_scenario(fields, value, key, &mut lesson.solution),
        })?;
        Ok(lesson)
    }
}

/// The checks: at least one.
fn checks(fields: &mut Fields, node: Node<'_>) -> Vec<Check> {
    let number = node.items().count();
    if node.kind() != Kind::Array || number == 0 || number > MOST_CHECKS {
        let message = format!("`checks` must be a list of 1 to {MOST_CHECKS} checks");
        fields.refuse("wrong-type", "checks", &message, node.span(), "");
        return Vec::new();
    }
    node.items().enumerate().map(|(index, node)| read_check(fields, node, &format!("checks[{index}]"))).collect()
}

fn read_check(fields: &mut Fields, node: Node<'_>, path: &str) -> Check {
    // A check has a scenario's keys, but for the policy, which is the one that is typed.
    let known: Vec<&str> = ["text", "expect"]
        .into_iter()
        .chain(parse::KEYS.into_iter().filter(|key| !matches!(*key, "version" | "policy")))
        .collect();
    let (mut check, mut request, mut has_request) = (Check::default(), Scenario::default(), false);
    let members = fields.known_members(node, path, &known, &[]);
    for (key, value) in &members {
        match *key {
            "text" => check.text = fields.string(*value, &format!("{path}.text")).unwrap_or_default(),
            "expect" => check.expect = expect::read(fields, *value, &format!("{path}.expect")),
            key => {
                has_request |= key == "request";
                parse::read_member(fields, key, *value, &mut request);
            }
        }
    }
    for key in ["text", "expect"] {
        if node.kind() == Kind::Object && !members.iter().any(|(name, _)| *name == key) {
            fields.refuse("missing-key", path, &format!("`{path}` has no `{key}`"), node.span(), "add it");
        }
    }
    check.sending = std::mem::take(&mut request.sending);
    if !has_request && request != Scenario::default() {
        let message = format!("`{path}` says more of a request, and has no `request`");
        fields.refuse("missing-key", path, &message, node.span(), "add it");
    }
    check.request = has_request.then_some(request);
    check
}

impl Check {
    /// What is asked for this check: its request, where it has one, under the policy that is typed.
    pub fn scenario(&self, typed: &Scenario) -> Scenario {
        let (own, typed_sending) = (&self.sending, &typed.sending);
        let sending = Sending {
            flags: own.flags.clone().or_else(|| typed_sending.flags.clone()),
            load: own.load.clone().or_else(|| typed_sending.load.clone()),
            sinks: own.sinks.clone().or_else(|| typed_sending.sinks.clone()),
        };
        match &self.request {
            None => Scenario { sending, ..typed.clone() },
            Some(request) => Scenario {
                policy: typed.policy.clone(),
                kubernetes: request.kubernetes.or(typed.kubernetes),
                sending,
                ..request.clone()
            },
        }
    }

    /// Whether it expects something of where events go.
    pub fn sends(&self) -> bool {
        self.expect.sends()
    }

    /// The same of the policy and the request alone: see [`expect::check_policy`].
    pub fn ask_policy(&self, typed: &Scenario) -> Checked {
        expect::check_policy(&self.expect, &self.scenario(typed))
    }

    /// Whether what is typed does what is wanted.
    pub fn ask(&self, typed: &Scenario) -> Checked {
        expect::check(&self.expect, &self.scenario(typed))
    }
}
