//! The answer and the request in a few words, for lists and for text outside the page.

use audit_policy::Level;

use crate::evaluate::Answer;

/// So many characters of a request are its first words.
const FIRST_WORDS: usize = 80;

/// The verdict in one line: `Rule 3 matched → Metadata`.
pub fn verdict(answer: &Answer) -> String {
    if !answer.loaded.accepted {
        return "Policy does not load".to_owned();
    }
    let Some(result) = answer.result.as_ref().filter(|_| answer.reading.is_ok()) else {
        return "Request not understood".to_owned();
    };
    let Some(decision) = &result.recording.decision else { return "Never audited".to_owned() };
    let level: Level = decision.level;
    match decision.rule {
        Some(rule) => format!("Rule {} matched → {level}", rule + 1),
        None => format!("No rule matched → {level}"),
    }
}

/// The beginning of a text on one line.
pub fn first_words(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let mut words: String = line.chars().filter(|character| !character.is_control()).take(FIRST_WORDS).collect();
    if words.len() < line.len() {
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Action, State};

    #[test]
    fn verdicts_are_said() {
        let state = State::first();
        assert_eq!(verdict(&state.answer), "Rule 2 matched → Metadata");
        assert_eq!(verdict(&state.after(Action::TypePolicy("a".to_owned())).answer), "Policy does not load");
        assert_eq!(verdict(&state.after(Action::TypeRequest("a".to_owned())).answer), "Request not understood");
        let none = state.after(Action::TypeRequest("GET /healthz".to_owned()));
        assert_eq!(verdict(&none.answer), "Rule 1 matched → None");
    }

    #[test]
    fn first_words_are_one_line() {
        let long = "a".repeat(100);
        for (text, words) in [
            ("\n# mine\n kubectl get\tpods \nx", "kubectl getpods…".to_owned()),
            ("", String::new()),
            (&long, format!("{}…", "a".repeat(FIRST_WORDS))),
        ] {
            assert_eq!(first_words(text), words);
        }
    }
}
