//! Texts in, findings and texts out.

use super::*;
use crate::Severity;

fn unknown(_: &str) -> FileState {
    FileState::Unknown
}

fn checked(text: &str, minor: u8) -> Checked {
    check(text, Release::new(minor).unwrap(), &unknown).expect("flags are in it")
}

/// Each finding as `code: the text it is about`.
fn codes(text: &str, minor: u8) -> Vec<String> {
    let found = checked(text, minor).findings;
    found
        .iter()
        .map(|finding| {
            format!("{}: {}", finding.code, finding.span.map_or("", |span| text.get(span.start..span.end).unwrap()))
        })
        .collect()
}

const POLICY: &str = "--audit-policy-file=/p.yaml";

#[test]
fn every_shape_is_read_as_it_is_written() {
    let text =
        format!("{POLICY} --audit-log-path=/var/log/audit/audit.log --audit-log-maxage=7 --audit-log-maxbackup=2");
    for minor in [12, 14, 18, 25, 37] {
        let release = Release::new(minor).unwrap();
        let first = checked(&text, minor);
        for shape in Shape::ALL {
            let written = write(&first, shape);
            let second = check(&written, release, &unknown).unwrap_or_else(|| panic!("{written}"));
            assert_eq!(second.shape, shape, "{written}");
            assert_eq!(second.settings, first.settings, "{written}");
            assert_eq!(second.findings, [], "{written}");
            for given in &second.given {
                let span = given.value_span.unwrap();
                assert_eq!(written.get(span.start..span.end).unwrap().trim_matches('"'), given.value, "{written}");
            }
        }
    }
}

#[test]
fn mounts_on_other_paths_are_kept() {
    let text = "apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\napiServer:\n  extraArgs: {audit-policy-file: /etc/audit/p.yaml}\n  extraVolumes: [{name: a, hostPath: /srv/audit, mountPath: /etc/audit, readOnly: true}]\n";
    let read = checked(text, 37);
    let written = write(&read, Shape::StaticPod);
    assert!(
        written.contains("mountPath: /etc/audit/p.yaml") && written.contains("path: /srv/audit/p.yaml"),
        "{written}"
    );
}

#[test]
fn flags_that_are_not_are_refused_and_named() {
    let read = checked("kube-apiserver --v=2 --audit-webhook-config=/k", 37);
    assert_eq!(read.usage_error.as_deref(), Some("unknown flag: --audit-webhook-config"));
    assert_eq!(read.findings[0].help.as_deref(), Some("it is --audit-webhook-config-file"));
    assert_eq!(read.findings[0].fix.as_ref().unwrap().edits[0].text, "--audit-webhook-config-file");
    assert_eq!(codes("--audit-dynamic-configuration", 19), ["unknown-flag: --audit-dynamic-configuration"]);
    assert!(checked("--audit-dynamic-configuration", 19).findings[0].help.as_ref().unwrap().contains("1.13 to 1.18"));
    let help = checked("--audit-webhook-initial-backoff=1s", 9).findings[0].help.clone();
    assert!(help.unwrap().ends_with("Here it is --audit-webhook-batch-initial-backoff"));
    assert_eq!(
        codes("--audit-webhook-batch-initial-backoff 1s --audit-webhook-config-file=/k --audit-policy-file /p", 37),
        ["deprecated-flag: --audit-webhook-batch-initial-backoff"]
    );
    assert_eq!(
        checked("--audit-log-path", 37).usage_error.as_deref(),
        Some("flag needs an argument: --audit-log-path")
    );
    assert_eq!(checked("--a=b --=x", 37).usage_error.as_deref(), Some("bad flag syntax: --=x"));
    assert!(checked("--audit_log_path=/a --some-flag --audit-policy-file=/p", 37).accepted);
}

#[test]
fn mistakes_are_found() {
    assert_eq!(codes(POLICY, 37), ["no-backend: /p.yaml"]);
    assert_eq!(codes("--audit-log-path=/a/b", 37), ["no-policy: /a/b"]);
    assert_eq!(
        codes(&format!("{POLICY} --audit-log-path=- --audit-log-maxsize=5"), 37),
        ["standard-output: -", "no-effect: --audit-log-maxsize"]
    );
    assert_eq!(
        codes(&format!("{POLICY} --audit-log-path=/a/b --audit-log-mode=bloking"), 37),
        ["unknown-mode: bloking"]
    );
    assert_eq!(
        codes(&format!("{POLICY} --audit-log-path=/a/b --audit-log-batch-max-size 4"), 37),
        ["no-effect: --audit-log-batch-max-size"]
    );
    assert_eq!(codes(&format!("{POLICY} --audit-log-path=/a/b"), 35), ["no-retention: /a/b"]);
    assert_eq!(codes(&format!("{POLICY} --audit-log-path=/a/b --audit-log-compress false"), 37), ["stray-word: false"]);
    assert_eq!(
        codes(&format!("{POLICY} --audit-log-path=a --audit-log-path=/a/b"), 37),
        ["repeated-flag: --audit-log-path"]
    );
    assert_eq!(codes("--audit-log-path=/a --feature-gates=DynamicAuditing=true --audit-dynamic-configuration --audit-log-maxage=2", 14).len(), 2);
    assert_eq!(codes("--audit-log-path=/a/b", 5), ["no-retention: /a/b"], "1.5 needs no policy");
}

#[test]
fn what_a_container_does_not_see_is_told() {
    let pod = |mounts: &str| {
        format!(
            "kind: Pod\nspec:\n  containers:\n  - name: kube-apiserver\n    command: [kube-apiserver, --audit-policy-file=/e/p, --audit-log-path=/l/a]\n    volumeMounts: [{mounts}]\n  volumes: []\n"
        )
    };
    assert_eq!(codes(&pod(""), 37), ["not-mounted: /e/p", "not-mounted: /l/a"]);
    assert_eq!(
        codes(&pod("{name: e, mountPath: /e}, {name: l, mountPath: /l/, readOnly: true}"), 37),
        ["read-only-log: /l/a"]
    );
    assert_eq!(codes(&pod("{name: e, mountPath: /e/p}, {name: l, mountPath: /l/a}"), 37), ["log-file-mounted: /l/a"]);
    let kubeadm = "kind: ClusterConfiguration\napiServer:\n  extraArgs:\n    audit-policy-file: /etc/kubernetes/pki/p\n    audit-log-path: /l/a\n    audit-log-maxage: 3\n";
    assert_eq!(codes(kubeadm, 37), ["not-a-string: 3", "not-mounted: /l/a"]);
    let text = format!("kind: InitConfiguration\n---\n{kubeadm}");
    assert_eq!(codes(&text, 37), ["not-a-string: 3", "not-mounted: /l/a"], "places are those of the whole text");
}

#[test]
fn units_and_environment_files_are_read() {
    let unit = "[Unit]\nDescription=x\n[Service]\nExecStart=/usr/bin/kube-apiserver \\\n  --audit-policy-file=/p \\\n  --audit-log-path=/l/a%%b\nRestart=always\n";
    let read = checked(unit, 37);
    assert_eq!((read.shape, read.settings.log.path.as_str()), (Shape::Systemd, "/l/a%b"));
    let file = "KUBE_APISERVER_OPTS=\"--audit-policy-file=/p \\\n --audit-log-path=/l/a\"\n";
    assert_eq!(checked(file, 37).settings.log.path, "/l/a");
    assert!(check("kubectl get pods", Release::NEWEST, &unknown).is_none());
    assert!(check("", Release::NEWEST, &unknown).is_none());
}

#[test]
fn any_text_gets_an_answer() {
    for text in [
        "--",
        "--=",
        "-",
        "'",
        "ExecStart=",
        "ExecStart=x\\",
        "kind: Pod\nspec: {containers: []}",
        "kind: Pod\nspec: 3",
        "kube-apiserver-arg: 3",
        "kind: Cluster\napiVersion: kind.x/v1\nnodes: [{kubeadmConfigPatches: [3, '{', 'apiServer: 3']}]",
        "--audit-log-path=\u{0}é",
    ] {
        for minor in [4, 8, 18, 37] {
            if let Some(checked) = check(text, Release::new(minor).unwrap(), &unknown) {
                for span in checked.findings.iter().filter_map(|finding| finding.span) {
                    assert!(text.get(span.start..span.end).is_some(), "{text}");
                }
            }
        }
    }
    let good = checked("--audit-log-path=/a --audit-policy-file=/p --audit-log-maxage=1", 37);
    assert!(
        good.accepted && good.findings.iter().all(|finding| finding.severity == Severity::Note),
        "{:?}",
        good.findings
    );
}

#[test]
fn a_rewritten_text_keeps_what_is_not_asked_for() {
    use crate::deliver::{Mode, Options};
    let change = |text: &str, minor: u8, change: &dyn Fn(&mut Options)| {
        let release = Release::new(minor).unwrap();
        let mut options = checked(text, minor).settings.options(release);
        assert_eq!(rewrite(text, &options, release), text, "nothing is asked for");
        change(&mut options);
        let written = rewrite(text, &options, release);
        assert_eq!(checked(&written, minor).settings.options(release), options, "{written}");
        written
    };
    let batch = |options: &mut Options| {
        let log = options.log.as_mut().unwrap();
        log.mode = Mode::Batch;
        log.batch.buffer_size = 7;
    };
    assert_eq!(
        change("kube-apiserver --v=2 --audit-log-path /a --audit-log-mode 'blocking' --etcd-servers=x", 37, &batch),
        "kube-apiserver --v=2 --audit-log-path /a --audit-log-mode 'batch' --etcd-servers=x --audit-log-batch-buffer-size=7"
    );
    assert_eq!(
        change("kube-apiserver \\\n  --audit-log-path=/a \\\n  --v=2\n", 37, &batch),
        "kube-apiserver \\\n  --audit-log-path=/a \\\n  --v=2 \\\n  --audit-log-mode=batch \\\n  --audit-log-batch-buffer-size=7\n"
    );
    assert_eq!(
        change("[Service]\n# mine\nExecStart=/bin/kube-apiserver --audit-log-path=/a%%b\nRestart=always\n", 37, &batch),
        "[Service]\n# mine\nExecStart=/bin/kube-apiserver --audit-log-path=/a%%b --audit-log-mode=batch --audit-log-batch-buffer-size=7\nRestart=always\n"
    );
    assert_eq!(
        change(
            "kind: Pod # mine\nspec:\n  containers:\n  - name: kube-apiserver\n    command:\n    - kube-apiserver\n    # where\n    - --audit-log-path=/a\n    - \"--audit-log-mode=blocking\"\n    - --v=2 # more\n    image: x\n",
            37,
            &batch
        ),
        "kind: Pod # mine\nspec:\n  containers:\n  - name: kube-apiserver\n    command:\n    - kube-apiserver\n    # where\n    - --audit-log-path=/a\n    - \"--audit-log-mode=batch\"\n    - --v=2 # more\n    - --audit-log-batch-buffer-size=7\n    image: x\n"
    );
    assert_eq!(
        change(
            "kind: ClusterConfiguration\napiServer:\n  extraArgs:\n    v: \"2\"\n    audit-log-path: /a # here\n    audit-log-mode: blocking\n  timeout: 4m\n",
            30,
            &batch
        ),
        "kind: ClusterConfiguration\napiServer:\n  extraArgs:\n    v: \"2\"\n    audit-log-path: /a # here\n    audit-log-mode: \"batch\"\n    audit-log-batch-buffer-size: \"7\"\n  timeout: 4m\n"
    );
    assert_eq!(
        change(
            "kind: ClusterConfiguration\napiServer:\n  extraArgs:\n  - name: audit-log-path\n    value: /a # here\n",
            37,
            &batch
        ),
        "kind: ClusterConfiguration\napiServer:\n  extraArgs:\n  - name: audit-log-path\n    value: /a # here\n  - name: audit-log-mode\n    value: \"batch\"\n  - name: audit-log-batch-buffer-size\n    value: \"7\"\n"
    );
    assert_eq!(
        change("# mine\nkube-apiserver-arg:\n- audit-log-path=/a\n- v=2\nnode-name: x\n", 37, &batch),
        "# mine\nkube-apiserver-arg:\n- audit-log-path=/a\n- v=2\n- audit-log-mode=batch\n- audit-log-batch-buffer-size=7\nnode-name: x\n"
    );
    assert_eq!(
        change(
            "OPTS=\"--audit-log-path=/a --audit-log-mode=blocking --v=2 --audit-log-batch-buffer-size=9\"\n",
            37,
            &batch
        ),
        "OPTS=\"--audit-log-path=/a --audit-log-mode=batch --v=2 --audit-log-batch-buffer-size=7\"\n"
    );
    let off = |options: &mut Options| options.log.as_mut().unwrap().truncate.enabled = false;
    assert_eq!(
        change("--audit-log-path=/a --audit-log-truncate-enabled --v=2", 37, &off),
        "--audit-log-path=/a --audit-log-truncate-enabled=false --v=2"
    );
    assert_eq!(change("--audit-log-path=/a", 37, &|options| options.log = None), "--audit-log-path=");
    let text = rewrite("", &checked("--audit-log-path=/a", 37).settings.options(Release::NEWEST), Release::NEWEST);
    assert_eq!(text, "kube-apiserver \\\n  --audit-log-path=/a\n");
}

/// The webhook's kubeconfig, and with it four files.
const KUBECONFIG: &str = "current-context: c\ncontexts: [{name: c, context: {cluster: a, user: u}}]\nclusters: [{name: a, cluster: {server: \"https://a\", certificate-authority: ca.pem}}]\nusers: [{name: u, user: {client-certificate: /etc/kubernetes/pki/c.pem, client-key: /etc/kubernetes/pki/c.pem, tokenFile: tok}}]\n";

fn with_kubeconfig(text: &str) -> Checked {
    let files = |path: &str| match path {
        "/e/w.yaml" => FileState::Content(KUBECONFIG.as_bytes().to_vec()),
        _ => FileState::Unknown,
    };
    check(text, Release::NEWEST, &files).unwrap()
}

#[test]
fn files_of_the_webhooks_kubeconfig_are_mounted() {
    let flags = "--audit-policy-file=/e/p.yaml --audit-webhook-config-file=/e/w.yaml";
    let first = with_kubeconfig(flags);
    for shape in [Shape::StaticPod, Shape::Kubeadm] {
        let written = write(&first, shape);
        let second = with_kubeconfig(&written);
        assert_eq!((second.findings, second.start.unwrap().webhook_findings), (Vec::new(), Vec::new()), "{written}");
        // A path is mounted once, and what kubeadm mounts itself not again.
        let times = written.matches("/etc/kubernetes/pki/c.pem").count();
        assert_eq!(times, if shape == Shape::Kubeadm { 0 } else { 2 }, "{written}");
        assert!(written.contains("audit-webhook-authority") && written.contains("/e/ca.pem"), "{written}");
    }
    let pod = format!(
        "kind: Pod\nspec:\n  containers:\n  - name: kube-apiserver\n    command: [kube-apiserver, {}]\n    volumeMounts: [{{name: e, mountPath: /e/p.yaml}}, {{name: e, mountPath: /e/w.yaml}}, {{name: k, mountPath: /etc/kubernetes/pki}}]\n",
        flags.replace(' ', ", ")
    );
    let found = with_kubeconfig(&pod).start.unwrap().webhook_findings;
    let told: Vec<_> = found
        .iter()
        .map(|finding| {
            (finding.code, finding.severity, finding.span.and_then(|span| KUBECONFIG.get(span.start..span.end)))
        })
        .collect();
    assert_eq!(
        told,
        [("not-mounted", Severity::Error, Some("ca.pem")), ("not-mounted", Severity::Error, Some("tok"))],
        "{found:?}"
    );
}

#[test]
fn a_flag_is_changed_or_it_is_told_why_not() {
    let set = |text: &str, rest: &str, value: &str| {
        change(text, &format!("audit-webhook-batch-{rest}"), value, Release::NEWEST)
    };
    let text = "--audit-policy-file=/p --audit-webhook-config-file=/w --audit-webhook-batch-buffer-size=many";
    assert_eq!(
        set(text, "buffer-size", "10000"),
        Ok(text.replace("many", "10000")),
        "the default, where it is misread"
    );
    assert_eq!(set(text, "max-size", "7"), Ok(format!("{text} --audit-webhook-batch-max-size=7")));
    // More than options hold.
    let large = text.replace("many", "5000000000");
    assert_eq!(set(text, "buffer-size", "5000000000"), Ok(large.clone()));
    assert_eq!(set(&large, "max-size", "7"), Ok(format!("{large} --audit-webhook-batch-max-size=7")));
    assert_eq!(
        set(&large, "buffer-size", "-5"),
        Err("invalid audit batch webhook buffer size -5, must be a positive number".to_owned())
    );
    assert_eq!(set(&large, "max-wait", "5x"), Err("time: unknown unit \"x\" in duration \"5x\"".to_owned()));
    // What is wrong already is not told of another flag.
    let wrong = text.replace("many", "-5");
    assert_eq!(set(&wrong, "max-size", "7"), Ok(format!("{wrong} --audit-webhook-batch-max-size=7")));
}

#[test]
fn what_differs_from_the_defaults_is_told() {
    let text = "--audit-policy-file=/p --audit-webhook-config-file=/w --audit-webhook-batch-max-wait=30s --audit-webhook-batch-max-size=9 --audit-webhook-batch-max-size=0x10 --audit-webhook-mode=batch --audit-log-path=/l --audit-log-maxage=366";
    let told = |minor| {
        let checked = checked(text, minor);
        checked
            .changed()
            .iter()
            .map(|(given, default)| format!("{}={}: {default}", given.flag.name, given.value))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(37), ["audit-webhook-batch-max-size=0x10: 400"]);
    assert_eq!(told(35), ["audit-webhook-batch-max-size=0x10: 400", "audit-log-maxage=366: 0"]);
}
