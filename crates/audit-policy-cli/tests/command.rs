//! Runs the built command as a person does. What it prints is held in `snapshots/`; `UPDATE_EXPECT=1` writes them anew.

#![expect(clippy::unwrap_used, reason = "where the command cannot be run there is nothing to test")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use expect_test::expect_file;

/// Runs the command in `tests/inputs` with this standard input.
fn run(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    // A command that does not read its standard input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_audit-policy"));
    command
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs"))
        .env_remove("CLICOLOR_FORCE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn code(arguments: &[&str], stdin: &[u8]) -> i32 {
    run(arguments, stdin).status.code().unwrap()
}

fn stdout(arguments: &[&str]) -> String {
    String::from_utf8(run(arguments, b"").stdout).unwrap()
}

fn stderr(arguments: &[&str]) -> String {
    String::from_utf8(run(arguments, b"").stderr).unwrap()
}

/// The whole of what a person sees, as a snapshot holds it.
fn shown(arguments: &[&str], stdin: &[u8]) -> String {
    let output = run(arguments, stdin);
    let quoted = arguments.iter().map(|word| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() });
    let mut text = format!("$ audit-policy {}\n", quoted.collect::<Vec<_>>().join(" "));
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        if !bytes.is_empty() {
            write!(text, "--- {name}\n{}", String::from_utf8_lossy(bytes)).unwrap();
        }
    }
    writeln!(text, "--- exit {}", output.status.code().unwrap()).unwrap();
    text
}

macro_rules! snapshots {
    ($($name:ident: $arguments:expr $(, $stdin:expr)?;)+) => {$(
        #[test]
        fn $name() {
            let stdin: &[u8] = [$($stdin as &[u8],)? b""][0];
            let file = concat!("snapshots/", stringify!($name), ".txt");
            expect_file![file].assert_eq(&shown(&$arguments, stdin));
        }
    )+};
}

const HTTP: &[u8] =
    b"GET /api/v1/namespaces/prod/secrets/db HTTP/1.1\r\nHost: kubernetes\r\nUser-Agent: curl/8.5.0\r\n\r\n";

/// A link as it was shared once.
const LINK: &str = "https://example.com/play/#v1/XZJNT8MwDIb_ihVuqNs0cQD1zg3Q1Ak4rByyxjTRMickbqeB-O-47TRgySHyR_y8jvOlekzZBVLlslC7bouJkDGrUi3nN7eqUDF41xzF1tG9TLkl6M44nu_u8tyFRb-saefIlLAac2sKe8dr1i3mEjYVfnSYucIGXY_mrabUeYnUBHAFqxS2mEEnBAou4-CdgccefQlPgUYHSIwqzKFLDT5XD0PZWi0sas_287pWBYjppfzZSKjNcbCEN5HW2CRkQZGBJtC7a2Gvo5Q62DA6DxapENIQZST-J-URWRvNepKTTlqmLoY1gzaFLpbCln1y_k2ETZ4EFCf6AD-Le7WaIWKIHqGxmlos4ODYiigJsMUj5EtJp4edYDLG7QARhGa53EUznlFzYwsw6GWsZ9y9pB_ZOmoB_cWj_3Yq008TQ8Y__I2GPbTIMHUCZgszgpiCUd8_";

const REVIEW: &[u8] = b"apiVersion: authorization.k8s.io/v1
kind: SubjectAccessReview
spec:
  user: alice
  groups: [dev, system:authenticated]
  resourceAttributes: {namespace: prod, verb: get, resource: secrets, name: db}
";

snapshots! {
    help: ["--help"];
    check_help: ["check", "--help"];
    explain_help: ["explain", "--help"];
    record_help: ["record", "--help"];
    flags_help: ["flags", "--help"];
    flags_manifest: ["flags", "kube-apiserver.yaml"];
    flags_printed: ["flags", "kube-apiserver.yaml", "--print", "kubeadm"];
    flags_webhook: ["flags", "kube-apiserver --audit-policy-file=/etc/audit/policy.yaml --audit-webhook-config-file=/etc/audit/webhook.yaml", "--webhook-config", "webhook.yaml", "--print", "static-pod"];
    flags_webhook_here: ["flags", "kube-apiserver --audit-policy-file=/etc/audit/policy.yaml --audit-webhook-config-file=webhook.yaml", "--webhook-config", "webhook.yaml"];
    flags_webhook_not_mounted: ["flags", "webhook-pod.yaml", "--webhook-config", "webhook.yaml"];
    flags_unknown: ["flags", "kube-apiserver --audit-webhook-config=/etc/audit.yaml"];
    flags_of_1_4: ["flags", "--kubernetes", "1.4"];
    flags_none: ["flags", "kubectl get pods"];
    record_basic: ["record", "--basic", "old.yaml", "kubectl get secret db -n prod", "--kubernetes", "1.7"];
    record_basic_of_no_release: ["record", "--basic", "good.yaml", "kubectl get secret db -n prod"];
    record_sink: ["record", "sink.yaml", "kubectl get secret db -n prod", "--kubernetes", "1.18"];
    record_beside_sinks: ["record", "good.yaml", "kubectl get secret db -n prod", "--sinks=sink.yaml", "--kubernetes", "1.18"];
    record_beside_sinks_json: ["record", "good.yaml", "kubectl get secret db -n prod", "--sinks=sink.yaml", "--kubernetes", "1.18", "--format", "json"];
    record_beside_sinks_of_no_release: ["record", "good.yaml", "kubectl get secret db -n prod", "--sinks=sink.yaml"];
    record_beside_no_sinks: ["record", "good.yaml", "kubectl get secret db -n prod", "--sinks"];
    record_sink_of_no_release: ["record", "sink.yaml", "kubectl get secret db -n prod"];

    check_good: ["check", "good.yaml"];
    check_good_json: ["check", "--format", "json", "good.yaml"];
    check_two_documents: ["check", "two-documents.yaml"];
    check_two_documents_json: ["check", "--format", "json", "two-documents.yaml"];
    check_unknown_field: ["check", "unknown-field.yaml"];
    check_unknown_field_json: ["check", "--format", "json", "unknown-field.yaml"];
    check_unknown_field_before_strict_decoding: ["check", "--kubernetes", "1.25", "unknown-field.yaml"];
    check_invalid: ["check", "invalid.yaml"];
    check_invalid_release_before_records: ["check", "--kubernetes", "1.12", "invalid.yaml"];
    check_not_yaml: ["check", "-"], b"rules: [\n";

    explain_kubectl: ["explain", "good.yaml", "kubectl get secret db -n prod"];
    explain_kubectl_verbose: ["explain", "-v", "good.yaml", "kubectl get secret db -n prod"];
    explain_near_miss_verbose: ["explain", "-v", "good.yaml", "kubectl get pods -n prod"];
    explain_kubectl_of_another_user: ["explain", "good.yaml", "kubectl get pods -n prod", "--user", "alice", "--group", "dev"];
    explain_kubectl_of_several_requests: ["explain", "good.yaml", "kubectl logs web -n prod"];
    explain_kubectl_picked: ["explain", "--pick", "1", "good.yaml", "kubectl logs web -n prod"];
    explain_http_from_stdin: ["explain", "good.yaml", "-"], HTTP;
    explain_http_json: ["explain", "--format", "json", "good.yaml", "-"], HTTP;
    explain_nobody: ["explain", "--nobody", "good.yaml", "-"], HTTP;
    explain_curl: ["explain", "good.yaml", "curl -k https://10.0.0.1:6443/api/v1/namespaces/prod/secrets/db -H \"Authorization: Bearer $TOKEN\""];
    explain_curl_of_unknown_option: ["explain", "good.yaml", "curl --heder a https://10.0.0.1:6443/api"];
    explain_form: ["explain", "good.yaml", "-"], b"verb: get\nresource: secrets\nnamespace: prod\nname: db\n";
    explain_access_review: ["explain", "good.yaml", "-"], REVIEW;
    explain_review_of_any_verb: ["explain", "good.yaml", "-"], b"kind: SubjectAccessReview\napiVersion: authorization.k8s.io/v1\nspec:\n  user: alice\n  groups: [system:authenticated]\n  resourceAttributes: {verb: '*', resource: pods}\n";
    explain_scenario: ["explain", "scenario.yaml"];
    explain_scenario_overruled: ["explain", "--kubernetes", "1.30", "good.yaml", "scenario.yaml"];
    explain_link: ["explain", LINK];
    explain_broken_link: ["explain", "https://example.com/#v2/abc"];
    explain_refused_policy: ["explain", "invalid.yaml", "kubectl get pods"];
    explain_refused_policy_json: ["explain", "--format", "json", "invalid.yaml", "kubectl get pods"];
    explain_folder: ["explain", "good.yaml", "kubectl create -f manifests"];
    explain_manifest_that_is_not_there: ["explain", "good.yaml", "kubectl create -f no-such-file.yaml"];
    explain_nothing_sent: ["explain", "good.yaml", "kubectl version --client"];
    explain_no_such_file: ["explain", "good.yaml", "no-such-file.http"];
    explain_no_request: ["explain", "good.yaml", "what is this"];
    explain_no_request_json: ["explain", "--format", "json", "good.yaml", "what is this"];

    record_kubectl: ["record", "good.yaml", "kubectl get secret db -n prod"];
    record_legacy: ["record", "--legacy", "good.yaml", "kubectl get secret db -n prod"];
    record_quiet: ["record", "-q", "good.yaml", "kubectl get secret db -n prod"];
    record_json: ["record", "--format", "json", "good.yaml", "kubectl get secret db -n prod"];
    record_all: ["record", "--all", "good.yaml", "kubectl logs web -n prod"];
    record_nothing: ["record", "good.yaml", "kubectl get --raw /healthz"];
    record_curl_file: ["record", "request-level.yaml", "curl --json @configmap.json http://localhost:8001/api/v1/namespaces/prod/configmaps"];
    record_scenario: ["record", "scenario.yaml"];
    record_not_found: ["record", "good.yaml", "kubectl get secret db -n prod", "--code", "404"];
    record_manifest: ["record", "good.yaml", "kubectl create -f configmap.yaml"];
    record_manifest_from_stdin: ["record", "good.yaml", "kubectl create -f -"], include_bytes!("inputs/configmap.yaml");

    record_v1alpha1: ["record", "-q", "--kubernetes", "1.7", "old.yaml", "kubectl get deployment web -n prod"];
    record_v1beta1: ["record", "-q", "good.yaml", "kubectl get deployment web -n prod", "--kubernetes", "1.23", "--audit-log-version", "v1beta1"];
    record_version_of_another_release: ["record", "good.yaml", "kubectl get secret db -n prod", "--audit-log-version", "v1beta1"];
    record_post: ["record", "good.yaml", "kubectl get secret db -n prod", "--post", "https://audit.example.com/hook"];
    record_post_json: ["record", "-q", "--format", "json", "good.yaml", "kubectl get secret db -n prod", "--post", "http://127.0.0.1:8080"];

    simulate_help: ["simulate", "--help"];
    simulate_defaults: ["simulate"];
    simulate_overload: ["simulate", "--rate", "3000", "--burst-rate", "9000", "--audit-webhook-config-file", "webhook.kubeconfig"];
    simulate_preset: ["simulate", "--preset", "safe", "--rate", "1000", "--receiver-down", "10s..2m", "--receiver-latency", "20ms"];
    simulate_blocking: ["simulate", "good.yaml", "--load", "kubectl get secret db -n prod", "--audit-webhook-mode", "blocking", "--receiver-failing", "10s..20s"];
    simulate_strict: ["simulate", "--audit-log-mode=blocking-strict", "--disk-down", "5s..10s"];
    simulate_strict_without_first_events: ["simulate", "good.yaml", "--audit-log-mode=blocking-strict", "--disk-down", "5s..10s"];
    simulate_truncation: ["simulate", "--level", "RequestResponse", "--audit-log-truncate-enabled", "--audit-log-truncate-max-event-size", "10000", "--audit-log-maxsize", "1", "--audit-log-maxbackup", "2"];
    simulate_log: ["simulate", "--load", "audit.log", "--audit-webhook-batch-max-wait", "2s"];
    simulate_log_json: ["simulate", "--format", "json", "--load", "audit.log", "--audit-log-path", "-"];
    simulate_scenarios: ["simulate", "--load", "scenarios.yaml", "--audit-log-path", "-"];
    simulate_sinks: ["simulate", "--kubernetes", "1.18", "--sinks", "sink.yaml", "--level", "None", "--rate", "10", "--duration", "10s"];
    simulate_sink_for_policy: ["simulate", "--kubernetes", "1.18", "sink.yaml", "--rate", "10", "--duration", "10s"];
    simulate_sinks_without_the_flag: ["simulate", "--kubernetes", "1.18", "--sinks", "sink.yaml", "--flags", "--audit-policy-file=/p --audit-log-path=/l", "--duration", "1s"];
    simulate_no_sinks: ["simulate", "--kubernetes", "1.18", "--sinks", "good.yaml"];
    simulate_flag_of_newer_release: ["simulate", "--kubernetes", "1.8", "--audit-log-mode", "batch"];
    simulate_scenario: ["simulate", "--load", "scenario.yaml", "--duration", "10s"];
    simulate_flags: ["simulate", "good.yaml", "--flags", "kube-apiserver.yaml", "--rate", "10", "--audit-log-maxsize", "1"];
    simulate_flags_refused: ["simulate", "--flags", "--audit-policy-file=/p --audit-log-path=/var/log/a.log --audit-log-mode=bulk"];
    simulate_flags_unknown: ["simulate", "--flags", "--audit-webhook-config=/k"];
    simulate_flags_none: ["simulate", "--flags", "kubectl get pods"];
    simulate_sending: ["simulate", "--load", "sending.yaml"];
    simulate_sending_overruled: ["simulate", "--load", "sending.yaml", "--rate", "1", "--audit-webhook-mode", "batch"];
    simulate_nothing_recorded: ["simulate", "--level", "None"];
    simulate_refused: ["simulate", "--audit-webhook-batch-buffer-size", "0", "--audit-log-truncate-max-event-size=-1"];
    simulate_without_policies: ["simulate", "--kubernetes", "1.6"];
    simulate_bad_mode: ["simulate", "--audit-log-mode", "bulk"];
    simulate_bad_span: ["simulate", "--receiver-down", "1m..10s"];
    simulate_no_load: ["simulate", "--load", "what is this"];
    simulate_broken_log: ["simulate", "--load", "-"], b"{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a\",\"stage\":\"Panic\",\"verb\":\"get\"}\n{\"kind\":\"Event\"}\n";

    no_such_file: ["check", "no-such-file.yaml"];
    a_directory: ["check", "."];
    two_standard_inputs: ["explain", "-", "-"];
    no_policy: ["explain", "kubectl get pods"];
    no_such_release: ["check", "--kubernetes", "1.99", "good.yaml"];
    no_such_pick: ["explain", "--pick", "7", "good.yaml", "kubectl get pods"];
}

#[test]
fn exit_codes_are_as_documented() {
    let cases: &[(&[&str], i32)] = &[
        (&["check", "good.yaml"], 0),
        (&["check", "unknown-field.yaml"], 0),
        (&["check", "invalid.yaml"], 1),
        (&["check", "two-documents.yaml"], 1),
        (&["explain", "invalid.yaml", "kubectl get pods"], 1),
        (&["record", "invalid.yaml", "kubectl get pods"], 1),
        (&["--help"], 0),
        (&["--version"], 0),
        (&[], 2),
        (&["chek"], 2),
        (&["check"], 2),
        (&["check", "--kubernetes", "2.0", "good.yaml"], 2),
        (&["check", "no-such-file.yaml"], 2),
        (&["explain", "good.yaml", "what is this"], 2),
        (&["explain", "--group", "dev", "good.yaml", "kubectl get pods"], 2),
        (&["record", "--legacy", "--format", "json", "good.yaml", "kubectl get pods"], 2),
        (&["simulate", "--rate", "9000", "--duration", "10s"], 0),
        (&["simulate", "invalid.yaml"], 1),
        (&["simulate", "--audit-webhook-batch-max-size", "0"], 1),
        (&["simulate", "--rate", "1e9"], 1),
        (&["simulate", "--rate", "fast"], 2),
        (&["completions", "bash"], 0),
        (&["completions", "tcsh"], 2),
    ];
    for (arguments, expected) in cases {
        assert_eq!(code(arguments, b""), *expected, "{arguments:?}");
    }
}

#[test]
fn colours_are_for_terminals_only() {
    const ESCAPE: char = '\u{1b}';
    assert!(!stdout(&["check", "invalid.yaml"]).contains(ESCAPE));
    assert!(stdout(&["check", "--color", "always", "invalid.yaml"]).contains(ESCAPE));
    let forced = command(&["check", "invalid.yaml"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(forced.stdout.contains(&0x1b));
    let refused = command(&["check", "invalid.yaml"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert!(!refused.stdout.contains(&0x1b));
    assert!(!stderr(&["explain", "invalid.yaml", "kubectl get pods"]).contains(ESCAPE));
}

#[test]
fn events_on_standard_output_are_lines_of_json() {
    let lines = stdout(&["record", "good.yaml", "kubectl get secret db -n prod"]);
    assert!(!lines.is_empty());
    for line in lines.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["kind"], "Event");
    }
}

#[test]
fn an_event_that_is_not_utf_8_is_written_as_it_is() {
    let request = b"PATCH /api/v1/namespaces/prod/configmaps/web HTTP/1.1\r\nHost: kubernetes\r\n\
        Content-Type: application/merge-patch+json\r\nContent-Length: 22\r\n\r\n{\"data\":{\"a\":\"b\xffc\"}}\r\n";
    let output = run(&["record", "request-level.yaml", "-"], request);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.windows(3).any(|bytes| bytes == b"b\xffc"), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn what_is_not_utf_8_gets_an_answer() {
    assert_eq!(code(&["check", "-"], b"\xff\xfe\xfd rules"), 1);
    assert_eq!(code(&["explain", "good.yaml", "-"], b"\xff\xfd"), 2);
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let policy = b"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: \"\\e[31mred\"}]\n";
    let output = run(&["check", "-"], policy);
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child = command(&["completions", "bash"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_large_file_is_read() {
    let mut policy = b"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n".to_vec();
    for number in 0..20_000 {
        policy.extend_from_slice(format!("- level: Metadata\n  users: [user-{number}]\n").as_bytes());
    }
    let output = run(&["check", "-"], &policy);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "accepted by Kubernetes 1.37: 20000 rules\n");
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(stdout(&["completions", shell]).contains("explain"), "{shell}");
    }
}
