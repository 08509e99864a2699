//! Scenario → JSON and YAML.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Scenario, VERSION};
use crate::GoString;
use crate::exchange::{Authentication, LoggedObject, Outcome, Times};
use crate::request::Given;

/// The scenario as JSON, in the order in which the file is documented, without what is not given.
pub(super) fn to_value(scenario: &Scenario) -> Value {
    let mut members = Members::default();
    members.put("version", Some(json!(VERSION)));
    members.put("kubernetes", scenario.kubernetes.map(|release| json!(release)));
    members.put("policy", scenario.policy.as_ref().map(|policy| json!(policy)));
    members.put("request", Some(json!(scenario.request)));
    members.put("format", scenario.format.map(|format| json!(format.as_str())));
    members.put("pick", scenario.pick.map(|pick| json!(pick + 1)));
    let given = &scenario.given;
    members.put("as", given.user.as_ref().map(user));
    members.put("impersonation", given.impersonation_allowed.map(|is| json!(if is { "allowed" } else { "refused" })));
    members.put("from", given.from.as_ref().map(|from| json!(from)));
    members.put("response", response(given));
    members.put("annotations", given.annotations.as_ref().map(|annotations| json!(annotations)));
    members.put("times", given.times.as_ref().map(times));
    members.put("auditID", given.audit_id.as_ref().map(|id| json!(id)));
    Value::Object(members.0)
}

#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn put(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// The mapping, unless it is empty.
    fn some(self) -> Option<Value> {
        (!self.0.is_empty()).then_some(Value::Object(self.0))
    }
}

fn user(user: &Authentication) -> Value {
    let Authentication::User(user) = user else { return json!("nobody") };
    let mut members = Members::default();
    members.put("user", Some(json!(user.username)));
    members.put("uid", (!user.uid.is_empty()).then(|| json!(user.uid)));
    members.put("groups", Some(json!(user.groups)));
    let extra: BTreeMap<String, &Vec<GoString>> =
        user.extra.iter().map(|(key, values)| (key.to_str_lossy().into_owned(), values)).collect();
    members.put("extra", (!extra.is_empty()).then(|| json!(extra)));
    Value::Object(members.0)
}

fn response(given: &Given) -> Option<Value> {
    let mut members = Members::default();
    members.put("code", given.code.map(|code| json!(code)));
    members.put("body", given.body.as_ref().map(|body| json!(body)));
    let mut objects = Members::default();
    objects.put("request", object(&given.objects.request));
    objects.put("response", object(&given.objects.response));
    members.put("objects", objects.some());
    let (outcome, panic) = match &given.outcome {
        None => (None, None),
        Some(Outcome::Complete) => (Some("complete"), None),
        Some(Outcome::NothingWritten) => (Some("nothingWritten"), None),
        Some(Outcome::Panic(value)) => (Some("panic"), Some(json!(value))),
    };
    members.put("outcome", outcome.map(|outcome| json!(outcome)));
    members.put("panic", panic);
    members.some()
}

fn object(object: &LoggedObject) -> Option<Value> {
    match object {
        LoggedObject::FromBody => None,
        LoggedObject::Absent => Some(Value::Null),
        // A string keeps what YAML and most readers of JSON lose: order, spelling, duplicates.
        LoggedObject::Decoded(text) => Some(json!(String::from_utf8_lossy(text.as_bytes()))),
    }
}

fn times(times: &Times) -> Value {
    let mut members = Members::default();
    members.put("requestReceived", Some(json!(nanoseconds(times.request_received))));
    for (stage, time) in &times.stages {
        members.put(stage.as_str(), Some(json!(nanoseconds(*time))));
    }
    Value::Object(members.0)
}

/// With all nine decimals, so that the precision shows.
fn nanoseconds(time: crate::Timestamp) -> String {
    let text = time.to_rfc3339_nano();
    let (date, decimals) = text.trim_end_matches('Z').split_once('.').unwrap_or((text.trim_end_matches('Z'), ""));
    format!("{date}.{decimals:0<9}Z")
}

/// JSON as YAML 1.1: mappings and lists as blocks, texts of several lines as literal blocks.
pub(super) fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    if let Value::Object(members) = value {
        for (key, value) in members {
            write_member(&mut out, key, value, 0);
        }
    }
    out
}

fn write_member(out: &mut String, key: &str, value: &Value, indent: usize) {
    out.push_str(&" ".repeat(indent));
    out.push_str(&scalar(key));
    out.push(':');
    match value {
        Value::Object(members) if !members.is_empty() && indent < MAX_BLOCKS => {
            out.push('\n');
            for (key, value) in members {
                write_member(out, key, value, indent + 2);
            }
        }
        Value::String(text) if is_block(text) => write_block(out, text, indent + 2),
        _ => {
            out.push(' ');
            write_flow(out, value);
            out.push('\n');
        }
    }
}

/// Mappings that are indented further than this are written in one line.
const MAX_BLOCKS: usize = 6;

/// JSON, which is YAML too, but for strings that need no quotes.
fn write_flow(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => out.push_str(&scalar(text)),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).map(scalar).collect();
            out.push_str(&format!("[{}]", items.join(", ")));
        }
        _ => out.push_str(&escape_special(&value.to_string())),
    }
}

/// Whether a text can and should be a literal block.
fn is_block(text: &str) -> bool {
    let is_plain = |character: char| character == '\n' || character == '\t' || !is_special(character);
    text.contains(['\n', '"']) && !text.trim_matches('\n').is_empty() && text.chars().all(is_plain)
}

fn write_block(out: &mut String, text: &str, indent: usize) {
    out.push_str(" |");
    // The indentation cannot be told from a first line that is blank or begins with one.
    if text.starts_with([' ', '\t', '\n']) {
        out.push('2');
    }
    let body = text.strip_suffix('\n');
    match body {
        None => out.push('-'),
        Some(body) if body.ends_with('\n') => out.push('+'),
        Some(_) => {}
    }
    out.push('\n');
    for line in body.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// A string on one line: as it is where YAML reads it so, else in double quotes.
fn scalar(text: &str) -> String {
    let is_first = text.starts_with(|character: char| character.is_ascii_alphabetic() || character == '/');
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "/_.-".contains(character);
    let word = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    if is_first && !word && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        escape_special(&json!(text).to_string())
    }
}

/// JSON text in which characters that YAML does not take as they are are escaped; they stand in strings only.
fn escape_special(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if is_special(character) {
            out.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}

/// Control characters, line breaks of YAML 1.1, and the byte order mark. (JSON escapes those below the blank.)
fn is_special(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
