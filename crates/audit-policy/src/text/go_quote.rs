//! Go's `%q` of a string.

use super::printable::changes;

/// The string in double quotes, escaped as Go's `strconv.Quote`: what Go takes for printable stays, each byte that is not UTF-8
/// becomes `\xNN`.
pub fn go_quote(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_char(&mut out, character);
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.push('"');
    out
}

fn push_char(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        ' '..='~' => out.push(character),
        _ if is_print(character) => out.push(character),
        '\0'..='\u{1f}' | '\u{7f}' => out.push_str(&format!("\\x{:02x}", u32::from(character))),
        '\0'..='\u{ffff}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
        _ => out.push_str(&format!("\\U{:08x}", u32::from(character))),
    }
}

/// Go's `strconv.IsPrint`.
fn is_print(character: char) -> bool {
    let code = u32::from(character);
    changes().partition_point(|change| *change <= code) % 2 == 1
}

/// As Go's package `time` quotes in its messages, which is not `%q`: everything that is not plain ASCII as `\xNN`.
pub(crate) fn go_time_quote(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
            b' '..=0x7f => out.push(char::from(*byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go() {
        for (text, expected) in [
            (&b""[..], r#""""#),
            (b"a\"\\\x07\x08\x0c\n\r\t\x0b\x00\x1f\x7f", r#""a\"\\\a\b\f\n\r\t\v\x00\x1f\x7f""#),
            (b"\xe2\x82x\xff", r#""\xe2\x82x\xff""#),
            ("é日😀".as_bytes(), "\"é日😀\""),
            (
                "\u{85}\u{a0}\u{ad}\u{200b}\u{2028}\u{feff}\u{fffd}".as_bytes(),
                "\"\\u0085\\u00a0\\u00ad\\u200b\\u2028\\ufeff\u{fffd}\"",
            ),
            ("\u{e0001}\u{10ffff}".as_bytes(), "\"\\U000e0001\\U0010ffff\""),
        ] {
            assert_eq!(go_quote(text), expected);
        }
    }
}
