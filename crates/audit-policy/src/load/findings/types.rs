//! Values of the wrong type.

use super::super::decode::TypeError;
use super::super::go_types::GoType;
use super::{Advice, fix};

pub(super) fn advice(error: &TypeError, text: &[u8]) -> Advice {
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
            let fix = fix::surround("Make it a list", text, error.span, "[", "]");
            Advice::help(format!("`{name}` takes a list: write `[{written}]`")).with_fix(fix)
        }
        (GoType::List(GoType::Struct(_)), "object") => {
            Advice::help(format!("`{name}` takes a list: begin each item with `- `"))
        }
        (GoType::List(_), _) => Advice::help(format!("`{name}` takes a list")),
        (GoType::Struct(of), _) => Advice::help(match of.short_name() {
            "PolicyRule" => "a rule is a mapping, such as `- level: Metadata`",
            "GroupResources" => {
                "an item of `resources:` is a mapping, such as `- group: \"\"` with `resources: [\"pods\"]` below it"
            }
            _ => "a mapping belongs here",
        }),
        (GoType::Bool | GoType::PointerToBool, _) => {
            Advice::help(format!("`{name}` is `true` or `false`, without quotes"))
        }
        _ => Advice::default(),
    }
}
