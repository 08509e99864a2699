//! Which format a request text is written in.

use super::{Format, Unreadable};
use crate::json::{Node, parse};
use crate::{Diagnostic, Severity, Span};

/// The format that a text is written in, as far as it can be told.
pub fn detect(text: &[u8]) -> Option<Format> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let line = first_line(text)?;
    match line.first() {
        Some(b'{' | b'[') => return Some(detect_json(text)),
        _ if is_curl(line) => return Some(Format::Curl),
        _ if is_kubectl(line) || is_piped_to_kubectl(line) => return Some(Format::Kubectl),
        _ if is_http(line) || super::curl_trace::is_trace(text) => return Some(Format::Http),
        _ => {}
    }
    let kind = |line: &[u8]| line.strip_prefix(b"kind:").is_some_and(|kind| is_review(yaml_scalar(kind)));
    if text.split(|byte| *byte == b'\n').any(kind) {
        return Some(Format::Review);
    }
    if commands(text).any(is_curl) {
        return Some(Format::Curl);
    }
    let lines = || text.split(|byte| *byte == b'\n');
    let has = |keys: &[&[u8]]| lines().any(|line| keys.iter().any(|key| line.starts_with(key)));
    // A form has a `version` too, which is the API's.
    if has(&[b"verb:", b"resource:", b"path:"]) && !has(&[b"request:", b"policy:", b"kind:"]) {
        return Some(Format::Form);
    }
    has(&[b"version:", b"request:"]).then_some(Format::Scenario)
}

/// The first line that is neither blank nor a comment, without the blanks around it.
fn first_line(text: &[u8]) -> Option<&[u8]> {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.find(|line| !line.is_empty() && !line.starts_with(b"#"))
}

/// An object with the members of a scenario or a form is one; every other is an event or holds some.
fn detect_json(text: &[u8]) -> Format {
    let document = parse(text).ok();
    let is_string = |root: Node<'_>| root.get("request").is_some_and(|request| request.as_str().is_some());
    match document.as_ref().and_then(|document| document.root()) {
        Some(root) if is_string(root) && root.get("kind").is_none() => Format::Scenario,
        Some(root) if root.get("kind").and_then(Node::as_str).is_some_and(super::review::is_kind) => Format::Review,
        Some(root) if is_form(root) => Format::Form,
        _ => Format::Event,
    }
}

fn is_review(kind: &[u8]) -> bool {
    std::str::from_utf8(kind).is_ok_and(super::review::is_kind)
}

/// A word on a line of YAML, without quotes and the comment after it.
fn yaml_scalar(text: &[u8]) -> &[u8] {
    let text = text.split(|byte| *byte == b'#').next().unwrap_or_default().trim_ascii();
    let quoted = |quote: u8| text.strip_prefix(&[quote]).and_then(|text| text.strip_suffix(&[quote]));
    quoted(b'"').or_else(|| quoted(b'\'')).unwrap_or(text)
}

/// What is asked for, and nothing that only events have.
fn is_form(root: Node<'_>) -> bool {
    let has = |names: &[&str]| root.members().any(|(key, _)| key.as_str().is_some_and(|key| names.contains(&key)));
    has(&["resource", "path"]) && !has(&["kind", "auditID", "requestURI", "objectRef", "stage", "level"])
}

/// What is run on each line: also after `|`, `&` and `;`.
fn commands(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.starts_with(b"#"));
    lines.flat_map(|line| line.split(|byte| matches!(byte, b'|' | b'&' | b';')))
}

/// `curl …` with anything after it, also after a prompt, `sudo` and environment variables, or by its path.
fn is_curl(line: &[u8]) -> bool {
    let name = command(line).and_then(|word| std::str::from_utf8(word).ok());
    name.is_some_and(super::curl::is_curl)
}

/// The command of a line, after a prompt, `sudo` and environment variables.
fn command(line: &[u8]) -> Option<&[u8]> {
    let mut words = line.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
    words.find(|word| !matches!(*word, b"$" | b"%" | b">" | b"sudo") && !is_assignment(word))
}

/// `kubectl …`, also after a prompt, `sudo` and environment variables, by its path, or by its usual alias `k`.
fn is_kubectl(line: &[u8]) -> bool {
    let Some(command) = command(line) else { return false };
    let name = command.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default();
    matches!(name, b"kubectl" | b"kubectl.exe") || command == b"k"
}

/// `cat FILE | kubectl …`, `cd FOLDER && kubectl …`
fn is_piped_to_kubectl(line: &[u8]) -> bool {
    let mut parts = line.split(|byte| matches!(byte, b'|' | b'&' | b';')).skip(1);
    !is_http(line) && parts.any(|part| part.first().is_some_and(u8::is_ascii_whitespace) && is_kubectl(part))
}

/// `NAME=value`
fn is_assignment(word: &[u8]) -> bool {
    let is_name = |name: &[u8]| {
        !name.is_empty()
            && !name.first().is_some_and(u8::is_ascii_digit)
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    super::url::cut(word, b'=').is_some_and(|(name, _)| is_name(name))
}

/// `METHOD /path`, `METHOD https://…`, `OPTIONS *`, or a response's first line.
fn is_http(line: &[u8]) -> bool {
    if super::http::status_code(line).is_some() {
        return true;
    }
    let Some((method, target)) = super::url::cut(line, b' ') else { return false };
    let is_target = target.starts_with(b"/") || target.starts_with(b"http://") || target.starts_with(b"https://");
    let with_version = target.ends_with(b" HTTP/1.1") || target.ends_with(b" HTTP/1.0") || target.ends_with(b" HTTP/2");
    method.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'-')
        && (is_target || with_version || target == b"*")
}

/// The error for a text that is in no known format.
pub(super) fn unknown(text: &[u8]) -> Unreadable {
    let (message, span) = if text.trim_ascii().is_empty() {
        ("the request is empty", None)
    } else {
        ("this is no request that can be read here", Some(first_line_span(text)))
    };
    let finding = Diagnostic {
        code: if span.is_none() { "empty-request" } else { "unknown-request-format" },
        severity: Severity::Error,
        message: message.to_owned(),
        path: None,
        span,
        help: Some(
            "give a kubectl or curl command (`kubectl get pods`), an HTTP request (`GET /api/v1/pods`), an audit event in JSON, \
             a SubjectAccessReview or AdmissionReview, a form (`verb: list`), or a scenario (`version: 1`)"
                .to_owned(),
        ),
        fix: None,
    };
    Unreadable { format: None, findings: vec![finding] }
}

fn first_line_span(text: &[u8]) -> Span {
    let start = text.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or_default();
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    Span::new(start, start + line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart() {
        for (text, expected) in [
            ("kubectl get pods", Some(Format::Kubectl)),
            ("$ kubectl get pods", Some(Format::Kubectl)),
            ("# list them\n  k get pods -A", Some(Format::Kubectl)),
            ("KUBECONFIG=a sudo /usr/bin/kubectl get pods", Some(Format::Kubectl)),
            ("cat <<EOF | kubectl apply -f -\na: 1\nEOF", Some(Format::Kubectl)),
            ("GET /api/v1/pods", Some(Format::Http)),
            ("\r\nOPTIONS * HTTP/1.1\r\n", Some(Format::Http)),
            ("GET https://a/b", Some(Format::Http)),
            ("HTTP/1.1 200 OK", Some(Format::Http)),
            ("*   Trying\n> GET /api HTTP/2", Some(Format::Http)),
            ("{\"kind\":\"Event\"}", Some(Format::Event)),
            ("{\"a\":1}\n{\"b\":2}", Some(Format::Event)),
            ("[{}]", Some(Format::Event)),
            ("{\"version\":1,\"request\":\"GET /\"}", Some(Format::Scenario)),
            ("# mine\nversion: 1\nrequest: GET /", Some(Format::Scenario)),
            ("policy: |\n  a\nrequest: GET /", Some(Format::Scenario)),
            ("curl -k https://a/api", Some(Format::Curl)),
            ("$ TOKEN=a /usr/bin/curl https://a", Some(Format::Curl)),
            ("APISERVER=$(kubectl config view | grep server)\ncurl $APISERVER/api", Some(Format::Curl)),
            ("echo '{}' | curl -d @- localhost:8001/api", Some(Format::Curl)),
            ("kubectl proxy &\ncurl localhost:8001/api", Some(Format::Kubectl)),
            ("curly braces", None),
            ("apiVersion: authorization.k8s.io/v1\nkind: 'SubjectAccessReview' # a\nspec:", Some(Format::Review)),
            ("{\"kind\":\"AdmissionReview\",\"request\":{}}", Some(Format::Review)),
            ("verb: list\nversion: v1\nresource: pods", Some(Format::Form)),
            ("path: /healthz", Some(Format::Form)),
            ("version: 1\npolicy: |\n  resource: a\nrequest: |\n  path: /healthz", Some(Format::Scenario)),
            ("{\"verb\":\"get\",\"resource\":\"pods\"}", Some(Format::Form)),
            ("{\"verb\":\"get\",\"resource\":\"pods\",\"stage\":\"Panic\"}", Some(Format::Event)),
            ("apiVersion: v1\nkind: Pod", None),
            ("hello", None),
            ("  \n", None),
            ("", None),
        ] {
            assert_eq!(detect(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_request_is_told() {
        assert_eq!(unknown(b"\n hello \nx").findings[0].span, Some(Span::new(2, 8)));
        assert_eq!(unknown(b" \n").findings[0].code, "empty-request");
    }
}
