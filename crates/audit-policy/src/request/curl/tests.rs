use super::*;

fn read_with(text: &str, files: &[(&str, &str)]) -> Result<Reading, Unreadable> {
    let files = files.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())).collect();
    super::read(text.as_bytes(), &ReadOptions { files, ..ReadOptions::default() })
}

/// The requests on one line each, less `User-Agent: curl/8.5.0` and `Accept: */*`.
fn sent(text: &str) -> String {
    let files = [("f", "a\r\nb\n\0c\n"), ("dir/f.json", "{\"a\":\n1}"), ("h", "A: 1\nB: 2\n")];
    match read_with(text, &files) {
        Ok(reading) => {
            let shown = reading.requests.iter().map(|request| {
                let request = &request.exchange.request;
                let own = |name: &str, value: &str| {
                    (name == "User-Agent" && value == USER_AGENT) || (name == "Accept" && value == "*/*")
                };
                let headers = request.headers.iter().filter(|(name, value)| !own(name, &value.to_str_lossy()));
                let headers: Vec<_> = headers.map(|(name, value)| format!(" [{name}: {value}]")).collect();
                let body = if request.body.is_empty() { String::new() } else { format!(" {:?}", request.body) };
                format!("{} {}{}{body}", request.method, request.target, headers.concat())
            });
            shown.collect::<Vec<_>>().join(" + ")
        }
        Err(unreadable) => {
            let finding = &unreadable.findings[0];
            let place = finding.span.map(|span| text.get(span.start..span.end).unwrap()).unwrap_or_default();
            format!(
                "{} at {place:?}{}",
                finding.message,
                finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default()
            )
        }
    }
}

const FORM: &str = " [Content-Type: application/x-www-form-urlencoded]";

/// Each answer is what curl 7.88 sent to a server that prints what it gets, but for `Host` and `Content-Length`, the version, and the order
/// of headers of different names.
#[test]
fn requests_are_those_that_curl_sends() {
    for (arguments, expected) in [
        ("https://h", "GET /"),
        ("http://h/api/../../x/./y/.", "GET /x/y/"),
        ("--path-as-is http://h/api/../x", "GET /api/../x"),
        ("http://h/a/..", "GET /"),
        ("http://h//x//y", "GET //x//y"),
        ("http://h/%2e%2e/a/%2E/b", "GET /%2e%2e/a/%2E/b"),
        ("'http://h?a=b'", "GET /?a=b"),
        ("'http://h/?'", "GET /?"),
        ("'http://h/?#'", "GET /?"),
        ("'http://h/x#frag'", "GET /x"),
        ("http://h/é", "GET /%c3%a9"),
        ("'http://h/x?é=ü%2F'", "GET /x?é=ü%2F"),
        ("'http://h/x?a=../b'", "GET /x?a=../b"),
        ("http://h/x%zz", "GET /x%zz"),
        ("h:1/x", "GET /x"),
        ("-g 'http://h/x[1-2]{a,b}'", "GET /x[1-2]{a,b}"),
        (r"'http://h/\[1-2\]'", "GET /[1-2]"),
        ("'http://h/x?a[]=b'", "GET /x?a[]=b"),
        ("'http://h/[::1]'", "GET /[::1]"),
        ("--request-target '/a b' http://h/x", "GET /a b"),
        ("http://u:p@h/x", "GET /x [Authorization: Basic dTpw]"),
        ("-u a:b http://h/x", "GET /x [Authorization: Basic YTpi]"),
        ("--oauth2-bearer tok http://h/x", "GET /x [Authorization: Bearer tok]"),
        ("-X POST http://h/x", "POST /x"),
        ("-Xpost -d '' http://h/x", &format!("post /x{FORM}")),
        ("-d a=b http://h/x", &format!("POST /x{FORM} \"a=b\"")),
        ("http://h/x -da -d b", &format!("POST /x{FORM} \"a&b\"")),
        ("-d '' -d a http://h/x", &format!("POST /x{FORM} \"&a\"")),
        ("-XGET http://h/x -d a", &format!("GET /x{FORM} \"a\"")),
        ("-d @f http://h/x", &format!("POST /x{FORM} \"abc\"")),
        ("--data-binary @f http://h/x", &format!("POST /x{FORM} {:?}", GoString::from("a\r\nb\n\0c\n"))),
        ("--data-raw @f http://h/x", &format!("POST /x{FORM} \"@f\"")),
        (
            "--data-urlencode 'a=b c/é' --data-urlencode '=x y' --data-urlencode name@f --data-urlencode 'b c' http://h/x",
            &format!("POST /x{FORM} \"a=b+c%2F%C3%A9&x+y&name=a%0D%0Ab%0A%00c%0A&b+c\""),
        ),
        (
            "--json '{\"a\":1}' http://h/x",
            "POST /x [Content-Type: application/json] [Accept: application/json] \"{\\\"a\\\":1}\"",
        ),
        ("--json 1 --json 2 -H 'accept: z' http://h/x", "POST /x [accept: z] [Content-Type: application/json] \"12\""),
        ("-d a --json b http://h/x", "POST /x [Content-Type: application/json] [Accept: application/json] \"ab\""),
        ("--json a -d b http://h/x", "POST /x [Content-Type: application/json] [Accept: application/json] \"a&b\""),
        ("-H 'Content-Type: application/json' -d {} http://h/x", "POST /x [Content-Type: application/json] \"{}\""),
        ("-H content-type: -d {} http://h/x", "POST /x \"{}\""),
        ("-G -d a=b -d c%2Cd 'http://h/x?q=1%2F'", "GET /x?q=1%2F&a=b&c%2cd"),
        ("-G -d a 'http://h/x?'", "GET /x?a"),
        ("-G -d '' 'http://h/x#f'", "GET /x"),
        ("-G -I -d a=b http://h/x", "HEAD /x?a=b"),
        (
            "-G --data-urlencode 'labelSelector=app in (a,b)' --data-urlencode limit=5 http://h/x",
            "GET /x?labelSelector=app+in+%28a%2cb%29&limit=5",
        ),
        ("--url-query a=b http://h/x", "GET /x?a=b"),
        ("-I http://h/x", "HEAD /x"),
        ("-T dir/f.json http://h/x", "PUT /x \"{\\\"a\\\":\\n1}\""),
        ("-T dir/f.json http://h/d/", "PUT /d/f.json \"{\\\"a\\\":\\n1}\""),
        ("-X PATCH -T dir/f.json http://h/x", "PATCH /x \"{\\\"a\\\":\\n1}\""),
        ("-A '' http://h/x", "GET /x"),
        ("-A me http://h/x", "GET /x [User-Agent: me]"),
        ("-b a=b -e http://ref/ http://h/x", "GET /x [Referer: http://ref/] [Cookie: a=b]"),
        ("-b cookiefile -e ';auto' http://h/x", "GET /x"),
        ("--compressed http://h/x", "GET /x [Accept-Encoding: deflate, gzip, br, zstd]"),
        ("-H User-Agent: -H Accept: -H 'X-A;' -H 'X-B:  c ' -H X-C -H '' http://h/x", "GET /x [X-A: ] [X-B: c]"),
        ("-H @h http://h/x", "GET /x [A: 1] [B: 2]"),
        ("-sSkLvXPOST -H'A: b' --http1.1 -o /dev/null -w '%{http_code}' http://h/x", "POST /x [A: b]"),
        ("-d a --url http://h/1 http://h/2", &format!("POST /1{FORM} \"a\" + POST /2{FORM} \"a\"")),
        ("-d a http://h/1 --next -I http://h/2", &format!("POST /1{FORM} \"a\" + HEAD /2")),
        ("--no-keepalive --no-insecure -N http://h/x", "GET /x"),
        (
            "-F a=b http://h/x",
            "POST /x [Content-Type: multipart/form-data; boundary=------------------------0000000000000000]",
        ),
    ] {
        assert_eq!(sent(&format!("curl {arguments}")), expected, "{arguments}");
    }
}

#[test]
fn what_curl_refuses_is_refused() {
    for (arguments, expected) in [
        (
            "-s",
            "the command has no URL at \"curl -s\" (give the server's, such as `https://127.0.0.1:6443/api/v1/pods`)",
        ),
        (
            "--data=foo http://h",
            "curl has no option `--data=foo` at \"--data=\" (put a blank before its value: `--data VALUE`)",
        ),
        ("--insecur http://h", "curl has no option `--insecur` at \"--insecur\" (write the whole name: `--insecure`)"),
        ("--heder a http://h", "curl has no option `--heder` at \"--heder\" (did you mean `--header`?)"),
        ("-kd", "`-kd` needs a value at \"-kd\" (give it after the option)"),
        ("-kö http://h", "curl has no option `-ö` at \"-kö\""),
        (
            "'http://h/x y'",
            "curl refuses a URL with a blank at \"'http://h/x y'\" (write `%20` for a blank, or give parameters with `-G --data-urlencode`)",
        ),
        (
            "-G -d 'c d' http://h/x",
            "curl refuses a query with a blank at \"http://h/x\" (give it with `-G --data-urlencode`)",
        ),
        (
            "http://h/{a,b}",
            "`{` is a pattern to curl, which stands for many URLs at \"http://h/{a,b}\" (write out the URLs that are meant, or add `--globoff` to take it as it is)",
        ),
        ("ftp://h/x", "`ftp` is not HTTP at \"ftp://h/x\" (give a URL that begins with `https://`)"),
        (
            "/api/v1/pods",
            "the URL has no host at \"/api/v1/pods\" (begin it with the server's, such as `https://127.0.0.1:6443`)",
        ),
        (
            "-d a -I http://h",
            "curl sends only one kind of request at once at \"curl -d a -I http://h\" (take one of `--data`, `--upload-file`, `--form` and `--head`, and set the method with `--request`)",
        ),
        ("-H 'a", "a quote is opened and not closed at \"a\" (close it with the same quote)"),
    ] {
        assert_eq!(sent(&format!("curl {arguments}")), expected, "{arguments}");
    }
    assert_eq!(
        sent("wget http://h"),
        "no curl command here at \"wget http://h\" (begin with `curl`, such as `curl https://127.0.0.1:6443/api/v1/pods`)"
    );
}

#[test]
fn what_the_shell_makes_of_it() {
    for (text, expected) in [
        ("curl \"$APISERVER/api/v1/pods?limit=5\"", "GET /api/v1/pods?limit=5"),
        (
            "curl https://$(minikube ip):8443/api -H \"Authorization: Bearer $TOKEN\"",
            "GET /api [Authorization: Bearer $TOKEN]",
        ),
        ("curl ${SERVER}/api/v1/namespaces/${NS}/pods", "GET /api/v1/namespaces/${NS}/pods"),
        ("NS=prod\nN=x; curl http://h/namespaces/$NS/${N}/$NSX", "GET /namespaces/prod/x/$NSX"),
        (
            "echo '{}' | curl -d @- -H 'Content-Type: application/json' http://h",
            "POST / [Content-Type: application/json] \"{}\"",
        ),
        (
            "curl --json @- http://h <<EOF\n{\"a\": 1}\nEOF",
            "POST / [Content-Type: application/json] [Accept: application/json] \"{\\\"a\\\": 1}\\n\"",
        ),
        ("$ sudo /usr/bin/curl http://h/x | jq .", "GET /x"),
    ] {
        assert_eq!(sent(text), expected, "{text}");
    }
}

#[test]
fn what_is_assumed_is_told() {
    let told = |text: &str| {
        let reading = read_with(text, &[]).unwrap();
        let about = ["server", "user", "user agent", "source IP"];
        let assumed = reading.assumed.iter().filter(|told| about.contains(&told.about.as_str()));
        let assumed = assumed.map(|told| format!("{}: {}", told.about, told.text));
        assumed.chain(reading.findings.iter().map(|finding| finding.message.clone())).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        told("curl -k https://10.0.0.1:6443/version"),
        "server: `10.0.0.1:6443` is taken for kube-apiserver\nuser agent: curl/8.5.0\n\
         user: system:anonymous, in system:unauthenticated: the command sends no certificate, token or password\nsource IP: 192.0.2.10"
            .replace("server: `10.0.0.1:6443` is taken for kube-apiserver\nuser agent: curl/8.5.0\n", "user agent: curl/8.5.0\nserver: `10.0.0.1:6443` is taken for kube-apiserver\n")
    );
    assert_eq!(
        told("curl -A x http://localhost:8001/version"),
        "server: `localhost:8001` is taken for kubectl proxy: the user is that of its kubeconfig\n\
         user: kubernetes-admin, in kubeadm:cluster-admins and system:authenticated\nsource IP: 192.0.2.10"
    );
    assert_eq!(
        told("curl --cert a.crt -A x https://h/api -d @no"),
        "server: `h` is taken for kube-apiserver\nuser: kubernetes-admin, in kubeadm:cluster-admins and system:authenticated\n\
         source IP: 192.0.2.10\nthe content of `no` is not known: it is left out\n\
         curl sends the body as application/x-www-form-urlencoded, which kube-apiserver answers with 415\n\
         who the certificate is for is not in the command: the user is assumed"
    );
}

#[test]
fn files_are_named() {
    assert_eq!(
        files_named(
            b"curl -d @a --data-binary @b --data-urlencode x@c -T d -H @e --data-raw @f --json @- http://h --cert g"
        ),
        ["-", "a", "b", "c", "d", "e"]
    );
    assert_eq!(files_named(b"curl -d @- http://h < i"), ["i"]);
}

#[test]
fn requests_are_written_as_commands() {
    let request = HttpRequest {
        method: "PATCH".into(),
        target: "/api/v1/nodes/a?b={c}".into(),
        headers: vec![("User-Agent".to_owned(), "it's me".into()), ("X-A".to_owned(), GoString::new())],
        body: "@{'a': $b}".into(),
    };
    assert_eq!(
        write(&request).unwrap(),
        "curl -k --cert client.crt --key client.key -X PATCH -g 'https://127.0.0.1:6443/api/v1/nodes/a?b={c}' \\\n  \
         -H 'User-Agent: it'\\''s me' \\\n  -H 'X-A;' \\\n  -H 'Accept:' \\\n  -H 'Content-Type:' \\\n  --data-raw '@{'\\''a'\\'': $b}'"
    );
    // A header's name that begins so would name a file.
    let odd = HttpRequest { headers: vec![("@a".to_owned(), "b".into())], ..request };
    assert_eq!(write(&odd), None);
}
use crate::GoString;

#[test]
fn who_a_password_is_for_depends_on_the_release() {
    let user = |text: &str, minor: u8| {
        let release = crate::Release::new(minor).unwrap();
        let reading = read(text.as_bytes(), &ReadOptions { release, ..ReadOptions::default() }).unwrap();
        let Authentication::User(user) = &reading.requests[0].exchange.authentication else { panic!("{text}") };
        let groups: Vec<String> = user.groups.iter().flatten().map(GoString::to_string).collect();
        let assumed = reading.assumed.iter().any(|assumed| assumed.about == "user");
        format!("{} {} {assumed} {}", user.username, groups.join(","), reading.findings.len())
    };
    let anonymous = "system:anonymous system:unauthenticated true 0";
    let unknown = "kubernetes-admin kubeadm:cluster-admins,system:authenticated true 1";
    for (arguments, minor, expected) in [
        ("-k -u alice:secret https://h/api", 37, anonymous),
        ("-k -u alice:secret https://h/api", 19, anonymous),
        ("-k -u alice:secret https://h/api", 18, "alice system:authenticated false 1"),
        ("-k https://bob:x@h/api", 18, "bob system:authenticated false 1"),
        ("-k -H 'Authorization: Basic !' https://h/api", 18, anonymous),
        ("-k -H 'Authorization: Bearer ' https://h/api", 37, anonymous),
        ("-k -H 'Authorization: bearer abc' https://h/api", 37, unknown),
        ("--oauth2-bearer abc https://h/api", 37, unknown),
        ("--cert a.crt -u alice:secret https://h/api", 18, unknown),
        ("-u alice:secret http://h/api", 37, "kubernetes-admin kubeadm:cluster-admins,system:authenticated true 0"),
    ] {
        assert_eq!(user(&format!("curl {arguments}"), minor), expected, "{arguments} {minor}");
    }
}

#[test]
fn a_mistyped_option_can_be_mended() {
    for (text, expected) in [
        ("curl --heder 'A: b' https://h", Some("curl --header 'A: b' https://h")),
        ("curl --insecur https://h", Some("curl --insecure https://h")),
        ("curl --data=foo https://h", Some("curl --data foo https://h")),
        ("curl --json='{\"a\": 1}' https://h", Some("curl --json '{\"a\": 1}' https://h")),
        ("curl --heder --heder https://h", Some("curl --header --heder https://h")),
        ("curl --frobnicate https://h", None),
    ] {
        let unreadable = read(text.as_bytes(), &ReadOptions::default()).unwrap_err();
        let fixed = unreadable.findings[0].fix.as_ref().map(|fix| fix.apply(text));
        assert_eq!(fixed.as_deref(), expected, "{:?}", unreadable.findings);
    }
}
