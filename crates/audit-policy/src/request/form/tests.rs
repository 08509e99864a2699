use expect_test::{Expect, expect};

use super::*;
use crate::recording::StageRecord;
use crate::request::{Rewritten, info, rewrite};
use crate::{GoString, Release};

fn full() -> Form {
    Form {
        verb: "list".to_owned(),
        method: "HEAD".to_owned(),
        group: "apps".to_owned(),
        version: "v1".to_owned(),
        resource: "deployments".to_owned(),
        subresource: "scale".to_owned(),
        namespace: "prod".to_owned(),
        name: "web".to_owned(),
        path: "/healthz".to_owned(),
        label_selector: "a in (b,c)".to_owned(),
        field_selector: "metadata.name=web".to_owned(),
        dry_run: true,
        query: "limit=500".to_owned(),
        user_agent: "kubectl/v1.37.0 (linux/amd64)".to_owned(),
        content_type: "application/json".to_owned(),
        impersonate: Impersonate {
            user: "bob".to_owned(),
            uid: "7".to_owned(),
            groups: vec!["dev".to_owned(), "no".to_owned()],
            extra: [("acme.com/Scopes".to_owned(), vec!["a".to_owned()])].into(),
        },
        headers: vec![("Accept".to_owned(), "application/json".to_owned()), ("X-A".to_owned(), String::new())],
        body: "{\n  \"kind\": \"Pod\"\n}".to_owned(),
    }
}

#[test]
fn yaml_comes_back() {
    for form in [full(), Form { path: "/healthz".to_owned(), ..Form::default() }] {
        assert_eq!(Form::parse(form.to_yaml().as_bytes()).unwrap(), form, "{}", form.to_yaml());
    }
    expect![[r#"
        verb: list
        method: HEAD
        group: apps
        version: v1
        resource: deployments
        subresource: scale
        namespace: prod
        name: web
        path: /healthz
        labelSelector: "a in (b,c)"
        fieldSelector: "metadata.name=web"
        dryRun: true
        query: "limit=500"
        userAgent: "kubectl/v1.37.0 (linux/amd64)"
        contentType: application/json
        impersonate:
          user: bob
          uid: "7"
          groups: [dev, "no"]
          extra:
            acme.com/Scopes: [a]
        headers: ["Accept: application/json", "X-A: "]
        body: |-
          {
            "kind": "Pod"
          }
    "#]]
    .assert_eq(&full().to_yaml());
}

/// What a form's text is read as, or why not.
fn told(text: &str) -> String {
    let place = |span: Option<Span>| {
        span.map(|span| format!(" at {:?}", text.get(span.start..span.end).unwrap())).unwrap_or_default()
    };
    let said = |findings: &[crate::Diagnostic]| {
        let lines = findings.iter().map(|found| {
            let help = found.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{}: {}{}{help}", found.code, found.message, place(found.span))
        });
        lines.collect::<Vec<_>>()
    };
    match crate::request::read(text.as_bytes(), &ReadOptions { format: Some(Format::Form), ..ReadOptions::default() }) {
        Ok(reading) => {
            let request = &reading.requests[0].exchange.request;
            let mut lines = vec![reading.understood.clone()];
            lines.extend(request.headers.iter().map(|(name, value)| format!("{name}: {value}")));
            lines.extend((!request.body.is_empty()).then(|| request.body.to_string()));
            let own = ["group", "version", "request object", "content type"];
            let assumed = reading.assumed.iter().filter(|assumed| own.contains(&assumed.about.as_str()));
            lines.extend(assumed.map(|assumed| format!("assumed {}: {}", assumed.about, assumed.text)));
            lines.extend(said(&reading.findings));
            lines.join("\n")
        }
        Err(unreadable) => said(&unreadable.findings).join("\n"),
    }
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&told(text));
}

#[test]
fn forms_are_read_as_requests() {
    check(
        "verb: get\nresource: pods\nnamespace: prod\nname: web",
        expect![[r#"
            GET /api/v1/namespaces/prod/pods/web: get pod web in namespace prod
            assumed version: v1"#]],
    );
    check(
        "verb: watch\nresource: deployments\nlabelSelector: a in (b)\nquery: limit=5&timeoutSeconds=9",
        expect![[r#"
            GET /apis/apps/v1/deployments?labelSelector=a+in+%28b%29&limit=5&timeoutSeconds=9&watch=true: watch deployments in all namespaces
            assumed group: apps
            assumed version: v1"#]],
    );
    check("path: /healthz", expect!["GET /healthz: get path /healthz"]);
    check("verb: post\npath: /api", expect!["POST /api: post path /api"]);
    check(
        "method: HEAD\nresource: namespaces\nname: prod\nversion: v1",
        expect!["HEAD /api/v1/namespaces/prod: get namespace prod"],
    );
    check(
        "verb: create\nresource: configmaps\nnamespace: dev\nname: a\ndryRun: true",
        expect![[r#"
            POST /api/v1/namespaces/dev/configmaps?dryRun=All: create a configmap in namespace dev
            {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"dev"}}
            assumed version: v1
            assumed request object: only kind, apiVersion and metadata"#]],
    );
    check(
        "verb: create\nresource: pods/eviction\nnamespace: dev\nname: a",
        expect![[r#"
            POST /api/v1/namespaces/dev/pods/a/eviction: evict pod a in namespace dev
            assumed version: v1"#]],
    );
    check(
        "verb: patch\nresource: nodes\nname: a\nbody: '{}'\nimpersonate: {user: bob, extra: {Acme.com/x: [y]}}",
        expect![[
            r#"wrong-type: `impersonate.extra.Acme.com/x` must be a string, and is true or false at "y" (put it in quotes)"#
        ]],
    );
}

#[test]
fn what_is_odd_is_told() {
    check(
        "verb: get\nresource: pod\nnamespace: a b\n",
        expect![[r#"
            GET /api/v1/namespaces/a%20b/pod: list pod in namespace a b
            assumed version: v1
            not-a-resource: `pod` is no resource: URLs have the plural at "pod" (did you mean `pods`?)
            rules-see-another: `verb` is `get`, and rules see `list` at "get" (a request without a name is about many objects: give `name`)"#]],
    );
    check(
        "verb: delete\nresource: pods\nname: web\n",
        expect![[r#"
            DELETE /api/v1/pods/web: delete pod web
            assumed version: v1
            no-namespace: pods are in namespaces, and no namespace is given (give `namespace`)"#]],
    );
    check(
        "verb: use\nresource: podsecuritypolicies",
        expect![
            "no-request-has-verb: no request has verb `use`: the authorizer is asked about it while another request is handled at \"use\" (give the request it is about; the verb of an audit event follows from method and path)"
        ],
    );
    check(
        "verb: '*'\nresource: '*'",
        expect![[r#"
        wildcard: `*` stands for every verb: no single request is meant at "'*'" (give one verb, such as `get`)
        wildcard: `*` stands for every resource: no single request is meant at "'*'" (give one, such as `pods`)"#]],
    );
    check(
        "verb: lst\nresource: pods",
        expect![[r#"unknown-verb: no request has verb `lst` at "lst" (did you mean `list`?)"#]],
    );
    check(
        "resource: pods",
        expect![
            "no-verb: the form has no verb (give one of get, list, watch, create, update, patch, delete, deletecollection)"
        ],
    );
    check(
        "verb: get",
        expect!["no-resource: the form does not say what is asked for (give `resource`, such as `pods`, or `path`)"],
    );
    check(
        "path: /a\nname: b",
        expect![[
            r#"path-and-resource: a request is for a path or for a resource: `path` and `name` are both given at "/a" (remove one of them)"#
        ]],
    );
    check(
        "resorce: pods\ndryRun: 1\nheaders: [a]",
        expect![[r#"
        unknown-key: a form has no `resorce` at "resorce" (did you mean `resource`?)
        wrong-type: `dryRun` must be true or false, and is a number at "1"
        not-a-header: `a` is no header at "a" (write it as `Name: value`)"#]],
    );
}

/// Requests as they come, in other formats.
const SAMPLES: &[&str] = &[
    "kubectl get secret db -n prod",
    "kubectl get pods -A -l 'app in (a,b),c!=d' --field-selector spec.nodeName=x",
    "kubectl get pods -w",
    "kubectl delete ns prod",
    "kubectl delete pods --all -n dev",
    "kubectl create deployment web --image=nginx --replicas=3",
    "kubectl create configmap a --from-literal=b='c d' --dry-run=server",
    "kubectl patch node a -p '{\"spec\":{\"unschedulable\":true}}'",
    "kubectl exec web -n dev -- sh -c 'echo \"a b\"'",
    "kubectl logs web -f --tail=10",
    "kubectl get --raw /healthz?verbose",
    "kubectl auth can-i get pods --as bob --as-group dev --as-user-extra acme.com/A=b",
    "kubectl scale deploy web --replicas=2",
    "GET /api/v1/namespaces/dev/pods?labelSelector=a=b&fieldSelector=metadata.name%3Dx",
    "HEAD /api/v1/pods/x HTTP/1.1\nHost: a\nUser-Agent: \nUser-Agent: b\n\n",
    "OPTIONS * HTTP/1.1",
    "OPTIONS /api/v1/pods",
    "GET https://host/api/v1/pods?",
    "get /api/v1/pods",
    "GET /api/v1/watch/namespaces/dev/pods?watch=0",
    "GET /api/v1/proxy/nodes/a",
    "GET /api/v1/pods?watch=1",
    "GET /api/v1/pods?dryRun=All&dryRun=All&watch=true",
    "GET /api/v1/pods?watch=true&dryRun=All",
    "POST /api/v1/namespaces/dev/pods/web",
    "GET //api/v1//pods/",
    "GET /api/v1//*/a",
    "GET /api/v1/*/*",
    "GET /api/v1/namespaces/dev/pods/we%2fb/log",
    "GET /api/v1/namespaces/dev/pods/we<b",
    "GET /api/v1/namespaces/dev/services/a/proxy/b/c?d",
    "GET /apis/apps/v1/deployments",
    "GET /api/v1/deployments",
    "GET /apis/acme.com/v1/gizmos/a/frob",
    "GET /api/v1/namespaces/dev/status",
    "GET /api/v1/namespaces/dev/namespaces",
    "GET /api/v1/pods?labelSelector=&fieldSelector=metadata.name%3Da+",
    "GET /%",
    "PATCH /api/v1/nodes/a\n\n{}",
    "PUT /api/v1/nodes/a\nImpersonate-Group: a\nImpersonate-Extra-A%2fB: c\n\n\n{}\n\n",
    "POST /api/v1/nodes\nContent-Type: application/yaml\nX-Forwarded-For: 10.0.0.1\nAudit-ID: x\n\nkind: Node\n\nHTTP/1.1 403 no\n\n{\"a\":1}",
    "POST /api/v1/nodes\nContent-Length: 19\n\nHTTP/1.1 200 OK\n\n{}\n\nHTTP/1.1 401 no\n\n",
    "GET /api/v1/nodes\nImpersonate-User: bob\n\nHTTP/1.1 403 no\n\ncannot impersonate",
    "GET /api/v1/nodes?timeout=foo",
    r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"a","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/dev/pods/web","verb":"delete","user":{"username":"bob"},"impersonatedUser":{"username":"al","groups":["x","system:authenticated"],"extra":{}},"sourceIPs":["10.0.0.9"],"userAgent":"a b","requestObject":{"b":1,"a":2},"responseObject":{"kind":"Status"},"responseStatus":{"code":202},"requestReceivedTimestamp":"2020-01-01T00:00:00.000001Z","stageTimestamp":"2020-01-01T00:00:01.000000Z","annotations":{"a":"b"}}"#,
    r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","stage":"Panic","requestURI":"/api/v1/nodes","verb":"list","user":{"username":"bob"},"responseStatus":{"code":500,"message":"APIServer panic'd: x"}}"#,
    "verb: get\nresource: pods\nnamespace: prod\nname: web",
];

/// The exchange less what no event has anything of.
fn essence(exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.clone();
    let is_kept =
        |name: &str| !["host", "content-length", "transfer-encoding"].contains(&name.to_ascii_lowercase().as_str());
    exchange.request.headers.retain(|(name, _)| is_kept(name));
    for (name, _) in &mut exchange.request.headers {
        name.make_ascii_lowercase();
    }
    // A header that is empty counts as none, and the order of different headers for nothing.
    exchange.request.headers.retain(|(_, value)| !value.is_empty());
    exchange.request.headers.sort_by(|(left, _), (right, _)| left.cmp(right));
    exchange
}

/// All that can be recorded of it.
fn all(exchange: &Exchange, release: Release) -> Vec<StageRecord> {
    crate::request::event::write::recording(exchange, release).stages
}

#[test]
fn changing_the_format_keeps_the_meaning() {
    for text in SAMPLES {
        for release in [Release::NEWEST, Release::new(25).unwrap()] {
            let options = ReadOptions { release, ..ReadOptions::default() };
            let reading = crate::request::read(text.as_bytes(), &options).unwrap();
            let exchange = &reading.requests[reading.pick].exchange;
            for format in Format::ALL {
                let Some(Rewritten { text: written, given }) = rewrite(exchange, format, release) else {
                    let writes = [Format::Http, Format::Form].contains(&format);
                    assert!(!writes, "{text} is not written as {format}");
                    continue;
                };
                let options = ReadOptions { release, format: Some(format), given, ..ReadOptions::default() };
                let again = crate::request::read(written.as_bytes(), &options).unwrap();
                let got = &again.requests[again.pick].exchange;
                match format {
                    // An event has no other headers, and objects in place of bodies; nothing else is recorded.
                    Format::Event => assert_eq!(all(got, release), all(exchange, release), "{text}\n---\n{written}"),
                    Format::Review => {
                        let asked = |exchange: &Exchange| {
                            let info = info::of_request(&exchange.request, release).unwrap();
                            (info::attributes(&info, None), exchange.authentication.clone())
                        };
                        assert_eq!(asked(got), asked(exchange), "{text}\n---\n{written}");
                        continue;
                    }
                    _ => assert_eq!(essence(got), essence(exchange), "{text}\n---\n{written}"),
                }
                let uri = |exchange: &Exchange| {
                    info::of_request(&exchange.request, release).map(|info| info.request_uri).unwrap_or_default()
                };
                assert_eq!(uri(got), uri(exchange), "{text}\n---\n{written}");
            }
        }
    }
}

#[test]
fn kubectl_commands_have_all_their_fields() {
    let form = |text: &str| {
        let reading = crate::request::read(text.as_bytes(), &ReadOptions::default()).unwrap();
        Form::of(&reading.requests[reading.pick].exchange, Release::NEWEST).to_yaml()
    };
    expect![[r#"
        verb: list
        version: v1
        resource: pods
        labelSelector: "app=web"
        query: "limit=500"
        userAgent: "kubectl/v1.37.2 (linux/amd64) kubernetes/5ab1c9f"
        headers: ["Kubectl-Command: kubectl get", "Kubectl-Session: 00000000-0000-4000-8000-000000000000", "Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", "Accept-Encoding: gzip"]
    "#]]
    .assert_eq(&form("kubectl get pods -A -l app=web"));
}

#[test]
fn what_is_not_utf_8_is_no_text() {
    let request =
        HttpRequest { method: "GET".into(), target: GoString::from(vec![b'/', 0xff]), ..HttpRequest::default() };
    let reading = crate::request::http::reading(Format::Http, request, &Default::default(), Release::NEWEST);
    let exchange = &reading.requests[0].exchange;
    assert_eq!(rewrite(exchange, Format::Form, Release::NEWEST), None);
    assert_eq!(Form::of(exchange, Release::NEWEST).path, "/\u{fffd}");
}
