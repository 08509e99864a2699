//! The line of the legacy format. Mirrors `staging/src/k8s.io/apiserver/pkg/audit/format.go`.

use super::go_quote;
use crate::release::Change;
use crate::{Event, GoString, Release};

/// The line of the legacy format, without the newline.
pub fn legacy_line(event: &Event, release: Release) -> String {
    let user = &event.user;
    let (username, groups): (&[u8], _) = match user.groups.as_deref() {
        _ if user.username.is_empty() => (b"<none>", "<none>".to_owned()),
        None | Some([]) => (user.username.as_bytes(), "<none>".to_owned()),
        Some(groups) => (user.username.as_bytes(), quote_all(groups)),
    };
    let (as_user, as_groups): (&[u8], _) = match &event.impersonated_user {
        None => (b"<self>", None),
        Some(user) => (user.username.as_bytes(), user.groups.as_deref().map(quote_all)),
    };
    let as_groups = as_groups.unwrap_or_else(|| "<lookup>".to_owned());
    let namespace = event.object_ref.as_ref().map(|object| object.namespace.as_bytes()).unwrap_or_default();
    let response = event.response_status.as_ref().map(|status| status.code.to_string());

    let mut line = format!("{} AUDIT:", event.request_received_timestamp.to_rfc3339_nano());
    let mut field = |name: &str, value: &[u8]| {
        line.push_str(&format!(" {name}={}", go_quote(value)));
    };
    field("id", event.audit_id.as_bytes());
    // Before 1.8 a line told neither its stage nor, in its own words, the answer.
    if release.has(Change::RuleOmitStages) {
        field("stage", event.stage.as_bytes());
    }
    field("ip", event.source_ips.first().map_or(b"<unknown>", String::as_bytes));
    field("method", event.verb.as_bytes());
    field("user", username);
    field("groups", groups.as_bytes());
    field("as", as_user);
    field("asgroups", as_groups.as_bytes());
    if release.has(Change::LegacyUserAgent) {
        field("user-agent", event.user_agent.as_bytes());
    }
    field("namespace", if namespace.is_empty() { b"<none>" } else { namespace });
    field("uri", event.request_uri.as_bytes());
    if release.has(Change::RuleOmitStages) {
        field("response", response.as_deref().unwrap_or("<deferred>").as_bytes());
    }
    line
}

fn quote_all(groups: &[GoString]) -> String {
    groups.iter().map(|group| go_quote(group.as_bytes())).collect::<Vec<_>>().join(",")
}
