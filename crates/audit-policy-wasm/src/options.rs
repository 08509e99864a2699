//! What is known besides policy and request: a scenario's fields, read by the engine's own reader of scenarios.

use std::collections::BTreeMap;

use audit_policy::request::scenario::Scenario;
use audit_policy::request::{ReadOptions, Unreadable};
use audit_policy::{Diagnostic, Release, Severity};
use serde_json::{Map, Value, json};

/// What an answer is asked for. A request that is a scenario, or a link to one, holds its policy itself.
#[derive(Debug)]
pub struct Question {
    /// The policy's text; none: the scenario's.
    pub policy: Option<String>,
    /// The request's text.
    pub request: String,
}

/// What is known besides.
#[derive(Debug, Default)]
pub struct Options {
    /// The release, the format, which request, who asks, what is answered: everything of a scenario but its texts.
    pub known: Scenario,
    /// The files that a command names.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What a command reads from standard input.
    pub stdin: Option<Vec<u8>>,
}

/// The names that options have.
const KEYS: [&str; 10] =
    ["kubernetes", "format", "pick", "as", "impersonation", "from", "response", "annotations", "times", "auditID"];

impl Options {
    /// From an object without `files` and `stdin`.
    ///
    /// # Errors
    ///
    /// An answer's `error`, which names what is not known.
    pub fn read(value: Value) -> Result<Options, Value> {
        let Value::Object(mut members) = value else { return Err(refused("options are an object".to_owned())) };
        if let Some(name) = members.keys().find(|name| !KEYS.contains(&name.as_str())) {
            return Err(refused(format!("`{name}` is no option: give {}, files or stdin", KEYS.join(", "))));
        }
        members.insert("version".to_owned(), 1.into());
        members.insert("request".to_owned(), "".into());
        let known = parse(&Value::Object(members))?;
        Ok(Options { known, ..Options::default() })
    }

    /// As the engine takes them, for this release.
    pub fn for_reading(&self, release: Release) -> ReadOptions {
        ReadOptions {
            release,
            format: self.known.format,
            given: self.known.given.clone(),
            files: self.files.clone(),
            stdin: self.stdin.clone(),
        }
    }
}

/// A scenario from an object.
///
/// # Errors
///
/// An answer's `error`, with what is wrong with it.
pub fn parse(value: &Value) -> Result<Scenario, Value> {
    Scenario::parse(value.to_string().as_bytes()).map_err(|unreadable| {
        // They have places in a text that nobody wrote.
        let findings: Vec<Diagnostic> =
            unreadable.findings.into_iter().map(|finding| Diagnostic { span: None, fix: None, ..finding }).collect();
        failure("options", &findings, Map::new())
    })
}

/// An answer's `error` for what was given besides policy and request.
pub fn refused(message: String) -> Value {
    let finding = Diagnostic {
        code: "bad-option",
        severity: Severity::Error,
        message,
        path: None,
        span: None,
        help: None,
        fix: None,
    };
    failure("options", &[finding], Map::new())
}

/// An answer's `error` for a text that is not understood.
pub fn not_understood(kind: &str, unreadable: &Unreadable) -> Value {
    let mut more = Map::new();
    more.insert("format".to_owned(), json!(unreadable.format));
    failure(kind, &unreadable.findings, more)
}

/// An answer's `error`: its message is the first finding's.
pub fn failure(kind: &str, findings: &[Diagnostic], more: Map<String, Value>) -> Value {
    let message = findings.first().map(|finding| finding.message.as_str()).unwrap_or_default();
    let mut error = Map::new();
    error.insert("kind".to_owned(), kind.into());
    error.insert("message".to_owned(), message.into());
    error.extend(more);
    error.insert("findings".to_owned(), json!(findings));
    Value::Object(error)
}
