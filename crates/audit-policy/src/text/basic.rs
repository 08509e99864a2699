//! Basic audit: two lines of text a request, whatever it is. 1.4 to 1.7, and until 1.11 where AdvancedAuditing is off.
//!
//! Mirrors `pkg/apiserver/audit/audit.go` of 1.4, `endpoints/filters/audit.go` of 1.6 and `legacy_audit.go` of 1.7 to 1.11.

use super::go_quote;
use crate::exchange::{Authentication, Impersonation, Outcome};
use crate::request::info;
use crate::request::url::Url;
use crate::{Exchange, GoString, Release, Stage};

/// The lines that basic audit writes of an exchange, without newlines: of the request, and of the answer's status where one is written. None
/// where authentication failed, since auditing comes after it, and where the release has no basic audit.
pub fn basic_lines(exchange: &Exchange, release: Release) -> Vec<String> {
    let Authentication::User(user) = &exchange.authentication else { return Vec::new() };
    let Ok(info) = info::of_request(&exchange.request, release) else { return Vec::new() };
    if !release.has_basic_audit() {
        return Vec::new();
    }
    let request = &exchange.request;
    let id = go_quote(exchange.audit_id.as_bytes());
    let or = |text: &GoString, none: &str| if text.is_empty() { none.to_owned() } else { text.to_string() };
    let quote_all = |texts: &mut dyn Iterator<Item = &GoString>| {
        texts.map(|text| go_quote(text.as_bytes())).collect::<Vec<_>>().join(",")
    };
    let as_user = request.header("Impersonate-User").map_or_else(|| "<self>".to_owned(), |user| or(user, "<self>"));
    let as_groups = quote_all(&mut request.headers_named("Impersonate-Group"));
    let groups = quote_all(&mut user.groups.iter().flatten());
    let none_or = |text: String, none: &str| if text.is_empty() { none.to_owned() } else { text };
    let url = Url::of_request(request.method.as_bytes(), request.target.as_bytes());
    let uri = url.map(|url| url.to_bytes()).unwrap_or_default();

    let mut line = format!("{} AUDIT:", exchange.times.request_received.to_rfc3339_nano());
    let mut field = |name: &str, value: &[u8]| line.push_str(&format!(" {name}={}", go_quote(value)));
    field("id", exchange.audit_id.as_bytes());
    field("ip", exchange.source_ips.first().map_or("<nil>", String::as_str).as_bytes());
    field("method", request.method.as_bytes());
    field("user", user.username.as_bytes());
    if release.minor() >= 6 {
        field("groups", none_or(groups, "<none>").as_bytes());
    }
    field("as", as_user.as_bytes());
    if release.minor() >= 5 {
        field("asgroups", none_or(as_groups, "<lookup>").as_bytes());
    }
    field("namespace", or(&info.namespace, "<none>").as_bytes());
    field("uri", &uri);
    let mut lines = vec![line];

    let code = match (&exchange.outcome, &exchange.impersonation) {
        (Outcome::Complete, Impersonation::Refused) => Some(403),
        (Outcome::Complete, _) => Some(exchange.response.code.unwrap_or(200)),
        (Outcome::Panic(_), _) => exchange.response.code,
        (Outcome::NothingWritten, _) => None,
    };
    // A connection that is taken over is told from 1.7 on.
    if let Some(code) = code.filter(|code| *code != 101 || release.has_policies()) {
        let time =
            [Stage::ResponseStarted, Stage::ResponseComplete].iter().find_map(|stage| exchange.times.stages.get(stage));
        let time = time.copied().unwrap_or(exchange.times.request_received);
        lines.push(format!("{} AUDIT: id={id} response=\"{code}\"", time.to_rfc3339_nano()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{Format, ReadOptions, read};

    fn lines(request: &str, minor: u8) -> Vec<String> {
        let options = ReadOptions { format: Some(Format::Http), ..ReadOptions::default() };
        let exchange = read(request.as_bytes(), &options).unwrap().requests.remove(0).exchange;
        basic_lines(&exchange, Release::new(minor).unwrap())
    }

    #[test]
    fn each_release_has_its_two_lines() {
        let request = "GET /api/v1/namespaces/a/pods?limit=5 HTTP/1.1\r\nHost: k\r\nImpersonate-User: bob\r\nImpersonate-Group: x\r\nImpersonate-Group: y\r\n\r\n";
        let time = "2026-01-01T00:00:00Z AUDIT: id=\"00000000-0000-0000-0000-000000000000\"";
        let ip = "ip=\"192.0.2.10\" method=\"GET\" user=\"kubernetes-admin\"";
        let uri = "namespace=\"a\" uri=\"/api/v1/namespaces/a/pods?limit=5\"";
        let groups = r#"groups="\"kubeadm:cluster-admins\",\"system:authenticated\"""#;
        let as_groups = r#"asgroups="\"x\",\"y\"""#;
        assert_eq!(lines(request, 4)[0], format!("{time} {ip} as=\"bob\" {uri}"));
        assert_eq!(lines(request, 5)[0], format!("{time} {ip} as=\"bob\" {as_groups} {uri}"));
        for minor in [6, 7, 11] {
            assert_eq!(lines(request, minor)[0], format!("{time} {ip} {groups} as=\"bob\" {as_groups} {uri}"));
            assert!(
                lines(request, minor)[1]
                    .ends_with("AUDIT: id=\"00000000-0000-0000-0000-000000000000\" response=\"200\"")
            );
        }
        assert_eq!(lines(request, 12), [""; 0]);
    }

    #[test]
    fn what_is_absent_has_its_word() {
        let line = lines("GET /version HTTP/1.1\r\nHost: k\r\n\r\n", 7).remove(0);
        assert!(line.ends_with(r#" as="<self>" asgroups="<lookup>" namespace="<none>" uri="/version""#), "{line}");
    }
}
