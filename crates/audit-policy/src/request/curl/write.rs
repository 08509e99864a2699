//! Request → curl command.

use super::url::{Ways, parse};
use super::{Format, ReadOptions, USER_AGENT};
use crate::GoString;
use crate::exchange::HttpRequest;
use crate::shell_word::shell_word;

/// The server where the request does not say: what kubeadm's is on the node itself.
const SERVER: &str = "127.0.0.1:6443";

/// Headers that curl makes itself, and that no event has anything of.
const OWN: [&str; 3] = ["host", "content-length", "transfer-encoding"];

/// The request as a curl command that sends it, with a client certificate; none where no command line can hold it.
pub(in crate::request) fn write(request: &HttpRequest) -> Option<String> {
    let (method, target, body) = (request.method.as_str()?, request.target.as_str()?, request.body.as_str()?);
    let mut words = vec!["curl -k --cert client.crt --key client.key".to_owned()];
    if method == "HEAD" && body.is_empty() {
        words.push("-I".to_owned());
    } else if method != if body.is_empty() { "GET" } else { "POST" } {
        words.push(format!("-X {}", shell_word(method)));
    }
    let mut lines = Vec::new();
    for (name, value) in &request.headers {
        let value = value.as_str()?;
        match name.to_ascii_lowercase().as_str() {
            own if OWN.contains(&own) => {}
            "user-agent" if value == USER_AGENT => {}
            "accept" if value == "*/*" => {}
            _ if value.is_empty() => lines.push(format!("-H {}", shell_word(&format!("{name};")))),
            _ => lines.push(format!("-H {}", shell_word(&format!("{name}: {value}")))),
        }
    }
    let absent = |name: &str| request.header(name).is_none();
    for name in ["User-Agent", "Accept"].into_iter().chain((!body.is_empty()).then_some("Content-Type")) {
        if absent(name) {
            lines.push(format!("-H '{name}:'"));
        }
    }
    if !body.is_empty() {
        let option = if body.starts_with('@') { "--data-raw" } else { "-d" };
        lines.push(format!("{option} {}", shell_word(body)));
    }
    words.push(url(request, target));
    let text = [&[words.join(" ")], lines.as_slice()].concat().join(" \\\n  ");
    is_read_back(&text, request).then_some(text)
}

/// The URL, with what makes curl send its path as it is.
fn url(request: &HttpRequest, target: &str) -> String {
    let plain = |host: &&str| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-".contains(&byte))
    };
    let host = request.header("Host").and_then(GoString::as_str).filter(plain).unwrap_or(SERVER);
    let url = format!("https://{host}{target}");
    for (option, ways) in [
        ("", Ways::default()),
        ("-g ", Ways { globoff: true, ..Ways::default() }),
        ("--path-as-is ", Ways { path_as_is: true, ..Ways::default() }),
        ("-g --path-as-is ", Ways { globoff: true, path_as_is: true, expands: false }),
    ] {
        if target.starts_with('/') && parse(&url, ways).is_ok_and(|url| url.target == target) {
            return format!("{option}{}", shell_word(&url));
        }
    }
    format!("--request-target {} https://{host}/", shell_word(target))
}

fn is_read_back(text: &str, request: &HttpRequest) -> bool {
    let Ok(reading) =
        super::read(text.as_bytes(), &ReadOptions { format: Some(Format::Curl), ..ReadOptions::default() })
    else {
        return false;
    };
    let headers = |request: &HttpRequest| {
        let named = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
        let mut kept: Vec<_> = named.filter(|(name, _)| !OWN.contains(&name.as_str())).collect();
        // Curl's own come first; only the order of those of one name counts.
        crate::sort::sort_by(&mut kept, |(left, _), (right, _)| left.cmp(right));
        kept
    };
    reading.requests.first().is_some_and(|read| {
        let read = &read.exchange.request;
        (&read.method, &read.target, &read.body) == (&request.method, &request.target, &request.body)
            && headers(read) == headers(request)
    })
}
