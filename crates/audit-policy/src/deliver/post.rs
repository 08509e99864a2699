//! The POST that a webhook's receiver gets, byte for byte.
//!
//! What goes over the wire is `k8s.io/client-go`'s and Go's own: see the recordings in `tests/vectors`.

use serde::Serialize;

use crate::event::EventVersion;
use crate::shell_word::in_quotes;
use crate::text::Encoding;
use crate::{Event, GoString};

/// What stands before and after the version's name, and at the end.
const BEGIN: [&str; 2] = [r#"{"kind":"EventList","apiVersion":""#, r#"","metadata":{},"items":["#];
const END: &[u8] = b"]}\n";

fn begin(version: EventVersion) -> String {
    BEGIN.join(version.as_str())
}

/// A POST to a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    /// The receiver's URL as the webhook's kubeconfig has it.
    pub url: String,
    /// `Host`: host and port.
    pub host: String,
    /// The request's target: the URL's path with `?timeout=30s`.
    pub target: String,
    /// The headers in order, but for Host. A kubeconfig that has credentials adds `Authorization` (after Accept).
    pub headers: Vec<(String, String)>,
    /// The body: an EventList. Bytes that are not UTF-8 are U+FFFD in what this serializes to.
    pub body: GoString,
}

/// The body of a POST: an EventList of these events, with a newline at its end.
pub fn body(events: &[&Event], encoding: Encoding) -> Vec<u8> {
    let mut body = begin(encoding.version()).into_bytes();
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend(encoding.item(event));
    }
    body.extend_from_slice(END);
    body
}

/// The bytes of an item for a line of this size.
pub(super) fn item_size(line: u32, version: EventVersion) -> u32 {
    let kind_and_version = r#""kind":"Event","apiVersion":"","#.len() + version.as_str().len();
    // The newline goes, too.
    line.saturating_sub(u32::try_from(kind_and_version).unwrap_or(u32::MAX).saturating_add(1))
}

/// The bytes of a body with items of these sizes.
pub(super) fn body_size(items: impl Iterator<Item = u32>, version: EventVersion) -> u64 {
    let (count, bytes) = items.fold((0_u64, 0_u64), |(count, bytes), item| (count + 1, bytes + u64::from(item)));
    let around = BEGIN.map(str::len).iter().sum::<usize>() + version.as_str().len() + END.len();
    around as u64 + bytes + count.saturating_sub(1)
}

impl Post {
    /// The POST of these events to a receiver such as `https://audit.example.com/hook`.
    pub fn new(events: &[&Event], url: &str, encoding: Encoding) -> Post {
        let body = body(events, encoding);
        let (_, rest) = url.split_once("://").unwrap_or(("", url));
        let (host, path) = match rest.find('/').and_then(|at| rest.split_at_checked(at)) {
            Some((host, path)) => (host, path),
            None => (rest, ""),
        };
        // The client keeps no query of the kubeconfig's URL.
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = if path.is_empty() { "/" } else { path };
        let headers = [
            ("User-Agent", "Go-http-client/1.1".to_owned()),
            ("Content-Length", body.len().to_string()),
            ("Accept", "application/json, */*".to_owned()),
            ("Content-Type", "application/json".to_owned()),
            ("Accept-Encoding", "gzip".to_owned()),
        ];
        Post {
            url: url.to_owned(),
            host: host.to_owned(),
            target: format!("{path}?timeout=30s"),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            body: body.into(),
        }
    }

    /// The request as HTTP/1.1 has it.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("POST {} HTTP/1.1\r\nHost: {}\r\n", self.target, self.host).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(self.body.as_bytes());
        bytes
    }

    /// A command that sends the same request, for a POSIX shell; none where the body is not UTF-8 and so no text.
    pub fn curl(&self) -> Option<String> {
        let body = std::str::from_utf8(self.body.as_bytes()).ok()?;
        let scheme = self.url.split_once("://").map_or("https", |(scheme, _)| scheme);
        let url = format!("{scheme}://{}{}", self.host, self.target);
        let mut command = format!("curl {}", in_quotes(&url));
        for (name, value) in &self.headers {
            // curl counts by itself, and would not unpack what it did not ask for.
            if !matches!(name.as_str(), "Content-Length" | "Accept-Encoding") {
                command.push_str(&format!(" \\\n  -H {}", in_quotes(&format!("{name}: {value}"))));
            }
        }
        command.push_str(&format!(" \\\n  --compressed --data-binary {}", in_quotes(body)));
        Some(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Release;

    fn event(user: &str) -> Event {
        let text = format!(
            r#"{{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"RequestReceived","requestURI":"/","verb":"get","user":{{"username":"{user}"}},"requestReceivedTimestamp":null,"stageTimestamp":null}}"#
        );
        crate::event::parse(text.as_bytes(), Release::NEWEST).unwrap()
    }

    #[test]
    fn a_body_is_as_large_as_its_items_say() {
        for users in [vec![], vec!["alice"], vec!["alice", "o'neill"]] {
            let events: Vec<Event> = users.into_iter().map(event).collect();
            for version in EventVersion::ALL {
                let encoding = Encoding::new(version, Release::NEWEST);
                let items = events.iter().map(|event| item_size(encoding.line(event).len() as u32 + 1, version));
                let body = body(&events.iter().collect::<Vec<_>>(), encoding);
                assert_eq!(body.len() as u64, body_size(items, version));
                assert!(body.starts_with(begin(version).as_bytes()));
            }
        }
    }

    #[test]
    fn a_post_goes_where_the_url_says() {
        let event = event("o'neill");
        for (url, host, target) in [
            ("https://audit.example.com/hook", "audit.example.com", "/hook?timeout=30s"),
            ("http://127.0.0.1:8080", "127.0.0.1:8080", "/?timeout=30s"),
        ] {
            let post = Post::new(&[&event], url, Encoding::of(Release::NEWEST));
            assert_eq!((post.host.as_str(), post.target.as_str()), (host, target));
            assert!(post.bytes().starts_with(format!("POST {target} HTTP/1.1\r\nHost: {host}\r\n").as_bytes()));
            let curl = post.curl().unwrap();
            assert!(curl.starts_with(&format!("curl '{url}")) && curl.contains(r#""o'\''neill""#), "{curl}");
        }
    }
}
