use expect_test::{Expect, expect};

use super::*;

/// What a review is read as, or why not.
fn check(text: &str, expected: Expect) {
    let said = |findings: &[Diagnostic]| {
        let lines = findings.iter().map(|found| {
            let place = found.span.and_then(|span| text.get(span.start..span.end)).unwrap_or_default();
            let place = place.lines().next().unwrap_or_default();
            let path = found.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
            let help = found.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{:?} {}{path}: {} at {place:?}{help}", found.severity, found.code, found.message)
        });
        lines.collect::<Vec<_>>()
    };
    let lines = match crate::request::read(text.as_bytes(), &ReadOptions::default()) {
        Ok(reading) => {
            assert_eq!(reading.format, Format::Review);
            let exchange = &reading.requests[0].exchange;
            let mut lines = vec![reading.understood.clone()];
            if let Authentication::User(user) = &exchange.authentication {
                lines.push(format!(
                    "{} {} {:?} {:?} -> {:?}",
                    user.username, user.uid, user.groups, user.extra, exchange.response.code
                ));
            }
            lines.extend(exchange.request.headers.iter().map(|(name, value)| format!("{name}: {value}")));
            lines.extend((!exchange.request.body.is_empty()).then(|| exchange.request.body.to_string()));
            let others = reading.requests.iter().skip(1);
            lines.extend(others.map(|other| {
                format!(
                    "or {} {} where {}",
                    other.exchange.request.method,
                    other.exchange.request.target,
                    other.when.as_ref().unwrap()
                )
            }));
            let usual = ["source IP", "authorization", "audit ID", "times", "response"];
            let assumed = reading.assumed.iter().filter(|assumed| !usual.contains(&assumed.about.as_str()));
            lines.extend(assumed.map(|assumed| format!("assumed {}: {}", assumed.about, assumed.text)));
            lines.extend(said(&reading.findings));
            lines
        }
        Err(unreadable) => said(&unreadable.findings),
    };
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn access_reviews() {
    check(
        "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec:\n  user: alice\n  uid: '7'\n  groups: [dev, 'system:authenticated']\n  extra: {scopes: [a]}\n  resourceAttributes:\n    namespace: prod\n    verb: get\n    group: apps\n    version: '*'\n    resource: deployments\n    subresource: scale\n    name: web\nstatus: {allowed: false}\n",
        expect![[r#"
            SubjectAccessReview of alice: GET /apis/apps/v1/namespaces/prod/deployments/web/scale: get the scale of deployment web in namespace prod
            alice 7 Some(["dev", "system:authenticated"]) {"scopes": ["a"]} -> Some(403)
            assumed request line: `GET /apis/apps/v1/namespaces/prod/deployments/web/scale`, which rules see as what the review says
            assumed version: v1"#]],
    );
    check(
        r#"{"apiVersion":"authorization.k8s.io/v1beta1","kind":"LocalSubjectAccessReview","metadata":{"namespace":"a"},"spec":{"user":"bob","group":["x"],"resourceAttributes":{"namespace":"b","verb":"list","resource":"pods","labelSelector":{"requirements":[{"key":"app","operator":"In","values":["a","b"]},{"key":"c","operator":"DoesNotExist"}]},"fieldSelector":{"rawSelector":"metadata.name=x"}}}}"#,
        expect![[r#"
            LocalSubjectAccessReview of bob: GET /api/v1/namespaces/b/pods?fieldSelector=metadata.name%3Dx&labelSelector=app+in+%28a%2Cb%29%2C%21c: list pod x in namespace b
            bob  Some(["x"]) {} -> Some(200)
            assumed request line: `GET /api/v1/namespaces/b/pods?fieldSelector=metadata.name%3Dx&labelSelector=app+in+%28a%2Cb%29%2C%21c`, which rules see as what the review says
            assumed version: v1
            Note group-not-named spec.groups: requests of this user have the group system:authenticated too, which the review does not name at "{\"user\":\"bob\",\"group\":[\"x\"],\"resourceAttributes\":{\"namespace\":\"b\",\"verb\":\"list\",\"resource\":\"pods\",\"labelSelector\":{\"requirements\":[{\"key\":\"app\",\"operator\":\"In\",\"values\":[\"a\",\"b\"]},{\"key\":\"c\",\"operator\":\"DoesNotExist\"}]},\"fieldSelector\":{\"rawSelector\":\"metadata.name=x\"}}}" (add it to `spec.groups` where rules look at groups)
            Warning namespace-mismatch spec.resourceAttributes.namespace: must match metadata.namespace, which is `a` at "\"a\"" (rules see that of resourceAttributes)"#]],
    );
    check(
        "kind: SelfSubjectAccessReview\napiVersion: authorization.k8s.io/v1\nspec:\n  nonResourceAttributes: {path: /healthz, verb: get}\n",
        expect![[r#"
            SelfSubjectAccessReview: GET /healthz: get path /healthz
            kubernetes-admin  Some(["kubeadm:cluster-admins", "system:authenticated"]) {} -> Some(200)
            assumed request line: `GET /healthz`, which rules see as what the review says
            assumed user: the review is about who sends it, who is not in the text
            assumed user: kubernetes-admin, in kubeadm:cluster-admins and system:authenticated"#]],
    );
    check(
        "kind: SubjectAccessReview\napiVersion: authorization.k8s.io/v1\nspec:\n  user: al\n  groups: ['system:authenticated']\n  resourceAttributes: {verb: create, resource: pods, namespace: a, name: b, namespce: c}\n",
        expect![[r#"
            SubjectAccessReview of al: POST /api/v1/namespaces/a/pods: create a pod in namespace a
            al  Some(["system:authenticated"]) {} -> Some(201)
            assumed request line: `POST /api/v1/namespaces/a/pods`, which rules see as what the review says
            assumed version: v1
            assumed name: left out: a request that creates an object has no name in its URL
            Warning unknown-key spec.resourceAttributes: `spec.resourceAttributes` has no `namespce` at "namespce" (did you mean `namespace`?)"#]],
    );
}

#[test]
fn access_reviews_that_ask_about_no_request() {
    for (attributes, expected) in [
        (
            "resourceAttributes: {verb: '*', resource: '*', group: '*'}",
            expect![[
                r#"Error wildcard spec.resourceAttributes.group: `*` stands for every group: no single request is meant at "{verb: '*', resource: '*', group: '*'}" (give one group, or leave it out for core)"#
            ]],
        ),
        (
            "resourceAttributes: {verb: use, resource: podsecuritypolicies}",
            expect![[
                r#"Error no-request-has-verb spec.resourceAttributes.verb: no request has verb `use`: the authorizer is asked about it while another request is handled at "use" (give the request it is about; the verb of an audit event follows from method and path)"#
            ]],
        ),
        (
            "resourceAttributes: {verb: GET, resource: pods}",
            expect![[
                r#"Error unknown-verb spec.resourceAttributes.verb: no request has verb `GET` at "GET" (did you mean `get`?)"#
            ]],
        ),
        (
            "resourceAttributes: {verb: get}",
            expect![[
                r#"Error missing-key spec.resourceAttributes.resource: the review has no `resource` at "{verb: get}" (give one, such as `pods`)"#
            ]],
        ),
        (
            "resourceAttributes: {verb: 1, resource: pods}",
            expect![[
                r#"Error wrong-type spec.resourceAttributes.verb: `spec.resourceAttributes.verb` must be a string, and is a number at "1" (put it in quotes)"#
            ]],
        ),
        (
            "nonResourceAttributes: {verb: get, path: /api/*}",
            expect![[
                r#"Error wildcard spec.nonResourceAttributes.path: `*` stands for many paths: no single request is meant at "{verb: get, path: /api/*}" (give one path, such as `/healthz`)"#
            ]],
        ),
        (
            "nonResourceAttributes: {verb: get}",
            expect![[
                r#"Error missing-key spec.nonResourceAttributes.path: the review has no `path` at "{verb: get}" (give one, such as `/healthz`)"#
            ]],
        ),
        (
            "nonResourceAttributes: {path: /a}\n  resourceAttributes: {verb: get, resource: pods}",
            expect![[
                r#"Error both-attributes spec.nonResourceAttributes: cannot be specified in combination with resourceAttributes at "{path: /a}" (remove one of them)"#
            ]],
        ),
        (
            "resourceAtributes: {verb: get, resource: pods}",
            expect![[r#"
            Error no-attributes spec: exactly one of nonResourceAttributes or resourceAttributes must be specified at "user: alice" (give `resourceAttributes` with `verb` and `resource`)
            Warning unknown-key spec: `spec` has no `resourceAtributes` at "resourceAtributes" (did you mean `resourceAttributes`?)"#]],
        ),
    ] {
        check(
            &format!(
                "kind: SubjectAccessReview\napiVersion: authorization.k8s.io/v1\nspec:\n  user: alice\n  groups: [system:authenticated]\n  {attributes}\n"
            ),
            expected,
        );
    }
    check(
        "kind: SubjectAccessReview\napiVersion: v1\n",
        expect![[r#"
        Error missing-key spec: the SubjectAccessReview has no `spec` at "kind: SubjectAccessReview" (give `spec.resourceAttributes` or `spec.nonResourceAttributes`)
        Warning unknown-api-version apiVersion: `apiVersion` is `v1`, and the kind is in authorization.k8s.io at "v1" (write `authorization.k8s.io/v1`)"#]],
    );
    check(
        "kind: TokenReview\napiVersion: authentication.k8s.io/v1\nspec: {token: a}\n",
        expect![[
            r#"Error asks-about-no-request: no request is meant by a TokenReview: it asks who a token is for, and about no request at "TokenReview" (give a SubjectAccessReview, an AdmissionReview, or the request itself)"#
        ]],
    );
    check(
        "kind: SelfSubjectRulesReview\n",
        expect![[
            r#"Error asks-about-no-request: no request is meant by a SelfSubjectRulesReview: it asks for all rules of a user, and about no single request at "SelfSubjectRulesReview" (give a SubjectAccessReview, an AdmissionReview, or the request itself)"#
        ]],
    );
}

#[test]
fn admission_reviews() {
    let review = |request: &str| {
        format!(
            r#"{{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{{"uid":"u","kind":{{"group":"apps","version":"v1","kind":"Deployment"}},"resource":{{"group":"apps","version":"v1","resource":"deployments"}},"namespace":"prod","userInfo":{{"username":"system:serviceaccount:ci:robot","uid":"9","groups":["system:authenticated"],"extra":{{"a":["b"]}}}},{request}}}}}"#
        )
    };
    check(
        &review(
            r#""name":"web","operation":"CREATE","object":{"kind":"Deployment", "apiVersion":"apps/v1"},"oldObject":null,"dryRun":true,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"my tool"}"#,
        ),
        expect![[r#"
            AdmissionReview of system:serviceaccount:ci:robot: POST /apis/apps/v1/namespaces/prod/deployments?dryRun=All&fieldManager=my+tool: create a deployment in namespace prod
            system:serviceaccount:ci:robot 9 Some(["system:authenticated"]) {"a": ["b"]} -> Some(201)
            Content-Type: application/json
            {"kind":"Deployment", "apiVersion":"apps/v1"}
            assumed request line: `POST /apis/apps/v1/namespaces/prod/deployments?dryRun=All&fieldManager=my+tool`, which rules see as what the review says
            assumed impersonation: none: of one who impersonates, the review has only whom they act as
            assumed request object: as the review has it, which is after defaults and other webhooks
            assumed verb: create; a server-side apply that creates the object is a `patch`, and makes the same review"#]],
    );
    check(
        &review(
            r#""name":"web","operation":"UPDATE","requestResource":{"group":"apps","version":"v1beta1","resource":"deployments"},"requestSubResource":"scale","subResource":"status","object":{},"oldObject":{}"#,
        ),
        expect![[r#"
            AdmissionReview of system:serviceaccount:ci:robot: PUT /apis/apps/v1beta1/namespaces/prod/deployments/web/scale: update the scale of deployment web in namespace prod
            system:serviceaccount:ci:robot 9 Some(["system:authenticated"]) {"a": ["b"]} -> Some(200)
            Content-Type: application/json
            {}
            or PATCH /apis/apps/v1beta1/namespaces/prod/deployments/web/scale where the client sent a patch, which is not in the review
            assumed request line: `PUT /apis/apps/v1beta1/namespaces/prod/deployments/web/scale`, which rules see as what the review says
            assumed impersonation: none: of one who impersonates, the review has only whom they act as
            assumed request object: as the review has it, which is after defaults and other webhooks
            assumed verb: update; a patch makes the same review"#]],
    );
    check(
        &review(
            r#""name":"web","operation":"DELETE","oldObject":{},"dryRun":true,"options":{"kind":"DeleteOptions","dryRun":["All"]}"#,
        ),
        expect![[r#"
            AdmissionReview of system:serviceaccount:ci:robot: DELETE /apis/apps/v1/namespaces/prod/deployments/web: delete deployment web in namespace prod
            system:serviceaccount:ci:robot 9 Some(["system:authenticated"]) {"a": ["b"]} -> Some(200)
            Content-Type: application/json
            {"kind":"DeleteOptions","dryRun":["All"]}
            assumed request line: `DELETE /apis/apps/v1/namespaces/prod/deployments/web`, which rules see as what the review says
            assumed impersonation: none: of one who impersonates, the review has only whom they act as"#]],
    );
    check(
        &review(r#""operation":"DELETE","oldObject":{}"#),
        expect![[r#"
            AdmissionReview of system:serviceaccount:ci:robot: DELETE /apis/apps/v1/namespaces/prod/deployments: delete all deployments in namespace prod
            system:serviceaccount:ci:robot 9 Some(["system:authenticated"]) {"a": ["b"]} -> Some(200)
            assumed request line: `DELETE /apis/apps/v1/namespaces/prod/deployments`, which rules see as what the review says
            assumed impersonation: none: of one who impersonates, the review has only whom they act as"#]],
    );
    check(
        "kind: AdmissionReview\napiVersion: admission.k8s.io/v1\nrequest:\n  operation: CONNECT\n  resource: {group: '', version: v1, resource: pods}\n  subResource: exec\n  name: web\n  namespace: dev\n  object: {kind: PodExecOptions}\n",
        expect![[r#"
            AdmissionReview: GET /api/v1/namespaces/dev/pods/web/exec: run a command in pod web in namespace dev
            kubernetes-admin  Some(["kubeadm:cluster-admins", "system:authenticated"]) {} -> Some(101)
            or POST /api/v1/namespaces/dev/pods/web/exec where the client sent a POST
            assumed request line: `GET /api/v1/namespaces/dev/pods/web/exec`, which rules see as what the review says
            assumed verb: get, as WebSocket clients connect; older ones use `create`
            assumed query: none: what is connected to with which options stands in the query, which is not in the review
            assumed user: kubernetes-admin, in kubeadm:cluster-admins and system:authenticated"#]],
    );
    check(
        "kind: AdmissionReview\napiVersion: admission.k8s.io/v1\nrequest:\n  operation: CREATE\n  resource: {version: v1, resource: configmaps}\n  namespace: dev\n  object:\n    kind: ConfigMap\n    apiVersion: v1\n    metadata: {name: a}\n",
        expect![[r#"
            AdmissionReview: POST /api/v1/namespaces/dev/configmaps: create a configmap in namespace dev
            kubernetes-admin  Some(["kubeadm:cluster-admins", "system:authenticated"]) {} -> Some(201)
            Content-Type: application/json
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}
            assumed request line: `POST /api/v1/namespaces/dev/configmaps`, which rules see as what the review says
            assumed request object: as the review has it, which is after defaults and other webhooks
            assumed verb: create; a server-side apply that creates the object is a `patch`, and makes the same review
            assumed user: kubernetes-admin, in kubeadm:cluster-admins and system:authenticated"#]],
    );
}

#[test]
fn admission_reviews_that_are_wrong() {
    for (rest, expected) in [
        (
            "response: {uid: a, allowed: true}",
            expect![[
                r#"Error missing-key request: the AdmissionReview holds the webhook's answer, and not what was asked at "kind: AdmissionReview" (give the one with `request`, which the webhook got)"#
            ]],
        ),
        (
            "",
            expect![[
                r#"Error missing-key request: the AdmissionReview has no `request` at "kind: AdmissionReview" (give the one that the server sends to a webhook)"#
            ]],
        ),
        (
            "request: {operation: CREAT, resource: {resource: pods, version: v1}}",
            expect![[
                r#"Error unknown-operation request.operation: `CREAT` is no operation at "CREAT" (did you mean `CREATE`?)"#
            ]],
        ),
        (
            "request: {resource: {resorce: pods, version: v1}}",
            expect![[r#"
                Error missing-key request.resource: the request has no name of a resource at "{resorce: pods, version: v1}" (give one, such as `pods`)
                Error missing-key request.operation: the request has no `operation` at "{resource: {resorce: pods, version: v1}}" (give CREATE, UPDATE, DELETE or CONNECT)
                Warning unknown-key request.resource: `request.resource` has no `resorce` at "resorce" (did you mean `resource`?)"#]],
        ),
        (
            "request: []",
            expect![[r#"
            Error wrong-type request: `request` must be a mapping, and is a list at "[]"
            Error missing-key request.resource: the request has no `resource` at "[]" (give `resource: {group, version, resource}`)
            Error missing-key request.operation: the request has no `operation` at "[]" (give CREATE, UPDATE, DELETE or CONNECT)"#]],
        ),
    ] {
        check(&format!("kind: AdmissionReview\napiVersion: admission.k8s.io/v1\n{rest}\n"), expected);
    }
    let finding = |text: &str| {
        let options = ReadOptions { format: Some(Format::Review), ..ReadOptions::default() };
        crate::request::read(text.as_bytes(), &options).unwrap_err().findings[0].message.clone()
    };
    assert_eq!(finding("kind: SubjectAccesReview"), "`SubjectAccesReview` is no review that is read here");
    assert_eq!(finding("a: b"), "the review has no `kind`");
    assert_eq!(finding("[]"), "the review has no `kind`");
    assert_eq!(finding("# nothing"), "the review has no `kind`");
}
