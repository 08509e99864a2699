//! Request text → exchanges: what a person has at hand, read as the requests that reach kube-apiserver.

mod addr;
mod answer;
mod assume;
mod curl;
mod curl_trace;
pub mod deadline;
pub(crate) mod describe;
mod detect;
pub(crate) mod document;
mod event;
pub(crate) mod fields;
pub mod form;
pub mod headers;
mod http;
pub mod info;
mod kubectl;
mod lossy;
mod mend;
mod message;
mod review;
mod rewrite;
pub mod scenario;
mod selectors;
pub(crate) mod url;
pub(crate) mod yaml_text;

pub use assume::{AUTHORIZATION_DECISION, AUTHORIZATION_REASON};
pub use detect::detect;
pub use form::Form;
pub use headers::ip_address;
pub use rewrite::{Rewritten, rewrite};

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::exchange::{Authentication, Objects, Outcome, Times};
use crate::{Diagnostic, Exchange, GoString, Release, Stage};

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// A kubectl command line.
    Kubectl,
    /// Raw HTTP: a request, or a request and its response.
    Http,
    /// A curl command line.
    Curl,
    /// An audit event in JSON, or a list of them.
    Event,
    /// A SubjectAccessReview or its kin, or an AdmissionReview, in YAML or JSON: the request that it asks about.
    Review,
    /// The fields of a form, in YAML or JSON: see [`form`].
    Form,
    /// The project's scenario file, in YAML or JSON.
    Scenario,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 7] =
        [Format::Kubectl, Format::Http, Format::Curl, Format::Event, Format::Review, Format::Form, Format::Scenario];

    /// The name that stands in scenario files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Kubectl => "kubectl",
            Format::Http => "http",
            Format::Curl => "curl",
            Format::Event => "event",
            Format::Review => "review",
            Format::Form => "form",
            Format::Scenario => "scenario",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Format::Kubectl => "kubectl command",
            Format::Http => "HTTP request",
            Format::Curl => "curl command",
            Format::Event => "audit event",
            Format::Review => "access or admission review",
            Format::Form => "form",
            Format::Scenario => "scenario",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Format::ALL.into_iter().find(|format| format.as_str() == text).ok_or_else(|| {
            let names: Vec<_> = Format::ALL.iter().map(|format| format.as_str()).collect();
            format!("`{text}` is no request format: give one of {}", names.join(", "))
        })
    }
}

/// What a text was read as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// The format it was read in.
    pub format: Format,
    /// What was understood, in one sentence: `List pods in namespace prod, as table`.
    pub understood: String,
    /// What was not in the text and was assumed, each in one sentence or clause.
    pub assumed: Vec<Assumption>,
    /// What is odd about the text though it could be read.
    pub findings: Vec<Diagnostic>,
    /// The requests that reach the server, in order; at least one.
    pub requests: Vec<Request>,
    /// Discovery calls, which come before and are audited like any other request.
    pub discovery: Vec<Request>,
    /// The index in `requests` of the one that the text is about.
    pub pick: usize,
}

impl Reading {
    /// The request of this index; discovery calls are counted after the others.
    pub fn request(&self, index: usize) -> Option<&Request> {
        self.requests.iter().chain(&self.discovery).nth(index)
    }
}

/// One request of a [`Reading`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// What it is for, in a few words: `the pod, before its log`.
    pub purpose: String,
    /// Where set, it is not sent as assumed, but where the cluster is in this state: `the object exists and differs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The request, and its assumed or given answer.
    pub exchange: Exchange,
}

impl Request {
    /// What it is for, and where it is not sent as assumed, when it is: `the change (only where the object exists and differs)`.
    pub fn title(&self) -> String {
        match &self.when {
            Some(when) => format!("{} (only where {when})", self.purpose),
            None => self.purpose.clone(),
        }
    }
}

/// Something that the text does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Assumption {
    /// What it is about: `user`, `source IP`, `response`, `kind`, `namespace`, …
    pub about: String,
    /// What was assumed, in a few words: `kubernetes-admin, in kubeadm:cluster-admins and system:authenticated`.
    pub text: String,
}

/// Why a text could not be read as a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unreadable {
    /// The format it was taken for, where that could be told.
    pub format: Option<Format>,
    /// What is wrong, where, and what to do: at least one, the first an error.
    pub findings: Vec<Diagnostic>,
}

impl Unreadable {
    /// Why, in a sentence: the first of what is wrong.
    pub fn why(self) -> String {
        let first = self.findings.into_iter().next();
        first.map_or_else(|| "the request is not understood".to_owned(), |finding| finding.message)
    }
}

/// How to read a request text, and what is given besides it.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The release of server and kubectl.
    pub release: Release,
    /// The format, where detection is overruled.
    pub format: Option<Format>,
    /// What is known besides the text; it goes before what the text says and what would be assumed.
    pub given: Given,
    /// Files that a kubectl or curl command names, by the name it uses.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What a kubectl or curl command reads from standard input.
    pub stdin: Option<Vec<u8>>,
}

/// What is known of an exchange besides its request's text: the scenario file's fields. `None` and empty: not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Given {
    /// `as`: the authenticated user, or that authentication fails.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub user: Option<Authentication>,
    /// `impersonation`: whether impersonation that the request asks for is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impersonation_allowed: Option<bool>,
    /// `from`: the source IPs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Vec<String>>,
    /// `response.code`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// `response.body`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<GoString>,
    /// `response.outcome`, with `panic`'s value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// `response.objects`
    pub objects: Objects,
    /// `annotations`, by stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotations: Option<BTreeMap<Stage, BTreeMap<String, GoString>>>,
    /// `times`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
    /// `auditID`
    #[serde(rename = "auditID", skip_serializing_if = "Option::is_none")]
    pub audit_id: Option<GoString>,
}

/// The files and folders that a request text names, by the names it uses: what [`ReadOptions::files`] may hold. `-` stands for
/// standard input, where the text reads it and does not hold it itself.
pub fn files_named(text: &[u8], options: &ReadOptions) -> Vec<String> {
    match options.format.or_else(|| detect(text)) {
        Some(Format::Kubectl) => kubectl::files::named(text),
        Some(Format::Curl) => curl::files_named(text),
        _ => Vec::new(),
    }
}

/// Reads a request text.
///
/// # Errors
///
/// Where the text is no request: what is wrong, where, and what to do.
pub fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    if text.trim_ascii().is_empty() {
        return Err(detect::unknown(text));
    }
    match options.format.or_else(|| detect(text)) {
        Some(Format::Kubectl) => kubectl::read(text, options),
        Some(Format::Http) => http::read(text, options),
        Some(Format::Curl) => curl::read(text, options),
        Some(Format::Event) => event::read(text, options),
        Some(Format::Review) => review::read(text, options),
        Some(Format::Form) => form::read(text, options),
        Some(Format::Scenario) => scenario::read(text, options),
        None => Err(detect::unknown(text)),
    }
}
