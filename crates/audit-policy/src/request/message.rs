//! The headers and body of an HTTP message, read as they were meant: a pasted text has lost line ends, blank lines and lengths.

use crate::{GoString, Span};

/// The headers and the body of a message.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    /// Names and values, without the blanks around the values.
    pub(super) headers: Vec<(String, GoString)>,
    pub(super) body: GoString,
}

/// A text, line by line: LF or CRLF.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a [u8]) -> Lines<'a> {
        Lines { text, at: 0 }
    }

    /// The next line's place, without its end; none at the end of the text.
    fn next(&mut self) -> Option<Span> {
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        let start = self.at;
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        self.at = (start + length + 1).min(self.text.len());
        let line = rest.get(..length).unwrap_or_default();
        let length = line.strip_suffix(b"\r").unwrap_or(line).len();
        Some(Span::new(start, start + length))
    }

    /// The next line that is not blank.
    pub(super) fn skip_blank(&mut self) -> Option<Span> {
        loop {
            let line = self.next()?;
            if !self.bytes(line).iter().all(u8::is_ascii_whitespace) {
                return Some(line);
            }
        }
    }

    /// The bytes at a place.
    pub(super) fn bytes(&self, span: Span) -> &'a [u8] {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// Whether a line is a status line's beginning.
pub(super) fn head_line(line: &[u8]) -> bool {
    line.starts_with(b"HTTP/") && line.get(5).is_some_and(u8::is_ascii_digit)
}

/// What a message may be followed by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    /// Its body, and then a response.
    BodyAndResponse,
    /// Its body, to the end of the text.
    Body,
    /// A response: the message has no body.
    Response,
}

/// Reads headers and body. A body of no known length ends where a response follows that may, else at the end of the text.
///
/// # Errors
///
/// The place of a line that should be a header and is none.
pub(super) fn read_message(lines: &mut Lines<'_>, follows: Follows) -> Result<Message, Span> {
    let mut headers: Vec<(String, GoString)> = Vec::new();
    loop {
        let before = lines.at;
        let Some(line) = lines.next() else { break };
        let bytes = lines.bytes(line);
        if bytes.is_empty() {
            break;
        }
        // A body, or the response, whose blank line got lost.
        if bytes.starts_with(b"{") || bytes.starts_with(b"[") || head_line(bytes) {
            lines.at = before;
            break;
        }
        if let ([b' ' | b'\t', ..], Some((_, value))) = (bytes, headers.last_mut()) {
            let mut joined = std::mem::take(value).into_bytes();
            joined.push(b' ');
            joined.extend_from_slice(bytes.trim_ascii());
            *value = joined.into();
            continue;
        }
        let (name, value) = super::url::cut(bytes, b':').ok_or(line)?;
        headers.push((String::from_utf8_lossy(name).into_owned(), value.trim_ascii().into()));
    }
    if follows == Follows::Response {
        return Ok(Message { headers, body: GoString::new() });
    }
    let header = |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let chunked = header("Transfer-Encoding").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"chunked"));
    let length = header("Content-Length").and_then(|value| value.as_str()?.parse().ok());
    let rest = lines.rest();
    let sized = chunked.then(|| unchunk(rest)).flatten().or_else(|| split_at_length(rest, length?));
    let (body, length) = sized.unwrap_or_else(|| {
        let end = if follows == Follows::Body { rest.len() } else { response_start(rest) };
        let body = rest.get(..end).unwrap_or_default();
        (without_end(body).to_vec(), end)
    });
    lines.at += length;
    Ok(Message { headers, body: body.into() })
}

/// The body of this length and that length, where it fits: nothing, or a response, follows it.
fn split_at_length(rest: &[u8], length: usize) -> Option<(Vec<u8>, usize)> {
    let (body, after) = rest.split_at_checked(length)?;
    let after = after.trim_ascii_start();
    (after.is_empty() || head_line(after)).then(|| (body.to_vec(), length))
}

/// A chunked body and its length on the wire; none where it is not well-formed.
fn unchunk(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut lines = Lines::new(rest);
    let mut body = Vec::new();
    loop {
        let line = lines.next()?;
        let size = lines.bytes(line).split(|byte| *byte == b';').next()?.trim_ascii();
        let size = usize::from_str_radix(std::str::from_utf8(size).ok()?, 16).ok()?;
        if size == 0 {
            break;
        }
        body.extend_from_slice(lines.rest().get(..size)?);
        lines.at += size;
        let end = lines.next()?;
        if !lines.bytes(end).is_empty() {
            return None;
        }
    }
    // Trailers, up to a blank line or a response.
    loop {
        let before = lines.at;
        match lines.next() {
            Some(line) if head_line(lines.bytes(line)) => {
                lines.at = before;
                break;
            }
            Some(line) if !lines.bytes(line).is_empty() => {}
            _ => break,
        }
    }
    Some((body, lines.at))
}

/// Where a response begins in what follows a request's headers; the end where none does.
fn response_start(rest: &[u8]) -> usize {
    let mut lines = Lines::new(rest);
    while let Some(line) = lines.next() {
        if super::http::status_code(lines.bytes(line)).is_some() {
            return line.start;
        }
    }
    rest.len()
}

/// The text without the line breaks at its end, which belong to the paste.
fn without_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
    text.get(..end).unwrap_or_default()
}
