//! YAML or JSON → scenario.

use std::collections::BTreeMap;

use super::{Scenario, VERSION, load, refuse};
use crate::event::UserInfo;
use crate::exchange::{Authentication, LoggedObject, Outcome, Times};
use crate::json::{self, JsonText, Kind, Node, write_node};
use crate::request::document::document;
use crate::request::fields::{Fields, shorten};
use crate::request::{Format, Given, Unreadable, assume};
use crate::{Release, Span, Timestamp};

/// Every key.
pub(crate) const KEYS: [&str; 16] = [
    "version",
    "kubernetes",
    "policy",
    "request",
    "format",
    "pick",
    "as",
    "impersonation",
    "from",
    "response",
    "annotations",
    "times",
    "auditID",
    "flags",
    "load",
    "sinks",
];

/// Names that a later version will give a meaning.
const RESERVED: [&str; 1] = ["cluster"];

/// Formats of a request inside a scenario.
const FORMATS: [Format; 6] = [Format::Kubectl, Format::Http, Format::Curl, Format::Event, Format::Review, Format::Form];

/// A scenario, and where its request is.
pub(super) struct Parsed {
    pub(super) scenario: Scenario,
    pub(super) request: Span,
}

pub(super) fn parse(text: &[u8]) -> Result<Parsed, Unreadable> {
    let document = document(text, "scenario", Format::Scenario)?;
    let whole = Span::new(0, text.len());
    let Some(root) = document.root() else {
        return Err(refuse(
            "empty-scenario",
            "the scenario is empty",
            None,
            "give `version: 1`, `policy` and `request`",
        ));
    };
    let mut fields = Fields::new("scenario");
    let mut scenario = Scenario::default();
    let (mut version, mut request) = (false, None);
    for (key, value) in fields.known_members(root, "", &KEYS, &RESERVED) {
        match key {
            "version" => {
                version = true;
                read_version(&mut fields, value);
            }
            _ => {
                if key == "request" {
                    request = Some(value.span());
                }
                read_member(&mut fields, key, value, &mut scenario);
            }
        }
    }
    if !version && fields.findings.is_empty() {
        fields.refuse("missing-key", "", "the scenario has no `version`", root.span(), "begin with `version: 1`");
    }
    if request.is_none() && fields.findings.is_empty() {
        let help = "give a kubectl command, raw HTTP or an audit event as a string";
        fields.refuse("missing-key", "", "the scenario has no `request`", root.span(), help);
    }
    if fields.findings.is_empty() {
        Ok(Parsed { scenario, request: request.unwrap_or(whole) })
    } else {
        Err(Unreadable { format: Some(Format::Scenario), findings: fields.findings })
    }
}

/// Reads the value of one of [`KEYS`] other than `version`.
pub(crate) fn read_member(fields: &mut Fields, key: &str, value: Node<'_>, scenario: &mut Scenario) {
    match key {
        "kubernetes" => scenario.kubernetes = release(fields, value),
        "policy" => scenario.policy = fields.string(value, key),
        "request" => scenario.request = fields.string(value, key).unwrap_or_default(),
        "format" => scenario.format = format(fields, value),
        "pick" => scenario.pick = fields.number(value, key, 1..=9999).map(|pick| usize::from(pick) - 1),
        "flags" => scenario.sending.flags = fields.string(value, key),
        "load" => scenario.sending.load = Some(load::read(fields, value)),
        "sinks" => scenario.sending.sinks = fields.string(value, key),
        _ => read_given(fields, key, value, &mut scenario.given),
    }
}

/// Reads the number of the format that scenarios, lessons and examples begin with.
pub(crate) fn read_version(fields: &mut Fields, node: Node<'_>) {
    if node.kind() != Kind::Number("1") {
        let help = format!("write `version: {VERSION}`");
        let message = format!("this version of {}s is not known", fields.what);
        fields.refuse("unknown-version", "version", &message, node.span(), &help);
    }
}

fn release(fields: &mut Fields, node: Node<'_>) -> Option<Release> {
    let text = fields.string(node, "kubernetes")?;
    match text.parse() {
        Ok(release) => Some(release),
        Err(error) => {
            fields.refuse("unknown-release", "kubernetes", &format!("{error}"), node.span(), "");
            None
        }
    }
}

fn format(fields: &mut Fields, node: Node<'_>) -> Option<Format> {
    let name = fields.word(node, "format", &FORMATS.map(Format::as_str))?;
    FORMATS.into_iter().find(|format| format.as_str() == name)
}

fn read_given(fields: &mut Fields, key: &str, node: Node<'_>, given: &mut Given) {
    match key {
        "as" => given.user = user(fields, node),
        "impersonation" => {
            given.impersonation_allowed = fields.word(node, key, &["allowed", "refused"]).map(|word| word == "allowed");
        }
        "from" => given.from = fields.strings(node, key),
        "response" => read_response(fields, node, given),
        "annotations" => {
            let stages = fields.by_stage(node, key);
            let annotations = stages.into_iter().map(|(stage, node)| {
                let path = format!("annotations.{stage}");
                (stage, fields.string_map(node, &path))
            });
            given.annotations = Some(crate::sort::map(annotations));
        }
        "times" => given.times = Some(times(fields, node)),
        "auditID" => given.audit_id = fields.string(node, key).map(Into::into),
        _ => {}
    }
}

/// `{user, uid, groups, extra}`, or the word `nobody`. Groups that are not given are those that every authenticator gives; null is none.
fn user(fields: &mut Fields, node: Node<'_>) -> Option<Authentication> {
    if node.as_str() == Some("nobody") {
        return Some(Authentication::Failed);
    }
    if let Some(text) = node.as_str() {
        let message = format!("`as` is `{}`, which is not known", shorten(text));
        let help = format!("write `as: {{user: {}}}`, or the word `nobody`", shorten(text));
        fields.refuse("unknown-value", "as", &message, node.span(), &help);
        return None;
    }
    let (mut user, mut groups_given) = (UserInfo::default(), false);
    for (key, value) in fields.known_members(node, "as", &["user", "uid", "groups", "extra"], &[]) {
        let path = format!("as.{key}");
        match key {
            "user" => user.username = fields.string(value, &path).unwrap_or_default().into(),
            "uid" => user.uid = fields.string(value, &path).unwrap_or_default().into(),
            "groups" if value.kind() == Kind::Null => groups_given = true,
            "groups" => {
                groups_given = true;
                user.groups = fields.strings(value, &path).map(|groups| groups.into_iter().map(Into::into).collect())
            }
            _ => {
                for (name, values) in fields.string_lists(value, &path) {
                    user.extra.insert(name.into(), values.into_iter().map(Into::into).collect());
                }
            }
        }
    }
    if !groups_given {
        user.groups = UserInfo::authenticated(user.username.as_str().unwrap_or_default(), &[]).groups;
    }
    Some(Authentication::User(user))
}

fn read_response(fields: &mut Fields, node: Node<'_>, given: &mut Given) {
    let (mut outcome, mut panic) = (None, None);
    for (key, value) in fields.known_members(node, "response", &["code", "body", "objects", "outcome", "panic"], &[]) {
        let path = format!("response.{key}");
        match key {
            "code" => given.code = fields.number(value, &path, 100..=999),
            "body" => given.body = fields.string(value, &path).map(Into::into),
            "outcome" => outcome = fields.word(value, &path, &["complete", "nothingWritten", "panic"]),
            "panic" => panic = fields.string(value, &path).map(|text| (text, value.span())),
            _ => {
                for (key, value) in fields.known_members(value, &path, &["request", "response"], &[]) {
                    let object = object(fields, value, &format!("{path}.{key}"));
                    match key {
                        "request" => given.objects.request = object,
                        _ => given.objects.response = object,
                    }
                }
            }
        }
    }
    given.outcome = match (outcome, panic) {
        (Some("panic"), panic) => Some(Outcome::Panic(panic.map(|(value, _)| value).unwrap_or_default().into())),
        (_, Some((_, span))) => {
            let message = "`response.panic` is given, and the outcome is no panic";
            fields.refuse("panic-without-outcome", "response.panic", message, span, "write `outcome: panic` too");
            None
        }
        (Some("nothingWritten"), None) => Some(Outcome::NothingWritten),
        (Some(_), None) => Some(Outcome::Complete),
        (None, None) => None,
    };
}

/// An object as the server logs it; null where it logs none. As JSON in a string it keeps the order of its members and the spelling of
/// numbers, which YAML does not.
fn object(fields: &mut Fields, node: Node<'_>, path: &str) -> LoggedObject {
    let text = match node.kind() {
        Kind::Null => return LoggedObject::Absent,
        Kind::String(text) => match json::compact(text.as_bytes()) {
            Ok(text) => text,
            Err(error) => {
                let help = "give the object, or its JSON as a string";
                fields.refuse("bad-json", path, &error.message, node.span(), help);
                return LoggedObject::FromBody;
            }
        },
        _ => {
            let mut text = Vec::new();
            write_node(&mut text, node);
            text
        }
    };
    LoggedObject::Decoded(JsonText::from_compact(text))
}

/// When the request came in, and by name when a stage was reached.
fn times(fields: &mut Fields, node: Node<'_>) -> Times {
    let mut times = Times { request_received: assume::times().request_received, stages: BTreeMap::new() };
    let known = ["requestReceived", "RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];
    for (key, value) in fields.known_members(node, "times", &known, &[]) {
        let path = format!("times.{key}");
        let Some(text) = fields.string(value, &path) else { continue };
        let Some(time) = Timestamp::parse_rfc3339(&text) else {
            let message = format!("`{}` is no time", shorten(&text));
            fields.refuse("bad-time", &path, &message, value.span(), "write it as `2026-01-01T00:00:00.000000000Z`");
            continue;
        };
        match crate::Stage::from_name(key) {
            Some(stage) => {
                times.stages.insert(stage, time);
            }
            None => times.request_received = time,
        }
    }
    times
}
