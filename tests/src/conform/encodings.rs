//! encodings: an event as JSON → its line in each API version, or the decoder's refusal.

use audit_policy::event::EventVersion;
use audit_policy::text::Encoding;
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
    answers(case).iter().try_for_each(|answer| check_answer(&event, answer))
}

fn check_answer(event: &str, answer: &Answer) -> Result<(), String> {
    let parsed = audit_policy::event::parse(event.as_bytes(), answer.release);
    let event = match (parsed, answer.out.get("decodeError")) {
        // The messages of older releases' JSON library are not compared.
        (Err(_), Some(_)) => return Ok(()),
        (Err(error), None) => return Err(format!("refused: {error}")),
        (Ok(_), Some(wanted)) => return Err(format!("accepted, wanted {wanted}")),
        (Ok(event), None) => event,
    };
    for version in EventVersion::ALL {
        let name = version.as_str().trim_start_matches("audit.k8s.io/");
        let line = Encoding::new(version, answer.release).line(&event);
        let (got, wanted) = (String::from_utf8_lossy(&line), text(&answer.out, name));
        if got != wanted {
            return Err(format!("{name}: wanted {wanted}\n   got {got}"));
        }
    }
    Ok(())
}
