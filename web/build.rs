//! Asks the engine what it reads the request of a first visit as, and writes that as Rust, so that the first answer needs nothing that
//! reads requests.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use audit_policy::event::UserInfo;
use audit_policy::exchange::{Authentication, HttpRequest, Impersonation, Objects, Outcome, Response, Times};
use audit_policy::request::{Reading, Request, read};
use audit_policy::{Exchange, GoString, Timestamp};

/// The request of a first visit.
const REQUEST: &str = "src/first-request.txt";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={REQUEST}");
    let text = fs::read(REQUEST)?;
    let reading = read(&text, &Default::default()).map_err(|unreadable| format!("{:?}", unreadable.findings))?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("first_reading.rs"), reading_in_rust(&reading)?)?;
    Ok(())
}

/// A reading as an expression of Rust; what no first example needs is refused.
fn reading_in_rust(reading: &Reading) -> Result<String, Box<dyn Error>> {
    let Reading { format, understood, assumed, findings, requests, discovery, pick } = reading;
    if !findings.is_empty() {
        return Err("the first example has findings".into());
    }
    let assumed = list(assumed, |assumed| {
        format!("Assumption {{ about: {}, text: {} }}", string(&assumed.about), string(&assumed.text))
    });
    Ok(format!(
        "Reading {{ format: Format::{format:?}, understood: {}, assumed: {assumed}, findings: Vec::new(), requests: {}, discovery: {}, \
         pick: {pick} }}",
        string(understood),
        requests_in_rust(requests)?,
        requests_in_rust(discovery)?
    ))
}

fn requests_in_rust(requests: &[Request]) -> Result<String, Box<dyn Error>> {
    let mut all = String::new();
    for Request { purpose, when, exchange } in requests {
        let when = option(when.as_ref().map(|when| string(when)));
        let exchange = exchange_in_rust(exchange)?;
        write!(all, "Request {{ purpose: {}, when: {when}, exchange: {exchange} }},", string(purpose))?;
    }
    Ok(format!("vec![{all}]"))
}

fn exchange_in_rust(exchange: &Exchange) -> Result<String, Box<dyn Error>> {
    let Exchange {
        request: HttpRequest { method, target, headers, body },
        source_ips,
        authentication: Authentication::User(UserInfo { username, uid, groups, extra }),
        impersonation: Impersonation::None,
        authentication_metadata: None,
        response: Response { code, body: answer },
        outcome: Outcome::Complete,
        objects,
        annotations,
        times: Times { request_received, stages },
        audit_id,
    } = exchange
    else {
        return Err("the first example needs more than build.rs writes".into());
    };
    if !extra.is_empty() || *objects != Objects::default() {
        return Err("the first example needs more than build.rs writes".into());
    }
    let headers = list(headers, |(name, value)| format!("({}, {})", string(name), bytes(value)));
    let groups = option(groups.as_ref().map(|groups| list(groups, bytes)));
    let annotations = list(annotations, |(stage, of_stage)| {
        let of_stage = list(of_stage, |(key, value)| format!("({}, {})", string(key), bytes(value)));
        format!("(Stage::{stage:?}, map({of_stage}))")
    });
    let stages = list(stages, |(stage, time)| format!("(Stage::{stage:?}, {})", timestamp(time)));
    Ok(format!(
        "Exchange {{ request: HttpRequest {{ method: {}, target: {}, headers: {headers}, body: {} }}, source_ips: {}, \
         authentication: Authentication::User(UserInfo {{ username: {}, uid: {}, groups: {groups}, extra: BTreeMap::new() }}), \
         impersonation: Impersonation::None, authentication_metadata: None, response: Response {{ code: {code:?}, body: {} }}, \
         outcome: Outcome::Complete, objects: Objects::default(), annotations: map({annotations}), \
         times: Times {{ request_received: {}, stages: map({stages}) }}, audit_id: {} }}",
        bytes(method),
        bytes(target),
        bytes(body),
        list(source_ips, |address| string(address)),
        bytes(username),
        bytes(uid),
        bytes(answer),
        timestamp(request_received),
        bytes(audit_id),
    ))
}

fn list<T>(items: impl IntoIterator<Item = T>, item: impl FnMut(T) -> String) -> String {
    let items: Vec<String> = items.into_iter().map(item).collect();
    format!("vec![{}]", items.join(", "))
}

fn option(inside: Option<String>) -> String {
    inside.map_or("None".to_owned(), |inside| format!("Some({inside})"))
}

fn string(text: &str) -> String {
    format!("string({text:?})")
}

fn bytes(text: &GoString) -> String {
    format!("bytes({:?})", text.to_str_lossy())
}

fn timestamp(time: &Timestamp) -> String {
    format!("Timestamp::from_unix({}, {})", time.unix_seconds(), time.subsec_nanos())
}
