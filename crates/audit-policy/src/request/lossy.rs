//! Reads texts that are not all UTF-8.

use std::borrow::Cow;

use super::{Reading, Unreadable};
use crate::Span;

/// Reads a text, U+FFFD in the place of what is not UTF-8; what is found has its place in the text as it was.
pub(super) fn read(
    text: &[u8],
    read_text: impl FnOnce(&str) -> Result<Reading, Unreadable>,
) -> Result<Reading, Unreadable> {
    let lossy = String::from_utf8_lossy(text);
    let mut outcome = read_text(&lossy);
    if let Cow::Owned(_) = lossy {
        let findings = outcome.as_mut().map_or_else(|error| &mut error.findings, |reading| &mut reading.findings);
        for finding in findings {
            finding.span = finding.span.map(|span| Span::new(original(text, span.start), original(text, span.end)));
            // Its edits are for the text as it was read.
            finding.fix = None;
        }
    }
    outcome
}

/// The place in a text, given the place in what `String::from_utf8_lossy` makes of it.
fn original(text: &[u8], lossy: usize) -> usize {
    let (mut at, mut left) = (0, lossy);
    for chunk in text.utf8_chunks() {
        let (valid, invalid) = (chunk.valid().len(), chunk.invalid().len());
        if left <= valid {
            return at + left;
        }
        at += valid + invalid;
        left = left.saturating_sub(valid + char::REPLACEMENT_CHARACTER.len_utf8());
    }
    at
}
