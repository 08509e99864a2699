//! Whether a sink may be created. Mirrors `pkg/apis/auditregistration/validation` and `apiserver/pkg/util/webhook/validation.go` of 1.14.

use super::Sink;
use super::read::at;
use crate::json::Node;
use crate::load::subdomain_problems;
use crate::request::url::Url;
use crate::text::go_quote;
use crate::{Level, Release, Span, Stage};

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(super) struct Error {
    pub path: String,
    /// The API server's words, path and all.
    pub message: String,
    pub span: Option<Span>,
}

/// Everything that is wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct Errors {
    pub list: Vec<Error>,
}

impl Errors {
    pub(super) fn add(&mut self, path: &str, span: Option<Span>, problem: String) {
        self.list.push(Error { path: path.to_owned(), message: format!("{path}: {problem}"), span });
    }

    /// All of them as the API server tells them.
    pub(super) fn message(&self) -> Option<String> {
        match self.list.as_slice() {
            [] => None,
            [only] => Some(only.message.clone()),
            several => {
                let messages: Vec<&str> = several.iter().map(|error| error.message.as_str()).collect();
                Some(format!("[{}]", messages.join(", ")))
            }
        }
    }
}

fn invalid(value: &str, detail: &str) -> String {
    format!("Invalid value: {}: {detail}", go_quote(value.as_bytes()))
}

pub(super) fn validate(sink: &Sink, node: Node<'_>, release: Release, errors: &mut Errors) {
    let mut add = |path: &str, problem: String| {
        // Of what is not there the nearest thing around it is shown.
        let bare = path.split('[').next().unwrap_or(path);
        let mut shown = bare;
        let span = loop {
            if let Some(found) = at(node, shown) {
                let index =
                    path.strip_prefix(bare).and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
                let item = index.and_then(|index: usize| found.items().nth(index));
                break Some(item.unwrap_or(found).span());
            }
            match shown.rsplit_once('.') {
                Some((outer, _)) => shown = outer,
                None => break None,
            }
        };
        errors.add(path, span, problem);
    };
    if sink.name.is_empty() {
        add("metadata.name", "Required value: name or generateName is required".to_owned());
    } else {
        for problem in subdomain_problems(&sink.name, release) {
            add("metadata.name", invalid(&sink.name, &problem));
        }
    }
    policy(sink, &mut add);
    let webhook = &sink.webhook;
    for (name, value) in [("qps", webhook.qps), ("burst", webhook.burst)] {
        if value <= 0 {
            add(
                &format!("spec.webhook.throttle.{name}"),
                format!("Invalid value: {value}: {name} must be a positive number"),
            );
        }
    }
    match (&webhook.url, &webhook.service) {
        (Some(url), None) => webhook_url(url, &mut add),
        (None, Some(_)) => service(sink, release, &mut add),
        _ => add("spec.webhook.clientConfig", "Required value: exactly one of url or service is required".to_owned()),
    }
}

fn policy(sink: &Sink, add: &mut impl FnMut(&str, String)) {
    let policy = &sink.policy;
    // Without stages nothing else of the policy is told.
    if policy.level != "None" && policy.stages.is_empty() {
        add("spec.policy.stages", "Required value".to_owned());
        return;
    }
    for (index, stage) in policy.stages.iter().enumerate() {
        if Stage::from_name(stage).is_none() {
            let detail = "allowed stages are Panic,RequestReceived,ResponseComplete,ResponseStarted";
            add(&format!("spec.policy.stages[{index}]"), invalid(stage, detail));
        }
    }
    if policy.level.is_empty() {
        add("spec.policy.level", "Required value".to_owned());
    } else if Level::from_name(&policy.level).is_none() {
        let level = go_quote(policy.level.as_bytes());
        let supported = "\"Metadata\", \"None\", \"Request\", \"RequestResponse\"";
        add("spec.policy.level", format!("Unsupported value: {level}: supported values: {supported}"));
    }
}

fn webhook_url(url: &str, add: &mut impl FnMut(&str, String)) {
    const PATH: &str = "spec.webhook.clientConfig.url";
    const FORM: &str = "; desired format: https://host[/path]";
    let (before, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (host, user, query) = match Url::of_request(b"GET", before.as_bytes()) {
        Ok(url) => (url.host_text(), url.user_text(), url.query_text()),
        // Any text may be a relative path, and an empty one is none.
        Err(problem) if problem.ends_with(": invalid URI for request") || before.is_empty() => Default::default(),
        Err(problem) => {
            add(PATH, format!("Required value: url must be a valid URL: {problem}{FORM}"));
            return;
        }
    };
    if host.is_empty() {
        add(PATH, invalid("", &format!("host must be provided{FORM}")));
    }
    for (text, detail) in [
        (user, "user information is not permitted in the URL"),
        (fragment.to_owned(), "fragments are not permitted in the URL"),
        (query, "query parameters are not permitted in the URL"),
    ] {
        if !text.is_empty() {
            add(PATH, invalid(&text, detail));
        }
    }
}

fn service(sink: &Sink, release: Release, add: &mut impl FnMut(&str, String)) {
    const PATH: &str = "spec.webhook.clientConfig.service";
    let Some(service) = &sink.webhook.service else { return };
    // Upstream hands over name and namespace the wrong way round: each is missed under the other's name.
    if service.namespace.is_empty() {
        add(&format!("{PATH}.name"), "Required value: service name is required".to_owned());
    }
    if service.name.is_empty() {
        add(&format!("{PATH}.namespace"), "Required value: service namespace is required".to_owned());
    }
    if release.minor() >= 16 && !(1..=65_535).contains(&service.port) {
        let detail = "port is not valid: must be between 1 and 65535, inclusive";
        add(&format!("{PATH}.port"), format!("Invalid value: {}: {detail}", service.port));
    }
    let Some(path) = service.path.as_deref().filter(|path| !matches!(*path, "" | "/")) else { return };
    let mut wrong = |detail: &str| add(&format!("{PATH}.path"), invalid(path, detail));
    if path == "//" {
        wrong("segment[0] may not be empty");
        return;
    }
    if !path.starts_with('/') {
        wrong("must start with a '/'");
    }
    // Upstream drops the first character, whatever it is.
    let mut rest = path.chars();
    rest.next();
    let steps = rest.as_str();
    for (index, step) in steps.strip_suffix('/').unwrap_or(steps).split('/').enumerate() {
        if step.is_empty() {
            wrong(&format!("segment[{index}] may not be empty"));
            continue;
        }
        for problem in subdomain_problems(step, release) {
            wrong(&format!("segment[{index}]: {problem}"));
        }
    }
}
