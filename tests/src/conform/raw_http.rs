//! Raw HTTP texts of the live vectors, split into their parts.

use audit_policy::GoString;
use audit_policy::exchange::HttpRequest;
use serde_json::Value;

/// A text of a case: a string, or `{base64}` where it is not UTF-8.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        _ => value.get("base64").and_then(Value::as_str).map(decode_base64).unwrap_or_default(),
    }
}

/// A request: request line, headers, body.
pub(super) fn request(value: &Value) -> HttpRequest {
    let text = bytes(value);
    let (lines, body) = split_head(&text);
    let line = lines.first().copied().unwrap_or_default();
    let (method, rest) = split_at(line, line.iter().position(|byte| *byte == b' '));
    let (target, _) = split_at(rest, rest.iter().rposition(|byte| *byte == b' '));
    HttpRequest {
        method: method.into(),
        target: target.into(),
        headers: lines.iter().skip(1).filter_map(|line| header(line)).collect(),
        body: body.into(),
    }
}

/// A response's status code and body.
pub(super) fn response(value: &Value) -> (Option<u16>, GoString) {
    let text = bytes(value);
    let (lines, body) = split_head(&text);
    let status = String::from_utf8_lossy(lines.first().copied().unwrap_or_default()).into_owned();
    (status.split(' ').nth(1).and_then(|code| code.parse().ok()), body.into())
}

fn split_head(text: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let end = text.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(text.len());
    let head = text.get(..end).unwrap_or_default();
    let lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    (lines, text.get(end + 4..).unwrap_or_default())
}

fn header(line: &[u8]) -> Option<(String, GoString)> {
    let (name, value) = split_at(line, Some(line.iter().position(|byte| *byte == b':')?));
    let trimmed = value.trim_ascii();
    Some((String::from_utf8_lossy(name).into_owned(), trimmed.into()))
}

/// What is before and after the byte at this place; all is before where there is none.
fn split_at(text: &[u8], place: Option<usize>) -> (&[u8], &[u8]) {
    let place = place.unwrap_or(text.len());
    (text.get(..place).unwrap_or_default(), text.get(place + 1..).unwrap_or_default())
}

fn decode_base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes().filter_map(value) {
        held = (held << 6 | u32::from(digit)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.extend(u8::try_from((held >> bits) & 0xff));
        }
    }
    out
}
