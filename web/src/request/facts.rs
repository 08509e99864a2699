//! What is known of a request besides its text, as controls show and change it.

use audit_policy::event::UserInfo;
use audit_policy::exchange::{Authentication, Impersonation, Outcome, Times};
use audit_policy::request::{self, AUTHORIZATION_DECISION, AUTHORIZATION_REASON, Given, ReadOptions, Reading};
use audit_policy::{Exchange, GoString, Stage, Timestamp};

/// One fact, which has one control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// How the request ends: one of [`OUTCOMES`].
    Outcome,
    /// The value that the handler panics with.
    Panic,
    /// The response's status code.
    Code,
    /// The response's body.
    Body,
    /// The user's name.
    User,
    /// The user's uid.
    Uid,
    /// The user's groups, with commas between.
    Groups,
    /// The source IPs, with commas between.
    From,
    /// The authorizer's decision.
    Decision,
    /// The authorizer's reason.
    Reason,
    /// When the request is received; the later stages keep their distance.
    Received,
    /// The audit ID.
    AuditId,
}

/// How a request can end: what stands in a control's value, and what a person reads.
pub const OUTCOMES: [(&str, &str); 5] = [
    ("complete", "Answered"),
    ("nothingWritten", "Nothing written"),
    ("panic", "Panic"),
    ("nobody", "Not authenticated"),
    ("refused", "Impersonation refused"),
];

/// What authorizers decide.
pub const DECISIONS: [&str; 2] = ["allow", "forbid"];

/// The status codes that API servers answer with most.
pub const CODES: [u16; 16] = [200, 201, 202, 101, 400, 401, 403, 404, 405, 409, 410, 422, 429, 500, 503, 504];

/// A code with its words, as Go's `http.StatusText` has them.
pub fn code_in_words(code: u16) -> String {
    let words = match code {
        101 => "Switching Protocols",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    };
    format!("{code} {words}").trim_end().to_owned()
}

/// What became of a request, in a few words: `200 OK`, `Panic`.
pub fn ending(exchange: &Exchange) -> String {
    match (&exchange.outcome, exchange.response.code) {
        (Outcome::Panic(_), _) => "Panic".to_owned(),
        (Outcome::NothingWritten, _) => "Nothing written".to_owned(),
        (Outcome::Complete, Some(code)) => code_in_words(code),
        (Outcome::Complete, None) => code_in_words(200),
    }
}

/// The panic of somebody who does not say which.
const PANIC: &str = "runtime error: invalid memory address or nil pointer dereference";

impl Fact {
    /// What its control is called.
    pub fn label(self) -> &'static str {
        match self {
            Fact::Outcome => "Outcome",
            Fact::Panic => "Panic value",
            Fact::Code => "Response code",
            Fact::Body => "Response body",
            Fact::User => "User",
            Fact::Uid => "User ID",
            Fact::Groups => "Groups",
            Fact::From => "Source IPs",
            Fact::Decision => "Authorization decision",
            Fact::Reason => "Authorization reason",
            Fact::Received => "Received at",
            Fact::AuditId => "Audit ID",
        }
    }

    /// The id of its control.
    pub fn id(self) -> &'static str {
        match self {
            Fact::Outcome => "fact-outcome",
            Fact::Panic => "fact-panic",
            Fact::Code => "fact-code",
            Fact::Body => "fact-body",
            Fact::User => "fact-user",
            Fact::Uid => "fact-uid",
            Fact::Groups => "fact-groups",
            Fact::From => "fact-from",
            Fact::Decision => "fact-decision",
            Fact::Reason => "fact-reason",
            Fact::Received => "fact-received",
            Fact::AuditId => "fact-audit-id",
        }
    }

    /// The fact that an assumption is about; none where it is not one of these.
    pub fn of_assumption(about: &str) -> Option<Fact> {
        Some(match about {
            "user" => Fact::User,
            "source IP" => Fact::From,
            "impersonation" => Fact::Outcome,
            "response" => Fact::Code,
            "authorization" => Fact::Decision,
            "times" => Fact::Received,
            "audit ID" => Fact::AuditId,
            _ => return None,
        })
    }

    /// The value as its control shows it.
    pub fn value(self, exchange: &Exchange) -> String {
        let user = match &exchange.authentication {
            Authentication::User(user) => Some(user),
            Authentication::Failed => None,
        };
        match self {
            Fact::Outcome => outcome(exchange).to_owned(),
            Fact::Panic => match &exchange.outcome {
                Outcome::Panic(value) => value.to_string(),
                _ => String::new(),
            },
            Fact::Code => exchange.response.code.map(|code| code.to_string()).unwrap_or_default(),
            Fact::Body => exchange.response.body.to_string(),
            Fact::User => user.map(|user| user.username.to_string()).unwrap_or_default(),
            Fact::Uid => user.map(|user| user.uid.to_string()).unwrap_or_default(),
            Fact::Groups => {
                let groups = user.and_then(|user| user.groups.as_deref()).unwrap_or_default();
                groups.iter().map(GoString::to_string).collect::<Vec<_>>().join(", ")
            }
            Fact::From => exchange.source_ips.join(", "),
            Fact::Decision => annotation(exchange, AUTHORIZATION_DECISION),
            Fact::Reason => annotation(exchange, AUTHORIZATION_REASON),
            Fact::Received => exchange.times.request_received.to_rfc3339_nano(),
            Fact::AuditId => exchange.audit_id.to_string(),
        }
    }

    /// Whether it was given; told of one of those that are given together.
    pub fn is_given(self, given: &Given) -> bool {
        match self {
            Fact::Outcome => {
                given.outcome.is_some()
                    || given.impersonation_allowed.is_some()
                    || given.user == Some(Authentication::Failed)
            }
            Fact::Code => given.code.is_some(),
            Fact::Body => given.body.is_some(),
            Fact::User => matches!(given.user, Some(Authentication::User(_))),
            Fact::From => given.from.is_some(),
            Fact::Decision => given.annotations.is_some(),
            Fact::Received => given.times.is_some(),
            Fact::AuditId => given.audit_id.is_some(),
            Fact::Panic | Fact::Uid | Fact::Groups | Fact::Reason => false,
        }
    }

    /// What is given without this fact and those that are given with it.
    pub fn reset(self, given: &Given) -> Given {
        let mut given = given.clone();
        match self {
            Fact::Outcome | Fact::Panic => {
                given.outcome = None;
                given.impersonation_allowed = None;
                given.user = given.user.filter(|user| *user != Authentication::Failed);
            }
            Fact::Code => given.code = None,
            Fact::Body => given.body = None,
            Fact::User | Fact::Uid | Fact::Groups => given.user = None,
            Fact::From => given.from = None,
            Fact::Decision | Fact::Reason => given.annotations = None,
            Fact::Received => given.times = None,
            Fact::AuditId => given.audit_id = None,
        }
        given
    }

    /// What is given when this fact is changed in its control. What would be so anyway is not given.
    ///
    /// # Errors
    ///
    /// Where the text is no value of it: what is one.
    pub fn give(self, value: &str, asked: &Asked<'_>) -> Result<Given, &'static str> {
        let without = self.reset(asked.given);
        let (Some(now), Some(base)) = (asked.read(asked.given), asked.read(&without)) else {
            return Err("the request is not understood");
        };
        let (now, base_exchange) = (about(&now), about(&base));
        let (Some(now), Some(base_exchange)) = (now, base_exchange) else { return Ok(without) };
        let mut given = without;
        match self {
            Fact::Outcome => set_outcome(&mut given, value, base_exchange),
            Fact::Panic => given.outcome = Some(Outcome::Panic(value.into())),
            Fact::Code if value.trim().is_empty() => {}
            Fact::Code => {
                let code = value.trim().parse().ok().filter(|code| (100..=999).contains(code));
                given.code = Some(code.ok_or("a number from 100 to 999")?);
                given.code = given.code.filter(|_| given.code != base_exchange.response.code);
            }
            Fact::Body => {
                let body = GoString::from(value);
                given.body = (body != base_exchange.response.body).then_some(body);
            }
            Fact::User | Fact::Uid | Fact::Groups => {
                let assumed = asked.given.user.is_none() && base.assumed.iter().any(|assumed| assumed.about == "user");
                let user = Authentication::User(self.user(value, now, assumed));
                given.user = (user != base_exchange.authentication).then_some(user);
            }
            Fact::From => {
                let from: Option<Vec<String>> = list(value).map(request::ip_address).collect();
                let from = from.ok_or("IP addresses such as 192.0.2.10 or 2001:db8::1")?;
                given.from = (from != base_exchange.source_ips).then_some(from);
            }
            Fact::Decision | Fact::Reason => {
                let key = if self == Fact::Decision { AUTHORIZATION_DECISION } else { AUTHORIZATION_REASON };
                let mut annotations = now.annotations.clone();
                for stage in Stage::ALL.into_iter().filter(|stage| *stage != Stage::RequestReceived) {
                    let of_stage = annotations.entry(stage).or_default();
                    let had = base_exchange.annotations.get(&stage).is_some_and(|had| had.contains_key(key));
                    if value.is_empty() && !had {
                        of_stage.remove(key);
                    } else {
                        of_stage.insert(key.to_owned(), value.into());
                    }
                }
                annotations
                    .retain(|stage, of_stage| !of_stage.is_empty() || base_exchange.annotations.contains_key(stage));
                given.annotations = (annotations != base_exchange.annotations).then_some(annotations);
            }
            Fact::Received => {
                let received = Timestamp::parse_rfc3339(value.trim()).ok_or("a time such as 2026-01-01T00:00:00.5Z")?;
                let times = moved(&now.times, received);
                given.times = (times != base_exchange.times).then_some(times);
            }
            Fact::AuditId => {
                let id = GoString::from(value.trim());
                given.audit_id = (id != base_exchange.audit_id).then_some(id);
            }
        }
        Ok(given)
    }

    /// The user with this fact changed. A name in place of an assumed user does not keep that user's groups.
    fn user(self, value: &str, now: &Exchange, assumed: bool) -> UserInfo {
        let mut user = match &now.authentication {
            Authentication::User(user) => user.clone(),
            Authentication::Failed => UserInfo::default(),
        };
        match self {
            Fact::Uid => user.uid = value.trim().into(),
            Fact::Groups => user.groups = Some(list(value).map(GoString::from).collect()),
            _ => {
                let own = |name: &str| UserInfo::authenticated(name, &[]).groups;
                if assumed || user.groups == own(&user.username.to_str_lossy()) {
                    user.groups = own(value);
                }
                user.username = value.into();
            }
        }
        user
    }
}

/// A request text and what is given besides.
pub struct Asked<'a> {
    /// The text.
    pub text: &'a str,
    /// How it is read, but for what is given.
    pub options: ReadOptions,
    /// What is given.
    pub given: &'a Given,
}

impl Asked<'_> {
    fn read(&self, given: &Given) -> Option<Reading> {
        let options = ReadOptions { given: given.clone(), ..self.options.clone() };
        request::read(self.text.as_bytes(), &options).ok()
    }
}

/// The exchange that facts are about: what is given of an answer is of the request that the text exists for.
pub fn about(reading: &Reading) -> Option<&Exchange> {
    reading.requests.get(reading.pick).map(|request| &request.exchange)
}

fn outcome(exchange: &Exchange) -> &'static str {
    match (&exchange.authentication, &exchange.impersonation, &exchange.outcome) {
        (Authentication::Failed, ..) => "nobody",
        (_, Impersonation::Refused, _) => "refused",
        (.., Outcome::Panic(_)) => "panic",
        (.., Outcome::NothingWritten) => "nothingWritten",
        (.., Outcome::Complete) => "complete",
    }
}

/// Gives an outcome, and takes back what would keep it from being.
fn set_outcome(given: &mut Given, value: &str, base: &Exchange) {
    if value == outcome(base) {
        return;
    }
    if base.authentication == Authentication::Failed {
        given.user = Some(Authentication::User(UserInfo::authenticated("kubernetes-admin", &[])));
    }
    if base.impersonation == Impersonation::Refused {
        given.impersonation_allowed = Some(true);
    }
    match value {
        "nobody" => given.user = Some(Authentication::Failed),
        "refused" => given.impersonation_allowed = Some(false),
        "panic" => given.outcome = Some(Outcome::Panic(PANIC.into())),
        "nothingWritten" => given.outcome = Some(Outcome::NothingWritten),
        _ => given.outcome = Some(Outcome::Complete).filter(|complete| *complete != base.outcome),
    }
}

/// Every stage's time with the first one moved to a moment.
fn moved(times: &Times, received: Timestamp) -> Times {
    let nanos = |time: Timestamp| i128::from(time.unix_seconds()) * SECOND + i128::from(time.subsec_nanos());
    let by = nanos(received) - nanos(times.request_received);
    let moved = |time: Timestamp| {
        let nanos = nanos(time) + by;
        let seconds = i64::try_from(nanos.div_euclid(SECOND)).unwrap_or_default();
        Timestamp::from_unix(seconds, u32::try_from(nanos.rem_euclid(SECOND)).unwrap_or_default())
    };
    Times {
        request_received: received,
        stages: times.stages.iter().map(|(stage, time)| (*stage, moved(*time))).collect(),
    }
}

const SECOND: i128 = 1_000_000_000;

fn annotation(exchange: &Exchange, key: &str) -> String {
    let value = exchange.annotations.values().rev().find_map(|annotations| annotations.get(key));
    value.map(GoString::to_string).unwrap_or_default()
}

/// The items of a list with commas between.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"x","stage":"Panic","requestURI":"/api/v1/nodes/a","verb":"get","user":{"username":"carol","uid":"7","groups":["operators"]},"sourceIPs":["::1"],"objectRef":{"resource":"nodes","name":"a","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Failure","message":"APIServer panic'd: boom","reason":"InternalError","code":500},"requestReceivedTimestamp":"2026-01-01T00:00:00.000000Z","stageTimestamp":"2026-01-01T00:00:01.000000Z"}"#;

    /// What is given and what the controls then show, after changes one after another.
    fn after(text: &str, changes: &[(Fact, &str)]) -> (Given, Exchange) {
        let mut given = Given::default();
        for (fact, value) in changes {
            given = fact.give(value, &Asked { text, options: ReadOptions::default(), given: &given }).unwrap();
        }
        let reading = Asked { text, options: ReadOptions::default(), given: &given }.read(&given).unwrap();
        let exchange = about(&reading).unwrap().clone();
        (given, exchange)
    }

    const ALL: [Fact; 12] = [
        Fact::Outcome,
        Fact::Panic,
        Fact::Code,
        Fact::Body,
        Fact::User,
        Fact::Uid,
        Fact::Groups,
        Fact::From,
        Fact::Decision,
        Fact::Reason,
        Fact::Received,
        Fact::AuditId,
    ];

    #[test]
    fn what_is_typed_is_what_is_shown() {
        for text in ["kubectl --as=bob get secret db -n prod", "GET /healthz", EVENT] {
            for (fact, value) in [
                (Fact::Outcome, "nobody"),
                (Fact::Outcome, "nothingWritten"),
                (Fact::Outcome, "panic"),
                (Fact::Outcome, "complete"),
                (Fact::Panic, "bang"),
                (Fact::Code, "404"),
                (Fact::Body, "{}"),
                (Fact::User, "alice"),
                (Fact::Uid, "1234"),
                (Fact::Groups, "a, b"),
                (Fact::From, "192.0.2.1, ::1"),
                (Fact::Decision, "forbid"),
                (Fact::Reason, "because"),
                (Fact::Received, "2025-02-03T04:05:06.789Z"),
                (Fact::AuditId, "abc"),
            ] {
                let (given, exchange) = after(text, &[(fact, value)]);
                assert_eq!(fact.value(&exchange), value, "{fact:?} of {text}");
                // Back to what it was before: nothing is given any more.
                assert_eq!(fact.reset(&given), Given::default(), "{fact:?}");
                let (_, before) = after(text, &[]);
                let back =
                    fact.give(&fact.value(&before), &Asked { text, options: ReadOptions::default(), given: &given });
                if !matches!(fact, Fact::Panic | Fact::User) {
                    assert_eq!(back, Ok(Given::default()), "{fact:?} of {text}");
                }
            }
        }
    }

    #[test]
    fn every_given_fact_can_be_reset() {
        let changes = [
            (Fact::Code, "404"),
            (Fact::Body, "x"),
            (Fact::User, "alice"),
            (Fact::From, "::1"),
            (Fact::Decision, "forbid"),
            (Fact::Received, "2025-02-03T04:05:06Z"),
            (Fact::AuditId, "abc"),
            (Fact::Outcome, "panic"),
        ];
        let (given, _) = after("kubectl get pods", &changes);
        for (fact, _) in changes {
            assert!(fact.is_given(&given), "{fact:?}");
            assert!(!fact.is_given(&fact.reset(&given)), "{fact:?}");
        }
        assert_eq!(ALL.iter().fold(given, |given, fact| fact.reset(&given)), Given::default());
    }

    #[test]
    fn a_name_in_place_of_an_assumed_user_has_its_own_groups() {
        let groups = |text, changes: &[(Fact, &str)]| Fact::Groups.value(&after(text, changes).1);
        assert_eq!(groups("kubectl get pods", &[(Fact::User, "alice")]), "system:authenticated");
        let typed = [(Fact::User, "system:anonymou"), (Fact::User, "system:anonymous")];
        assert_eq!(groups("kubectl get pods", &typed), "system:unauthenticated");
        let named = [(Fact::Groups, "dev"), (Fact::User, "alice")];
        assert_eq!(groups("kubectl get pods", &named), "dev");
        assert_eq!(groups(EVENT, &[(Fact::User, "alice")]), "operators");
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for (fact, value) in [(Fact::Code, "9"), (Fact::Code, "1000"), (Fact::Code, "ok"), (Fact::Received, "now")] {
            let given = Given::default();
            let asked = Asked { text: "kubectl get pods", options: ReadOptions::default(), given: &given };
            assert!(fact.give(value, &asked).is_err(), "{fact:?} {value}");
        }
    }

    #[test]
    fn an_outcome_replaces_another() {
        let changes = [(Fact::Outcome, "nobody"), (Fact::Outcome, "panic")];
        let (given, exchange) = after("kubectl get pods", &changes);
        assert_eq!(outcome(&exchange), "panic");
        assert_eq!(given.user, None);
        let (given, exchange) = after(EVENT, &[(Fact::Outcome, "complete")]);
        assert_eq!((outcome(&exchange), given.outcome), ("complete", Some(Outcome::Complete)));
    }

    #[test]
    fn later_stages_keep_their_distance() {
        let (_, exchange) = after("kubectl get pods", &[(Fact::Received, "2025-12-31T23:59:59.999Z")]);
        let complete = exchange.times.stages[&Stage::ResponseComplete];
        assert_eq!(complete.to_rfc3339_nano(), "2026-01-01T00:00:00.004Z");
    }
}
