//! What `explain` and `record` ask: a policy, a release, and the requests that a text was read as.

use std::collections::BTreeMap;
use std::io;

use audit_policy::event::UserInfo;
use audit_policy::exchange::Authentication;
use audit_policy::request::{self, Format, Given, ReadOptions, Reading, Unreadable};
use audit_policy::{Loaded, Policy, Release};

use crate::arguments::{AnswerArguments, ExchangeArguments, OutputFormat};
use crate::exit::{Answer, Exit, Failure};
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
    /// What is to be said on standard error.
    pub stderr: String,
}

/// A question, or the answer that its policy or its request gives already.
pub enum Question {
    Asked(Box<Asked>),
    Answered(Answer),
}

/// Reads and understands what a command was given.
pub fn ask(exchange: &ExchangeArguments, answer: &AnswerArguments, color: ColorChoice) -> Result<Question, Failure> {
    let paint = color.paint(&io::stderr());
    let mut stderr = String::new();
    let mut inputs = Inputs::default();
    let given_policy = exchange.policy.as_deref().map(|argument| inputs.file(argument, "the policy")).transpose()?;
    let request = inputs.request(&exchange.request)?;
    let scenario = Scenario::of(&request, exchange.request_format);
    let release = choose_release(answer.kubernetes, scenario.release, paint, &mut stderr);
    let policy_text = choose_policy(given_policy, scenario.policy, &request, paint, &mut stderr)?;

    let loaded = load(&policy_text, release);
    let Some(policy) = loaded.policy.clone() else {
        return Ok(Question::Answered(refused(&loaded, &policy_text, answer.format, paint, stderr)));
    };
    if !loaded.warnings.is_empty() {
        let warnings = count(loaded.warnings.len(), "warning");
        note(&format!("the policy loads with {warnings}: `audit-policy check` tells"), paint, &mut stderr);
    }

    let options = ReadOptions {
        release,
        format: exchange.request_format,
        given: given(exchange),
        files: BTreeMap::new(),
        stdin: None,
    };
    let reading = match request::read(&request.bytes, &options) {
        Ok(reading) => reading,
        Err(unreadable) => {
            return Ok(Question::Answered(not_understood(&unreadable, &request, answer.format, paint, stderr)));
        }
    };
    stderr.push_str(&Source::new(&request).render(&reading.findings, paint));
    let pick = choose_request(exchange.pick, &reading)?;
    Ok(Question::Asked(Box::new(Asked { release, policy_text, policy, loaded, reading, pick, stderr })))
}

/// Loads a policy, which is at its path where it is a file.
pub fn load(policy: &Input, release: Release) -> Loaded {
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

/// What a scenario file holds besides its request.
#[derive(Default)]
struct Scenario {
    policy: Option<Vec<u8>>,
    release: Option<Release>,
}

impl Scenario {
    fn of(_request: &Input, _format: Option<Format>) -> Scenario {
        Scenario::default()
    }
}

fn choose_release(flag: Option<Release>, scenario: Option<Release>, paint: Paint, stderr: &mut String) -> Release {
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
    scenario: Option<Vec<u8>>,
    request: &Input,
    paint: Paint,
    stderr: &mut String,
) -> Result<Input, Failure> {
    match (given, scenario) {
        (Some(given), scenario) => {
            if scenario.is_some() {
                note(&format!("the policy {} goes before the scenario's", given.name), paint, stderr);
            }
            Ok(given)
        }
        (None, Some(bytes)) => {
            Ok(Input { name: format!("{}, policy", request.name), bytes, origin: InputOrigin::Part })
        }
        (None, None) if request.origin == InputOrigin::Argument && request::detect(&request.bytes).is_none() => {
            let text = String::from_utf8_lossy(&request.bytes);
            Err(Failure::new(
                format!("`{text}` is no file that exists, and no request either"),
                "give the name of a scenario file, or both a policy and a request",
            ))
        }
        (None, None) => Err(Failure::new(
            "no policy is given, and the request is no scenario that holds one",
            "give both: `POLICY REQUEST`, such as `policy.yaml 'kubectl get pods'`",
        )),
    }
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
fn refused(loaded: &Loaded, policy: &Input, format: OutputFormat, paint: Paint, mut stderr: String) -> Answer {
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
    let taken_for = unreadable.format.map(|format| format!(", read as {}", format.title())).unwrap_or_default();
    stderr.push_str(&format!("{} request not understood{taken_for}\n", paint.error("error:")));
    stderr.push_str(&Source::new(request).render(&unreadable.findings, paint));
    if request.origin == InputOrigin::Argument {
        stderr.push_str(&format!(
            "{} no file of this name exists, so REQUEST was read as the request itself\n",
            paint.help("help:")
        ));
    }
    Answer { exit: Exit::Unusable, stdout, stderr }
}
