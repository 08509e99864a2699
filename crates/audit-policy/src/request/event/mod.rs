//! Audit events in JSON → exchanges.
//!
//! Events of one auditID are one request at several stages. What an event's level leaves out is not known, and told as assumed.

mod exchange;
mod find;
mod lenient;
mod target;
pub(super) mod write;

use std::collections::HashMap;

use super::describe::{describe, describe_request};
use super::{Format, ReadOptions, Reading, Request, Unreadable, info};
use crate::event::Event;
use crate::{Diagnostic, GoString, Severity, Span};

/// So many sentences about odd events are given, and no more.
const MAX_FINDINGS: usize = 20;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let shift = text.len() - body.len();
    let found = find::events(body).map_err(|error| {
        let span = Span::new(error.span.start + shift, error.span.end + shift);
        let line = 1 + body.get(..error.span.start).unwrap_or(body).iter().filter(|byte| **byte == b'\n').count();
        let help = "give whole lines of the audit log, each one JSON object";
        unreadable("json-syntax", format!("line {line}: {}", error.message), Some(span), help)
    })?;
    if found.texts.is_empty() {
        let instead = found.instead.map_or("this JSON has no audit event".to_owned(), |name| {
            format!("this is no audit event: its kind is {name}")
        });
        let help = "an audit event has kind Event and apiVersion audit.k8s.io/v1, and fields such as auditID, stage, requestURI and verb";
        return Err(unreadable("not-an-event", instead, None, help));
    }
    let mut findings = Vec::new();
    if found.wrapped {
        let message = "the events are taken out of what wraps them".to_owned();
        findings.push(finding("wrapped-event", Severity::Note, message, None));
    }
    if found.cut {
        let message = format!("only the first {} events are read", find::MAX_EVENTS);
        findings.push(finding(
            "many-events",
            Severity::Warning,
            message,
            Some("replay a whole log on the command line"),
        ));
    }
    let events = decode(&found.texts, options, &mut findings)?;
    let count = events.len();
    let groups = by_request(events);
    let several = groups.len() > 1;
    let (mut requests, mut assumed) = (Vec::new(), Vec::new());
    for events in &groups {
        match exchange::exchange(events, options) {
            Some(made) => {
                findings.extend(made.findings);
                if requests.is_empty() {
                    assumed = made.assumed;
                }
                let purpose = match info::of_request(&made.exchange.request, options.release) {
                    Ok(info) => describe(&info, options.release),
                    Err(_) => describe_request(&made.exchange.request, options.release),
                };
                requests.push(Request { purpose, when: None, exchange: made.exchange });
            }
            None => {
                let message = "the event has neither a requestURI nor an objectRef with a resource".to_owned();
                let help = Some("give one of them: they tell which request it was");
                findings.push(finding("no-request-uri", Severity::Error, message, help));
            }
        }
    }
    let Some(first) = requests.first() else {
        crate::sort::sort_by(&mut findings, |left, right| right.severity.cmp(&left.severity));
        return Err(Unreadable { format: Some(Format::Event), findings });
    };
    findings.truncate(MAX_FINDINGS);
    let asked = describe_request(&first.exchange.request, options.release);
    let understood = match (several, count) {
        (false, 1) => asked,
        (false, _) => format!("{count} events of one request: {asked}"),
        (true, _) => format!("{count} events of {} requests, the first: {asked}", groups.len()),
    };
    Ok(Reading { format: Format::Event, understood, assumed, findings, requests, discovery: Vec::new(), pick: 0 })
}

/// The events, as far as they can be read; one that cannot is told.
fn decode(texts: &[Vec<u8>], options: &ReadOptions, findings: &mut Vec<Diagnostic>) -> Result<Vec<Event>, Unreadable> {
    let mut events = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let which = if texts.len() > 1 { format!("event {}: ", index + 1) } else { String::new() };
        match lenient::read(text, options.release) {
            Ok(read) => {
                if !read.changed.is_empty() {
                    let message = format!("{which}{}", read.changed.join(", "));
                    findings.push(finding("odd-event", Severity::Warning, message, None));
                }
                events.push(read.event);
            }
            Err(message) => {
                let help = Some("give the event as kube-apiserver wrote it");
                findings.push(finding("unreadable-event", Severity::Error, format!("{which}{message}"), help));
            }
        }
    }
    if events.is_empty() {
        return Err(Unreadable { format: Some(Format::Event), findings: std::mem::take(findings) });
    }
    Ok(events)
}

/// The events of each request together, in the order in which the requests appear; events without an id are requests of their own.
fn by_request(events: Vec<Event>) -> Vec<Vec<Event>> {
    let mut groups: Vec<Vec<Event>> = Vec::new();
    let mut known: HashMap<GoString, usize> = HashMap::new();
    for event in events {
        let group = (!event.audit_id.is_empty()).then(|| known.get(&event.audit_id).copied()).flatten();
        match group.and_then(|index| groups.get_mut(index)) {
            Some(group) => group.push(event),
            None => {
                known.insert(event.audit_id.clone(), groups.len());
                groups.push(vec![event]);
            }
        }
    }
    groups
}

fn finding(code: &'static str, severity: Severity, message: String, help: Option<&str>) -> Diagnostic {
    Diagnostic { code, severity, message, path: None, span: None, help: help.map(str::to_owned), fix: None }
}

fn unreadable(code: &'static str, message: String, span: Option<Span>, help: &str) -> Unreadable {
    let finding = Diagnostic { span, ..finding(code, Severity::Error, message, Some(help)) };
    Unreadable { format: Some(Format::Event), findings: vec![finding] }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete","requestURI":"/api/v1/pods?watch=1","verb":"watch","user":{"username":"bob"},"responseStatus":{"code":200}}"#;

    /// What is understood and told of a text, or why it cannot be read.
    fn told(text: &str) -> String {
        match read(text.as_bytes(), &ReadOptions::default()) {
            Ok(reading) => {
                let findings: Vec<_> = reading.findings.iter().map(|finding| finding.message.as_str()).collect();
                [vec![reading.understood.as_str()], findings].concat().join("\n")
            }
            Err(unreadable) => {
                let finding = unreadable.findings.first().unwrap();
                let place = finding.span.map_or(String::new(), |span| format!(" at {}..{}", span.start, span.end));
                format!("{}: {}{place}", finding.code, finding.message)
            }
        }
    }

    #[test]
    fn events_are_found_in_whatever_holds_them() {
        let plain = "GET /api/v1/pods?watch=1: watch pods in all namespaces";
        let two = format!("2 events of one request: {plain}");
        let unwrapped = format!("{plain}\nthe events are taken out of what wraps them");
        let string = serde_json::to_string(EVENT).unwrap();
        for (text, expected) in [
            (EVENT.to_owned(), plain.to_owned()),
            (format!("\u{feff} {EVENT}\n"), plain.to_owned()),
            (format!("{EVENT}\n{EVENT}"), two.clone()),
            (format!("[{EVENT},{EVENT}]"), two.clone()),
            (format!(r#"{{"kind":"EventList","items":[{EVENT},{EVENT}]}}"#), two),
            (format!(r#"{{"records":[{{"properties":{{"log":{string}}}}}]}}"#), unwrapped),
            (EVENT.replace("auditID", "AuditID"), format!("{plain}\n`AuditID` is read as `auditID`")),
            (
                EVENT.replace(
                    r#""requestURI":"/api/v1/pods?watch=1""#,
                    r#""objectRef":{"resource":"pods","namespace":"a b"}"#,
                ),
                "GET /api/v1/namespaces/a%20b/pods?watch=true: watch pods in namespace a b\n\
                 the event has no requestURI: `/api/v1/namespaces/a%20b/pods?watch=true` is made from its objectRef"
                    .to_owned(),
            ),
            (
                EVENT.replace(r#""verb":"watch""#, r#""verb":"frob""#),
                "FROB /api/v1/pods?watch=1: an unknown verb on pods\n\
                 no request for `/api/v1/pods?watch=1` has verb `frob`: rules see no verb"
                    .to_owned(),
            ),
        ] {
            assert_eq!(told(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_event_says_so() {
        for (text, expected) in [
            ("{\n\"a\" 1}", "json-syntax: line 2: invalid character '1' after object key at 6..7"),
            ("\u{feff}{", "json-syntax: line 1: unexpected end of JSON input at 4..4"),
            ("{}", "not-an-event: this JSON has no audit event"),
            (
                r#"{"kind":"Event","apiVersion":"v1"}"#,
                "not-an-event: this is no audit event: its kind is Event of apiVersion `v1`",
            ),
            (
                r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1"}"#,
                "no-request-uri: the event has neither a requestURI nor an objectRef with a resource",
            ),
        ] {
            assert_eq!(told(text), expected);
        }
    }
}
