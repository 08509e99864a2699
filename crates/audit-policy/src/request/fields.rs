//! Reads the members of what is written in YAML or JSON (scenarios, forms, reviews), and collects what is wrong with them.

use std::collections::BTreeMap;

use super::mend::nearest_meant;
use crate::json::{Kind, Node};
use crate::{Diagnostic, GoString, Severity, Span, Stage};

/// A name is not told longer than this.
const MAX_NAME: usize = 40;

/// More errors than these are not told.
const MAX_ERRORS: usize = 100;

/// Reads values, and collects what is wrong.
pub(crate) struct Fields {
    /// What is read, in messages: `scenario`.
    pub(crate) what: &'static str,
    /// How bad a member is that is not known.
    unknown: Severity,
    pub(crate) findings: Vec<Diagnostic>,
}

impl Fields {
    /// Reads what messages call so; a member that is not known is an error.
    pub(crate) fn new(what: &'static str) -> Fields {
        Fields { what, unknown: Severity::Error, findings: Vec::new() }
    }

    /// The same, where a member that is not known is only told.
    pub(crate) fn lenient(what: &'static str) -> Fields {
        Fields { unknown: Severity::Warning, ..Fields::new(what) }
    }

    /// Whether something is wrong, so that nothing can be made of it.
    pub(crate) fn failed(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    pub(crate) fn refuse(&mut self, code: &'static str, path: &str, message: &str, span: Span, help: &str) {
        self.tell(Severity::Error, code, path, message, span, help);
    }

    pub(crate) fn warn(&mut self, code: &'static str, path: &str, message: &str, span: Span, help: &str) {
        self.tell(Severity::Warning, code, path, message, span, help);
    }

    pub(crate) fn note(&mut self, code: &'static str, path: &str, message: &str, span: Span, help: &str) {
        self.tell(Severity::Note, code, path, message, span, help);
    }

    fn tell(&mut self, severity: Severity, code: &'static str, path: &str, message: &str, span: Span, help: &str) {
        self.add(path, Diagnostic { severity, ..error(code, message, Some(span), help) });
    }

    /// Tells a finding about what has this path; none where that is empty.
    pub(crate) fn add(&mut self, path: &str, finding: Diagnostic) {
        if self.findings.len() < MAX_ERRORS {
            self.findings.push(Diagnostic { path: (!path.is_empty()).then(|| path.to_owned()), ..finding });
        }
    }

    fn wrong_type(&mut self, node: Node<'_>, path: &str, wanted: &str) {
        let number;
        let found = match node.kind() {
            Kind::Null => "nothing",
            Kind::Bool(_) => "true or false",
            // One out of its range.
            Kind::Number(spelling) if wanted.contains("number") => {
                number = shorten(spelling);
                &number
            }
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array => "a list",
            Kind::Object => "a mapping",
        };
        let scalar = matches!(node.kind(), Kind::Number(_) | Kind::Bool(_));
        let help = if scalar && wanted == "a string" { "put it in quotes" } else { "" };
        let name = if path.is_empty() { format!("the {}", self.what) } else { path.to_owned() };
        self.refuse("wrong-type", path, &format!("`{name}` must be {wanted}, and is {found}"), node.span(), help);
    }

    pub(crate) fn string(&mut self, node: Node<'_>, path: &str) -> Option<String> {
        let text = node.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong_type(node, path, "a string");
        }
        text
    }

    /// `true` or `false`; false where it is neither.
    pub(crate) fn boolean(&mut self, node: Node<'_>, path: &str) -> bool {
        match node.kind() {
            Kind::Bool(value) => value,
            _ => {
                self.wrong_type(node, path, "true or false");
                false
            }
        }
    }

    pub(crate) fn number(&mut self, node: Node<'_>, path: &str, range: std::ops::RangeInclusive<u16>) -> Option<u16> {
        let number = match node.kind() {
            Kind::Number(spelling) => spelling.parse().ok().filter(|number| range.contains(number)),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type(node, path, &format!("a number from {} to {}", range.start(), range.end()));
        }
        number
    }

    /// A whole number up to `most`.
    pub(crate) fn whole(&mut self, node: Node<'_>, path: &str, most: u64) -> Option<u64> {
        let number = match node.kind() {
            Kind::Number(spelling) => spelling.parse().ok().filter(|number| *number <= most),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type(node, path, &format!("a whole number from 0 to {most}"));
        }
        number
    }

    /// A number from 0 to `most`, which messages call `wanted`.
    pub(crate) fn decimal(&mut self, node: Node<'_>, path: &str, most: f64, wanted: &str) -> Option<f64> {
        let number = match node.kind() {
            Kind::Number(spelling) => crate::float::parse(spelling).filter(|number| (0.0..=most).contains(number)),
            _ => None,
        };
        if number.is_none() {
            self.wrong_type(node, path, wanted);
        }
        number
    }

    /// The items of a list, which messages call `wanted`.
    pub(crate) fn list<'a>(&mut self, node: Node<'a>, path: &str, wanted: &str) -> Vec<Node<'a>> {
        if node.kind() != Kind::Array {
            self.wrong_type(node, path, wanted);
        }
        node.items().collect()
    }

    /// One of some words.
    pub(crate) fn word<'a>(&mut self, node: Node<'_>, path: &str, words: &[&'a str]) -> Option<&'a str> {
        let text = self.string(node, path)?;
        let found = words.iter().find(|word| **word == text);
        if found.is_none() {
            let message = format!("`{path}` is `{}`, which is not known", shorten(&text));
            let refusal =
                error("unknown-value", &message, Some(node.span()), &format!("give one of {}", words.join(", ")));
            self.add(path, nearest_meant(refusal, &text, words));
        }
        found.copied()
    }

    pub(crate) fn strings(&mut self, node: Node<'_>, path: &str) -> Option<Vec<String>> {
        if node.kind() != Kind::Array {
            self.wrong_type(node, path, "a list of strings");
            return None;
        }
        Some(node.items().filter_map(|item| self.string(item, path)).collect())
    }

    /// A mapping whose members are lists of strings.
    pub(crate) fn string_lists<'a>(&mut self, node: Node<'a>, path: &str) -> Vec<(&'a str, Vec<String>)> {
        let members = self.members(node, path).into_iter();
        let list =
            |(name, _, values)| (name, self.strings(values, &format!("{path}.{}", shorten(name))).unwrap_or_default());
        members.map(list).collect()
    }

    /// The members of a mapping with their names; a name that stands twice is an error.
    pub(crate) fn members<'a>(&mut self, node: Node<'a>, path: &str) -> Vec<(&'a str, Span, Node<'a>)> {
        if node.kind() != Kind::Object {
            self.wrong_type(node, path, "a mapping");
            return Vec::new();
        }
        let mut seen = std::collections::BTreeSet::new();
        let mut members = Vec::new();
        for (key, value) in node.members() {
            let name = key.as_str().unwrap_or_default();
            if seen.insert(name) {
                members.push((name, key.span(), value));
            } else {
                let message = format!("`{}` stands twice", shorten(name));
                self.refuse("duplicate-key", path, &message, key.span(), "remove one of them");
            }
        }
        members
    }

    /// The members of a mapping that may have these; others are errors.
    pub(crate) fn known_members<'a>(
        &mut self,
        node: Node<'a>,
        path: &str,
        known: &[&str],
        reserved: &[&str],
    ) -> Vec<(&'a str, Node<'a>)> {
        let mut members = Vec::new();
        for (name, span, value) in self.members(node, path) {
            if known.contains(&name) {
                members.push((name, value));
            }
            if known.contains(&name) || self.findings.len() >= MAX_ERRORS {
                continue;
            }
            let place = if path.is_empty() { format!("a {}", self.what) } else { format!("`{path}`") };
            let message = format!("{place} has no `{}`", shorten(name));
            let told = |help: &str| error("unknown-key", &message, Some(span), help);
            let told = match reserved.contains(&name) {
                true => told("it is kept for a later version"),
                false => nearest_meant(told(&format!("it may have {}", known.join(", "))), name, known),
            };
            self.add(path, Diagnostic { severity: self.unknown, ..told });
        }
        members
    }

    /// Values by stage.
    pub(crate) fn by_stage<'a>(&mut self, node: Node<'a>, path: &str) -> Vec<(Stage, Node<'a>)> {
        let names: Vec<_> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
        let members = self.known_members(node, path, &names, &[]);
        members.into_iter().filter_map(|(name, value)| Some((Stage::from_name(name)?, value))).collect()
    }

    pub(crate) fn string_map(&mut self, node: Node<'_>, path: &str) -> BTreeMap<String, GoString> {
        let members = self.members(node, path);
        let strings = members.into_iter().filter_map(|(name, _, value)| {
            let path = format!("{path}.{}", shorten(name));
            Some((name.to_owned(), self.string(value, &path)?.into()))
        });
        crate::sort::map(strings)
    }
}

/// An error with its place; no help where that is empty.
pub(crate) fn error(code: &'static str, message: &str, span: Option<Span>, help: &str) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        message: message.to_owned(),
        path: None,
        span,
        help: (!help.is_empty()).then(|| help.to_owned()),
        fix: None,
    }
}

/// The text for a message: cut where it is long.
pub(crate) fn shorten(text: &str) -> String {
    shorten_to(text, MAX_NAME)
}

/// The text for a message: so many characters of it.
pub(crate) fn shorten_to(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
