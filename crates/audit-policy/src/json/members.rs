//! The members of an object that is compact JSON already, found without reading what is in them.

use crate::Span;

/// The names, as they are spelt, and the places of the values of a compact JSON object's members, in order. For lines that
/// [`crate::text::json_line`] wrote: of anything else, as far as it looks like one.
pub fn members(object: &str) -> Vec<(&str, Span)> {
    let bytes = object.as_bytes();
    let mut members = Vec::new();
    let mut at = 1;
    while bytes.get(at) == Some(&b'"') {
        let colon = after_value(bytes, at);
        let end = after_value(bytes, colon + 1);
        members.push((object.get(at + 1..colon - 1).unwrap_or_default(), Span::new(colon + 1, end)));
        at = end + 1;
    }
    members
}

/// The offset after the value that begins here, at most the text's end.
fn after_value(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = last_of_string(bytes, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            b',' | b':' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The offset of the quote that ends the string which begins here.
fn last_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_whatever_is_in_them() {
        for (object, expected) in [
            ("{}", &[][..]),
            (r#"{"a":1}"#, &[("a", "1")]),
            (
                r#"{"a":"}\",\"","b":{"c":[1,{"d":"]"}]},"e":null}"#,
                &[("a", r#""}\",\"""#), ("b", r#"{"c":[1,{"d":"]"}]}"#), ("e", "null")],
            ),
            ("", &[]),
            (r#"{"a"#, &[("", "")]),
            (r#"{"a":["#, &[("a", "[")]),
        ] {
            let found: Vec<_> = members(object)
                .into_iter()
                .map(|(name, span)| (name, object.get(span.start..span.end).unwrap_or_default()))
                .collect();
            assert_eq!(found, expected, "{object}");
        }
    }
}
