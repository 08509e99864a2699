//! What the engine says of a policy, as its editor draws it: places in UTF-16 units, and words.

use audit_policy::explain::RuleState;
use audit_policy::{Severity, Span};

use crate::evaluate::Answer;
use crate::place::Utf16;
use crate::problems::is_first_with_fix;

/// More findings than this are not drawn in the text; the list has them all.
const MOST_FINDINGS: usize = 500;

/// Rules and findings, in flat lists: cheap to hand to JavaScript.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Three numbers for each rule in order: where it begins, where it ends, what became of it.
    pub rules: Vec<u32>,
    /// Three numbers for each finding that has a place: where it begins, where it ends, how bad it is.
    pub places: Vec<u32>,
    /// Three texts for each of those findings: its message, its help or nothing, its fix's title or nothing.
    pub texts: Vec<String>,
    /// Which finding of the answer each of those is.
    pub findings: Vec<usize>,
}

/// The marks of an answer to a policy's text.
pub fn marks(text: &str, answer: &Answer) -> Marks {
    let mut marks = Marks::default();
    let places = Utf16::of(text);
    let outline = answer.result.as_ref().and_then(|result| result.outline.as_ref());
    if let (Some(rules), Some(outline)) = (answer.places(), outline) {
        for (place, rule) in rules.rules.iter().zip(&outline.rules) {
            let written = text.get(place.span.start..place.span.end).unwrap_or_default().trim_end();
            let state = match rule.state {
                RuleState::Matched => 0,
                RuleState::NearMiss => 1,
                RuleState::Skipped => 2,
                RuleState::NotReached => 3,
            };
            let (from, to) = (places.units(place.span.start), places.units(place.span.start + written.len()));
            marks.rules.extend([from, to, state]);
        }
    }
    for (index, finding) in answer.loaded.findings.iter().enumerate() {
        let Some(span) = finding.span.filter(|_| marks.findings.len() < MOST_FINDINGS) else { continue };
        let severity = match finding.severity {
            Severity::Note => 0,
            Severity::Warning => 1,
            Severity::Error => 2,
        };
        marks.places.extend([places.units(span.start), places.units(span.end), severity]);
        let placed = answer.loaded.findings.iter().filter(|finding| finding.span.is_some());
        let fix = finding.fix.as_ref().filter(|_| is_first_with_fix(finding, placed));
        let title = fix.map(|fix| fix.title.clone());
        marks.texts.extend([
            finding.message.clone(),
            finding.help.clone().unwrap_or_default(),
            title.unwrap_or_default(),
        ]);
        marks.findings.push(index);
    }
    marks
}

/// The marks of words that are likely mistyped.
pub fn mistyped(text: &str, words: &[Span]) -> Marks {
    let units = Utf16::of(text);
    let place = |word: &Span| [units.units(word.start), units.units(word.end), 2];
    Marks { places: words.iter().flat_map(place).collect(), ..Marks::default() }
}

/// Why a rule matches or does not, line by line: its name, then each field, with `y` or `n` before it, or a remark after `-`.
pub fn why(answer: &Answer, rule: usize) -> Vec<String> {
    let Some(rule) = answer.explain(rule) else { return Vec::new() };
    let mut lines = vec![format!("Rule {}, {}, {}", rule.rule + 1, rule.level, rule.state)];
    lines.extend(rule.fields.iter().map(|field| format!("{}{field}", if field.matches { 'y' } else { 'n' })));
    if rule.fields.is_empty() {
        lines.push("-No conditions: it matches any request.".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Inputs, State};

    fn state(policy: &str) -> State {
        State::new(Inputs {
            policy: policy.to_owned(),
            request: "kubectl get pods".to_owned(),
            ..State::first().inputs
        })
    }

    #[test]
    fn rules_and_findings_have_places_in_utf16() {
        let policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n# \u{1f600}\n- level: None\n  verb: [get]\n  users: [a]\n- level: Metadata\n\n";
        let marks = marks(policy, &state(policy).answer);
        let utf16: Vec<u16> = policy.encode_utf16().collect();
        let at = |from: u32, to: u32| String::from_utf16(&utf16[from as usize..to as usize]).unwrap();
        let rules: Vec<(String, u32)> = marks.rules.chunks(3).map(|rule| (at(rule[0], rule[1]), rule[2])).collect();
        assert_eq!(
            rules,
            [("level: None\n  verb: [get]\n  users: [a]".to_owned(), 2), ("level: Metadata".to_owned(), 0),]
        );
        let finding = marks.places.chunks(3).map(|place| at(place[0], place[1])).next();
        assert_eq!(finding.as_deref(), Some("verb"));
        assert_eq!(marks.texts.len(), marks.places.len());
    }

    #[test]
    fn a_rule_says_why() {
        let policy =
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n  users: [alice]\n- level: Metadata\n";
        let state = state(policy);
        assert_eq!(
            why(&state.answer, 0),
            ["Rule 1, None, skipped", "nusers: wants alice; request is by kubernetes-admin",]
        );
        assert_eq!(why(&state.answer, 1)[1], "-No conditions: it matches any request.");
        assert_eq!(why(&state.answer, 9), [""; 0]);
    }
}
