//! Values → a JSON document. Mirrors what `encoding/json` writes and its reader then refuses.

use super::super::yaml::Places;
use super::expand::{Error, ValueId, ValueKind, Values};
use super::go_syntax::{json_text, unsupported_key};
use crate::json::{Builder, Document, MAX_DEPTH};
use crate::loaded::ErrorSource;
use crate::{Release, Span};

enum Step {
    Value(ValueId),
    Member(ValueId, ValueId),
    End(usize),
}

/// Writes the document's value, members sorted by name, with places in the original text.
pub(super) fn write(values: &Values, places: &Places, release: Release) -> Result<Document, Error> {
    let mut builder = Builder::new();
    let mut steps: Vec<Step> = values.root().map(Step::Value).into_iter().collect();
    // Go makes all keys strings, then writes, then reads again: what fails there first counts.
    let (mut unsupported, mut infinite, mut too_deep) = (None, None, None);
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
                infinite.get_or_insert((float, value.span));
                builder.null(span);
            }
            ValueKind::Float(float) => builder.number(&crate::json::go_float(float), span),
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
                if unsupported.is_none() {
                    unsupported = pairs.iter().find(|[key, _]| values.key_text(*key).is_none()).copied();
                }
                crate::sort::sort_by(&mut pairs, |[a, _], [b, _]| values.key_text(*b).cmp(&values.key_text(*a)));
                steps.extend(pairs.into_iter().map(|[key, value]| Step::Member(key, value)));
            }
        }
    }
    let refuse = |message, from, span| Err(Error { message, from, span: Some(span) });
    if let Some([key, value]) = unsupported {
        let message = unsupported_key(values, key, value, release);
        return refuse(message, ErrorSource::Apiserver, values.get(key).span);
    }
    if let Some((float, span)) = infinite {
        let shown = match float {
            f64::INFINITY => "+Inf",
            f64::NEG_INFINITY => "-Inf",
            _ => "NaN",
        };
        return refuse(format!("json: unsupported value: {shown}"), ErrorSource::Apiserver, span);
    }
    if let Some((bracket, span)) = too_deep {
        let message =
            format!("couldn't get version/kind; json parse error: invalid character '{bracket}' exceeded max depth");
        return refuse(message, ErrorSource::JsonDecoder, span);
    }
    Ok(builder.finish())
}

fn original(places: &Places, span: Span) -> Span {
    Span::new(places.original(span.start), places.original(span.end))
}
