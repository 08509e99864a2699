//! A request and what is known besides → a whole exchange: what is not known is assumed, and said.

use std::collections::BTreeMap;

use super::answer::{Course, answer, course};
use super::headers::{self, Wanted, source_ips};
use super::info;
use super::{Assumption, Given};
use crate::event::UserInfo;
use crate::exchange::{Authentication, HttpRequest, Impersonation, Outcome, Response, Times};
use crate::{Exchange, GoString, Release, Stage, Timestamp};

/// The address of the client, one that documentation may use.
const PEER: &str = "192.0.2.10";

/// 2026-01-01T00:00:00Z
const RECEIVED: i64 = 1_767_225_600;

/// The later stages and how many nanoseconds after the first they are reached.
const STAGES: [(Stage, u32); 3] =
    [(Stage::ResponseStarted, 2_000_000), (Stage::ResponseComplete, 5_000_000), (Stage::Panic, 5_000_000)];

const AUDIT_ID: &str = "00000000-0000-0000-0000-000000000000";

/// The annotation that tells what the authorizer decided: `allow` or `forbid`.
pub const AUTHORIZATION_DECISION: &str = "authorization.k8s.io/decision";

/// The annotation that tells why.
pub const AUTHORIZATION_REASON: &str = "authorization.k8s.io/reason";

/// Makes an exchange of a request: what is given goes first, then what the request says, then defaults, each of which is told.
pub(super) fn assume(request: HttpRequest, given: &Given, release: Release) -> (Exchange, Vec<Assumption>) {
    let mut told = Told(Vec::new());
    let info = info::of_request(&request, release);
    let authentication = authentication(given, &mut told);
    let user = match &authentication {
        Authentication::User(user) => Some(user),
        Authentication::Failed => None,
    };
    let source_ips = match &given.from {
        Some(from) => from.clone(),
        None => {
            told.tell("source IP", PEER);
            source_ips(&request, PEER)
        }
    };
    let wanted = headers::impersonation(&request, release);
    let allowed = given.impersonation_allowed.unwrap_or(true);
    let course = course(&request, &info, user.is_some(), &wanted, allowed, release);
    let username = user.map(|user| user.username.clone()).unwrap_or_default();
    let answer = answer(&course, info.as_ref().ok(), &username, &wanted, release);
    if given.impersonation_allowed.is_none() && course == Course::Handled && matches!(wanted, Wanted::User(_)) {
        told.tell("impersonation", "allowed");
    }
    let outcome = given.outcome.clone().unwrap_or_default();
    let response = response(given, &outcome, answer, &mut told);
    let annotations = match &given.annotations {
        Some(annotations) => annotations.clone(),
        None if course == Course::Handled => authorization(response.code, &mut told),
        None => BTreeMap::new(),
    };
    let exchange = Exchange {
        source_ips,
        authentication,
        impersonation: impersonation(course, wanted),
        authentication_metadata: None,
        response,
        outcome,
        objects: given.objects.clone(),
        annotations,
        times: given.times.clone().unwrap_or_else(times),
        audit_id: given.audit_id.clone().or_else(|| headers::audit_id(&request)).unwrap_or_else(|| AUDIT_ID.into()),
        request,
    };
    tell_fixed_values(&exchange, given, &mut told);
    (exchange, told.0)
}

struct Told(Vec<Assumption>);

impl Told {
    fn tell(&mut self, about: &str, text: impl Into<String>) {
        self.0.push(Assumption { about: about.to_owned(), text: text.into() });
    }
}

fn authentication(given: &Given, told: &mut Told) -> Authentication {
    given.user.clone().unwrap_or_else(|| {
        told.tell("user", "kubernetes-admin, in kubeadm:cluster-admins and system:authenticated");
        Authentication::User(UserInfo::new("kubernetes-admin", &["kubeadm:cluster-admins", "system:authenticated"]))
    })
}

fn impersonation(course: Course, wanted: Wanted) -> Impersonation {
    match (course, wanted) {
        (Course::Handled, Wanted::User(user)) => Impersonation::Allowed(user),
        (Course::RefusedImpersonation, _) => Impersonation::Refused,
        _ => Impersonation::None,
    }
}

fn response(given: &Given, outcome: &Outcome, answer: super::answer::Answer, told: &mut Told) -> Response {
    if given.code.is_none() && *outcome != Outcome::Complete {
        return Response { code: None, body: given.body.clone().unwrap_or_default() };
    }
    let code = given.code.unwrap_or(answer.code);
    let known = answer.body.filter(|_| code == answer.code);
    if given.code.is_none() {
        let unknown = if known.is_none() && given.body.is_none() && code != 101 { ", its body not known" } else { "" };
        told.tell("response", format!("{code}{unknown}"));
    } else if given.body.is_none() && known.is_none() && code >= 400 {
        told.tell("response", "no body: the server's would add status, reason and message");
    }
    Response { code: Some(code), body: given.body.clone().or(known).unwrap_or_default() }
}

/// The authorizer's annotations. A 403 is most often its own.
fn authorization(code: Option<u16>, told: &mut Told) -> BTreeMap<Stage, BTreeMap<String, GoString>> {
    let decision = if code == Some(403) { "forbid" } else { "allow" };
    told.tell("authorization", format!("{decision}, with an empty reason"));
    let annotations = crate::sort::map([
        (AUTHORIZATION_DECISION.to_owned(), decision.into()),
        (AUTHORIZATION_REASON.to_owned(), GoString::new()),
    ]);
    crate::sort::map(STAGES.iter().map(|(stage, _)| (*stage, annotations.clone())))
}

pub(super) fn times() -> Times {
    Times {
        request_received: Timestamp::from_unix(RECEIVED, 0),
        stages: crate::sort::map(STAGES.iter().map(|(stage, nanos)| (*stage, Timestamp::from_unix(RECEIVED, *nanos)))),
    }
}

fn tell_fixed_values(exchange: &Exchange, given: &Given, told: &mut Told) {
    if exchange.audit_id == AUDIT_ID && given.audit_id.is_none() {
        told.tell("audit ID", "zeros; the server makes a new one for each request");
    }
    if given.times.is_none() {
        told.tell("times", "2026-01-01T00:00:00Z and milliseconds after");
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn request(method: &str, target: &str, headers: &[(&str, &str)]) -> HttpRequest {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), GoString::from(*value))).collect();
        HttpRequest { method: method.into(), target: target.into(), headers, body: GoString::new() }
    }

    fn check(request: HttpRequest, given: &Given, expected: Expect) {
        let (exchange, told) = assume(request, given, Release::NEWEST);
        let told: Vec<_> = told.iter().map(|told| format!("{}: {}", told.about, told.text)).collect();
        expected.assert_eq(&format!(
            "{:?} {} from {:?}\nimpersonation {:?}\n{}",
            exchange.response.code,
            exchange.response.body,
            exchange.source_ips,
            exchange.impersonation,
            told.join("\n")
        ));
    }

    #[test]
    fn all_defaults() {
        check(
            request("POST", "/api/v1/namespaces/dev/pods", &[]),
            &Given::default(),
            expect![[r#"
                Some(201)  from ["192.0.2.10"]
                impersonation None
                user: kubernetes-admin, in kubeadm:cluster-admins and system:authenticated
                source IP: 192.0.2.10
                response: 201, its body not known
                authorization: allow, with an empty reason
                audit ID: zeros; the server makes a new one for each request
                times: 2026-01-01T00:00:00Z and milliseconds after"#]],
        );
    }

    #[test]
    fn headers_go_before_defaults() {
        check(
            request(
                "GET",
                "/healthz",
                &[("X-Forwarded-For", "10.0.0.1"), ("Audit-ID", "a"), ("Impersonate-User", "bob")],
            ),
            &Given::default(),
            expect![[r#"
                Some(200)  from ["10.0.0.1", "192.0.2.10"]
                impersonation Allowed(UserInfo { username: "bob", uid: "", groups: Some(["system:authenticated"]), extra: {} })
                user: kubernetes-admin, in kubeadm:cluster-admins and system:authenticated
                source IP: 192.0.2.10
                impersonation: allowed
                response: 200, its body not known
                authorization: allow, with an empty reason
                times: 2026-01-01T00:00:00Z and milliseconds after"#]],
        );
    }

    #[test]
    fn refusals_are_answered_as_the_server_does() {
        let given = Given {
            user: Some(Authentication::User(UserInfo::new("alice", &[]))),
            from: Some(vec!["::1".to_owned()]),
            impersonation_allowed: Some(false),
            times: Some(Times::default()),
            audit_id: Some("x".into()),
            ..Given::default()
        };
        check(
            request("GET", "/api/v1/namespaces/dev/configmaps", &[("Impersonate-User", "admin")]),
            &given,
            expect![[r#"
                Some(403) {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"configmaps is forbidden: User \"alice\" cannot impersonate-on:user-info:list resource \"configmaps\" in API group \"\" in the namespace \"dev\"","reason":"Forbidden","details":{"kind":"configmaps"},"code":403}
                 from ["::1"]
                impersonation Refused
                response: 403"#]],
        );
        check(
            request("GET", "/api/v1/pods?timeout=foo", &[("Impersonate-User", "admin")]),
            &Given { user: Some(Authentication::Failed), ..given },
            expect![[r#"
                Some(400) {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"invalid timeout specified in the request URL - time: invalid duration \"foo\"","reason":"BadRequest","code":400}
                 from ["::1"]
                impersonation None
                response: 400"#]],
        );
    }

    #[test]
    fn a_given_code_keeps_its_own_body() {
        let given = Given { code: Some(403), ..Given::default() };
        let (exchange, told) = assume(request("GET", "/api/v1/pods", &[]), &given, Release::NEWEST);
        assert_eq!(exchange.annotations[&Stage::ResponseComplete][AUTHORIZATION_DECISION], "forbid");
        assert!(told.iter().any(|told| told.text.starts_with("no body")), "{told:?}");
    }
}
