//! Where the policy is, where something only names its file: a static pod, a kubeadm or kOps configuration, a unit file.

use super::documents::{Parsed, Part};
use super::finding;
use crate::Diagnostic;
use crate::json::{Kind, Node};

/// The flag and its spellings in configurations.
const NAMES: [&str; 2] = ["audit-policy-file", "auditPolicyFile"];

/// Longer texts are no paths.
const LONGEST_PATH: usize = 500;

/// Says where the policy is, where a document names its path or its ConfigMap.
pub(super) fn elsewhere(parts: &[Part<'_>]) -> Option<Diagnostic> {
    parts.iter().filter(|part| part.text.contains("audit-policy-file") || part.text.contains("auditPolicy")).find_map(
        |part| {
            let parsed = Parsed::of(part.text);
            match parsed.as_ref().and_then(Parsed::root) {
                Some(root) => in_document(root),
                // A unit file, a script.
                None => after_flag(part.text).map(|path| found(&path, None)),
            }
        },
    )
}

fn in_document(root: Node<'_>) -> Option<Diagnostic> {
    let (mut path, mut config_map, mut mounts, mut volumes) = (None, None, Vec::new(), Vec::new());
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        match node.kind() {
            Kind::Object => {
                let string = |name| node.get(name).and_then(Node::as_str);
                if string("name").is_some_and(|name| NAMES.contains(&name)) {
                    path = path.or(string("value").map(str::to_owned));
                }
                path = path.or_else(|| NAMES.iter().find_map(|name| string(name)).map(str::to_owned));
                if let Some(reference) = node.get("auditPolicy").and_then(|policy| policy.get("configMapRef")) {
                    config_map = config_map.or(reference.get("name").and_then(Node::as_str));
                }
                if let Some(mount) = string("mountPath") {
                    mounts.push((mount, string("name").unwrap_or_default(), string("hostPath")));
                }
                if let (Some(name), Some(host)) =
                    (string("name"), node.get("hostPath").and_then(|host| host.get("path")))
                {
                    volumes.push((name, host.as_str().unwrap_or_default()));
                }
                pending.extend(node.members().map(|(_, value)| value));
            }
            Kind::Array => {
                let items: Vec<Node<'_>> = node.items().collect();
                for pair in items.windows(2) {
                    if let [flag, value] = pair
                        && flag.as_str() == Some("--audit-policy-file")
                    {
                        path = path.or(value.as_str().map(str::to_owned));
                    }
                }
                pending.extend(items);
            }
            Kind::String(text) if path.is_none() => path = after_flag(text),
            _ => {}
        }
    }
    if let (None, Some(name)) = (&path, config_map.filter(|name| name.len() <= LONGEST_PATH)) {
        let message = format!("the policy is not in this file: it is in the ConfigMap `{name}`, which this file names");
        return Some(finding(message, "open that ConfigMap".to_owned()));
    }
    let path = path.filter(|path| !path.is_empty() && path.len() <= LONGEST_PATH)?;
    Some(found(&path, on_host(&path, &mounts, &volumes)))
}

/// The path that follows the flag in a command line.
fn after_flag(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("audit-policy-file")?;
    let rest = rest.strip_prefix(['=', ' ', ':'])?.trim_start_matches([' ', '"', '\'']);
    let end = rest.find(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '\\' | ';'));
    let path = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    (!path.is_empty() && path.len() <= LONGEST_PATH).then(|| path.to_owned())
}

/// The path on the node, where the container has it from there.
fn on_host(path: &str, mounts: &[(&str, &str, Option<&str>)], volumes: &[(&str, &str)]) -> Option<String> {
    let below = |mount: &str| {
        path.strip_prefix(mount.trim_end_matches('/')).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let matching = mounts.iter().filter_map(|mount| Some((below(mount.0)?, mount)));
    let (rest, (_, name, host)) = matching.min_by_key(|(rest, _)| rest.len())?;
    let host = host.or_else(|| volumes.iter().find(|(volume, _)| volume == name).map(|(_, host)| *host))?;
    Some(format!("{}{rest}", host.trim_end_matches('/'))).filter(|host| host != path && host.len() <= 2 * LONGEST_PATH)
}

fn found(path: &str, host: Option<String>) -> Diagnostic {
    let message =
        format!("the policy is not in this file: kube-apiserver reads it from `{path}`, which this file names");
    let help = match host {
        Some(host) => format!("open that file: on the node it is `{host}`"),
        None => "open that file".to_owned(),
    };
    finding(message, help)
}
