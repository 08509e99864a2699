//! Values as Go's `fmt` prints them (`%#v`), for the few messages that show them.

use super::expand::{ValueId, ValueKind, Values};
use crate::text::go_quote;
use crate::{Release, float, json};

/// Messages are not longer than that: what they show may be the whole document, and aliases make it many times larger.
const LIMIT: usize = 1 << 20;

/// `%#v`: strings quoted, mappings as `map[interface {}]interface {}{…}` in order of their keys.
pub(super) fn value(values: &Values, id: ValueId) -> String {
    let mut out = String::new();
    write(values, id, false, &mut out);
    out
}

/// The message for a key that JSON cannot have.
pub(super) fn unsupported_key(values: &Values, key: ValueId, of: ValueId, release: Release) -> String {
    let word = if release.minor() <= 26 { "Unsupported" } else { "unsupported" };
    let (kind, shown) = match values.get(key).kind {
        ValueKind::Uint(value) => ("uint64".to_owned(), format!("{value:#x}")),
        _ => ("%!s(<nil>)".to_owned(), "<nil>".to_owned()),
    };
    format!("{word} map key of type: {kind}, key: {shown}, value: {}", value(values, of))
}

enum Step {
    Value { id: ValueId, inside: bool },
    Text(&'static str),
}

fn write(values: &Values, id: ValueId, inside: bool, out: &mut String) {
    let mut steps = vec![Step::Value { id, inside }];
    while let Some(step) = steps.pop() {
        if out.len() > LIMIT {
            return;
        }
        let (id, inside) = match step {
            Step::Value { id, inside } => (id, inside),
            Step::Text(text) => {
                out.push_str(text);
                continue;
            }
        };
        match values.get(id).kind {
            ValueKind::Null => out.push_str(if inside { "interface {}(nil)" } else { "<nil>" }),
            ValueKind::Bool(value) => out.push_str(&value.to_string()),
            ValueKind::Int(value) => out.push_str(&value.to_string()),
            ValueKind::Uint(value) => out.push_str(&format!("{value:#x}")),
            ValueKind::Float(value) => out.push_str(&float(value)),
            ValueKind::Text(range) => out.push_str(&go_quote(values.text(range))),
            ValueKind::Sequence(range) => {
                out.push_str("[]interface {}{");
                steps.push(Step::Text("}"));
                for (index, &child) in values.children(range).iter().enumerate().rev() {
                    steps.push(Step::Value { id: child, inside: true });
                    if index > 0 {
                        steps.push(Step::Text(", "));
                    }
                }
            }
            ValueKind::Mapping(range) => {
                out.push_str("map[interface {}]interface {}{");
                steps.push(Step::Text("}"));
                let mut pairs: Vec<_> = values.children(range).as_chunks::<2>().0.to_vec();
                crate::sort::sort_by(&mut pairs, |[a, _], [b, _]| order(values, *a, *b));
                for (index, &[key, value]) in pairs.iter().enumerate().rev() {
                    steps.push(Step::Value { id: value, inside: true });
                    steps.push(Step::Text(":"));
                    steps.push(Step::Value { id: key, inside: true });
                    if index > 0 {
                        steps.push(Step::Text(", "));
                    }
                }
            }
        }
    }
}

/// Go orders keys of different types by the types' place in memory: null, strings, numbers, booleans where it was asked.
fn order(values: &Values, a: ValueId, b: ValueId) -> std::cmp::Ordering {
    let rank = |kind: ValueKind| match kind {
        ValueKind::Null => 0,
        ValueKind::Int(_) => 2,
        ValueKind::Uint(_) => 3,
        ValueKind::Float(_) => 4,
        ValueKind::Bool(_) => 5,
        _ => 1,
    };
    let (a, b) = (values.get(a).kind, values.get(b).kind);
    match (a, b) {
        (ValueKind::Bool(a), ValueKind::Bool(b)) => a.cmp(&b),
        (ValueKind::Int(a), ValueKind::Int(b)) => a.cmp(&b),
        (ValueKind::Uint(a), ValueKind::Uint(b)) => a.cmp(&b),
        (ValueKind::Float(a), ValueKind::Float(b)) => a.total_cmp(&b),
        (ValueKind::Text(a), ValueKind::Text(b)) => values.text(a).cmp(values.text(b)),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// A float64 as `%g` with the fewest digits.
fn float(value: f64) -> String {
    shortest(value, &float::scientific(value))
}

/// A key as `sigs.k8s.io/yaml` writes it: as a float32.
pub(super) fn float_key(value: f64) -> String {
    match value {
        f64::INFINITY => ".inf".to_owned(),
        f64::NEG_INFINITY => "-.inf".to_owned(),
        _ if value.is_nan() => ".nan".to_owned(),
        _ => {
            let narrow = value as f32;
            match narrow {
                f32::INFINITY => ".inf".to_owned(),
                f32::NEG_INFINITY => "-.inf".to_owned(),
                _ => shortest(value, &float::scientific_32(narrow)),
            }
        }
    }
}

/// Go's `%g`, given Rust's shortest `d.ddde±x`: with an exponent where that is below -4 or above 5.
fn shortest(value: f64, scientific: &str) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    let (digits, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    json::plain(digits, exponent)
}

/// Bytes as JSON text shows them: U+FFFD for each byte that is not UTF-8.
pub(super) fn json_text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => json::replace_invalid(bytes).into(),
    }
}
