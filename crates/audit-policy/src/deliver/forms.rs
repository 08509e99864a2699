//! An event's size in each form that truncation may give it, and which form that is.

use serde::Serialize;

use super::truncate::{Truncate, cut, is_cut, mark};
use crate::event::EventVersion;
use crate::text::Encoding;
use crate::{Event, Release};

/// The bytes of an event's JSON line with the newline, in each of its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forms {
    /// As it is.
    pub full: u32,
    /// Without objects and with the mark of truncation; none at levels that have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<u32>,
    /// With objects and mark: what a webhook gets after the log has truncated, where the event has annotations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marked: Option<u32>,
}

/// Which form it is that is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Full,
    Marked,
    Cut,
}

impl Forms {
    /// Sizes an event that meets a backend's limits as it is.
    pub fn new(event: &Event, version: EventVersion, release: Release) -> Forms {
        match is_cut(event) {
            true => Forms::of_copy(event, version, release),
            false => Forms { full: size(event, version, release), cut: None, marked: None },
        }
    }

    /// Sizes a copy that is made after the whole event met the limits, whatever level the copy has.
    pub(super) fn of_copy(event: &Event, version: EventVersion, release: Release) -> Forms {
        let marked = || {
            let mut event = event.clone();
            mark(&mut event, release);
            size(&event, version, release)
        };
        Forms {
            full: size(event, version, release),
            cut: Some(size(&cut(event, release), version, release)),
            marked: (!event.annotations.is_empty()).then(marked),
        }
    }

    /// Upstream's truncate backend, for one event: its form, none where it is dropped, and whether later backends get it marked.
    pub(super) fn within(&self, limits: &Truncate, is_marked: bool) -> (Option<Form>, bool) {
        let form = if is_marked && self.marked.is_some() { Form::Marked } else { Form::Full };
        let fits = |bytes: u32| i64::from(bytes) <= limits.max_event_size;
        if !limits.enabled || fits(self.bytes(form)) {
            return (Some(form), false);
        }
        match self.cut {
            Some(cut) => (fits(cut).then_some(Form::Cut), self.marked.is_some()),
            None => (None, false),
        }
    }

    pub(super) fn bytes(&self, form: Form) -> u32 {
        match form {
            Form::Full => self.full,
            Form::Marked => self.marked.unwrap_or(self.full),
            Form::Cut => self.cut.unwrap_or(self.full),
        }
    }
}

fn size(event: &Event, version: EventVersion, release: Release) -> u32 {
    bytes(Encoding::new(version, release).line(event).len() + 1)
}

pub(super) fn bytes(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
