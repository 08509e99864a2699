//! The request pane's logic, apart from what is drawn: pure functions of what was typed and what the engine says.

pub mod changes;
pub mod drafts;
pub mod facts;
pub mod form;
pub mod sentence;

use audit_policy::request::Format;

/// The order of the formats' tabs.
const ORDER: [&str; 7] = ["kubectl", "http", "curl", "event", "review", "form", "scenario"];

/// The formats in the order of their tabs.
pub fn formats() -> Vec<Format> {
    let others = Format::ALL.into_iter().filter(|format| !ORDER.contains(&format.as_str()));
    let known = ORDER.iter().filter_map(|name| Format::ALL.into_iter().find(|format| format.as_str() == *name));
    others.chain(known).collect()
}

/// The name of a format's tab.
pub fn tab_name(format: Format) -> &'static str {
    match format.as_str() {
        "http" => "Raw HTTP",
        "event" => "Audit event",
        "review" => "Access review",
        "form" => "Form",
        "scenario" => "Scenario",
        name => name,
    }
}

/// What to paste where a request cannot be rewritten in a format, and an example of it.
pub fn example(format: Format) -> (&'static str, &'static str) {
    match format.as_str() {
        "kubectl" => ("Paste a kubectl command.", "kubectl get secret db -n prod"),
        "http" => (
            "Paste an HTTP request, with its headers and body where they matter.",
            "GET /api/v1/namespaces/prod/secrets/db HTTP/1.1\nHost: 192.0.2.1:6443\nUser-Agent: example/1.0\n",
        ),
        "curl" => ("Paste a curl command.", "curl https://192.0.2.1:6443/api/v1/namespaces/prod/secrets/db"),
        "event" => (
            "Paste an audit event, or several lines of an audit log.",
            r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"5f0c1c4e-0000-4000-8000-000000000000","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/prod/secrets/db","verb":"get","user":{"username":"alice","groups":["system:authenticated"]},"sourceIPs":["192.0.2.10"],"objectRef":{"resource":"secrets","namespace":"prod","name":"db","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200}}"#,
        ),
        "review" => (
            "Paste a SubjectAccessReview or an AdmissionReview.",
            "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec:\n  user: alice\n  groups: [\"system:authenticated\"]\n  \
             resourceAttributes:\n    verb: get\n    resource: secrets\n    namespace: prod\n    name: db\n",
        ),
        "form" => ("Fill in the form.", "verb: get\nresource: secrets\nnamespace: prod\nname: db\n"),
        _ => ("Paste a scenario file.", "version: 1\nrequest: kubectl get secret db -n prod\nas:\n  user: alice\n"),
    }
}

#[cfg(test)]
mod tests {
    use audit_policy::request::{ReadOptions, detect, read};

    use super::*;

    #[test]
    fn every_format_has_its_tab_and_a_readable_example() {
        for format in formats() {
            assert!(ORDER.contains(&format.as_str()), "{format}");
            let options = ReadOptions { format: Some(format), ..ReadOptions::default() };
            let reading = read(example(format).1.as_bytes(), &options).unwrap();
            assert_eq!(reading.format, format);
            assert_eq!(detect(example(format).1.as_bytes()), Some(format), "{format}");
        }
        assert_eq!(formats().first(), Some(&Format::Kubectl));
    }
}
