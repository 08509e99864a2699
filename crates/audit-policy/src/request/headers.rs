//! What events take from a request's headers: source IPs, user agent, audit id, and whom the client acts as.

use std::collections::BTreeMap;

use super::addr;
use super::url::{Part, unescape};
use crate::event::UserInfo;
use crate::exchange::HttpRequest;
use crate::release::Change;
use crate::text::go_quote as quote;
use crate::{GoString, Release};

/// A longer user agent is cut to this many bytes.
const MAX_USER_AGENT_LENGTH: usize = 1024;

/// What follows a user agent that was cut.
const USER_AGENT_CUT: &[u8] = b"...TRUNCATED";

const IMPERSONATE_USER: &str = "Impersonate-User";
const IMPERSONATE_GROUP: &str = "Impersonate-Group";
const IMPERSONATE_UID: &str = "Impersonate-Uid";
const IMPERSONATE_EXTRA: &str = "Impersonate-Extra-";

const ANONYMOUS: &str = "system:anonymous";
const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";

/// The addresses that a request came from: the first X-Forwarded-For line's, X-Real-Ip's unless it is among them, and the peer's
/// unless it is the last. `peer` is an address, or one with a port.
///
/// Mirrors `SourceIPs` of `staging/src/k8s.io/apimachinery/pkg/util/net/http.go`.
pub fn source_ips(request: &HttpRequest, peer: &str) -> Vec<String> {
    let forwarded = request.header("X-Forwarded-For").map(GoString::as_bytes).unwrap_or_default();
    let mut addresses: Vec<_> = forwarded.split(|byte| *byte == b',').filter_map(forwarded_address).collect();
    let real = request.header("X-Real-Ip").and_then(|value| addr::parse_sloppy(value.as_bytes()));
    addresses.extend(real.filter(|address| !addresses.contains(address)));
    let peer = split_host_port(peer)
        .and_then(|host| addr::parse_sloppy(host.as_bytes()))
        .or_else(|| addr::parse_sloppy(peer.as_bytes()));
    addresses.extend(peer.filter(|address| addresses.last() != Some(address)));
    addresses.into_iter().map(addr::print).collect()
}

/// An IP address in the form that events have it; none where the text is no address that the server would take from a header.
pub fn ip_address(text: &str) -> Option<String> {
    addr::parse_sloppy(text.trim().as_bytes()).map(addr::print)
}

fn forwarded_address(text: &[u8]) -> Option<core::net::Ipv6Addr> {
    addr::parse_sloppy(std::str::from_utf8(text).ok()?.trim().as_bytes())
}

/// The host of `host:port` or `[host]:port`, as Go's `net.SplitHostPort`.
fn split_host_port(text: &str) -> Option<&str> {
    let (host, port) = text.rsplit_once(':')?;
    let host = match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']')?,
        None if host.contains(':') => return None,
        None => host,
    };
    (!host.contains(['[', ']']) && !port.contains(['[', ']'])).then_some(host)
}

/// The user agent as events have it.
///
/// Mirrors `maybeTruncateUserAgent` of `staging/src/k8s.io/apiserver/pkg/audit/request.go`.
pub fn user_agent(request: &HttpRequest) -> GoString {
    let sent = request.header("User-Agent").cloned().unwrap_or_default();
    match sent.as_bytes().get(..MAX_USER_AGENT_LENGTH) {
        Some(start) if sent.as_bytes().len() > MAX_USER_AGENT_LENGTH => [start, USER_AGENT_CUT].concat().into(),
        _ => sent,
    }
}

/// The id that the client gave its request: the first Audit-ID header, unless it is empty.
///
/// Mirrors `staging/src/k8s.io/apiserver/pkg/endpoints/filters/audit_init.go`.
pub fn audit_id(request: &HttpRequest) -> Option<GoString> {
    request.header("Audit-ID").filter(|id| !id.is_empty()).cloned()
}

/// Whom a request's headers ask to act as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Nobody: the request has no such headers.
    Nobody,
    /// This user, with the groups that the server adds where it allows it.
    User(UserInfo),
    /// Groups, a uid or extra fields without a user: an error.
    Malformed {
        /// The server's message.
        message: String,
    },
}

/// Whom a request's headers ask to act as.
///
/// Mirrors `staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation`, its unconstrained mode.
pub fn impersonation(request: &HttpRequest, release: Release) -> Wanted {
    let header = |name: &str| request.header(name).cloned().unwrap_or_default();
    let username = header(IMPERSONATE_USER);
    let uid = if release.has(Change::ImpersonateUid) { header(IMPERSONATE_UID) } else { GoString::new() };
    let groups: Vec<GoString> = request.headers_named(IMPERSONATE_GROUP).cloned().collect();
    let extra = extra(request);
    if username.is_empty() {
        if uid.is_empty() && groups.is_empty() && extra.is_empty() {
            return Wanted::Nobody;
        }
        return Wanted::Malformed { message: malformed_message(&uid, &groups, &extra, release) };
    }
    let groups = impersonated_groups(&username, groups, release);
    Wanted::User(UserInfo { username, uid, groups: Some(groups), extra })
}

fn extra(request: &HttpRequest) -> BTreeMap<GoString, Vec<GoString>> {
    let mut extra: BTreeMap<GoString, Vec<GoString>> = BTreeMap::new();
    for (name, value) in &request.headers {
        let name = name.to_ascii_lowercase();
        if let Some(key) = name.strip_prefix(&IMPERSONATE_EXTRA.to_ascii_lowercase()) {
            // A key that is no valid encoding is taken as it is.
            let key = unescape(key.as_bytes(), Part::PathSegment).unwrap_or_else(|_| key.as_bytes().to_vec());
            extra.entry(key.into()).or_default().push(value.clone());
        }
    }
    extra
}

/// The groups asked for, or those that a service account has, and the group of all that are authenticated, or are not.
fn impersonated_groups(username: &GoString, given: Vec<GoString>, release: Release) -> Vec<GoString> {
    let asked = !given.is_empty();
    let mut groups = match service_account_namespace(username) {
        Some(namespace) if !asked => {
            let of_namespace = [b"system:serviceaccounts:".as_slice(), namespace].concat();
            vec!["system:serviceaccounts".into(), of_namespace.into()]
        }
        _ => given,
    };
    let anonymous = username == ANONYMOUS;
    let has = |name: &str| groups.iter().any(|group| group == name);
    let added = if !release.has(Change::ImpersonationAddsGroup) {
        (!asked && !anonymous).then_some(AUTHENTICATED)
    } else if anonymous {
        (!has(UNAUTHENTICATED)).then_some(UNAUTHENTICATED)
    } else {
        (!has(AUTHENTICATED) && !has(UNAUTHENTICATED)).then_some(AUTHENTICATED)
    };
    groups.extend(added.map(GoString::from));
    groups
}

/// The namespace in `system:serviceaccount:NAMESPACE:NAME`.
pub(super) fn service_account_namespace(username: &GoString) -> Option<&[u8]> {
    let rest = username.as_bytes().strip_prefix(b"system:serviceaccount:")?;
    let (namespace, name) = super::url::cut(rest, b':')?;
    let is_namespace = is_dns_label(namespace) && namespace.len() <= 63;
    let is_name = name.len() <= 253 && !name.contains(&b':') && name.split(|byte| *byte == b'.').all(is_dns_label);
    (is_namespace && is_name).then_some(namespace)
}

fn is_dns_label(label: &[u8]) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    !label.is_empty() && label.iter().all(is_inner) && label.first() != Some(&b'-') && label.last() != Some(&b'-')
}

/// The server's message for groups, a uid or extra fields without a user.
fn malformed_message(
    uid: &GoString,
    groups: &[GoString],
    extra: &BTreeMap<GoString, Vec<GoString>>,
    release: Release,
) -> String {
    if release.has(Change::ConstrainedImpersonation) {
        let fields = extra.iter().map(|(key, values)| format!("{}:{}", quote(key.as_bytes()), go_slice(values)));
        let extra = match fields.collect::<Vec<_>>() {
            fields if fields.is_empty() => "(nil)".to_owned(),
            fields => format!("{{{}}}", fields.join(", ")),
        };
        return format!(
            "requested &user.DefaultInfo{{Name:\"\", UID:{}, Groups:{}, Extra:map[string][]string{extra}}} without \
             impersonating a user name",
            quote(uid.as_bytes()),
            go_slice(groups),
        );
    }
    // Object references: kind, namespace, name, uid, apiVersion, resourceVersion, fieldPath.
    let mut asked: Vec<String> = groups.iter().map(|group| format!("{{Group  {group}    }}")).collect();
    for (key, values) in extra {
        asked.extend(values.iter().map(|value| format!("{{UserExtra  {value}  authentication.k8s.io/v1  {key}}}")));
    }
    if !uid.is_empty() {
        asked.push(format!("{{UID  {uid}  authentication.k8s.io/v1  }}"));
    }
    format!("requested [{}] without impersonating a user", asked.join(" "))
}

/// A list of strings as Go's `%#v`.
fn go_slice(values: &[GoString]) -> String {
    if values.is_empty() {
        return "[]string(nil)".to_owned();
    }
    let values: Vec<_> = values.iter().map(|value| quote(value.as_bytes())).collect();
    format!("[]string{{{}}}", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&str, &str)]) -> HttpRequest {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), GoString::from(*value))).collect();
        HttpRequest { method: "GET".into(), target: "/".into(), headers, body: GoString::new() }
    }

    fn acts_as(headers: &[(&str, &str)], release: Release) -> String {
        match impersonation(&request(headers), release) {
            Wanted::Nobody => "nobody".to_owned(),
            Wanted::User(user) => format!("{} {:?}", user.username, user.groups.unwrap_or_default()),
            Wanted::Malformed { message } => message,
        }
    }

    #[test]
    fn impersonation_adds_the_groups_of_the_user() {
        for (headers, expected) in [
            (&[][..], "nobody"),
            (&[("impersonate-user", "a")], "a [\"system:authenticated\"]"),
            (&[("Impersonate-User", "a"), ("Impersonate-Group", "g")], "a [\"g\", \"system:authenticated\"]"),
            (
                &[("Impersonate-User", "a"), ("Impersonate-Group", "system:unauthenticated")],
                "a [\"system:unauthenticated\"]",
            ),
            (&[("Impersonate-User", "system:anonymous")], "system:anonymous [\"system:unauthenticated\"]"),
            (
                &[("Impersonate-User", "system:serviceaccount:dev:robot")],
                "system:serviceaccount:dev:robot [\"system:serviceaccounts\", \"system:serviceaccounts:dev\", \
                 \"system:authenticated\"]",
            ),
            (
                &[("Impersonate-User", "system:serviceaccount:Dev:robot")],
                "system:serviceaccount:Dev:robot [\"system:authenticated\"]",
            ),
            (
                &[("Impersonate-Extra-Scopes", "a"), ("Impersonate-Extra-Acme.com%2Fx", "b")],
                "requested &user.DefaultInfo{Name:\"\", UID:\"\", Groups:[]string(nil), \
                 Extra:map[string][]string{\"acme.com/x\":[]string{\"b\"}, \"scopes\":[]string{\"a\"}}} \
                 without impersonating a user name",
            ),
        ] {
            assert_eq!(acts_as(headers, Release::NEWEST), expected);
        }
        let malformed = &[("Impersonate-Group", "g"), ("Impersonate-Uid", "1")];
        assert_eq!(
            acts_as(malformed, Release::new(31).unwrap()),
            "requested [{Group  g    } {UID  1  authentication.k8s.io/v1  }] without impersonating a user"
        );
    }
}
