//! What the engine answers to what was typed.

use std::rc::Rc;

use audit_policy::loaded::Places;
use audit_policy::request::{self, ReadOptions, Reading, Unreadable};
use audit_policy::{Loaded, Policy, Recording, Release, Trace, explain, load, record};

use crate::state::Inputs;

/// What the engine answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What the API server makes of the policy as it is typed now.
    pub loaded: Loaded,
    /// What the request is read as, as it is typed now.
    pub reading: Result<Rc<Reading>, Unreadable>,
    /// What is recorded and why; none until a policy has loaded and a request was understood.
    pub result: Option<Outcome>,
    /// The last policy that loaded.
    last_policy: Option<Rc<LoadedPolicy>>,
    /// The last request that was understood.
    last_reading: Option<Rc<Reading>>,
}

/// A policy that loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LoadedPolicy {
    policy: Policy,
    places: Places,
    release: Release,
}

/// What is recorded of a request, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is recorded.
    pub recording: Recording,
    /// Every rule, and why; none where the rules are not asked.
    pub trace: Option<Trace>,
    /// What it is an outcome of, where that is not what is typed now.
    pub stale: Option<Stale>,
    /// Which of the reading's requests it is about.
    pub pick: usize,
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
pub fn evaluate(inputs: &Inputs, previous: Option<&Answer>) -> Answer {
    let loaded = load(inputs.policy.as_bytes(), inputs.release);
    let (release, format, given) = (inputs.release, inputs.format, inputs.given.clone());
    let options = ReadOptions { release, format, given, ..ReadOptions::default() };
    let reading = request::read(inputs.request.as_bytes(), &options).map(Rc::new);
    let last_policy = match &loaded.policy {
        Some(policy) => Some(Rc::new(LoadedPolicy {
            policy: policy.clone(),
            places: loaded.places.clone(),
            release: loaded.release,
        })),
        None => previous.and_then(|answer| answer.last_policy.clone()),
    };
    let last_reading = match &reading {
        Ok(reading) => Some(Rc::clone(reading)),
        Err(_) => previous.and_then(|answer| answer.last_reading.clone()),
    };
    let stale = match (&loaded.policy, &reading) {
        (None, _) => Some(Stale::Policy),
        (_, Err(_)) => Some(Stale::Request),
        _ => None,
    };
    let result = match (&last_policy, &last_reading) {
        (Some(policy), Some(reading)) => outcome(policy, reading, inputs.pick, stale),
        _ => None,
    };
    Answer { loaded, reading, result, last_policy, last_reading }
}

fn outcome(loaded: &LoadedPolicy, reading: &Reading, pick: Option<usize>, stale: Option<Stale>) -> Option<Outcome> {
    let pick = pick.filter(|pick| *pick < reading.requests.len()).unwrap_or(reading.pick);
    let exchange = &reading.requests.get(pick)?.exchange;
    let recording = record(&loaded.policy, exchange, loaded.release);
    let asked = recording.decision.is_some();
    let attributes = recording.attributes.as_ref().filter(|_| asked);
    let trace = attributes.map(|attributes| explain(&loaded.policy, attributes, loaded.release));
    Some(Outcome { recording, trace, stale, pick })
}

impl Answer {
    /// Where the rules of the outcome's policy are in the text; none where the text is another by now.
    pub fn places(&self) -> Option<&Places> {
        self.loaded.policy.as_ref().map(|_| &self.loaded.places)
    }
}
