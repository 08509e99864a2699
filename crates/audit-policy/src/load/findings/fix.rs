//! Edits that mend.

use crate::{Edit, Fix, Span};

/// Replaces a scalar, quotes kept; none where it is not written as it is (escapes, aliases).
pub(super) fn replace(title: &str, text: &[u8], span: Span, old: &str, new: &str) -> Option<Fix> {
    let written = text.get(span.start..span.end)?;
    let inner = if written == old.as_bytes() {
        span
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

/// Puts text around a scalar.
pub(super) fn surround(title: &str, text: &[u8], span: Span, before: &str, after: &str) -> Option<Fix> {
    let written = text.get(span.start..span.end)?;
    let plain = !written.is_empty()
        && !written.iter().any(|byte| matches!(byte, b'\n' | b'\r' | b'&' | b'*' | b'!' | b'"' | b'\''));
    let edits = [(span.start, before), (span.end, after)]
        .map(|(at, text)| Edit { span: Span::new(at, at), text: text.to_owned() });
    plain.then(|| Fix { title: title.to_owned(), edits: edits.to_vec() })
}

/// One edit.
pub(super) fn one(title: &str, span: Span, new: &str) -> Fix {
    Fix { title: title.to_owned(), edits: vec![Edit { span, text: new.to_owned() }] }
}
