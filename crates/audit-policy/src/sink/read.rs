//! Text → sinks, decoded, defaulted and validated as the API server does when one is created.

use super::validate::{Errors, validate};
use super::{ServiceReference, Sink, SinkPolicy, SinkWebhook, finding};
use crate::json::{Kind, Node};
use crate::load::compose::compose;
use crate::open::documents::documents;
use crate::{Diagnostic, Release, Severity, Span};

/// Sinks that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Each, in order; also those that are refused.
    pub sinks: Vec<Sink>,
    /// Why the first that is refused is, in the API server's words.
    pub error: Option<String>,
    /// What is wrong with each, with places.
    pub findings: Vec<Diagnostic>,
    /// Where the first says that it is one.
    pub kind_span: Option<Span>,
}

/// Whether a value says that it is an AuditSink, or a list of them.
pub(crate) fn is_sink_node(node: Node<'_>) -> bool {
    let says = |name, is: fn(&str) -> bool| node.get(name).and_then(Node::as_str).is_some_and(is);
    says("apiVersion", |version| version.starts_with("auditregistration.k8s.io/"))
        || says("kind", |kind| matches!(kind, "AuditSink" | "AuditSinkList"))
}

/// Whether a text is an AuditSink.
pub fn is_sink(text: &[u8]) -> bool {
    // Reading takes time: most texts are told by a word that they lack.
    let lossy = String::from_utf8_lossy(text);
    (lossy.contains("AuditSink") || lossy.contains("auditregistration")) && read(text, Release::NEWEST).is_some()
}

/// The sinks of a text; none where it is none.
pub fn read(text: &[u8], release: Release) -> Option<Read> {
    let text = std::str::from_utf8(text).ok()?;
    let mut out = Read::default();
    for part in documents(text) {
        // A slice of the text: how far in it begins.
        let offset = (part.text.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let Ok(composed) = compose(part.text.as_bytes(), release) else { continue };
        let Some(root) = composed.document.root().filter(|root| is_sink_node(*root)) else { continue };
        let moved = |span: Span| Span::new(span.start + offset, span.end + offset);
        out.kind_span = out.kind_span.or(root.get("kind").map(|kind| moved(kind.span())));
        let items = root.get("items").filter(|items| items.kind() == Kind::Array);
        let nodes: Vec<Node<'_>> = items.map_or_else(|| vec![root], |items| items.items().collect());
        for node in nodes {
            let mut errors = Errors::default();
            let mut sink = decode(node, &mut errors);
            default(&mut sink, release);
            if errors.list.is_empty() {
                validate(&sink, node, release, &mut errors);
            }
            if let (None, Some(message)) = (&out.error, errors.message()) {
                let name = crate::text::go_quote(sink.name.as_bytes());
                out.error = Some(format!("AuditSink.auditregistration.k8s.io {name} is invalid: {message}"));
            }
            for error in errors.list {
                let place = error.span.or(Some(node.span())).map(moved);
                let mut found = finding("invalid-audit-sink", Severity::Error, error.message, place, "");
                found.path = Some(error.path);
                out.findings.push(found);
            }
            out.sinks.push(sink);
        }
    }
    (!out.sinks.is_empty()).then_some(out)
}

/// The node at a path of names.
pub(super) fn at<'n>(node: Node<'n>, path: &str) -> Option<Node<'n>> {
    path.split('.').try_fold(node, |node, name| node.get(name)).filter(|node| node.kind() != Kind::Null)
}

fn decode(node: Node<'_>, errors: &mut Errors) -> Sink {
    let mut string = |path: &str| -> Option<String> {
        let value = at(node, path)?;
        if value.as_str().is_none() {
            errors.add(path, Some(value.span()), "Invalid value: it is no string".to_owned());
        }
        value.as_str().map(str::to_owned)
    };
    let name = string("metadata.name").unwrap_or_default();
    let level = string("spec.policy.level").unwrap_or_default();
    let url = string("spec.webhook.clientConfig.url");
    let service = at(node, "spec.webhook.clientConfig.service").map(|_| "spec.webhook.clientConfig.service");
    let service = service.map(|path| ServiceReference {
        namespace: string(&format!("{path}.namespace")).unwrap_or_default(),
        name: string(&format!("{path}.name")).unwrap_or_default(),
        path: string(&format!("{path}.path")),
        port: 0,
    });
    let mut int = |path: &str| -> Option<i64> {
        let value = at(node, path)?;
        let number = match value.kind() {
            Kind::Number(spelling) => spelling.parse().ok(),
            _ => None,
        };
        if number.is_none() {
            errors.add(path, Some(value.span()), "Invalid value: it is no whole number".to_owned());
        }
        number
    };
    let service = service.map(|mut service| {
        service.port = int("spec.webhook.clientConfig.service.port").unwrap_or_default();
        service
    });
    // What is not given has its default afterwards; 0 that is given is refused.
    let qps = int("spec.webhook.throttle.qps");
    let burst = int("spec.webhook.throttle.burst");
    let stages = at(node, "spec.policy.stages").into_iter().flat_map(|list| list.items().collect::<Vec<_>>());
    let stages = stages.map(|stage| stage.as_str().unwrap_or_default().to_owned()).collect();
    Sink {
        name,
        policy: SinkPolicy { level, stages },
        webhook: SinkWebhook {
            url,
            service,
            ca_bundle: at(node, "spec.webhook.clientConfig.caBundle").is_some(),
            qps: qps.unwrap_or(10),
            burst: burst.unwrap_or(15),
        },
    }
}

fn default(sink: &mut Sink, release: Release) {
    if let Some(service) = &mut sink.webhook.service
        && (service.port == 0 || release.minor() < 16)
    {
        service.port = 443;
    }
}
