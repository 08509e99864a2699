//! Texts with `¦` where the cursor is.

#![expect(clippy::string_slice, reason = "a place that is not on character boundaries fails the test")]

use super::*;

const HEAD: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";

fn release(minor: u8) -> Release {
    Release::new(minor).unwrap()
}

fn at_cursor(text: &str) -> (String, usize) {
    let offset = text.find('¦').unwrap();
    (text.replacen('¦', "", 1), offset)
}

fn items(text: &str, release: Release) -> Option<(String, Completions)> {
    let (text, offset) = at_cursor(text);
    let found = complete(&text, offset, release)?;
    assert!(found.span.start <= offset && offset <= found.span.end, "{text} {:?}", found.span);
    Some((text[found.span.start..found.span.end].to_owned(), found))
}

/// The inserts that are offered.
fn inserts(text: &str) -> String {
    inserts_in(text, Release::NEWEST)
}

fn inserts_in(text: &str, release: Release) -> String {
    items(text, release).map_or("nothing".to_owned(), |(_, found)| {
        let list: Vec<_> = found.items.into_iter().map(|item| item.insert.replace('\n', "⏎")).collect();
        list.join(" ¦ ")
    })
}

/// The text with one of the items chosen.
fn chosen(text: &str, label: &str) -> String {
    let (plain, _) = at_cursor(text);
    let (_, found) = items(text, Release::NEWEST).unwrap_or_else(|| panic!("nothing offered: {text}"));
    let item = found.items.iter().find(|item| item.label == label).unwrap_or_else(|| panic!("no `{label}`: {text}"));
    let mut plain = plain;
    plain.replace_range(found.span.start..found.span.end, &item.insert);
    plain
}

const LEVELS: &str = "None ¦ Metadata ¦ Request ¦ RequestResponse";
const STAGES: &str = "RequestReceived ¦ ResponseStarted ¦ ResponseComplete ¦ Panic";
const RULE: &str = "level:  ¦ users: [ ¦ userGroups: [ ¦ verbs: [ ¦ resources:⏎    - group:  ¦ namespaces: [ ¦ nonResourceURLs: [ ¦ omitStages: [ ¦ omitManagedFields: ";

#[test]
fn fields_where_they_are_not_yet() {
    for (text, expected) in [
        ("¦", "kind:  ¦ apiVersion:  ¦ metadata:⏎  name:  ¦ rules:⏎  - level:  ¦ omitStages: [ ¦ omitManagedFields: "),
        (
            "kin¦",
            "kind:  ¦ apiVersion:  ¦ metadata:⏎  name:  ¦ rules:⏎  - level:  ¦ omitStages: [ ¦ omitManagedFields: ",
        ),
        (
            "apiVersion: audit.k8s.io/v1\n¦\nkind: Policy\nrules: []\n",
            "metadata:⏎  name:  ¦ omitStages: [ ¦ omitManagedFields: ",
        ),
        (
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []\nom¦",
            "metadata:⏎  name:  ¦ omitStages: [ ¦ omitManagedFields: ",
        ),
        // A key that has its colon is only renamed.
        ("kind: Policy\nmet¦: {}\nrules: []\nomitStages: []\nomitManagedFields: true", "apiVersion ¦ metadata"),
        ("rules:\n- ¦", RULE),
        ("rules:\n-¦", &RULE.replace("level:", " level:").replace("¦ ", "¦  ")),
        ("rules:\n- le¦\n", RULE),
        ("rules:\n- level: None\n  ¦", &RULE.replace("level:  ¦ ", "")),
        (
            "rules:\n- level: None\n  ¦\n  verbs: [get]\n- level: Metadata\n  users: [a]\n",
            &RULE.replace("level:  ¦ ", "").replace("verbs: [ ¦ ", ""),
        ),
        ("rules:\n- level: None\n  us¦\n", &RULE.replace("level:  ¦ ", "")),
        (
            "rules:\n- level: None\n¦",
            "kind:  ¦ apiVersion:  ¦ metadata:⏎  name:  ¦ omitStages: [ ¦ omitManagedFields:  ¦ - level:  ¦ - users: [ ¦ - userGroups: [ ¦ - verbs: [ ¦ - resources:⏎    - group:  ¦ - namespaces: [ ¦ - nonResourceURLs: [ ¦ - omitStages: [ ¦ - omitManagedFields: ",
        ),
        ("rules:\n- resources:\n  - ¦", "group:  ¦ resources: [ ¦ resourceNames: ["),
        ("rules:\n- resources:\n  - group: ''\n    ¦", "resources: [ ¦ resourceNames: ["),
        ("rules:\n- resources:\n    ¦", "- group:  ¦ - resources: [ ¦ - resourceNames: ["),
        ("rules:\n- resources:\n  - {group: '', ¦", "resources: [ ¦ resourceNames: ["),
        ("rules:\n- resources: [{¦}]", "group:  ¦ resources: [ ¦ resourceNames: ["),
        ("rules:\n- resources: [¦]", "{group:  ¦ {resources: [ ¦ {resourceNames: ["),
        (
            "rules: [{level: None, verb¦}]",
            "users: [ ¦ userGroups: [ ¦ verbs: [ ¦ resources: [ ¦ namespaces: [ ¦ nonResourceURLs: [ ¦ omitStages: [ ¦ omitManagedFields: ",
        ),
        (
            "---\n# a policy\n\n{kind: Policy, ¦}",
            "apiVersion:  ¦ metadata: { ¦ rules: [ ¦ omitStages: [ ¦ omitManagedFields: ",
        ),
        (
            r#"{"kind": "Policy", ¦}"#,
            r#""apiVersion":  ¦ "metadata": { ¦ "rules": [ ¦ "omitStages": [ ¦ "omitManagedFields": "#,
        ),
        (r#"{"kind": "Policy", "rul¦": []}"#, "apiVersion ¦ metadata ¦ rules ¦ omitStages ¦ omitManagedFields"),
        ("metadata:\n  ¦", "name: "),
        // Where nothing is known.
        ("foo:\n  ¦", "nothing"),
        ("foo: ¦", "nothing"),
        ("# ¦", "nothing"),
        ("kind: Policy # ¦", "nothing"),
        ("x: |\n  rules:\n  - ¦\nkind: Policy\n", "nothing"),
        ("rules:\n- level: None ¦", "nothing"),
        ("rules:\n- foo: {a: [¦]}", "nothing"),
        ("rules:\n- resources:\n  - resources: [pods]\n    resourceNames: [¦]", "nothing"),
        ("rules: ¦\n- level: None\n", "nothing"),
        ("{\"kind\": \"Policy\"}\n¦", "nothing"),
    ] {
        assert_eq!(inserts(text), expected, "{text}");
    }
    let old = inserts_in("rules:\n- level: None\n  ¦", release(22));
    assert!(old.contains("omitStages") && !old.contains("omitManagedFields"), "{old}");
}

#[test]
fn values_that_are_not_listed_yet() {
    for (text, expected) in [
        ("apiVersion: ¦", "audit.k8s.io/v1"),
        ("kind: P¦", "Policy"),
        ("rules:\n- level: ¦", LEVELS),
        ("rules:\n- level:¦", " None ¦  Metadata ¦  Request ¦  RequestResponse"),
        ("rules:\n- level: Req¦\n  verbs: [get]\n", LEVELS),
        ("rules:\n- level: \"¦\"", LEVELS),
        ("rules:\n- level: \"Me¦\n  verbs: [get]", "None\" ¦ Metadata\" ¦ Request\" ¦ RequestResponse\""),
        ("rules:\n- level: 'Me¦", "None' ¦ Metadata' ¦ Request' ¦ RequestResponse'"),
        ("rules:\n- level:\n    ¦", LEVELS),
        ("omitStages: [¦]", STAGES),
        ("omitStages: [Panic, ¦]", "RequestReceived ¦ ResponseStarted ¦ ResponseComplete"),
        ("omitStages: [Panic,¦]", " RequestReceived ¦  ResponseStarted ¦  ResponseComplete"),
        ("omitStages: [¦, \"Panic\"]", "RequestReceived ¦ ResponseStarted ¦ ResponseComplete"),
        ("omitStages: [Pan¦ic]", STAGES),
        ("omitStages:\n- Panic\n- ¦\n- RequestReceived\nkind: Policy\n", "ResponseStarted ¦ ResponseComplete"),
        ("omitStages:\n  - Panic\n  ¦\n", "- RequestReceived ¦ - ResponseStarted ¦ - ResponseComplete"),
        ("omitStages:\n  ¦\n", "- RequestReceived ¦ - ResponseStarted ¦ - ResponseComplete ¦ - Panic"),
        ("omitStages: ¦", "[RequestReceived] ¦ [ResponseStarted] ¦ [ResponseComplete] ¦ [Panic]"),
        ("omitStages: Pa¦", "[RequestReceived] ¦ [ResponseStarted] ¦ [ResponseComplete] ¦ [Panic]"),
        ("omitManagedFields: ¦", "true ¦ false"),
        (r#"{"omitManagedFields": ¦}"#, "true ¦ false"),
        (r#"{"omitStages": [¦]}"#, r#""RequestReceived" ¦ "ResponseStarted" ¦ "ResponseComplete" ¦ "Panic""#),
        (r#"{"rules": [{"level": "¦"}]}"#, LEVELS),
        (
            "rules:\n- nonResourceURLs: ['/version']\n  verbs: [¦\n  level: None\n",
            "get ¦ post ¦ put ¦ patch ¦ delete ¦ head ¦ options",
        ),
        (
            "rules:\n- verbs: [get, l¦]\n  resources: [{group: ''}]\n",
            "list ¦ watch ¦ create ¦ update ¦ patch ¦ delete ¦ deletecollection",
        ),
        (
            "rules:\n- verbs: [\n  get,\n  ¦\n  ]\n  namespaces: [a]\n",
            "list ¦ watch ¦ create ¦ update ¦ patch ¦ delete ¦ deletecollection",
        ),
        (
            "rules:\n- verbs: [get, ¦",
            "list ¦ watch ¦ create ¦ update ¦ patch ¦ delete ¦ deletecollection ¦ post ¦ put ¦ head ¦ options",
        ),
        ("rules:\n- namespaces: [¦]", "kube-system ¦ default ¦ kube-public ¦ kube-node-lease ¦ \"\""),
        // The group stands behind the resources.
        (
            "rules:\n- level: None\n  resources:\n  - resources: [jobs, ¦]\n    group: batch\n",
            "cronjobs ¦ \"cronjobs/*\" ¦ cronjobs/status ¦ \"jobs/*\" ¦ jobs/status ¦ \"*\" ¦ \"*/status\"",
        ),
        ("rules:\n- resources:\n  - group: nope\n    resources: [¦]\n", "nothing"),
        // Each document by itself.
        ("omitStages: [Panic]\n---\nomitStages: [¦]\n---\nx\n", STAGES),
    ] {
        assert_eq!(inserts(text), expected, "{text}");
    }
    assert_eq!(
        inserts_in("apiVersion: ¦", release(23)),
        "audit.k8s.io/v1 ¦ audit.k8s.io/v1beta1 ¦ audit.k8s.io/v1alpha1"
    );
    assert_eq!(inserts_in("apiVersion: ¦", release(8)), "audit.k8s.io/v1beta1 ¦ audit.k8s.io/v1alpha1");
    let pods = "rules:\n- resources: [{group: '', resources: [¦]}]";
    assert!(inserts(pods).contains("pods/resize") && !inserts_in(pods, release(31)).contains("pods/resize"));
    assert!(!inserts_in(pods, release(9)).contains('*') && !inserts_in(pods, release(7)).contains('/'));
    let groups = "rules:\n- resources:\n  - group: ¦";
    assert!(inserts(groups).starts_with("\"\" ¦ ") && inserts(groups).ends_with(" ¦ \"*\""), "{}", inserts(groups));
    assert!(!inserts(groups).contains(" extensions ") && inserts_in(groups, release(15)).contains(" extensions "));
    let masters = "rules:\n- userGroups: [¦]";
    assert!(inserts(masters).contains("kubeadm:") && !inserts_in(masters, release(28)).contains("kubeadm:"));
}

/// Whatever is chosen, the text then loads as far as that item is concerned.
#[test]
fn a_chosen_item_is_written_right() {
    for (text, label, expected) in [
        ("rules:\n- level: None\n  ¦", "resources", "rules:\n- level: None\n  resources:\n    - group: "),
        ("rules:\r\n- level: None\r\n¦", "level", "rules:\r\n- level: None\r\n- level: "),
        ("¦\r\nkind: Policy\r\n", "rules", "rules:\r\n  - level: \r\nkind: Policy\r\n"),
        ("rules:\n- verbs: [g¦]", "get", "rules:\n- verbs: [get]"),
        ("rules:\n- users: [\"system:kube¦\"]", "system:kube-proxy", "rules:\n- users: [\"system:kube-proxy\"]"),
        ("rules:\n- users: [system:kube¦]", "system:kube-proxy", "rules:\n- users: [\"system:kube-proxy\"]"),
        ("rules:\n- users: [é, ü¦]", "system:kube-proxy", "rules:\n- users: [é, \"system:kube-proxy\"]"),
        ("rules:\n- nonResourceURLs:\n  - ¦", "/healthz*", "rules:\n- nonResourceURLs:\n  - \"/healthz*\""),
        ("rules:\n- resources: [¦]", "group", "rules:\n- resources: [{group: ]"),
    ] {
        assert_eq!(chosen(text, label), expected, "{text}");
    }
    let whole = [
        ("{H}rules:\n- level: ¦\n", "Request"),
        ("{H}rules:\n- level:¦\n", "Request"),
        ("{H}rules:\n- level: None\n  namespaces: ¦\n", "\"\""),
        ("{H}rules:\n- level: None\n  resources:\n  - group: \"\"\n    resources: [¦]\n", "pods/*"),
        ("{H}rules:\n- level: None\n  resources:\n  - group: \"\"\n    resources:\n    ¦\n", "*/log"),
        ("{H}omitStages: [Pan¦\nrules:\n- level: None\n", "Panic"),
    ];
    for (text, label) in whole {
        let text = chosen(&text.replace("{H}", HEAD), label);
        // What is left open is closed by the editor or the person.
        let text = text.replace("[Panic\n", "[Panic]\n");
        let loaded = crate::load(text.as_bytes(), Release::NEWEST);
        assert!(loaded.accepted && loaded.findings.is_empty(), "{text}: {:?}", loaded.findings);
    }
}

fn told(text: &str, release: Release) -> String {
    let (text, offset) = at_cursor(text);
    hover(&text, offset, release)
        .map_or("nothing".to_owned(), |found| format!("{} = {}", &text[found.span.start..found.span.end], found.text))
}

#[test]
fn hovering_tells_what_a_word_does() {
    for (text, expected) in [
        ("rules:\n- le¦vel: None", "level = How much is logged"),
        ("rules:\n- level: ¦None", "None = Nothing is logged."),
        ("rules:\n- level: None¦", "nothing"),
        ("rules:\n- level: \"Met¦adata\"", "Metadata = Who asked what"),
        ("rules:\n- verbs: [\"¦*\"]", "* = `*` is no wildcard here, only the verb `*`. Leave `verbs` out"),
        ("rules:\n- users: ['¦*']", "* = `*` is no wildcard here, only the user"),
        ("rules:\n- verbs: [con¦nect]", "connect = No request has this verb"),
        ("rules:\n- verbs: [pro¦xy]", "proxy = The verb of the old paths"),
        ("rules:\n- verbs: [GE¦T]", "GET = No request has this verb: verbs are lower case, `get`."),
        ("rules:\n- nonResourceURLs: [/x]\n  verbs: [l¦ist]", "list = GET or HEAD without a name"),
        ("rules:\n- namespaces: [\"¦\"]", "nothing"),
        ("rules:\n- resources:\n  - group: ap¦ps", "apps = The API group apps: "),
        ("rules:\n- resources:\n  - group: co¦re", "core = No API group: nothing matches."),
        ("rules:\n- resources:\n  - group: apps/¦v1", "apps/v1 = A group is written without its version: `apps`."),
        (
            "rules:\n- resources:\n  - group: ext¦ensions",
            "extensions = An API group that there is up to 1.21, not in 1.37.",
        ),
        (
            "rules:\n- resources:\n  - resources: [po¦ds]",
            "pods = Objects of kind Pod, in namespaces. Without their subresources (",
        ),
        ("rules:\n- resources:\n  - resources: [no¦des]", "nodes = Objects of kind Node, in no namespace."),
        ("rules:\n- resources:\n  - resources: [pods/e¦xec]", "pods/exec = The subresource exec of pods: create, get."),
        ("rules:\n- resources:\n  - resources: [\"pods/¦*\"]", "pods/* = pods, and every subresource of theirs:"),
        (
            "rules:\n- resources:\n  - resources: [deploy¦ments]",
            "deployments = In 1.37 it is not in the group core but in `apps`: nothing matches.",
        ),
        (
            "rules:\n- resources:\n  - {group: apps, resources: [po¦ds]}",
            "pods = In 1.37 it is not in the group apps but in `\"\"`",
        ),
        ("rules:\n- resources:\n  - resources: [wid¦gets]", "nothing"),
        (
            "rules:\n- users: [\"system:serviceaccount:a:¦b\"]",
            "system:serviceaccount:a:b = The service account b of the namespace a.",
        ),
        ("rules:\n- users: [\"system:node:¦n1\"]", "system:node:n1 = The kubelet of the node n1."),
        ("rules:\n- userGroups: [system:mas¦ters]", "system:masters = Users who may do everything"),
        (r#"{"rules": [{"le¦vel": "None"}]}"#, "level = How much"),
        (r#"{"rules": [{"level": "N¦one"}]}"#, "None = Nothing"),
        ("fo¦o: 1", "nothing"),
        ("# ru¦les", "nothing"),
    ] {
        let told = told(text, Release::NEWEST);
        assert!(told.starts_with(expected), "{text}: {told}");
    }
    let old = told("omit¦ManagedFields: true", release(22));
    assert!(old.contains("Known from 1.23 on: 1.22 ignores it."), "{old}");
    let star = "rules:\n- resources:\n  - group: '¦*'";
    assert!(
        told(star, release(35)).contains("1.35 refuses") && told(star, release(36)).contains("Every API group, from")
    );
}

/// Every field that the loader knows is told of, and every word of the tables is one that the loader takes.
#[test]
fn the_tables_agree_with_the_loader() {
    use crate::load::go_types::{GROUP_RESOURCES, POLICY, RULE};
    for of in [&POLICY, &RULE, &GROUP_RESOURCES] {
        for field in of.fields {
            assert!(fields::about(of, field.name).is_some(), "{}.{}", of.name, field.name);
        }
    }
    assert_eq!(words::LEVELS.map(|(word, _)| word), crate::Level::ALL.map(crate::Level::as_str));
    assert_eq!(words::STAGES.map(|(word, _)| word), crate::Stage::ALL.map(crate::Stage::as_str));
    for release in Release::all() {
        for version in crate::load::api_versions(release) {
            let text = format!("apiVersion: {version}\nkind: Policy\nrules: [{{level: None}}]\n");
            assert!(crate::load(text.as_bytes(), release).accepted, "{release} {version}");
        }
    }
    for (path, _) in words::PATHS {
        let text = format!("{HEAD}rules: [{{level: None, nonResourceURLs: [\"{path}\"]}}]\n");
        assert!(crate::load(text.as_bytes(), Release::NEWEST).accepted, "{path}");
    }
}

/// Any place of any text, in time.
#[test]
fn any_text_and_any_offset() {
    let texts = [
        "rules:\n- level: None\n  verbs: [get, \"li\n  resources:\n  - group: ''\n---\n{a: [b, {c: \u{e9}}]}\r\n",
        "{\"rules\": [{\"level\": \"N\u{f6}ne\", \"verbs\": [\"a\", ]}, {]}}",
        "- - - a\n? b\n: c\n\t- d\n&x !y z: *x\n|\n > \n\u{feff}",
        "rules: [\n{level: None},\n{level: M,\n omitStages: [Panic\n]\n]}\n- x\n",
    ];
    for text in texts {
        for offset in 0..=text.len() + 1 {
            for release in [Release::NEWEST, Release::OLDEST] {
                if let Some(found) = complete(text, offset, release) {
                    assert!(found.span.start <= offset && offset <= found.span.end);
                    assert!(text.get(found.span.start..found.span.end).is_some());
                }
                if let Some(found) = hover(text, offset, release) {
                    assert!(found.span.start <= offset && offset < found.span.end);
                    assert!(text.get(found.span.start..found.span.end).is_some());
                }
            }
        }
    }
    for part in [
        "[",
        "{",
        "- ",
        "a: ",
        "\"",
        "'",
        "[\n",
        "{a: \n",
        "- - a:\n",
        " ",
        "\n",
        "#",
        " #",
        "rules:\n",
        "rules: [{",
        "verbs: [a,\n",
        "\u{e9}",
        "&a ",
        "x: |\n ",
    ] {
        let text = part.repeat(1_000_000 / part.len());
        for text in [text.clone(), format!("rules: {text}"), format!("rules:\n- verbs: {text}")] {
            for offset in [0, text.len() / 2 / part.len() * part.len(), text.len()] {
                let _ = complete(&text, offset, Release::NEWEST);
            }
        }
    }
}
