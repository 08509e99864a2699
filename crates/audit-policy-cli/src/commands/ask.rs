//! What `explain` and `record` ask: a policy, a release, and the requests that a text was read as.

use std::ffi::OsStr;
use std::io;

use audit_policy::event::UserInfo;
use audit_policy::exchange::Authentication;
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{self, Format, Given, ReadOptions, Reading, Unreadable};
use audit_policy::{Loaded, Policy, Release, link};

use crate::arguments::{AnswerArguments, ExchangeArguments, OutputFormat};
use crate::exit::{Answer, Exit, Failure};
use crate::files::Files;
use crate::input::{Input, InputOrigin, Inputs};
use crate::output::snippet::Source;
use crate::output::{ColorChoice, Paint, count, json, printable, text};

/// Everything that an answer is made from.
pub struct Asked {
    pub release: Release,
    pub policy_text: Input,
    pub policy: Policy,
    pub loaded: Loaded,
    pub reading: Reading,
    /// The index in `reading.requests` of the request to answer for.
    pub pick: usize,
    /// The AuditSinks that were asked for, or a scenario's.
    pub sinks: Option<Input>,
    /// What is to be said on standard error.
    pub stderr: String,
}

/// What stands for a policy where none is looked at.
const NO_POLICY: &[u8] = b"";

/// A question, or the answer that its policy or its request gives already.
pub enum Question {
    Asked(Box<Asked>),
    Answered(Answer),
}

/// Reads and understands what a command was given. Basic audit, where that is asked for, has no policy.
pub fn ask(
    exchange: &ExchangeArguments,
    answer: &AnswerArguments,
    sinks: Option<&OsStr>,
    basic: bool,
    color: ColorChoice,
) -> Result<Question, Failure> {
    let paint = color.paint(&io::stderr());
    let mut stderr = String::new();
    let mut inputs = Inputs::default();
    let given_policy = exchange.policy.as_deref().map(|argument| inputs.file(argument, "the policy")).transpose()?;
    let request = inputs.request(&exchange.request)?;
    let format = exchange.request_format.or_else(|| request::detect(&request.bytes));
    let given_sinks =
        sinks.filter(|file| !file.is_empty()).map(|file| inputs.file(file, "the AuditSinks")).transpose()?;
    let scenario = match scenario(&request.bytes, format) {
        Ok(scenario) => scenario,
        Err(unreadable) => {
            return Ok(Question::Answered(not_understood(&unreadable, &request, answer.format, paint, stderr)));
        }
    };
    let release = choose_release(answer.kubernetes, scenario.as_ref(), paint, &mut stderr);
    let policy_text = match given_policy {
        None if basic => request.part("policy", NO_POLICY),
        given_policy => choose_policy(given_policy, scenario.as_ref(), &request, paint, &mut stderr)?,
    };

    let sinks = given_sinks.or_else(|| {
        let text = scenario.as_ref()?.sending.sinks.as_ref()?;
        Some(request.part("sinks", text.as_bytes()))
    });
    let loaded = load(&policy_text, release);
    let Some(policy) = loaded.policy.clone().or_else(|| basic.then(Policy::default)) else {
        return Ok(Question::Answered(refused(&loaded, &policy_text, answer.format, paint, stderr)));
    };
    if !loaded.warnings.is_empty() {
        let warnings = count(loaded.warnings.len(), "warning");
        note(&format!("the policy loads with {warnings}: `audit-policy check` tells"), paint, &mut stderr);
    }

    let request = match &scenario {
        Some(scenario) => request.part("request", scenario.request.as_bytes()),
        None => request,
    };
    let format = scenario.as_ref().map_or(format, |scenario| scenario.format);
    let options = ReadOptions { release, format, given: given(exchange), ..ReadOptions::default() };
    let files = named_files(&request, &options, &mut inputs, paint, &mut stderr)?;
    let options = ReadOptions { files: files.known, stdin: files.stdin, ..options };
    let read = match &scenario {
        Some(scenario) => scenario.read(&options),
        None => request::read(&request.bytes, &options),
    };
    let reading = match read {
        Ok(reading) => reading,
        Err(unreadable) => {
            return Ok(Question::Answered(not_understood(&unreadable, &request, answer.format, paint, stderr)));
        }
    };
    stderr.push_str(&Source::new(&request).render(&reading.findings, paint));
    let pick = choose_request(exchange.pick, &reading)?;
    Ok(Question::Asked(Box::new(Asked { release, policy_text, policy, loaded, reading, pick, sinks, stderr })))
}

/// The scenario that a request's text is, or that it links to; none where it is a request.
pub fn scenario(text: &[u8], format: Option<Format>) -> Result<Option<Scenario>, Unreadable> {
    if let Some(fragment) = link::find(text) {
        return link::read(fragment).map(Some);
    }
    match format {
        Some(Format::Scenario) => Scenario::parse(text).map(Some),
        _ => Ok(None),
    }
}

/// Loads a policy, which is at its path where it is a file.
pub fn load(policy: &Input, release: Release) -> Loaded {
    // An AuditSink is a policy too, where there are any.
    let sink = audit_policy::sink::is_sink(&policy.bytes);
    if let Some(loaded) = sink.then(|| audit_policy::sink::load(&policy.bytes, release)).flatten() {
        return loaded;
    }
    let loaded = audit_policy::load(&policy.bytes, release);
    match policy.path() {
        Some(path) => loaded.from_file(path),
        None => loaded,
    }
}

/// Says so where the release is older than what is recorded.
pub fn note_unrecorded(release: Release, paint: Paint, stderr: &mut String) {
    if release < Release::OLDEST_RECORDED {
        let oldest = Release::OLDEST_RECORDED;
        note(
            &format!(
                "no behaviour of Kubernetes {release} is recorded, only from {oldest} on: this answer is approximate"
            ),
            paint,
            stderr,
        );
    }
}

/// Adds a note for standard error.
pub fn note(text: &str, paint: Paint, stderr: &mut String) {
    stderr.push_str(&format!("{} {}\n", paint.heading("note:"), printable(text)));
}

pub fn choose_release(
    flag: Option<Release>,
    scenario: Option<&Scenario>,
    paint: Paint,
    stderr: &mut String,
) -> Release {
    let scenario = scenario.and_then(|scenario| scenario.kubernetes);
    if let (Some(flag), Some(scenario)) = (flag, scenario)
        && flag != scenario
    {
        note(&format!("--kubernetes {flag} goes before the scenario's {scenario}"), paint, stderr);
    }
    let release = flag.or(scenario).unwrap_or_default();
    note_unrecorded(release, paint, stderr);
    release
}

fn choose_policy(
    given: Option<Input>,
    scenario: Option<&Scenario>,
    request: &Input,
    paint: Paint,
    stderr: &mut String,
) -> Result<Input, Failure> {
    match (given, scenario.and_then(|scenario| scenario.policy.as_ref())) {
        (Some(given), Some(_)) => {
            note(&format!("the policy {} goes before the scenario's", given.name), paint, stderr);
            Ok(given)
        }
        (Some(given), None) => Ok(given),
        (None, Some(policy)) => Ok(request.part("policy", policy.as_bytes())),
        (None, None) if scenario.is_some() => Err(Failure::new(
            format!("no policy is given, and the scenario {} holds none", request.name),
            "give both: `POLICY REQUEST`",
        )),
        (None, None) if request.origin == InputOrigin::Argument && request::detect(&request.bytes).is_none() => {
            let text = String::from_utf8_lossy(&request.bytes);
            Err(Failure::new(neither(&text), "give the name of a scenario file, or both a policy and a request"))
        }
        (None, None) => Err(Failure::new(
            "no policy is given, and the request is no scenario that holds one",
            "give both: `POLICY REQUEST`, such as `policy.yaml 'kubectl get pods'`",
        )),
    }
}

fn neither(text: &str) -> String {
    format!("`{text}` is no file that exists, and no request either")
}

/// Reads the files that a kubectl command names, and standard input where it reads that.
fn named_files(
    request: &Input,
    options: &ReadOptions,
    inputs: &mut Inputs,
    paint: Paint,
    stderr: &mut String,
) -> Result<Files, Failure> {
    let names = request::files_named(&request.bytes, options);
    let mut files = Files::read(&names);
    for problem in &files.unreadable {
        note(&format!("{problem}: what it holds is assumed"), paint, stderr);
    }
    // A command that came from standard input has used it up.
    if names.iter().any(|name| name == "-") && request.origin == InputOrigin::Argument {
        files.stdin = Some(inputs.stdin("the command's `-`")?.bytes);
    }
    Ok(files)
}

fn choose_request(flag: Option<u32>, reading: &Reading) -> Result<usize, Failure> {
    let Some(number) = flag else { return Ok(reading.pick) };
    let index = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    let requests = reading.requests.len();
    if index < requests {
        return Ok(index);
    }
    let help =
        if requests == 1 { "leave --pick out".to_owned() } else { format!("give a number from 1 to {requests}") };
    Err(Failure::new(format!("--pick {number}: this is {}", count(requests, "request")), help))
}

fn given(exchange: &ExchangeArguments) -> Given {
    let user = exchange.user.as_deref().map(|name| {
        let groups: Vec<_> = exchange.groups.iter().map(String::as_str).collect();
        Authentication::User(UserInfo::authenticated(name, &groups))
    });
    Given {
        user: if exchange.nobody { Some(Authentication::Failed) } else { user },
        code: exchange.code,
        ..Given::default()
    }
}

/// The answer where the policy does not load: as JSON what `check` prints.
pub fn refused(loaded: &Loaded, policy: &Input, format: OutputFormat, paint: Paint, mut stderr: String) -> Answer {
    let stdout = if format == OutputFormat::Json { json::bytes(loaded) } else { Vec::new() };
    stderr.push_str(&text::loaded(loaded, policy, paint));
    Answer { exit: Exit::Refused, stdout, stderr }
}

/// The answer where the request cannot be read: as JSON the engine's reasons.
fn not_understood(
    unreadable: &Unreadable,
    request: &Input,
    format: OutputFormat,
    paint: Paint,
    mut stderr: String,
) -> Answer {
    let stdout = if format == OutputFormat::Json { json::bytes(unreadable) } else { Vec::new() };
    let what = problem(unreadable, request);
    stderr.push_str(&format!("{} {}\n", paint.error("error:"), printable(&what)));
    stderr.push_str(&Source::new(request).render(&unreadable.findings, paint));
    Answer { exit: Exit::Unusable, stdout, stderr }
}

/// What is wrong with a request that cannot be read, in one line.
fn problem(unreadable: &Unreadable, request: &Input) -> String {
    let text = String::from_utf8_lossy(&request.bytes);
    let is_a_word = !text.is_empty() && !text.contains(char::is_whitespace);
    if unreadable.findings.first().is_some_and(|finding| finding.code == "no-request") {
        "there is no request to answer for".to_owned()
    } else if unreadable.format.is_none() && request.origin == InputOrigin::Argument && is_a_word {
        neither(&text)
    } else {
        format!("{} not understood", unreadable.format.map_or("request", Format::title))
    }
}
