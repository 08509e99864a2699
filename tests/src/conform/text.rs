//! text, corpus-text: an event as JSON → its legacy line and its JSON line, or the decoder's refusal.

use audit_policy::release::Change;
use audit_policy::text::{json_line, legacy_line};
use serde_json::Value;

use super::Report;
use super::vectors::{Answer, Case, answers, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) {
    for case in cases {
        report.count(name, text(case, "id"), check(case));
    }
}

fn check(case: &Case) -> Result<(), String> {
    let event = case.get("event").unwrap_or(&Value::Null).to_string();
    for answer in answers(case) {
        check_answer(&event, &answer).map_err(|what| format!("{}: {what}", answer.version))?;
    }
    Ok(())
}

fn check_answer(event: &str, answer: &Answer) -> Result<(), String> {
    let parsed = audit_policy::event::parse(event.as_bytes(), answer.release);
    let refusal = answer.out.get("decodeError").and_then(Value::as_str);
    let event = match (parsed, refusal) {
        // The messages of older releases' JSON library are not compared.
        (Err(_), Some(_)) if !answer.release.has(Change::StrictDecoding) => return Ok(()),
        (Err(error), Some(wanted)) if error.message == wanted => return Ok(()),
        (Err(error), Some(wanted)) => return Err(format!("wanted {wanted}\n   got {error}")),
        (Err(error), None) => return Err(format!("refused: {error}")),
        (Ok(_), Some(wanted)) => return Err(format!("accepted, wanted {wanted}")),
        (Ok(event), None) => event,
    };
    let json = String::from_utf8_lossy(&json_line(&event)).into_owned();
    for (what, got, wanted) in [
        ("json", json, text(&answer.out, "json")),
        ("text", legacy_line(&event, answer.release), text(&answer.out, "text")),
    ] {
        if got != wanted {
            return Err(format!("{what}: wanted {wanted}\n   got {got}"));
        }
    }
    Ok(())
}
