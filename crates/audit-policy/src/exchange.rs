//! An exchange: a request to kube-apiserver and what came of it. Everything [`crate::record`] needs, as plain data.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::{AuthenticationMetadata, UserInfo};
use crate::json::JsonText;
use crate::{GoString, Stage, Timestamp};

/// A request to kube-apiserver and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// The request as it is on the wire.
    pub request: HttpRequest,
    /// The addresses that the server saw the request come from, as `sourceIPs` of the event.
    #[serde(rename = "sourceIPs")]
    pub source_ips: Vec<String>,
    /// Who the authenticator said the client is.
    pub authentication: Authentication,
    /// Whether the client acted as another user, and was let.
    pub impersonation: Impersonation,
    /// How constrained impersonation was allowed, where that is known (from 1.35): it depends on what the server saw before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication_metadata: Option<AuthenticationMetadata>,
    /// What the server answered.
    pub response: Response,
    /// How the request ended.
    pub outcome: Outcome,
    /// The objects as the server decoded them, where they are known.
    pub objects: Objects,
    /// Annotations that events of a stage carry, by stage.
    pub annotations: BTreeMap<Stage, BTreeMap<String, GoString>>,
    /// When each stage was reached.
    pub times: Times,
    /// The id in effect: the Audit-ID header's, else the one that the server made.
    #[serde(rename = "auditID")]
    pub audit_id: GoString,
}

/// An HTTP request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRequest {
    /// The method, in the case it was sent.
    pub method: GoString,
    /// The request target, as on the request line: path and query, or a whole URL.
    pub target: GoString,
    /// The headers, in order, names in the case they were sent.
    pub headers: Vec<(String, GoString)>,
    /// The body; empty for none.
    pub body: GoString,
}

impl HttpRequest {
    /// The first header of this name, in any case, as Go's `Header.Get`.
    pub fn header(&self, name: &str) -> Option<&GoString> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every header of this name, in any case.
    pub fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a GoString> {
        self.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Who the client is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Authentication {
    /// This user.
    User(UserInfo),
    /// Nobody: authentication failed, and the answer is 401.
    Failed,
}

/// Whether the client acted as another user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Impersonation {
    /// It did not ask to, or what it asked is malformed.
    None,
    /// It did, as this user, with the groups that the server adds.
    Allowed(UserInfo),
    /// It asked to, and was refused: the answer is 403.
    Refused,
}

/// What the server answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The status code, where one was written. A complete exchange without one is read as 200; a panic without one came before
    /// anything was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// The body, as JSON where it is an object; empty for none known.
    pub body: GoString,
}

/// How a request ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The handler answered and returned. (With code 101 the connection was hijacked.)
    #[default]
    Complete,
    /// The handler returned and had written nothing, not even a status.
    NothingWritten,
    /// The handler panicked with this value.
    Panic(GoString),
}

/// The objects of the request and the response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Objects {
    /// The object of the request.
    pub request: LoggedObject,
    /// The object of the response.
    pub response: LoggedObject,
}

/// Where an object comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LoggedObject {
    /// Made from the body, as far as that is the same for every kind.
    #[default]
    FromBody,
    /// The server logs none at any level.
    Absent,
    /// As the server decoded it and would log it at a level that shows it.
    Decoded(JsonText),
}

/// When each stage was reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// When the request reached the server.
    pub request_received: Timestamp,
    /// When a later stage was reached; a stage that is not here has the time of the last one before it.
    pub stages: BTreeMap<Stage, Timestamp>,
}
