//! Values → a JSON document. Mirrors what `encoding/json` writes and its reader then refuses.

use super::super::yaml::Places;
use super::expand::{Error, ValueId, ValueKind, Values};
use super::go_syntax::{json_float, json_text};
use crate::Span;
use crate::json::{Builder, Document, MAX_DEPTH};

enum Step {
    Value(ValueId),
    Member(ValueId, ValueId),
    End(usize),
}

/// Writes the document's value, members sorted by name, with places in the original text.
pub(super) fn write(values: &Values, places: &Places) -> Result<Document, Error> {
    let mut builder = Builder::new();
    let mut steps: Vec<Step> = values.root().map(Step::Value).into_iter().collect();
    let mut too_deep = None;
    while let Some(step) = steps.pop() {
        let id = match step {
            Step::Value(id) => id,
            Step::Member(key, value) => {
                let text = values.key_text(key).unwrap_or_default();
                builder.string(&json_text(&text), original(places, values.get(key).span));
                value
            }
            Step::End(end) => {
                builder.end(end);
                continue;
            }
        };
        let value = values.get(id);
        let span = original(places, value.span);
        match value.kind {
            ValueKind::Null => builder.null(span),
            ValueKind::Bool(value) => builder.bool(value, span),
            ValueKind::Int(value) => builder.number(&value.to_string(), span),
            ValueKind::Uint(value) => builder.number(&value.to_string(), span),
            ValueKind::Float(float) if !float.is_finite() => {
                let shown = if float.is_nan() {
                    "NaN"
                } else if float > 0.0 {
                    "+Inf"
                } else {
                    "-Inf"
                };
                let message = format!("json: unsupported value: {shown}");
                return Err(Error { message, span: Some(value.span) });
            }
            ValueKind::Float(float) => builder.number(&json_float(float), span),
            ValueKind::Text(range) => builder.string(&json_text(values.text(range)), span),
            ValueKind::Sequence(range) => {
                if builder.depth() >= MAX_DEPTH {
                    too_deep.get_or_insert(('[', value.span));
                }
                builder.begin_array(span.start);
                steps.push(Step::End(span.end));
                steps.extend(values.children(range).iter().rev().map(|&child| Step::Value(child)));
            }
            ValueKind::Mapping(range) => {
                if builder.depth() >= MAX_DEPTH {
                    too_deep.get_or_insert(('{', value.span));
                }
                builder.begin_object(span.start);
                steps.push(Step::End(span.end));
                let mut pairs = values.children(range).as_chunks::<2>().0.to_vec();
                pairs.sort_by(|[a, _], [b, _]| values.key_text(*b).cmp(&values.key_text(*a)));
                steps.extend(pairs.into_iter().map(|[key, value]| Step::Member(key, value)));
            }
        }
    }
    match too_deep {
        Some((bracket, span)) => {
            let message = format!(
                "couldn't get version/kind; json parse error: invalid character '{bracket}' exceeded max depth"
            );
            Err(Error { message, span: Some(span) })
        }
        None => Ok(builder.finish()),
    }
}

fn original(places: &Places, span: Span) -> Span {
    Span::new(places.original(span.start), places.original(span.end))
}
