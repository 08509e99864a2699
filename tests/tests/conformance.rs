//! The recorded vectors in tests/vectors, one test a format, so that a failure names what is wrong.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::path::Path;

use audit_policy_tests::conform::{Differences, Report, run_file};

/// Runs one committed vector file; every count but those in `shares` must be without a failure, and those above their share.
fn conforms(name: &str, shares: &[(&str, f64)]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let differences = std::fs::read_to_string(root.join("DIFFERENCES.md")).unwrap();
    let mut report = Report::new(Differences::parse(&differences));
    run_file(&root.join(format!("tests/vectors/{name}.jsonl.gz")), &mut report).unwrap();
    let mut cases = 0;
    for (count, tally) in report.tallies() {
        let wanted = shares.iter().find(|(known, _)| *known == count).map_or(1.0, |(_, share)| *share);
        assert!(tally.failures.is_empty() || (wanted < 1.0 && tally.share() >= wanted), "{report}");
        cases += tally.passed;
    }
    assert!(cases > 0, "no case of {name} passed");
}

macro_rules! conforms {
    ($($test:ident: $name:literal $(, $count:literal at least $share:literal)*;)+) => {
        $(#[test]
        fn $test() {
            conforms($name, &[$(($count, $share)),*]);
        })+
    };
}

conforms! {
    loading: "load", "load-yaml-parser" at least 0.95;
    matching: "match";
    request_info: "requestinfo";
    headers: "headers";
    event_text: "text";
    events_of_the_handler_chain: "events";
    a_running_server: "live", "live-request-object" at least 0.95;
    truncation: "truncate";
    truncation_by_a_running_server: "live-truncate";
    batches: "buffered";
    posts: "posts";
    start_up: "startup", "startup-yaml-parser" at least 0.95;
    start_up_flags: "startup-flags";
    audit_sinks: "auditsink";
    kubectl: "kubectl", "kubectl-main" at least 0.95, "kubectl" at least 0.85;
}
