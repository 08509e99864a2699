//! Values of the wrong type.

use super::super::decode::TypeError;
use super::super::go_types::GoType;
use super::super::places::Locator;
use super::{Advice, fix, resources};
use crate::json::Node;
use crate::{Fix, Release, Span};

const ITEM: &str =
    "an item of `resources:` is a mapping, such as `- group: \"\"` with `resources: [\"pods\"]` below it";

pub(super) fn advice(error: &TypeError, text: &[u8], root: Node<'_>, release: Release) -> Advice {
    let name = error.path.rsplit('.').next().unwrap_or_default();
    let name = name.split('[').next().unwrap_or_default();
    let written = text.get(error.span.start..error.span.end).unwrap_or_default();
    let written = String::from_utf8_lossy(written);
    let short = written.chars().count() <= 40 && !written.contains('\n') && !written.is_empty();
    match (error.wanted, error.found) {
        (GoType::Text(_), "bool" | "number") if short => {
            let what = if error.found == "bool" { "a boolean" } else { "a number" };
            let fix = fix::surround("Put it in quotes", text, error.span, "\"", "\"");
            Advice::help(format!("`{written}` without quotes is {what} in YAML 1.1: write `\"{written}\"`"))
                .with_fix(fix)
        }
        (GoType::Text(_), "array" | "object") => Advice::help(format!("`{name}` takes one string here")),
        (GoType::List(GoType::Text(_)), "string" | "bool" | "number") if short => {
            // What is no string now must become one.
            let (before, after) = if error.found == "string" { ("[", "]") } else { ("[\"", "\"]") };
            let fix = fix::surround("Make it a list", text, error.span, before, after);
            Advice::help(format!("`{name}` takes a list: write `{before}{written}{after}`")).with_fix(fix)
        }
        (GoType::List(GoType::Struct(of)), "string") if of.short_name() == "GroupResources" => {
            let list = Locator::new(root).find(&error.path);
            Advice::help(ITEM).with_fix(list.and_then(|list| resources::items(list, text, release)))
        }
        (GoType::List(GoType::Struct(_)), "object") => {
            let value = Locator::new(root).find(&error.path);
            Advice::help(format!("`{name}` takes a list: begin each item with `- `"))
                .with_fix(value.and_then(|value| one_item(value, text)))
        }
        (GoType::List(_), _) => Advice::help(format!("`{name}` takes a list")),
        (GoType::Struct(of), "string") if of.short_name() == "GroupResources" => {
            let path = error.path.rsplit_once('[').map_or("", |(list, _)| list);
            let list = Locator::new(root).find(path);
            Advice::help(ITEM).with_fix(list.and_then(|list| resources::items(list, text, release)))
        }
        (GoType::Struct(of), _) => Advice::help(match of.short_name() {
            "PolicyRule" => "a rule is a mapping, such as `- level: Metadata`",
            "GroupResources" => ITEM,
            _ => "a mapping belongs here",
        }),
        (GoType::Bool | GoType::PointerToBool, _) => {
            Advice::help(format!("`{name}` is `true` or `false`, without quotes"))
        }
        _ => Advice::default(),
    }
}

/// Makes a mapping the one item of a list.
fn one_item(value: Node<'_>, text: &[u8]) -> Option<Fix> {
    let title = "Make it an item of a list".to_owned();
    let whole = value.span();
    if text.get(whole.start) == Some(&b'{') {
        let edits = vec![fix::insert(whole.start, "["), fix::insert(whole.end, "]")];
        return Some(Fix { title, edits });
    }
    let first = value.members().map(|(key, _)| key.span().start).min()?;
    let line = text.get(fix::line_start(text, first)..first)?;
    if first != whole.start || !line.iter().all(|byte| *byte == b' ') {
        return None;
    }
    let mut edits = vec![fix::insert(first, "- ")];
    let end = fix::content_end(text, Span::new(first, whole.end));
    fix::indent(text, first, end, &mut edits).then_some(Fix { title, edits })
}
