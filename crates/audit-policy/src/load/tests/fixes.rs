//! What quick fixes make of a text, and that it is better afterwards.

use super::release;
use crate::{Diagnostic, Fix, Loaded, Release, Severity, load};

const HEAD: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";

fn mended(text: &str, fix: &Fix) -> String {
    let mut mended = text.to_owned();
    let mut end = text.len();
    for edit in fix.edits.iter().rev() {
        assert!(edit.span.start <= edit.span.end && edit.span.end <= end, "in order and apart: {fix:?}");
        assert!(text.get(edit.span.start..edit.span.end).is_some(), "{fix:?}");
        end = edit.span.start;
        mended.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    mended
}

fn errors(loaded: &Loaded) -> Vec<&str> {
    let errors = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code).collect()
}

/// Findings of that kind at that place.
fn count(loaded: &Loaded, of: &Diagnostic) -> usize {
    loaded.findings.iter().filter(|finding| finding.code == of.code && finding.path == of.path).count()
}

/// Applies the first fix of that code: what the text is then, and how it loads.
fn apply(text: &str, code: &str, release: Release) -> Option<(String, Loaded)> {
    let before = load(text.as_bytes(), release);
    let finding = before.findings.iter().find(|finding| finding.code == code && finding.fix.is_some())?;
    let mended = mended(text, finding.fix.as_ref().unwrap());
    let after = load(mended.as_bytes(), release);
    assert!(count(&after, finding) < count(&before, finding), "{code} is still there:\n{mended}\n{:?}", after.findings);
    assert!(errors(&after).len() <= errors(&before).len(), "{code} adds errors:\n{mended}\n{:?}", after.findings);
    Some((mended, after))
}

/// A text without head, the code of what is mended, and the whole of it afterwards; `accepted` tells that it loads then.
type Case = (&'static str, &'static str, &'static str);

fn check(cases: &[Case], accepted: bool) {
    for (text, code, expected) in cases {
        let whole =
            |text: &str| if text.starts_with(['{', 'a', '-', '#']) { text.to_owned() } else { format!("{HEAD}{text}") };
        let (mended, loaded) =
            apply(&whole(text), code, Release::NEWEST).unwrap_or_else(|| panic!("no fix of {code}: {text}"));
        assert_eq!(mended, whole(expected), "{text}");
        assert_eq!(loaded.accepted, accepted, "{mended} {:?}", loaded.error);
        // With other line breaks it is the same fix.
        if !text.contains('\r') && text.contains('\n') {
            let crlf = |text: &str| whole(text).replace('\n', "\r\n");
            let (mended, _) = apply(&crlf(text), code, Release::NEWEST)
                .unwrap_or_else(|| panic!("no fix of {code} with CRLF: {text}"));
            assert_eq!(mended, crlf(expected), "{text}");
        }
    }
}

#[test]
fn names_and_values() {
    check(
        &[
            (
                "rules:\n- level: None\n  verb: [get] # all\n",
                "unknown-field",
                "rules:\n- level: None\n  verbs: [get] # all\n",
            ),
            ("rules:\n- lvel: None\n", "unknown-field", "rules:\n- level: None\n"),
            ("rules:\n- lvel: None\n", "missing-level", "rules:\n- level: None\n"),
            (
                "rules: [{level: None, \"omitStage\": [Panic]}]\n",
                "unknown-field",
                "rules: [{level: None, \"omitStages\": [Panic]}]\n",
            ),
            ("rules:\n- level: metadata\n", "unknown-level", "rules:\n- level: Metadata\n"),
            ("rules:\n- level: 'Requst'\n", "unknown-level", "rules:\n- level: 'Request'\n"),
            ("rules:\n- level: Request-Response\n", "unknown-level", "rules:\n- level: RequestResponse\n"),
            (
                "omitStages: [requestreceived]\nrules:\n- level: None\n",
                "unknown-stage",
                "omitStages: [RequestReceived]\nrules:\n- level: None\n",
            ),
            (
                "rules:\n- level: None\n  omitStages:\n  - \"ResponseStart\" # x\n",
                "unknown-stage",
                "rules:\n- level: None\n  omitStages:\n  - \"ResponseStarted\" # x\n",
            ),
            (
                "rules:\n- level: None\n  resources:\n  - group: apps/v1\n",
                "invalid-group",
                "rules:\n- level: None\n  resources:\n  - group: apps\n",
            ),
            (
                "rules:\n- level: None\n  resources:\n  - group: core/v1\n",
                "invalid-group",
                "rules:\n- level: None\n  resources:\n  - group: \"\"\n",
            ),
            (
                "rules:\n- level: None\n  resources:\n  - group: v1\n",
                "core-group",
                "rules:\n- level: None\n  resources:\n  - group: \"\"\n",
            ),
            (
                "rules:\n- level: None\n  resources: [{group: 'core'}]\n",
                "core-group",
                "rules:\n- level: None\n  resources: [{group: ''}]\n",
            ),
            (
                "rules:\n- users: [a] # who\n  verbs: [get]\n",
                "missing-level",
                "rules:\n- level: Metadata\n  users: [a] # who\n  verbs: [get]\n",
            ),
            ("rules:\n  -   users: [a]\n", "missing-level", "rules:\n  -   level: Metadata\n      users: [a]\n"),
            ("rules: [{users: [a]}]\n", "missing-level", "rules: [{level: Metadata, users: [a]}]\n"),
            ("rules: [{}]\n", "missing-level", "rules: [{level: Metadata}]\n"),
            (
                "rules:\n- level: None\n  nonResourceURLs: [healthz]\n",
                "url-without-slash",
                "rules:\n- level: None\n  nonResourceURLs: [/healthz]\n",
            ),
        ],
        true,
    );
}

#[test]
fn values_of_the_wrong_shape() {
    check(
        &[
            (
                "rules:\n- level: None\n  verbs: get # only\n",
                "wrong-type",
                "rules:\n- level: None\n  verbs: [get] # only\n",
            ),
            ("rules:\n- level: None\n  verbs: \"get\"\n", "wrong-type", "rules:\n- level: None\n  verbs: [\"get\"]\n"),
            (
                "rules:\n- level: None\n  verbs: get, list\n",
                "wrong-type",
                "rules:\n- level: None\n  verbs: [get, list]\n",
            ),
            (
                "rules:\n- level: None\n  nonResourceURLs: /healthz*\n",
                "wrong-type",
                "rules:\n- level: None\n  nonResourceURLs: [/healthz*]\n",
            ),
            (
                "rules: [{level: None, users: system:kube-proxy}]\n",
                "wrong-type",
                "rules: [{level: None, users: [system:kube-proxy]}]\n",
            ),
            ("rules:\n- level: None\n  users: 5\n", "wrong-type", "rules:\n- level: None\n  users: [\"5\"]\n"),
            ("rules:\n- level: None\n  users: [yes]\n", "wrong-type", "rules:\n- level: None\n  users: [\"yes\"]\n"),
            (
                "rules:\n  level: None\n  # whose\n  users: [a]\n# end\n",
                "wrong-type",
                "rules:\n  - level: None\n    # whose\n    users: [a]\n# end\n",
            ),
            ("rules: {level: None}\n", "wrong-type", "rules: [{level: None}]\n"),
            (
                "rules:\n- resources:\n    group: ''\n    resources: [pods]\n  level: None\n",
                "wrong-type",
                "rules:\n- resources:\n    - group: ''\n      resources: [pods]\n  level: None\n",
            ),
            // Strings where groups with their resources are meant.
            (
                "rules:\n- level: None\n  resources: [pods]\n",
                "wrong-type",
                "rules:\n- level: None\n  resources: [{group: \"\", resources: [\"pods\"]}]\n",
            ),
            (
                "rules:\n- level: None\n  resources: pods\n",
                "wrong-type",
                "rules:\n- level: None\n  resources: [{group: \"\", resources: [\"pods\"]}]\n",
            ),
            (
                "rules:\n- level: None\n  resources: [\"pods/log\", deploy, 'secrets', certificates.cert-manager.io]\n  users: [a]\n",
                "wrong-type",
                "rules:\n- level: None\n  resources: [{group: \"\", resources: [\"pods/log\", \"secrets\"]}, {group: \"apps\", resources: [\"deployments\"]}, {group: \"cert-manager.io\", resources: [\"certificates\"]}]\n  users: [a]\n",
            ),
            (
                "rules:\n- level: None\n  resources:\n  # these\n  - pods # all\n  - \"secrets\"\n\n  # and these\n  - deployments\n  - cm\n  verbs: [get]\n",
                "wrong-type",
                "rules:\n- level: None\n  resources:\n  # these\n  - group: \"\"\n    resources:\n    - pods # all\n    - \"secrets\"\n\n  # and these\n  - group: apps\n    resources:\n    - deployments\n  - group: \"\"\n    resources:\n    - configmaps\n  verbs: [get]\n",
            ),
            (
                "rules:\n- level: None\n  resources: ['*']\n",
                "wrong-type",
                "rules:\n- level: None\n  resources: [{group: \"*\", resources: [\"*\"]}]\n",
            ),
        ],
        true,
    );
}

#[test]
fn the_same_in_json() {
    let whole = |rule: &str| format!("{{\"apiVersion\": \"audit.k8s.io/v1\",\n \"rules\": [{rule}]}}");
    for (rule, code, expected) in [
        (r#"{"level": "None", "verb": ["get"]}"#, "unknown-field", r#"{"level": "None", "verbs": ["get"]}"#),
        (r#"{"level": "none"}"#, "unknown-level", r#"{"level": "None"}"#),
        (r#"{"users": ["a"]}"#, "missing-level", r#"{"level": "Metadata", "users": ["a"]}"#),
        (r#"{"level": "None", "verbs": "get"}"#, "wrong-type", r#"{"level": "None", "verbs": ["get"]}"#),
        (r#"{"level": "None", "users": 5}"#, "wrong-type", r#"{"level": "None", "users": ["5"]}"#),
        (
            r#"{"level": "None", "resources": ["pods", "deployments"]}"#,
            "wrong-type",
            r#"{"level": "None", "resources": [{"group": "", "resources": ["pods"]}, {"group": "apps", "resources": ["deployments"]}]}"#,
        ),
        (
            r#"{"level": "None", "resources": {"group": "apps"}}"#,
            "wrong-type",
            r#"{"level": "None", "resources": [{"group": "apps"}]}"#,
        ),
        (
            r#"{"level": "None", "resources": [{"group": "v1"}]}"#,
            "core-group",
            r#"{"level": "None", "resources": [{"group": ""}]}"#,
        ),
    ] {
        let (mended, loaded) = apply(&whole(rule), code, Release::NEWEST).unwrap_or_else(|| panic!("no fix: {rule}"));
        assert_eq!(mended, whole(expected));
        assert!(loaded.accepted && loaded.findings.is_empty(), "{mended} {:?}", loaded.findings);
    }
}

#[test]
fn heads_and_indentation() {
    let rules = "rules:\n- level: None\n";
    for (text, code, expected) in [
        ("rules:\n- level: None\n", "missing-api-version", "apiVersion: audit.k8s.io/v1\nrules:\n- level: None\n"),
        (
            "# mine\nkind: Policy\nrules:\n- level: None\n",
            "missing-api-version",
            "# mine\napiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n",
        ),
        (
            "{\"rules\": [{\"level\": \"None\"}]}",
            "missing-api-version",
            "{\"apiVersion\": \"audit.k8s.io/v1\", \"rules\": [{\"level\": \"None\"}]}",
        ),
        (
            "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\n{R}",
            "unknown-kind",
            "apiVersion: audit.k8s.io/v1\nkind: Policy\n{R}",
        ),
        (
            "apiVersion: \"v1\" # !\nkind: Policy\n{R}",
            "unknown-kind",
            "apiVersion: \"audit.k8s.io/v1\" # !\nkind: Policy\n{R}",
        ),
        ("apiVersion: audit/v1\nkind: policy\n{R}", "unknown-kind", "apiVersion: audit.k8s.io/v1\nkind: Policy\n{R}"),
        (
            "apiVersion: audit.k8s.io/v1\nkind: AuditPolicy\n{R}",
            "unknown-kind",
            "apiVersion: audit.k8s.io/v1\nkind: Policy\n{R}",
        ),
        (
            "apiVersion: audit.k8s.io/v1\nrules:\n- level: None\n  users:\n\t- a\n",
            "yaml-syntax",
            "apiVersion: audit.k8s.io/v1\nrules:\n- level: None\n  users:\n  - a\n",
        ),
        (
            "apiVersion: audit.k8s.io/v1\nrules:\n\t- level: None\n\t  users: [a]\n",
            "yaml-syntax",
            "apiVersion: audit.k8s.io/v1\nrules:\n  - level: None\n    users: [a]\n",
        ),
        (
            "apiVersion: audit.k8s.io/v1\nrules:\n- level: None\n  nonResourceURLs: [*]\n",
            "yaml-syntax",
            "apiVersion: audit.k8s.io/v1\nrules:\n- level: None\n  nonResourceURLs: [\"*\"]\n",
        ),
        (
            "apiVersion: audit.k8s.io/v1\nrules:\n- level: None\n  resources:\n  - resources:\n    - */log # x\n",
            "yaml-syntax",
            "apiVersion: audit.k8s.io/v1\nrules:\n- level: None\n  resources:\n  - resources:\n    - \"*/log\" # x\n",
        ),
        (
            "{apiVersion: audit.k8s.io/v1, rules: [{level: None}]}",
            "json-syntax",
            "---\n{apiVersion: audit.k8s.io/v1, rules: [{level: None}]}",
        ),
    ] {
        let whole = |text: &str| text.replace("{R}", rules);
        let (mended, loaded) = apply(&whole(text), code, Release::NEWEST).unwrap_or_else(|| panic!("no fix: {text}"));
        assert_eq!(mended, whole(expected), "{text}");
        assert!(loaded.accepted, "{mended} {:?}", loaded.error);
    }
    let (old, loaded) = apply("kind: Policy\nrules:\n- level: None\n", "missing-api-version", release(10)).unwrap();
    assert!(old.starts_with("apiVersion: audit.k8s.io/v1beta1\n") && loaded.accepted, "{old}");
}

/// The example of the talk: two documents, each with the fields of a rule.
#[test]
fn rules_of_fields_at_the_top() {
    let talk = "# what we log\napiVersion: audit.k8s.io/v1\nkind: Policy\n# everything\nlevel: RequestResponse # bodies\nverbs: [\"get\", \"list\", \"watch\"]\n\
                resources:\n# the core\n- group: \"\"\n\n- group: \"apps\"\nomitStages:\n- RequestReceived\n---\napiVersion: audit.k8s.io/v1\nkind: Policy # again\n\
                # less\nlevel: Metadata\nresources:\n- group: \"\"\n  resources: [\"secrets\", \"configmaps\"]\n# end\n";
    let meant = "# what we log\napiVersion: audit.k8s.io/v1\nkind: Policy\n# everything\nrules:\n- level: RequestResponse # bodies\n  verbs: [\"get\", \"list\", \"watch\"]\n  \
                 resources:\n  # the core\n  - group: \"\"\n\n  - group: \"apps\"\n  omitStages:\n  - RequestReceived\n# again\n\
                 # less\n- level: Metadata\n  resources:\n  - group: \"\"\n    resources: [\"secrets\", \"configmaps\"]\n# end\n";
    for code in ["no-rules", "unknown-field"] {
        for crlf in [false, true] {
            let text = |text: &str| if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
            let (mended, loaded) = apply(&text(talk), code, Release::NEWEST).unwrap();
            assert_eq!(mended, text(meant));
            assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
            let policy = loaded.policy.unwrap();
            assert_eq!(
                (policy.rules.len(), policy.rules[0].resources.len(), policy.rules[1].resources.len()),
                (2, 2, 1)
            );
        }
    }
    check(
        &[
            ("level: None\nusers: [a]", "no-rules", "rules:\n- level: None\n  users: [a]"),
            (
                "level: None\nverb: [a]\n---\nfoo: bar\n",
                "no-rules",
                "rules:\n- level: None\n  verb: [a]\n---\nfoo: bar\n",
            ),
            (
                "{\"apiVersion\": \"audit.k8s.io/v1\", \"level\": \"None\", \"users\": [\"a\"]}",
                "no-rules",
                "{\"apiVersion\": \"audit.k8s.io/v1\", \"rules\": [{\"level\": \"None\", \"users\": [\"a\"]}]}",
            ),
        ],
        true,
    );
}

#[test]
fn no_fix_where_it_is_not_sure() {
    for text in [
        // The field is there already.
        "rules:\n- level: None\n  verb: [get]\n  verbs: [list]\n",
        // A resource that is not known, and one that is none.
        "rules:\n- level: None\n  resources: [widgets]\n",
        "rules:\n- level: None\n  resources: [pods, \"\"]\n",
        "rules:\n- level: None\n  resources: [pods, {group: apps}]\n",
        "rules:\n- level: None\n  resources:\n  - group: v1/pods\n",
        // Anchors and aliases.
        "x: &a get\nrules:\n- level: None\n  verbs: *a\n",
        "rules:\n- level: None\n  verbs: &a get\n",
        "rules:\n- level: None\n  resources: [&a pods]\n",
        "rules:\n- <<: {users: [a]}\n",
        // The head is among the fields.
        "level: None\nmetadata: {}\nusers: [a]\n",
    ] {
        let text = format!("{HEAD}{text}");
        let fixes: Vec<_> =
            load(text.as_bytes(), Release::NEWEST).findings.into_iter().filter_map(|finding| finding.fix).collect();
        assert!(fixes.is_empty(), "{text}: {fixes:?}");
    }
    let other = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n";
    let event = "apiVersion: audit.k8s.io/v1\nkind: Event\nlevel: Metadata\n";
    for text in [other, event, "\u{feff}{{ .Values }}", "rules: [\n", ""] {
        let loaded = load(text.as_bytes(), Release::NEWEST);
        assert!(loaded.findings.iter().all(|finding| finding.fix.is_none()), "{text}: {:?}", loaded.findings);
    }
}

/// Whatever is mended, edits are in order and apart, and what could be read before can be read after.
#[test]
fn every_fix_leaves_a_text_that_can_be_read() {
    let parts = [
        "",
        "apiVersion: audit.k8s.io/v1\n",
        "apiVersion: v1\n",
        "kind: policy\n",
        "level: metadata\n",
        "verbs: get\n",
        "resources:\n- pods\n- cm # x\n",
        "resources: [pods,\n  secrets]\n",
        "resources: &a [pods]\n",
        "rules: {level: none}\n",
        "rules:\n- verb: x\n  \"Level\": 'None'\n",
        "rules:\n  level: None\n  resources:\n    group: core\n\n# c\n",
        "---\n",
        "---\nlevel: None\n---\nlevel: None\n",
        "omitStages: panic\n",
        "users: *a\n",
        "? level\n: None\n",
        "- level: None\n",
        "rules:\n- resources: [a, \"pods\"]\n  users: \"a\n   b\"\n",
        "\u{e9}: \u{e9}\n",
        "rules:\n-\n- {}\n- <<: {verbs: get}\n",
    ];
    let mut seen = 0;
    for first in parts {
        for second in parts {
            for third in parts {
                let text = [first, second, third].concat();
                let before = load(text.as_bytes(), Release::NEWEST);
                let broken = |loaded: &Loaded| errors(loaded).iter().any(|code| code.ends_with("-syntax"));
                for fix in before.findings.iter().filter_map(|finding| finding.fix.as_ref()) {
                    seen += 1;
                    let mended = mended(&text, fix);
                    let after = load(mended.as_bytes(), Release::NEWEST);
                    assert!(broken(&before) || !broken(&after), "{}: {text}\n=>\n{mended}{:?}", fix.title, after.error);
                }
            }
        }
    }
    assert!(seen > 1_000, "{seen}");
}
