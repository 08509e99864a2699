//! A finding as data: what, how bad, where, and how to mend it. Rendering is somewhere else.

use serde::Serialize;

/// A range of bytes in a text, on character boundaries: `start..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The same so many bytes further down, or up.
    pub(crate) const fn moved(self, bytes: isize) -> Span {
        Span { start: self.start.saturating_add_signed(bytes), end: self.end.saturating_add_signed(bytes) }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// It loads, and is likely not what was meant.
    Warning,
    /// The API server refuses it.
    Error,
}

/// One finding about a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// A stable name such as `unknown-field`, for people and for filters.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is; where the API server says it, the API server's words.
    pub message: String,
    /// Where it is in the policy's own terms, such as `rules[0].level`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where it is in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What was probably meant, or what to do, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// An edit that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// Edits that mend a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// What applying it does, such as `Rename to verbs`.
    pub title: String,
    /// The edits: apart from each other, in order of place.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// The text with the edits made, last first, so that the places of the others hold. An edit for another text (the fix is older than the last change of the text)
    /// is left out.
    pub fn apply(&self, text: &str) -> String {
        let mut fixed = text.to_owned();
        for edit in self.edits.iter().rev() {
            if fixed.get(edit.span.start..edit.span.end).is_some() {
                fixed.replace_range(edit.span.start..edit.span.end, &edit.text);
            }
        }
        fixed
    }
}

/// One replacement in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_where_they_belong() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.to_owned() };
        for (text, edits, fixed) in [
            ("verb: [get]", vec![edit(0, 4, "verbs")], "verbs: [get]"),
            ("a: 1\nb: 2\n", vec![edit(0, 1, "first"), edit(5, 6, "second")], "first: 1\nsecond: 2\n"),
            ("a", vec![edit(1, 1, "b")], "ab"),
            ("a", vec![edit(4, 9, "too far")], "a"),
            ("ä", vec![edit(1, 2, "inside a character")], "ä"),
        ] {
            assert_eq!(Fix { title: String::new(), edits }.apply(text), fixed);
        }
    }
}
