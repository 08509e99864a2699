//! The API versions that events are written in, as `--audit-log-version` and `--audit-webhook-version` name them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Release;
use crate::release::Change;

/// An API version of audit events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventVersion {
    /// The only one of 1.7.
    #[serde(rename = "audit.k8s.io/v1alpha1")]
    V1Alpha1,
    /// What 1.8 to 1.12 write where no flag says otherwise.
    #[serde(rename = "audit.k8s.io/v1beta1")]
    V1Beta1,
    /// What 1.13 and later write.
    #[serde(rename = "audit.k8s.io/v1")]
    V1,
}

impl EventVersion {
    /// All of them, oldest first.
    pub const ALL: [EventVersion; 3] = [EventVersion::V1Alpha1, EventVersion::V1Beta1, EventVersion::V1];

    /// What a release writes where no flag says otherwise.
    pub fn of(release: Release) -> EventVersion {
        match release.minor() {
            ..=7 => EventVersion::V1Alpha1,
            8..=12 => EventVersion::V1Beta1,
            _ => EventVersion::V1,
        }
    }

    /// Those that a release knows, oldest first: of policies, too.
    pub fn all_in(release: Release) -> impl DoubleEndedIterator<Item = EventVersion> {
        EventVersion::ALL.into_iter().filter(move |version| version.is_in(release))
    }

    /// Whether a release knows it.
    pub fn is_in(self, release: Release) -> bool {
        release.has(match self {
            EventVersion::V1Alpha1 => Change::V1Alpha1,
            EventVersion::V1Beta1 => Change::V1Beta1,
            EventVersion::V1 => Change::V1,
        })
    }

    /// As the flags have it: `audit.k8s.io/v1`.
    pub fn as_str(self) -> &'static str {
        match self {
            EventVersion::V1Alpha1 => "audit.k8s.io/v1alpha1",
            EventVersion::V1Beta1 => "audit.k8s.io/v1beta1",
            EventVersion::V1 => "audit.k8s.io/v1",
        }
    }

    /// The version of this name.
    pub fn from_name(name: &str) -> Option<EventVersion> {
        EventVersion::ALL.into_iter().find(|version| version.as_str() == name)
    }
}

impl fmt::Display for EventVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
