//! Every flag of kube-apiserver that auditing reads, by release.
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/server/options/audit.go` of each release, and before 1.6 `pkg/genericapiserver/options`.

use serde::Serialize;

use crate::Release;

/// What a flag's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FlagKind {
    /// Any text.
    String,
    /// `int`, 64 bits.
    Int,
    /// `int64`.
    Int64,
    /// `float32`.
    Float32,
    /// A duration such as `30s`.
    Duration,
    /// `true` or `false`; the flag alone is `true`.
    Bool,
    /// `Gate=true,Other=false`.
    Gates,
}

/// A flag of kube-apiserver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flag {
    /// Its name, without dashes.
    pub name: &'static str,
    /// What its value is.
    pub kind: FlagKind,
    /// The minor of the first release that has it: 4 for 1.4.
    pub first: u8,
    /// The minor of the last release that has it; none where the newest has.
    pub last: Option<u8>,
    /// Its defaults, each with the minor from which it holds, oldest first.
    #[serde(skip)]
    pub defaults: &'static [(u8, &'static str)],
    /// What it does.
    pub help: &'static str,
    /// The flag to use instead, and the minor from which this one is deprecated.
    #[serde(skip)]
    pub replaced: Option<(u8, &'static str)>,
}

impl Flag {
    /// Whether a release has it.
    pub fn is_in(&self, release: Release) -> bool {
        self.first <= release.minor() && self.last.is_none_or(|last| release.minor() <= last)
    }

    /// Its default in a release.
    pub fn default_in(&self, release: Release) -> &'static str {
        let holds = self.defaults.iter().rev().find(|(from, _)| *from <= release.minor());
        holds.map_or("", |(_, value)| *value)
    }

    /// The releases that have it: `1.13 to 1.18`, `1.20 and later`.
    pub fn releases(&self) -> std::string::String {
        match self.last {
            Some(last) => format!("1.{} to 1.{last}", self.first),
            None => format!("1.{} and later", self.first),
        }
    }
}

/// The flag of this name, of any release. As kube-apiserver does, `_` is taken for `-`.
pub fn flag(name: &str) -> Option<&'static Flag> {
    let name = name.replace('_', "-");
    FLAGS.iter().find(|flag| flag.name == name)
}

/// The flag that was renamed to another, or never was one, and what is meant.
pub(super) const MISTAKEN: [(&str, &str); 12] = [
    ("audit-webhook-config", "audit-webhook-config-file"),
    ("audit-webhook-kubeconfig", "audit-webhook-config-file"),
    ("audit-webhook-file", "audit-webhook-config-file"),
    ("audit-policy", "audit-policy-file"),
    ("audit-policy-config", "audit-policy-file"),
    ("audit-policy-path", "audit-policy-file"),
    ("audit-log-file", "audit-log-path"),
    ("audit-log", "audit-log-path"),
    ("audit-log-max-age", "audit-log-maxage"),
    ("audit-log-max-backup", "audit-log-maxbackup"),
    ("audit-log-max-backups", "audit-log-maxbackup"),
    ("audit-log-max-size", "audit-log-maxsize"),
];

const fn flag_of(
    name: &'static str,
    kind: FlagKind,
    first: u8,
    defaults: &'static [(u8, &'static str)],
    help: &'static str,
) -> Flag {
    Flag { name, kind, first, last: None, defaults, help, replaced: None }
}

use FlagKind::{Bool, Duration, Float32, Gates, Int, Int64, String};

/// Every flag, by what it is about.
pub const FLAGS: [Flag; 35] = [
    flag_of(
        "audit-policy-file",
        String,
        7,
        &[],
        "the file that holds the audit policy; without one nothing is recorded",
    ),
    flag_of("audit-log-path", String, 4, &[], "the file that events are written to; `-` (from 1.7) is standard output"),
    flag_of("audit-log-format", String, 8, &[(8, "json")], "json: an event a line; legacy: a line of text an event"),
    flag_of(
        "audit-log-version",
        String,
        11,
        &[(11, "audit.k8s.io/v1beta1"), (13, "audit.k8s.io/v1")],
        "the API version of events in the log",
    ),
    flag_of(
        "audit-log-maxsize",
        Int,
        4,
        &[(4, "0"), (36, "100")],
        "rotate at this many megabytes; 0 is no rotation from 1.36, and 100 before",
    ),
    flag_of("audit-log-maxage", Int, 4, &[(4, "0"), (36, "366")], "days that rotated files are kept; 0 is for ever"),
    flag_of("audit-log-maxbackup", Int, 4, &[(4, "0"), (36, "100")], "rotated files that are kept; 0 is all"),
    flag_of("audit-log-compress", Bool, 20, &[(20, "false")], "compress rotated files with gzip"),
    flag_of(
        "audit-log-mode",
        String,
        10,
        &[(10, "blocking")],
        "batch: in the background; blocking: before the answer goes on; blocking-strict (from 1.13): also refuse the request where RequestReceived cannot be stored",
    ),
    flag_of(
        "audit-log-batch-buffer-size",
        Int,
        10,
        &[(10, "10000")],
        "events that wait for a batch; what comes beyond is lost; in batch mode",
    ),
    flag_of("audit-log-batch-max-size", Int, 10, &[(10, "400"), (12, "1")], "events in a batch at most; in batch mode"),
    flag_of(
        "audit-log-batch-max-wait",
        Duration,
        10,
        &[(10, "30s"), (12, "0s")],
        "how long a batch that is not full waits; in batch mode",
    ),
    flag_of(
        "audit-log-batch-throttle-enable",
        Bool,
        10,
        &[(10, "false")],
        "limit how many batches are written a second; in batch mode",
    ),
    flag_of(
        "audit-log-batch-throttle-qps",
        Float32,
        10,
        &[(10, "10"), (12, "0")],
        "batches a second on average; in batch mode, where throttled",
    ),
    flag_of(
        "audit-log-batch-throttle-burst",
        Int,
        10,
        &[(10, "15"), (12, "0")],
        "batches at once after a quiet time; in batch mode, where throttled",
    ),
    flag_of("audit-log-truncate-enabled", Bool, 10, &[(10, "false")], "cut events and batches that are too large"),
    flag_of(
        "audit-log-truncate-max-batch-size",
        Int64,
        10,
        &[(10, "10485760")],
        "bytes in a batch at most; a larger one is parted; where cutting is on",
    ),
    flag_of(
        "audit-log-truncate-max-event-size",
        Int64,
        10,
        &[(10, "102400")],
        "bytes in an event at most: a larger one loses its objects, and is lost where that is not enough; where cutting is on",
    ),
    flag_of("audit-webhook-config-file", String, 7, &[], "the kubeconfig file of the server that events are posted to"),
    flag_of(
        "audit-webhook-version",
        String,
        11,
        &[(11, "audit.k8s.io/v1beta1"), (13, "audit.k8s.io/v1")],
        "the API version of posted events",
    ),
    flag_of(
        "audit-webhook-mode",
        String,
        7,
        &[(7, "batch")],
        "batch: in the background; blocking: before the answer goes on; blocking-strict (from 1.13): also refuse the request where RequestReceived cannot be stored",
    ),
    flag_of(
        "audit-webhook-initial-backoff",
        Duration,
        10,
        &[(10, "10s")],
        "how long to wait before a failed post is tried again; each further wait is half as long again",
    ),
    Flag {
        replaced: Some((10, "audit-webhook-initial-backoff")),
        ..flag_of(
            "audit-webhook-batch-initial-backoff",
            Duration,
            9,
            &[(9, "10s")],
            "the old name of --audit-webhook-initial-backoff",
        )
    },
    flag_of(
        "audit-webhook-batch-buffer-size",
        Int,
        9,
        &[(9, "10000")],
        "events that wait for a batch; what comes beyond is lost; in batch mode",
    ),
    flag_of("audit-webhook-batch-max-size", Int, 9, &[(9, "400")], "events in a batch at most; in batch mode"),
    flag_of(
        "audit-webhook-batch-max-wait",
        Duration,
        9,
        &[(9, "30s")],
        "how long a batch that is not full waits; in batch mode",
    ),
    flag_of(
        "audit-webhook-batch-throttle-enable",
        Bool,
        10,
        &[(10, "true")],
        "limit how many batches are posted a second; in batch mode",
    ),
    flag_of(
        "audit-webhook-batch-throttle-qps",
        Float32,
        9,
        &[(9, "10")],
        "batches a second on average; in batch mode, where throttled",
    ),
    flag_of(
        "audit-webhook-batch-throttle-burst",
        Int,
        9,
        &[(9, "15")],
        "batches at once after a quiet time; in batch mode, where throttled",
    ),
    flag_of("audit-webhook-truncate-enabled", Bool, 10, &[(10, "false")], "cut events and batches that are too large"),
    flag_of(
        "audit-webhook-truncate-max-batch-size",
        Int64,
        10,
        &[(10, "10485760")],
        "bytes in a batch at most; a larger one is parted; where cutting is on",
    ),
    flag_of(
        "audit-webhook-truncate-max-event-size",
        Int64,
        10,
        &[(10, "102400")],
        "bytes in an event at most: a larger one loses its objects, and is lost where that is not enough; where cutting is on",
    ),
    Flag {
        last: Some(18),
        ..flag_of(
            "audit-dynamic-configuration",
            Bool,
            13,
            &[(13, "false")],
            "take backends from AuditSink objects; needs the feature gate DynamicAuditing",
        )
    },
    flag_of(
        "feature-gates",
        Gates,
        4,
        &[],
        "feature gates; auditing has AdvancedAuditing (decides until 1.11, gone from 1.28) and DynamicAuditing (1.13 to 1.18)",
    ),
    flag_of(
        "runtime-config",
        String,
        4,
        &[],
        "APIs that are served; AuditSink needs auditregistration.k8s.io/v1alpha1=true",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_mistakes_lead_to_flags() {
        for (index, flag) in FLAGS.iter().enumerate() {
            assert!(FLAGS[..index].iter().all(|other| other.name != flag.name), "{}", flag.name);
            assert!(flag.defaults.iter().all(|(from, _)| *from >= flag.first), "{}", flag.name);
            assert!(flag.replaced.is_none_or(|(_, name)| super::flag(name).is_some()));
        }
        for (wrong, right) in MISTAKEN {
            assert!(super::flag(wrong).is_none() && super::flag(right).is_some(), "{wrong}");
        }
    }

    #[test]
    fn each_release_has_its_flags_and_defaults() {
        let count = |minor| {
            let release = Release::new(minor).unwrap();
            FLAGS.iter().filter(|flag| flag.name.starts_with("audit-") && flag.is_in(release)).count()
        };
        // Counted in the sources.
        for (minor, flags) in [
            (4, 4),
            (6, 4),
            (7, 7),
            (8, 8),
            (9, 14),
            (10, 29),
            (11, 31),
            (12, 31),
            (13, 32),
            (18, 32),
            (19, 31),
            (20, 32),
            (37, 32),
        ] {
            assert_eq!(count(minor), flags, "1.{minor}");
        }
        let of = |name: &str, minor| flag(name).unwrap().default_in(Release::new(minor).unwrap());
        assert_eq!((of("audit-log-maxage", 35), of("audit-log-maxage", 36)), ("0", "366"));
        assert_eq!((of("audit-log-batch-max-size", 11), of("audit-log-batch-max-size", 12)), ("400", "1"));
        assert_eq!(flag("audit_log_path").unwrap().releases(), "1.4 and later");
    }
}
