//! From a place to words: what is offered, as it is to be written there, and what stands there.

use super::frame::{Found, Frame, Holds, Lead, Slot, Want};
use super::text::{Bytes, Quotes};
use super::values::Context;
use super::{Completion, CompletionKind, fields, values};
use crate::Release;
use crate::load::go_types::{Field, GoType, Struct};

/// What may stand at the place.
pub(super) fn completions(found: &Found<'_>, release: Release) -> Vec<Completion> {
    let mut items = Vec::new();
    for want in [Some(found.want), found.also].into_iter().flatten() {
        match want {
            Want::Key { of, begins, lead } => offer_fields(&mut items, found, of, begins, lead, release),
            Want::Value { slot, lead } => offer_values(&mut items, found, slot, lead, release),
        }
    }
    items
}

/// What the word at the place means.
pub(super) fn meaning(found: &Found<'_>, release: Release) -> Option<String> {
    let word = slice(found, found.token);
    match found.want {
        Want::Key { of, .. } => fields::meaning(of, word, release),
        Want::Value { slot, .. } => values::meaning(slot, word, &context(found), release),
    }
}

fn slice<'t>(found: &Found<'t>, span: crate::Span) -> &'t str {
    found.text.get(span.start..span.end).unwrap_or_default()
}

/// What stands beside the place and decides what is known there.
fn context<'t>(found: &Found<'t>) -> Context<'t> {
    let fields_of = |name: &str| found.around.iter().find(|frame| is_of(frame, name));
    let group = fields_of("GroupResources").and_then(|frame| frame.group).map(|span| slice(found, span));
    let rule = fields_of("PolicyRule");
    let has = |names: &[&str]| rule.is_some_and(|rule| names.iter().any(|name| has_field(rule, name)));
    Context {
        group: group.unwrap_or_default(),
        of_paths: has(&["nonResourceURLs"]),
        of_resources: has(&["resources", "namespaces"]),
    }
}

fn is_of(frame: &Frame, name: &str) -> bool {
    matches!(frame.holds, Holds::Fields(of) if of.short_name() == name)
}

fn has_field(frame: &Frame, name: &str) -> bool {
    let Holds::Fields(of) = frame.holds else { return false };
    of.fields.iter().position(|field| field.name == name).is_some_and(|index| frame.fields & (1 << index) != 0)
}

fn offer_fields(
    items: &mut Vec<Completion>,
    found: &Found<'_>,
    of: &'static Struct,
    begins: bool,
    lead: Lead,
    release: Release,
) {
    let own = found.around.first().filter(|frame| !begins && matches!(frame.holds, Holds::Fields(_)));
    for field in of.fields.iter().filter(|field| field.since <= release.minor()) {
        let Some(documentation) = fields::about(of, field.name) else { continue };
        if own.is_some_and(|frame| has_field(frame, field.name)) {
            continue;
        }
        items.push(Completion {
            label: field.name.to_owned(),
            insert: written_field(found, of, field, lead),
            kind: CompletionKind::Field,
            detail: fields::detail(field),
            documentation: documentation.to_owned(),
        });
    }
}

/// A field as it is written: with its colon, and with the beginning of the list or mapping that it holds.
fn written_field(found: &Found<'_>, of: &'static Struct, field: &'static Field, lead: Lead) -> String {
    let name = field.name;
    if found.colon || found.quotes == Quotes::Closed {
        return name.to_owned();
    }
    let mut written = String::new();
    let mut column = found.column;
    if found.quotes == Quotes::None {
        written.push_str(space(found));
        column += written.len();
        match lead {
            Lead::Nothing => {}
            Lead::Dash => {
                written.push_str("- ");
                column += 2;
            }
            Lead::Bracket => written.push('{'),
        }
    }
    let (before, after) = match found.quotes {
        Quotes::OpenDouble => ("", "\""),
        Quotes::OpenSingle => ("", "'"),
        _ if found.json => ("\"", "\""),
        _ => ("", ""),
    };
    for part in [before, name, after, ":"] {
        written.push_str(part);
    }
    let flow = found.flow || lead == Lead::Bracket;
    let inner = Slot { of, field }.structure();
    match (field.go_type, inner) {
        (_, Some(of)) if !flow => {
            let line_break = if found.text.contains("\r\n") { "\r\n" } else { "\n" };
            let dash = if matches!(field.go_type, GoType::List(_)) { "- " } else { "" };
            written.push_str(line_break);
            written.push_str(&" ".repeat(column + 2));
            written.push_str(dash);
            written.push_str(of.fields.first().map_or("", |field| field.name));
            written.push_str(": ");
        }
        (GoType::List(_), _) => written.push_str(" ["),
        (GoType::Struct(_), _) => written.push_str(" {"),
        _ => written.push(' '),
    }
    written
}

fn offer_values(items: &mut Vec<Completion>, found: &Found<'_>, slot: Slot, lead: Lead, release: Release) {
    let list = found.around.first().filter(|frame| matches!(frame.holds, Holds::Items(_)));
    let beside: Vec<&str> = list.map_or_else(Vec::new, |list| {
        list.items.iter().filter(|item| **item != found.token).map(|item| slice(found, *item)).collect()
    });
    for word in values::words(slot, &context(found), release) {
        if beside.contains(&word.text.as_ref()) {
            continue;
        }
        items.push(Completion {
            insert: written_value(found, &word.text, slot, lead),
            label: if word.text.is_empty() { "\"\"".to_owned() } else { word.text.into_owned() },
            kind: word.kind,
            detail: word.detail.into_owned(),
            documentation: word.documentation.into_owned(),
        });
    }
}

/// A value as it is written, in the quotes that it needs.
fn written_value(found: &Found<'_>, value: &str, slot: Slot, lead: Lead) -> String {
    let value = match found.quotes {
        Quotes::Closed => return value.to_owned(),
        Quotes::OpenDouble => return format!("{value}\""),
        Quotes::OpenSingle => return format!("{value}'"),
        Quotes::None if is_bare(value, slot, found.json) => value.to_owned(),
        Quotes::None => format!("\"{value}\""),
    };
    let (before, after) = match lead {
        Lead::Nothing => ("", ""),
        Lead::Dash => ("- ", ""),
        Lead::Bracket => ("[", "]"),
    };
    [space(found), before, &value, after].concat()
}

/// Whether it is written without quotes.
fn is_bare(value: &str, slot: Slot, json: bool) -> bool {
    if matches!(slot.field.go_type, GoType::Bool | GoType::PointerToBool) {
        return true;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_');
    !json && !value.is_empty() && value.bytes().all(plain)
}

/// The blank that a colon, a dash or a comma wants behind it.
fn space(found: &Found<'_>) -> &'static str {
    let before = Bytes { text: found.text, at: 0 };
    let last = found.token.start.checked_sub(1).map_or(0, |at| before.byte_at(at));
    if found.token.start == found.token.end && matches!(last, b':' | b'-' | b',') { " " } else { "" }
}
