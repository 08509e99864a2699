//! A request → the event that says most of it.

use crate::policy::{Policy, Rule};
use crate::recording::Fate;
use crate::{Exchange, Level, Recording, Release, record};

/// The event of the last stage at level RequestResponse, as the log has it. None where the request makes none.
pub(in crate::request) fn write(exchange: &Exchange, release: Release) -> Option<String> {
    let mut lines = recording(exchange, release).stages.into_iter().filter_map(|stage| match stage.fate {
        Fate::Recorded { line, .. } => Some(line),
        _ => None,
    });
    lines.next_back()
}

/// All that can be recorded of an exchange.
pub(in crate::request) fn recording(exchange: &Exchange, release: Release) -> Recording {
    let everything = Rule { level: Level::RequestResponse, ..Rule::default() };
    record(&Policy::of_rules([everything]), exchange, release)
}
