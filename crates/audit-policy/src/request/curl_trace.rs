//! What `curl -v` prints: `> ` before the request's lines, `< ` before the response's, `* ` before its own.

/// Whether the text is such output.
pub(super) fn is_trace(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let first = lines.find(|line| !line.starts_with(b"* ") && !is_progress(line));
    first.is_some_and(|line| line.starts_with(b"> "))
}

/// The request, and the response if it is there. A request's body is not printed by curl.
pub(super) fn parts(text: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    let (mut request, mut response, mut in_body) = (Vec::new(), Vec::new(), false);
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(sent) = after_mark(line, b'>') {
            push_line(&mut request, sent);
        } else if let Some(received) = after_mark(line, b'<') {
            push_line(&mut response, received);
            in_body = received.is_empty();
        } else if in_body && !line.starts_with(b"* ") && !is_progress(line) {
            push_line(&mut response, line);
        }
    }
    (request, (!response.is_empty()).then_some(response))
}

fn push_line(out: &mut Vec<u8>, line: &[u8]) {
    out.extend_from_slice(line);
    out.push(b'\n');
}

fn after_mark(line: &[u8], mark: u8) -> Option<&[u8]> {
    let rest = line.strip_prefix(&[mark])?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(b" ") }
}

/// `{ [5 bytes data]` and the like.
fn is_progress(line: &[u8]) -> bool {
    (line.starts_with(b"{ [") || line.starts_with(b"} [")) && line.trim_ascii_end().ends_with(b"bytes data]")
}
