//! YAML or JSON → a document, for what is written in either.

use super::fields::{error, shorten};
use super::{Format, Unreadable};
use crate::json::{self, Document};
use crate::load::compose::{character_at, compose};
use crate::{Release, Span};

/// A text as JSON: JSON where it begins with a brace, else YAML. `what` names it in messages, such as `scenario`.
///
/// # Errors
///
/// Where it is neither, has a key twice, or goes on after its end.
pub(crate) fn document(text: &[u8], what: &str, format: Format) -> Result<Document, Unreadable> {
    let refuse = |code: &'static str, message: &str, span: Option<Span>, help: &str| Unreadable {
        format: Some(format),
        findings: vec![error(code, message, span, help)],
    };
    let start = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text).trim_ascii_start();
    if start.starts_with(b"{") {
        return json::parse(text)
            .map_err(|error| refuse("bad-json", &error.message, Some(character_at(text, error.offset)), ""));
    }
    let composed =
        compose(text, Release::NEWEST).map_err(|error| refuse("bad-yaml", &error.message, error.span, ""))?;
    if let Some(rest) = composed.rest {
        return Err(refuse("second-document", &format!("a {what} is one document"), Some(rest), "remove what follows"));
    }
    let duplicates = composed.duplicates.iter().take(100).map(|duplicate| {
        let key = duplicate.path.as_deref().map_or_else(|| "a key".to_owned(), |path| format!("`{}`", shorten(path)));
        error("duplicate-key", &format!("{key} stands twice"), Some(duplicate.key), "remove one of them")
    });
    let duplicates: Vec<_> = duplicates.collect();
    if duplicates.is_empty() {
        Ok(composed.document)
    } else {
        Err(Unreadable { format: Some(format), findings: duplicates })
    }
}
