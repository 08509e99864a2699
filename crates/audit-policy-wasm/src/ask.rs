//! Asks the engine. Each answer is plain data, places in UTF-16 units; the error is that of `{ok: false, error}`.

use audit_policy::request::scenario::Scenario;
use audit_policy::request::{self, Format, ReadOptions, Reading, Unreadable};
use audit_policy::{Loaded, Policy, Release, link};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::options::{self, Options, Question};
use crate::utf16::Utf16;

/// The releases that can be asked, newest first.
pub fn releases() -> Value {
    Release::all().map(|release| release.to_string()).collect()
}

/// Whether a policy loads.
///
/// # Errors
///
/// None: a policy that does not load is an answer.
pub fn check(policy: &str, options: &Options) -> Result<Value, Value> {
    Ok(plain(&load(policy, options.known.kubernetes.unwrap_or_default())))
}

/// What a text is read as.
///
/// # Errors
///
/// Where it is no request.
pub fn read(request: &str, options: &Options) -> Result<Value, Value> {
    let text = RequestText::of(request, options)?;
    text.reading(options, text.release(options)).map(|reading| plain(&reading))
}

/// Which rule each request matches, and why.
///
/// # Errors
///
/// Where the policy does not load, or the request is none.
pub fn explain(question: &Question, options: &Options) -> Result<Value, Value> {
    let Asked { policy, release, reading } = ask(question, options)?;
    let requests: Vec<Value> = reading
        .requests
        .iter()
        .map(|request| {
            let recording = audit_policy::record(&policy, &request.exchange, release);
            let attributes = recording.attributes.as_ref();
            let trace = attributes.map(|attributes| audit_policy::explain(&policy, attributes, release));
            let mut explained = Map::new();
            explained.insert("purpose".to_owned(), request.purpose.as_str().into());
            if let Some(when) = &request.when {
                explained.insert("when".to_owned(), when.as_str().into());
            }
            explained.insert("attributes".to_owned(), json!(attributes));
            explained.insert("decision".to_owned(), json!(recording.decision));
            explained.insert("trace".to_owned(), json!(trace));
            Value::Object(explained)
        })
        .collect();
    Ok(json!({
        "release": release,
        "format": reading.format,
        "understood": reading.understood,
        "assumed": reading.assumed,
        "findings": reading.findings,
        "pick": reading.pick,
        "requests": requests,
    }))
}

/// What is recorded of the request that the text is about.
///
/// # Errors
///
/// As [`explain`].
pub fn record(question: &Question, options: &Options) -> Result<Value, Value> {
    let Asked { policy, release, reading } = ask(question, options)?;
    let request = reading.requests.get(reading.pick).or(reading.requests.first());
    let exchange = request.map(|request| &request.exchange);
    Ok(plain(&exchange.map(|exchange| audit_policy::record(&policy, exchange, release))))
}

/// The names of the files that a command reads; `-` is standard input.
pub fn files_named(request: &str) -> Value {
    json!(request::files_named(request.as_bytes(), &ReadOptions::default()))
}

/// A scenario as the fragment of a link.
///
/// # Errors
///
/// Where it is no scenario, or larger than a link may carry.
pub fn encode_link(scenario: &Value) -> Result<Value, Value> {
    let scenario = options::parse(scenario)?;
    let most = link::MOST_BYTES >> 20;
    link::write(&scenario)
        .map(Value::from)
        .ok_or_else(|| options::refused(format!("the scenario is larger than {most} MiB, the most that a link holds")))
}

/// The scenario of a link.
///
/// # Errors
///
/// Where it is no link, or a broken one.
pub fn decode_link(link: &str) -> Result<Value, Value> {
    let fragment = link::find(link.as_bytes()).unwrap_or(link);
    let scenario = link::read(fragment).map_err(|unreadable| options::not_understood("link", &unreadable))?;
    Ok(serde_json::from_str(&scenario.to_json()).unwrap_or_default())
}

/// What an answer is made from.
struct Asked {
    policy: Policy,
    release: Release,
    reading: Reading,
}

fn ask(question: &Question, options: &Options) -> Result<Asked, Value> {
    let text = RequestText::of(&question.request, options)?;
    let release = text.release(options);
    let of_scenario = text.scenario.as_ref().and_then(|scenario| scenario.policy.as_ref());
    let Some(policy) = question.policy.as_ref().or(of_scenario) else {
        return Err(options::refused("no policy is given, and the request is no scenario that holds one".to_owned()));
    };
    let mut loaded = load(policy, release);
    let Some(policy) = loaded.policy.take() else {
        let mut more = Map::new();
        more.insert("check".to_owned(), plain(&loaded));
        let mut error = options::failure("policy", &loaded.findings, more);
        if let (Value::Object(error), Some(why)) = (&mut error, &loaded.error) {
            error.insert("message".to_owned(), why.message.as_str().into());
        }
        return Err(error);
    };
    Ok(Asked { policy, release, reading: text.reading(options, release)? })
}

/// Loads a policy, with places in UTF-16 units.
fn load(policy: &str, release: Release) -> Loaded {
    let mut loaded = audit_policy::load(policy.as_bytes(), release);
    Utf16::of(policy).findings(&mut loaded.findings);
    loaded
}

/// A request's text, or a scenario's.
struct RequestText<'a> {
    text: &'a str,
    scenario: Option<Scenario>,
}

impl<'a> RequestText<'a> {
    fn of(text: &'a str, options: &Options) -> Result<RequestText<'a>, Value> {
        let scenario = match link::find(text.as_bytes()) {
            Some(fragment) => {
                Some(link::read(fragment).map_err(|unreadable| not_understood("link", text, unreadable))?)
            }
            None if options.known.format.is_none() && request::detect(text.as_bytes()) == Some(Format::Scenario) => {
                Some(
                    Scenario::parse(text.as_bytes())
                        .map_err(|unreadable| not_understood("request", text, unreadable))?,
                )
            }
            None => None,
        };
        Ok(RequestText { text, scenario })
    }

    /// The release that is asked for, else the scenario's, else the newest.
    fn release(&self, options: &Options) -> Release {
        let of_scenario = self.scenario.as_ref().and_then(|scenario| scenario.kubernetes);
        options.known.kubernetes.or(of_scenario).unwrap_or_default()
    }

    /// What the request is read as; findings have their places in its own text, also where a scenario holds it.
    fn reading(&self, options: &Options, release: Release) -> Result<Reading, Value> {
        let mut scenario = match &self.scenario {
            Some(scenario) => scenario.clone(),
            None => Scenario { request: self.text.to_owned(), ..Scenario::default() },
        };
        scenario.pick = options.known.pick.or(scenario.pick);
        let read = scenario.read(&options.for_reading(release));
        let mut reading = read.map_err(|unreadable| not_understood("request", &scenario.request, unreadable))?;
        Utf16::of(&scenario.request).findings(&mut reading.findings);
        Ok(reading)
    }
}

fn not_understood(kind: &str, text: &str, mut unreadable: Unreadable) -> Value {
    Utf16::of(text).findings(&mut unreadable.findings);
    options::not_understood(kind, &unreadable)
}

/// The engine's own types as the command prints them.
fn plain(answer: &impl Serialize) -> Value {
    // Plain data with text for keys always serializes.
    serde_json::to_value(answer).unwrap_or_default()
}
