//! Finds the audit events in a text: one, several one after the other, a list, or wrapped by whatever shipped the log.

use crate::Span;
use crate::json::{self, Kind, Node, SyntaxError};

/// Wrappers hold JSON in strings of JSON; more than this deep is not looked at.
const MAX_WRAPPING: usize = 4;
/// So many events are read of one text.
pub(super) const MAX_EVENTS: usize = 2_000;

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The JSON of each event.
    pub(super) texts: Vec<Vec<u8>>,
    /// What wrapped them, where something did.
    pub(super) wrapped: bool,
    /// Whether there were more than are read.
    pub(super) cut: bool,
    /// What the text is instead, where it has no event.
    pub(super) instead: Option<String>,
}

/// Why a text is not JSON, and where.
#[derive(Debug)]
pub(super) struct NotJson {
    pub(super) message: String,
    pub(super) span: Span,
}

/// The events in a text.
///
/// # Errors
///
/// Where it is not JSON, nor several JSON values one after the other.
pub(super) fn events(text: &[u8]) -> Result<Events, NotJson> {
    let mut events = Events::default();
    match json::parse(text) {
        Ok(document) => {
            if let Some(root) = document.root() {
                collect(root, text, 0, &mut events);
            }
        }
        Err(error) => {
            let values = values(text);
            if values.len() < 2 {
                return Err(not_json(text, &error, 0));
            }
            for span in values {
                let value = text.get(span.start..span.end).unwrap_or_default();
                let document = json::parse(value).map_err(|error| not_json(text, &error, span.start))?;
                if let Some(root) = document.root() {
                    collect(root, value, 0, &mut events);
                }
            }
        }
    }
    Ok(events)
}

fn not_json(text: &[u8], error: &SyntaxError, start: usize) -> NotJson {
    let mut at = start + error.offset;
    // A span is on character boundaries.
    let mut end = (at + 1).min(text.len());
    while at > 0 && text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80) {
        at -= 1;
    }
    while text.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end += 1;
    }
    NotJson { message: error.message.clone(), span: Span::new(at.min(text.len()), end) }
}

/// The places of the values that stand one after the other, each beginning where it can and ending where its brackets close.
fn values(text: &[u8]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if byte.is_ascii_whitespace() || *byte == b',' {
            at += 1;
            continue;
        }
        let end = end_of_value(text, at);
        spans.push(Span::new(at, end));
        at = end;
    }
    spans
}

fn end_of_value(text: &[u8], start: usize) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (index, byte) in text.iter().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index + 1;
                }
            }
            b'\n' if depth == 0 => return index,
            _ => {}
        }
    }
    text.len()
}

/// Adds the events in a value: itself, or the outermost inside it, or in strings inside it.
fn collect(root: Node<'_>, text: &[u8], wrapping: usize, events: &mut Events) {
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        match node.kind() {
            Kind::Object if is_event(node) => {
                if events.texts.len() >= MAX_EVENTS {
                    events.cut = true;
                    return;
                }
                let span = node.span();
                events.texts.push(text.get(span.start..span.end).unwrap_or_default().to_vec());
                events.wrapped |= wrapping > 0;
            }
            Kind::Object => {
                events.instead = events.instead.take().or_else(|| name_of(node));
                let values: Vec<_> = node.members().map(|(_, value)| value).collect();
                pending.extend(values.into_iter().rev());
            }
            Kind::Array => {
                let items: Vec<_> = node.items().collect();
                pending.extend(items.into_iter().rev());
            }
            Kind::String(inner) if wrapping < MAX_WRAPPING && may_hold_event(inner) => {
                for span in values(inner.as_bytes()) {
                    let value = inner.as_bytes().get(span.start..span.end).unwrap_or_default();
                    if let Ok(document) = json::parse(value)
                        && let Some(root) = document.root()
                    {
                        collect(root, value, wrapping + 1, events);
                    }
                }
            }
            _ => {}
        }
    }
}

fn may_hold_event(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && text.contains("audit")
}

/// Kind and apiVersion of an object that is no event.
fn name_of(node: Node<'_>) -> Option<String> {
    let string = |name| node.get(name).and_then(Node::as_str);
    let (kind, version) = (string("kind")?, string("apiVersion").unwrap_or_default());
    Some(format!("{kind} of apiVersion `{version}`"))
}

/// Whether an object is an audit event: it says so, or has the fields that only one has, in any case.
fn is_event(node: Node<'_>) -> bool {
    let string = |name| node.get(name).and_then(Node::as_str);
    let says = string("kind") == Some("Event");
    if says && string("apiVersion").is_some_and(|version| version.starts_with("audit.k8s.io/")) {
        return true;
    }
    let keys: Vec<&str> = node.members().take(200).filter_map(|(key, _)| key.as_str()).collect();
    let has = |name: &str| keys.iter().any(|key| key.eq_ignore_ascii_case(name));
    has("auditid") && (has("verb") || has("requesturi") || has("objectref"))
        || has("verb") && has("stage") && (has("requesturi") || has("objectref"))
}
