//! YAML → JSON, as `sigs.k8s.io/yaml` does it: the first document only, YAML 1.1 scalars, merge keys, anchors, keys made strings and sorted.
//!
//! Two steps: the tree of the text is expanded into values (`decode.go`: aliases followed, merges merged, duplicates noted), and those are
//! written as JSON (`json.Marshal`: members sorted by name). Neither recurses: nesting may be any depth.

mod expand;
mod go_syntax;
mod write;

use super::yaml::{self, Input};
use crate::json::Document;
use crate::loaded::ErrorSource;
use crate::{Release, Span};

/// Why a YAML text does not become JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct YamlError {
    /// The API server's words, such as `yaml: line 3: mapping values are not allowed in this context`.
    pub message: String,
    /// Whose words they are.
    pub from: ErrorSource,
    /// Where it was noticed in the text.
    pub span: Option<Span>,
}

/// A key that stands twice in a mapping, or is merged in and set as well. The later one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Duplicate {
    /// As the strict reader lists it: `line 5: key "level" already set in map`.
    pub message: String,
    /// Where the later key is in the text.
    pub key: Span,
    /// The mapping's path and the key, such as `rules[0].level`; none after the first thousand.
    pub path: Option<String>,
}

/// A YAML text as JSON, and what was noticed on the way.
#[derive(Debug)]
pub(crate) struct Composed {
    pub document: Document,
    pub duplicates: Vec<Duplicate>,
    /// The marker after which a second document begins, which nobody reads.
    pub rest: Option<Span>,
}

/// The first document of a YAML text as JSON, with places in the original text.
///
/// # Errors
///
/// In the words of the API server of that release.
pub(crate) fn yaml_to_json(text: &[u8], release: Release) -> Result<Document, YamlError> {
    compose(text, release).map(|composed| composed.document)
}

/// As [`yaml_to_json`], with duplicates.
pub(crate) fn compose(text: &[u8], release: Release) -> Result<Composed, YamlError> {
    // The parser takes an empty text for an empty line.
    let input = Input::new(if text.is_empty() { b"\n" } else { text });
    let place = |at: usize| -> Span { character_at(text, input.places.original(at)) };
    let original = |span: Span| Span::new(input.places.original(span.start), input.places.original(span.end));
    let tree = yaml::compose(&input).map_err(|problem| YamlError {
        message: problem.message(),
        from: ErrorSource::YamlParser,
        span: Some(match problem.kind {
            yaml::ProblemKind::Reader => character_at(text, problem.at),
            _ => place(problem.at),
        }),
    })?;
    let expanded = expand::expand(&tree).map_err(|error| YamlError {
        message: error.message,
        from: error.from,
        span: error.span.map(original),
    })?;
    let rest = tree.rest;
    drop(tree);
    let document = write::write(&expanded.values, &input.places, release).map_err(|error| YamlError {
        message: error.message,
        from: error.from,
        span: error.span.map(original),
    })?;
    let duplicates = expanded.duplicates.into_iter().map(|found| Duplicate { key: original(found.key), ..found });
    Ok(Composed { document, duplicates: duplicates.collect(), rest: rest.map(original) })
}

/// The character at a byte, or nothing at the end.
pub(crate) fn character_at(text: &[u8], at: usize) -> Span {
    let start = at.min(text.len());
    let Some(rest) = text.get(start..) else { return Span::new(start, start) };
    let width = match rest.utf8_chunks().next() {
        Some(chunk) => chunk.valid().chars().next().map_or(chunk.invalid().len(), char::len_utf8),
        None => 0,
    };
    Span::new(start, start + width)
}
