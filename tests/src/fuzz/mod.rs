//! What the fuzzers in `fuzz/` run, so that a test can run what they found: any bytes, and what must hold of the answer.

mod seeds;

use audit_policy::assist::{Completion, complete, hover};
use audit_policy::open::{Opened, open, wrapped};
use audit_policy::recording::Fate;
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{Form, Format, ReadOptions, info, read, rewrite};
use audit_policy::text::{go_quote, json_line, legacy_line};
use audit_policy::{
    Diagnostic, Exchange, Level, Policy, Release, Rule, Severity, Timestamp, decide, event, explain, json, link, load,
    record, request,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use seeds::{Seed, seeds};

/// Separates the two texts that some inputs hold: a byte that is in no text.
pub const SEPARATOR: u8 = 0xff;

/// A fuzz target's function.
pub type Target = fn(&[u8]);

/// Every fuzz target by its name. Each panics where something does not hold.
pub const TARGETS: [(&str, Target); 13] = [
    ("load", loads),
    ("assist", assists),
    ("http", reads_http),
    ("kubectl", reads_kubectl),
    ("curl", reads_curl),
    ("event", reads_events),
    ("review", reads_reviews),
    ("form", reads_forms),
    ("scenario", reads_scenarios),
    ("record", records),
    ("text", writes),
    ("open", opens),
    ("link", follows),
];

/// Releases that differ in what they refuse and how they match.
fn releases() -> [Release; 3] {
    [Release::NEWEST, Release::OLDEST_RECORDED, Release::OLDEST]
}

/// A policy's text.
pub fn loads(text: &[u8]) {
    for release in releases() {
        let loaded = load(text, release);
        assert_eq!(loaded.accepted, loaded.policy.is_some());
        assert_eq!(loaded.accepted, loaded.error.is_none());
        check(&loaded.findings, text);
        let errors = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        assert_eq!(loaded.accepted, errors == 0, "{:?} {:?}", loaded.error, loaded.findings);
        written(&loaded);
        for rule in &loaded.places.rules {
            assert!(rule.span.start <= rule.span.end && rule.span.end <= text.len(), "{rule:?}");
        }
    }
}

/// A policy that is being typed, and after the separator the offset in decimal; without it, some offsets of the text.
pub fn assists(input: &[u8]) {
    let (text, offset) = split(input);
    let text = String::from_utf8_lossy(text);
    let given = std::str::from_utf8(offset).ok().and_then(|digits| digits.parse().ok());
    let offsets = given.map_or_else(|| (0..=text.len()).step_by(text.len() / 16 + 1).collect(), |offset| vec![offset]);
    for offset in offsets {
        for release in releases() {
            if let Some(found) = complete(&text, offset, release) {
                assert!(found.span.start <= offset && offset <= found.span.end, "{found:?}");
                assert!(text.get(found.span.start..found.span.end).is_some(), "{found:?}");
                let whole = |item: &Completion| !item.label.is_empty() && !item.documentation.is_empty();
                assert!(!found.items.is_empty() && found.items.iter().all(whole), "{found:?}");
            }
            if let Some(found) = hover(&text, offset, release) {
                assert!(found.span.start <= offset && offset < found.span.end, "{found:?}");
                assert!(text.get(found.span.start..found.span.end).is_some() && !found.text.is_empty(), "{found:?}");
            }
        }
    }
}

/// A raw HTTP request.
pub fn reads_http(text: &[u8]) {
    reads(text, &ReadOptions { format: Some(Format::Http), ..ReadOptions::default() });
}

/// kubectl commands, and after the separator the file `f.yaml`.
pub fn reads_kubectl(input: &[u8]) {
    let (text, file) = split(input);
    let files = [("f.yaml".to_owned(), file.to_vec())].into();
    reads(text, &ReadOptions { format: Some(Format::Kubectl), files, ..ReadOptions::default() });
}

/// Audit events.
pub fn reads_events(text: &[u8]) {
    reads(text, &ReadOptions { format: Some(Format::Event), ..ReadOptions::default() });
}

/// curl commands, and after the separator the file `f`.
pub fn reads_curl(input: &[u8]) {
    let (text, file) = split(input);
    let files = [("f".to_owned(), file.to_vec())].into();
    reads(text, &ReadOptions { format: Some(Format::Curl), files, ..ReadOptions::default() });
}

/// Access and admission reviews.
pub fn reads_reviews(text: &[u8]) {
    reads(text, &ReadOptions { format: Some(Format::Review), ..ReadOptions::default() });
}

/// A form: also written again, and read again as the same.
pub fn reads_forms(text: &[u8]) {
    reads(text, &ReadOptions { format: Some(Format::Form), ..ReadOptions::default() });
    if let Ok(form) = Form::parse(text) {
        let written = form.to_yaml();
        assert_eq!(Form::parse(written.as_bytes()).as_ref(), Ok(&form), "{written}");
    }
}

/// A scenario: also written again, and read again as the same.
pub fn reads_scenarios(text: &[u8]) {
    reads(text, &ReadOptions { format: Some(Format::Scenario), ..ReadOptions::default() });
    if let Ok(scenario) = Scenario::parse(text) {
        for written in [scenario.to_json(), scenario.to_yaml()] {
            assert_eq!(Scenario::parse(written.as_bytes()).as_ref(), Ok(&scenario), "{written}");
        }
    }
}

/// A policy and, after the separator, a request in any format: everything that is read is recorded.
pub fn records(input: &[u8]) {
    let (policy, request) = split(input);
    let loaded = load(policy, Release::NEWEST).policy;
    let Ok(reading) = read(request, &ReadOptions::default()) else { return };
    for request in reading.requests.iter().chain(&reading.discovery).take(5) {
        for release in releases() {
            recorded(loaded.as_ref().unwrap_or(&everything()), &request.exchange, release);
        }
    }
}

/// Bytes as text, a time, JSON, and an event.
pub fn writes(text: &[u8]) {
    let quoted = go_quote(text);
    assert!(quoted.len() >= text.len().div_ceil(4) + 2);
    if let Some(time) = std::str::from_utf8(text).ok().and_then(Timestamp::parse_rfc3339) {
        // Times may be outside the years that can be written.
        if let Some(again) = Timestamp::parse_rfc3339(&time.to_rfc3339_nano()) {
            assert_eq!(again, time);
        }
    }
    if let Ok(compacted) = json::compact(text) {
        assert_eq!(json::compact(&compacted).as_ref(), Ok(&compacted));
        if let Some(sorted) = sorted(text) {
            assert_eq!(self::sorted(&sorted).as_ref(), Some(&sorted));
        }
    }
    for release in releases() {
        if let Ok(event) = event::parse(text, release) {
            let line = json_line(&event);
            let _ = legacy_line(&event, release);
            if let Ok(again) = event::parse(&line, Release::NEWEST) {
                assert_eq!(json_line(&again), line, "{}", String::from_utf8_lossy(&line));
            }
        }
    }
}

/// A file that somebody opens: nothing of what is found in it is empty, and a request is read as what it was taken for.
pub fn opens(bytes: &[u8]) {
    for name in ["", "policy.yaml"] {
        match open(bytes, name) {
            Opened::Policy(text) => assert!(!text.trim().is_empty()),
            Opened::Wrapped(found) => {
                assert!(
                    !found.is_empty() && found.iter().all(|one| !one.policy.is_empty() && !one.found.is_empty()),
                    "{found:?}"
                );
            }
            Opened::Scenario(scenario) => {
                assert_eq!(Scenario::parse(scenario.to_json().as_bytes()).as_ref(), Ok(&*scenario))
            }
            Opened::Request { text, .. } => assert!(request::detect(text.as_bytes()).is_some(), "{text}"),
            // Its place, where it has one, is in the text that the bytes stand for.
            Opened::Unknown(why) => assert!(!why.message.is_empty(), "{why:?}"),
        }
    }
    let _ = wrapped(&String::from_utf8_lossy(bytes));
}

/// A fragment, and the bytes as what a fragment packs: the scenario in it goes into a link and comes out as it was.
pub fn follows(bytes: &[u8]) {
    let packs = [link::PREFIX, &URL_SAFE_NO_PAD.encode(bytes)].concat();
    for fragment in [String::from_utf8_lossy(bytes), packs.into()] {
        match link::read(&fragment) {
            Ok(scenario) => {
                let written = link::write(&scenario);
                let again = written.as_deref().map(link::read);
                assert_eq!(again, Some(Ok(scenario)), "{written:?}");
            }
            Err(unreadable) => assert!(!unreadable.findings.is_empty(), "{fragment}"),
        }
    }
    if let Some(fragment) = link::find(bytes) {
        assert!(link::is_version(fragment), "{fragment}");
    }
}

/// JSON as Go writes again what it read; none where it refuses a number.
fn sorted(text: &[u8]) -> Option<Vec<u8>> {
    let document = json::parse(text);
    assert!(document.is_ok(), "is no JSON: {document:?}");
    let mut sorted = Vec::new();
    json::write_sorted(&mut sorted, document.ok()?.root()?).map(|()| sorted)
}

fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = input.splitn(2, |byte| *byte == SEPARATOR);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

fn reads(text: &[u8], options: &ReadOptions) {
    match read(text, options) {
        Ok(reading) => {
            assert!(reading.pick < reading.requests.len(), "picks none of the requests");
            assert!(!reading.understood.is_empty(), "nothing is told");
            check(&reading.findings, text);
            written(&reading);
            for request in reading.requests.iter().chain(&reading.discovery).take(5) {
                recorded(&everything(), &request.exchange, Release::NEWEST);
                rewritten(&request.exchange, options.release);
            }
        }
        Err(unreadable) => {
            let first = unreadable.findings.first();
            assert!(first.is_some_and(|first| first.severity == Severity::Error), "{unreadable:?}");
            check(&unreadable.findings, text);
        }
    }
}

/// What is written in another format is read there, as the same request.
fn rewritten(exchange: &Exchange, release: Release) {
    for format in Format::ALL {
        // A review has no query.
        let seen = |exchange: &Exchange| {
            let info = info::of_request(&exchange.request, release);
            let uri = |info: &info::RequestInfo| (format != Format::Review).then(|| info.request_uri.clone());
            info.map(|info| (uri(&info), info::attributes(&info, None)))
        };
        let Some(written) = rewrite(exchange, format, release) else { continue };
        let options = ReadOptions { release, format: Some(format), given: written.given, ..ReadOptions::default() };
        let again = read(written.text.as_bytes(), &options);
        assert!(again.is_ok(), "{format}: {again:?}\n{}", written.text);
        let again = again.map(|reading| reading.requests.into_iter().nth(reading.pick)).ok().flatten();
        assert_eq!(again.map(|again| seen(&again.exchange)), Some(seen(exchange)), "{format}: {}", written.text);
    }
}

/// Findings say something, and their places and edits are in the text, on character boundaries where it is UTF-8.
fn check(findings: &[Diagnostic], text: &[u8]) {
    let utf8 = std::str::from_utf8(text).ok();
    for finding in findings {
        assert!(!finding.message.is_empty(), "{finding:?}");
        if let Some(fix) = &finding.fix {
            let apart = fix.edits.is_sorted_by(|edit, next| edit.span.end <= next.span.start);
            assert!(apart && !fix.edits.is_empty(), "{fix:?}");
        }
        let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
        for span in finding.span.into_iter().chain(edits) {
            assert!(span.start <= span.end && span.end <= text.len(), "{finding:?}");
            let on_boundary = |at| utf8.is_none_or(|text| text.is_char_boundary(at));
            assert!(on_boundary(span.start) && on_boundary(span.end), "{finding:?}");
        }
    }
}

/// Everything at the highest level, and a rule before it that never matches.
fn everything() -> Policy {
    let none = Rule { level: Level::None, users: vec!["\u{0}".to_owned()], ..Rule::default() };
    let all = Rule { level: Level::RequestResponse, ..Rule::default() };
    Policy { omit_managed_fields: true, ..Policy::of_rules([none, all]) }
}

fn recorded(policy: &Policy, exchange: &Exchange, release: Release) {
    let recording = record(policy, exchange, release);
    assert_eq!(recording.stages.len(), 4);
    written(&recording);
    for stage in &recording.stages {
        if let Fate::Recorded { event, .. } = &stage.fate {
            let line = json_line(event);
            assert!(json::parse(&line).is_ok(), "{}", String::from_utf8_lossy(&line));
        }
    }
    if let Ok(info) = info::of_request(&exchange.request, release) {
        let attributes = info::attributes(&info, None);
        let trace = explain(policy, &attributes, release);
        assert_eq!(trace.decision, decide(policy, &attributes, release));
        assert_eq!(trace.rules.len(), policy.rules.len());
        written(&trace);
    }
}

/// What is answered can be written as JSON.
fn written(value: &impl serde::Serialize) {
    let outcome = serde_json::to_writer(std::io::sink(), value);
    assert!(outcome.is_ok(), "{outcome:?}");
}
