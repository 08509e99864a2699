//! JSON → YAML as people write it, for scenarios and forms.

use crate::json::{Value, json};

/// JSON as YAML 1.1: mappings and lists as blocks, texts of several lines as literal blocks.
pub(super) fn to_yaml(value: &Value) -> String {
    let mut out = String::new();
    if let Value::Object(members) = value {
        for (key, value) in members.iter() {
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
            for (key, value) in members.iter() {
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
pub(crate) fn scalar(text: &str) -> String {
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
