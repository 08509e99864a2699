//! Random policies: valid ones for deciding, and texts near validity for loading.

use fastrand::Rng;
use serde_json::{Map, Value, json};

pub(super) const USERS: &[&str] = &["alice", "bob", "system:kube-proxy", "system:serviceaccount:a:b", "", "*", "Alice"];
pub(super) const GROUPS: &[&str] = &["dev", "system:authenticated", "system:masters", "", "*"];
pub(super) const VERBS: &[&str] =
    &["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "", "*", "GET"];
pub(super) const NAMESPACES: &[&str] = &["", "default", "kube-system", "prod", "*"];
pub(super) const API_GROUPS: &[&str] = &["", "apps", "batch", "rbac.authorization.k8s.io", "core", "*"];
pub(super) const RESOURCES: &[&str] = &["pods", "secrets", "deployments", "nodes", "", "*"];
pub(super) const SUBRESOURCES: &[&str] = &["", "log", "exec", "status", "*", "a"];
pub(super) const NAMES: &[&str] = &["", "web", "db", "*"];
pub(super) const PATHS: &[&str] =
    &["/", "/healthz", "/healthz/ping", "/version", "/version/", "/apis", "", "/*", "/a*b"];
const LEVELS: &[&str] = &["None", "Metadata", "Request", "RequestResponse"];
const STAGES: &[&str] = &["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];

pub(super) fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    rng.choice(list).copied().unwrap_or_default()
}

/// None to three items of the list.
fn some(rng: &mut Rng, list: &[&str]) -> Vec<String> {
    (0..rng.usize(1..4)).map(|_| pick(rng, list).to_owned()).collect()
}

/// A policy that most likely loads.
pub fn policy(rng: &mut Rng) -> Value {
    let rules: Vec<Value> = (0..rng.usize(1..8)).map(|_| rule(rng)).collect();
    let mut policy = json!({"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": rules});
    if let Some(fields) = policy.as_object_mut() {
        if rng.u8(0..3) == 0 {
            fields.insert("omitStages".to_owned(), json!(some(rng, STAGES)));
        }
        if rng.u8(0..3) == 0 {
            fields.insert("omitManagedFields".to_owned(), json!(rng.bool()));
        }
    }
    policy
}

fn rule(rng: &mut Rng) -> Value {
    let mut rule = Map::new();
    rule.insert("level".to_owned(), json!(pick(rng, LEVELS)));
    let mut list = |rng: &mut Rng, name: &str, one_in: u8, items: &[&str]| {
        if rng.u8(0..one_in) == 0 {
            rule.insert(name.to_owned(), json!(some(rng, items)));
        }
    };
    list(rng, "users", 4, USERS);
    list(rng, "userGroups", 4, GROUPS);
    list(rng, "verbs", 3, VERBS);
    list(rng, "omitStages", 4, STAGES);
    if rng.u8(0..3) == 0 {
        let urls: Vec<_> = (0..rng.usize(1..3)).map(|_| url_pattern(rng)).collect();
        rule.insert("nonResourceURLs".to_owned(), json!(urls));
    } else {
        list(rng, "namespaces", 3, NAMESPACES);
        if rng.u8(0..3) > 0 {
            let entries: Vec<_> = (0..rng.usize(1..3)).map(|_| group_resources(rng)).collect();
            rule.insert("resources".to_owned(), json!(entries));
        }
    }
    if rng.u8(0..5) == 0 {
        rule.insert("omitManagedFields".to_owned(), json!(rng.bool()));
    }
    Value::Object(rule)
}

fn url_pattern(rng: &mut Rng) -> String {
    let path = pick(rng, PATHS);
    match rng.u8(0..4) {
        0 => "*".to_owned(),
        1 => format!("{path}*"),
        _ if path.is_empty() => "/".to_owned(),
        _ => path.to_owned(),
    }
}

fn group_resources(rng: &mut Rng) -> Value {
    let mut entry = json!({"group": pick(rng, API_GROUPS)});
    let patterns: Vec<String> = (0..rng.usize(0..3)).map(|_| resource_pattern(rng)).collect();
    if let Some(fields) = entry.as_object_mut().filter(|_| !patterns.is_empty()) {
        fields.insert("resources".to_owned(), json!(patterns));
        if rng.u8(0..3) == 0 {
            fields.insert("resourceNames".to_owned(), json!(some(rng, NAMES)));
        }
    }
    entry
}

fn resource_pattern(rng: &mut Rng) -> String {
    let (resource, subresource) = (pick(rng, RESOURCES), pick(rng, SUBRESOURCES));
    match rng.u8(0..6) {
        0 => format!("*/{subresource}"),
        1 => format!("{resource}/*"),
        2 => format!("{resource}/{subresource}"),
        3 => "*".to_owned(),
        _ => resource.to_owned(),
    }
}

/// A policy's text near validity: YAML or JSON of a policy, with some faults.
pub fn text(rng: &mut Rng) -> String {
    let mut value = policy(rng);
    for _ in 0..rng.usize(0..3) {
        spoil(rng, &mut value);
    }
    let mut text = match rng.u8(0..4) {
        0 => value.to_string(),
        1 => serde_json::to_string_pretty(&value).unwrap_or_default(),
        _ => {
            let mut text = String::new();
            block(rng, &value, 0, &mut text);
            text
        }
    };
    for _ in 0..rng.usize(0..4).saturating_sub(1) {
        mutate(rng, &mut text);
    }
    text
}

/// Scalars that YAML 1.1, Go and people read otherwise.
const ODD_SCALARS: &[&str] = &[
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "~",
    "null",
    "Null",
    "true",
    "TRUE",
    "tRue",
    "1",
    "017",
    "0o17",
    "0x1f",
    "1_000",
    "1e3",
    "1.5",
    ".5",
    "-.inf",
    ".nan",
    "+1",
    "0b11",
    "12:30",
    "2001-01-01",
    "2001-01-01T00:00:00Z",
    "<<",
    "=",
    "-",
    "''",
    "\"\"",
    "!!str 1",
    "!!binary aGk=",
    "!!int \"3\"",
    "!foo bar",
    "&a x",
    "*a",
    "{}",
    "[]",
    "{a: b}",
    "[a, b]",
    "\"\\u00e9\"",
    "'it''s'",
    "a: b",
    "# c",
    "|-\n      x",
    ">\n      x",
    "@x",
    "`x",
    "%x",
    "99999999999999999999",
    "-0",
    "0.0",
    "1.",
    "é",
    "\u{2028}",
    "\u{feff}",
];

/// Writes block YAML, with odd scalars and styles here and there.
fn block(rng: &mut Rng, value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                out.push_str(&pad);
                out.push_str(&key_text(rng, key));
                out.push(':');
                nested(rng, value, indent, out);
                if rng.u8(0..60) == 0 {
                    out.push_str(&format!("{pad}{key}: {}\n", pick(rng, ODD_SCALARS)));
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                out.push_str(&pad);
                out.push('-');
                nested(rng, item, indent, out);
            }
        }
        _ => {
            out.push_str(&pad);
            out.push_str(&value.to_string());
            out.push('\n');
        }
    }
}

fn nested(rng: &mut Rng, value: &Value, indent: usize, out: &mut String) {
    let is_empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
    if (value.is_array() || value.is_object()) && !is_empty && rng.u8(0..5) > 0 {
        out.push('\n');
        block(rng, value, indent + 2, out);
        return;
    }
    out.push(' ');
    match value {
        _ if rng.u8(0..50) == 0 => out.push_str(pick(rng, ODD_SCALARS)),
        Value::String(text) if is_plain(text) && rng.bool() => out.push_str(text),
        Value::String(text) if rng.bool() => out.push_str(&format!("'{}'", text.replace('\'', "''"))),
        _ => out.push_str(&value.to_string()),
    }
    out.push_str(if rng.u8(0..40) == 0 { " # note\n" } else { "\n" });
}

fn is_plain(text: &str) -> bool {
    text.chars().next().is_some_and(|first| first.is_ascii_alphabetic() || first == '/') && !text.ends_with(':')
}

fn key_text(rng: &mut Rng, key: &str) -> String {
    match rng.u8(0..60) {
        0 => format!("\"{key}\""),
        1 => key.to_uppercase(),
        2 => pick(rng, ODD_SCALARS).to_owned(),
        3 => format!("{key} "),
        _ => key.to_owned(),
    }
}

/// Puts one fault somewhere into a policy.
fn spoil(rng: &mut Rng, value: &mut Value) {
    let names = [
        "level",
        "users",
        "verbs",
        "resources",
        "group",
        "rules",
        "omitStages",
        "foo",
        "Level",
        "resource",
        "kind",
        "apiVersion",
        "metadata",
    ];
    let odd = [
        json!(null),
        json!(1),
        json!(1.5),
        json!(true),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!(["a", 1]),
        json!([null]),
        json!({"a": {"b": []}}),
        json!("metadata"),
        json!("audit.k8s.io/v1beta1"),
        json!("Event"),
        json!("v1"),
        json!(["/a*b", "x", ""]),
        json!("UPPER.case"),
        json!("*"),
    ];
    match value {
        Value::Object(fields) => match rng.u8(0..6) {
            0 => {
                fields.insert(pick(rng, &names).to_owned(), rng.choice(&odd).cloned().unwrap_or_default());
            }
            1 => {
                let key = rng.choice(fields.keys()).cloned();
                if let Some(key) = key {
                    fields.shift_remove(&key);
                }
            }
            2 => {
                if let Some(field) = rng.choice(fields.values_mut()) {
                    *field = rng.choice(&odd).cloned().unwrap_or_default();
                }
            }
            _ => {
                if let Some(field) = rng.choice(fields.values_mut()) {
                    spoil(rng, field);
                }
            }
        },
        Value::Array(items) => {
            if rng.u8(0..4) == 0 {
                items.push(rng.choice(&odd).cloned().unwrap_or_default());
            } else if let Some(item) = rng.choice(items.iter_mut()) {
                spoil(rng, item);
            }
        }
        _ => *value = rng.choice(&odd).cloned().unwrap_or_default(),
    }
}

/// Changes a text at one place.
fn mutate(rng: &mut Rng, text: &mut String) {
    let places: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
    let Some(&at) = rng.choice(&places) else { return };
    let insertions = [
        " ", "  ", "\n", "\t", ":", "-", "- ", "#", "'", "\"", "{", "}", "[", "]", ",", "&a ", "*a", "!", "|", ">",
        "%", "\r", "\r\n", "---\n", "\n---\n", "\n...\n", "?", "<<: *a\n", "\u{feff}", "\0", "\u{85}", "\u{1}", "é",
        "\\",
    ];
    match rng.u8(0..4) {
        0 => {
            text.remove(at);
        }
        1 => {
            let lines: Vec<&str> = text.lines().collect();
            let line = rng.choice(&lines).copied().unwrap_or_default().to_owned();
            text.insert_str(at, &line);
        }
        _ => text.insert_str(at, pick(rng, &insertions)),
    }
}
