//! `audit-policy record [POLICY] REQUEST`

use std::io;

use audit_policy::deliver::Post;
use audit_policy::event::EventVersion;
use audit_policy::recording::{Fate, StageRecord};
use audit_policy::request::Request;
use audit_policy::text::Encoding;
use audit_policy::{Event, Recording, Release};

use super::ask::{self, Asked, Question};
use super::sinks;
use crate::arguments::{OutputFormat, RecordArguments};
use crate::exit::{Answer, Exit, Failure};
use crate::output::{ColorChoice, json, text};

pub fn run(arguments: &RecordArguments, color: ColorChoice) -> Result<Answer, Failure> {
    let asked =
        match ask::ask(&arguments.exchange, &arguments.answer, arguments.sinks.as_deref(), arguments.basic, color)? {
            Question::Asked(asked) => asked,
            Question::Answered(answer) => return Ok(answer),
        };
    let requests: Vec<_> = if arguments.all {
        asked.reading.requests.iter().collect()
    } else {
        asked.reading.requests.get(asked.pick).into_iter().collect()
    };
    if arguments.sinks.is_some() {
        let requests: Vec<Request> = requests.into_iter().cloned().collect();
        return of_sinks(asked, &requests, arguments.answer.format, color);
    }
    let encoding = encoding(arguments.audit_log_version, asked.release)?;
    let mut recordings: Vec<_> =
        requests.iter().map(|request| audit_policy::record(&asked.policy, &request.exchange, asked.release)).collect();

    if arguments.basic {
        return basic(&asked, &requests);
    }
    if arguments.audit_log_version.is_some() && arguments.answer.format == OutputFormat::Json {
        recordings.iter_mut().for_each(|recording| write_again(recording, encoding));
    }
    let stdout = match (arguments.answer.format, recordings.as_slice()) {
        (format, recordings) if arguments.post.is_some() => {
            post(recordings, arguments.post.as_deref().unwrap_or_default(), encoding, format)?
        }
        (OutputFormat::Json, [recording]) if !arguments.all => json::bytes(recording),
        (OutputFormat::Json, recordings) => json::bytes(&recordings),
        (OutputFormat::Text, recordings) => {
            recordings.iter().flat_map(|recording| lines(recording, encoding, arguments.legacy)).collect()
        }
    };
    let mut stderr = asked.stderr;
    if !arguments.quiet {
        let paint = color.paint(&io::stderr());
        for (request, recording) in requests.iter().zip(&recordings) {
            let purpose = (requests.len() > 1).then_some(request.purpose.as_str());
            stderr.push_str(&text::left_out(recording, purpose, paint));
        }
        let is_recorded = |stage: &StageRecord| matches!(stage.fate, Fate::Recorded { .. });
        if recordings.iter().any(|recording| recording.stages.iter().any(is_recorded)) {
            stderr.push_str(&text::assumed(&asked.reading.assumed, paint));
        }
    }
    Ok(Answer { exit: Exit::Good, stdout, stderr })
}

/// How the events are written.
fn encoding(version: Option<EventVersion>, release: Release) -> Result<Encoding, Failure> {
    let version = version.unwrap_or(EventVersion::of(release));
    if version.is_in(release) {
        return Ok(Encoding::new(version, release));
    }
    let known = EventVersion::all_in(release).map(EventVersion::as_str).collect::<Vec<_>>().join(", ");
    Err(Failure::new(format!("Kubernetes {release} does not write events of {version}"), format!("it writes {known}")))
}

/// Writes a recording's lines in another version.
fn write_again(recording: &mut Recording, encoding: Encoding) {
    for stage in &mut recording.stages {
        if let Fate::Recorded { event, line, .. } = &mut stage.fate {
            *line = String::from_utf8_lossy(&encoding.line(event)).into_owned();
        }
    }
}

/// The POST of all recorded events; nothing where there are none, as no empty batch is sent.
fn post(recordings: &[Recording], url: &str, encoding: Encoding, format: OutputFormat) -> Result<Vec<u8>, Failure> {
    let stages = recordings.iter().flat_map(|recording| &recording.stages);
    let events: Vec<&Event> = stages.filter_map(StageRecord::event).collect();
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let post = Post::new(&events, url, encoding);
    if format == OutputFormat::Json {
        return Ok(json::bytes(&post));
    }
    let command = post.curl().ok_or_else(|| {
        Failure::new("the events are not UTF-8, which a command cannot hold", "take them as data: `--format json`")
    })?;
    Ok(format!("{command}\n").into_bytes())
}

/// What the AuditSinks get.
fn of_sinks(
    asked: Box<Asked>,
    requests: &[Request],
    format: OutputFormat,
    color: ColorChoice,
) -> Result<Answer, Failure> {
    let mut asked = *asked;
    let Some(input) = asked.sinks.take() else {
        return Err(Failure::new("no AuditSinks are given", "give a file, `--sinks=FILE`, or a scenario with `sinks`"));
    };
    let requests: Vec<&Request> = requests.iter().collect();
    sinks::answer(asked, &input, &requests, format, color)
}

/// The lines of basic audit.
fn basic(asked: &Asked, requests: &[&Request]) -> Result<Answer, Failure> {
    if !asked.release.has_basic_audit() {
        let message = format!("Kubernetes {} has no basic audit", asked.release);
        return Err(Failure::new(message, "give --kubernetes 1.4, or a later one up to 1.11"));
    }
    let lines = requests.iter().flat_map(|request| audit_policy::text::basic_lines(&request.exchange, asked.release));
    let stdout = lines.map(|line| line + "\n").collect::<String>().into_bytes();
    Ok(Answer { exit: Exit::Good, stdout, stderr: asked.stderr.clone() })
}

/// The recorded events, each as the bytes of its line.
fn lines(recording: &Recording, encoding: Encoding, legacy: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for stage in &recording.stages {
        if let Fate::Recorded { event, legacy: legacy_line, .. } = &stage.fate {
            if legacy {
                bytes.extend_from_slice(legacy_line.as_bytes());
            } else {
                bytes.extend_from_slice(&encoding.line(event));
            }
            bytes.push(b'\n');
        }
    }
    bytes
}
