//! Policies and their findings, each shown as people see it: the message, the place underlined, the help, the line after its fix.

#![expect(clippy::string_slice, reason = "a place that is not on character boundaries fails the test")]

use expect_test::{Expect, expect};

use super::{policy, release};
use crate::{Diagnostic, Release, Severity, load};

fn check(text: &str, expected: Expect) {
    check_in(Release::NEWEST, text, expected);
}

fn check_in(release: Release, text: &str, expected: Expect) {
    let loaded = load(text.as_bytes(), release);
    let mut shown = String::new();
    for finding in &loaded.findings {
        shown.push_str(&show(text, finding));
    }
    shown.push_str(&match &loaded.error {
        Some(error) => format!("refused: {}\n", error.message),
        None => "loads\n".to_owned(),
    });
    expected.assert_eq(&shown);
}

fn show(text: &str, finding: &Diagnostic) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut shown = format!("{severity} {}: {}\n", finding.code, finding.message);
    if let Some(span) = finding.span {
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        let column = text[start..span.start].chars().count();
        let marked = text[span.start..span.end].lines().next().unwrap_or_default().chars().count().max(1);
        let number = text[..start].matches('\n').count() + 1;
        shown.push_str(&format!("{number:4} | {line}\n     | {}{}\n", " ".repeat(column), "^".repeat(marked)));
    }
    if let Some(path) = &finding.path {
        shown.push_str(&format!("  at {path}\n"));
    }
    if let Some(help) = &finding.help {
        shown.push_str(&format!("  help: {help}\n"));
    }
    if let Some(fix) = &finding.fix {
        let mut mended = text.to_owned();
        for edit in fix.edits.iter().rev() {
            mended.replace_range(edit.span.start..edit.span.end, &edit.text);
        }
        let changed = mended.lines().find(|line| !text.lines().any(|known| known == *line)).unwrap_or_default();
        shown.push_str(&format!("  fix: {}: {}\n", fix.title, changed.trim_start()));
    }
    shown
}

#[test]
fn rule_fields_at_the_top_and_a_second_document() {
    check(
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nlevel: RequestResponse\nverbs: [\"get\", \"list\", \"watch\"]\n\
         resources:\n- group: \"\"\n- group: \"apps\"\nomitStages:\n- RequestReceived\n---\n\
         apiVersion: audit.k8s.io/v1\nkind: Policy\nlevel: Metadata\n",
        expect![[r#"
            warning unknown-field: unknown field "level"
               3 | level: RequestResponse
                 | ^^^^^
              at level
              help: rule fields belong under `rules:`; make `level` part of a rule there
              fix: Put the fields into rules: rules:
            warning unknown-field: unknown field "resources"
               5 | resources:
                 | ^^^^^^^^^
              at resources
              help: rule fields belong under `rules:`; make `resources` part of a rule there
              fix: Put the fields into rules: rules:
            warning unknown-field: unknown field "verbs"
               4 | verbs: ["get", "list", "watch"]
                 | ^^^^^
              at verbs
              help: rule fields belong under `rules:`; make `verbs` part of a rule there
              fix: Put the fields into rules: rules:
            note second-document: only the first document is read: nothing after this line counts
              10 | ---
                 | ^^^
              help: put all rules into one document, under one `rules:`, or remove what is not read
            error no-rules: loaded illegal policy with 0 rules
               1 | apiVersion: audit.k8s.io/v1
                 | ^^^^^^^^^^
              help: what stands at the top are fields of a rule: put them into a list under `rules:`, each rule beginning with `- level: …`
              fix: Put the fields into rules: rules:
            refused: loaded illegal policy with 0 rules
        "#]],
    );
}

#[test]
fn unknown_fields() {
    check(
        &policy(
            "rules:\n- lvel: None\n  verb: [get]\n  group: x\n  resources:\n  - apiGroup: apps\n    verbs: [get]\n    foo: 1\n  \
             resourceNames: [a]\n  rules: []\nomitstages: []\nspec: {}\nlevle: None\n",
        ),
        expect![[r#"
            warning unknown-field: unknown field "levle"
              15 | levle: None
                 | ^^^^^
              at levle
              help: rule fields belong under `rules:`; did you mean a rule's `level`?
            warning unknown-field: unknown field "omitstages"
              13 | omitstages: []
                 | ^^^^^^^^^^
              at omitstages
              help: upper and lower case count: write `omitStages`
              fix: Rename to omitStages: omitStages: []
            warning unknown-field: unknown field "rules[0].group"
               6 |   group: x
                 |   ^^^^^
              at rules[0].group
              help: `group` belongs in an item of `resources:`, such as `- group: "apps"`
            warning unknown-field: unknown field "rules[0].lvel"
               4 | - lvel: None
                 |   ^^^^
              at rules[0].lvel
              help: did you mean `level`?
              fix: Rename to level: - level: None
            warning unknown-field: unknown field "rules[0].resourceNames"
              11 |   resourceNames: [a]
                 |   ^^^^^^^^^^^^^
              at rules[0].resourceNames
              help: `resourceNames` belongs in an item of `resources:`, such as `- group: "apps"`
            warning unknown-field: unknown field "rules[0].resources[0].apiGroup"
               8 |   - apiGroup: apps
                 |     ^^^^^^^^
              at rules[0].resources[0].apiGroup
              help: did you mean `group`?
              fix: Rename to group: - group: apps
            warning unknown-field: unknown field "rules[0].resources[0].foo"
              10 |     foo: 1
                 |     ^^^
              at rules[0].resources[0].foo
              help: the API server ignores `foo`: an item of `resources:` has `group`, `resources`, `resourceNames`
            warning unknown-field: unknown field "rules[0].resources[0].verbs"
               9 |     verbs: [get]
                 |     ^^^^^
              at rules[0].resources[0].verbs
              help: `verbs` is a field of the rule: move it out of `resources:`
            warning unknown-field: unknown field "rules[0].rules"
              12 |   rules: []
                 |   ^^^^^
              at rules[0].rules
              help: `rules` is a field of the policy, not of a rule: move it to the top
            warning unknown-field: unknown field "rules[0].verb"
               5 |   verb: [get]
                 |   ^^^^
              at rules[0].verb
              help: did you mean `verbs`?
              fix: Rename to verbs: verbs: [get]
            warning unknown-field: unknown field "spec"
              14 | spec: {}
                 | ^^^^
              at spec
              help: the API server ignores `spec`: a policy has `kind`, `apiVersion`, `metadata`, `rules`, `omitStages`, `omitManagedFields`
            error missing-level: rules[0].level: Required value
               4 | - lvel: None
                 |   ^^^^
              at rules[0].level
              help: every rule needs a level: `None`, `Metadata`, `Request` or `RequestResponse`
              fix: Rename to level: - level: None
            refused: rules[0].level: Required value
        "#]],
    );
    check_in(
        release(22),
        &policy("omitManagedFields: true\nrules:\n- level: None\n"),
        expect![[r#"
        warning unknown-field: unknown field "omitManagedFields"
           3 | omitManagedFields: true
             | ^^^^^^^^^^^^^^^^^
          at omitManagedFields
          help: `omitManagedFields` is known from 1.23 on: 1.22 ignores it
        loads
    "#]],
    );
}

#[test]
fn duplicate_fields() {
    check(
        &policy(
            "x: &a {level: None}\nrules:\n- level: None\n  users: [a]\n  level: Metadata\n- <<: *a\n  level: Request\n",
        ),
        expect![[r#"
            warning duplicate-field: line 7: key "level" already set in map
               7 |   level: Metadata
                 |   ^^^^^
              at rules[0].level
              help: the later one counts, the earlier one is lost: keep one
            warning duplicate-field: line 9: key "level" already set in map
               9 |   level: Request
                 |   ^^^^^
              at rules[1].level
              help: the later one counts, the earlier one is lost: keep one
            warning unknown-field: unknown field "x"
               3 | x: &a {level: None}
                 | ^
              at x
              help: the API server ignores `x`: a policy has `kind`, `apiVersion`, `metadata`, `rules`, `omitStages`, `omitManagedFields`
            loads
        "#]],
    );
    check(
        r#"{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"None","level":"Metadata"}]}"#,
        expect![[r#"
            warning duplicate-field: duplicate field "rules[0].level"
               1 | {"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"None","level":"Metadata"}]}
                 |                                                                          ^^^^^^^
              at rules[0].level
              help: the later one counts, the earlier one is lost: keep one
            loads
        "#]],
    );
}

#[test]
fn wrong_types() {
    check(
        &policy("rules:\n- level: None\n  verbs: get\n"),
        expect![[r#"
        error wrong-type: failed decoding: json: cannot unmarshal string into Go struct field PolicyRule.rules.verbs of type []string
           5 |   verbs: get
             |          ^^^
          at rules[0].verbs
          help: `verbs` takes a list: write `[get]`
          fix: Make it a list: verbs: [get]
        refused: failed decoding: json: cannot unmarshal string into Go struct field PolicyRule.rules.verbs of type []string
    "#]],
    );
    check(
        &policy("rules:\n- level: None\n  users: [é, yes]\n"),
        expect![[r#"
        error wrong-type: failed decoding: json: cannot unmarshal bool into Go struct field PolicyRule.rules.users of type string
           5 |   users: [é, yes]
             |              ^^^
          at rules[0].users[1]
          help: `yes` without quotes is a boolean in YAML 1.1: write `"yes"`
          fix: Put it in quotes: users: [é, "yes"]
        refused: failed decoding: json: cannot unmarshal bool into Go struct field PolicyRule.rules.users of type string
    "#]],
    );
    check(
        &policy("rules:\n- level: None\n  resources:\n  - pods\n"),
        expect![[r#"
            error wrong-type: failed decoding: json: cannot unmarshal string into Go struct field PolicyRule.rules.resources of type v1.GroupResources
               6 |   - pods
                 |     ^^^^
              at rules[0].resources[0]
              help: an item of `resources:` is a mapping, such as `- group: ""` with `resources: ["pods"]` below it
              fix: Write groups with their resources: - group: ""
            refused: failed decoding: json: cannot unmarshal string into Go struct field PolicyRule.rules.resources of type v1.GroupResources
        "#]],
    );
    check(
        &policy("rules:\n  level: None\n"),
        expect![[r#"
            error wrong-type: failed decoding: json: cannot unmarshal object into Go struct field Policy.rules of type []v1.PolicyRule
               4 |   level: None
                 |   ^^^^^^^^^^^
              at rules
              help: `rules` takes a list: begin each item with `- `
              fix: Make it an item of a list: - level: None
            refused: failed decoding: json: cannot unmarshal object into Go struct field Policy.rules of type []v1.PolicyRule
        "#]],
    );
    check(
        &policy("omitManagedFields: \"true\"\nrules:\n- level: None\n"),
        expect![[r#"
        error wrong-type: failed decoding: json: cannot unmarshal string into Go struct field Policy.omitManagedFields of type bool
           3 | omitManagedFields: "true"
             |                    ^^^^^^
          at omitManagedFields
          help: `omitManagedFields` is `true` or `false`, without quotes
        refused: failed decoding: json: cannot unmarshal string into Go struct field Policy.omitManagedFields of type bool
    "#]],
    );
}

#[test]
fn invalid_values() {
    check(
        &policy(
            "omitStages: [requestReceived]\nrules:\n- users: [a]\n- level: metadata\n- level: \"Body\"\n  omitStages: ['RequestRecived']\n- level: None\n  \
             nonResourceURLs: [healthz, \"/a**\", /a*b]\n  resources:\n  - group: apps/v1\n  - {group: Apps, resourceNames: [x]}\n",
        ),
        expect![[r#"
            error unknown-stage: omitStages[0]: Invalid value: "requestReceived": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic
               3 | omitStages: [requestReceived]
                 |              ^^^^^^^^^^^^^^^
              at omitStages[0]
              help: upper and lower case count: write `RequestReceived`
              fix: Change to RequestReceived: omitStages: [RequestReceived]
            error missing-level: rules[0].level: Required value
               5 | - users: [a]
                 |   ^^^^^
              at rules[0].level
              help: every rule needs a level: `None`, `Metadata`, `Request` or `RequestResponse`
              fix: Add level: Metadata: - level: Metadata
            error unknown-level: rules[1].level: Unsupported value: "metadata": supported values: "None", "Metadata", "Request", "RequestResponse"
               6 | - level: metadata
                 |          ^^^^^^^^
              at rules[1].level
              help: upper and lower case count: write `Metadata`
              fix: Change to Metadata: - level: Metadata
            error unknown-level: rules[2].level: Unsupported value: "Body": supported values: "None", "Metadata", "Request", "RequestResponse"
               7 | - level: "Body"
                 |          ^^^^^^
              at rules[2].level
              help: a level is `None`, `Metadata`, `Request` or `RequestResponse`
            error unknown-stage: rules[2].omitStages[0]: Invalid value: "RequestRecived": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic
               8 |   omitStages: ['RequestRecived']
                 |                ^^^^^^^^^^^^^^^^
              at rules[2].omitStages[0]
              help: did you mean `RequestReceived`?
              fix: Change to RequestReceived: omitStages: ['RequestReceived']
            error url-without-slash: rules[3].nonResourceURLs[0]: Invalid value: "healthz": non-resource URL rules must begin with a '/' character
              10 |   nonResourceURLs: [healthz, "/a**", /a*b]
                 |                     ^^^^^^^
              at rules[3].nonResourceURLs[0]
              help: a path begins with `/`; only `*` alone, for every path, does not
              fix: Change to /healthz: nonResourceURLs: [/healthz, "/a**", /a*b]
            error url-star-inside: rules[3].nonResourceURLs[1]: Invalid value: "/a**": non-resource URL wildcards '*' must be the final character of the rule
              10 |   nonResourceURLs: [healthz, "/a**", /a*b]
                 |                              ^^^^^^
              at rules[3].nonResourceURLs[1]
              help: a `*` is a wildcard only as the last character of a path
              fix: Change to /a*: nonResourceURLs: [healthz, "/a*", /a*b]
            error url-star-inside: rules[3].nonResourceURLs[2]: Invalid value: "/a*b": non-resource URL wildcards '*' must be the final character of the rule
              10 |   nonResourceURLs: [healthz, "/a**", /a*b]
                 |                                      ^^^^
              at rules[3].nonResourceURLs[2]
              help: a `*` is a wildcard only as the last character of a path
            error invalid-group: rules[3].resources.group: Invalid value: "apps/v1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
              12 |   - group: apps/v1
                 |            ^^^^^^^
              at rules[3].resources[0].group
              help: a group is given without version: `apps`
              fix: Change to apps: - group: apps
            error invalid-group: rules[3].resources.group: Invalid value: "Apps": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
              13 |   - {group: Apps, resourceNames: [x]}
                 |             ^^^^
              at rules[3].resources[1].group
              help: groups are lower case: `apps`
              fix: Change to apps: - {group: apps, resourceNames: [x]}
            error names-without-resources: rules[3].resources.resourceNames: Invalid value: ["x"]: using resourceNames requires at least one resource
              13 |   - {group: Apps, resourceNames: [x]}
                 |                                  ^^^
              at rules[3].resources[1].resourceNames
              help: name the resources too, such as `resources: ["configmaps"]`: names alone select nothing
            error urls-and-resources: rules[3].nonResourceURLs: Invalid value: ["healthz","/a**","/a*b"]: rules cannot apply to both regular resources and non-resource URLs
              10 |   nonResourceURLs: [healthz, "/a**", /a*b]
                 |                    ^^^^^^^^^^^^^^^^^^^^^^^
              at rules[3].nonResourceURLs
              help: a rule is for resources or for other paths, never both: make two rules of it, one with `nonResourceURLs`
            refused: [omitStages[0]: Invalid value: "requestReceived": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic, rules[0].level: Required value, rules[1].level: Unsupported value: "metadata": supported values: "None", "Metadata", "Request", "RequestResponse", rules[2].level: Unsupported value: "Body": supported values: "None", "Metadata", "Request", "RequestResponse", rules[2].omitStages[0]: Invalid value: "RequestRecived": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic, rules[3].nonResourceURLs[0]: Invalid value: "healthz": non-resource URL rules must begin with a '/' character, rules[3].nonResourceURLs[1]: Invalid value: "/a**": non-resource URL wildcards '*' must be the final character of the rule, rules[3].nonResourceURLs[2]: Invalid value: "/a*b": non-resource URL wildcards '*' must be the final character of the rule, rules[3].resources.group: Invalid value: "apps/v1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'), rules[3].resources.group: Invalid value: "Apps": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'), rules[3].resources.resourceNames: Invalid value: ["x"]: using resourceNames requires at least one resource, rules[3].nonResourceURLs: Invalid value: ["healthz","/a**","/a*b"]: rules cannot apply to both regular resources and non-resource URLs]
        "#]],
    );
    check_in(
        release(35),
        &policy("rules:\n- level: None\n  resources:\n  - group: '*'\n"),
        expect![[r#"
        error invalid-group: rules[0].resources.group: Invalid value: "*": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
           6 |   - group: '*'
             |            ^^^
          at rules[0].resources[0].group
          help: `*` for every group is known from 1.36 on: for 1.35 list the groups
        refused: rules[0].resources.group: Invalid value: "*": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
    "#]],
    );
}

#[test]
fn versions_and_kinds() {
    check(
        "rules:\n- level: None\n",
        expect![[r#"
        warning unknown-field: unknown field "rules"
           1 | rules:
             | ^^^^^
          at rules
          help: without `apiVersion: audit.k8s.io/v1` the API server does not know `rules`
        error missing-api-version: unknown group version field audit.k8s.io/__internal, Kind=Policy in policy
           1 | rules:
             | ^^^^^
          at apiVersion
          help: begin the policy with `apiVersion: audit.k8s.io/v1`
          fix: Add apiVersion: apiVersion: audit.k8s.io/v1
        refused: unknown group version field audit.k8s.io/__internal, Kind=Policy in policy
    "#]],
    );
    check(
        "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules:\n- level: None\n",
        expect![[r#"
        error unknown-kind: failed decoding: no kind "Policy" is registered for version "audit.k8s.io/v1beta1" in scheme "pkg/audit/scheme.go:30"
           1 | apiVersion: audit.k8s.io/v1beta1
             |             ^^^^^^^^^^^^^^^^^^^^
          at apiVersion
          help: 1.37 reads policies of `apiVersion: audit.k8s.io/v1` only
          fix: Change to audit.k8s.io/v1: apiVersion: audit.k8s.io/v1
        refused: failed decoding: no kind "Policy" is registered for version "audit.k8s.io/v1beta1" in scheme "pkg/audit/scheme.go:30"
    "#]],
    );
    check(
        "apiVersion: \"audit.k8s.io/v1\"\nkind: policy\n",
        expect![[r#"
        error unknown-kind: failed decoding: no kind "policy" is registered for version "audit.k8s.io/v1" in scheme "pkg/audit/scheme.go:30"
           2 | kind: policy
             |       ^^^^^^
          at kind
          help: an audit policy is of `kind: Policy`
          fix: Change to Policy: kind: Policy
        refused: failed decoding: no kind "policy" is registered for version "audit.k8s.io/v1" in scheme "pkg/audit/scheme.go:30"
    "#]],
    );
    check(
        "apiVersion: audit.k8s.io/v1\nkind: Event\n",
        expect![[r#"
            error unknown-kind: failed decoding: converting (v1.Event) to (audit.Policy): unknown conversion
               2 | kind: Event
                 |       ^^^^^
              at kind
              help: `Event` is another kind: an audit policy is of `kind: Policy`
            refused: failed decoding: converting (v1.Event) to (audit.Policy): unknown conversion
        "#]],
    );
    check(
        "- level: None\n",
        expect![[r#"
        error unknown-kind: failed decoding: couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }
           1 | - level: None
             | ^^^^^^^^^^^^^
          help: a policy is a mapping that begins with `apiVersion: audit.k8s.io/v1` and `kind: Policy`
        refused: failed decoding: couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }
    "#]],
    );
    check_in(
        release(22),
        "apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules:\n- level: None\n",
        expect![[r#"
        warning deprecated-version: "audit.k8s.io/v1beta1" is deprecated and will be removed in a future release, use "audit.k8s.io/v1" instead
           1 | apiVersion: audit.k8s.io/v1beta1
             |             ^^^^^^^^^^^^^^^^^^^^
          at apiVersion
          help: write `apiVersion: audit.k8s.io/v1`: the fields are the same
          fix: Change to audit.k8s.io/v1: apiVersion: audit.k8s.io/v1
        loads
    "#]],
    );
}

#[test]
fn no_yaml_and_no_json() {
    check(
        &policy("rules:\n- level: None\n\tusers: [a]\n"),
        expect![[r#"
            error yaml-syntax: failed decoding: yaml: line 5: found a tab character that violates indentation
               5 | 	users: [a]
                 | ^
              help: YAML is indented by spaces: replace the tab
              fix: Indent with spaces: users: [a]
            refused: failed decoding: yaml: line 5: found a tab character that violates indentation
        "#]],
    );
    check(
        &policy("rules:\n- level: None\n  users: a: b\n"),
        expect![[r#"
        error yaml-syntax: failed decoding: yaml: line 5: mapping values are not allowed in this context
           5 |   users: a: b
             |           ^
          help: a second `:` on one line, or a line that is further in than it should be: check the indentation, or put the value in quotes
        refused: failed decoding: yaml: line 5: mapping values are not allowed in this context
    "#]],
    );
    check(
        &policy("rules:\n- level: None\n users: [a]\n"),
        expect![[r#"
        error yaml-syntax: failed decoding: yaml: line 4: did not find expected key
           5 |  users: [a]
             |  ^
          help: this line does not fit what stands above it: check its indentation
        refused: failed decoding: yaml: line 4: did not find expected key
    "#]],
    );
    check(
        &policy("rules:\n- level: None\n  nonResourceURLs: [*]\n"),
        expect![[r#"
            error yaml-syntax: failed decoding: yaml: line 5: did not find expected alphabetic or numeric character
               5 |   nonResourceURLs: [*]
                 |                      ^
              help: `*` and `&` begin an alias and an anchor in YAML: put the value in quotes, such as `"*"`
              fix: Put it in quotes: nonResourceURLs: ["*"]
            refused: failed decoding: yaml: line 5: did not find expected alphabetic or numeric character
        "#]],
    );
    check(
        &policy("rules: {{ .Values.rules }}\n"),
        expect![[r#"
        error yaml-syntax: failed decoding: yaml: invalid map key: map[interface {}]interface {}{".Values.rules":interface {}(nil)}
           3 | rules: {{ .Values.rules }}
             |         ^^^^^^^^^^^^^^^^^
          help: this looks like a template: give the policy as it is after the template is filled in
        refused: failed decoding: yaml: invalid map key: map[interface {}]interface {}{".Values.rules":interface {}(nil)}
    "#]],
    );
    check(
        "{apiVersion: audit.k8s.io/v1, kind: Policy}",
        expect![[r#"
        error json-syntax: failed decoding: couldn't get version/kind; json parse error: invalid character 'a' looking for beginning of object key string
           1 | {apiVersion: audit.k8s.io/v1, kind: Policy}
             |  ^
          help: a text that begins with `{` is read as JSON: for YAML put a line with `---` before it
          fix: Begin with ---: ---
        refused: failed decoding: couldn't get version/kind; json parse error: invalid character 'a' looking for beginning of object key string
    "#]],
    );
    check(
        "\u{e9}\u{1}",
        expect![[r#"
        error yaml-syntax: failed decoding: yaml: control characters are not allowed
           1 | é
             |  ^
          help: the file holds bytes that are no text: save it as UTF-8
        refused: failed decoding: yaml: control characters are not allowed
    "#]],
    );
}
