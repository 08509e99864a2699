//! A request as a form: every part of it as a control can hold it, in YAML.
//!
//! The text, with every field (all but what says what is asked may be left out, and empty is left out):
//!
//! ```yaml
//! verb: list                    # a Kubernetes verb, or
//! method: GET                   # the HTTP method, where no verb says it (HEAD, OPTIONS, …) or `path` is given; default GET
//! group: apps                   # default: the group that has the resource, else core
//! version: v1                   # default: the one that the release's clients use
//! resource: deployments         # what is asked for; instead of it `path`
//! subresource: scale
//! namespace: prod
//! name: web                     # for create without a subresource: of the new object, in the body
//! path: /healthz                # as on the request line, escapes and all, without the query
//! labelSelector: app=web        # not encoded
//! fieldSelector: metadata.name=web
//! dryRun: true                  # `dryRun=All` in the query
//! query: limit=500&continue=x   # the rest of the query, encoded, as in the URL
//! userAgent: kubectl/v1.37.0    # the header; empty: none is sent
//! contentType: application/json # the header; default by verb where there is a body
//! impersonate: {user: bob, uid: "7", groups: [dev], extra: {scopes: [a]}}   # the Impersonate- headers
//! headers: ["Accept: application/json"]   # all others
//! body: |
//!   {"kind": "Scale", "apiVersion": "autoscaling/v1"}
//! ```
//!
//! **What a form holds is the request as the client sends it.** Who the client is, where it comes from, the answer and everything else that
//! is known besides is [`Given`](super::Given), as with every other format: [`rewrite`](super::rewrite) gives both when one format is
//! turned into another.
//!
//! A control writes its field and the page stores [`Form::to_yaml`]; [`Form::parse`] reads it back as the same form. Findings have the
//! field's name in `path` and, where they were read from a text, its place.

mod line;
mod of;
mod parse;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

pub(super) use line::query_escape;
pub(super) use read::make;

use super::fields::error;
use super::{Format, ReadOptions, Reading, Unreadable, mend};
use crate::exchange::HttpRequest;
use crate::{Exchange, Release, Span};

/// A request, field by field; see the [module](self) for what they mean. An empty field is not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// `verb`: the Kubernetes verb, such as `list`.
    pub verb: String,
    /// `method`: the HTTP method; with a verb, in place of the one that the verb has.
    pub method: String,
    /// `group`
    pub group: String,
    /// `version`
    pub version: String,
    /// `resource`: the plural, such as `pods`.
    pub resource: String,
    /// `subresource`
    pub subresource: String,
    /// `namespace`
    pub namespace: String,
    /// `name`
    pub name: String,
    /// `path`: instead of a resource, as on the request line.
    pub path: String,
    /// `labelSelector`, not encoded.
    pub label_selector: String,
    /// `fieldSelector`, not encoded.
    pub field_selector: String,
    /// `dryRun`
    pub dry_run: bool,
    /// `query`: the parameters that have no field of their own, encoded.
    pub query: String,
    /// `userAgent`
    pub user_agent: String,
    /// `contentType`
    pub content_type: String,
    /// `impersonate`
    pub impersonate: Impersonate,
    /// `headers`: names and values of the others, in order.
    pub headers: Vec<(String, String)>,
    /// `body`
    pub body: String,
}

/// Whom the client asks to act as: its Impersonate- headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impersonate {
    /// `user`
    pub user: String,
    /// `uid`
    pub uid: String,
    /// `groups`
    pub groups: Vec<String>,
    /// `extra`
    pub extra: BTreeMap<String, Vec<String>>,
}

impl Form {
    /// Reads a form from YAML or JSON.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it as a form, each with its place: unknown fields, wrong types. Whether it makes a request is
    /// [`Form::read`]'s question.
    pub fn parse(text: &[u8]) -> Result<Form, Unreadable> {
        parse::parse(text).map(|parsed| parsed.form)
    }

    /// YAML, without what is not given; [`Form::parse`] reads it back as the same form.
    pub fn to_yaml(&self) -> String {
        super::yaml_text::to_yaml(&write::to_value(self))
    }

    /// The form of an exchange's request: by its fields where that makes the same request, else by path and query as they are. What is not
    /// UTF-8 is held as U+FFFD; `Host` and `Content-Length` are left out.
    pub fn of(exchange: &Exchange, release: Release) -> Form {
        of::form(&exchange.request, release)
    }

    /// The request that the form makes, completed like any other.
    ///
    /// # Errors
    ///
    /// Where it makes none: the field is in each finding's `path`.
    pub fn read(&self, options: &ReadOptions) -> Result<Reading, Unreadable> {
        let unplaced = |finding: &mut crate::Diagnostic| mend::put(finding, None);
        let mut reading = read::read(self, options).map_err(|mut unreadable| {
            unreadable.findings.iter_mut().for_each(unplaced);
            unreadable
        })?;
        reading.findings.iter_mut().for_each(unplaced);
        Ok(reading)
    }
}

/// Reads the form of a text.
pub(super) fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    let parsed = parse::parse(text)?;
    let place = |finding: &mut crate::Diagnostic| {
        let of_field = parsed.spans.iter().find(|(name, _)| finding.path.as_deref() == Some(name));
        mend::put(finding, of_field.map(|(_, span)| *span));
    };
    let mut reading = read::read(&parsed.form, options).map_err(|mut unreadable| {
        unreadable.findings.iter_mut().for_each(place);
        unreadable
    })?;
    reading.findings.iter_mut().for_each(place);
    Ok(reading)
}
