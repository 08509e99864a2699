//! Exchange × policy → recording: the event at each stage, or why there is none.

use crate::{Exchange, Policy, Recording, Release};

/// What the release's API server records of an exchange under a policy.
pub fn record(_policy: &Policy, _exchange: &Exchange, _release: Release) -> Recording {
    Recording { attributes: None, decision: None, stages: Vec::new(), notes: Vec::new() }
}
