//! The audit handler: which stages a request reaches, and the event at each.

use std::collections::BTreeMap;

use super::answer::{self, Answer};
use super::object_ref;
use super::objects::{self, RequestObject};
use crate::event::{ObjectReference, UserInfo};
use crate::exchange::{Authentication, Impersonation, Outcome};
use crate::recording::{Fate, NotProduced, OmittedBy, StageRecord};
use crate::release::Change;
use crate::request::info::RequestInfo;
use crate::request::{deadline, headers};
use crate::text::{Encoding, legacy_line};
use crate::{Decision, Event, Exchange, GoString, Level, Policy, Release, Stage, Timestamp};

/// The annotations that the authorizer sets, which every stage after it has.
const AUTHORIZATION: &str = "authorization.k8s.io/";

/// Why a request is answered before anybody knows who asks.
pub(super) enum Refusal {
    /// Its `timeout` cannot be read: the message of the 400.
    Timeout(String),
    /// It is not authenticated: 401.
    Unauthenticated,
}

impl Refusal {
    /// The status code of the answer.
    pub(super) fn code(&self) -> u16 {
        match self {
            Refusal::Timeout(_) => 400,
            Refusal::Unauthenticated => 401,
        }
    }
}

/// Whether the request is refused before the audit handler has a user.
pub(super) fn refusal(exchange: &Exchange, info: &RequestInfo, release: Release) -> Option<Refusal> {
    if let Some(message) = deadline::refused_timeout(&exchange.request, info, release) {
        return Some(Refusal::Timeout(message));
    }
    (exchange.authentication == Authentication::Failed).then_some(Refusal::Unauthenticated)
}

/// The user whom rules look at.
pub(super) fn user(exchange: &Exchange, refusal: Option<&Refusal>) -> Option<UserInfo> {
    match &exchange.authentication {
        Authentication::User(user) if refusal.is_none() => Some(user.clone()),
        _ => None,
    }
}

/// One request on its way through the handlers.
pub(super) struct Chain<'a> {
    policy: &'a Policy,
    exchange: &'a Exchange,
    info: &'a RequestInfo,
    decision: Decision,
    refusal: Option<Refusal>,
    release: Release,
    request_object: RequestObject,
    /// What events after the first refer to.
    reference: Option<ObjectReference>,
    answer: Answer,
}

impl<'a> Chain<'a> {
    pub(super) fn new(
        policy: &'a Policy,
        exchange: &'a Exchange,
        info: &'a RequestInfo,
        decision: Decision,
        refusal: Option<Refusal>,
        release: Release,
    ) -> Chain<'a> {
        // What no event shows need not be made.
        let (request_object, answer) = if decision.level == Level::None {
            (RequestObject::default(), Answer::default())
        } else {
            let answer = answer::answer(exchange, info, refusal.as_ref(), &decision, release);
            let request = match refusal {
                Some(_) => RequestObject::default(),
                None => objects::request_object(exchange, info, &answer, &decision, release),
            };
            (request, answer)
        };
        let mut reference = object_ref::of_request(info);
        object_ref::complete(&mut reference, &request_object, release);
        Chain { policy, exchange, info, decision, refusal, release, request_object, reference, answer }
    }

    /// The same way at another level. A chain that was made for None has no objects to show.
    pub(super) fn at(mut self, level: Level) -> Chain<'a> {
        self.decision.level = level;
        self
    }

    /// The four stages.
    pub(super) fn stages(&self) -> Vec<StageRecord> {
        Stage::ALL.into_iter().map(|stage| StageRecord { stage, fate: self.fate(stage) }).collect()
    }

    /// What to know about the stages.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match &self.refusal {
            Some(Refusal::Timeout(_)) => notes.push(
                "The timeout is checked before authentication: the policy sees no user, and there is one event."
                    .to_owned(),
            ),
            Some(Refusal::Unauthenticated) => notes.push(
                "Authentication failed: the policy sees no user, so rules with users or userGroups do not match."
                    .to_owned(),
            ),
            None => {}
        }
        if self.decision.level >= Level::Request {
            notes.extend(self.request_object.note.clone());
        }
        if self.decision.level >= Level::RequestResponse {
            notes.extend(self.answer.note.clone());
        }
        if self.release < Release::OLDEST_RECORDED {
            notes.push(format!(
                "What Kubernetes {} writes is not recorded: the fields are those of its source, and what they hold is what {} writes.",
                self.release,
                Release::OLDEST_RECORDED
            ));
        }
        notes
    }

    fn fate(&self, stage: Stage) -> Fate {
        if let Some(why) = self.not_reached(stage) {
            return Fate::NotProduced { why };
        }
        if let Some(by) = self.omitted_by(stage) {
            return Fate::Omitted { by };
        }
        if stage != Stage::RequestReceived
            && let Some(why) = self.lost()
        {
            return Fate::Lost { why };
        }
        let event = self.event(stage);
        let line = Encoding::of(self.release).line(&event);
        let bytes = line.len() + 1;
        let line = match String::from_utf8(line) {
            Ok(line) => line,
            Err(other) => String::from_utf8_lossy(other.as_bytes()).into_owned(),
        };
        let legacy = legacy_line(&event, self.release);
        let request_object_approximate = event.request_object.is_some() && self.request_object.approximate;
        Fate::Recorded { event: Box::new(event), line, bytes, legacy, request_object_approximate }
    }

    fn not_reached(&self, stage: Stage) -> Option<NotProduced> {
        if self.decision.level == Level::None {
            return Some(NotProduced::LevelNone);
        }
        match (&self.refusal, stage) {
            (None, _) => {}
            (_, Stage::ResponseStarted) => return None,
            (Some(Refusal::Timeout(_)), _) => return Some(NotProduced::RefusedBeforeAuthentication),
            (Some(Refusal::Unauthenticated), _) => return Some(NotProduced::NotAuthenticated),
        }
        let panicked = matches!(self.exchange.outcome, Outcome::Panic(_));
        match stage {
            Stage::RequestReceived => None,
            Stage::ResponseStarted if !self.info.is_long_running() => Some(NotProduced::NotLongRunning),
            Stage::ResponseStarted if panicked && self.exchange.response.code.is_none() => {
                Some(NotProduced::NothingStarted)
            }
            Stage::ResponseStarted => None,
            Stage::ResponseComplete => panicked.then_some(NotProduced::Panicked),
            Stage::Panic => (!panicked).then_some(NotProduced::NoPanic),
        }
    }

    fn omitted_by(&self, stage: Stage) -> Option<OmittedBy> {
        let rule = self.decision.rule.and_then(|index| self.policy.rules.get(index));
        match (self.policy.omit_stages.contains(&stage), rule.is_some_and(|rule| rule.omit_stages.contains(&stage))) {
            (true, true) => Some(OmittedBy::PolicyAndRule),
            (true, false) => Some(OmittedBy::Policy),
            (false, true) => Some(OmittedBy::Rule),
            (false, false) => None,
        }
    }

    /// Why events after the first cannot be written, if so.
    fn lost(&self) -> Option<String> {
        let problem = self.request_object.unencodable.as_ref().filter(|_| self.decision.level >= Level::Request)?;
        Some(format!("json: error calling MarshalJSON for type *runtime.Unknown: {problem}"))
    }

    fn event(&self, stage: Stage) -> Event {
        let mut event = self.received();
        event.stage = stage.as_str().into();
        event.annotations = self.annotations(stage);
        if stage == Stage::RequestReceived {
            return event;
        }
        event.stage_timestamp = self.stage_timestamp(stage);
        if let (Impersonation::Allowed(user), None) = (&self.exchange.impersonation, &self.refusal) {
            event.impersonated_user = Some(user.clone());
            if self.release.has(Change::AuthenticationMetadata) {
                event.authentication_metadata = self.exchange.authentication_metadata.clone();
            }
        }
        event.object_ref.clone_from(&self.reference);
        event.response_status = Some(match &self.exchange.outcome {
            Outcome::Panic(value) if stage == Stage::Panic => answer::panic_status(value),
            _ => self.answer.status.clone(),
        });
        if self.decision.level >= Level::Request {
            event.request_object = self.request_object.text.clone();
        }
        if self.decision.level >= Level::RequestResponse {
            event.response_object = self.answer.object.clone();
        }
        event
    }

    /// The event at RequestReceived: upstream's `LogRequestMetadata`.
    fn received(&self) -> Event {
        Event {
            level: self.decision.level.as_str().into(),
            audit_id: self.exchange.audit_id.clone(),
            stage: GoString::new(),
            request_uri: self.info.request_uri.clone(),
            verb: self.info.verb.clone(),
            user: user(self.exchange, self.refusal.as_ref()).unwrap_or_default(),
            impersonated_user: None,
            authentication_metadata: None,
            source_ips: self.exchange.source_ips.clone(),
            user_agent: match self.release.has(Change::UserAgent) {
                true => headers::user_agent(&self.exchange.request),
                false => GoString::new(),
            },
            object_ref: object_ref::of_request(self.info),
            response_status: None,
            request_object: None,
            response_object: None,
            request_received_timestamp: self.exchange.times.request_received,
            stage_timestamp: self.exchange.times.request_received,
            annotations: BTreeMap::new(),
        }
    }

    fn stage_timestamp(&self, stage: Stage) -> Timestamp {
        let times = &self.exchange.times;
        let mut reached = times.stages.range(..=stage).filter(|(reached, _)| **reached != Stage::RequestReceived);
        reached.next_back().map_or(times.request_received, |(_, time)| *time)
    }

    /// The annotations of a stage: its own and those of the stages before it. What the authorizer noted comes before any answer, so
    /// where a stage is not given it is taken from the next that is.
    fn annotations(&self, stage: Stage) -> BTreeMap<String, GoString> {
        if !self.release.has(Change::Annotations) {
            return BTreeMap::new();
        }
        let given = &self.exchange.annotations;
        let is_before = |other: Stage| other < stage && !(stage == Stage::Panic && other == Stage::ResponseComplete);
        let mut annotations = BTreeMap::new();
        for (_, noted) in given.iter().filter(|(other, _)| is_before(**other) || **other == stage) {
            for (key, value) in noted {
                annotations.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        if stage == Stage::RequestReceived {
            return annotations;
        }
        let unauthorized = self.refusal.is_some()
            || self.exchange.impersonation == Impersonation::Refused
            || !self.release.has(Change::AuthorizationAnnotations);
        if unauthorized {
            annotations.retain(|key, _| !key.starts_with(AUTHORIZATION));
        } else if !given.contains_key(&stage) {
            let later = given.values().flatten().filter(|(key, _)| key.starts_with(AUTHORIZATION));
            for (key, value) in later {
                annotations.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        annotations
    }
}
