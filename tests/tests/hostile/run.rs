//! What is done with an input: everything that the page and the command would do.

use std::collections::BTreeMap;

use audit_policy::open::{Opened, open};
use audit_policy::request::{Format, ReadOptions, Unreadable, info, read};
use audit_policy::{Diagnostic, Exchange, Level, Loaded, Policy, Release, Rule, Severity, explain, load, record};

/// An input.
pub enum Input {
    Policy(Vec<u8>),
    /// A text without a format is one that is not told.
    Request(Vec<u8>, Option<Format>),
    /// A kubectl command and the file `f.yaml` that it names.
    KubectlWithFile(&'static str, Vec<u8>),
    Exchange(Box<Exchange>),
    /// A file that somebody opens.
    Opened(Vec<u8>),
}

/// What it came to, in a few words; an error where the answer is none.
pub fn run(input: &Input) -> Result<String, String> {
    match input {
        Input::Policy(text) => {
            // The oldest and the newest differ in what they refuse.
            policy(&load(text, Release::OLDEST))?;
            policy(&load(text, Release::NEWEST))
        }
        Input::Request(text, format) => request(text, &ReadOptions { format: *format, ..ReadOptions::default() }),
        Input::KubectlWithFile(command, file) => {
            let files = BTreeMap::from([("f.yaml".to_owned(), file.clone())]);
            request(command.as_bytes(), &ReadOptions { files, ..ReadOptions::default() })
        }
        Input::Exchange(exchange) => {
            recorded(exchange);
            Ok("recorded".to_owned())
        }
        Input::Opened(file) => match open(file, "a.yaml") {
            Opened::Policy(text) => Ok(format!("a policy of {} bytes", text.len())),
            Opened::Wrapped(found) => Ok(format!("{} policies: {}", found.len(), found[0].found)),
            Opened::Scenario(_) => Ok("a scenario".to_owned()),
            Opened::Request { text, .. } => Ok(format!("a request of {} bytes", text.len())),
            Opened::Unknown(why) => told(&[why]).map(|told| format!("refused: {told}")),
        },
    }
}

fn policy(loaded: &Loaded) -> Result<String, String> {
    let Some(policy) = &loaded.policy else {
        let error = loaded.error.as_ref().ok_or("neither a policy nor an error")?;
        told(&loaded.findings)?;
        return Ok(format!("refused: {}", error.message));
    };
    let get = b"GET /api/v1/namespaces/dev/pods/x HTTP/1.1\r\n\r\n";
    let reading = read(get, &ReadOptions::default()).map_err(|unreadable| format!("{unreadable:?}"))?;
    for request in &reading.requests {
        explained(policy, &request.exchange);
        let recording = record(policy, &request.exchange, Release::NEWEST);
        serialized(&recording);
    }
    serialized(loaded);
    Ok(format!("accepted: {} rules", policy.rules.len()))
}

fn request(text: &[u8], options: &ReadOptions) -> Result<String, String> {
    match read(text, options) {
        Ok(reading) => {
            if reading.requests.get(reading.pick).is_none() {
                return Err("picks none of the requests".to_owned());
            }
            for request in reading.requests.iter().chain(&reading.discovery).take(20) {
                recorded(&request.exchange);
            }
            serialized(&reading);
            Ok(format!("read: {} requests: {}", reading.requests.len(), reading.understood))
        }
        Err(Unreadable { findings, .. }) => told(&findings).map(|told| format!("refused: {told}")),
    }
}

/// An error is told, in words.
fn told(findings: &[Diagnostic]) -> Result<String, String> {
    let error = findings.iter().find(|finding| finding.severity == Severity::Error);
    let error = error.filter(|error| !error.message.trim().is_empty());
    error.map(|error| error.message.clone()).ok_or_else(|| format!("refused without an error: {:?}", findings.first()))
}

fn recorded(exchange: &Exchange) {
    let everything = Policy {
        omit_managed_fields: true,
        ..Policy::of_rules([
            Rule { level: Level::None, users: vec!["nobody".to_owned()], ..Rule::default() },
            Rule { level: Level::RequestResponse, ..Rule::default() },
        ])
    };
    explained(&everything, exchange);
    serialized(&record(&everything, exchange, Release::NEWEST));
}

fn explained(policy: &Policy, exchange: &Exchange) {
    if let Ok(info) = info::of_request(&exchange.request, Release::NEWEST) {
        let attributes = info::attributes(&info, None);
        serialized(&explain(policy, &attributes, Release::NEWEST));
    }
}

/// What is answered can be written, and dropped.
fn serialized(value: &impl serde::Serialize) {
    let mut written = Count(0);
    serde_json::to_writer(&mut written, value).unwrap();
    assert!(written.0 > 0);
}

/// Counts what is written and keeps nothing.
struct Count(usize);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
