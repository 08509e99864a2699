//! Raw HTTP → exchanges: a request, or a request and its response, as on the wire or as pasted.

use super::assume::assume;
use super::describe::describe_request;
use super::message::{Follows, Lines, Message, head_line, read_message};
use super::{Assumption, Format, Given, ReadOptions, Reading, Request, Unreadable};
use crate::exchange::{Authentication, HttpRequest};
use crate::{Diagnostic, GoString, Release, Severity, Span};

pub(super) fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    let (request, response) = if super::curl_trace::is_trace(text) {
        let (request, response) = super::curl_trace::parts(text);
        let request = read_request(&mut Lines::new(&request))?;
        let response = response.and_then(|response| read_response(&mut Lines::new(&response)));
        (request, response)
    } else {
        let mut lines = Lines::new(text);
        let request = read_request(&mut lines)?;
        let response = read_response(&mut lines);
        (request, response)
    };
    let mut given = options.given.clone();
    let mut inferred = Vec::new();
    if let Some(response) = &response {
        take_response(response, &request, &mut given, &mut inferred);
    }
    let mut reading = reading(Format::Http, request, &given, options.release);
    reading.assumed.extend(inferred);
    Ok(reading)
}

/// What is read of a text that comes to this request, with this known besides.
pub(super) fn reading(format: Format, request: HttpRequest, given: &Given, release: Release) -> Reading {
    let understood = describe_request(&request, release);
    let (exchange, assumed) = assume(request, given, release);
    Reading {
        format,
        understood,
        assumed,
        findings: Vec::new(),
        requests: vec![Request { purpose: "the request".to_owned(), when: None, exchange }],
        discovery: Vec::new(),
        pick: 0,
    }
}

/// A request as raw HTTP, with line ends as people type them; none where that could not be read back. A body's length is written only where
/// the body's end could not be told without it, so that the body can be edited.
pub(super) fn write(request: &HttpRequest) -> Option<String> {
    let body = request.body.as_str()?;
    let lengths = ["Content-Length", "Transfer-Encoding"];
    let mut text = format!("{} {} HTTP/1.1\n", request.method.as_str()?, request.target.as_str()?);
    for (name, value) in &request.headers {
        if !lengths.iter().any(|length| name.eq_ignore_ascii_case(length)) {
            text.push_str(&format!("{name}: {}\n", value.as_str()?));
        }
    }
    let plain = [&text, "\n", body].concat();
    let is_same = |text: &str| {
        let mut lines = Lines::new(text.as_bytes());
        let read = read_request(&mut lines);
        !super::curl_trace::is_trace(text.as_bytes())
            && lines.skip_blank().is_none()
            && read.is_ok_and(|read| {
                let headers = |request: &HttpRequest| {
                    let kept = request
                        .headers
                        .iter()
                        .filter(|(name, _)| !lengths.iter().any(|length| name.eq_ignore_ascii_case(length)));
                    kept.cloned().collect::<Vec<_>>()
                };
                (&read.method, &read.target, &read.body) == (&request.method, &request.target, &request.body)
                    && headers(&read) == headers(request)
            })
    };
    if is_same(&plain) {
        return Some(plain);
    }
    let sized = format!("{text}Content-Length: {}\n\n{body}", body.len());
    is_same(&sized).then_some(sized)
}

/// A response: its code, headers and body.
struct HttpResponse {
    code: u16,
    message: Message,
}

fn read_request(lines: &mut Lines<'_>) -> Result<HttpRequest, Unreadable> {
    let Some(line) = lines.skip_blank() else {
        return Err(unreadable("the text is empty", None, "paste a request such as `GET /api/v1/pods`"));
    };
    let bytes = lines.bytes(line);
    let refuse =
        |problem: &str| Err(unreadable(problem, Some(line), "begin with method and path, such as `GET /api/v1/pods`"));
    if status_code(bytes).is_some() {
        return refuse("this is a response without its request");
    }
    let Some((method, rest)) = super::url::cut(bytes, b' ') else {
        return refuse("the first line is no request line: it has no path");
    };
    if method.is_empty() {
        return refuse("the first line is no request line: it begins with a blank");
    }
    let (method, target) = (GoString::from(method), GoString::from(without_version(rest)));
    let message = read_message(lines, Follows::BodyAndResponse).map_err(|span| {
        unreadable(
            "this line is no header: it has no colon",
            Some(span),
            "write `Name: value`, or put a blank line before the body",
        )
    })?;
    Ok(HttpRequest { method, target, headers: message.headers, body: message.body })
}

/// The target of a request line: what stands before ` HTTP/…`, where that stands at the end.
fn without_version(rest: &[u8]) -> &[u8] {
    let last_blank = rest.iter().rposition(|byte| *byte == b' ');
    match last_blank.and_then(|blank| rest.split_at_checked(blank)) {
        Some((target, version)) if version.starts_with(b" HTTP/") => target,
        _ => rest,
    }
}

/// The final response, after those that only inform.
fn read_response(lines: &mut Lines<'_>) -> Option<HttpResponse> {
    loop {
        let line = lines.skip_blank()?;
        let code = status_code(lines.bytes(line))?;
        let informs = code < 200 && code != 101;
        let message = read_message(lines, if informs { Follows::Response } else { Follows::Body }).ok()?;
        if !informs {
            return Some(HttpResponse { code, message });
        }
    }
}

/// The code of a status line such as `HTTP/1.1 200 OK`.
pub(super) fn status_code(line: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split(' ').filter(|word| !word.is_empty());
    let code = words.next().filter(|word| head_line(word.as_bytes())).and_then(|_| words.next())?;
    code.parse().ok().filter(|code| (100..1000).contains(code) && line.is_ascii())
}

/// What the response tells, unless it is given otherwise.
fn take_response(response: &HttpResponse, request: &HttpRequest, given: &mut Given, inferred: &mut Vec<Assumption>) {
    let header = |name: &str| {
        let found = response.message.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    };
    if given.audit_id.is_none() && super::headers::audit_id(request).is_none() {
        given.audit_id = header("Audit-Id").filter(|id| !id.is_empty());
    }
    let mut infer = |about: &str, text: &str| {
        inferred.push(Assumption { about: about.to_owned(), text: text.to_owned() });
    };
    if given.code.is_none() {
        given.code = Some(response.code);
        if given.body.is_none() {
            given.body = Some(response.message.body.clone());
        }
        let body = response.message.body.as_bytes();
        let refuses_impersonation = body.windows(b"cannot impersonate".len()).any(|part| part == b"cannot impersonate");
        if response.code == 401 && given.user.is_none() {
            given.user = Some(Authentication::Failed);
            infer("user", "none: the answer 401 means that authentication failed");
        }
        if response.code == 403 && refuses_impersonation && given.impersonation_allowed.is_none() {
            given.impersonation_allowed = Some(false);
            infer("impersonation", "refused, as the answer says");
        }
    }
}

fn unreadable(message: &str, span: Option<Span>, help: &str) -> Unreadable {
    let finding = Diagnostic {
        code: "unreadable-http",
        severity: Severity::Error,
        message: message.to_owned(),
        path: None,
        span,
        help: Some(help.to_owned()),
        fix: None,
    };
    Unreadable { format: Some(Format::Http), findings: vec![finding] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match read(text.as_bytes(), &ReadOptions::default()) {
            Ok(reading) => {
                let Exchange { request, response, authentication, audit_id, .. } = &reading.requests[0].exchange;
                let nobody = if *authentication == Authentication::Failed { " nobody" } else { "" };
                format!(
                    "{} {} {:?} {:?} -> {:?} {:?} {audit_id}{nobody}",
                    request.method, request.target, request.headers, request.body, response.code, response.body
                )
            }
            Err(unreadable) => {
                let finding = &unreadable.findings[0];
                format!("{} at {:?}", finding.message, finding.span.map(|span| (span.start, span.end)))
            }
        }
    }
    use crate::Exchange;

    const ZEROS: &str = "00000000-0000-0000-0000-000000000000";

    #[test]
    fn http_as_people_paste_it() {
        for (text, expected) in [
            ("GET /api/v1/pods", "GET /api/v1/pods [] \"\" -> Some(200) \"\" ID"),
            ("\n\nGET /a b HTTP/1.1\n", "GET /a b [] \"\" -> Some(400) \"\" ID"),
            (
                "POST /api/v1/pods HTTP/1.1\r\nA:  b \r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 201 Created\r\nAudit-Id: x\r\n\r\n{\"a\":1}\n",
                "POST /api/v1/pods [(\"A\", \"b\"), (\"Content-Length\", \"2\")] \"{}\" -> Some(201) \"{\\\"a\\\":1}\" x",
            ),
            (
                "POST /x\nContent-Length: 999\n\n{\"a\":\n1}\n\nHTTP/1.1 401\n\nno\n",
                "POST /x [(\"Content-Length\", \"999\")] \"{\\\"a\\\":\\n1}\" -> Some(401) \"no\" ID nobody",
            ),
            ("POST /x\n{\"a\": 1}", "POST /x [] \"{\\\"a\\\": 1}\" -> Some(200) \"\" ID"),
            (
                "PUT /x\nTransfer-Encoding: chunked\n\n2\n{}\n1;x=y\n \n0\n\n",
                "PUT /x [(\"Transfer-Encoding\", \"chunked\")] \"{} \" -> Some(200) \"\" ID",
            ),
            (
                "PUT /x\nTransfer-Encoding: chunked\n\nffffffffffffffff\n{}",
                "PUT /x [(\"Transfer-Encoding\", \"chunked\")] \"ffffffffffffffff\\n{}\" -> Some(200) \"\" ID",
            ),
            (
                "POST /x\nExpect: 100-continue\n\nHTTP/1.1 100 Continue\n\nHTTP/2 204\n",
                "POST /x [(\"Expect\", \"100-continue\")] \"\" -> Some(204) \"\" ID",
            ),
            (
                "* Connected\n> GET /api HTTP/2\n> Host: a\n> \n* noise\n< HTTP/2 200 \n< audit-id: z\n< \n{ [5 bytes data]\nhello\n* left",
                "GET /api [(\"Host\", \"a\")] \"\" -> Some(200) \"hello\" z",
            ),
            ("GET /x\nA: b\n  c\n", "GET /x [(\"A\", \"b c\")] \"\" -> Some(200) \"\" ID"),
            ("", "the text is empty at None"),
            ("\nGET", "the first line is no request line: it has no path at Some((1, 4))"),
            ("HTTP/1.1 200 OK\n\n", "this is a response without its request at Some((0, 15))"),
            ("GET /\nA: b\nnonsense\n", "this line is no header: it has no colon at Some((11, 19))"),
        ] {
            assert_eq!(shown(text), expected.replace("ID", ZEROS), "{text}");
        }
    }
}
