//! The answer and the request in a few words, and numbers in words.

use audit_policy::Decision;

use crate::evaluate::Answer;

/// So many characters of a request are its first words.
const FIRST_WORDS: usize = 80;

/// The verdict in one line: `Rule 3 matched → Metadata`.
pub fn verdict(answer: &Answer) -> String {
    if let Some(lines) = &answer.basic
        && answer.reading.is_ok()
    {
        return basic(lines.len()).to_owned();
    }
    if !answer.loaded.accepted {
        return "Policy does not load".to_owned();
    }
    let Some(result) = answer.result.as_ref().filter(|_| answer.reading.is_ok()) else {
        return not_read(answer).to_owned();
    };
    let Some(decision) = &result.recording.decision else { return "Never audited".to_owned() };
    leads_to(decision)
}

/// What basic audit writes of a request.
pub fn basic(lines: usize) -> &'static str {
    match lines {
        0 => "Nothing is written",
        1 => "One line of basic audit",
        _ => "Two lines of basic audit",
    }
}

/// Which rule decided: `Rule 3 matched`.
pub fn matched(decision: &Decision) -> String {
    match decision.rule {
        Some(rule) => format!("Rule {} matched", rule + 1),
        None => "No rule matched".to_owned(),
    }
}

/// Which rule decided for which level: `Rule 3 matched → Metadata`.
pub fn leads_to(decision: &Decision) -> String {
    format!("{} → {}", matched(decision), decision.level)
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

/// `1,234`
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What is the matter with a request that was not read.
pub fn not_read(answer: &Answer) -> &'static str {
    if answer.waits { "Request not read yet" } else { "Request not understood" }
}

#[cfg(test)]
mod tests {
    use audit_policy::Release;

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
        let without_policies = state.after(Action::SetRelease(Release::OLDEST));
        assert_eq!(verdict(&without_policies.answer), "Two lines of basic audit");
        assert_eq!(
            verdict(&without_policies.after(Action::SetRelease(Release::NEWEST)).answer),
            verdict(&state.answer)
        );
    }

    #[test]
    fn thousands_have_commas() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
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
