//! The inputs, made by code, each with its name. A new one is a line in one of the tables.

use audit_policy::Exchange;
use audit_policy::exchange::{LoggedObject, Objects};
use audit_policy::json::JsonText;
use audit_policy::request::{Format, ReadOptions, read};

use super::formats::{CURL, FORMS, REVIEWS};
use super::opened::OPENED;
use super::policies::POLICIES;
use super::requests::{HTTP, KUBECTL};
use super::run::Input;

/// The size of a large text in bytes.
pub const LARGE: usize = if cfg!(debug_assertions) { 1_000_000 } else { 10_000_000 };
/// Names in a list.
pub const MILLION: usize = LARGE / 10;
/// Rules, events, and the like.
pub const MANY: usize = LARGE / 100;
/// How deep things nest; ten times as deep as Kubernetes reads.
pub const DEEP: usize = 100_000;

type Make = Box<dyn Fn() -> Input>;

/// Every input with its name.
pub fn all() -> Vec<(String, Make)> {
    let mut all: Vec<(String, Make)> = Vec::new();
    for (name, make) in POLICIES {
        all.push((format!("policy: {name}"), Box::new(|| Input::Policy(make()))));
        // The scenario file and the manifests of kubectl are read by the same parser, but not by the same code after it.
        all.push((format!("scenario: {name}"), Box::new(|| Input::Request(make(), Some(Format::Scenario)))));
        all.push((format!("manifest: {name}"), Box::new(|| Input::KubectlWithFile("kubectl apply -f f.yaml", make()))));
        all.push((format!("apply: {name}"), Box::new(|| put("PATCH", "application/apply-patch+yaml", &make()))));
    }
    for (name, make) in JSONS {
        all.push((format!("policy: {name}"), Box::new(|| Input::Policy(make()))));
        all.push((format!("event: {name}"), Box::new(|| Input::Request(make(), Some(Format::Event)))));
        all.push((format!("scenario: {name}"), Box::new(|| Input::Request(make(), Some(Format::Scenario)))));
        all.push((format!("review: {name}"), Box::new(|| Input::Request(make(), Some(Format::Review)))));
        all.push((format!("untold: {name}"), Box::new(|| Input::Request(make(), None))));
        all.push((format!("body: {name}"), Box::new(|| put("PUT", "application/json", &make()))));
        all.push((format!("logged: {name}"), Box::new(|| logged(make()))));
    }
    for (format, table) in [
        (Format::Kubectl, KUBECTL),
        (Format::Http, HTTP),
        (Format::Event, EVENTS),
        (Format::Curl, CURL),
        (Format::Review, REVIEWS),
        (Format::Form, FORMS),
    ] {
        for (name, make) in table {
            all.push((format!("{format}: {name}"), Box::new(move || Input::Request(make(), Some(format)))));
        }
    }
    for (name, make) in ANY {
        for format in Format::ALL.into_iter().map(Some).chain([None]) {
            let shown = format.map_or("untold", Format::as_str);
            all.push((format!("{shown}: {name}"), Box::new(move || Input::Request(make(), format))));
        }
        all.push((format!("policy: {name}"), Box::new(|| Input::Policy(make()))));
        all.push((format!("body: {name}"), Box::new(|| put("PUT", "application/yaml", &make()))));
    }
    for (name, make) in POLICIES.iter().chain(JSONS).chain(ANY).chain(EVENTS).chain(OPENED) {
        all.push((format!("opened: {name}"), Box::new(|| Input::Opened(make()))));
    }
    for (name, command, make) in FILES {
        all.push((format!("file: {name}"), Box::new(|| Input::KubectlWithFile(command, make()))));
    }
    all
}

pub type Table<T> = &'static [(&'static str, fn() -> T)];

pub fn text(text: impl Into<Vec<u8>>) -> Vec<u8> {
    text.into()
}

pub fn times(part: &str, count: usize) -> String {
    part.repeat(count)
}

/// A part for each number.
pub fn each(count: usize, part: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for index in 0..count {
        all.push_str(&part(index));
    }
    all
}

/// A part as often as a large text holds it.
pub fn large(part: &str) -> String {
    part.repeat(LARGE / part.len() + 1)
}

pub const HEAD: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";

pub fn yaml(rest: impl AsRef<str>) -> Vec<u8> {
    format!("{HEAD}{}", rest.as_ref()).into_bytes()
}

fn json(rules: impl AsRef<str>) -> Vec<u8> {
    format!(r#"{{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{}]}}"#, rules.as_ref()).into_bytes()
}

const JSONS: Table<Vec<u8>> = &[
    ("10 MB of JSON rules", || json(times(r#"{"level":"Metadata"},"#, MANY * 4) + r#"{"level":"None"}"#)),
    ("JSON lists 100,000 deep", || json(times("[", DEEP))),
    ("JSON lists 9,990 deep, closed", || json(format!("{}{}", times("[", 9990), times("]", 9990)))),
    ("JSON objects 100,000 deep", || text(times("{\"a\":", DEEP))),
    ("JSON objects 9,990 deep, closed", || {
        text(format!(
            "{{\"kind\":\"Widget\",\"apiVersion\":\"x/v1\",\"metadata\":{}1{}}}",
            times("{\"a\":", 9990),
            times("}", 9990)
        ))
    }),
    ("JSON mixed 9,990 deep, again and again", || {
        let one = format!("{}1{}", times("[{\"a\":", 4990), times("}]", 4990));
        text(format!("{{\"spec\":[{one}{}]}}", times(&format!(",{one}"), LARGE / one.len())))
    }),
    ("JSON fields twice", || text(format!("{{{}\"a\":1}}", times("\"rules\":[{\"level\":\"None\"}],", MANY)))),
    ("JSON fields twice, growing lists", || {
        text(format!("{{{}\"a\":1}}", each(2000, |index| format!("\"rules\":[{}{{}}],", times("{},", 2000 - index)))))
    }),
    ("a million JSON fields", || text(format!("{{{}\"a\":1}}", each(MILLION, |index| format!("\"f{index}\":1,"))))),
    ("a JSON text of 10 MB", || text(format!("{{\"request\":\"{}\"}}", large("a")))),
    ("a JSON text of escapes", || text(format!("{{\"request\":\"{}\"}}", large("\\u0000\\n<")))),
    ("a JSON text of lone surrogates", || text(format!("{{\"request\":\"{}\"}}", large("\\ud800")))),
    ("a JSON text never closed", || text(format!("{{\"request\":\"{}", large("\\\"")))),
    ("a JSON number of 10 MB", || text(format!("{{\"version\":1{}}}", "0".repeat(LARGE)))),
    ("a JSON float of 10 MB", || text(format!("{{\"version\":1.{}e-9999999}}", "1".repeat(LARGE)))),
    ("a million JSON numbers", || text(format!("{{\"a\":[{}1]}}", times("1e-7,", MILLION)))),
    ("a JSON key of 10 MB", || text(format!("{{\"{}\":1}}", "k".repeat(LARGE)))),
    ("a policy file of JSON blanks", || text(format!("{{{}}}", large(" ")))),
];

const ANY: Table<Vec<u8>> = &[
    ("nothing", Vec::new),
    ("NULs", || vec![0; LARGE]),
    ("0xff", || vec![0xff; LARGE]),
    ("beginnings of characters", || b"\xf0\x9f".repeat(LARGE / 2)),
    ("lone surrogates in UTF-8", || b"\xed\xa0\x80".repeat(LARGE / 3)),
    ("every byte", || (0..LARGE).map(|index| (index % 256) as u8).collect()),
    ("noise", || {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state
        };
        const SIGNS: &[u8] = b"\n\n  -:?[]{},#&*!|>'\"%@`abc0\\$(;<=/.\t\r";
        (0..LARGE / 4).map(|_| SIGNS[(next() >> 16) as usize % SIGNS.len()]).collect()
    }),
    ("one line of letters", || text(large("a"))),
    ("carriage returns", || text(large("\r"))),
    ("braces", || text(large("{"))),
    ("brackets", || text(large("["))),
    ("quotes", || text(large("\""))),
    ("backslashes", || text(large("\\"))),
    ("emoji", || text(large("\u{1f600}"))),
];

const EVENTS: Table<Vec<u8>> = &[
    ("100,000 events", || text(times(&format!("{EVENT}\n"), MANY))),
    ("100,000 events in a list", || {
        text(format!(
            "{{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[{}{EVENT}]}}",
            times(&format!("{EVENT},"), MANY)
        ))
    }),
    ("100,000 events in an array", || text(format!("[{}{EVENT}]", times(&format!("{EVENT},"), MANY)))),
    ("100,000 events of different requests", || {
        text(each(MANY, |index| format!("{}\n", EVENT.replace("\"a\"", &format!("\"a{index}\"")))))
    }),
    ("lists of lists of events", || text(times("{\"kind\":\"EventList\",\"items\":[", DEEP))),
    ("an event with deep objects", || text(EVENT.replace("{}", &format!("{}{}", times("[", 9000), times("]", 9000))))),
    ("an event with an object of 10 MB", || {
        text(EVENT.replace("Object\":{}", &format!("Object\":[{}1]", large("{\"a\":null},"))))
    }),
    ("an event with annotations of 10 MB", || {
        text(EVENT.replacen(
            "\"level\"",
            &format!(
                "\"annotations\":{{{}\"x\":\"y\"}},\"level\"",
                each(MILLION, |index| format!("\"k{index}\":\"v\","))
            ),
            1,
        ))
    }),
    ("an event with a million groups", || {
        text(EVENT.replacen("\"username\"", &format!("\"groups\":[{}\"g\"],\"username\"", times("\"g\",", MILLION)), 1))
    }),
    ("an event with a uri of 10 MB", || text(EVENT.replacen("/api/v1", &large("/api%2f"), 1))),
    ("an event's beginning", || text(format!("{{\"kind\":\"Event\",\"requestURI\":\"{}", large("a")))),
    ("lines of braces", || text(large("{}\n"))),
    ("lines of broken events", || text(large("{\"kind\":\"Event\",\n"))),
    ("log lines before events", || text(large("2026-01-01 a {\"kind\":\"Event\"}\n"))),
];

const EVENT: &str = r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"a","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/d/pods/p","verb":"update","user":{"username":"u"},"sourceIPs":["10.0.0.1"],"objectRef":{"resource":"pods","namespace":"d","name":"p","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestObject":{},"responseObject":{},"requestReceivedTimestamp":"2026-01-01T00:00:00.000000Z","stageTimestamp":"2026-01-01T00:00:00.000000Z"}"#;

/// Names, kubectl commands that read the file `f.yaml`, and the file.
#[allow(clippy::type_complexity)]
const FILES: &[(&str, &str, fn() -> Vec<u8>)] = &[
    ("a config map of 10 MB", "kubectl create cm a --from-file=f.yaml", || text(large("a"))),
    ("a secret of 10 MB", "kubectl create secret generic a --from-file=f.yaml", || vec![0xff; LARGE]),
    ("an env file of 10 MB", "kubectl create cm a --from-env-file=f.yaml", || text(large("a=b\n"))),
    ("10 MB of objects", "kubectl apply -f f.yaml", || {
        text(large("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n"))
    }),
    ("199 objects of 10 MB", "kubectl apply -f f.yaml", || {
        let object = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {}}}\n---\n",
            "x".repeat(LARGE / 200)
        );
        text(times(&object, 199))
    }),
    ("a list of a million", "kubectl apply -f f.yaml", || {
        text(format!(
            "{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{}{{}}]}}",
            times("{\"kind\":\"List\"},", MILLION)
        ))
    }),
    ("lists in lists", "kubectl apply -f f.yaml", || {
        text(times("{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[", DEEP))
    }),
    ("nothing but separators", "kubectl apply -f f.yaml", || text(large("---\n"))),
    (
        "the same large file twenty times",
        "kubectl apply -f f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml",
        || text(format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {}}}\n", large("x"))),
    ),
    (
        "the same large file of nothing twenty times",
        "kubectl apply -f f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml",
        || text(format!("kind: List\napiVersion: v1\nitems: [{}]\n", times("{kind: List}, ", MILLION / 2))),
    ),
    (
        "the same large file in a pipe",
        "cat f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml | kubectl apply -f -",
        || text(large("a")),
    ),
    (
        "a patch of 10 MB",
        "kubectl patch cm a b c d e f g h i j k l m n o p q r s t u v w x y z --patch-file f.yaml",
        || text(format!("a: {}", large("b"))),
    ),
];

/// A request with this body.
fn put(method: &str, content_type: &str, body: &[u8]) -> Input {
    let head = format!("{method} /api/v1/namespaces/d/pods/p HTTP/1.1\r\nContent-Type: {content_type}\r\n\r\n");
    Input::Request([head.as_bytes(), body].concat(), Some(Format::Http))
}

/// An exchange whose objects are this text, JSON or not.
fn logged(object: Vec<u8>) -> Input {
    let reading = read(b"PUT /apis/x/v1/namespaces/d/widgets/p", &ReadOptions::default()).unwrap();
    let exchange = reading.requests.into_iter().next().unwrap().exchange;
    let object = LoggedObject::Decoded(JsonText::from_compact(object));
    Input::Exchange(Box::new(Exchange { objects: Objects { request: object.clone(), response: object }, ..exchange }))
}
