use base64::Engine as _;

use super::*;

const POLICY: &str = "\
# Who reads secrets
apiVersion: audit.k8s.io/v1
kind: Policy
rules:
  # metadata only
  - level: Metadata
    resources: [{group: \"\", resources: [secrets]}]
";

/// The policy, so far to the right.
fn indented(blanks: usize) -> String {
    POLICY.lines().map(|line| format!("{}{line}\n", " ".repeat(blanks))).collect()
}

fn only(text: &str) -> Wrapped {
    match open(text.as_bytes(), "file.yaml") {
        Opened::Wrapped(mut found) if found.len() == 1 => found.remove(0),
        other => panic!("{other:?}\n{text}"),
    }
}

fn told(text: &str) -> String {
    match open(text.as_bytes(), "file.yaml") {
        Opened::Unknown(finding) => format!("{}: {}", finding.message, finding.help.unwrap_or_default()),
        other => panic!("{other:?}\n{text}"),
    }
}

#[test]
fn policies_are_policies() {
    let json = "{\"kind\":\"Policy\",\"apiVersion\":\"audit.k8s.io/v1\",\"rules\":[]}";
    let second = format!("{POLICY}---\nkind: Namespace\n");
    for (text, name) in [
        (POLICY, "a.yaml"),
        (json, "a.json"),
        (&second, "a.yaml"),
        ("# mine\n---\nkind: Policy\napiVersion: audit.k8s.io/v1beta1\n  broken: [\n", "a.yaml"),
        ("apiVersion: audit.k8s.io/v1 # {{ x }}\nkind: \"Policy\"\nrules:\n{{- range .Values.rules }}\n", "a.yaml"),
        ("apiVersion: audit.k8s.io/v1\n   kind: Policy\n", "a.yaml"),
        ("rules:\n- level: None\n", "a.yaml"),
        ("omitStages: [", "audit-policy.yaml"),
        ("# nothing but this\n", "audit-policy.yaml"),
    ] {
        assert_eq!(open(text.as_bytes(), name), Opened::Policy(text.to_owned()), "{text}");
        if name != "audit-policy.yaml" {
            assert_eq!(wrapped(text), [], "{text}");
        }
    }
    let mark = [b"\xef\xbb\xbf", POLICY.as_bytes()].concat();
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(POLICY.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [mark, utf16] {
        assert_eq!(open(&bytes, ""), Opened::Policy(POLICY.to_owned()));
    }
}

#[test]
fn policies_in_strings_are_found_as_they_are() {
    let packed = base64::engine::general_purpose::STANDARD.encode(POLICY);
    for (text, found) in [
        (
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: audit, namespace: kube-system}}\ndata:\n  other: x\n  \
                 policy.yaml: |\n{}",
                indented(4)
            ),
            "in ConfigMap kube-system/audit, key policy.yaml",
        ),
        (
            format!("kind: Namespace\n---\nkind: ConfigMap\nmetadata:\n  name: audit\ndata:\n  p: |\n{}", indented(4)),
            "in document 2, ConfigMap audit, key p",
        ),
        (
            format!(
                "kind: List\napiVersion: v1\nitems:\n- kind: ConfigMap\n  metadata: {{name: a}}\n  data:\n    p: |\n{}",
                indented(6)
            ),
            "in ConfigMap a, key p",
        ),
        (
            format!(
                "kind: Cluster\nspec:\n  fileAssets:\n  - name: audit\n    path: /srv/a.yaml\n    content: |\n{}",
                indented(6)
            ),
            "in Cluster, spec.fileAssets.content",
        ),
        (format!("apiServer:\n  audit:\n    policy: |\n{}", indented(6)), "in apiServer.audit.policy"),
        (
            format!("#cloud-config\nwrite_files:\n- encoding: b64\n  content: {packed}\n"),
            "in write_files.content, base64",
        ),
        (format!("kind: Secret\nmetadata:\n  name: a\ndata:\n  policy: {packed}\n"), "in Secret a, key policy, base64"),
        (
            format!("outer: |\n  kind: ConfigMap\n  metadata:\n    name: a\n  data:\n    p: |\n{}", indented(6)),
            "in outer, ConfigMap a, key p",
        ),
    ] {
        assert_eq!(only(&text), Wrapped { policy: POLICY.to_owned(), found: found.to_owned() }, "{text}");
    }
    // In JSON.
    let text = format!(
        "{{\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"a\"}},\"data\":{{\"p\":{}}}}}",
        serde_json::json!(POLICY)
    );
    assert_eq!(only(&text), Wrapped { policy: POLICY.to_owned(), found: "in ConfigMap a, key p".to_owned() });
}

#[test]
fn policies_that_are_objects_keep_their_text() {
    let talos = format!(
        "version: v1alpha1\nmachine: {{}}\ncluster:\n  apiServer:\n    auditPolicy:\n{}    other: 1\n",
        indented(6)
    );
    assert_eq!(
        only(&talos),
        Wrapped { policy: POLICY.to_owned(), found: "in cluster.apiServer.auditPolicy".to_owned() }
    );
    let list = "kind: List\nitems:\n- kind: Policy # here\n  apiVersion: audit.k8s.io/v1\n  rules:\n  - level: None\n";
    let policy = "kind: Policy # here\napiVersion: audit.k8s.io/v1\nrules:\n- level: None\n";
    assert_eq!(only(list), Wrapped { policy: policy.to_owned(), found: "in List, items".to_owned() });
    let second = format!("kind: Namespace\n---\n{POLICY}");
    assert_eq!(only(&second).found, "in document 2");
    let flow = "a: {kind: Policy, apiVersion: audit.k8s.io/v1, rules: [{level: None}]}";
    assert_eq!(only(flow).policy, "--- {kind: Policy, apiVersion: audit.k8s.io/v1, rules: [{level: None}]}\n");
    let json = "{\"a\": {\n  \"kind\": \"Policy\", \"apiVersion\": \"audit.k8s.io/v1\"\n}}";
    assert_eq!(only(json).policy, "{\n  \"kind\": \"Policy\", \"apiVersion\": \"audit.k8s.io/v1\"\n}\n");
    // What an anchor elsewhere says is written out.
    let anchor = "stages: &s [RequestReceived]\np:\n  kind: Policy\n  apiVersion: audit.k8s.io/v1\n  omitStages: *s\n";
    assert_eq!(
        only(anchor).policy,
        "{\"apiVersion\":\"audit.k8s.io/v1\",\"kind\":\"Policy\",\"omitStages\":[\"RequestReceived\"]}\n"
    );
}

#[test]
fn policies_in_templates_and_scripts_are_found_by_their_lines() {
    let policy: String = POLICY.lines().skip(1).map(|line| format!("{line}\n")).collect();
    let template =
        format!("{{{{- if .Values.audit }}}}\nkind: ConfigMap\ndata:\n  p: |\n{}{{{{- end }}}}\n", indented(4));
    assert_eq!(only(&template), Wrapped { policy: policy.clone(), found: "from line 6".to_owned() });
    let script = format!("#!/bin/sh\ncat <<EOF > /etc/policy.yaml\n{POLICY}EOF\nsystemctl restart x: y: z\n");
    assert_eq!(only(&script), Wrapped { policy, found: "from line 4".to_owned() });
}

#[test]
fn several_are_told_in_order() {
    let text = format!("kind: ConfigMap\nmetadata: {{name: m}}\ndata:\n  z: |\n{}  a: |\n{}", indented(4), indented(4));
    let Opened::Wrapped(found) = open(text.as_bytes(), "") else { panic!() };
    let found: Vec<_> = found.iter().map(|wrapped| wrapped.found.as_str()).collect();
    assert_eq!(found, ["in ConfigMap m, key z", "in ConfigMap m, key a"]);
    let many: String =
        (0..40).map(|number| format!("k{number}: {{kind: Policy, apiVersion: audit.k8s.io/v1}}\n")).collect();
    assert_eq!(wrapped(&many).len(), 20);
}

#[test]
fn a_policy_that_is_elsewhere_is_told() {
    let pod = "kind: Pod\nspec:\n  containers:\n  - command: [kube-apiserver, --audit-policy-file=/etc/audit/policy.yaml]\n    \
               volumeMounts: [{mountPath: /etc/audit, name: audit}]\n  volumes:\n  - name: audit\n    hostPath: {path: /srv/k8s}\n";
    let kubeadm = "kind: ClusterConfiguration\napiServer:\n  extraArgs:\n  - name: audit-policy-file\n    value: /etc/a.yaml\n  \
                   extraVolumes:\n  - {name: audit, hostPath: /root/a.yaml, mountPath: /etc/a.yaml}\n";
    for (text, path, help) in [
        (pod, "/etc/audit/policy.yaml", "open that file: on the node it is `/srv/k8s/policy.yaml`"),
        (kubeadm, "/etc/a.yaml", "open that file: on the node it is `/root/a.yaml`"),
        ("apiServer:\n  extraArgs:\n    audit-policy-file: /etc/a.yaml\n", "/etc/a.yaml", "open that file"),
        ("kind: Cluster\nspec:\n  kubeAPIServer:\n    auditPolicyFile: /srv/a.yaml\n", "/srv/a.yaml", "open that file"),
        ("kube-apiserver-arg:\n- audit-policy-file=/etc/a.yaml\n", "/etc/a.yaml", "open that file"),
        ("args: [a, --audit-policy-file, /etc/a.yaml]\n", "/etc/a.yaml", "open that file"),
        (
            "[Service]\nExecStart=kube-apiserver \\\n  --audit-policy-file=/etc/a.yaml \\\n",
            "/etc/a.yaml",
            "open that file",
        ),
    ] {
        let message = format!(
            "the policy is not in this file: kube-apiserver reads it from `{path}`, which this file names: {help}"
        );
        assert_eq!(told(text), message);
    }
    let gardener = "kind: Shoot\nspec:\n  a:\n    auditPolicy:\n      configMapRef:\n        name: audit\n";
    assert!(told(gardener).contains("in the ConfigMap `audit`"));
}

#[test]
fn scenarios_requests_and_logs_are_told_apart() {
    let scenario = "version: 1\nrequest: kubectl get pods\n";
    let parsed = Scenario::parse(scenario.as_bytes()).unwrap();
    let fragment = link::write(&parsed).unwrap();
    for text in [scenario.to_owned(), parsed.to_json(), format!("https://example.com/#{fragment}\n"), fragment] {
        assert_eq!(open(text.as_bytes(), "a"), Opened::Scenario(Box::new(parsed.clone())), "{text}");
    }
    let event = "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\",\"stage\":\"ResponseComplete\",\
                 \"requestURI\":\"/api/v1/pods\",\"verb\":\"list\",\"auditID\":\"a\",\"user\":{\"username\":\"a\"}}";
    // A log in which somebody makes a policy's ConfigMap is a log.
    let holds = event.replace(
        "\"auditID\"",
        &format!(
            "\"requestObject\":{{\"kind\":\"ConfigMap\",\"data\":{{\"p\":{}}}}},\"auditID\"",
            serde_json::json!(POLICY)
        ),
    );
    for text in ["kubectl get pods", "GET /api/v1/pods", event, &holds, &format!("{event}\n{event}\n")] {
        assert_eq!(open(text.as_bytes(), "a"), Opened::Request { text: text.to_owned(), cut: false }, "{text}");
    }
    let log = format!("{event}\n").repeat(4000);
    let Opened::Request { text, cut: true } = open(log.as_bytes(), "audit.log") else { panic!() };
    assert!(text.len() <= MOST_LOG && log.starts_with(&text) && text.ends_with('}'));
}

#[test]
fn what_cannot_be_opened_is_told() {
    for (text, message) in [
        ("", "the file is empty"),
        ("apiVersion: audit.k8s.io/v1\nkind: Event\n", "this is of kind Event, and no audit policy is in it"),
        ("kind: Deployment\n", "this is of kind Deployment, and no audit policy is in it"),
        ("a: 1\n", "no audit policy and no request is in this file"),
        ("{\"a\": 1}", "no audit policy and no request is in this file"),
        ("a: [", "this is no policy and no request, and it cannot be read as YAML"),
        ("version: 1\nrequest: [", "yaml: line 2: did not find expected node content"),
        ("version: 2\nrequest: a\n", "this version of scenarios is not known"),
        ("#v9/abc", "this link is of a version that is not known here"),
    ] {
        assert!(told(text).starts_with(message), "{text}: {}", told(text));
    }
    for bytes in [&b"\x1f\x8b\x08"[..], b"PK\x03\x04", b"a\0b", b"\xff\xfe\x00\xd8", b"\xc3\x28"] {
        assert!(matches!(open(bytes, "policy"), Opened::Unknown(_)), "{bytes:?}");
    }
}

#[test]
fn what_is_made_to_hurt_is_answered() {
    let deep = "a: ".to_owned() + &"{a: ".repeat(9000) + "audit.k8s.io" + &"}".repeat(9000);
    let mut nested = POLICY.to_owned();
    for _ in 0..8 {
        nested = format!("a: {}\n", serde_json::json!(nested));
    }
    let markers = "---\naudit.k8s.io\n".repeat(20_000);
    let lines = "  kind: Policy\n".repeat(20_000) + "\t: [audit.k8s.io\n";
    let wide: String =
        "a: ".to_owned() + &"{a: ".repeat(5000) + "[" + &"audit.k8s.io,".repeat(20_000) + "]" + &"}".repeat(5000);
    for text in [deep, nested, markers, lines, wide] {
        assert_eq!(wrapped(&text), []);
        assert!(!matches!(open(text.as_bytes(), "a"), Opened::Wrapped(_)));
    }
}
