//! What a curl command sends in the body or the query.

/// The content of a file that an option names with `@`.
pub(super) enum Content<'a> {
    /// It is the text itself.
    Text(&'a str),
    /// It is that of this file.
    File(&'a str),
}

impl<'a> Content<'a> {
    /// `@file`, or the text.
    pub(super) fn of(value: &'a str) -> Content<'a> {
        value.strip_prefix('@').map_or(Content::Text(value), Content::File)
    }
}

/// `--data` drops line breaks and zeros of a file.
pub(super) fn without_breaks(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
    bytes
}

/// The name and the content of `--data-urlencode`: `content`, `=content`, `name=content`, `@file`, `name@file`.
pub(super) fn named(value: &str) -> (&str, Content<'_>) {
    if let Some((name, content)) = value.split_once('=') {
        return (name, Content::Text(content));
    }
    match value.split_once('@') {
        Some((name, file)) => (name, Content::File(file)),
        None => ("", Content::Text(value)),
    }
}

/// `name=` and the content, encoded as curl does.
pub(super) fn encoded(name: &str, content: &[u8]) -> Vec<u8> {
    let mut out = name.as_bytes().to_vec();
    if !name.is_empty() {
        out.push(b'=');
    }
    for byte in content {
        match byte {
            b' ' => out.push(b'+'),
            _ if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => out.push(*byte),
            _ => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    out
}

/// Data as a part of the query: escapes in lower case, which curl's URL code makes of them.
pub(super) fn in_query(data: &[u8]) -> Vec<u8> {
    let mut out = data.to_vec();
    let mut at = 0;
    while let Some(escape) = out.get_mut(at..at + 3) {
        if matches!(escape, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()) {
            escape.make_ascii_lowercase();
            at += 2;
        }
        at += 1;
    }
    out
}
