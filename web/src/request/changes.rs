//! What a person changed of a request, beside what its text says.

use audit_policy::exchange::{Authentication, Outcome};
use audit_policy::request::{self, Given, ReadOptions, Reading};
use audit_policy::{Exchange, GoString};

use super::facts::{Fact, OUTCOMES, about, code_in_words};

/// The facts that are given each by itself.
const FACTS: [Fact; 8] =
    [Fact::User, Fact::From, Fact::Outcome, Fact::Code, Fact::Body, Fact::Decision, Fact::Received, Fact::AuditId];

/// A fact that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub fact: Fact,
    /// What it is now.
    pub now: String,
    /// What the request's text says of it, which the change overrules; none where the text says nothing.
    pub said: Option<String>,
}

/// What was changed of the request in a text, which is read as this.
pub fn changes(text: &str, options: &ReadOptions, reading: &Reading) -> Vec<Change> {
    let given = &options.given;
    let alone = ReadOptions { given: Given::default(), ..options.clone() };
    let Ok(text_alone) = request::read(text.as_bytes(), &alone) else { return Vec::new() };
    let (Some(now), Some(without)) = (about(reading), about(&text_alone)) else { return Vec::new() };
    let change = |fact: Fact| {
        // Nobody is an outcome that takes a user's place.
        let of = if fact == Fact::Outcome && given.user == Some(Authentication::Failed) { Fact::User } else { fact };
        let said = is_stated(of, &text_alone, without).then(|| in_words(of, without));
        Change { fact, now: in_words(fact, now), said }
    };
    FACTS.into_iter().filter(|fact| fact.is_given(given)).map(change).collect()
}

/// Whether the text says this, and nothing was assumed for it.
fn is_stated(fact: Fact, reading: &Reading, exchange: &Exchange) -> bool {
    let code = exchange.response.code.map(|code| code.to_string());
    if fact == Fact::Body && exchange.response.body.is_empty() {
        return false;
    }
    let mut assumed = reading.assumed.iter();
    !assumed.any(|assumed| match (fact, Fact::of_assumption(&assumed.about)) {
        // A code that is assumed is named; else it is told that a body is not known.
        (Fact::Outcome | Fact::Code | Fact::Body, Some(Fact::Code)) => {
            code.as_ref().is_some_and(|code| assumed.text.starts_with(code))
        }
        // The address of who connects is assumed beside those that headers name.
        (Fact::From, Some(Fact::From)) => exchange.source_ips == [assumed.text.as_str()],
        (_, about) => about == Some(fact),
    })
}

/// A fact with what is given with it.
fn in_words(fact: Fact, exchange: &Exchange) -> String {
    let value = fact.value(exchange);
    match fact {
        Fact::User => match &exchange.authentication {
            Authentication::Failed => "nobody".to_owned(),
            Authentication::User(user) => {
                let id = if user.uid.is_empty() { String::new() } else { format!(" with ID {}", user.uid) };
                let groups: Vec<String> = user.groups.iter().flatten().map(GoString::to_string).collect();
                let groups = if groups.is_empty() { "no group".to_owned() } else { groups.join(", ") };
                format!("{value}{id}, in {groups}")
            }
        },
        Fact::Outcome => {
            let name = OUTCOMES.into_iter().find(|(outcome, _)| *outcome == value).map_or("", |(_, name)| name);
            match &exchange.outcome {
                Outcome::Panic(panic) => format!("{name} ({panic})"),
                _ => name.to_owned(),
            }
        }
        Fact::Code => exchange.response.code.map_or("none".to_owned(), code_in_words),
        Fact::Body => match exchange.response.body.as_bytes().len() {
            1 => "1 byte".to_owned(),
            bytes => format!("{bytes} bytes"),
        },
        Fact::Decision => {
            let reason = Fact::Reason.value(exchange);
            let decision = if value.is_empty() { "none".to_owned() } else { value };
            if reason.is_empty() { decision } else { format!("{decision} ({reason})") }
        }
        _ if value.is_empty() => "none".to_owned(),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::facts::Asked;

    const EVENT: &str = r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"x","stage":"ResponseComplete","requestURI":"/api/v1/nodes/a","verb":"get","user":{"username":"carol","uid":"7","groups":["operators"]},"sourceIPs":["::1"],"objectRef":{"resource":"nodes","name":"a","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":404},"requestReceivedTimestamp":"2026-01-01T00:00:00.000000Z","stageTimestamp":"2026-01-01T00:00:01.000000Z"}"#;
    const REVIEW: &str = "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec:\n  user: bob\n  groups: [dev]\n  resourceAttributes: {verb: get, resource: pods, namespace: a, name: b}\n";

    /// What is given when these are changed beside a command that says nothing of them.
    fn given(changes: &[(Fact, &str)]) -> Given {
        changes.iter().fold(Given::default(), |given, (fact, value)| {
            let asked = Asked { text: "kubectl --as=eve get pods", options: ReadOptions::default(), given: &given };
            fact.give(value, &asked).unwrap()
        })
    }

    /// Every change of a text in words.
    fn told(text: &str, given: Given) -> Vec<String> {
        let told = |Change { fact, now, said }: Change| match said {
            Some(said) => format!("{}: {now}; text: {said}", fact.label()),
            None => format!("{}: {now}", fact.label()),
        };
        let options = ReadOptions { given, ..ReadOptions::default() };
        let Ok(reading) = request::read(text.as_bytes(), &options) else { return Vec::new() };
        changes(text, &options, &reading).into_iter().map(told).collect()
    }

    #[test]
    fn a_change_of_what_was_assumed_overrules_nothing() {
        assert_eq!(told("kubectl get pods", Given::default()), [""; 0]);
        assert_eq!(told("no request", given(&[(Fact::Code, "404")])), [""; 0]);
        let all = [
            (Fact::User, "alice"),
            (Fact::From, "::1"),
            (Fact::Code, "404"),
            (Fact::Body, "{}"),
            (Fact::Decision, "forbid"),
            (Fact::Received, "2025-02-03T04:05:06Z"),
            (Fact::AuditId, "abc"),
        ];
        assert_eq!(
            told("kubectl --as=bob get pods", given(&all)),
            [
                "User: alice, in system:authenticated",
                "Source IPs: ::1",
                "Response code: 404 Not Found",
                "Response body: 2 bytes",
                "Authorization decision: forbid",
                "Received at: 2025-02-03T04:05:06Z",
                "Audit ID: abc",
            ]
        );
        assert_eq!(told("kubectl get pods", given(&[(Fact::Outcome, "nobody")])), ["Outcome: Not authenticated"]);
    }

    #[test]
    fn a_change_of_what_the_text_says_overrules_it() {
        for (text, change, expected) in [
            (REVIEW, (Fact::User, "alice"), "User: alice, in system:authenticated; text: bob, in dev"),
            (REVIEW, (Fact::Outcome, "nobody"), "Outcome: Not authenticated; text: bob, in dev"),
            (REVIEW, (Fact::Code, "409"), "Response code: 409 Conflict"),
            (
                "version: 1\nrequest: kubectl get pods\nas: {user: bob, groups: []}\n",
                (Fact::User, "alice"),
                "User: alice, in system:authenticated; text: bob, in no group",
            ),
            (EVENT, (Fact::User, "alice"), "User: alice, in system:authenticated; text: carol with ID 7, in operators"),
            (EVENT, (Fact::Code, "409"), "Response code: 409 Conflict; text: 404 Not Found"),
            (EVENT, (Fact::Body, "{}"), "Response body: 2 bytes"),
            (EVENT, (Fact::AuditId, "abc"), "Audit ID: abc; text: x"),
            (EVENT, (Fact::From, "::2"), "Source IPs: ::2; text: ::1"),
            (
                EVENT,
                (Fact::Outcome, "panic"),
                "Outcome: Panic (runtime error: invalid memory address or nil pointer dereference); text: Answered",
            ),
            (
                "GET /api/v1/nodes HTTP/1.1\nX-Forwarded-For: 10.0.0.1\nAudit-ID: q\n\nHTTP/1.1 404 Not Found\n\n{}",
                (Fact::Body, "{ }"),
                "Response body: 3 bytes; text: 2 bytes",
            ),
            (
                "GET /api/v1/nodes HTTP/1.1\nX-Forwarded-For: 10.0.0.1\n",
                (Fact::From, "::1"),
                "Source IPs: ::1; text: 10.0.0.1, 192.0.2.10",
            ),
        ] {
            let told = told(text, given(&[change]));
            assert_eq!(told, [expected], "{text}");
        }
    }
}
