//! Field and label selectors, as far as RequestInfo needs them: which name a field selector asks for, and whether a label selector
//! can be read at all.
//!
//! Mirrors `staging/src/k8s.io/apimachinery/pkg/fields/selector.go` and `pkg/labels/selector.go`.

use super::url::cut;

/// A selector that the server refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadSelector;

/// The value that a field selector requires `metadata.name` to have, if it does.
///
/// # Errors
///
/// Where the selector cannot be read.
pub(super) fn required_name(selector: &[u8]) -> Result<Option<Vec<u8>>, BadSelector> {
    let mut terms = split_terms(selector);
    crate::sort::sort(&mut terms);
    let mut name = None;
    for term in terms.into_iter().filter(|term| !term.is_empty()) {
        let (field, equals, value) = split_term(term).ok_or(BadSelector)?;
        let value = unescape_value(value)?;
        if equals && field == b"metadata.name" && name.is_none() {
            name = Some(value);
        }
    }
    Ok(name)
}

/// The terms between commas that no backslash precedes.
fn split_terms(selector: &[u8]) -> Vec<&[u8]> {
    let mut escaped = false;
    let is_separator = |byte: &u8| {
        let separates = *byte == b',' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        separates
    };
    selector.split(is_separator).collect()
}

/// A term's field, whether it is to be equal, and its value as written.
fn split_term(term: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let starts =
        |index: &usize| term.get(*index..).is_some_and(|rest| rest.starts_with(b"=") || rest.starts_with(b"!="));
    let index = (0..term.len()).find(starts)?;
    let (field, rest) = term.split_at_checked(index)?;
    match rest {
        [b'!', b'=', value @ ..] => Some((field, false, value)),
        [b'=', b'=', value @ ..] | [b'=', value @ ..] => Some((field, true, value)),
        _ => None,
    }
}

fn unescape_value(value: &[u8]) -> Result<Vec<u8>, BadSelector> {
    if !value.iter().any(|byte| b"\\,=".contains(byte)) {
        return Ok(value.to_vec());
    }
    // From here Go goes by characters, and what is not UTF-8 becomes U+FFFD, one a byte.
    let mut out = Vec::with_capacity(value.len());
    let mut escaped = false;
    for chunk in value.utf8_chunks() {
        for byte in chunk.valid().bytes() {
            match byte {
                b'\\' | b',' | b'=' if escaped => out.push(byte),
                _ if escaped => return Err(BadSelector),
                b'\\' => {
                    escaped = true;
                    continue;
                }
                b',' | b'=' => return Err(BadSelector),
                _ => out.push(byte),
            }
            escaped = false;
        }
        for _ in chunk.invalid() {
            if escaped {
                return Err(BadSelector);
            }
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    if escaped { Err(BadSelector) } else { Ok(out) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    End,
    Open,
    Close,
    Comma,
    Not,
    Equals,
    NotEquals,
    /// `<` or `>`
    Compare,
    In,
    NotIn,
    Identifier(&'a [u8]),
}

impl<'a> Token<'a> {
    /// Where a value is looked for, `in` and `notin` are values too.
    fn as_value(self) -> Token<'a> {
        match self {
            Token::In => Token::Identifier(b"in"),
            Token::NotIn => Token::Identifier(b"notin"),
            token => token,
        }
    }
}

/// Whether a label selector can be read: upstream's `labels.Parse`.
///
/// # Errors
///
/// Where it cannot.
pub(super) fn check_labels(selector: &[u8]) -> Result<(), BadSelector> {
    let mut tokens = Tokens { rest: selector, peeked: None };
    if tokens.peek() == Token::End {
        return Ok(());
    }
    loop {
        check_requirement(&mut tokens)?;
        match tokens.next() {
            Token::End => return Ok(()),
            Token::Comma => {}
            _ => return Err(BadSelector),
        }
    }
}

fn check_requirement(tokens: &mut Tokens<'_>) -> Result<(), BadSelector> {
    let mut token = tokens.next();
    let negated = token == Token::Not;
    if negated {
        token = tokens.next();
    }
    let Token::Identifier(key) = token.as_value() else { return Err(BadSelector) };
    check_label_key(key)?;
    if negated || matches!(tokens.peek(), Token::End | Token::Comma) {
        return Ok(());
    }
    match tokens.next() {
        Token::In | Token::NotIn => check_values(tokens),
        Token::Equals | Token::NotEquals => check_label_value(exact_value(tokens)?),
        Token::Compare => {
            let value = exact_value(tokens)?;
            check_label_value(value)?;
            parse_int64(value).map(|_| ()).ok_or(BadSelector)
        }
        _ => Err(BadSelector),
    }
}

fn exact_value<'a>(tokens: &mut Tokens<'a>) -> Result<&'a [u8], BadSelector> {
    match tokens.peek().as_value() {
        Token::End | Token::Comma => Ok(b""),
        Token::Identifier(value) => {
            tokens.next();
            Ok(value)
        }
        _ => Err(BadSelector),
    }
}

/// `(a, b,)`: any of the values may be empty.
fn check_values(tokens: &mut Tokens<'_>) -> Result<(), BadSelector> {
    if tokens.next() != Token::Open {
        return Err(BadSelector);
    }
    loop {
        match tokens.next().as_value() {
            Token::Close => return Ok(()),
            Token::Comma => {}
            Token::Identifier(value) => {
                check_label_value(value)?;
                if !matches!(tokens.peek(), Token::Comma | Token::Close) {
                    return Err(BadSelector);
                }
            }
            _ => return Err(BadSelector),
        }
    }
}

struct Tokens<'a> {
    rest: &'a [u8],
    peeked: Option<Token<'a>>,
}

impl<'a> Tokens<'a> {
    fn peek(&mut self) -> Token<'a> {
        let token = self.peeked.take().unwrap_or_else(|| self.read());
        self.peeked = Some(token);
        token
    }

    fn next(&mut self) -> Token<'a> {
        self.peeked.take().unwrap_or_else(|| self.read())
    }

    fn read(&mut self) -> Token<'a> {
        while let [b' ' | b'\t' | b'\r' | b'\n', tail @ ..] = self.rest {
            self.rest = tail;
        }
        let (token, rest) = match self.rest {
            // A NUL byte ends the text; right after a token it is skipped.
            [] | [0, ..] => (Token::End, [].as_slice()),
            [b'(', rest @ ..] => (Token::Open, rest),
            [b')', rest @ ..] => (Token::Close, rest),
            [b',', rest @ ..] => (Token::Comma, rest),
            [b'<' | b'>', rest @ ..] => (Token::Compare, rest),
            [b'!', b'=', rest @ ..] => (Token::NotEquals, rest),
            [b'!', rest @ ..] => (Token::Not, rest),
            [b'=', b'=', rest @ ..] | [b'=', rest @ ..] => (Token::Equals, rest),
            text => {
                let ends = |byte: &u8| matches!(byte, 0 | b' ' | b'\t' | b'\r' | b'\n') || b"=!(),<>".contains(byte);
                let end = text.iter().position(ends).unwrap_or(text.len());
                match text.split_at_checked(end).unwrap_or((text, b"")) {
                    (b"in", rest) => (Token::In, rest),
                    (b"notin", rest) => (Token::NotIn, rest),
                    (word, rest) => (Token::Identifier(word), rest),
                }
            }
        };
        self.rest = rest.strip_prefix(&[0]).unwrap_or(rest);
        token
    }
}

/// A qualified name: `[dns.subdomain/]Name`.
fn check_label_key(key: &[u8]) -> Result<(), BadSelector> {
    let name = match cut(key, b'/') {
        Some((prefix, name)) if is_dns_subdomain(prefix) => name,
        Some(_) => return Err(BadSelector),
        None => key,
    };
    if name.is_empty() { Err(BadSelector) } else { check_label_value(name) }
}

fn check_label_value(value: &[u8]) -> Result<(), BadSelector> {
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let is_end = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    if value.len() <= 63 && value.iter().all(is_inner) && is_end(value.first()) && is_end(value.last()) {
        Ok(())
    } else {
        Err(BadSelector)
    }
}

fn is_dns_subdomain(text: &[u8]) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let is_label = |label: &[u8]| is_end(label.first()) && is_end(label.last()) && label.iter().all(is_inner);
    text.len() <= 253 && text.split(|byte| *byte == b'.').all(is_label)
}

/// A decimal number as Go's `strconv.ParseInt(text, 10, 64)`.
pub(super) fn parse_int64(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_selectors_name_an_object() {
        for (selector, expected) in [
            ("metadata.name=x", Ok(Some("x"))),
            ("metadata.name==x", Ok(Some("x"))),
            ("metadata.name!=x", Ok(None)),
            ("metadata.name=", Ok(Some(""))),
            ("", Ok(None)),
            (",,", Ok(None)),
            ("metadata.name=y,metadata.name=x", Ok(Some("x"))),
            ("metadata.name=a\\,b\\=c\\\\", Ok(Some("a,b=c\\"))),
            ("metadata.name=a\\b", Err(BadSelector)),
            ("metadata.name=a=b", Err(BadSelector)),
            ("metadata.name=a\\", Err(BadSelector)),
            ("metadata.name", Err(BadSelector)),
            ("metadata.name=x,y", Err(BadSelector)),
            (" metadata.name=x", Ok(None)),
        ] {
            let expected = expected.map(|name| name.map(|name: &str| name.as_bytes().to_vec()));
            assert_eq!(required_name(selector.as_bytes()), expected, "{selector}");
        }
    }

    #[test]
    fn label_selectors_are_read_or_refused() {
        let long = "x".repeat(64);
        for good in [
            "",
            " ",
            "a",
            "!a",
            "a=b",
            "a==b",
            "a!=b",
            "a=",
            "a=,b",
            "in=notin",
            "in in (in,notin)",
            "a in (b)",
            "a in ()",
            "a in (,)",
            "a notin (b,,c,)",
            "a>1",
            "example.com/a=b",
            "a\t=\nb",
            "A.b_c-d",
        ] {
            assert!(check_labels(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in [
            ",",
            "a,",
            "a b",
            "a=b c",
            "a in",
            "a in b",
            "a in (b",
            "a in (b c)",
            "a in (!)",
            "!",
            "!a=b",
            "a>x",
            "a>",
            "a<-1",
            "a=-",
            "a/b/c",
            "/a",
            "A.com/a",
            "a/",
            "é",
            "=b",
            "a===b",
            "a!b",
            &long,
        ] {
            assert!(check_labels(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
