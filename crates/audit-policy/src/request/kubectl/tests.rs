//! Commands and the requests that they are read as.

use std::fmt::Write as _;

use expect_test::expect;

use super::*;

fn read_text(text: &str) -> Result<Reading, Unreadable> {
    read(text.as_bytes(), &ReadOptions::default())
}

/// The sentence, then a line a request: `D` discovery, `*` the one picked, `?` not as assumed.
fn show(commands: &[&str]) -> String {
    let mut shown = String::new();
    for command in commands {
        let _ = writeln!(shown, "$ {}", command.lines().next().unwrap_or_default());
        match read_text(command) {
            Ok(reading) => {
                let _ = writeln!(shown, "{}", reading.understood);
                let line = |mark: &str, request: &Request| {
                    let http = &request.exchange.request;
                    let code = request.exchange.response.code.unwrap_or_default();
                    format!("{mark} {} {} → {code}\n", http.method, http.target)
                };
                shown.extend(reading.discovery.iter().map(|request| line("D", request)));
                for (index, request) in reading.requests.iter().enumerate() {
                    let mark = match &request.when {
                        Some(_) => "?",
                        None if index == reading.pick => "*",
                        None => " ",
                    };
                    shown.push_str(&line(mark, request));
                }
            }
            Err(unreadable) => {
                for finding in unreadable.findings {
                    let _ =
                        writeln!(shown, "{}: {} [{}]", finding.code, finding.message, finding.help.unwrap_or_default());
                }
            }
        }
    }
    shown
}

fn body(command: &str) -> String {
    let reading = read_text(command).unwrap();
    reading.requests[reading.pick].exchange.request.body.to_string()
}

#[test]
fn reading_commands() {
    expect![[r#"
        $ kubectl get pods
        List pods in namespace default, as a table
        * GET /api/v1/namespaces/default/pods?limit=500 → 200
        $ k -n prod get secret/db -oyaml
        Get secret db in namespace prod, as yaml
        * GET /api/v1/namespaces/prod/secrets/db → 200
        $ kubectl get pods -A -l app=web --field-selector=spec.nodeName=n1 --chunk-size=0
        List pods in all namespaces, as a table
        * GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1&labelSelector=app%3Dweb → 200
        $ kubectl get po --sort-by=.metadata.name
        List pods in namespace default, as a table
        * GET /api/v1/namespaces/default/pods?includeObject=Object → 200
        $ kubectl get pod a -w
        Get pod a in namespace default, as a table, then watch
        * GET /api/v1/namespaces/default/pods/a → 200
          GET /api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Da&resourceVersion=0&watch=true → 200
        $ kubectl get widgets.example.com w
        Get widget w in namespace default, as a table
        D GET /api?timeout=32s → 200
        D GET /apis?timeout=32s → 200
        * GET /apis/example.com/v1/namespaces/default/widgets/w → 200
        $ kubectl get --raw '/readyz?verbose'
        GET /readyz?verbose, as given
        * GET /readyz?verbose= → 200
        $ kubectl describe pod a
        Describe pod a in namespace default
        * GET /api/v1/namespaces/default/pods/a → 200
          GET /api/v1/namespaces/default/pods/a → 200
          GET /api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Da%2CinvolvedObject.namespace%3Ddefault%2CinvolvedObject.uid%3D00000000-0000-0000-0000-000000000000&limit=500 → 200
        $ kubectl logs deploy/web -f --tail=5
        Read the log of deploy/web
          GET /apis/apps/v1/namespaces/default/deployments/web → 200
          GET /api/v1/namespaces/default/pods?labelSelector=app%3Dweb → 200
        * GET /api/v1/namespaces/default/pods/web-6d4b75cb6d-x7kqp/log?container=web&follow=true&tailLines=5 → 200
        $ kubectl wait --for=condition=Ready pod/a
        Wait for pod a in namespace default
        * GET /api/v1/namespaces/default/pods/a → 200
          GET /api/v1/namespaces/default/pods?allowWatchBookmarks=true&fieldSelector=metadata.name%3Da&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&timeoutSeconds=400&watch=true → 200
        $ kubectl auth can-i delete pods/a -n prod
        Ask whether one may delete pods/a
        D GET /api/v1 → 200
        * POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews → 201
        $ kubectl proxy --port=9 & curl -s localhost:9/api/v1/nodes
        GET /api/v1/nodes, through kubectl proxy
        * GET /api/v1/nodes → 200
        $ kubectl get pods; kubectl config view; kubectl get svc -n b
        List pods in namespace default, as a table; list services in namespace b, as a table
        * GET /api/v1/namespaces/default/pods?limit=500 → 200
          GET /api/v1/namespaces/b/services?limit=500 → 200
    "#]].assert_eq(&show(&[
        "kubectl get pods",
        "k -n prod get secret/db -oyaml",
        "kubectl get pods -A -l app=web --field-selector=spec.nodeName=n1 --chunk-size=0",
        "kubectl get po --sort-by=.metadata.name",
        "kubectl get pod a -w",
        "kubectl get widgets.example.com w",
        "kubectl get --raw '/readyz?verbose'",
        "kubectl describe pod a",
        "kubectl logs deploy/web -f --tail=5",
        "kubectl wait --for=condition=Ready pod/a",
        "kubectl auth can-i delete pods/a -n prod",
        "kubectl proxy --port=9 & curl -s localhost:9/api/v1/nodes",
        "kubectl get pods; kubectl config view; kubectl get svc -n b",
    ]));
}

#[test]
fn writing_commands() {
    expect![[r#"
        $ kubectl apply -f deploy.yaml
        Apply deployment example in namespace default
        D GET /openapi/v3?timeout=32s → 200
          GET /apis/apps/v1/namespaces/default/deployments/example → 404
        * POST /apis/apps/v1/namespaces/default/deployments?fieldManager=kubectl-client-side-apply&fieldValidation=Strict → 201
        ? PATCH /apis/apps/v1/namespaces/default/deployments/example?fieldManager=kubectl-client-side-apply&fieldValidation=Strict → 200
        $ cat <<EOF | kubectl apply -f -
        Apply configmap a in namespace b
        D GET /openapi/v3?timeout=32s → 200
          GET /api/v1/namespaces/b/configmaps/a → 404
        * POST /api/v1/namespaces/b/configmaps?fieldManager=kubectl-client-side-apply&fieldValidation=Strict → 201
        ? PATCH /api/v1/namespaces/b/configmaps/a?fieldManager=kubectl-client-side-apply&fieldValidation=Strict → 200
        $ kubectl apply --server-side --dry-run=server -f a.yaml
        Apply deployment example in namespace default
        D GET /openapi/v3?timeout=32s → 200
        * PATCH /apis/apps/v1/namespaces/default/deployments/example?dryRun=All&fieldManager=kubectl&fieldValidation=Strict&force=false → 201
        $ kubectl create secret generic s --from-literal=a=b -n prod
        Create secret s in namespace prod
        * POST /api/v1/namespaces/prod/secrets?fieldManager=kubectl-create&fieldValidation=Strict → 201
        $ kubectl create job j --from=cronjob/c
        Create job j in namespace default
          GET /apis/batch/v1/namespaces/default/cronjobs/c → 200
        * POST /apis/batch/v1/namespaces/default/jobs?fieldManager=kubectl-create&fieldValidation=Strict → 201
        $ kubectl delete pod a --grace-period=0 --force
        Delete pod a in namespace default
        * DELETE /api/v1/namespaces/default/pods/a → 200
          GET /api/v1/namespaces/default/pods/a → 404
        ? GET /api/v1/namespaces/default/pods?allowWatchBookmarks=true&fieldSelector=metadata.name%3Da&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&timeoutSeconds=400&watch=true → 200
        $ kubectl delete ns a
        Delete namespace a
        * DELETE /api/v1/namespaces/a → 200
          GET /api/v1/namespaces/a → 200
          GET /api/v1/namespaces?allowWatchBookmarks=true&fieldSelector=metadata.name%3Da&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&timeoutSeconds=400&watch=true → 200
        $ kubectl delete deploy -l app=web --wait=false
        Delete deployments.apps in namespace default
          GET /apis/apps/v1/namespaces/default/deployments?labelSelector=app%3Dweb → 200
        * DELETE /apis/apps/v1/namespaces/default/deployments/example → 200
        $ kubectl patch deploy web -p '{}' --dry-run=server
        Patch deployment web in namespace default
          GET /apis/apps/v1/namespaces/default/deployments/web → 200
        * PATCH /apis/apps/v1/namespaces/default/deployments/web?dryRun=All&fieldManager=kubectl-patch → 200
        $ kubectl edit cm a
        Edit configmap a in namespace default
        D GET /openapi/v3?timeout=32s → 200
          GET /api/v1/namespaces/default/configmaps/a → 200
        * PATCH /api/v1/namespaces/default/configmaps/a?fieldManager=kubectl-edit&fieldValidation=Strict → 200
        $ kubectl scale deploy/web --replicas 3
        Scale deployment web in namespace default to 3
          GET /apis/apps/v1/namespaces/default/deployments/web → 200
        * PATCH /apis/apps/v1/namespaces/default/deployments/web/scale → 200
        $ kubectl label pod a b=c d-
        Change labels of pod a in namespace default
          GET /api/v1/namespaces/default/pods/a → 200
        * PATCH /api/v1/namespaces/default/pods/a?fieldManager=kubectl-label → 200
        $ kubectl set image deploy/web app=nginx
        Set image of deployment web in namespace default
          GET /apis/apps/v1/namespaces/default/deployments/web → 200
        * PATCH /apis/apps/v1/namespaces/default/deployments/web?fieldManager=kubectl-set → 200
        $ kubectl rollout restart deploy/web
        Restart deployment web in namespace default
          GET /apis/apps/v1/namespaces/default/deployments/web → 200
        * PATCH /apis/apps/v1/namespaces/default/deployments/web?fieldManager=kubectl-rollout → 200
        $ kubectl exec -it a -- sh -c 'id && ls'
        Run `sh -c id && ls` in pod a
          GET /api/v1/namespaces/default/pods/a → 200
        * GET /api/v1/namespaces/default/pods/a/exec?command=sh&command=-c&command=id+%26%26+ls&container=a&stdin=true&stdout=true&tty=true → 101
        ? POST /api/v1/namespaces/default/pods/a/exec?command=sh&command=-c&command=id+%26%26+ls&container=a&stdin=true&stdout=true&tty=true → 403
        $ KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false kubectl exec a -- id
        Run `id` in pod a
          GET /api/v1/namespaces/default/pods/a → 200
        * POST /api/v1/namespaces/default/pods/a/exec?command=id&container=a&stderr=true&stdout=true → 101
        $ kubectl port-forward svc/web 80
        Forward ports to pod web-x7kqp
          GET /api/v1/namespaces/default/services/web → 200
          GET /api/v1/namespaces/default/pods?labelSelector=app%3Dweb → 200
          GET /api/v1/namespaces/default/pods/web-x7kqp → 200
        * GET /api/v1/namespaces/default/pods/web-x7kqp/portforward → 101
        ? POST /api/v1/namespaces/default/pods/web-x7kqp/portforward → 403
        $ kubectl cp a b:/tmp/a
        Copy files into pod b
          GET /api/v1/namespaces/default/pods/b → 200
        * GET /api/v1/namespaces/default/pods/b/exec?command=test&command=-d&command=%2Ftmp%2Fa&container=b&stderr=true&stdout=true → 101
        ? POST /api/v1/namespaces/default/pods/b/exec?command=test&command=-d&command=%2Ftmp%2Fa&container=b&stderr=true&stdout=true → 403
          GET /api/v1/namespaces/default/pods/b → 200
          GET /api/v1/namespaces/default/pods/b/exec?command=tar&command=-xmf&command=-&command=-C&command=%2Ftmp&container=b&stderr=true&stdin=true&stdout=true → 101
        ? POST /api/v1/namespaces/default/pods/b/exec?command=tar&command=-xmf&command=-&command=-C&command=%2Ftmp&container=b&stderr=true&stdin=true&stdout=true → 403
        $ kubectl run a --image=b --as=alice --as-group=dev --as-group=ops
        Run image b as pod a in namespace default
        * POST /api/v1/namespaces/default/pods?fieldManager=kubectl-run → 201
        $ kubectl drain n1 --ignore-daemonsets
        Drain node n1
        D GET /api/v1 → 200
          GET /api/v1/nodes/n1 → 200
        * PATCH /api/v1/nodes/n1 → 200
          GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1&limit=500 → 200
          POST /api/v1/namespaces/default/pods/example/eviction → 201
          GET /api/v1/namespaces/default/pods/example → 404
    "#]].assert_eq(&show(&[
        "kubectl apply -f deploy.yaml",
        "cat <<EOF | kubectl apply -f -\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\nEOF",
        "kubectl apply --server-side --dry-run=server -f a.yaml",
        "kubectl create secret generic s --from-literal=a=b -n prod",
        "kubectl create job j --from=cronjob/c",
        "kubectl delete pod a --grace-period=0 --force",
        "kubectl delete ns a",
        "kubectl delete deploy -l app=web --wait=false",
        "kubectl patch deploy web -p '{}' --dry-run=server",
        "kubectl edit cm a",
        "kubectl scale deploy/web --replicas 3",
        "kubectl label pod a b=c d-",
        "kubectl set image deploy/web app=nginx",
        "kubectl rollout restart deploy/web",
        "kubectl exec -it a -- sh -c 'id && ls'",
        "KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false kubectl exec a -- id",
        "kubectl port-forward svc/web 80",
        "kubectl cp a b:/tmp/a",
        "kubectl run a --image=b --as=alice --as-group=dev --as-group=ops",
        "kubectl drain n1 --ignore-daemonsets",
    ]));
}

#[test]
fn refused_commands() {
    expect![[r#"
        $ kubectl get pods --frob
        kubectl-usage: unknown flag: --frob []
        $ kubectl get pods --outptu=yaml
        kubectl-usage: unknown flag: --outptu [did you mean `--output`?]
        $ kubectl get pods -y
        kubectl-usage: unknown shorthand flag: 'y' in -y []
        $ kubectl get pods -n
        kubectl-usage: flag needs an argument: 'n' in -n []
        $ kubectl gte pods
        unknown-command: unknown command "gte" for "kubectl" [did you mean `get`?]
        $ kubectl create deploymnt a
        kubectl-usage: Unexpected args: [deploymnt] [did you mean `deployment`?]
        $ kubectl rollout
        no-request: `kubectl rollout` here sends no request to the API server [it has history, pause, restart, resume, status, undo]
        $ kubectl get
        kubectl-usage: You must provide one or more resources by argument or filename. [such as `pods`, `pods nginx` or `deployment/web`]
        $ kubectl get pod a -A
        kubectl-usage: a resource cannot be retrieved by name across all namespaces []
        $ kubectl get pods/a svc
        kubectl-usage: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>' []
        $ kubectl get psp
        kubectl-usage: the server doesn't have a resource type "psp" [podsecuritypolicies.policy is served from 1.10 to 1.24: choose one of these releases]
        $ kubectl get pods.v9
        kubectl-usage: the server doesn't have a resource type "pods" in group "v9" []
        $ kubectl delete pods
        kubectl-usage: resource(s) were provided, but no name was specified [name the objects, or select them with `-l` or `--all`]
        $ kubectl exec a date
        kubectl-usage: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead []
        $ kubectl exec a
        kubectl-usage: you must specify at least one command for the container [give it after `--`: `kubectl exec POD -- date`]
        $ kubectl get pods --as-group=a
        kubectl-usage: requesting uid, groups or user-extra for kubernetes-admin without impersonating a user [add `--as=USER`]
        $ kubectl get pods --request-timeout=abc
        kubectl-usage: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h) []
        $ kubectl get --raw api/v1
        kubectl-usage: --raw must be a valid URL path: parse "api/v1": invalid URI for request [begin the path with `/`]
        $ kubectl create deployment a --image=b --dry-run=client
        no-request: `kubectl create deployment --dry-run=client` sends no request []
        $ kubectl config view
        no-request: `kubectl config view` here sends no request to the API server [give a command that does, such as `kubectl get pods`]
        $ kubectl
        no-request: `kubectl` here sends no request to the API server [give a command that does, such as `kubectl get pods`]
        $ helm list
        no-kubectl: no kubectl command here [begin with `kubectl`, such as `kubectl get pods`]
        $ kubectl get 'pods
        not-shell: a quote is opened and not closed [close it with the same quote]
        $ kubectl apply -f - <<E
        kubectl-usage: error parsing STDIN: yaml: line 1: did not find expected node content [the manifest must be YAML or JSON]
        $ kubectl apply -f - <<E
        kubectl-usage: unable to decode: Object 'Kind' is missing [a manifest has `apiVersion`, `kind` and `metadata`]
    "#]].assert_eq(&show(&[
        "kubectl get pods --frob",
        "kubectl get pods --outptu=yaml",
        "kubectl get pods -y",
        "kubectl get pods -n",
        "kubectl gte pods",
        "kubectl create deploymnt a",
        "kubectl rollout",
        "kubectl get",
        "kubectl get pod a -A",
        "kubectl get pods/a svc",
        "kubectl get psp",
        "kubectl get pods.v9",
        "kubectl delete pods",
        "kubectl exec a date",
        "kubectl exec a",
        "kubectl get pods --as-group=a",
        "kubectl get pods --request-timeout=abc",
        "kubectl get --raw api/v1",
        "kubectl create deployment a --image=b --dry-run=client",
        "kubectl config view",
        "kubectl",
        "helm list",
        "kubectl get 'pods",
        "kubectl apply -f - <<E\na: [\nE",
        "kubectl apply -f - <<E\na: b\nE",
    ]));
}

#[test]
fn bodies_are_what_kubectl_sends() {
    for (command, expected) in [
        ("kubectl delete pod a --now", "{\"gracePeriodSeconds\":1,\"propagationPolicy\":\"Background\"}\n"),
        ("kubectl scale rs/a --replicas=2", r#"{"spec":{"replicas":2}}"#),
        (
            "kubectl create -f - <<E\nkind: Pod\napiVersion: v1\nmetadata: {name: '<a>'}\nE",
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"\\u003ca\\u003e\",\"namespace\":\"default\"}}\n",
        ),
        (
            "kubectl create secret generic s --from-literal=a=b -n p",
            r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"s","namespace":"p"},"data":{"a":"Yg=="}}"#,
        ),
        ("kubectl patch deploy a -p $'spec:\\n  replicas: 2'", r#"{"spec":{"replicas":2}}"#),
        ("kubectl annotate pod a b=c d-", r#"{"metadata":{"annotations":{"b":"c","d":null}}}"#),
        (
            "kubectl create cm a --from-literal=k=v --dry-run=client -oyaml | kubectl create -f -",
            "{\"apiVersion\":\"v1\",\"data\":{\"k\":\"v\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}\n",
        ),
    ] {
        assert_eq!(body(command), expected, "{command}");
    }
}

#[test]
fn files_and_standard_input_are_read() {
    let manifest = |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n").into_bytes();
    let files = [("m/a.yaml", "a"), ("m/b/b.yaml", "b"), ("c.yaml", "c")];
    let options = ReadOptions {
        files: files.into_iter().map(|(path, name)| (path.to_owned(), manifest(name))).collect(),
        stdin: Some([manifest("x"), b"---\n# nothing\n---\n".to_vec(), manifest("v")].concat()),
        ..ReadOptions::default()
    };
    for (command, expected) in [
        ("kubectl get -f c.yaml", "c"),
        ("kubectl get -f m", "a"),
        ("kubectl get -R -f m/", "a b"),
        ("kubectl get -f c.yaml -f m/a.yaml", "c a"),
        ("kubectl get -f -", "x v"),
        ("cat c.yaml | kubectl get -f -", "c"),
        ("kubectl get -f - < m/a.yaml", "a"),
        ("kubectl get -f - <<< '{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"z\"}}'", "z"),
    ] {
        let reading = read(command.as_bytes(), &options).unwrap();
        let name =
            |request: &Request| request.exchange.request.target.to_string().rsplit('/').next().unwrap().to_owned();
        assert_eq!(reading.requests.iter().map(name).collect::<Vec<_>>().join(" "), expected, "{command}");
    }
}

#[test]
fn what_is_given_of_the_answer_is_of_the_request_that_the_command_exists_for() {
    let given = Given { code: Some(409), ..Given::default() };
    let options = ReadOptions { given, ..ReadOptions::default() };
    let reading = read(b"kubectl patch cm a -p {}", &options).unwrap();
    let codes: Vec<_> = reading.requests.iter().map(|request| request.exchange.response.code).collect();
    assert_eq!(codes, [Some(200), Some(409)]);
}

#[test]
fn older_kubectls_post_to_exec() {
    let options = |minor| ReadOptions { release: Release::new(minor).unwrap(), ..ReadOptions::default() };
    for (minor, method) in [(30, "POST"), (31, "GET")] {
        let reading = read(b"kubectl exec a -- id", &options(minor)).unwrap();
        assert_eq!(reading.requests[reading.pick].exchange.request.method.to_string(), method, "1.{minor}");
    }
}

#[test]
fn hostile_commands_end_soon() {
    let long = "x".repeat(1_000_000);
    let deep = format!("kubectl create -f - <<E\n{}\nE", "[".repeat(100_000));
    let many = |word: &str, times: usize| word.repeat(times);
    for text in [
        format!("kubectl get {long}"),
        format!("kubectl get pods -l {long}"),
        format!("kubectl get pods {}", many("a ", 100_000)),
        format!("kubectl get {}", many("pods,", 10_000)),
        format!("kubectl get {}", many("pod/a ", 100_000)),
        format!("kubectl get pods {}", many("--as-group=a ", 50_000)),
        format!("kubectl get {}", many("-f a ", 50_000)),
        format!("kubectl exec a -- {}", many("a ", 50_000)),
        format!("kubectl create cm a {} <<E\n{}\nE", many("--from-file=- ", 1_000), many("x", 100_000)),
        format!("kubectl apply -f - <<E\n{}\nE", many("---\na: b\n", 100_000)),
        format!("kubectl apply -f - <<E\n{}\nE", many("---\n", 100_000)),
        many("kubectl get pods;", 20_000),
        many("kubectl proxy;curl ", 100_000),
        many("kubectl ", 100_000),
        many("echo |", 50_000) + "kubectl apply -f -",
        format!("kubectl {}", many("-n ", 100_000)),
        format!("kubectl create role a --verb=get --resource={}", many("pods,", 10_000)),
        format!("kubectl create ingress a {}", many("--rule=a/b=c:d,tls ", 3_000)),
        deep,
    ] {
        let _ = read_text(&text);
    }
}

#[test]
fn a_mistyped_word_can_be_mended() {
    for (text, mended) in [
        ("kubectl gte pods", Some("kubectl get pods")),
        ("sudo kubectl -n dev 'gte' pods # gte\n", Some("sudo kubectl -n dev 'get' pods # gte\n")),
        ("kubectl get pods --outptu=yaml", Some("kubectl get pods --output=yaml")),
        ("kubectl create deploymnt a", Some("kubectl create deployment a")),
        ("kubectl get pods,sercets/a", None),
        ("kubectl get sercets a", Some("kubectl get secrets a")),
        ("kubectl get pods; kubectl get sercets", Some("kubectl get pods; kubectl get secrets")),
        // Which of the two is meant is not told.
        ("kubectl -n gte gte pods", None),
        ("kubectl g\\te pods", None),
        ("kubectl frob pods", None),
    ] {
        let findings = match read(text.as_bytes(), &ReadOptions::default()) {
            Ok(reading) => reading.findings,
            Err(unreadable) => unreadable.findings,
        };
        let fixed = findings.iter().find_map(|finding| Some(finding.fix.as_ref()?.apply(text)));
        assert_eq!(fixed.as_deref(), mended, "{findings:?}");
    }
    // Edits of a text that is not UTF-8 would be in other places.
    let unreadable = read(b"kubectl gte pods \xff", &ReadOptions::default()).unwrap_err();
    assert_eq!(unreadable.findings.iter().find_map(|finding| finding.fix.as_ref()), None);
}
