//! Recording × level: what of a secret a level would write to the log.
//!
//! kube-apiserver does not know secrets when it logs: whatever is in an object is in the event. So this looks for the fields of
//! the API that hold them: `data` and `stringData` of a Secret, and the tokens of TokenRequest and TokenReview.

use std::fmt;

use serde::Serialize;

use crate::decide::Attributes;
use crate::exchange::{LoggedObject, Outcome};
use crate::json::{self, JsonText, Node};
use crate::levels::{Levels, Rung};
use crate::recording::Fate;
use crate::{Exchange, Level};

/// Something that should not be in a log. Its `Display` is a phrase: `the Secret's password`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exposure {
    /// The lowest level that writes it.
    pub level: Level,
    /// What it is.
    pub what: Exposed,
}

/// What a log would have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Exposed {
    /// Values of Secrets: their keys, where they are known, each once.
    SecretData(Vec<String>),
    /// A bearer token.
    Token,
}

impl fmt::Display for Exposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exposed::SecretData(keys) => match keys.as_slice() {
                [] => f.write_str("the Secret's values"),
                [key] => write!(f, "the Secret's {key}"),
                [key, other] => write!(f, "the Secret's {key} and {other}"),
                [key, rest @ ..] => write!(f, "the Secret's {key} and {} other values", rest.len()),
            },
            Exposed::Token => f.write_str("the token"),
        }
    }
}

/// What the levels would write of secrets, the lowest level first; what a level writes of it is said once.
pub fn exposures(levels: &Levels, exchange: &Exchange, attributes: &Attributes) -> Vec<Exposure> {
    let mut exposures: Vec<Exposure> = Vec::new();
    for rung in &levels.rungs {
        let found = match in_rung(rung, attributes) {
            None if rung.level == Level::RequestResponse
                && has_answer(rung)
                && answers_with_values(exchange, attributes) =>
            {
                Some(Exposed::SecretData(Vec::new()))
            }
            found => found,
        };
        if let Some(what) = found.filter(|what| exposures.iter().all(|known| known.what != *what)) {
            exposures.push(Exposure { level: rung.level, what });
        }
    }
    exposures
}

fn has_answer(rung: &Rung) -> bool {
    let has = |fate: &Fate| matches!(fate, Fate::Recorded { event, .. } if event.response_status.is_some());
    rung.stages.iter().any(|stage| has(&stage.record.fate))
}

fn in_rung(rung: &Rung, attributes: &Attributes) -> Option<Exposed> {
    let mut keys = Vec::new();
    for stage in &rung.stages {
        let Fate::Recorded { event, .. } = &stage.record.fate else { continue };
        for object in [&event.request_object, &event.response_object].into_iter().flatten() {
            match in_object(object, attributes, &mut keys) {
                Some(Exposed::Token) => return Some(Exposed::Token),
                Some(Exposed::SecretData(_)) | None => {}
            }
        }
    }
    (!keys.is_empty()).then_some(Exposed::SecretData(keys))
}

fn is_about(attributes: &Attributes, group: &str, resource: &str, subresource: &str) -> bool {
    attributes.resource_request
        && attributes.api_group == group
        && attributes.resource == resource
        && attributes.subresource == subresource
}

fn in_object(object: &JsonText, attributes: &Attributes, keys: &mut Vec<String>) -> Option<Exposed> {
    let is_secrets = is_about(attributes, "", "secrets", "");
    let token = if is_about(attributes, "", "serviceaccounts", "token") {
        "status"
    } else if is_about(attributes, "authentication.k8s.io", "tokenreviews", "") {
        "spec"
    } else {
        ""
    };
    if !is_secrets && token.is_empty() {
        return None;
    }
    let document = json::parse(object.as_bytes()).ok()?;
    let root = document.root()?;
    if !is_secrets {
        let value = root.get(token).and_then(|part| part.get("token")).and_then(Node::as_str);
        return value.filter(|value| !value.is_empty()).map(|_| Exposed::Token);
    }
    values_of(root, keys);
    root.get("items").into_iter().flat_map(Node::items).for_each(|item| values_of(item, keys));
    // A JSON patch: a list of operations with the path of what they set.
    for operation in root.items().filter(|operation| operation.get("value").is_some()) {
        let path = operation.get("path").and_then(Node::as_str).unwrap_or_default();
        if let Some(rest) = path.strip_prefix("/data").or_else(|| path.strip_prefix("/stringData")) {
            match rest.strip_prefix('/') {
                Some(key) => note(keys, key),
                None => operation.get("value").into_iter().for_each(|value| names_of(value, keys)),
            }
        }
    }
    Some(Exposed::SecretData(Vec::new()))
}

fn values_of(object: Node<'_>, keys: &mut Vec<String>) {
    ["data", "stringData"].into_iter().filter_map(|name| object.get(name)).for_each(|values| names_of(values, keys));
}

/// The keys of values that are there: `null` in a patch takes one away.
fn names_of(values: Node<'_>, keys: &mut Vec<String>) {
    for (key, value) in values.members() {
        if value.as_str().is_some_and(|value| !value.is_empty()) {
            note(keys, key.as_str().unwrap_or_default());
        }
    }
}

fn note(keys: &mut Vec<String>, key: &str) {
    /// So many keys are told apart.
    const MOST: usize = 100;
    if keys.len() < MOST && !keys.iter().any(|known| known == key) {
        keys.push(key.to_owned());
    }
}

/// Whether the server would answer with Secrets, though the answer's body is not given. A Table and partial metadata have no values.
fn answers_with_values(exchange: &Exchange, attributes: &Attributes) -> bool {
    let given = !exchange.response.body.is_empty() || exchange.objects.response != LoggedObject::FromBody;
    let succeeds = exchange.outcome == Outcome::Complete && exchange.response.code.is_none_or(|code| code < 300);
    let accept = exchange.request.header("Accept").map(|accept| accept.to_str_lossy()).unwrap_or_default();
    let whole = !accept.contains("as=Table") && !accept.contains("as=PartialObjectMetadata");
    let verb = matches!(attributes.verb.as_bytes(), b"get" | b"list" | b"create" | b"update" | b"patch");
    !given && succeeds && whole && verb && is_about(attributes, "", "secrets", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Format, ReadOptions, read};
    use crate::{Policy, Release, Rule, levels, record};

    fn said(request: &str) -> Vec<String> {
        let options = ReadOptions { format: Some(Format::Http), ..ReadOptions::default() };
        let exchange = read(request.as_bytes(), &options).unwrap().requests.remove(0).exchange;
        let policy = Policy::of_rules([Rule { level: Level::Metadata, ..Rule::default() }]);
        let recording = record(&policy, &exchange, Release::NEWEST);
        let levels = levels(&policy, &exchange, &recording, Release::NEWEST).unwrap();
        let found = exposures(&levels, &exchange, recording.attributes.as_ref().unwrap());
        found.into_iter().map(|exposure| format!("{}: {}", exposure.level, exposure.what)).collect()
    }

    #[test]
    fn what_a_level_would_log_of_a_secret_is_found() {
        let json = "Content-Type: application/json\r\n\r\n";
        let patch = |body: &str, kind: &str| {
            let ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"data\":{}}";
            format!(
                "PATCH /api/v1/namespaces/a/secrets/db HTTP/1.1\r\nContent-Type: application/{kind}+json\r\n\r\n{body}\n{ok}"
            )
        };
        for (request, expected) in [
            (patch(r#"{"stringData":{"password":"x"}}"#, "merge-patch"), &["Request: the Secret's password"][..]),
            (patch(r#"{"data":{"gone":null}}"#, "merge-patch"), &[]),
            (patch(r#"[{"op":"replace","path":"/data/password","value":"eA=="}]"#, "json-patch"), &["Request: the Secret's password"]),
            (patch(r#"{"metadata":{"labels":{"a":"b"}}}"#, "merge-patch"), &[]),
            ("GET /api/v1/namespaces/a/secrets/db HTTP/1.1\r\n\r\n".to_owned(), &["RequestResponse: the Secret's values"]),
            (
                "GET /api/v1/namespaces/a/secrets HTTP/1.1\r\nAccept: application/json;as=Table;v=v1;g=meta.k8s.io\r\n\r\n".to_owned(),
                &[],
            ),
            ("GET /api/v1/namespaces/a/configmaps/db HTTP/1.1\r\n\r\n".to_owned(), &[]),
            (
                format!(
                    "GET /api/v1/namespaces/a/secrets HTTP/1.1\r\n\r\n\nHTTP/1.1 200 OK\r\n{json}\
                     {{\"kind\":\"SecretList\",\"apiVersion\":\"v1\",\"items\":[{{\"data\":{{\"a\":\"eA==\"}}}},{{\"data\":{{\"b\":\"eA==\",\"c\":\"eA==\"}}}}]}}"
                ),
                &["RequestResponse: the Secret's a and 2 other values"],
            ),
            (
                format!(
                    "POST /api/v1/namespaces/a/serviceaccounts/web/token HTTP/1.1\r\n{json}{{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\",\"spec\":{{}}}}\n\
                     HTTP/1.1 201 Created\r\n{json}{{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\",\"status\":{{\"token\":\"ey\"}}}}"
                ),
                &["RequestResponse: the token"],
            ),
        ] {
            assert_eq!(said(&request), expected, "{request}");
        }
    }
}
