//! A request target as Go reads it: `net/url`'s `ParseRequestURI`, `RequestURI`, `String` and `Query` (Go 1.26).

use super::addr;
use crate::text::go_quote as quote;

/// A URL, as Go's `url.URL`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Url {
    scheme: Vec<u8>,
    opaque: Vec<u8>,
    user: Option<UserInfo>,
    host: Vec<u8>,
    /// The path, decoded.
    pub(crate) path: Vec<u8>,
    raw_path: Vec<u8>,
    raw_query: Vec<u8>,
    force_query: bool,
    omit_host: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct UserInfo {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

/// Which part of a URL is encoded: what must be escaped differs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    PathSegment,
    UserPassword,
    Query,
    Host,
    Zone,
}

/// More parameters than this, and Go reads none.
const MAX_QUERY_PARAMETERS: usize = 10_000;

impl Url {
    /// Reads the target of a request line, for this method.
    ///
    /// # Errors
    ///
    /// Go's message, for which the HTTP server answers 400.
    pub(crate) fn of_request(method: &[u8], target: &[u8]) -> Result<Url, String> {
        let only_authority = method == b"CONNECT" && !target.starts_with(b"/");
        let mut raw = target.to_vec();
        if only_authority {
            raw.splice(0..0, *b"http://");
        }
        let mut url = parse(&raw).map_err(|problem| format!("parse {}: {problem}", quote(&raw)))?;
        if only_authority {
            url.scheme.clear();
        }
        Ok(url)
    }

    /// Path and query as events have them: Go's `RequestURI()`.
    pub(crate) fn request_uri(&self) -> Vec<u8> {
        let mut uri = self.opaque.clone();
        if uri.is_empty() {
            uri = self.escaped_path();
            if uri.is_empty() {
                uri.push(b'/');
            }
        } else if uri.starts_with(b"//") {
            uri = [self.scheme.as_slice(), b":", &uri].concat();
        }
        self.push_query(&mut uri);
        uri
    }

    /// Its host and port, as they were given.
    pub(crate) fn host_text(&self) -> String {
        String::from_utf8_lossy(&self.host).into_owned()
    }

    /// Who it names before the host: `user:password`.
    pub(crate) fn user_text(&self) -> String {
        let Some(user) = &self.user else { return String::new() };
        let mut text = String::from_utf8_lossy(&user.name).into_owned();
        if let Some(password) = &user.password {
            text.push(':');
            text.push_str(&String::from_utf8_lossy(password));
        }
        text
    }

    /// What stands behind its `?`.
    pub(crate) fn query_text(&self) -> String {
        String::from_utf8_lossy(&self.raw_query).into_owned()
    }

    /// The whole URL: Go's `String()`.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.push_authority_and_path(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        self.push_query(&mut out);
        out
    }

    fn push_authority_and_path(&self, out: &mut Vec<u8>) {
        let no_authority = self.host.is_empty() && self.user.is_none();
        if !no_authority || !(self.scheme.is_empty() || self.omit_host) {
            if !(no_authority && self.path.is_empty()) {
                out.extend_from_slice(b"//");
            }
            if let Some(user) = &self.user {
                out.extend(escape(&user.name, Part::UserPassword));
                if let Some(password) = &user.password {
                    out.push(b':');
                    out.extend(escape(password, Part::UserPassword));
                }
                out.push(b'@');
            }
            out.extend(escape(&self.host, Part::Host));
        }
        let path = self.escaped_path();
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            out.push(b'/');
        }
        let first_segment = path.split(|byte| *byte == b'/').next().unwrap_or_default();
        if out.is_empty() && first_segment.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }

    fn push_query(&self, out: &mut Vec<u8>) {
        if self.force_query || !self.raw_query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.raw_query);
        }
    }

    /// The path as it was sent, where that is a valid encoding; else encoded anew: Go's `EscapedPath()`.
    fn escaped_path(&self) -> Vec<u8> {
        if !self.raw_path.is_empty() && is_valid_encoded_path(&self.raw_path) {
            return self.raw_path.clone();
        }
        if self.path == b"*" {
            return b"*".to_vec();
        }
        escape(&self.path, Part::Path)
    }

    /// The parameters of the query that can be read, in order: Go's `Query()`.
    pub(crate) fn query(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        if self.raw_query.iter().filter(|byte| **byte == b'&').count() >= MAX_QUERY_PARAMETERS {
            return Vec::new();
        }
        let pairs = self.raw_query.split(|byte| *byte == b'&');
        pairs.filter(|pair| !pair.is_empty() && !pair.contains(&b';')).filter_map(parameter).collect()
    }

    fn set_path(&mut self, raw: &[u8]) -> Result<(), String> {
        self.path = unescape(raw, Part::Path)?;
        if escape(&self.path, Part::Path) != raw {
            self.raw_path = raw.to_vec();
        }
        Ok(())
    }
}

/// The first value of a parameter, as Go's `Values.Get`, but none where it is absent.
pub(crate) fn first<'a>(query: &'a [(Vec<u8>, Vec<u8>)], name: &str) -> Option<&'a [u8]> {
    query.iter().find(|(key, _)| key == name.as_bytes()).map(|(_, value)| value.as_slice())
}

fn parameter(pair: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (key, value) = cut(pair, b'=').unwrap_or((pair, b""));
    Some((unescape(key, Part::Query).ok()?, unescape(value, Part::Query).ok()?))
}

/// Go's `parse(rawURL, viaRequest: true)`.
fn parse(raw: &[u8]) -> Result<Url, String> {
    if raw.iter().any(|byte| *byte < b' ' || *byte == 0x7f) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    if raw.is_empty() {
        return Err("empty url".to_owned());
    }
    let mut url = Url::default();
    if raw == b"*" {
        url.path = b"*".to_vec();
        return Ok(url);
    }
    let (scheme, mut rest) = cut_scheme(raw)?;
    url.scheme = scheme.to_ascii_lowercase();
    match cut(rest, b'?') {
        Some((before, b"")) => {
            url.force_query = true;
            rest = before;
        }
        Some((before, query)) => {
            url.raw_query = query.to_vec();
            rest = before;
        }
        None => {}
    }
    if !rest.starts_with(b"/") {
        if url.scheme.is_empty() {
            return Err("invalid URI for request".to_owned());
        }
        url.opaque = rest.to_vec();
        return Ok(url);
    }
    if !url.scheme.is_empty() {
        if let Some(after) = rest.strip_prefix(b"//") {
            let end = after.iter().position(|byte| *byte == b'/').unwrap_or(after.len());
            let (authority, path) = after.split_at_checked(end).unwrap_or((after, b""));
            (url.user, url.host) = parse_authority(&url.scheme, authority)?;
            rest = path;
        } else {
            url.omit_host = true;
        }
    }
    url.set_path(rest)?;
    Ok(url)
}

/// The scheme before a colon, and the rest; no scheme where what is before it could not be one.
fn cut_scheme(raw: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (index, byte) in raw.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok(cut(raw, b':').unwrap_or((b"", raw))),
            _ => break,
        }
    }
    Ok((b"", raw))
}

fn parse_authority(scheme: &[u8], authority: &[u8]) -> Result<(Option<UserInfo>, Vec<u8>), String> {
    let Some(at) = authority.iter().rposition(|byte| *byte == b'@') else {
        return Ok((None, parse_host(scheme, authority)?));
    };
    let (user, host) = (authority.get(..at).unwrap_or_default(), authority.get(at + 1..).unwrap_or_default());
    let host = parse_host(scheme, host)?;
    let is_valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
    if !user.iter().all(is_valid) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let user = match cut(user, b':') {
        None => UserInfo { name: unescape(user, Part::UserPassword)?, password: None },
        Some((name, password)) => UserInfo {
            name: unescape(name, Part::UserPassword)?,
            password: Some(unescape(password, Part::UserPassword)?),
        },
    };
    Ok((Some(user), host))
}

fn parse_host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    match host.iter().rposition(|byte| *byte == b'[') {
        Some(0) => return parse_bracketed_host(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    let first_colon = host.iter().position(|byte| *byte == b':');
    let last_colon = host.iter().rposition(|byte| *byte == b':');
    let colon = if scheme == b"http" || scheme == b"https" { first_colon } else { last_colon };
    if let Some(colon) = colon {
        check_port(host.get(colon..).unwrap_or_default())?;
    }
    unescape(host, Part::Host)
}

/// `[address]:port`, or with a zone `[address%25zone]:port`.
fn parse_bracketed_host(host: &[u8]) -> Result<Vec<u8>, String> {
    let Some(close) = host.iter().rposition(|byte| *byte == b']') else {
        return Err("missing ']' in host".to_owned());
    };
    let port = host.get(close + 1..).unwrap_or_default();
    check_port(port)?;
    let port = unescape(port, Part::Host)?;
    let name = host.get(1..close).unwrap_or_default();
    let name = match name.windows(3).position(|three| three == b"%25") {
        Some(zone) => {
            let address = unescape(name.get(..zone).unwrap_or_default(), Part::Host)?;
            [address, unescape(name.get(zone..).unwrap_or_default(), Part::Zone)?].concat()
        }
        None => unescape(name, Part::Host)?,
    };
    match addr::parse_strict(&name) {
        Ok(addr::Family::V4) => Err("invalid IP-literal".to_owned()),
        Ok(addr::Family::V6) => Ok([b"[".as_slice(), &name, b"]", &port].concat()),
        Err(problem) => Err(format!("invalid host: {problem}")),
    }
}

fn check_port(port: &[u8]) -> Result<(), String> {
    match port {
        [] => Ok(()),
        [b':', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(format!("invalid port {} after host", quote(port))),
    }
}

/// Decodes percent escapes.
///
/// # Errors
///
/// Go's message for the first escape or byte that cannot stand there.
pub(super) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        match byte {
            b'%' => {
                let escape = rest.get(..3).unwrap_or(rest);
                let bad = || format!("invalid URL escape {}", quote(escape));
                let value = match escape {
                    [_, high, low] => hex_value(*high).zip(hex_value(*low)),
                    _ => None,
                };
                let (high, low) = value.ok_or_else(bad)?;
                let decoded = high << 4 | low;
                // Hosts escape non-ASCII bytes only, zones also what a host could not hold; both may have %25, for a percent sign.
                let refused = match part {
                    Part::Host => high < 8 && escape != b"%25",
                    Part::Zone => escape != b"%25" && decoded != b' ' && should_escape(decoded, Part::Host),
                    _ => false,
                };
                if refused {
                    return Err(bad());
                }
                out.push(decoded);
                rest = rest.get(3..).unwrap_or_default();
                continue;
            }
            b'+' if part == Part::Query => out.push(b' '),
            _ if matches!(part, Part::Host | Part::Zone) && byte.is_ascii() && should_escape(*byte, part) => {
                return Err(format!("invalid character {} in host name", quote(&[*byte])));
            }
            _ => out.push(*byte),
        }
        rest = tail;
    }
    Ok(out)
}

/// Percent-escapes what cannot stand in this part: Go's `escape`, but for a blank in a query, which is `%20` here.
pub(super) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if should_escape(*byte, part) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(*byte);
        }
    }
    out
}

fn should_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        return false;
    }
    let unescaped: &[u8] = match part {
        Part::Path => b"$&+,/:;=@",
        Part::PathSegment => b"$&+:=@",
        Part::UserPassword => b"$&+,;=",
        Part::Query => b"",
        Part::Host | Part::Zone => b"!\"$&'()*+,:;<=>[]",
    };
    !unescaped.contains(&byte)
}

fn is_valid_encoded_path(raw: &[u8]) -> bool {
    raw.iter().all(|byte| b"!$&'()*+,;=:@[]%".contains(byte) || !should_escape(*byte, Part::Path))
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// What is before and after the first such byte.
pub(super) fn cut(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let index = text.iter().position(|byte| *byte == separator)?;
    Some((text.get(..index)?, text.get(index + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(method: &str, target: &str) -> String {
        match Url::of_request(method.as_bytes(), target.as_bytes()) {
            Ok(url) => {
                let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
                format!("{} | {}", text(url.request_uri()), text(url.to_bytes()))
            }
            Err(problem) => problem,
        }
    }

    /// Each answer is what Go 1.26 prints for `RequestURI()` and `String()`, or its error.
    #[test]
    fn targets_are_read_as_go_does() {
        for (method, target, expected) in [
            ("GET", "/a b", "/a%20b | /a%20b"),
            ("GET", "/a%2fb?x=<y>", "/a%2fb?x=<y> | /a%2fb?x=<y>"),
            ("GET", "/a<%2fb", "/a%3C/b | /a%3C/b"),
            ("GET", "//h/p?", "//h/p? | //h/p?"),
            ("GET", "/p??", "/p?? | /p??"),
            ("GET", "*", "* | *"),
            ("GET", "HTTP://u:p@H:1/x?y", "/x?y | http://u:p@H:1/x?y"),
            ("GET", "http://h", "/ | http://h"),
            ("GET", "mailto:x?y", "x?y | mailto:x?y"),
            ("GET", "x:/y", "/y | x:/y"),
            ("CONNECT", "h:1", "/ | //h:1"),
            ("CONNECT", "/p", "/p | /p"),
            ("GET", "", "parse \"\": empty url"),
            ("GET", "p", "parse \"p\": invalid URI for request"),
            ("GET", ":p", "parse \":p\": missing protocol scheme"),
            ("GET", "/%", "parse \"/%\": invalid URL escape \"%\""),
            ("GET", "/\u{7f}", "parse \"/\\x7f\": net/url: invalid control character in URL"),
            ("GET", "http://[::1", "parse \"http://[::1\": missing ']' in host"),
            ("GET", "http://a[::1]", "parse \"http://a[::1]\": invalid IP-literal"),
            ("GET", "http://[1.2.3.4]", "parse \"http://[1.2.3.4]\": invalid IP-literal"),
            ("GET", "http://h:x", "parse \"http://h:x\": invalid port \":x\" after host"),
            ("GET", "http://a:1:2", "parse \"http://a:1:2\": invalid port \":1:2\" after host"),
            ("GET", "http://h%41", "parse \"http://h%41\": invalid URL escape \"%41\""),
            ("GET", "http://h^", "parse \"http://h^\": invalid character \"^\" in host name"),
            ("GET", "http://[fe80::1%25en0]:8", "/ | http://[fe80::1%25en0]:8"),
        ] {
            assert_eq!(uri(method, target), expected, "{method} {target}");
        }
    }

    #[test]
    fn parameters_that_cannot_be_read_are_dropped() {
        let url = Url::of_request(b"GET", b"/?a=1&b;c=2&%zz=3&&d+e=%41+&a=2&f").unwrap();
        let expected: Vec<(Vec<u8>, Vec<u8>)> = [("a", "1"), ("d e", "A "), ("a", "2"), ("f", "")]
            .map(|(key, value)| (key.as_bytes().to_vec(), value.as_bytes().to_vec()))
            .to_vec();
        assert_eq!(url.query(), expected);
        let many = format!("/?{}", "a&".repeat(10_000));
        assert!(Url::of_request(b"GET", many.as_bytes()).unwrap().query().is_empty());
    }
}
