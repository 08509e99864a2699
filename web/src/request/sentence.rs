//! What a request was read as, in one sentence: `patch secrets/db in prod by kubernetes-admin as alice`.

use audit_policy::exchange::Impersonation;
use audit_policy::{Attributes, Exchange, GoString};

/// A part of the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A word between.
    Word(&'static str),
    /// What the request says.
    Token(String),
}

/// The sentence; `attributes` are what the rules see, and none where the request is answered before auditing.
pub fn sentence(attributes: Option<&Attributes>, exchange: &Exchange) -> Vec<Part> {
    let token = |text: &GoString| Part::Token(text.to_string());
    let Some(attributes) = attributes else {
        return vec![token(&exchange.request.method), token(&exchange.request.target)];
    };
    let mut parts = vec![token(&attributes.verb)];
    if attributes.resource_request {
        parts.push(Part::Token(resource(attributes)));
    } else {
        parts.push(token(&attributes.path));
    }
    if !attributes.namespace.is_empty() {
        parts.extend([Part::Word("in"), token(&attributes.namespace)]);
    }
    match &attributes.user {
        Some(user) => parts.extend([Part::Word("by"), token(&user.username)]),
        None => parts.push(Part::Word("by nobody")),
    }
    match &exchange.impersonation {
        Impersonation::Allowed(user) => parts.extend([Part::Word("as"), token(&user.username)]),
        Impersonation::Refused => parts.push(Part::Word("impersonation refused")),
        Impersonation::None => {}
    }
    parts
}

/// `pods/web/log`, `deployments.apps/web`
fn resource(attributes: &Attributes) -> String {
    let mut path = attributes.resource.to_string();
    if !attributes.api_group.is_empty() {
        path.push('.');
        path.push_str(&attributes.api_group.to_str_lossy());
    }
    for part in [&attributes.name, &attributes.subresource] {
        if !part.is_empty() {
            path.push('/');
            path.push_str(&part.to_str_lossy());
        }
    }
    path
}

/// The sentence as text.
pub fn spoken(parts: &[Part]) -> String {
    let mut text = String::from("Read as");
    for part in parts {
        text.push(' ');
        text.push_str(match part {
            Part::Word(word) => word,
            Part::Token(token) => token,
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use audit_policy::request::{Given, ReadOptions, read};
    use audit_policy::{load, record};

    use super::*;

    fn said(text: &str, given: Given) -> String {
        let options = ReadOptions { given, ..ReadOptions::default() };
        let reading = read(text.as_bytes(), &options).unwrap();
        let exchange = &reading.requests[reading.pick].exchange;
        let policy = load(b"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None", options.release);
        let recording = record(&policy.policy.unwrap(), exchange, options.release);
        spoken(&sentence(recording.attributes.as_ref(), exchange))
    }

    #[test]
    fn requests_are_said_in_one_sentence() {
        let nobody = Given { user: Some(audit_policy::exchange::Authentication::Failed), ..Given::default() };
        let refused = Given { impersonation_allowed: Some(false), ..Given::default() };
        for (text, given, expected) in [
            (
                "kubectl --as=alice patch secret db -n prod -p {}",
                Given::default(),
                "patch secrets/db in prod by kubernetes-admin as alice",
            ),
            (
                "kubectl --as=alice get secret db -n prod",
                refused,
                "get secrets/db in prod by kubernetes-admin impersonation refused",
            ),
            (
                "GET /apis/apps/v1/namespaces/dev/deployments/web/scale",
                Given::default(),
                "get deployments.apps/web/scale in dev by kubernetes-admin",
            ),
            ("GET /healthz", nobody, "get /healthz by nobody"),
            ("GET /%", Given::default(), "GET /%"),
        ] {
            assert_eq!(said(text, given), format!("Read as {expected}"));
        }
    }
}
