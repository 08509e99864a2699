//! A request that kubectl sends, and its text on the wire.

use crate::json::Value;

use crate::GoString;
use crate::exchange::HttpRequest;

/// A request that kubectl sends.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// What it is for, in a few words.
    pub purpose: String,
    pub method: &'static str,
    /// The path, not escaped.
    pub path: String,
    /// The query, not escaped; sent sorted by name.
    pub query: Vec<(String, String)>,
    pub accept: Accept,
    pub content_type: Option<&'static str>,
    pub body: Vec<u8>,
    /// Headers that only some requests have.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The answer's code, where it is not the usual one of the request's verb.
    pub code: Option<u16>,
    /// Where set, it is not sent as assumed, but where the cluster is in this state.
    pub when: Option<String>,
    /// Whether the path is sent as it is, query and all: `--raw`.
    pub raw: bool,
}

/// What a request accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accept {
    /// A table, for printing.
    Table,
    /// JSON only: the dynamic client and the resource helper.
    Json,
    /// JSON before anything else: the plain REST client.
    Any,
    /// Protobuf before JSON: typed clients.
    Protobuf,
    /// Protobuf before anything else: the metrics client.
    ProtobufOrAny,
    /// No header at all: upgrades.
    Nothing,
}

impl Accept {
    fn header(self) -> Option<&'static str> {
        Some(match self {
            Accept::Table => {
                "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"
            }
            Accept::Json => "application/json",
            Accept::Any => "application/json, */*",
            Accept::Protobuf => "application/vnd.kubernetes.protobuf,application/json",
            Accept::ProtobufOrAny => "application/vnd.kubernetes.protobuf, */*",
            Accept::Nothing => return None,
        })
    }
}

pub(super) const JSON: &str = "application/json";
pub(super) const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";
pub(super) const STRATEGIC_PATCH: &str = "application/strategic-merge-patch+json";
pub(super) const JSON_PATCH: &str = "application/json-patch+json";
pub(super) const APPLY_PATCH: &str = "application/apply-patch+yaml";

impl Call {
    /// A request without query and body that accepts JSON.
    pub fn new(method: &'static str, path: impl Into<String>, purpose: impl Into<String>) -> Call {
        Call {
            purpose: purpose.into(),
            method,
            path: path.into(),
            query: Vec::new(),
            accept: Accept::Json,
            content_type: None,
            body: Vec::new(),
            headers: Vec::new(),
            code: None,
            when: None,
            raw: false,
        }
    }

    /// A GET that accepts JSON.
    pub fn get(path: impl Into<String>, purpose: impl Into<String>) -> Call {
        Call::new("GET", path, purpose)
    }

    /// The same, accepting this.
    pub fn accept(mut self, accept: Accept) -> Call {
        self.accept = accept;
        self
    }

    /// The same, with this in the query.
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Call {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// The same, with this in the query, where there is a value.
    pub fn query_if(self, name: &str, value: Option<&str>) -> Call {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// The same, with a body as kubectl's JSON writer makes it: one line, `<`, `>` and `&` escaped, a newline at the end.
    pub fn json(mut self, body: &Value) -> Call {
        self.body = json_text(body).into_bytes();
        self.body.push(b'\n');
        self.content_type = Some(JSON);
        self
    }

    /// The same, with a body that goes over the wire as protobuf; it is held as JSON.
    pub fn protobuf(mut self, body: &Value) -> Call {
        self.body = json_text(body).into_bytes();
        self.content_type = Some(PROTOBUF);
        self.accept = Accept::Protobuf;
        self
    }

    /// The same, with a patch of this type.
    pub fn patch(mut self, content_type: &'static str, body: impl Into<Vec<u8>>) -> Call {
        self.body = body.into();
        self.content_type = Some(content_type);
        self
    }

    /// The same, answered with this code.
    pub fn answered(mut self, code: u16) -> Call {
        self.code = Some(code);
        self
    }

    /// The same, sent not as assumed, but in this state of the cluster.
    pub fn when(mut self, condition: impl Into<String>) -> Call {
        self.when = Some(condition.into());
        self
    }

    /// How long it is, more or less.
    pub fn size(&self) -> usize {
        let query = self.query.iter().map(|(name, value)| name.len() + value.len());
        self.path.len() + self.body.len() + query.sum::<usize>()
    }

    /// The request line's target.
    pub fn target(&self, timeout: Option<&str>) -> String {
        if self.raw {
            return raw_target(&self.path, timeout);
        }
        let mut query = self.query.clone();
        query.extend(timeout.map(|timeout| ("timeout".to_owned(), timeout.to_owned())));
        let query = encode_query(query);
        let mut target = escape(&self.path, is_plain_in_path);
        if !query.is_empty() {
            target.push('?');
            target.push_str(&query);
        }
        target
    }

    /// The request on the wire, with these headers of the whole command.
    pub fn to_http(&self, common: &[(String, GoString)], timeout: Option<&str>) -> HttpRequest {
        let mut headers = common.to_vec();
        let mut add = |name: &str, value: &str| headers.push((name.to_owned(), GoString::from(value)));
        if let Some(accept) = self.accept.header() {
            add("Accept", accept);
            add("Accept-Encoding", "gzip");
        }
        if let Some(content_type) = self.content_type {
            add("Content-Type", content_type);
        }
        for (name, value) in &self.headers {
            add(name, value);
        }
        HttpRequest {
            method: GoString::from(self.method),
            target: GoString::from(self.target(timeout)),
            headers,
            body: GoString::from(self.body.clone()),
        }
    }
}

/// JSON on one line, as Go's encoder writes it.
pub(super) fn json_text(value: &Value) -> String {
    let text = value.to_string();
    if !text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => escaped.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => escaped.push(other),
        }
    }
    escaped
}

/// `url.Values.Encode`: sorted by name, values of a name in order.
fn encode_query(mut query: Vec<(String, String)>) -> String {
    crate::sort::sort_by(&mut query, |(left, _), (right, _)| left.cmp(right));
    let pairs = query.iter().map(|(name, value)| format!("{}={}", escape_query(name), escape_query(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn escape_query(text: &str) -> String {
    escape(text, |byte| byte.is_ascii_alphanumeric() || b"-_.~ ".contains(&byte)).replace(' ', "+")
}

/// What Go leaves as it is in a path.
fn is_plain_in_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte)
}

fn escape(text: &str, is_plain: impl Fn(u8) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// A target given with `--raw`: its query is decoded and encoded again.
fn raw_target(raw: &str, timeout: Option<&str>) -> String {
    let (path, query) = raw.split_once('?').map_or((raw, None), |(path, query)| (path, Some(query)));
    let pairs = query.into_iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty());
    let mut decoded: Vec<(String, String)> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescape(name), unescape(value))
        })
        .collect();
    decoded.extend(timeout.map(|timeout| ("timeout".to_owned(), timeout.to_owned())));
    let path = escape(path, |byte| is_plain_in_path(byte) || b"%!*'()".contains(&byte));
    if decoded.is_empty() { path } else { format!("{path}?{}", encode_query(decoded)) }
}

fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let value = hex.filter(|_| *byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, value) {
            (_, Some(value)) => {
                decoded.push(value);
                at += 3;
                continue;
            }
            (b'+', None) => decoded.push(b' '),
            (other, None) => decoded.push(*other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_written_as_go_writes_them() {
        let call = Call::get("/apis/x/a b*", "x").query("limit", "500").query("labelSelector", "tier in (a,b),c!=d");
        assert_eq!(
            call.target(Some("5s")),
            "/apis/x/a%20b%2A?labelSelector=tier+in+%28a%2Cb%29%2Cc%21%3Dd&limit=500&timeout=5s"
        );
        for (raw, expected) in
            [("/readyz?verbose", "/readyz?verbose="), ("/a?b=%41+c&a=1", "/a?a=1&b=A+c"), ("/a%2Fb", "/a%2Fb")]
        {
            let call = Call { raw: true, ..Call::get(raw, "x") };
            assert_eq!(call.target(None), expected);
        }
    }
}
