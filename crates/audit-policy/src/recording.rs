//! What kube-apiserver records of an exchange, as plain data: each stage with its event, or why there is none.

use std::fmt;

use serde::Serialize;

use crate::Stage;
use crate::decide::{Attributes, Decision};
use crate::event::Event;

/// What is recorded of an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    /// What the rules looked at; none where the request is answered before auditing (no event at all).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Attributes>,
    /// What the policy decided; none where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The four stages, in order of time.
    pub stages: Vec<StageRecord>,
    /// What to know about this recording: approximations, and what a reader would not expect. One sentence each.
    pub notes: Vec<String>,
}

/// What became of one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StageRecord {
    /// The stage.
    pub stage: Stage,
    /// Recorded, or why not.
    #[serde(flatten)]
    pub fate: Fate,
}

impl StageRecord {
    /// The event, where one is written.
    pub fn event(&self) -> Option<&Event> {
        match &self.fate {
            Fate::Recorded { event, .. } => Some(event),
            _ => None,
        }
    }
}

/// What became of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fate {
    /// An event is written.
    Recorded {
        /// The event.
        event: Box<Event>,
        /// Its JSON line as the log backend writes it, without the newline; U+FFFD where it is not UTF-8 (a patch that is not).
        line: String,
        /// The bytes of the JSON line with its newline: what the log grows by.
        #[serde(skip)]
        bytes: usize,
        /// Its line in the legacy format, without the newline.
        legacy: String,
        /// Whether the request object was made from the body: the server would also fill in defaults.
        request_object_approximate: bool,
    },
    /// The stage is reached, and omitted.
    Omitted {
        /// Who says so.
        by: OmittedBy,
    },
    /// The stage is reached, and the event cannot be written: it is lost, and the server logs why.
    Lost {
        /// The server's message.
        why: String,
    },
    /// The stage is not reached, or nobody records it.
    NotProduced {
        /// Why not.
        why: NotProduced,
    },
}

/// Who omits a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OmittedBy {
    /// The policy's `omitStages`.
    Policy,
    /// The matched rule's `omitStages`.
    Rule,
    /// Both.
    PolicyAndRule,
}

/// Who, in a few words: `the policy`.
impl fmt::Display for OmittedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OmittedBy::Policy => "the policy",
            OmittedBy::Rule => "the rule",
            OmittedBy::PolicyAndRule => "the policy and the rule",
        })
    }
}

/// Why a stage yields no event, besides `omitStages`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NotProduced {
    /// The level is None: nothing is recorded at any stage.
    LevelNone,
    /// ResponseStarted is for long-running requests, and this is none.
    NotLongRunning,
    /// The handler panicked: Panic stands in place of ResponseComplete.
    Panicked,
    /// The handler panicked before it had written anything, so no response started.
    NothingStarted,
    /// The handler did not panic.
    NoPanic,
    /// Authentication failed: there is one event, at ResponseStarted.
    NotAuthenticated,
    /// The request was refused before authentication (an unreadable `?timeout=`): there is one event, at ResponseStarted.
    RefusedBeforeAuthentication,
    /// The request never reaches the audit handler (RequestInfo cannot be made, or the HTTP server refuses it).
    NeverAudited,
}

/// Why, as a clause: `the request is not long-running`.
impl fmt::Display for NotProduced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotProduced::LevelNone => "level None records nothing",
            NotProduced::NotLongRunning => "the request is not long-running",
            NotProduced::Panicked => "the handler panicked, and stage Panic stands in its place",
            NotProduced::NothingStarted => "the handler panicked before it had written anything",
            NotProduced::NoPanic => "the handler did not panic",
            NotProduced::NotAuthenticated => "authentication failed, and the one event is at ResponseStarted",
            NotProduced::RefusedBeforeAuthentication => {
                "the request was refused before authentication, and the one event is at ResponseStarted"
            }
            NotProduced::NeverAudited => "the request never reaches the audit handler",
        })
    }
}
