//! A text's YAML documents, each read by itself: what is wrong with one is not wrong with the others.

use crate::Release;
use crate::json::{self, Document, Node};
use crate::load::compose::compose;

/// More documents than these are not looked at.
const MOST_DOCUMENTS: usize = 1_000;

/// A document in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'t> {
    pub(crate) text: &'t str,
    /// Which one it is, from 1; none where it is the only one.
    pub(crate) number: Option<usize>,
}

/// The documents of a text, as `---` parts them. What is blank is none.
pub(crate) fn documents(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut begin, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if is_marker(line) && at > begin {
            parts.extend(text.get(begin..at));
            begin = at;
        }
        at += line.len();
        if parts.len() >= MOST_DOCUMENTS {
            break;
        }
    }
    parts.extend(text.get(begin..));
    parts.retain(|part| !is_blank(part));
    let one = parts.len() == 1;
    parts.into_iter().zip(1..).map(|(text, number)| Part { text, number: (!one).then_some(number) }).collect()
}

fn is_marker(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Nothing but markers, comments and directives.
fn is_blank(part: &str) -> bool {
    part.lines()
        .map(|line| line.trim_start_matches("---").trim())
        .all(|line| line.is_empty() || line.starts_with(['#', '%']))
}

/// A document that could be read.
pub(crate) struct Parsed(Document);

impl Parsed {
    pub(crate) fn of(text: &str) -> Option<Parsed> {
        let document = match text.trim_start().starts_with(['{', '[']) {
            true => json::parse(text.as_bytes()).ok(),
            false => None,
        };
        let yaml = || {
            let composed = compose(text.as_bytes(), Release::NEWEST).ok()?;
            // What follows the first value unread is a sign that this is no YAML.
            composed.rest.is_none().then_some(composed.document)
        };
        document.or_else(yaml).map(Parsed)
    }

    pub(crate) fn root(&self) -> Option<Node<'_>> {
        self.0.root()
    }
}
