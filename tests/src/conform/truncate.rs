//! truncate: events of one call and limits → the calls that go on, what is dropped and logged, and the mark that stays on the caller's events.

use audit_policy::deliver::{self, TRUNCATED, Truncate};
use audit_policy::{Event, Release};
use serde_json::{Value, json};

use super::Report;
use super::vectors::{Case, answers, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) {
    for case in cases {
        report.count(name, text(case, "id"), check(case));
    }
}

fn check(case: &Case) -> Result<(), String> {
    for answer in answers(case) {
        let got = truncated(case, answer.release)?;
        for key in ["sizes", "batches", "dropped", "inputMarked", "log", "success"] {
            let (wanted, got) = (answer.out.get(key), got.get(key));
            if wanted != got {
                return Err(format!("{} {key}: wanted {wanted:?}\n   got {got:?}", answer.version));
            }
        }
    }
    Ok(())
}

fn truncated(case: &Case, release: Release) -> Result<Value, String> {
    let limit = |key: &str| case.get(key).and_then(Value::as_i64).ok_or(format!("no {key}"));
    let limits =
        Truncate { enabled: true, max_event_size: limit("maxEventSize")?, max_batch_size: limit("maxBatchSize")? };
    let texts = case.get("events").and_then(Value::as_array).into_iter().flatten();
    let events = texts.map(|event| audit_policy::event::parse(event.to_string().as_bytes(), release));
    let events: Vec<Event> = events.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    let made = deliver::truncate(&events, &limits, release);

    let id = |index: &usize| events.get(*index).map(|event| event.audit_id.to_str_lossy().into_owned());
    let batches = made.batches.iter().map(|batch| {
        let kept = batch.iter().map(|kept| {
            json!({
                "auditID": kept.event.audit_id.to_str_lossy(),
                "requestObject": kept.event.request_object.is_some(),
                "responseObject": kept.event.response_object.is_some(),
                "size": kept.size,
                "truncated": kept.event.annotations.get(TRUNCATED).is_some_and(|mark| mark.as_bytes() == b"true"),
            })
        });
        kept.collect::<Vec<_>>()
    });
    // The recording tells of marks that were not there before.
    let is_new = |index: &&usize| events.get(**index).is_some_and(|event| !event.annotations.contains_key(TRUNCATED));
    let failing = case.get("failBatches").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_u64);
    let calls = u64::try_from(made.batches.len()).unwrap_or(u64::MAX);
    Ok(json!({
        "sizes": events.iter().map(deliver::size).collect::<Vec<_>>(),
        "batches": batches.collect::<Vec<_>>(),
        "dropped": made.dropped.iter().map(id).collect::<Vec<_>>(),
        "inputMarked": made.marked.iter().filter(is_new).map(id).collect::<Vec<_>>(),
        "log": deliver::truncation_error(&events, &made.dropped, release).into_iter().collect::<Vec<_>>(),
        "success": failing.filter(|call| *call < calls).count() == 0,
    }))
}
