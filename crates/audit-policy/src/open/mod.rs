//! What a file that somebody opens is: a policy, something that holds one, a scenario or a link to one, or a request.
//!
//! ```text
//! bytes ──text──► text ──► policy? scenario? policies inside (`wrapped`)? request? a path to the policy (`elsewhere`)? ──► Opened
//! ```
//!
//! People rarely have a policy by itself: it stands in a ConfigMap, a machine config, the values of a chart. Nothing here runs or fetches
//! anything; templates are left as they are.

pub(crate) mod documents;
mod elsewhere;
#[cfg(test)]
mod tests;
mod wrapped;

use crate::json::{self, Kind};
use crate::request::scenario::Scenario;
use crate::request::{self, Format, ReadOptions, Unreadable};
use crate::sink::is_sink_node;
use crate::{Diagnostic, Severity, link};

use documents::{Parsed, documents};
pub use wrapped::{Wrapped, wrapped};

/// Of a longer audit log only the first lines are taken, up to this many bytes: a request's text is one that a person reads.
const MOST_LOG: usize = 256 << 10;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A policy, valid or not, or an AuditSink.
    Policy(String),
    /// Something that holds policies: at least one.
    Wrapped(Vec<Wrapped>),
    /// A scenario, or a link to one.
    Scenario(Box<Scenario>),
    /// A request in a format that can be read, or a log of events.
    Request {
        /// Its text.
        text: String,
        /// Whether it is the beginning of a longer log.
        cut: bool,
    },
    /// None of these: why, and what to do.
    Unknown(Diagnostic),
}

/// What a file of this name (without folder; it may be empty) is.
pub fn open(bytes: &[u8], name: &str) -> Opened {
    let text = match text(bytes) {
        Ok(text) => text,
        Err(why) => return unknown(why, "open a text file"),
    };
    if text.trim().is_empty() {
        return unknown("the file is empty", WHAT_TO_OPEN);
    }
    if let Some(fragment) = link::find(text.as_bytes()) {
        return scenario(link::read(fragment));
    }
    let parts = documents(&text);
    let first = parts.first().and_then(|part| Parsed::of(part.text));
    let root = first.as_ref().and_then(Parsed::root);
    // An AuditSink is a policy too, where there are any.
    if root.is_some_and(|root| wrapped::is_policy(root) || is_sink_node(root)) || wrapped::begins_as_policy(&text) {
        return Opened::Policy(text);
    }
    if root.map_or_else(|| begins_as_scenario(&text), is_scenario) {
        return scenario(Scenario::parse(text.as_bytes()));
    }
    let format = request::detect(text.as_bytes()).filter(|format| *format != Format::Scenario);
    if format == Some(Format::Event)
        && let Some(log) = log(&text)
    {
        return log;
    }
    let found = wrapped(&text);
    if !found.is_empty() {
        return Opened::Wrapped(found);
    }
    if format.is_some_and(|format| format != Format::Event) {
        return Opened::Request { text, cut: false };
    }
    if let Some(why) = elsewhere::elsewhere(&parts) {
        return Opened::Unknown(why);
    }
    if root.is_some_and(wrapped::has_rules)
        || name.contains("policy") && root.is_none_or(|root| root.get("kind").is_none())
    {
        return Opened::Policy(text);
    }
    let kind = root.and_then(|root| root.get("kind")).and_then(|kind| kind.as_str()).filter(|kind| kind.len() < 80);
    match (kind, first.is_some()) {
        (Some(kind), _) => unknown(&format!("this is of kind {kind}, and no audit policy is in it"), WHAT_TO_OPEN),
        (None, true) => unknown("no audit policy and no request is in this file", WHAT_TO_OPEN),
        (None, false) => unknown("this is no policy and no request, and it cannot be read as YAML", WHAT_TO_OPEN),
    }
}

/// Where the policy is, where a text only names its file: a static pod, a kubeadm configuration, a unit file.
pub fn elsewhere(text: &str) -> Option<Diagnostic> {
    // A policy that cannot be read may name its file in a comment.
    if wrapped::begins_as_policy(text) { None } else { elsewhere::elsewhere(&documents(text)) }
}

const WHAT_TO_OPEN: &str = "open an audit policy, a file that holds one (ConfigMap, machine config, chart values), a scenario, a request or an audit log";

/// The characters of a file, without a byte order mark.
fn text(bytes: &[u8]) -> Result<String, &'static str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16(&units).map_err(|_| NO_TEXT)
    };
    let text = match bytes {
        [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] => return Err("this file is compressed: unpack it first"),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).map_err(|_| NO_TEXT)?.to_owned(),
        _ => std::str::from_utf8(bytes).map_err(|_| NO_TEXT)?.to_owned(),
    };
    if text.contains('\0') { Err(NO_TEXT) } else { Ok(text) }
}

const NO_TEXT: &str = "this is no text file";

fn unknown(message: &str, help: &str) -> Opened {
    Opened::Unknown(finding(message.to_owned(), help.to_owned()))
}

/// Why a file cannot be opened.
fn finding(message: String, help: String) -> Diagnostic {
    let (code, severity) = ("unknown-file", Severity::Error);
    Diagnostic { code, severity, message, path: None, span: None, help: Some(help), fix: None }
}

fn scenario(read: Result<Scenario, Unreadable>) -> Opened {
    match read {
        Ok(scenario) => Opened::Scenario(Box::new(scenario)),
        Err(unreadable) => match unreadable.findings.into_iter().next() {
            Some(finding) => Opened::Unknown(finding),
            None => unknown("this scenario cannot be read", WHAT_TO_OPEN),
        },
    }
}

/// A version that is a number, or texts where a scenario has them: machine configs and values have a `version` too.
fn is_scenario(root: json::Node<'_>) -> bool {
    let has_text = |name| root.get(name).is_some_and(|value| value.as_str().is_some());
    let version = root.get("version").is_some_and(|version| matches!(version.kind(), Kind::Number(_)));
    root.get("kind").is_none() && has_text("request") && (version || has_text("policy"))
}

/// A scenario that cannot be read as YAML or JSON is one all the same: its errors are told.
fn begins_as_scenario(text: &str) -> bool {
    let has = |key| text.lines().any(|line| line.starts_with(key));
    has("version: 1") && has("request:")
}

/// A log of events: the first lines where it is long. None where no event is in it.
fn log(text: &str) -> Option<Opened> {
    let beginning = match text.len() > MOST_LOG {
        true => text.get(..text.floor_char_boundary(MOST_LOG)).and_then(|text| text.rsplit_once('\n')),
        false => None,
    };
    let readable = |text: &str| request::read(text.as_bytes(), &ReadOptions::default()).is_ok();
    if let Some((beginning, _)) = beginning
        && readable(beginning)
    {
        return Some(Opened::Request { text: beginning.to_owned(), cut: true });
    }
    readable(text).then(|| Opened::Request { text: text.to_owned(), cut: false })
}
