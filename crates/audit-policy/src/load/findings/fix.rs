//! Edits that mend.

use crate::{Edit, Fix, Span};

/// A fix of more edits is not offered.
pub(super) const MOST_EDITS: usize = 5_000;

/// Replaces a scalar, quotes kept; none where it is not written as it is (escapes, aliases).
pub(super) fn replace(title: &str, text: &[u8], span: Span, old: &str, new: &str) -> Option<Fix> {
    let written = text.get(span.start..span.end)?;
    let inner = if written == old.as_bytes() {
        // Nothing without quotes would be null.
        let new = if new.is_empty() { "\"\"" } else { new };
        return Some(one(title, span, new));
    } else if let [first @ (b'"' | b'\''), inner @ .., last] = written
        && first == last
        && inner == old.as_bytes()
    {
        Span::new(span.start + 1, span.end - 1)
    } else {
        return None;
    };
    Some(one(title, inner, new))
}

/// Puts text around a scalar of one line.
pub(super) fn surround(title: &str, text: &[u8], span: Span, before: &str, after: &str) -> Option<Fix> {
    let edits = vec![insert(span.start, before), insert(span.end, after)];
    (is_simple(text, span) && follows_mark(text, span.start)).then(|| Fix { title: title.to_owned(), edits })
}

/// Whether a scalar is on one line, and means the same within a list in brackets.
pub(super) fn is_simple(text: &[u8], span: Span) -> bool {
    let written = text.get(span.start..span.end).unwrap_or_default();
    if written.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return false;
    }
    match written {
        [quote @ (b'"' | b'\''), .., last] => quote == last && written.len() > 1,
        [] | [b'&' | b'*' | b'!' | b'|' | b'>', ..] => false,
        _ => {
            let other = |byte: &u8| matches!(byte, b'[' | b']' | b'{' | b'}' | b'#' | b'"' | b'\'');
            !written.iter().any(other) && !written.windows(2).any(|pair| pair == b": ") && written.last() != Some(&b':')
        }
    }
}

/// Whether nothing but the mark of a value is before it on its line: no anchor, no tag.
fn follows_mark(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let last = before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    last.is_none_or(|byte| matches!(byte, b':' | b'-' | b',' | b'[' | b'{' | b'\n' | b'\r'))
}

/// One edit.
pub(super) fn one(title: &str, span: Span, new: &str) -> Fix {
    Fix { title: title.to_owned(), edits: vec![Edit { span, text: new.to_owned() }] }
}

/// Text put in.
pub(super) fn insert(at: usize, text: &str) -> Edit {
    Edit { span: Span::new(at, at), text: text.to_owned() }
}

/// Where the line of a byte begins.
pub(super) fn line_start(text: &[u8], at: usize) -> usize {
    text.get(..at)
        .unwrap_or_default()
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(0, |found| found + 1)
}

/// Where the line of a byte ends, before its break.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
}

/// Where the next line begins.
pub(super) fn next_line(text: &[u8], at: usize) -> usize {
    let end = line_end(text, at);
    match text.get(end..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        Some([_, ..]) => end + 1,
        _ => end,
    }
}

/// The line break that the text has.
pub(super) fn line_break(text: &[u8]) -> &'static str {
    if text.windows(2).take(1 << 16).any(|pair| pair == b"\r\n") { "\r\n" } else { "\n" }
}

/// The column of a key, where nothing but blanks and dashes is before it on its line.
pub(super) fn column(text: &[u8], at: usize) -> Option<usize> {
    let start = line_start(text, at);
    let before = text.get(start..at)?;
    before.iter().all(|byte| matches!(byte, b' ' | b'-')).then_some(at - start)
}

/// Moves the lines after that of `from` two columns in, as far as they begin before `end`; false where they are too many.
pub(super) fn indent(text: &[u8], from: usize, end: usize, edits: &mut Vec<Edit>) -> bool {
    let mut line = next_line(text, from);
    while line < end {
        let stop = line_end(text, line);
        if text.get(line..stop).is_some_and(|line| !line.trim_ascii().is_empty()) {
            edits.push(insert(line, "  "));
        }
        if edits.len() > MOST_EDITS {
            return false;
        }
        line = next_line(text, line);
    }
    true
}

/// The end of a value in blocks, whose span may go on to what follows.
pub(super) fn content_end(text: &[u8], span: Span) -> usize {
    let written = text.get(span.start..span.end).unwrap_or_default();
    span.start + written.trim_ascii_end().len()
}

/// The text as the fix makes it.
pub(super) fn mended(text: &[u8], fix: &Fix) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in &fix.edits {
        out.extend_from_slice(text.get(at..edit.span.start).unwrap_or_default());
        out.extend_from_slice(edit.text.as_bytes());
        at = edit.span.end;
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
    out
}
