//! An event, cut down to what a sink or a backend is to have.
//!
//! Mirrors `plugin/pkg/audit/dynamic/enforced`, `pkg/audit/event/attributes.go` and `pkg/audit/policy/enforce.go` of 1.13 to 1.18.

use serde::Serialize;

use super::{Sink, SinkPolicy};
use crate::decide::Attributes;
use crate::recording::{Fate, NotProduced, OmittedBy, StageRecord};
use crate::request::url::Url;
use crate::text::{json_line, legacy_line};
use crate::{Event, Exchange, GoString, Level, Policy, Release, Rule, Stage, decide, record};

/// The event as a sink of this policy gets it; none where it does not.
///
/// # Errors
///
/// The server's words where it loses the event.
pub fn enforce(policy: &SinkPolicy, event: &Event) -> Result<Option<Event>, String> {
    path(event)?;
    if policy.level == "None" {
        return Ok(None);
    }
    let omitted = policy.omit_stages().iter().any(|stage| event.stage == stage.as_str());
    if omitted {
        return Ok(None);
    }
    let level = Level::from_name(&policy.level).ok_or_else(|| format!("level unknown: {}", policy.level))?;
    Ok(Some(cut(event, level)))
}

fn cut(event: &Event, level: Level) -> Event {
    let mut event = event.clone();
    event.level = GoString::from(level.as_str());
    if level < Level::RequestResponse {
        event.response_object = None;
    }
    if level < Level::Request {
        event.request_object = None;
    }
    event
}

/// The path that a policy sees of an event: none where the event has an objectRef.
fn path(event: &Event) -> Result<Option<Vec<u8>>, String> {
    if event.object_ref.is_some() {
        return Ok(None);
    }
    let url = Url::of_request(b"GET", event.request_uri.as_bytes());
    url.map(|url| Some(url.path)).map_err(|problem| format!("could not parse url: {problem}"))
}

/// What the server logs of an event that a sink does not get by an error.
pub fn plugin_error(error: &str, event: &Event, release: Release) -> String {
    let line = legacy_line(event, release);
    format!("Error in audit plugin 'enforced' affecting 1 audit events: {error}\nImpacted events:\n{line}")
}

/// What a sink gets of an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SinkStages {
    /// The sink's name.
    pub name: String,
    /// The four stages, in order of time.
    pub stages: Vec<StageRecord>,
    /// The stages of which the static policy's backends get nothing and the sink does, or less of their objects.
    pub beyond: Vec<Stage>,
}

/// What the static policy's backends and each sink get of an exchange, where they run beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Beside {
    /// What the server makes: everything, of which each gets a copy.
    #[serde(skip)]
    pub made: Vec<StageRecord>,
    /// What the static policy's backends get; none where there is no static policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Vec<StageRecord>>,
    /// What each sink gets.
    pub sinks: Vec<SinkStages>,
}

/// What the backends of a static policy and what sinks get of an exchange, in a release that has AuditSink.
pub fn beside(policy: Option<&Policy>, sinks: &[Sink], exchange: &Exchange, release: Release) -> Beside {
    let rule = Rule { level: Level::RequestResponse, ..Rule::default() };
    let everything = Policy::of_rules([rule]);
    // Everything is made once, and each gets its part of it.
    let made = record(&everything, exchange, release).stages;
    let fixed = policy.map(|policy| {
        let enforced = |event: &Event| match path(event) {
            Ok(path) => {
                let decision = decide(policy, &attributes(event, path), release);
                let stage = Stage::ALL.into_iter().find(|stage| event.stage == stage.as_str());
                match decision.level {
                    Level::None => Err(Fate::NotProduced { why: NotProduced::LevelNone }),
                    _ if stage.is_some_and(|stage| decision.omit_stages.contains(stage)) => {
                        Err(Fate::Omitted { by: OmittedBy::Policy })
                    }
                    level => Ok(cut(event, level)),
                }
            }
            Err(why) => Err(Fate::Lost { why }),
        };
        stages(&made, release, &enforced)
    });
    let sinks = sinks.iter().map(|sink| {
        let enforced = |event: &Event| match enforce(&sink.policy, event) {
            Ok(Some(event)) => Ok(event),
            Ok(None) if sink.policy.level == "None" => Err(Fate::NotProduced { why: NotProduced::LevelNone }),
            Ok(None) => Err(Fate::Omitted { by: OmittedBy::Policy }),
            Err(why) => Err(Fate::Lost { why }),
        };
        let stages = stages(&made, release, &enforced);
        let beyond = beyond(fixed.as_deref().unwrap_or_default(), &stages);
        SinkStages { name: sink.name.clone(), stages, beyond }
    });
    let sinks = sinks.collect();
    Beside { made, fixed, sinks }
}

fn stages(
    made: &[StageRecord],
    release: Release,
    enforced: &dyn Fn(&Event) -> Result<Event, Fate>,
) -> Vec<StageRecord> {
    let each = made.iter().map(|record| {
        let fate = match &record.fate {
            Fate::Recorded { event, request_object_approximate, .. } => match enforced(event) {
                Ok(event) => {
                    let approximate = *request_object_approximate && event.request_object.is_some();
                    recorded(event, approximate, release)
                }
                Err(fate) => fate,
            },
            other => other.clone(),
        };
        StageRecord { stage: record.stage, fate }
    });
    each.collect()
}

fn recorded(event: Event, request_object_approximate: bool, release: Release) -> Fate {
    let line = json_line(&event);
    let bytes = line.len() + 1;
    let legacy = legacy_line(&event, release);
    let line = String::from_utf8_lossy(&line).into_owned();
    Fate::Recorded { event: Box::new(event), line, bytes, legacy, request_object_approximate }
}

/// The stages at which the one gets more than the other.
fn beyond(fixed: &[StageRecord], sink: &[StageRecord]) -> Vec<Stage> {
    let event = |record: Option<&StageRecord>| {
        let event = record.and_then(StageRecord::event)?;
        Some((event.request_object.is_some(), event.response_object.is_some()))
    };
    let more =
        sink.iter().enumerate().filter(|(index, record)| match (event(Some(record)), event(fixed.get(*index))) {
            (Some(_), None) => true,
            (Some((request, response)), Some((fixed_request, fixed_response))) => {
                request && !fixed_request || response && !fixed_response
            }
            (None, _) => false,
        });
    more.map(|(_, record)| record.stage).collect()
}

/// What a policy sees of an event. Unlike what it sees of a request, the name is the event's: that of the object, where the request has none.
fn attributes(event: &Event, path: Option<Vec<u8>>) -> Attributes {
    let object = event.object_ref.clone().unwrap_or_default();
    Attributes {
        user: Some(event.user.clone()),
        verb: event.verb.clone(),
        resource_request: event.object_ref.is_some(),
        api_group: object.api_group,
        resource: object.resource,
        subresource: object.subresource,
        namespace: object.namespace,
        name: object.name,
        path: path.unwrap_or_default().into(),
        ..Attributes::default()
    }
}
