//! Flags → text of any shape, with the volumes and mounts that the files need.

use super::Checked;
use super::shape::{KUBEADM_MOUNTS, Shape, holds};
use crate::Release;
use crate::request::yaml_text::scalar;
use crate::shell_word::shell_word;

/// What was checked as a text of a shape. Files are taken to be at the same path on the host and in the container, but where its mounts say otherwise.
pub fn write(checked: &Checked, shape: Shape) -> String {
    let release = checked.release;
    // Of a flag that is repeated the last counts, where it stands first.
    let mut flags: Vec<(&str, &str)> = Vec::new();
    for one in &checked.given {
        match flags.iter_mut().find(|(name, _)| *name == one.flag.name) {
            Some(before) => before.1 = &one.value,
            None => flags.push((one.flag.name, &one.value)),
        }
    }
    let volumes = volumes(checked, shape);
    match shape {
        Shape::CommandLine => joined("kube-apiserver", &flags, shell_word),
        Shape::Systemd => {
            let command = joined("/usr/local/bin/kube-apiserver", &flags, unit);
            format!("[Service]\nExecStart={command}")
        }
        Shape::StaticPod => static_pod(&flags, &volumes),
        Shape::Kubeadm => kubeadm(&flags, &volumes, release),
        Shape::K3s => format!("kube-apiserver-arg:\n{}", items(&flags, "")),
        Shape::Rke2 => {
            let mut text = format!("kube-apiserver-arg:\n{}", items(&flags, ""));
            if !volumes.is_empty() {
                text.push_str("kube-apiserver-extra-mount:\n");
            }
            for volume in &volumes {
                text.push_str(&format!("- {}\n", scalar(&format!("{}:{}", volume.host, volume.path))));
            }
            text
        }
        Shape::Kind => kind(&flags, &volumes, release),
    }
}

struct Volume {
    name: &'static str,
    host: String,
    path: String,
    is_file: bool,
}

/// What the container must see: the policy, the webhook's file and those that it names, and the log's folder.
fn volumes(checked: &Checked, shape: Shape) -> Vec<Volume> {
    let (settings, mounts) = (&checked.settings, checked.mounts.as_deref().unwrap_or_default());
    let host = |path: &str| {
        let mount = mounts.iter().filter(|mount| holds(&mount.path, path)).max_by_key(|mount| mount.path.len());
        let moved = mount.and_then(|mount| {
            let rest = path.strip_prefix(mount.path.trim_end_matches('/'))?;
            Some(format!("{}{rest}", mount.host.as_deref()?.trim_end_matches('/')))
        });
        moved.unwrap_or_else(|| path.to_owned())
    };
    let mut volumes: Vec<Volume> = Vec::new();
    let mut add = |name, path: &str| {
        if path.starts_with('/') && volumes.iter().all(|volume| volume.path != path) {
            volumes.push(Volume { name, host: host(path), path: path.to_owned(), is_file: true });
        }
    };
    add("audit-policy", &settings.policy_file);
    add("audit-webhook", &settings.webhook.config_file);
    let is_kubeadm = matches!(shape, Shape::Kubeadm | Shape::Kind);
    for file in checked.start.iter().flat_map(|start| &start.webhook_files) {
        if !(is_kubeadm && KUBEADM_MOUNTS.iter().any(|mount| holds(mount, &file.path))) {
            add(volume_name(file.field), &file.path);
        }
    }
    if let Some((folder, _)) = settings.log.path.rsplit_once('/').filter(|(folder, _)| folder.starts_with('/')) {
        volumes.push(Volume { name: "audit-log", host: host(folder), path: folder.to_owned(), is_file: false });
    }
    volumes
}

fn volume_name(field: &str) -> &'static str {
    match field {
        "certificate-authority" => "audit-webhook-authority",
        "client-certificate" => "audit-webhook-certificate",
        "client-key" => "audit-webhook-key",
        "tokenFile" => "audit-webhook-token",
        _ => "audit-webhook-program",
    }
}

fn joined(command: &str, flags: &[(&str, &str)], quote: fn(&str) -> String) -> String {
    let mut text = command.to_owned();
    for (name, value) in flags {
        text.push_str(&format!(" \\\n  {}", quote(&format!("--{name}={value}"))));
    }
    text.push('\n');
    text
}

/// A word of a unit: `%` and `$` are doubled.
pub(super) fn unit(text: &str) -> String {
    let text = text.replace('%', "%%").replace('$', "$$");
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_=/.,:@%+$".contains(character);
    if text.chars().all(plain) { text } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

/// `- name=value` a line.
fn items(flags: &[(&str, &str)], dashes: &str) -> String {
    let lines = flags.iter().map(|(name, value)| format!("- {}\n", word(&format!("{dashes}{name}={value}"))));
    lines.collect()
}

/// A word in a YAML list; one that reads as text without quotes stands so.
pub(super) fn word(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_=/.,".contains(character);
    if text.chars().all(plain) && !text.ends_with('-') { text.to_owned() } else { scalar(text) }
}

pub(super) fn quoted(text: &str) -> String {
    crate::json::json!(text).to_string()
}

fn static_pod(flags: &[(&str, &str)], volumes: &[Volume]) -> String {
    let mut text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: kube-apiserver\n  namespace: kube-system\nspec:\n  containers:\n  - name: kube-apiserver\n    command:\n    - kube-apiserver\n".to_owned();
    for line in items(flags, "--").lines() {
        text.push_str(&format!("    {line}\n"));
    }
    if volumes.is_empty() {
        return text;
    }
    text.push_str("    volumeMounts:\n");
    for Volume { name, path, is_file, .. } in volumes {
        text.push_str(&format!("    - name: {name}\n      mountPath: {}\n      readOnly: {is_file}\n", scalar(path)));
    }
    text.push_str("  volumes:\n");
    for Volume { name, host, is_file, .. } in volumes {
        let kind = if *is_file { "File" } else { "DirectoryOrCreate" };
        text.push_str(&format!("  - name: {name}\n    hostPath:\n      path: {}\n      type: {kind}\n", scalar(host)));
    }
    text
}

/// The version of kubeadm's configuration that a release writes itself.
fn kubeadm_version(release: Release) -> &'static str {
    match release.minor() {
        ..=12 => "v1alpha3",
        13..=14 => "v1beta1",
        15..=21 => "v1beta2",
        22..=30 => "v1beta3",
        _ => "v1beta4",
    }
}

fn kubeadm(flags: &[(&str, &str)], volumes: &[Volume], release: Release) -> String {
    let version = kubeadm_version(release);
    let head = format!("apiVersion: kubeadm.k8s.io/{version}\nkind: ClusterConfiguration\n");
    if version == "v1alpha3" {
        let body =
            args_map(flags, "apiServerExtraArgs", "") + &extra_volumes(volumes, "apiServerExtraVolumes", "", true);
        return head + &body;
    }
    let args = if version == "v1beta4" {
        let items = flags.iter().map(|(name, value)| format!("  - name: {name}\n    value: {}\n", quoted(value)));
        "  extraArgs:\n".to_owned() + &items.collect::<String>()
    } else {
        args_map(flags, "extraArgs", "  ")
    };
    format!("{head}apiServer:\n{args}{}", extra_volumes(volumes, "extraVolumes", "  ", false))
}

fn args_map(flags: &[(&str, &str)], name: &str, indent: &str) -> String {
    let lines = flags.iter().map(|(name, value)| format!("{indent}  {name}: {}\n", quoted(value)));
    format!("{indent}{name}:\n{}", lines.collect::<String>())
}

fn extra_volumes(volumes: &[Volume], name: &str, indent: &str, alpha: bool) -> String {
    if volumes.is_empty() {
        return String::new();
    }
    let mut text = format!("{indent}{name}:\n");
    for Volume { name, host, path, is_file } in volumes {
        let kind = if *is_file { "File" } else { "DirectoryOrCreate" };
        let access = if alpha { format!("writable: {}", !is_file) } else { format!("readOnly: {is_file}") };
        text.push_str(&format!(
            "{indent}- name: {name}\n{indent}  hostPath: {}\n{indent}  mountPath: {}\n{indent}  {access}\n{indent}  pathType: {kind}\n",
            scalar(host),
            scalar(path)
        ));
    }
    text
}

/// A kind cluster: the host's files are mounted into the node, and from there into the server's container.
fn kind(flags: &[(&str, &str)], volumes: &[Volume], release: Release) -> String {
    let mut text = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane\n  kubeadmConfigPatches:\n  - |\n    kind: ClusterConfiguration\n".to_owned();
    // kind makes configurations of v1beta3, or of v1beta2 for releases that lack it.
    let alpha = release.minor() < 13;
    let patch = if alpha {
        args_map(flags, "apiServerExtraArgs", "") + &extra_volumes(volumes, "apiServerExtraVolumes", "", true)
    } else {
        format!(
            "apiServer:\n{}{}",
            args_map(flags, "extraArgs", "  "),
            extra_volumes(volumes, "extraVolumes", "  ", false)
        )
    };
    for line in patch.lines() {
        text.push_str(&format!("    {line}\n"));
    }
    if !volumes.is_empty() {
        text.push_str("  extraMounts:\n");
    }
    for Volume { host, is_file, .. } in volumes {
        text.push_str(&format!(
            "  - hostPath: {}\n    containerPath: {}\n    readOnly: {is_file}\n",
            scalar(host),
            scalar(host)
        ));
    }
    text
}
