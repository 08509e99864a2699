//! The API types of an audit event.
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/apis/audit/v1/types.go`. [`crate::text`] writes it as the server does; the
//! `Serialize` of these types is the engine's own data.

mod decode;
mod decode_status;
mod micro_time;
mod parse;
mod version;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::json::JsonText;
use crate::{GoString, Timestamp};

pub(crate) use decode_status::read_status;
pub use parse::{DecodeError, from_node, parse};
pub use version::EventVersion;

/// What is recorded of a request at one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The level the policy decided on: a [`crate::Level`]'s name, or in an event that was read, whatever stood there.
    pub level: GoString,
    /// The request's id: the client's Audit-ID header, or one that the server made.
    #[serde(rename = "auditID")]
    pub audit_id: GoString,
    /// The moment of the request's life: a [`crate::Stage`]'s name, or in an event that was read, whatever stood there.
    pub stage: GoString,
    /// Path and query, as Go's `URL.RequestURI()` builds them.
    #[serde(rename = "requestURI")]
    pub request_uri: GoString,
    /// The Kubernetes verb; for a non-resource request the HTTP method in lower case.
    pub verb: GoString,
    /// The authenticated user; empty when authentication failed.
    pub user: UserInfo,
    /// The user impersonated, if impersonation was allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impersonated_user: Option<UserInfo>,
    /// How the user was authenticated (from 1.36; constrained impersonation only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication_metadata: Option<AuthenticationMetadata>,
    /// Where the request came from, through which proxies; the last is the peer.
    #[serde(rename = "sourceIPs", skip_serializing_if = "Vec::is_empty")]
    pub source_ips: Vec<String>,
    /// The client's User-Agent header, cut at 1,024 bytes.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub user_agent: GoString,
    /// The object the request is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_ref: Option<ObjectReference>,
    /// What the client was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_status: Option<Status>,
    /// The object in the request, from level Request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_object: Option<JsonText>,
    /// The object in the response, at level RequestResponse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_object: Option<JsonText>,
    /// When the request reached the server. [`Timestamp::ZERO`] is written as `null`, as Go does; so is the next.
    pub request_received_timestamp: Timestamp,
    /// When this stage was reached.
    pub stage_timestamp: Timestamp,
    /// What the server's plugins noted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, GoString>,
}

/// A user, as `authentication.k8s.io/v1` `UserInfo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserInfo {
    /// The name.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub username: GoString,
    /// The uid.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub uid: GoString,
    /// The groups. `None` and empty differ in the legacy line only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<GoString>>,
    /// What else the authenticator knows.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<GoString, Vec<GoString>>,
}

impl UserInfo {
    /// A user of this name and these groups.
    pub fn new(username: &str, groups: &[&str]) -> UserInfo {
        UserInfo {
            username: username.into(),
            groups: Some(groups.iter().map(|group| GoString::from(*group)).collect()),
            ..UserInfo::default()
        }
    }

    /// A user of this name and these groups, with the group that every authenticator gives besides: `system:unauthenticated` for
    /// `system:anonymous`, else `system:authenticated`.
    ///
    /// Mirrors `staging/src/k8s.io/apiserver/pkg/authentication/group/authenticated_group_adder.go` and
    /// `.../request/anonymous/anonymous.go`.
    pub fn authenticated(username: &str, groups: &[&str]) -> UserInfo {
        const AUTHENTICATED: &str = "system:authenticated";
        const UNAUTHENTICATED: &str = "system:unauthenticated";
        let added = if username == "system:anonymous" { UNAUTHENTICATED } else { AUTHENTICATED };
        let has = groups.contains(&AUTHENTICATED) || groups.contains(&UNAUTHENTICATED);
        let groups: Vec<_> = groups.iter().copied().chain((!has).then_some(added)).collect();
        UserInfo::new(username, &groups)
    }
}

/// How a user was authenticated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthenticationMetadata {
    /// The verb that allowed a constrained impersonation, such as `impersonate:user-info`.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub impersonation_constraint: GoString,
}

/// What object a request is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectReference {
    /// The resource, such as `pods`.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub resource: GoString,
    /// The namespace.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub namespace: GoString,
    /// The object's name.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub name: GoString,
    /// The object's uid, where the request object has one.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub uid: GoString,
    /// The API group; empty for core.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub api_group: GoString,
    /// The version, without the group.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub api_version: GoString,
    /// The object's resourceVersion, where the request object has one.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub resource_version: GoString,
    /// The subresource, such as `log`.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub subresource: GoString,
}

/// An answer's status: `metav1.Status` as far as events hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The `metadata` object as JSON members in the server's order; in events the server makes, always empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<JsonText>,
    /// `Success` or `Failure`.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub status: GoString,
    /// For people.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub message: GoString,
    /// For machines, such as `NotFound`.
    #[serde(skip_serializing_if = "GoString::is_empty")]
    pub reason: GoString,
    /// More about the reason, as the JSON the server writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<JsonText>,
    /// The HTTP status code; 0 is left out.
    pub code: i32,
}
