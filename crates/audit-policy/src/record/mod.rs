//! Exchange × policy → recording: the event at each stage, or why there is none.
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/endpoints/filters/{audit,authn_audit,request_deadline}.go` and
//! `staging/src/k8s.io/apiserver/pkg/audit/{context,request}.go`.

mod answer;
mod body;
mod chain;
mod delete_options;
mod managed_fields;
mod object_meta;
mod object_ref;
mod objects;
mod typed;

use crate::recording::{NotProduced, StageRecord};
use crate::request::info::{self, NeverAudited};
use crate::{Decision, Exchange, Level, Policy, Recording, Release, Stage, decide};

use chain::Chain;

/// What the release's API server records of an exchange under a policy.
pub fn record(policy: &Policy, exchange: &Exchange, release: Release) -> Recording {
    let info = match info::of_request(&exchange.request, release) {
        Ok(info) => info,
        Err(reason) => return never_audited(&reason),
    };
    let refusal = chain::refusal(exchange, &info, release);
    let attributes = info::attributes(&info, chain::user(exchange, refusal.as_ref()));
    let decision = decide(policy, &attributes, release);
    let chain = Chain::new(policy, exchange, &info, decision, refusal, release);
    let (stages, notes) = (chain.stages(), chain.notes());
    Recording { attributes: Some(attributes), decision: Some(decision), stages, notes }
}

/// The stages as they were at each level, had the decision that one, lowest first. The decision is the one that [`record`] answered;
/// none where the request is never audited.
pub(crate) fn at_each_level(
    policy: &Policy,
    exchange: &Exchange,
    decision: Decision,
    release: Release,
) -> Option<Vec<(Level, Vec<StageRecord>)>> {
    let info = info::of_request(&exchange.request, release).ok()?;
    let refusal = chain::refusal(exchange, &info, release);
    // The objects are made once, for the level that shows them all.
    let highest = Decision { level: Level::RequestResponse, ..decision };
    let mut chain = Chain::new(policy, exchange, &info, highest, refusal, release);
    let mut levels = Vec::with_capacity(Level::ALL.len());
    for level in Level::ALL {
        chain = chain.at(level);
        levels.push((level, chain.stages()));
    }
    Some(levels)
}

fn never_audited(reason: &NeverAudited) -> Recording {
    let not_produced =
        |stage| StageRecord { stage, fate: crate::recording::Fate::NotProduced { why: NotProduced::NeverAudited } };
    Recording {
        attributes: None,
        decision: None,
        stages: Stage::ALL.into_iter().map(not_produced).collect(),
        notes: vec![format!(
            "The request is answered {} before it reaches the audit handler, so no policy records it: {}.",
            reason.code, reason.reason
        )],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rule;
    use crate::exchange::{Authentication, Outcome};
    use crate::recording::Fate;
    use crate::request::{Format, ReadOptions, read};

    /// A request for this target by bob, and of the answer only the code.
    fn exchange(target: &str) -> Exchange {
        let event = format!(
            r#"{{"auditID":"a","verb":"get","requestURI":"{target}","stage":"ResponseComplete","user":{{"username":"bob"}},"responseStatus":{{"code":200}}}}"#
        );
        let options = ReadOptions { format: Some(Format::Event), ..ReadOptions::default() };
        read(event.as_bytes(), &options).unwrap().requests.remove(0).exchange
    }

    fn fates(policy: &Policy, exchange: &Exchange) -> Vec<String> {
        let recording = record(policy, exchange, Release::NEWEST);
        let fates = recording.stages.iter().map(|stage| match &stage.fate {
            Fate::Recorded { event, .. } => {
                let status = event.response_status.as_ref();
                format!("recorded {} {}", event.user.username, status.map_or(0, |status| status.code))
            }
            Fate::Omitted { by } => format!("omitted by {by}"),
            Fate::Lost { why } => format!("lost: {why}"),
            Fate::NotProduced { why } => format!("{why:?}"),
        });
        fates.collect()
    }

    #[test]
    fn every_stage_has_its_fate() {
        let rule = |level| Rule { level, ..Rule::default() };
        let metadata = Policy::of_rules([rule(Level::Metadata)]);
        let omitting = Policy {
            omit_stages: vec![Stage::RequestReceived, Stage::ResponseStarted],
            rules: vec![
                Rule { omit_stages: vec![Stage::RequestReceived, Stage::Panic], ..rule(Level::Metadata) }.into(),
            ],
            ..Policy::default()
        };
        let nothing = Policy::of_rules([rule(Level::None)]);
        let short = exchange("/api/v1/namespaces/a/pods/x");
        let log = exchange("/api/v1/namespaces/a/pods/x/log");
        let panicked = |exchange: &Exchange, code| {
            let mut exchange = Exchange { outcome: Outcome::Panic("x".into()), ..exchange.clone() };
            exchange.response.code = code;
            exchange
        };
        let stranger = Exchange { authentication: Authentication::Failed, ..short.clone() };
        for (policy, exchange, expected) in [
            (&metadata, &short, ["recorded bob 0", "NotLongRunning", "recorded bob 200", "NoPanic"]),
            (&metadata, &log, ["recorded bob 0", "recorded bob 200", "recorded bob 200", "NoPanic"]),
            (
                &metadata,
                &panicked(&log, Some(200)),
                ["recorded bob 0", "recorded bob 200", "Panicked", "recorded bob 500"],
            ),
            (&metadata, &panicked(&log, None), ["recorded bob 0", "NothingStarted", "Panicked", "recorded bob 500"]),
            (&metadata, &stranger, ["NotAuthenticated", "recorded  401", "NotAuthenticated", "NotAuthenticated"]),
            (
                &metadata,
                &exchange("/version?timeout=soon"),
                [
                    "RefusedBeforeAuthentication",
                    "recorded  400",
                    "RefusedBeforeAuthentication",
                    "RefusedBeforeAuthentication",
                ],
            ),
            (&metadata, &exchange("/api/v1/watch"), ["NeverAudited"; 4]),
            (
                &omitting,
                &panicked(&log, Some(200)),
                ["omitted by the policy and the rule", "omitted by the policy", "Panicked", "omitted by the rule"],
            ),
            (&nothing, &log, ["LevelNone"; 4]),
            (&Policy::default(), &log, ["LevelNone"; 4]),
        ] {
            assert_eq!(fates(policy, exchange), expected);
        }
    }
}
