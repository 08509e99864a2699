//! startup-flags: what kube-apiserver 1.37 prints, and records of a few requests, when it starts with a set of flags.
//!
//! The files that the flags name are not in the recording; what they must have held is told by what the server said of them.

use anyhow::Result;
use audit_policy::flags::{self, FileState};
use audit_policy::{Release, text::go_quote};
use serde_json::Value;

use super::Report;
use super::startup::check_probes;
use super::vectors::{Case, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    for case in cases {
        report.count(name, text(case, "name"), check(case));
    }
    Ok(())
}

/// The files beside the flags.
fn file(path: &str) -> FileState {
    let content = match path.strip_prefix("<dir>/") {
        Some("policy.yaml") => "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n",
        Some("bad.kubeconfig") => "clusters: [\n}\n",
        Some("good.kubeconfig") => {
            "apiVersion: v1\nkind: Config\nclusters:\n- {name: a, cluster: {server: 'http://127.0.0.1:1'}}\ncontexts:\n- {name: a, context: {cluster: a, user: ''}}\ncurrent-context: a\n"
        }
        Some("nocontext.kubeconfig") => {
            "apiVersion: v1\nkind: Config\nclusters:\n- {name: a, cluster: {server: 'http://127.0.0.1:1'}}\n"
        }
        Some("adir") => return FileState::Directory,
        Some("audit.log") => return FileState::Unknown,
        _ => return FileState::Missing,
    };
    FileState::Content(content.as_bytes().to_vec())
}

/// Lines that the server prints when it is stopped, of events that it could not post any more.
fn is_shutdown(line: &str) -> bool {
    line.starts_with("Error in audit plugin") || line == "Impacted events:" || line.contains(" AUDIT: id=")
}

fn check(case: &Case) -> Result<(), String> {
    let lists = |key| case.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let words: Vec<&str> = lists("flags").collect();
    let wanted: Vec<&str> = lists("stderr_lines").filter(|line| !is_shutdown(line)).collect();
    let checked = flags::check_words(&words, Release::NEWEST, &file);
    let mut got = Vec::new();
    // It is said when the flag is read, before anything else.
    got.extend(checked.usage_error.as_ref().map(|error| format!("Error: {error}")));
    if let Some(start) = &checked.start {
        got.extend(start.lines.iter().cloned());
        let error = start.error.as_ref();
        got.extend(error.map(|error| format!("\"command failed\" err={}", go_quote(error.as_bytes()))));
    }
    if got != wanted {
        return Err(format!("wanted {wanted:#?}\n      got {got:#?}"));
    }
    let accepted = case.get("accepted").and_then(Value::as_bool).unwrap_or_default();
    if accepted != checked.accepted {
        return Err(format!("accepted: wanted {accepted}"));
    }
    let nothing = audit_policy::Policy::default();
    let start = checked.start.unwrap_or_default();
    let records = start.backends.is_some();
    check_probes(start.policy.as_ref().filter(|_| records).unwrap_or(&nothing), case)
}
