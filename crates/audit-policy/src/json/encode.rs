//! Writes JSON as Go's `encoding/json` does.

use super::document::{Kind, Node};
use super::parse::{SyntaxError, parse};

/// Appends a string as Go's encoder writes it: `<`, `>`, `&`, U+2028 and U+2029 escaped, `\ufffd` for each byte that is not UTF-8.
pub fn write_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            write_char(out, character);
        }
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
    out.push(b'"');
}

fn write_char(out: &mut Vec<u8>, character: char) {
    match character {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\u{8}' => out.extend_from_slice(b"\\b"),
        '\u{c}' => out.extend_from_slice(b"\\f"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
            out.extend_from_slice(format!("\\u{:04x}", u32::from(character)).as_bytes());
        }
        _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// The same JSON without blanks between tokens and with `<`, `>`, `&`, U+2028 and U+2029 escaped in strings; nothing else changes,
/// not even invalid UTF-8. As a `json.RawMessage` is written by Go's encoder.
///
/// # Errors
///
/// Where the text is not JSON, as [`parse`].
pub fn compact(text: &[u8]) -> Result<Vec<u8>, SyntaxError> {
    parse(text)?;
    let mut out = Vec::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' if !in_string => continue,
            b'<' | b'>' | b'&' => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            0xe2 if matches!(tail, [0x80, 0xa8 | 0xa9, ..]) => {
                out.extend_from_slice(if tail.get(1) == Some(&0xa8) { b"\\u2028" } else { b"\\u2029" });
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => out.push(*byte),
        }
        in_string ^= *byte == b'"' && !escaped;
        escaped = in_string && *byte == b'\\' && !escaped;
    }
    Ok(out)
}

/// Appends a value as compact JSON with Go's escapes, members and numbers as they are.
pub fn write_node(out: &mut Vec<u8>, node: Node<'_>) {
    // What is open: its remaining children, whether it is an object, and how many of them are written.
    let mut open: Vec<(Vec<Node<'_>>, bool, usize)> = Vec::new();
    let mut next = Some(node);
    while let Some(node) = next {
        match node.kind() {
            Kind::Null => out.extend_from_slice(b"null"),
            Kind::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
            Kind::Number(spelling) => out.extend_from_slice(spelling.as_bytes()),
            Kind::String(text) => write_string(out, text.as_bytes()),
            Kind::Array => {
                out.push(b'[');
                open.push((node.items().collect::<Vec<_>>().into_iter().rev().collect(), false, 0));
            }
            Kind::Object => {
                out.push(b'{');
                let children = node.members().flat_map(|(key, value)| [key, value]);
                open.push((children.collect::<Vec<_>>().into_iter().rev().collect(), true, 0));
            }
        }
        next = next_child(out, &mut open);
    }
}

/// Closes what is complete, writes what separates from the child that comes next, and gives that.
fn next_child<'a>(out: &mut Vec<u8>, open: &mut Vec<(Vec<Node<'a>>, bool, usize)>) -> Option<Node<'a>> {
    loop {
        let (children, is_object, written) = open.last_mut()?;
        if let Some(child) = children.pop() {
            if *is_object && *written % 2 == 1 {
                out.push(b':');
            } else if *written > 0 {
                out.push(b',');
            }
            *written += 1;
            return Some(child);
        }
        out.push(if *is_object { b'}' } else { b']' });
        open.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_go_does() {
        let mut out = Vec::new();
        write_string(&mut out, b"<\"\\\x01\x7f\xc3>\xe2\x80\xa8\xc3\xa9\x08");
        assert_eq!(out, b"\"\\u003c\\\"\\\\\\u0001\x7f\\ufffd\\u003e\\u2028\xc3\xa9\\b\"");
    }

    #[test]
    fn values_are_written_in_order() {
        for text in ["null", "[]", "{}", "[1.50,[],{\"b\":[true,{\"a\":null}],\"a\":\"\\u003c\"},-0]"] {
            let mut out = Vec::new();
            write_node(&mut out, parse(text.as_bytes()).unwrap().root().unwrap());
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    #[test]
    fn compacting_changes_blanks_and_markup_only() {
        let compacted = compact(b" { \"a b\" : [ 1.50 , \"\\\" <x>\\\\\" , \"\xff\" ] } ").unwrap();
        assert_eq!(compacted, b"{\"a b\":[1.50,\"\\\" \\u003cx\\u003e\\\\\",\"\xff\"]}");
        assert!(compact(b"a: b").is_err());
    }
}
