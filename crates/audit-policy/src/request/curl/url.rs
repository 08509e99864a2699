//! A URL as curl takes it → host and request target.

use crate::request::url::cut;

/// A URL of HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) is_https: bool,
    /// `user:password`, still encoded.
    pub(super) user: Option<String>,
    /// Host and port; also what stands for them: `$APISERVER`.
    pub(super) host: String,
    /// Path and query as they are sent.
    pub(super) target: String,
}

/// What is wrong with a URL, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadUrl {
    pub(super) message: String,
    pub(super) help: &'static str,
}

fn bad(message: &str, help: &'static str) -> BadUrl {
    BadUrl { message: message.to_owned(), help }
}

/// How a URL is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ways {
    /// `--globoff`
    pub(super) globoff: bool,
    /// `--path-as-is`
    pub(super) path_as_is: bool,
    /// Whether it holds `$VARIABLES` or `$(commands)` that the shell expands.
    pub(super) expands: bool,
}

/// Reads a URL as curl does: without a scheme it is http, the fragment is not sent, `.` and `..` are taken out of the path, and what is not
/// ASCII in the path is escaped.
pub(super) fn parse(text: &str, ways: Ways) -> Result<Url, BadUrl> {
    let text = if ways.globoff || ways.expands { text.to_owned() } else { unglob(text)? };
    let (scheme, rest) = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme)).unwrap_or(("", &text));
    let is_https = match scheme.to_ascii_lowercase().as_str() {
        "" | "http" => false,
        "https" => true,
        other => return Err(bad(&format!("`{other}` is not HTTP"), "give a URL that begins with `https://`")),
    };
    let end = host_end(rest, ways.expands);
    let (host, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let (user, host) = host.rsplit_once('@').map_or((None, host), |(user, host)| (Some(user.to_owned()), host));
    if host.is_empty() {
        return Err(bad("the URL has no host", "begin it with the server's, such as `https://127.0.0.1:6443`"));
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let has_blank = |text: &str| text.contains(|letter: char| letter == ' ' || letter.is_ascii_control());
    if has_blank(rest) && !ways.expands {
        let help = "write `%20` for a blank, or give parameters with `-G --data-urlencode`";
        return Err(bad("curl refuses a URL with a blank", help));
    }
    let rest = rest.replace(' ', "%20");
    let (path, query) = rest.find('?').and_then(|at| rest.split_at_checked(at)).unwrap_or((&rest, ""));
    let path = if path.is_empty() { "/".to_owned() } else { escape(path) };
    let path = if ways.path_as_is { path } else { without_dots(&path) };
    Ok(Url { is_https, user, host: host.to_owned(), target: format!("{path}{query}") })
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Where the host ends: at the first slash, question mark or hash that is not in a `$(command)` or `${variable}`.
fn host_end(text: &str, expands: bool) -> usize {
    let (mut depth, mut last) = (0_usize, ' ');
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '{' if expands && (last == '$' || depth > 0) => depth += 1,
            ')' | '}' if depth > 0 => depth -= 1,
            '/' | '?' | '#' if depth == 0 => return at,
            _ => {}
        }
        last = letter;
    }
    text.len()
}

/// The URL without what escapes curl's patterns; a pattern is refused, since it stands for many URLs. `[]` and an IPv6 address are none.
fn unglob(text: &str) -> Result<String, BadUrl> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let tail = rest.get(letter.len_utf8()..).unwrap_or_default();
        rest = tail;
        match letter {
            '\\' if tail.starts_with(['[', ']', '{', '}']) => {
                out.push_str(tail.get(..1).unwrap_or_default());
                rest = tail.get(1..).unwrap_or_default();
            }
            '[' => {
                let inside = cut(tail.as_bytes(), b']').map(|(inside, _)| inside);
                let is_address = |inside: &[u8]| {
                    inside.contains(&b':')
                        && inside.iter().all(|byte| byte.is_ascii_hexdigit() || b":.%".contains(byte))
                };
                let Some(length) = inside.filter(|inside| inside.is_empty() || is_address(inside)).map(<[u8]>::len)
                else {
                    return Err(glob(letter));
                };
                out.push('[');
                out.push_str(tail.get(..=length).unwrap_or_default());
                rest = tail.get(length + 1..).unwrap_or_default();
            }
            '{' | '}' | ']' => return Err(glob(letter)),
            _ => out.push(letter),
        }
    }
    Ok(out)
}

fn glob(letter: char) -> BadUrl {
    bad(
        &format!("`{letter}` is a pattern to curl, which stands for many URLs"),
        "write out the URLs that are meant, or add `--globoff` to take it as it is",
    )
}

/// What is not ASCII in a path, in lower case as curl writes it.
fn escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            let mut buffer = [0; 4];
            letter.encode_utf8(&mut buffer).bytes().for_each(|byte| out.push_str(&format!("%{byte:02x}")));
        }
    }
    out
}

/// A path without `.` and `..`: RFC 3986, 5.2.4.
pub(super) fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}
