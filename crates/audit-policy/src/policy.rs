//! The API types of an audit policy.
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/apis/audit/v1/types.go`. A value of these types says nothing of whether it would
//! load: [`crate::load`] makes them from text as the API server does.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// How much of a request is recorded. Ordered: each level records all that the one below does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Level {
    /// Nothing.
    #[default]
    None,
    /// Who, what, when and with which result; no objects.
    Metadata,
    /// Metadata, and the request object.
    Request,
    /// Request, and the response object.
    RequestResponse,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Level; 4] = [Level::None, Level::Metadata, Level::Request, Level::RequestResponse];

    /// The name, as it stands in policies and events.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::None => "None",
            Level::Metadata => "Metadata",
            Level::Request => "Request",
            Level::RequestResponse => "RequestResponse",
        }
    }

    /// The level of exactly this name.
    pub fn from_name(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.as_str() == name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A moment in a request's life at which an event may be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Stage {
    /// The audit handler has the request; nothing has been done with it.
    RequestReceived,
    /// The response's status is sent and its body is not: long-running requests only (a watch, a log, an exec).
    ResponseStarted,
    /// The response is complete.
    ResponseComplete,
    /// The handler panicked.
    Panic,
}

impl Stage {
    /// Every stage, in order of time.
    pub const ALL: [Stage; 4] = [Stage::RequestReceived, Stage::ResponseStarted, Stage::ResponseComplete, Stage::Panic];

    /// The name, as it stands in policies and events.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::RequestReceived => "RequestReceived",
            Stage::ResponseStarted => "ResponseStarted",
            Stage::ResponseComplete => "ResponseComplete",
            Stage::Panic => "Panic",
        }
    }

    /// The stage of exactly this name.
    pub fn from_name(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn each<S: Serializer>(rules: &[Arc<Rule>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rules.iter().map(|rule| &**rule))
}

/// An audit policy: the first rule that matches a request decides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Stages for which no event is made, whatever rule matches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub omit_stages: Vec<Stage>,
    /// Whether metadata.managedFields are left out of logged objects, unless the rule says otherwise (from 1.23).
    #[serde(skip_serializing_if = "is_false")]
    pub omit_managed_fields: bool,
    /// The rules, in order. They are shared, so that a policy that differs in one rule costs no more than that.
    #[serde(serialize_with = "each")]
    pub rules: Vec<Arc<Rule>>,
}

impl Policy {
    /// A policy of these rules, and nothing else.
    pub fn of_rules(rules: impl IntoIterator<Item = Rule>) -> Policy {
        Policy { rules: rules.into_iter().map(Arc::new).collect(), ..Policy::default() }
    }
}

/// One rule. An empty list places no condition; all conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// What a matching request is recorded at.
    pub level: Level,
    /// Names of authenticated users, each exact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// Groups of the authenticated user, each exact; one in common is enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_groups: Vec<String>,
    /// Kubernetes verbs, each exact.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verbs: Vec<String>,
    /// Kinds of resource; makes the rule one for resource requests only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<GroupResources>,
    /// Namespaces, each exact, `""` for cluster-scoped; makes the rule one for resource requests only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Paths, exact or ending in `*`; makes the rule one for non-resource requests only.
    #[serde(rename = "nonResourceURLs", skip_serializing_if = "Vec::is_empty")]
    pub non_resource_urls: Vec<String>,
    /// Stages for which no event is made when this rule matches, besides the policy's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub omit_stages: Vec<Stage>,
    /// Overrides the policy's `omitManagedFields` (from 1.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub omit_managed_fields: Option<bool>,
}

/// Resources of one API group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupResources {
    /// The API group's name without version; `""` is the core group; `*` is any group (from 1.36).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// `res`, `res/sub`, `res/*` (with the bare resource), `*/sub`, `*`; none: all of the group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Names of objects, each exact; `""` matches a request without a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource_names: Vec<String>,
}
