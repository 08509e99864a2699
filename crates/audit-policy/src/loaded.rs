//! What loading a policy's text answers, as plain data.

use std::sync::Arc;

use serde::Serialize;

use crate::{Diagnostic, Policy, Release, Span};

/// What kube-apiserver makes of a policy's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Loaded {
    /// The release that was asked.
    pub release: Release,
    /// Whether it loads.
    pub accepted: bool,
    /// Why not: the API server's exact message, without the file's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<LoadError>,
    /// The messages that it logs as warnings, exactly.
    pub warnings: Vec<String>,
    /// The same and more, one by one, with places: what is wrong, and what was probably meant.
    pub findings: Vec<Diagnostic>,
    /// The policy, where it loads.
    #[serde(skip)]
    pub policy: Option<Policy>,
    /// Where the rules and their fields are.
    #[serde(skip)]
    pub places: Places,
}

impl Loaded {
    /// The same, where the policy is the file at `path`: an error then has its start-up message.
    pub fn from_file(mut self, path: &str) -> Loaded {
        // What has nothing to do with the file has its message already.
        if let Some(error) = &mut self.error
            && error.startup_message.is_none()
        {
            error.startup_message = Some(format!("loading audit policy file: {}: from file {path}", error.message));
        }
        self
    }
}

/// Why a policy does not load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadError {
    /// The API server's exact message, without the file's name.
    pub message: String,
    /// Whose words they are.
    pub from: ErrorSource,
    /// The line that start-up prints and exits with: `loading audit policy file: … : from file PATH`; where the path is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub startup_message: Option<String>,
}

/// Whose words an error is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorSource {
    /// The YAML parser's.
    YamlParser,
    /// The JSON decoder's.
    JsonDecoder,
    /// The API server's own.
    Apiserver,
}

/// Where the parts of a policy are in its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Each rule, in order.
    pub rules: Vec<RulePlace>,
    /// The name of the policy's own `omitStages`.
    pub omit_stages: Option<Span>,
}

/// Where a rule is in its policy's text.
#[derive(Clone, Debug, Default)]
pub struct RulePlace {
    /// The whole rule.
    pub span: Span,
    /// Its fields where they were when the rule was read. They are shared: what is typed above a rule only moves it.
    fields: Arc<[(String, Span, Span)]>,
    /// How far it has moved since.
    moved: isize,
}

impl RulePlace {
    pub(crate) fn new(span: Span, fields: Vec<(String, Span, Span)>) -> RulePlace {
        RulePlace { span, fields: fields.into(), moved: 0 }
    }

    /// Its fields as name, the name's place, and the value's place, in the order of the text.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Span, Span)> {
        let fields = self.fields.iter();
        fields.map(|(name, key, value)| (name.as_str(), key.moved(self.moved), value.moved(self.moved)))
    }

    /// The places of a field's name and value.
    pub fn field(&self, name: &str) -> Option<(Span, Span)> {
        self.fields().find(|(known, ..)| *known == name).map(|(_, key, value)| (key, value))
    }

    /// The same rule further down, or up.
    pub(crate) fn move_by(&mut self, bytes: isize) {
        self.span = self.span.moved(bytes);
        self.moved += bytes;
    }
}

impl PartialEq for RulePlace {
    fn eq(&self, other: &RulePlace) -> bool {
        self.span == other.span && self.fields().eq(other.fields())
    }
}

impl Eq for RulePlace {}
