//! Kubernetes releases, and what each changed for auditing, in one table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A Kubernetes minor release such as 1.37; what its newest patch does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    minor: u8,
}

impl Release {
    /// The first release that audits at all: two lines of text a request, without a policy.
    pub const OLDEST: Release = Release { minor: 4 };
    /// The first release with advanced auditing (policies, levels, stages).
    pub const OLDEST_WITH_POLICIES: Release = Release { minor: 7 };
    /// The newest release whose behaviour is recorded.
    pub const NEWEST: Release = Release { minor: 37 };

    /// The first release whose behaviour is recorded; the ones before are answered as far as their source tells.
    pub const OLDEST_RECORDED: Release = Release { minor: 15 };

    /// Release 1.`minor`, if it is one of those known here.
    pub const fn new(minor: u8) -> Option<Release> {
        if Self::OLDEST.minor <= minor && minor <= Self::NEWEST.minor { Some(Release { minor }) } else { None }
    }

    /// The minor number: 37 for 1.37.
    pub fn minor(self) -> u8 {
        self.minor
    }

    /// Whether it has policies: 1.4 to 1.6 have flags for auditing and none, and write two lines a request.
    pub fn has_policies(self) -> bool {
        self >= Self::OLDEST_WITH_POLICIES
    }

    /// Whether it has basic audit, for good or where the feature gate AdvancedAuditing is off.
    pub fn has_basic_audit(self) -> bool {
        self.minor <= 11
    }

    /// Every release, newest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Release> {
        (Self::OLDEST.minor..=Self::NEWEST.minor).rev().map(|minor| Release { minor })
    }

    /// Whether this release's changes include `change`.
    pub fn has(self, change: Change) -> bool {
        let (first, last) = change.range();
        first <= self.minor && last.is_none_or(|last| self.minor <= last)
    }
}

impl Default for Release {
    fn default() -> Self {
        Self::NEWEST
    }
}

macro_rules! changes {
    ($($(#[doc = $doc:literal])+ $name:ident: $first:literal $(..= $last:literal)?;)+) => {
        /// What a release does that others do not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Change { $($(#[doc = $doc])+ $name,)+ }

        impl Change {
            /// The first minor that has it, and the last, if it is gone again.
            fn range(self) -> (u8, Option<u8>) {
                match self { $(Change::$name => ($first, None::<u8>$(.or(Some($last)))?),)+ }
            }
        }
    };
}

changes! {
    /// A file of users and their passwords may be given (`--basic-auth-file`).
    Passwords: 4 ..= 18;
    /// API version audit.k8s.io/v1alpha1 loads.
    V1Alpha1: 7 ..= 23;
    /// API version audit.k8s.io/v1beta1 loads.
    V1Beta1: 8 ..= 23;
    /// API version audit.k8s.io/v1 loads.
    V1: 12;
    /// Rules have `omitStages`; resources may name subresources; `resourceNames` select; the legacy line has stage= and response=.
    RuleOmitStages: 8;
    /// The policy has `omitStages`; apiVersion is required.
    PolicyOmitStages: 9;
    /// Events have `requestReceivedTimestamp` and `stageTimestamp`, to the microsecond; before, `timestamp` and `metadata.creationTimestamp`, to the second.
    MicroTimes: 9;
    /// A rule with users or userGroups never matches a request without a user; before, it matched each of them.
    NobodyMatchesNoUser: 9;
    /// `*/sub`, `res/*` and `*` match; before, a resource is named exactly.
    ResourceWildcards: 10;
    /// Events have `annotations`.
    Annotations: 10;
    /// The authorizer notes its decision and reason as annotations.
    AuthorizationAnnotations: 11;
    /// Events have `userAgent`.
    UserAgent: 12;
    /// In batch mode the log backend takes events one by one, in the batching loop; before, batches of 400, each in a goroutine.
    LogBatchOfOne: 12;
    /// The webhook backend retries after any error; before, only after those that are known to pass (a refused connection is not).
    WebhookRetriesAnyError: 17;
    /// Impersonation adds the group of all authenticated (or unauthenticated) users also where groups are asked for.
    ImpersonationAddsGroup: 17;
    /// Only the trailing `/*` and leading `*/` of a resource are cut, not sets of characters.
    ExactWildcardCut: 18;
    /// A request's `timeout` is read before authentication, and a bad one is answered 400 and audited.
    RequestDeadline: 21;
    /// Impersonate-Uid is read.
    ImpersonateUid: 22;
    /// The legacy line has user-agent=.
    LegacyUserAgent: 22;
    /// A policy of an old API version is logged as deprecated.
    DeprecationWarning: 22 ..= 23;
    /// Policies and rules have `omitManagedFields`.
    OmitManagedFields: 23;
    /// A truncated event is marked so whatever its annotation said before.
    TruncationMarkOverwrites: 24;
    /// DeleteOptions are logged in the internal version, whichever was sent.
    InternalDeleteOptions: 25;
    /// Unknown and duplicate fields are logged as a warning.
    StrictDecoding: 26;
    /// RequestInfo holds the field and label selectors.
    Selectors: 32;
    /// Invalid values in messages print as JSON, not as Go.
    JsonValuesInMessages: 34;
    /// Logged objects lack a creationTimestamp that is not set; before, it is null.
    OmitZeroTimes: 34;
    /// Events have `authenticationMetadata`.
    AuthenticationMetadata: 35;
    /// Malformed impersonation is answered 400, with a Status; before, 500 and plain text.
    MalformedImpersonationIsBadRequest: 35;
    /// Constrained impersonation is on.
    ConstrainedImpersonation: 36;
    /// A rule's group may be `*`.
    GroupWildcard: 36;
    /// The audit log is rotated by default: 100 MB, 366 days, 100 files; a maximum size of 0 turns rotation off.
    LogRotationDefaults: 36;
    /// An apply patch is made JSON before it is logged.
    ApplyPatchToJson: 37;
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

/// Why a text names no known release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRelease {
    text: String,
}

impl fmt::Display for UnknownRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no Kubernetes release known here: give one from {} to {}, such as {}",
            self.text,
            Release::OLDEST,
            Release::NEWEST,
            Release::NEWEST
        )
    }
}

impl std::error::Error for UnknownRelease {}

impl FromStr for Release {
    type Err = UnknownRelease;

    /// `1.37`, also `v1.37`, `1.37.2` and `v1.37.2+k3s1` (the patch is not looked at).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownRelease { text: text.chars().take(40).collect() };
        let mut parts = text.trim().trim_start_matches('v').split('.');
        let (Some("1"), Some(minor)) = (parts.next(), parts.next()) else { return Err(unknown()) };
        minor.parse().ok().and_then(Release::new).ok_or_else(unknown)
    }
}

impl Serialize for Release {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Release {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_reads_as_people_write_it() {
        for text in ["1.26", "v1.26", "1.26.15", "v1.26.15+k3s1", " 1.26 "] {
            assert_eq!(text.parse::<Release>().unwrap().to_string(), "1.26", "{text}");
        }
        for text in ["", "1", "1.3", "1.38", "2.26", "1.x", "1.999"] {
            assert!(text.parse::<Release>().is_err(), "{text}");
        }
    }

    #[test]
    fn changes_begin_and_end() {
        let release = |minor| Release::new(minor).unwrap();
        assert!(!release(35).has(Change::GroupWildcard) && release(36).has(Change::GroupWildcard));
        assert!(release(23).has(Change::V1Beta1) && !release(24).has(Change::V1Beta1));
        assert_eq!(Release::all().next(), Some(Release::NEWEST));
    }
}
