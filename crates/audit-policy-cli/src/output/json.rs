//! Answers as JSON: the engine's own types. Places are byte offsets, and rules count from 0.

use audit_policy::decide::{Attributes, Decision};
use audit_policy::request::{Assumption, Format, Reading};
use audit_policy::{Diagnostic, Recording, Release, Trace};
use serde::Serialize;

/// What `explain` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation<'a> {
    release: Release,
    format: Format,
    understood: &'a str,
    assumed: &'a [Assumption],
    findings: &'a [Diagnostic],
    pick: usize,
    requests: Vec<ExplainedRequest<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExplainedRequest<'a> {
    purpose: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
    attributes: Option<&'a Attributes>,
    decision: Option<&'a Decision>,
    trace: Option<&'a Trace>,
}

/// The explanation of every request of a reading, from what was recorded and traced of each.
pub fn explanation<'a>(
    release: Release,
    reading: &'a Reading,
    pick: usize,
    explained: &'a [(Recording, Option<Trace>)],
) -> Explanation<'a> {
    let requests = reading.requests.iter().zip(explained).map(|(request, (recording, trace))| ExplainedRequest {
        purpose: &request.purpose,
        when: request.when.as_deref(),
        attributes: recording.attributes.as_ref(),
        decision: recording.decision.as_ref(),
        trace: trace.as_ref(),
    });
    Explanation {
        release,
        format: reading.format,
        understood: &reading.understood,
        assumed: &reading.assumed,
        findings: &reading.findings,
        pick,
        requests: requests.collect(),
    }
}

/// Any answer as indented JSON with a newline at its end.
pub fn bytes(answer: &impl Serialize) -> Vec<u8> {
    let mut bytes = match serde_json::to_vec_pretty(answer) {
        Ok(bytes) => bytes,
        // Plain data with text for keys always serializes.
        Err(error) => format!("{{\"error\": {:?}}}", error.to_string()).into_bytes(),
    };
    bytes.push(b'\n');
    bytes
}
