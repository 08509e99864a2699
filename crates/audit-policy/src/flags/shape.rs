//! Where flags stand: a command line, a unit, a manifest or a configuration file → the server's arguments, and what of the host it sees.

use serde::Serialize;

use super::words::words;
use crate::json::{Kind, Node};
use crate::load::compose::{Composed, compose};
use crate::open::documents::documents;
use crate::{Diagnostic, Release, Severity, Span};

/// A way to give a server its flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Words as in a shell.
    CommandLine,
    /// A systemd unit.
    Systemd,
    /// A static pod's manifest.
    StaticPod,
    /// A kubeadm ClusterConfiguration.
    Kubeadm,
    /// The configuration file of k3s.
    K3s,
    /// The configuration file of RKE2.
    Rke2,
    /// A kind cluster with patches of kubeadm's configuration.
    Kind,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Shape; 7] =
        [Shape::CommandLine, Shape::Systemd, Shape::StaticPod, Shape::Kubeadm, Shape::K3s, Shape::Rke2, Shape::Kind];

    /// Its name in the command.
    pub fn as_str(self) -> &'static str {
        match self {
            Shape::CommandLine => "command-line",
            Shape::Systemd => "systemd",
            Shape::StaticPod => "static-pod",
            Shape::Kubeadm => "kubeadm",
            Shape::K3s => "k3s",
            Shape::Rke2 => "rke2",
            Shape::Kind => "kind",
        }
    }

    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Shape::CommandLine => "a command line",
            Shape::Systemd => "a systemd unit",
            Shape::StaticPod => "a static pod's manifest",
            Shape::Kubeadm => "a kubeadm configuration",
            Shape::K3s => "a k3s configuration",
            Shape::Rke2 => "an RKE2 configuration",
            Shape::Kind => "a kind cluster",
        }
    }
}

impl std::str::FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> Result<Shape, String> {
        let names: Vec<&str> = Shape::ALL.iter().map(|shape| shape.as_str()).collect();
        let found = Shape::ALL.into_iter().find(|shape| shape.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no shape: give one of {}", names.join(", ")))
    }
}

/// An argument of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its text.
    pub text: String,
    /// Where it is in the text that was read.
    pub span: Option<Span>,
    /// Where a flag's name and its value are, if they stand apart.
    pub parts: Option<(Span, Span)>,
}

impl Argument {
    /// The place of a part of its text: of the name where it begins, else of the value.
    pub(super) fn part(&self, start: usize, length: usize) -> Option<Span> {
        if let Some((name, value)) = self.parts {
            return Some(if start == 0 { name } else { value });
        }
        let span = self.span?;
        // With quotes or escapes in it, only the whole has a place.
        let same = span.end - span.start == self.text.len();
        Some(if same { Span::new(span.start + start, span.start + start + length) } else { span })
    }
}

/// What the server's container sees of the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mount {
    /// The path in the container.
    pub path: String,
    /// The path on the host; none where the volume is of another kind.
    pub host: Option<String>,
    /// Whether the container cannot write there.
    pub read_only: bool,
}

/// Whether a path is a mount's own or in it.
pub(super) fn holds(mount: &str, path: &str) -> bool {
    let mount = mount.trim_end_matches('/');
    path == mount || path.strip_prefix(mount).is_some_and(|rest| rest.starts_with('/'))
}

/// A text, taken apart.
#[derive(Clone, Debug)]
pub struct Source {
    /// How the flags are given.
    pub shape: Shape,
    /// The server's arguments.
    pub arguments: Vec<Argument>,
    /// What the container sees; none where the server sees the host itself, or it is not known.
    pub mounts: Option<Vec<Mount>>,
    /// What is wrong with the text around the flags.
    pub findings: Vec<Diagnostic>,
}

/// Takes a text apart; none where it holds no flags in any shape that is known.
pub fn read(text: &str) -> Option<Source> {
    if let Some(source) = unit(text) {
        return Some(source);
    }
    for part in documents(text) {
        // A slice of the text: how far in it begins.
        let offset = (part.text.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        if let Some(source) = document(part.text, offset) {
            return Some(source);
        }
    }
    let arguments = words(text, 0);
    let begin = arguments.iter().position(|word| is_server(&word.text)).map_or(0, |at| at + 1);
    let arguments: Vec<Argument> = arguments.into_iter().skip(begin).collect();
    let arguments = match arguments.iter().position(|word| assigned(&word.text).is_some()) {
        // `KUBE_APISERVER_OPTS="--a --b"` of an environment file.
        Some(at) if begin == 0 => arguments.into_iter().skip(at).flat_map(|word| unassigned(&word)).collect(),
        _ => arguments,
    };
    let is_flags = arguments.iter().any(|word| word.text.starts_with("--"));
    is_flags.then_some(Source { shape: Shape::CommandLine, arguments, mounts: None, findings: Vec::new() })
}

fn is_server(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    matches!(name, "kube-apiserver" | "kube-apiserver.exe" | "apiserver")
}

/// The flags in `NAME=--a …`
fn assigned(word: &str) -> Option<&str> {
    let (name, value) = word.split_once('=')?;
    let is_name =
        name.chars().all(|character| character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_');
    (is_name && value.trim_start().starts_with("--")).then_some(value)
}

fn unassigned(word: &Argument) -> Vec<Argument> {
    let Some(value) = assigned(&word.text) else { return vec![word.clone()] };
    let parts = words(value, 0);
    parts.into_iter().map(|part| Argument { span: word.span, ..part }).collect()
}

/// `ExecStart=` of a systemd unit.
fn unit(text: &str) -> Option<Source> {
    let mut at = 0;
    let mut found = None;
    for line in text.split_inclusive('\n') {
        let blanks = line.len() - line.trim_start().len();
        if let Some(rest) = line.trim_start().strip_prefix("ExecStart=").filter(|rest| !rest.trim().is_empty()) {
            found = Some(at + blanks + (line.trim_start().len() - rest.len()));
            break;
        }
        at += line.len();
    }
    let begin = found?;
    let command = text.get(begin..)?;
    let mut end = 0;
    for line in command.split_inclusive('\n') {
        end += line.len();
        // Comments between continued lines are stepped over, as systemd does.
        if !line.trim_end().ends_with('\\') && !line.trim_start().starts_with(['#', ';']) {
            break;
        }
    }
    let mut arguments = words(command.get(..end)?, begin);
    for argument in &mut arguments {
        argument.text = argument.text.replace("%%", "%").replace("$$", "$");
    }
    if !arguments.is_empty() {
        arguments.remove(0);
    }
    let named = arguments.iter().position(|word| is_server(&word.text)).map_or(0, |at| at + 1);
    arguments.drain(..named);
    Some(Source { shape: Shape::Systemd, arguments, mounts: None, findings: Vec::new() })
}

/// The value of YAML text that stands at `offset`, where it holds flags.
fn document(text: &str, offset: usize) -> Option<Source> {
    let composed = compose(text.as_bytes(), Release::NEWEST).ok()?;
    let root = composed.document.root()?;
    let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
    let version = root.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    let source = match kind {
        "Pod" => pod(root, root.get("spec")?),
        "Deployment" | "DaemonSet" | "StatefulSet" => pod(root, root.get("spec")?.get("template")?.get("spec")?),
        "Cluster" if version.starts_with("kind.") => Some(kind_cluster(root, text)),
        "ClusterConfiguration" | "MasterConfiguration" => Some(kubeadm(root, &composed)),
        "" if root.get("apiServer").is_some() || root.get("apiServerExtraArgs").is_some() => {
            Some(kubeadm(root, &composed))
        }
        "" if ["kube-apiserver-arg", "kube-apiserver-extra-mount"].iter().any(|key| root.get(key).is_some()) => {
            Some(rancher(root, text))
        }
        _ => None,
    }?;
    Some(moved(source, offset))
}

/// With places counted from the beginning of the text around it.
fn moved(mut source: Source, by: usize) -> Source {
    let span = |span: Span| Span::new(span.start + by, span.end + by);
    for argument in &mut source.arguments {
        argument.span = argument.span.map(span);
        argument.parts = argument.parts.map(|(name, value)| (span(name), span(value)));
    }
    for finding in &mut source.findings {
        finding.span = finding.span.map(span);
    }
    source
}

fn argument(node: Node<'_>) -> Option<Argument> {
    let text = scalar(node)?;
    Some(Argument { text, span: Some(node.span()), parts: None })
}

/// A scalar as text: of a number and a boolean, its spelling.
fn scalar(node: Node<'_>) -> Option<String> {
    match node.kind() {
        Kind::String(text) | Kind::Number(text) => Some(text.to_owned()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn pod(root: Node<'_>, spec: Node<'_>) -> Option<Source> {
    let _ = root;
    let containers = spec.get("containers")?;
    let command_of = |container: Node<'_>| -> Vec<Argument> {
        let lists = ["command", "args"].into_iter().filter_map(|name| container.get(name));
        lists.flat_map(|list| list.items().filter_map(argument).collect::<Vec<_>>()).collect()
    };
    let is_it = |container: &Node<'_>| {
        container.get("name").and_then(Node::as_str).is_some_and(is_server)
            || command_of(*container).iter().any(|word| is_server(&word.text) || word.text.contains("kube-apiserver "))
    };
    let mut all = containers.items();
    let container = containers.items().find(is_it).or_else(|| all.next())?;
    let mut arguments = command_of(container);
    // `sh -c "exec kube-apiserver --a --b"`
    if let Some(script) =
        arguments.iter().find(|word| word.text.contains(" --") && word.text.contains("kube-apiserver"))
    {
        let span = script.span;
        let inner = words(&script.text, 0);
        arguments = inner.into_iter().map(|word| Argument { span, ..word }).collect();
    }
    let named = arguments.iter().position(|word| is_server(&word.text)).map_or(0, |at| at + 1);
    arguments.drain(..named);
    let host_of = |name: &str| {
        let volume =
            spec.get("volumes")?.items().find(|volume| volume.get("name").and_then(Node::as_str) == Some(name))?;
        volume.get("hostPath")?.get("path").and_then(Node::as_str).map(str::to_owned)
    };
    let mounts = container.get("volumeMounts").into_iter().flat_map(|mounts| mounts.items().collect::<Vec<_>>());
    let mounts = mounts.filter_map(|mount| {
        let path = mount.get("mountPath").and_then(Node::as_str)?.to_owned();
        let host = host_of(mount.get("name").and_then(Node::as_str)?);
        Some(Mount { path, host, read_only: is_true(mount, "readOnly") })
    });
    Some(Source { shape: Shape::StaticPod, arguments, mounts: Some(mounts.collect()), findings: Vec::new() })
}

fn is_true(node: Node<'_>, name: &str) -> bool {
    node.get(name).is_some_and(|value| value.kind() == Kind::Bool(true))
}

/// What kubeadm mounts by itself (`cmd/kubeadm/app/phases/controlplane/volumes.go`).
pub(super) const KUBEADM_MOUNTS: [&str; 5] =
    ["/etc/kubernetes/pki", "/etc/ssl/certs", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates"];

fn kubeadm(root: Node<'_>, composed: &Composed) -> Source {
    let _ = composed;
    let server = root.get("apiServer");
    let args = server.and_then(|server| server.get("extraArgs")).or_else(|| root.get("apiServerExtraArgs"));
    let volumes = server.and_then(|server| server.get("extraVolumes")).or_else(|| root.get("apiServerExtraVolumes"));
    let mut findings = Vec::new();
    let mut arguments = Vec::new();
    let mut push = |name: &str, name_span: Span, value: Node<'_>| {
        let Some(text) = scalar(value) else { return };
        if !matches!(value.kind(), Kind::String(_)) {
            findings.push(Diagnostic {
                code: "not-a-string",
                severity: Severity::Error,
                message: format!("the value of {name} is no string: kubeadm refuses the file"),
                path: None,
                span: Some(value.span()),
                help: Some(format!("put it in quotes: \"{text}\"")),
                fix: None,
            });
        }
        let argument = Argument {
            text: format!("--{name}={text}"),
            span: Some(value.span()),
            parts: Some((name_span, value.span())),
        };
        arguments.push(argument);
    };
    match args {
        Some(list) if list.kind() == Kind::Array => {
            for item in list.items() {
                if let (Some(name), Some(value)) = (item.get("name"), item.get("value")) {
                    push(name.as_str().unwrap_or_default(), name.span(), value);
                }
            }
        }
        Some(map) => {
            let mut members: Vec<_> = map.members().collect();
            crate::sort::sort_by(&mut members, |(left, _), (right, _)| left.span().cmp(&right.span()));
            for (key, value) in members {
                push(key.as_str().unwrap_or_default(), key.span(), value);
            }
        }
        None => {}
    }
    let own = |path: &str| Mount { path: path.to_owned(), host: Some(path.to_owned()), read_only: true };
    let mut mounts: Vec<Mount> = KUBEADM_MOUNTS.into_iter().map(own).collect();
    for volume in volumes.into_iter().flat_map(|list| list.items().collect::<Vec<_>>()) {
        let text = |name| volume.get(name).and_then(Node::as_str).map(str::to_owned);
        // Until v1alpha3 it was `writable`.
        let read_only = is_true(volume, "readOnly")
            || volume.get("writable").is_some_and(|value| value.kind() == Kind::Bool(false));
        if let Some(path) = text("mountPath") {
            mounts.push(Mount { path, host: text("hostPath"), read_only });
        }
    }
    Source { shape: Shape::Kubeadm, arguments, mounts: Some(mounts), findings }
}

/// `kube-apiserver-arg` of k3s and RKE2: a text or a list of texts, flags without dashes.
fn rancher(root: Node<'_>, text: &str) -> Source {
    let is_rke2 =
        ["kube-apiserver-extra-mount", "audit-policy-file", "cni", "profile"].iter().any(|key| root.get(key).is_some())
            || text.contains("rke2");
    let given = root.get("kube-apiserver-arg");
    let items = given.into_iter().flat_map(|given| match given.kind() {
        Kind::Array => given.items().collect::<Vec<_>>(),
        _ => vec![given],
    });
    let mut arguments: Vec<Argument> = Vec::new();
    if let Some(file) = root.get("audit-policy-file").filter(|_| is_rke2)
        && let Some(path) = file.as_str()
    {
        let span = file.span();
        arguments.push(Argument {
            text: format!("--audit-policy-file={path}"),
            span: Some(span),
            parts: Some((span, span)),
        });
    }
    arguments.extend(items.filter_map(argument).map(|argument| {
        let dashes = argument.text.len() - argument.text.trim_start_matches('-').len();
        let bare = argument.text.trim_start_matches('-').to_owned();
        let span = argument.span.unwrap_or_default();
        let same = span.end - span.start == argument.text.len();
        let name_length = bare.find('=').unwrap_or(bare.len());
        let name_end = span.start + dashes + name_length;
        let value = Span::new((name_end + 1).min(span.end), span.end);
        let parts = if same { (Span::new(span.start, name_end), value) } else { (span, span) };
        Argument { text: format!("--{bare}"), span: Some(span), parts: Some(parts) }
    }));
    let shape = if is_rke2 { Shape::Rke2 } else { Shape::K3s };
    Source { shape, arguments, mounts: None, findings: Vec::new() }
}

/// A kind cluster: kubeadm configurations in strings, of the cluster and of its nodes.
fn kind_cluster(root: Node<'_>, text: &str) -> Source {
    let mut source = Source { shape: Shape::Kind, arguments: Vec::new(), mounts: None, findings: Vec::new() };
    let nodes = root.get("nodes").into_iter().flat_map(|nodes| nodes.items().collect::<Vec<_>>());
    let holders = std::iter::once(root).chain(nodes);
    let patches = holders.filter_map(|holder| holder.get("kubeadmConfigPatches"));
    for patch in patches.flat_map(|patches| patches.items().collect::<Vec<_>>()) {
        let span = patch.span();
        let own = text.get(span.start..span.end).unwrap_or_default();
        // A literal block is YAML itself, less its first line: so places in it are places in the text.
        let block = own.starts_with('|').then(|| own.split_once('\n')).flatten();
        let (inner, offset) = match block {
            Some((head, body)) => (body, span.start + head.len() + 1),
            None => (patch.as_str().unwrap_or_default(), span.start),
        };
        let Ok(composed) = compose(inner.as_bytes(), Release::NEWEST) else { continue };
        let Some(node) = composed.document.root() else { continue };
        if node.get("apiServer").is_none() && node.get("apiServerExtraArgs").is_none() {
            continue;
        }
        let mut found = kubeadm(node, &composed);
        if block.is_some() {
            found = moved(found, offset);
        } else {
            for argument in &mut found.arguments {
                (argument.span, argument.parts) = (Some(span), Some((span, span)));
            }
        }
        source.arguments.extend(found.arguments);
        source.findings.extend(found.findings);
        source.mounts.get_or_insert_default().extend(found.mounts.unwrap_or_default());
    }
    source
}
