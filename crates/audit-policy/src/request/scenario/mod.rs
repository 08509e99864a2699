//! The scenario file: a policy, a request and what is known besides, in YAML or JSON. What the page holds and a link carries.

mod load;
pub(crate) mod parse;
#[cfg(test)]
mod tests;
mod write;

use super::fields::error;
use super::{Format, Given, ReadOptions, Reading, Unreadable};
use crate::{Diagnostic, Release, Span};

pub use load::Load;

/// The number that scenario files and links carry.
pub const VERSION: u8 = 1;

/// A policy, a request, and what is known besides; what is not given is assumed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// `kubernetes`: the release; none: the newest.
    pub kubernetes: Option<Release>,
    /// `policy`: the text as typed, valid or not.
    pub policy: Option<String>,
    /// `request`: the text as typed, in any format.
    pub request: String,
    /// `format`: how the request is written, where detection is overruled.
    pub format: Option<Format>,
    /// `pick`: which of several requests is meant, as index (the file counts from 1), discovery calls after the others; none: the one
    /// the text exists for.
    pub pick: Option<usize>,
    /// Where events go.
    pub sending: Sending,
    /// Everything else.
    pub given: Given,
}

/// Where a scenario's events go: how the server is set, what else records, and under which load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sending {
    /// `flags`: kube-apiserver's flags, the text as typed, in any of the shapes of [`crate::flags::Shape`], valid or not.
    pub flags: Option<String>,
    /// `load`: what arrives, and what the backends stand in.
    pub load: Option<Load>,
    /// `sinks`: AuditSinks, the text as typed, one YAML document or more, valid or not.
    pub sinks: Option<String>,
}

impl Scenario {
    /// Reads a scenario from YAML or JSON.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its place.
    pub fn parse(text: &[u8]) -> Result<Scenario, Unreadable> {
        parse::parse(text).map(|parsed| parsed.scenario)
    }

    /// Compact JSON, without what is not given.
    pub fn to_json(&self) -> String {
        write::to_value(self).to_string()
    }

    /// YAML, the texts as blocks.
    pub fn to_yaml(&self) -> String {
        super::yaml_text::to_yaml(&write::to_value(self))
    }

    /// Reads the scenario's request. The options go first: their release is taken, their format and what they give go before the
    /// scenario's.
    ///
    /// # Errors
    ///
    /// Where the request cannot be read, with places in its text; or `pick` is past the last request.
    pub fn read(&self, options: &ReadOptions) -> Result<Reading, Unreadable> {
        let format = options.format.filter(|format| *format != Format::Scenario).or(self.format);
        let format = format.or_else(|| super::detect(self.request.as_bytes()));
        if format == Some(Format::Scenario) {
            return Err(refuse(
                "nested-scenario",
                "a scenario's request is no scenario",
                None,
                "give the request itself",
            ));
        }
        let options = ReadOptions { format, given: merge(&options.given, &self.given), ..options.clone() };
        let mut reading = super::read(self.request.as_bytes(), &options)?;
        if let Some(pick) = self.pick {
            if pick >= reading.requests.len() && reading.request(pick).is_some() {
                reading.requests.append(&mut reading.discovery);
            }
            if pick >= reading.requests.len() {
                let message = format!("`pick` is {}, past the last request, {}", pick + 1, reading.requests.len());
                return Err(refuse(
                    "pick-out-of-range",
                    &message,
                    None,
                    "give the number of one of the requests, from 1",
                ));
            }
            reading.pick = pick;
        }
        Ok(reading)
    }
}

/// Reads the request of a scenario's text.
pub(super) fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    let parsed = parse::parse(text)?;
    // A release that is asked for goes before the scenario's; the default may as well not have been asked for.
    let release = match parsed.scenario.kubernetes {
        Some(release) if options.release == Release::default() => release,
        _ => options.release,
    };
    let mut reading = parsed
        .scenario
        .read(&ReadOptions { release, ..options.clone() })
        .map_err(|unreadable| Unreadable { findings: place(unreadable.findings, parsed.request), ..unreadable })?;
    reading.format = Format::Scenario;
    reading.findings = place(reading.findings, parsed.request);
    Ok(reading)
}

/// Findings about the request, which is a value in the scenario: their place is that value's.
fn place(mut findings: Vec<Diagnostic>, request: Span) -> Vec<Diagnostic> {
    for finding in &mut findings {
        finding.span = Some(request);
        finding.fix = None;
    }
    findings
}

/// What is given by the first, else by the second.
pub(super) fn merge(first: &Given, second: &Given) -> Given {
    use crate::exchange::LoggedObject;
    let object = |first: &LoggedObject, second: &LoggedObject| match first {
        LoggedObject::FromBody => second.clone(),
        known => known.clone(),
    };
    Given {
        user: first.user.clone().or_else(|| second.user.clone()),
        impersonation_allowed: first.impersonation_allowed.or(second.impersonation_allowed),
        from: first.from.clone().or_else(|| second.from.clone()),
        code: first.code.or(second.code),
        body: first.body.clone().or_else(|| second.body.clone()),
        outcome: first.outcome.clone().or_else(|| second.outcome.clone()),
        objects: crate::exchange::Objects {
            request: object(&first.objects.request, &second.objects.request),
            response: object(&first.objects.response, &second.objects.response),
        },
        annotations: first.annotations.clone().or_else(|| second.annotations.clone()),
        times: first.times.clone().or_else(|| second.times.clone()),
        audit_id: first.audit_id.clone().or_else(|| second.audit_id.clone()),
    }
}

fn refuse(code: &'static str, message: &str, span: Option<Span>, help: &str) -> Unreadable {
    Unreadable { format: Some(Format::Scenario), findings: vec![error(code, message, span, help)] }
}
