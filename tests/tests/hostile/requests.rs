//! kubectl command lines and raw HTTP.

use super::inputs::{DEEP, LARGE, MANY, MILLION, Table, each, large, text, times};

pub const KUBECTL: Table<Vec<u8>> = &[
    ("a million words", || text(format!("kubectl get pods {}", times("a ", MILLION)))),
    ("a million names to delete", || {
        text(format!("kubectl delete pod {}", each(MILLION, |index| format!("p{index} "))))
    }),
    ("a million slashed names", || text(format!("kubectl get {}", times("pod/a ", MILLION)))),
    ("a million slashed names of custom resources", || {
        text(format!("kubectl get {}", each(MILLION, |index| format!("w{index}/a "))))
    }),
    ("a million types", || text(format!("kubectl get {}", times("pods,", MILLION)))),
    ("a million times all types", || text(format!("kubectl get {}", times("all,", MILLION)))),
    ("a million custom types", || text(format!("kubectl get {}", each(MILLION, |index| format!("widget{index},"))))),
    ("a custom type of 10 MB", || text(format!("kubectl get {}", large("w.")))),
    ("a type of 10 MB", || text(format!("kubectl get {}", large("pod")))),
    ("a million flags", || text(format!("kubectl get pods {}", times("-n a ", MILLION)))),
    ("a flag of 10 MB", || text(format!("kubectl get pods --{}", large("nam")))),
    ("a million switches in one word", || text(format!("kubectl get pods -{}", large("A")))),
    ("a command of 10 MB", || text(format!("kubectl {}", large("get")))),
    ("a million commands", || text(times("kubectl get pods; ", MILLION / 2))),
    ("a million other commands", || text(format!("{} kubectl get pods", times("a; ", MILLION)))),
    ("a million pipes", || text(format!("{} kubectl apply -f -", times("cat | ", MILLION)))),
    ("a million kubectl in pipes", || {
        text(format!("{} kubectl apply -f -", times("kubectl create ns a --dry-run=client -o yaml | ", MILLION / 10)))
    }),
    ("echo of 10 MB", || text(format!("echo '{}' | kubectl apply -f -", large("a: b\\n")))),
    ("a million variables", || text(format!("{} kubectl get pods", times("A=b ", MILLION)))),
    ("quotes in quotes", || text(format!("kubectl get {}", large("\"'\"'")))),
    ("a quote never closed", || text(format!("kubectl get '{}", large("a")))),
    ("many double quotes", || text(format!("kubectl get {}", large("\"a\"")))),
    ("expansions never closed", || text(format!("kubectl get {}", large("$(")))),
    ("expansions in quotes never closed", || text(format!("kubectl get \"{}", large("${a")))),
    ("backticks", || text(format!("kubectl get {}", large("`a`")))),
    ("many expansions", || text(format!("kubectl get {}", large("$(a)")))),
    ("many variables in a word", || text(format!("kubectl get \"{}\"", large("$a ")))),
    ("heredocs never closed", || text(format!("kubectl apply -f - {}\n{}", times("<<A ", MILLION / 10), large("a\n")))),
    ("a heredoc of 10 MB", || {
        text(format!(
            "kubectl apply -f - <<EOF\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a: {}\nEOF\n",
            large("a")
        ))
    }),
    ("heredocs one after the other", || text(times("kubectl apply -f - <<A\na: b\nA\n", MANY))),
    ("continued lines", || text(format!("kubectl get pods {}", large("\\\n")))),
    ("prompts", || text(large("$ "))),
    ("comments before", || text(format!("{}kubectl get pods", large("# a\n")))),
    ("operators", || text(format!("kubectl get pods {}", large("|&;<>()")))),
    ("a patch of 10 MB", || text(format!("kubectl patch cm a --type=merge -p '{{\"a\":\"{}\"}}'", large("<")))),
    ("a patch of 10 MB on many", || {
        text(format!(
            "kubectl patch cm {} --type=merge -p '{{\"a\":\"{}\"}}'",
            each(200, |index| format!("c{index} ")),
            large("<")
        ))
    }),
    ("a patch of deep JSON", || text(format!("kubectl patch cm a -p '{}'", times("{\"a\":", DEEP)))),
    ("a patch of deep YAML", || text(format!("kubectl patch cm a -p 'a: {}'", times("[", 9990)))),
    ("a namespace of 10 MB for many", || {
        text(format!("kubectl get pods {} -n {}", each(400, |index| format!("c{index} ")), large("n")))
    }),
    ("groups of 10 MB for many", || {
        text(format!(
            "kubectl get pods {} --as=a {}",
            each(400, |index| format!("c{index} ")),
            times("--as-group=g ", MILLION)
        ))
    }),
    ("extras for many", || {
        text(format!(
            "kubectl get pods {} --as=a {}",
            each(400, |index| format!("c{index} ")),
            times("--as-user-extra=a=b ", MILLION / 2)
        ))
    }),
    ("50 patches of 10 MB", || {
        text(times(&format!("kubectl patch cm a b c d e f -p '{{\"a\":\"{}\"}}'; ", "x".repeat(LARGE / 50)), 50))
    }),
    ("a million literals", || {
        text(format!("kubectl create cm a {}", each(MILLION, |index| format!("--from-literal=k{index}=v "))))
    }),
    ("a million labels", || text(format!("kubectl label pod a {}", each(MILLION, |index| format!("k{index}=v "))))),
    ("a million roles' resources", || {
        text(format!("kubectl create role a --verb=get {}", times("--resource=pods ", MILLION)))
    }),
    ("a million roles' custom resources", || {
        text(format!(
            "kubectl create role a --verb=get --resource={}",
            each(MILLION / 2, |index| format!("w.g{index}.x.y,"))
        ))
    }),
    ("a million ingress rules", || {
        text(format!(
            "kubectl create ingress a {}",
            each(MILLION / 2, |index| format!("--rule=h{index}/=s:80,tls=s{index} "))
        ))
    }),
    ("a million images", || text(format!("kubectl create deployment a {}", times("--image=a ", MILLION)))),
    ("a million environment variables", || {
        text(format!("kubectl set env deploy/a {}", each(MILLION, |index| format!("K{index}=v "))))
    }),
    ("a million set images", || {
        text(format!("kubectl set image deploy/a {}", each(MILLION, |index| format!("c{index}=i "))))
    }),
    ("a raw path of 10 MB", || text(format!("kubectl get --raw /{}", large("a?b=%41&")))),
    ("a selector of 10 MB", || text(format!("kubectl get pods -l '{}'", large("a in (b,c),")))),
    ("a field selector of 10 MB", || {
        text(format!("kubectl delete pods --field-selector '{}'", large("metadata.name=b,")))
    }),
    ("exec with a million words", || text(format!("kubectl exec a -- {}", times("a ", MILLION)))),
    ("a timeout of 10 MB", || text(format!("kubectl get pods a b c --request-timeout={}s", "9".repeat(LARGE)))),
    ("expanding variables", || text(format!("kubectl logs {}", times("$POD ", MILLION)))),
];

pub const HTTP: Table<Vec<u8>> = &[
    ("a path of 10 MB", || text(format!("GET /api/v1/{}", large("a/")))),
    ("slashes", || text(format!("GET {}", large("/")))),
    ("dots", || text(format!("GET {}", large("/..")))),
    ("escapes", || text(format!("GET /api/v1/{}", large("%2f")))),
    ("a query of 10 MB", || text(format!("GET /api/v1/pods?{}", large("a=b&")))),
    ("a query of semicolons", || text(format!("GET /api/v1/pods?{}", large("a;")))),
    ("a query of escapes", || text(format!("GET /api/v1/pods?watch={}", large("%31")))),
    ("a field selector of 10 MB", || text(format!("GET /api/v1/pods?fieldSelector={}", large("metadata.name=a,")))),
    ("a field selector of escapes", || text(format!("GET /api/v1/pods?fieldSelector={}", large("a\\,=b,")))),
    ("a label selector of 10 MB", || text(format!("GET /api/v1/pods?labelSelector={}", large("a+in+(b,c),")))),
    ("a label selector of values", || text(format!("GET /api/v1/pods?labelSelector=a+in+({})", large("b,")))),
    ("a label selector of parentheses", || text(format!("GET /api/v1/pods?labelSelector={}", large("a+in+(")))),
    ("a timeout of 10 MB", || text(format!("GET /api/v1/pods?timeout={}", large("1h")))),
    ("a timeout of digits", || text(format!("GET /api/v1/pods?timeout={}s", large("1")))),
    ("a method of 10 MB", || text(format!("{} /api", large("G")))),
    ("a header of 10 MB", || text(format!("GET /api\nUser-Agent: {}\n", large("a")))),
    ("a header's name of 10 MB", || text(format!("GET /api\n{}: a\n", large("a")))),
    ("a million headers", || text(format!("GET /api\n{}", each(MILLION, |index| format!("X-{index}: a\n"))))),
    ("a million times the same header", || text(format!("GET /api\n{}", times("X-A: a\n", MILLION)))),
    ("a million folded lines", || text(format!("GET /api\nX-A: a\n{}", times(" b\n", MILLION)))),
    ("forwarded for a million", || text(format!("GET /api\nX-Forwarded-For: {}\n", large("10.0.0.1, ")))),
    ("forwarded for a million IPv6", || {
        text(format!("GET /api\nX-Forwarded-For: {}\n", each(MILLION, |index| format!("::{:x}, ", index % 65536))))
    }),
    ("forwarded for one of 10 MB", || text(format!("GET /api\nX-Forwarded-For: {}\n", large("1")))),
    ("a million groups", || {
        text(format!("GET /api\nImpersonate-User: a\n{}", times("Impersonate-Group: b\n", MILLION)))
    }),
    ("a million extras", || {
        text(format!(
            "GET /api\nImpersonate-User: a\n{}",
            each(MILLION, |index| format!("Impersonate-Extra-{index}: b\n"))
        ))
    }),
    ("a million values of an extra", || {
        text(format!("GET /api\nImpersonate-User: a\n{}", times("Impersonate-Extra-a: b\n", MILLION)))
    }),
    ("a user of 10 MB", || text(format!("GET /api\nImpersonate-User: {}\n", large("a:")))),
    ("a refused user of 10 MB", || {
        text(format!("GET /api/v1/pods\nImpersonate-User: {}\n\nHTTP/1.1 403 Forbidden\n", large("a<")))
    }),
    ("an authorization of 10 MB", || text(format!("GET /api\nAuthorization: Basic {}\n", large("YTpi")))),
    ("an audit id of 10 MB", || text(format!("GET /api\nAudit-ID: {}\n", large("a")))),
    ("chunks of one byte", || {
        text(format!("PUT /api/v1/pods/a HTTP/1.1\nTransfer-Encoding: chunked\n\n{}0\n\n", times("1\na\n", MILLION)))
    }),
    ("a chunk size of 10 MB", || {
        text(format!("PUT /api/v1/pods/a HTTP/1.1\nTransfer-Encoding: chunked\n\n{}\na\n", large("f")))
    }),
    ("chunk extensions of 10 MB", || {
        text(format!("PUT /api/v1/pods/a HTTP/1.1\nTransfer-Encoding: chunked\n\n1;{}\na\n0\n\n", large("a")))
    }),
    ("a chunk longer than the text", || {
        text(format!("PUT /a HTTP/1.1\nTransfer-Encoding: chunked\n\nffffffffffffffff\n{}", large("a")))
    }),
    ("responses one after the other", || text(format!("GET /api\n\n{}", times("HTTP/1.1 100 Continue\n\n", MANY)))),
    ("requests one after the other", || text(times("GET /api HTTP/1.1\nHost: a\n\n", MANY))),
    ("a body of status lines", || text(format!("PUT /api/v1/pods/a\n\n{}", large("HTTP/1.1 200\n")))),
    ("chunked responses in a body", || {
        text(format!("PUT /x\n\n{}", times("HTTP/1.1 100\nTransfer-Encoding: chunked\n\nfff\n", MANY)))
    }),
    ("a curl trace of 10 MB", || text(format!("> GET /api HTTP/2\n{}", large("> a: b\n< c: d\n{ [5 bytes data]\n")))),
    ("a curl trace of nothing", || text(large("* a\n"))),
    ("a content length too large", || {
        text(format!("PUT /api/v1/pods/a HTTP/1.1\nContent-Length: {}\n\na", "9".repeat(LARGE)))
    }),
    ("an absolute target of 10 MB", || text(format!("GET https://{}/api", large("a.")))),
    ("an IPv6 host of 10 MB", || text(format!("GET https://[{}]/api", large("1:")))),
    ("a response of 10 MB", || {
        text(format!(
            "GET /api/v1/pods\n\nHTTP/1.1 200 OK\n\n{{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{}1]}}",
            large("{\"metadata\":{\"managedFields\":[]}},")
        ))
    }),
    ("a table of 10 MB", || {
        text(format!(
            "GET /api/v1/pods\n\nHTTP/1.1 200 OK\n\n{{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"rows\":[{}1]}}",
            large("{\"cells\":[],\"object\":{\"metadata\":{\"a\":1,\"managedFields\":[{}]}}},")
        ))
    }),
    ("a status of 10 MB", || {
        text(format!(
            "GET /api/v1/pods/a\n\nHTTP/1.1 404\n\n{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"message\":\"{}\",\"details\":{{\"causes\":[{}]}}}}",
            large("<"),
            times("{\"a\":\"\\ud800\"},", MANY) + "{}"
        ))
    }),
    ("a status 9,990 deep", || {
        text(format!(
            "GET /api/v1/pods/a\n\nHTTP/1.1 404\n\n{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"details\":{}1{}}}",
            times("{\"a\":", 9990),
            times("}", 9990)
        ))
    }),
    ("a pod with managed fields", || {
        let entry = "{\"manager\":\"a\",\"time\":\"2026-01-01T00:00:00Z\",\"fieldsV1\":{\"f:a\":{\"f:b\":{}}}},";
        text(format!(
            "POST /api/v1/namespaces/a/pods\nContent-Type: application/json\n\n{{\"metadata\":{{\"name\":\"a\",\"managedFields\":[{}{{}}]}},\"spec\":{{}}}}",
            large(entry)
        ))
    }),
    ("a pod with deep managed fields", || {
        text(format!(
            "POST /api/v1/namespaces/a/pods\n\n{{\"metadata\":{{\"managedFields\":[{{\"fieldsV1\":{}{}}}]}}}}",
            times("{\"f:a\":", 9900),
            times("}", 9900).replacen('}', "{}}", 1)
        ))
    }),
    ("a pod with a million labels", || {
        text(format!(
            "POST /api/v1/namespaces/a/pods\n\n{{\"metadata\":{{\"labels\":{{{}\"a\":\"b\"}}}}}}",
            each(MILLION, |index| format!("\"l{}\":\"\",", MILLION - index))
        ))
    }),
    ("a pod with a million owners", || {
        text(format!(
            "POST /api/v1/namespaces/a/pods\n\n{{\"metadata\":{{\"ownerReferences\":[{}{{}}]}}}}",
            times("{\"uid\":\"a\",\"controller\":true},", MILLION / 3)
        ))
    }),
    ("a pod with a million fields", || {
        text(format!(
            "POST /api/v1/namespaces/a/pods\n\n{{{}\"metadata\":{{}}}}",
            each(MILLION, |index| format!("\"f{index}\":{{}},"))
        ))
    }),
    ("a secret of 10 MB", || {
        text(format!(
            "POST /api/v1/namespaces/a/secrets\n\n{{\"data\":{{{}\"a\":\"{}\"}},\"stringData\":{{\"b\":\"{}\"}}}}",
            each(MANY, |index| format!("\"k{index}\":\"YQ==\",")),
            large("YWFh"),
            large("<")
        ))
    }),
    ("a config map of 10 MB", || {
        text(format!(
            "POST /api/v1/namespaces/a/configmaps\n\n{{\"data\":{{{}\"a\":\"b\"}}}}",
            each(MILLION, |index| format!("\"k{index}\":\"v\","))
        ))
    }),
    ("delete options of 10 MB", || {
        text(format!("DELETE /api/v1/namespaces/a/pods/b\n\n{{\"dryRun\":[{}\"a\"]}}", large("\"All\",")))
    }),
    ("a custom resource of 10 MB", || {
        text(format!(
            "POST /apis/example.com/v1/namespaces/a/widgets\n\n{{\"spec\":[{}1]}}",
            large("{\"b\":1e3,\"a\":null},")
        ))
    }),
];
