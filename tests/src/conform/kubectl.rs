//! kubectl: the requests that kubectl sends for a command line. Two counts, as vectors/README.md defines them.
//!
//! Requests depend on what a cluster holds, and there is none here. So names that neither the command nor its files name, and values
//! that only a server gives, compare as `*`; discovery is left aside.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use audit_policy::exchange::HttpRequest;
use audit_policy::request::{self, Format, ReadOptions, info};
use audit_policy::{GoString, Release};
use serde_json::Value;

use super::Report;
use super::vectors::{Case, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    for case in cases {
        let known = KnownNames::of(case);
        let ours = ours(case, &known);
        let theirs = theirs(case, &known);
        let id = text(case, "id");
        let main_count = format!("{name}-main");
        match case.get("main").and_then(Value::as_u64).and_then(|main| theirs.get(main as usize)) {
            Some(main) => {
                let found = ours.requests.iter().any(|request| request.wire == main.wire);
                report.count(&main_count, id, same(found, case, &main.wire, &ours.describe(|request| &request.wire)));
            }
            None => report.not_run(&main_count, 1),
        }
        let wanted: BTreeSet<_> = theirs.iter().map(|request| request.audit.clone()).collect();
        let assumed = |request: &&Seen| !request.is_alternative;
        let got: BTreeSet<_> = ours.requests.iter().filter(assumed).map(|request| request.audit.clone()).collect();
        let shown = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join("\n             ");
        let got_shown = if got.is_empty() { ours.problem.clone() } else { shown(&got) };
        report.count(name, id, same(wanted == got, case, &shown(&wanted), &got_shown));
    }
    Ok(())
}

fn same(is_same: bool, case: &Case, wanted: &str, got: &str) -> Result<(), String> {
    if is_same { Ok(()) } else { Err(format!("{}\n      wanted {wanted}\n      got    {got}", text(case, "command"))) }
}

/// A request as the counts compare it.
struct Seen {
    /// Method, path, query and content type.
    wire: String,
    /// Verb and object, as auditing sees them.
    audit: String,
    /// Sent only in a state of the cluster that is not the assumed one.
    is_alternative: bool,
}

#[derive(Default)]
struct Ours {
    requests: Vec<Seen>,
    problem: String,
}

impl Ours {
    fn describe(&self, of: impl Fn(&Seen) -> &String) -> String {
        if self.requests.is_empty() {
            return self.problem.clone();
        }
        self.requests.iter().map(|request| of(request).clone()).collect::<Vec<_>>().join("\n             ")
    }
}

fn ours(case: &Case, known: &KnownNames) -> Ours {
    let files = case.get("files").and_then(Value::as_object).into_iter().flatten();
    let files: BTreeMap<_, _> =
        files.map(|(name, file)| (name.clone(), file.as_str().unwrap_or_default().as_bytes().to_vec())).collect();
    let stdin = case.get("stdin").and_then(Value::as_str).map(|stdin| stdin.as_bytes().to_vec());
    let options = ReadOptions { format: Some(Format::Kubectl), files, stdin, ..ReadOptions::default() };
    match request::read(text(case, "command").as_bytes(), &options) {
        Ok(reading) => {
            let seen = |request: &request::Request| {
                let http = &request.exchange.request;
                let content_type = http.header("Content-Type").map(GoString::to_string).unwrap_or_default();
                seen(&http.method.to_string(), &http.target.to_string(), &content_type, known, request.when.is_some())
            };
            let requests = reading.requests.iter().map(seen).filter(|request| !is_discovery(&request.audit));
            Ours { requests: requests.collect(), problem: "no request".to_owned() }
        }
        Err(unreadable) => {
            let messages = unreadable.findings.iter().map(|finding| finding.message.as_str());
            Ours { requests: Vec::new(), problem: messages.collect::<Vec<_>>().join("; ") }
        }
    }
}

fn theirs(case: &Case, known: &KnownNames) -> Vec<Seen> {
    let requests = case.pointer("/warm/requests").and_then(Value::as_array).into_iter().flatten();
    requests
        .map(|request| {
            let content_type = request.pointer("/headers/Content-Type").and_then(Value::as_str).unwrap_or_default();
            seen(text(request, "method"), text(request, "uri"), content_type, known, false)
        })
        .collect()
}

/// What the server serves: asked for by commands whose request is the question itself, recorded as discovery.
fn is_discovery(audit: &str) -> bool {
    ["get /api", "get /apis", "get /openapi/v2", "get /openapi/v3"].contains(&audit)
}

fn seen(method: &str, target: &str, content_type: &str, known: &KnownNames, is_alternative: bool) -> Seen {
    let request =
        HttpRequest { method: method.into(), target: target.into(), headers: Vec::new(), body: GoString::new() };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Ok(info) = info::of_request(&request, Release::NEWEST) else {
        let wire = format!("{method} {target}");
        return Seen { audit: wire.clone(), wire, is_alternative };
    };
    let name = info.name.to_string();
    let segments: Vec<_> = path.split('/').map(|part| if part == name { known.or_star(part) } else { part }).collect();
    let wire = format!("{method} {}?{} {content_type}", segments.join("/"), known.query(query));
    let audit = if info.is_resource_request {
        let name = if name.is_empty() { String::new() } else { known.or_star(&name).to_owned() };
        format!(
            "{} {}/{}/{} namespace={} name={name}",
            info.verb, info.api_group, info.resource, info.subresource, info.namespace
        )
    } else {
        format!("{} {path}", info.verb)
    };
    Seen { wire, audit, is_alternative }
}

/// The names of objects that stand in a command or its files.
struct KnownNames(BTreeSet<String>);

impl KnownNames {
    fn of(case: &Case) -> KnownNames {
        let mut names = BTreeSet::new();
        for word in text(case, "command").split(|letter: char| letter.is_whitespace() || "'\"/:,".contains(letter)) {
            names.insert(word.to_owned());
            // A flag's value names an object; a selector does not.
            let flag = word.split_once('=').filter(|(flag, _)| flag.starts_with("--") && !flag.ends_with("selector"));
            names.extend(flag.map(|(_, value)| value.to_owned()));
        }
        let files =
            case.get("files").and_then(Value::as_object).into_iter().flatten().filter_map(|(_, file)| file.as_str());
        for file in files.chain(case.get("stdin").and_then(Value::as_str)) {
            for after in file.split("name").skip(1) {
                let after = after.trim_start_matches(['"', ':', ' ']);
                let end = after.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-' && letter != '.');
                names.insert(after.get(..end.unwrap_or(after.len())).unwrap_or_default().to_owned());
            }
        }
        KnownNames(names)
    }

    fn or_star<'a>(&self, name: &'a str) -> &'a str {
        if self.0.contains(name) { name } else { "*" }
    }

    /// The query, sorted, with `*` for what only a server or chance gives.
    fn query(&self, query: &str) -> String {
        const VOLATILE: [&str; 6] = ["resourceVersion", "timeout", "timeoutSeconds", "continue", "container", "uid"];
        let mut pairs: Vec<String> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                match name {
                    _ if VOLATILE.contains(&name) => format!("{name}=*"),
                    "fieldSelector" => format!("{name}={}", self.selector(value)),
                    _ => pair.to_owned(),
                }
            })
            .collect();
        pairs.sort();
        pairs.join("&")
    }

    fn selector(&self, selector: &str) -> String {
        let mut terms: Vec<String> = selector
            .split("%2C")
            .map(|term| match term.split_once("%3D") {
                Some((field, _)) if field.ends_with("uid") => format!("{field}=*"),
                Some((field, name)) if field.ends_with(".name") => format!("{field}={}", self.or_star(name)),
                _ => term.to_owned(),
            })
            .collect();
        terms.sort();
        terms.join(",")
    }
}
