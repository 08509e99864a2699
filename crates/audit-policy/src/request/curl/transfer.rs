//! A curl command's options → the requests that it sends.

use std::collections::BTreeMap;

use super::data::{Content, encoded, in_query, named, without_breaks};
use super::options::Given;
use super::url::{self, Url, Ways};
use super::{USER_AGENT, User, quoted, warn};
use crate::exchange::HttpRequest;
use crate::go_base64;
use crate::release::Change;
use crate::request::Assumption;
use crate::request::fields;
use crate::request::url::{Part, unescape};
use crate::{Diagnostic, GoString, Release, Severity, Span};

/// A request that curl sends, and what was not in the text.
pub(super) struct Sent {
    pub(super) request: HttpRequest,
    pub(super) assumed: Vec<Assumption>,
    pub(super) user: User,
}

/// What the requests are made with.
pub(super) struct Sender<'a> {
    pub(super) release: Release,
    pub(super) files: &'a BTreeMap<String, Vec<u8>>,
    pub(super) stdin: Option<&'a [u8]>,
    pub(super) span: Span,
    pub(super) findings: &'a mut Vec<Diagnostic>,
    /// What the requests after the first may hold.
    pub(super) bytes_left: &'a mut usize,
}

/// Why curl sends nothing.
fn error(code: &'static str, message: &str, span: Option<Span>, help: &str) -> Box<Diagnostic> {
    Box::new(fields::error(code, message, span, help))
}

/// The file that an option reads.
pub(super) fn file_of<'a>(given: &Given<'a>) -> Option<&'a str> {
    let content = match given.name {
        "data" | "data-ascii" | "data-binary" | "json" | "header" => Content::of(given.value),
        "data-urlencode" => named(given.value).1,
        "upload-file" if given.value == "." => return Some("-"),
        "upload-file" => return Some(given.value),
        _ => return None,
    };
    match content {
        Content::File(file) => Some(file),
        Content::Text(_) => None,
    }
}

/// What the options up to `--next` say of every URL among them.
#[derive(Default)]
struct Asked<'a> {
    urls: Vec<&'a Given<'a>>,
    method: Option<&'a str>,
    headers: Vec<String>,
    data: Option<Vec<u8>>,
    query: Vec<Vec<u8>>,
    json: bool,
    form: bool,
    get: bool,
    head: bool,
    upload: Option<&'a str>,
    credentials: Option<&'a str>,
    certificate: bool,
    bearer: Option<&'a str>,
    agent: Option<&'a str>,
    referer: Option<&'a str>,
    cookies: Vec<&'a str>,
    compressed: bool,
    request_target: Option<&'a str>,
    ways: Ways,
}

impl Sender<'_> {
    /// The requests of a command.
    pub(super) fn send(&mut self, given: &[Given<'_>]) -> Result<Vec<Sent>, Box<Diagnostic>> {
        let mut sent = Vec::new();
        for part in given.split(|option| option.name == "next") {
            let asked = self.asked(part)?;
            if asked.urls.is_empty() {
                let help = "give the server's, such as `https://127.0.0.1:6443/api/v1/pods`";
                return Err(error("curl-usage", "the command has no URL", Some(self.span), help));
            }
            for url in &asked.urls {
                let headers: usize = asked.headers.iter().map(String::len).sum();
                let size = url.value.len() + headers + asked.data.as_ref().map_or(0, Vec::len);
                match self.bytes_left.checked_sub(size) {
                    Some(left) => *self.bytes_left = left,
                    None if sent.is_empty() => *self.bytes_left = 0,
                    None => {
                        let message = "the requests of the command are too large together";
                        return Err(error("too-large", message, Some(self.span), "give one of its URLs"));
                    }
                }
                sent.push(self.request(&asked, url)?);
            }
        }
        Ok(sent)
    }

    fn asked<'a>(&mut self, part: &'a [Given<'a>]) -> Result<Asked<'a>, Box<Diagnostic>> {
        let mut asked = Asked::default();
        for option in part {
            let value = option.value;
            match option.name {
                "url" => asked.urls.push(option),
                "request" if value.is_empty() => {
                    return Err(error(
                        "curl-usage",
                        "the method is empty",
                        Some(option.span),
                        "give one, such as `GET`",
                    ));
                }
                "request" => asked.method = Some(value),
                "header" => match Content::of(value) {
                    Content::Text(text) => asked.headers.push(text.to_owned()),
                    Content::File(file) => {
                        let lines = self.file(file, option.span);
                        let lines = String::from_utf8_lossy(&lines).into_owned();
                        asked.headers.extend(lines.lines().map(str::to_owned));
                    }
                },
                "data" | "data-ascii" | "data-raw" | "data-binary" | "data-urlencode" | "json" => {
                    let bytes = self.data(option);
                    asked.json |= option.name == "json";
                    match &mut asked.data {
                        None => asked.data = Some(bytes),
                        Some(data) => {
                            if option.name != "json" {
                                data.push(b'&');
                            }
                            data.extend_from_slice(&bytes);
                        }
                    }
                }
                "form" | "form-string" => {
                    if !asked.form {
                        let message = "a multipart form is not read here: its body is left out".to_owned();
                        let help = "kube-apiserver takes no forms: give the object with `--json` or `--data-binary`";
                        self.findings.push(warn("multipart", Severity::Warning, message, Some(option.span), help));
                    }
                    asked.form = true;
                }
                "url-query" => {
                    let part = match value.strip_prefix('+') {
                        Some(raw) => raw.as_bytes().to_vec(),
                        None => self.url_encoded(option),
                    };
                    asked.query.push(part);
                }
                "get" => asked.get = option.on,
                "head" => asked.head = option.on,
                "upload-file" => asked.upload = Some(value),
                "user" => asked.credentials = Some(value),
                "cert" => asked.certificate = true,
                "oauth2-bearer" => asked.bearer = Some(value),
                "user-agent" => asked.agent = Some(value),
                // What follows a semicolon is for curl itself.
                "referer" => asked.referer = value.split(";auto").next().filter(|referer| !referer.is_empty()),
                // Without `=` it names a file of cookies.
                "cookie" if value.contains('=') => asked.cookies.push(value),
                "compressed" => asked.compressed = option.on,
                "request-target" => asked.request_target = Some(value),
                "globoff" => asked.ways.globoff = option.on,
                "path-as-is" => asked.ways.path_as_is = option.on,
                "config" => {
                    let message = "the options of a config file are not known here".to_owned();
                    let help = "write them on the command line";
                    self.findings.push(warn("curl-config", Severity::Warning, message, Some(option.span), help));
                }
                "negotiate" | "ntlm" | "digest" | "anyauth" => {
                    let message = format!("kube-apiserver knows no `--{}`", option.name);
                    self.findings.push(warn(
                        "unknown-authentication",
                        Severity::Warning,
                        message,
                        Some(option.span),
                        "",
                    ));
                }
                _ => {}
            }
        }
        Ok(asked)
    }

    /// What an option of data adds.
    fn data(&mut self, option: &Given<'_>) -> Vec<u8> {
        match (option.name, Content::of(option.value)) {
            ("data-urlencode", _) => self.url_encoded(option),
            ("data-raw", _) | (_, Content::Text(_)) => option.value.as_bytes().to_vec(),
            ("data" | "data-ascii", Content::File(file)) => without_breaks(self.file(file, option.span)),
            (_, Content::File(file)) => self.file(file, option.span),
        }
    }

    fn url_encoded(&mut self, option: &Given<'_>) -> Vec<u8> {
        match named(option.value) {
            (name, Content::Text(text)) => encoded(name, text.as_bytes()),
            (name, Content::File(file)) => encoded(name, &self.file(file, option.span)),
        }
    }

    fn file(&mut self, name: &str, span: Span) -> Vec<u8> {
        let known = if name == "-" { self.stdin.map(<[u8]>::to_vec) } else { self.files.get(name).cloned() };
        known.unwrap_or_else(|| {
            let what = if name == "-" { "standard input".to_owned() } else { quoted(name) };
            let message = format!("the content of {what} is not known: it is left out");
            let help = "write it into the command, such as `--data-raw '{…}'`";
            self.findings.push(warn("unknown-file", Severity::Warning, message, Some(span), help));
            Vec::new()
        })
    }

    fn request(&mut self, asked: &Asked<'_>, from: &Given<'_>) -> Result<Sent, Box<Diagnostic>> {
        let ways = Ways { expands: from.expands, ..asked.ways };
        let refuse = |message: &str, help: &str| error("curl-usage", message, Some(from.span), help);
        let Url { is_https, user, host, mut target } =
            url::parse(from.value, ways).map_err(|bad| refuse(&bad.message, bad.help))?;
        let body = self.body(asked)?;
        let in_url = asked.data.as_deref().filter(|data| asked.get && !data.is_empty());
        for part in asked.query.iter().map(Vec::as_slice).chain(in_url) {
            let part = String::from_utf8_lossy(&in_query(part)).into_owned();
            if part.contains(|letter: char| letter == ' ' || letter.is_ascii_control()) {
                return Err(refuse("curl refuses a query with a blank", "give it with `-G --data-urlencode`"));
            }
            match target.find('?') {
                None => target.push('?'),
                Some(at) if at + 1 < target.len() => target.push('&'),
                Some(_) => {}
            }
            target.push_str(&part);
        }
        if let (Some(file), true) = (asked.upload, target.ends_with('/')) {
            target.push_str(file.rsplit('/').next().unwrap_or_default());
        }
        let target = asked.request_target.map_or(target, str::to_owned);
        let mut assumed = Vec::new();
        let mut tell = |about: &str, text: String| assumed.push(Assumption { about: about.to_owned(), text });
        let mut headers = self.headers(asked, user.as_deref(), &body, &mut tell);
        let local = ["127.0.0.1:8001", "localhost:8001", "[::1]:8001"].contains(&host.as_str());
        if local && !is_https {
            tell("server", format!("{} is taken for kubectl proxy: the user is that of its kubeconfig", quoted(&host)));
            headers.push(("X-Forwarded-For".to_owned(), "127.0.0.1".into()));
        } else {
            tell("server", format!("{} is taken for kube-apiserver", quoted(&host)));
        }
        let user = self.user(asked, &headers, is_https, from.span);
        let method = match asked.method {
            Some(method) => method,
            None if asked.head => "HEAD",
            None if asked.upload.is_some() => "PUT",
            None if asked.form || (asked.data.is_some() && !asked.get) => "POST",
            None => "GET",
        };
        let request = HttpRequest {
            method: method.into(),
            target: target.into(),
            headers,
            body: body.unwrap_or_default().into(),
        };
        Ok(Sent { request, assumed, user })
    }

    /// The body; none where the request has none at all.
    fn body(&mut self, asked: &Asked<'_>) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
        let data = asked.data.as_ref().filter(|_| !asked.get);
        let ways = [data.is_some(), asked.upload.is_some(), asked.form, asked.head];
        if ways.into_iter().filter(|way| *way).count() > 1 {
            let help =
                "take one of `--data`, `--upload-file`, `--form` and `--head`, and set the method with `--request`";
            return Err(error("curl-usage", "curl sends only one kind of request at once", Some(self.span), help));
        }
        Ok(match (data, asked.upload) {
            (Some(data), _) => Some(data.clone()),
            (None, Some(file)) => Some(self.file(if file == "." { "-" } else { file }, self.span)),
            (None, None) => None,
        })
    }

    fn headers(
        &mut self,
        asked: &Asked<'_>,
        in_url: Option<&str>,
        body: &Option<Vec<u8>>,
        tell: &mut impl FnMut(&str, String),
    ) -> Vec<(String, GoString)> {
        let mut own: Vec<String> = asked.headers.clone();
        let named = |line: &str, name: &str| {
            let end = line.find([':', ';']).unwrap_or(line.len());
            line.get(..end).is_some_and(|own| own.trim().eq_ignore_ascii_case(name))
        };
        if asked.json {
            for line in ["Content-Type: application/json", "Accept: application/json"] {
                let name = line.split(':').next().unwrap_or_default();
                if !own.iter().any(|own| named(own, name)) {
                    own.push(line.to_owned());
                }
            }
        }
        let mut headers: Vec<(String, GoString)> = Vec::new();
        // A header of one's own takes the place of curl's, and one without a value takes it away.
        let mut add = |name: &str, value: String| {
            let is_curls = !own.iter().any(|own| named(own, name));
            if is_curls {
                headers.push((name.to_owned(), value.into()));
            }
            is_curls
        };
        let decoded = in_url.and_then(|user| unescape(user.as_bytes(), Part::UserPassword).ok());
        let credentials = asked.credentials.map(|user| user.as_bytes().to_vec()).or(decoded);
        match (asked.bearer, credentials) {
            (Some(token), _) => {
                add("Authorization", format!("Bearer {token}"));
            }
            (None, Some(mut user)) => {
                if !user.contains(&b':') {
                    user.push(b':');
                }
                add("Authorization", format!("Basic {}", go_base64::encode(&user)));
            }
            (None, None) => {}
        }
        match asked.agent {
            Some("") => {}
            Some(agent) => {
                add("User-Agent", agent.to_owned());
            }
            None => {
                if add("User-Agent", USER_AGENT.to_owned()) {
                    tell("user agent", USER_AGENT.to_owned());
                }
            }
        }
        add("Accept", "*/*".to_owned());
        if asked.compressed {
            add("Accept-Encoding", "deflate, gzip, br, zstd".to_owned());
        }
        if let Some(referer) = asked.referer {
            add("Referer", referer.to_owned());
        }
        if !asked.cookies.is_empty() {
            add("Cookie", asked.cookies.join(";"));
        }
        let is_data = body.is_some() && asked.upload.is_none();
        if is_data {
            let form = "application/x-www-form-urlencoded";
            if add("Content-Type", form.to_owned()) {
                let message = format!("curl sends the body as {form}, which kube-apiserver answers with 415");
                let help = "add `-H 'Content-Type: application/json'`, or give it with `--json`";
                self.findings.push(warn("form-encoded", Severity::Warning, message, Some(self.span), help));
            }
        } else if asked.form {
            add("Content-Type", "multipart/form-data; boundary=------------------------0000000000000000".to_owned());
        }
        headers.extend(own.iter().filter_map(|line| header(line)));
        headers
    }

    /// Whom the server takes the client for; says so where that is not, or not all, in the text.
    fn user(&mut self, asked: &Asked<'_>, headers: &[(String, GoString)], is_https: bool, span: Span) -> User {
        let authorization = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Authorization"));
        let value = authorization.map(|(_, value)| value.to_str_lossy()).unwrap_or_default();
        let (scheme, credentials) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
        let is_basic = scheme.eq_ignore_ascii_case("basic");
        let is_token = scheme.eq_ignore_ascii_case("bearer") && !credentials.trim().is_empty();
        let certificate = "who the certificate is for is not in the command: the user is assumed";
        let token = "who the token is for is not in the command: the user is assumed";
        let password = "the server's password file may name more groups: `system:authenticated` alone is assumed";
        let (message, user) = if asked.certificate {
            (certificate, User::Unknown)
        } else if is_token {
            (token, User::Unknown)
        } else if !is_https {
            return User::Unknown;
        } else if is_basic && self.release.has(Change::Passwords) {
            match username(credentials) {
                Some(name) => (password, User::Named(name)),
                None => return User::Nobody("the command sends no certificate, token or password that can be read"),
            }
        } else if is_basic {
            return User::Nobody("kube-apiserver takes no passwords since 1.19");
        } else if value.is_empty() {
            return User::Nobody("the command sends no certificate, token or password");
        } else {
            return User::Nobody("kube-apiserver reads nothing of such an `Authorization` header");
        };
        let is_told = self.findings.iter().any(|finding| finding.message == message);
        if !is_told {
            self.findings.push(warn("user-not-in-text", Severity::Note, message.to_owned(), Some(span), ""));
        }
        user
    }
}

/// The name in the credentials of a Basic header.
fn username(credentials: &str) -> Option<String> {
    let decoded = go_base64::decode(credentials.trim().as_bytes())?;
    let (name, _) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some(name.to_owned())
}

/// `Name: value`; `Name;` without a value; none for what only takes away a header, or is none.
fn header(line: &str) -> Option<(String, GoString)> {
    let line = line.trim_end_matches(['\r', '\n']);
    match line.split_once(':') {
        Some((name, value)) if !name.is_empty() => {
            let value = value.trim_matches([' ', '\t']);
            (!value.is_empty()).then(|| (name.to_owned(), value.into()))
        }
        Some(_) => None,
        None => {
            let name = line.strip_suffix(';').filter(|name| !name.is_empty())?;
            Some((name.to_owned(), GoString::new()))
        }
    }
}
