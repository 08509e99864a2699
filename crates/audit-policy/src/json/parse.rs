//! Reads JSON as Go's `encoding/json` scanner does, with its error texts.

use std::fmt;

use super::MAX_DEPTH;
use super::document::{Builder, Document};
use crate::Span;

/// Why a text is not JSON. Its `Display` is Go's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Go's message, such as `invalid character 'x' looking for beginning of value`.
    pub message: String,
    /// The byte at which it was noticed; the text's length where it ended too early.
    pub offset: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// Reads one JSON value with nothing but blanks around it.
///
/// # Errors
///
/// The first syntax error, in the words of Go's `encoding/json`.
pub fn parse(text: &[u8]) -> Result<Document, SyntaxError> {
    Parser { text, at: 0, builder: Builder::new() }.document()
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    builder: Builder,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Array,
    Object,
}

impl Parser<'_> {
    fn document(mut self) -> Result<Document, SyntaxError> {
        let mut open: Vec<Container> = Vec::new();
        'value: loop {
            self.skip_blanks();
            match self.peek()? {
                byte @ (b'{' | b'[') => {
                    let container = if byte == b'{' { Container::Object } else { Container::Array };
                    if open.len() >= MAX_DEPTH {
                        return Err(self.invalid("exceeded max depth"));
                    }
                    match container {
                        Container::Object => self.builder.begin_object(self.at),
                        Container::Array => self.builder.begin_array(self.at),
                    }
                    open.push(container);
                    self.at += 1;
                    self.skip_blanks();
                    match (container, self.peek()?) {
                        (Container::Object, b'}') | (Container::Array, b']') => {}
                        (Container::Object, _) => {
                            self.key()?;
                            continue 'value;
                        }
                        (Container::Array, _) => continue 'value,
                    }
                }
                _ => self.scalar()?,
            }
            // A value has ended, or an empty container is about to.
            loop {
                self.skip_blanks();
                let Some(container) = open.last() else {
                    return if self.at < self.text.len() {
                        Err(self.invalid("after top-level value"))
                    } else {
                        Ok(self.builder.finish())
                    };
                };
                match (container, self.peek()?) {
                    (Container::Object, b'}') | (Container::Array, b']') => {
                        self.at += 1;
                        self.builder.end(self.at);
                        open.pop();
                    }
                    (Container::Object, b',') => {
                        self.at += 1;
                        self.skip_blanks();
                        self.key()?;
                        continue 'value;
                    }
                    (Container::Array, b',') => {
                        self.at += 1;
                        continue 'value;
                    }
                    (Container::Object, _) => return Err(self.invalid("after object key:value pair")),
                    (Container::Array, _) => return Err(self.invalid("after array element")),
                }
            }
        }
    }

    fn peek(&self) -> Result<u8, SyntaxError> {
        self.text
            .get(self.at)
            .copied()
            .ok_or_else(|| SyntaxError { message: "unexpected end of JSON input".to_owned(), offset: self.text.len() })
    }

    fn invalid(&self, context: &str) -> SyntaxError {
        let byte = self.text.get(self.at).copied().unwrap_or_default();
        SyntaxError { message: format!("invalid character {} {context}", quote_byte(byte)), offset: self.at }
    }

    /// The byte at the place, inside a literal, a number or an escape: where the text ends there, Go reads a blank and refuses that.
    fn peek_inside(&self, context: &str) -> Result<u8, SyntaxError> {
        let at_end = || SyntaxError { message: format!("invalid character ' ' {context}"), offset: self.text.len() };
        self.text.get(self.at).copied().ok_or_else(at_end)
    }

    fn skip_blanks(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A key and its colon.
    fn key(&mut self) -> Result<(), SyntaxError> {
        if self.peek()? != b'"' {
            return Err(self.invalid("looking for beginning of object key string"));
        }
        self.string()?;
        self.skip_blanks();
        if self.peek()? != b':' {
            return Err(self.invalid("after object key"));
        }
        self.at += 1;
        Ok(())
    }

    fn scalar(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        match self.peek()? {
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => {
                self.literal("true")?;
                self.builder.bool(true, Span::new(start, self.at));
            }
            b'f' => {
                self.literal("false")?;
                self.builder.bool(false, Span::new(start, self.at));
            }
            b'n' => {
                self.literal("null")?;
                self.builder.null(Span::new(start, self.at));
            }
            _ => return Err(self.invalid("looking for beginning of value")),
        }
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Result<(), SyntaxError> {
        for expected in word.bytes() {
            if self.text.get(self.at) != Some(&expected) {
                let context = format!("in literal {word} (expecting {})", quote_byte(expected));
                self.peek_inside(&context)?;
                return Err(self.invalid(&context));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek_inside("in numeric literal")? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            _ => return Err(self.invalid("in numeric literal")),
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            let context = "after decimal point in numeric literal";
            if !self.peek_inside(context)?.is_ascii_digit() {
                return Err(self.invalid(context));
            }
            self.digits();
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            let context = "in exponent of numeric literal";
            if matches!(self.peek_inside(context)?, b'+' | b'-') {
                self.at += 1;
            }
            if !self.peek_inside(context)?.is_ascii_digit() {
                return Err(self.invalid(context));
            }
            self.digits();
        }
        let spelling = self.text.get(start..self.at).unwrap_or_default();
        self.builder.number(&String::from_utf8_lossy(spelling), Span::new(start, self.at));
        Ok(())
    }

    fn digits(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut decoded = String::new();
        loop {
            let plain = self.at;
            while !matches!(self.text.get(self.at), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            push_as_go(&mut decoded, self.text.get(plain..self.at).unwrap_or_default());
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    self.escape(&mut decoded)?;
                }
                _ => return Err(self.invalid("in string literal")),
            }
        }
        self.at += 1;
        self.builder.string(&decoded, Span::new(start, self.at));
        Ok(())
    }

    /// The rest of an escape after its backslash.
    fn escape(&mut self, decoded: &mut String) -> Result<(), SyntaxError> {
        let plain = match self.peek_inside("in string escape code")? {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                let first = self.four_hex_digits()?;
                decoded.push(self.code_point(first));
                return Ok(());
            }
            _ => return Err(self.invalid("in string escape code")),
        };
        self.at += 1;
        decoded.push(plain);
        Ok(())
    }

    /// The character of a `\u` escape, whose second half is taken where there is one. Half a pair is U+FFFD.
    fn code_point(&mut self, first: u32) -> char {
        if let Some(character) = char::from_u32(first) {
            return character;
        }
        let second = match self.text.get(self.at..self.at + 6) {
            Some([b'\\', b'u', digits @ ..]) => std::str::from_utf8(digits).ok().and_then(parse_hex),
            _ => None,
        };
        if let (0xd800..0xdc00, Some(second @ 0xdc00..0xe000)) = (first, second) {
            self.at += 6;
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        char::REPLACEMENT_CHARACTER
    }

    fn four_hex_digits(&mut self) -> Result<u32, SyntaxError> {
        let mut value = 0;
        for _ in 0..4 {
            let context = "in \\u hexadecimal character escape";
            let digit = char::from(self.peek_inside(context)?).to_digit(16);
            value = value * 16 + digit.ok_or_else(|| self.invalid(context))?;
            self.at += 1;
        }
        Ok(value)
    }
}

fn parse_hex(digits: &str) -> Option<u32> {
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Bytes as text, with one U+FFFD for each byte that is not part of a character: Go's rule.
pub(crate) fn replace_invalid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    push_as_go(&mut text, bytes);
    text
}

/// Appends bytes as text, with one U+FFFD for each byte that is not part of a character: Go's rule.
fn push_as_go(text: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
}

/// A byte as Go quotes it in messages: as the character of that number.
fn quote_byte(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'\\' => "'\\\\'".to_owned(),
        0x07 => "'\\a'".to_owned(),
        0x08 => "'\\b'".to_owned(),
        0x0c => "'\\f'".to_owned(),
        b'\n' => "'\\n'".to_owned(),
        b'\r' => "'\\r'".to_owned(),
        b'\t' => "'\\t'".to_owned(),
        0x0b => "'\\v'".to_owned(),
        0x00..=0x1f | 0x7f => format!("'\\x{byte:02x}'"),
        0x80..=0xa0 | 0xad => format!("'\\u{byte:04x}'"),
        _ => format!("'{}'", char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Kind;

    fn error(text: &[u8]) -> String {
        let error = parse(text).unwrap_err();
        format!("{}: {}", error.offset, error.message)
    }

    #[test]
    fn errors_are_gos() {
        for (text, expected) in [
            (&b""[..], "0: unexpected end of JSON input"),
            (b"{", "1: unexpected end of JSON input"),
            (b"{a", "1: invalid character 'a' looking for beginning of object key string"),
            (b"{\"a\"}", "4: invalid character '}' after object key"),
            (b"{\"a\":1 2", "7: invalid character '2' after object key:value pair"),
            (b"{\"a\":1,}", "7: invalid character '}' looking for beginning of object key string"),
            (b"[1,]", "3: invalid character ']' looking for beginning of value"),
            (b"[1 2]", "3: invalid character '2' after array element"),
            (b"1 2", "2: invalid character '2' after top-level value"),
            (b"nul", "3: invalid character ' ' in literal null (expecting 'l')"),
            (b"[-", "2: invalid character ' ' in numeric literal"),
            (b"1.", "2: invalid character ' ' after decimal point in numeric literal"),
            (b"1e", "2: invalid character ' ' in exponent of numeric literal"),
            (b"\"\\", "2: invalid character ' ' in string escape code"),
            (b"\"\\u1", "4: invalid character ' ' in \\u hexadecimal character escape"),
            (b"\"a", "2: unexpected end of JSON input"),
            (b"nuxl", "2: invalid character 'x' in literal null (expecting 'l')"),
            (b"-x", "1: invalid character 'x' in numeric literal"),
            (b"01", "1: invalid character '1' after top-level value"),
            (b"1.x", "2: invalid character 'x' after decimal point in numeric literal"),
            (b"1e+x", "3: invalid character 'x' in exponent of numeric literal"),
            (b"\"\\x\"", "2: invalid character 'x' in string escape code"),
            (b"\"\\u12x4\"", "5: invalid character 'x' in \\u hexadecimal character escape"),
            (b"\"a\nb\"", "2: invalid character '\\n' in string literal"),
            (b"'a'", "0: invalid character '\\'' looking for beginning of value"),
            ("é".as_bytes(), "0: invalid character 'Ã' looking for beginning of value"),
        ] {
            assert_eq!(error(text), expected);
        }
    }

    #[test]
    fn strings_are_gos() {
        for (text, expected) in [
            (&br#""a\u00e9\n\/""#[..], "aé\n/"),
            (br#""\ud83d\ude00""#, "😀"),
            (br#""\ud83d\u0041\ud83d""#, "\u{fffd}A\u{fffd}"),
            (b"\"\xe2\x82x\xff\"", "\u{fffd}\u{fffd}x\u{fffd}"),
        ] {
            assert_eq!(parse(text).unwrap().root().unwrap().kind(), Kind::String(expected));
        }
    }

    #[test]
    fn any_depth_is_survived() {
        let deep = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(parse(&deep(10_000)).is_ok());
        assert_eq!(error(&deep(10_001)), "10000: invalid character '[' exceeded max depth");
        assert_eq!(error(&vec![b'['; 1_000_000]), "10000: invalid character '[' exceeded max depth");
    }

    #[test]
    fn members_keep_order_and_duplicates() {
        let document = parse(br#" {"b":1.50, "a":[true,{}], "b":null} "#).unwrap();
        let root = document.root().unwrap();
        let keys: Vec<_> = root.members().map(|(key, _)| key.as_str().unwrap()).collect();
        assert_eq!(keys, ["b", "a", "b"]);
        assert_eq!(root.members().next().unwrap().1.kind(), Kind::Number("1.50"));
        assert_eq!(root.get("b").unwrap().kind(), Kind::Null);
        assert_eq!(root.get("a").unwrap().span(), Span::new(16, 25));
        assert_eq!(root.get("a").unwrap().items().count(), 2);
    }
}
