//! The answer as text to paste into an issue or a chat: Markdown that reads well as it stands.

use audit_policy::explain::RuleState;
use audit_policy::recording::Fate;

use crate::evaluate::{Answer, Outcome};
use crate::pretty;
use crate::words::{leads_to, thousands};

/// So many near misses are told.
const NEAR_MISSES: usize = 10;

/// Verdict, request, stages, why, and the events; empty where there is no answer.
pub fn answer_text(answer: &Answer) -> String {
    let Some(outcome) = &answer.result else { return String::new() };
    let recording = &outcome.recording;
    let verdict = match &recording.decision {
        None => "Never audited".to_owned(),
        Some(decision) => leads_to(decision),
    };
    let mut text = format!("**{verdict}** (Kubernetes {})\n\n", answer.loaded.release);
    if let Some(exchange) = answer.exchange() {
        text.push_str(&format!("Request: `{} {}`\n\n", exchange.request.method, exchange.request.target));
    }
    text.push_str("Stages:\n\n");
    for stage in &recording.stages {
        let fate = match &stage.fate {
            Fate::Recorded { bytes, .. } => format!("recorded, {} bytes", thousands(*bytes)),
            Fate::Omitted { by } => format!("omitted by {by}"),
            Fate::Lost { why } => format!("lost: {why}"),
            Fate::NotProduced { why } => format!("not produced: {why}"),
        };
        text.push_str(&format!("- {}: {fate}\n", stage.stage));
    }
    text.push_str(&why(answer, outcome));
    for stage in &recording.stages {
        if let Fate::Recorded { line, .. } = &stage.fate {
            let event = pretty::lay_out(line).map_or_else(|| format!("{line}\n"), |lines| pretty::text(&lines));
            text.push_str(&format!("\n{}:\n\n```json\n{event}```\n", stage.stage));
        }
    }
    for note in &recording.notes {
        text.push_str(&format!("\nNote: {note}\n"));
    }
    text
}

/// The rule that matched and the near misses, with their fields.
fn why(answer: &Answer, outcome: &Outcome) -> String {
    let Some(outline) = &outcome.outline else { return String::new() };
    let in_state = |state| (0..).zip(&outline.rules).filter(move |(_, rule)| rule.state == state);
    let mut text = String::new();
    let worth = in_state(RuleState::Matched).chain(in_state(RuleState::NearMiss).take(NEAR_MISSES));
    for rule in worth.filter_map(|(index, _)| answer.explain(index)) {
        let heading = if text.is_empty() { "\nWhy:\n\n" } else { "" };
        text.push_str(&format!("{heading}- Rule {}, {}, {}\n", rule.rule + 1, rule.level, rule.state));
        for field in &rule.fields {
            text.push_str(&format!("  - {} {field}\n", if field.matches { "✓" } else { "✗" }));
        }
    }
    text
}
