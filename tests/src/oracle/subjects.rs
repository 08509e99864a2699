//! What both sides are asked: loading, matching, request lines, events.

use audit_policy::request::info::RequestInfo;
use audit_policy::text::{json_line, legacy_line};
use audit_policy::{Attributes, CompiledPolicy, GoString, Release, decide, event, load};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;
use serde_json::{Value, json};

use super::{Subject, events, policies, requests};

/// Texts near validity: accepted or refused, with which words, and the policy as decoded.
pub struct Loading;

impl Subject for Loading {
    type Case = String;
    const NAME: &'static str = "load";

    fn generate(rng: &mut Rng) -> String {
        policies::text(rng)
    }

    fn question(text: &String) -> Value {
        json!({"ask": "load", "policy": STANDARD.encode(text)})
    }

    fn ours(text: &String, release: Release) -> Value {
        let loaded = load(text.as_bytes(), release);
        json!({
            "accepted": loaded.accepted,
            "error": loaded.error.map(|error| error.message),
            "warnings": loaded.warnings,
            "policy": loaded.policy,
        })
    }

    fn is_only_parser_words(ours: &Value, theirs: &Value) -> bool {
        let is_parsers =
            |answer: &Value| answer.get("error").and_then(Value::as_str).is_some_and(|text| text.contains("yaml: "));
        is_parsers(ours) && is_parsers(theirs)
    }

    fn smaller(text: &String) -> Vec<String> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let without_line =
            |skip: usize| lines.iter().enumerate().filter(|(index, _)| *index != skip).map(|(_, line)| *line).collect();
        let mut smaller: Vec<String> = (0..lines.len()).map(without_line).collect();
        smaller.extend(text.char_indices().map(|(at, character)| {
            let (before, after) = text.split_at(at);
            before.chars().chain(after.chars().skip(usize::from(character != '\0'))).collect::<String>()
        }));
        smaller.retain(|candidate| candidate.len() < text.len());
        smaller
    }
}

/// A policy and requests near its boundaries: what it decides.
pub struct Matching;

/// A policy and what it is asked.
#[derive(Clone)]
pub struct Asked {
    policy: Value,
    attributes: Vec<Attributes>,
}

impl Subject for Matching {
    type Case = Asked;
    const NAME: &'static str = "match";

    fn generate(rng: &mut Rng) -> Asked {
        let policy = policies::policy(rng);
        Asked { policy, attributes: (0..50).map(|_| requests::attributes(rng)).collect() }
    }

    fn question(case: &Asked) -> Value {
        json!({"ask": "match", "policy": STANDARD.encode(case.policy.to_string()), "attributes": case.attributes})
    }

    fn ours(case: &Asked, release: Release) -> Value {
        let loaded = load(case.policy.to_string().as_bytes(), release);
        let Some(policy) = loaded.policy else {
            return json!({"rejected": loaded.error.map(|error| error.message)});
        };
        let compiled = CompiledPolicy::new(&policy, release);
        let decisions = case.attributes.iter().map(|attributes| {
            let decision = decide(&policy, attributes, release);
            if compiled.decide(attributes) != decision {
                return json!("the compiled policy and decide disagree");
            }
            let mut stages: Vec<_> = decision.omit_stages.iter().map(|stage| stage.as_str()).collect();
            stages.sort_unstable();
            json!([decision.level, stages, decision.omit_managed_fields])
        });
        decisions.collect()
    }

    fn smaller(case: &Asked) -> Vec<Asked> {
        if case.attributes.len() > 1 {
            let one =
                |attributes: &Attributes| Asked { policy: case.policy.clone(), attributes: vec![attributes.clone()] };
            return case.attributes.iter().map(one).collect();
        }
        parts_taken_away(&case.policy)
            .into_iter()
            .map(|policy| Asked { policy, attributes: case.attributes.clone() })
            .collect()
    }

    fn weight(case: &Asked) -> usize {
        case.attributes.len()
    }
}

/// Methods and URLs near RequestInfo's edges.
pub struct RequestLines;

impl Subject for RequestLines {
    type Case = (String, Vec<u8>);
    const NAME: &'static str = "requestinfo";

    fn generate(rng: &mut Rng) -> Self::Case {
        requests::method_and_target(rng)
    }

    fn question((method, target): &Self::Case) -> Value {
        json!({"ask": "requestinfo", "method": method, "target": STANDARD.encode(target)})
    }

    fn ours((method, target): &Self::Case, release: Release) -> Value {
        match RequestInfo::new(&method.as_str().into(), &target.clone().into(), release) {
            Err(_) => json!({"httpError": true}),
            Ok(info) => json!({
                "apiGroup": as_go(&info.api_group),
                "apiPrefix": as_go(&info.api_prefix),
                "apiVersion": as_go(&info.api_version),
                "error": info.error.as_ref().map(|error| as_go(&GoString::from(error.to_string()))),
                "isResourceRequest": info.is_resource_request,
                "longRunning": info.is_long_running(),
                "name": as_go(&info.name),
                "namespace": as_go(&info.namespace),
                "path": as_go(&info.path),
                "requestURI": as_go(&info.request_uri),
                "resource": as_go(&info.resource),
                "subresource": as_go(&info.subresource),
                "verb": as_go(&info.verb),
            }),
        }
    }

    fn smaller((method, target): &Self::Case) -> Vec<Self::Case> {
        (1..target.len())
            .map(|skip| {
                let rest = target.iter().enumerate().filter(|(index, _)| *index != skip).map(|(_, byte)| *byte);
                (method.clone(), rest.collect())
            })
            .collect()
    }
}

/// A string as Go's JSON encoder writes it and a reader gets it back.
fn as_go(text: &GoString) -> Value {
    let mut json = Vec::new();
    audit_policy::json::write_string(&mut json, text.as_bytes());
    serde_json::from_slice(&json).unwrap_or_default()
}

/// Events: the JSON line and the legacy line.
pub struct Events;

impl Subject for Events {
    type Case = Value;
    const NAME: &'static str = "text";

    fn generate(rng: &mut Rng) -> Value {
        events::event(rng)
    }

    fn question(event: &Value) -> Value {
        json!({"ask": "text", "event": event})
    }

    fn ours(event: &Value, release: Release) -> Value {
        match event::parse(event.to_string().as_bytes(), release) {
            Err(error) => json!({"decodeError": error.message}),
            Ok(event) => json!({
                "json": String::from_utf8_lossy(&json_line(&event)),
                "text": legacy_line(&event, release),
            }),
        }
    }

    fn smaller(event: &Value) -> Vec<Value> {
        parts_taken_away(event)
    }
}

/// The value without one member or item, anywhere.
fn parts_taken_away(value: &Value) -> Vec<Value> {
    let mut smaller = Vec::new();
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let mut without = fields.clone();
                without.shift_remove(key);
                smaller.push(Value::Object(without));
                for part in parts_taken_away(field) {
                    let mut with = fields.clone();
                    with.insert(key.clone(), part);
                    smaller.push(Value::Object(with));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let mut without = items.clone();
                without.remove(index);
                smaller.push(Value::Array(without));
                for part in parts_taken_away(item) {
                    let mut with = items.clone();
                    if let Some(place) = with.get_mut(index) {
                        *place = part;
                    }
                    smaller.push(Value::Array(with));
                }
            }
        }
        _ => {}
    }
    smaller
}
