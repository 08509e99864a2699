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
use crate::{Exchange, Policy, Recording, Release, Stage, decide};

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
    let chain = Chain::new(policy, exchange, &info, &decision, refusal, release);
    let (stages, notes) = chain.run();
    Recording { attributes: Some(attributes), decision: Some(decision), stages, notes }
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
