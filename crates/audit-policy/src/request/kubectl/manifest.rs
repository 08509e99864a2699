//! Files that a command names → their objects.

use std::collections::BTreeMap;

use crate::json::{Map, Value, json};

use super::resources::Resource;
use super::session::{Outcome, Refused, Session};
use crate::json::{Document, Kind, Node};
use crate::{Release, Severity};

/// How deep objects nest at most; Kubernetes' own do not come near it.
const MOST_DEPTH: usize = 100;
/// How many objects files hold at most.
const MOST_OBJECTS: usize = 200;

/// What is known of files.
#[derive(Clone, Copy, Debug)]
pub(super) struct Files<'a> {
    pub known: &'a BTreeMap<String, Vec<u8>>,
    pub stdin: Option<&'a [u8]>,
}

impl<'a> Files<'a> {
    /// What is known of a file, or of the manifests in a folder.
    fn read(self, name: &str, recursive: bool) -> Vec<(String, Option<&'a [u8]>)> {
        if name == "-" {
            return vec![("STDIN".to_owned(), self.stdin)];
        }
        if let Some(bytes) = self.known.get(name) {
            return vec![(name.to_owned(), Some(bytes.as_slice()))];
        }
        let folder = format!("{}/", name.trim_end_matches('/'));
        let is_manifest = |path: &str| {
            let Some(rest) = path.strip_prefix(&folder) else { return false };
            (recursive || !rest.contains('/')) && [".yaml", ".yml", ".json"].iter().any(|ending| rest.ends_with(ending))
        };
        let inside: Vec<_> = self.known.iter().filter(|(path, _)| is_manifest(path)).collect();
        if inside.is_empty() {
            return vec![(name.to_owned(), None)];
        }
        inside.into_iter().map(|(path, bytes)| (path.clone(), Some(bytes.as_slice()))).collect()
    }
}

/// More bytes than this, one command does not read: the same file may be named any number of times.
const MOST_BYTES: usize = 16 << 20;

/// An object of a file.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub resource: Resource,
    pub namespace: Option<String>,
    /// Empty where the object has only a `generateName`.
    pub name: String,
    /// The object as kubectl sends it: its namespace set, members sorted.
    pub body: Value,
}

/// Several in words: the first, with its place, and how many more.
pub(super) fn words_of(objects: &[Object]) -> String {
    let Some(first) = objects.first() else { return String::new() };
    let name = if first.name.is_empty() { first.resource.singular() } else { first.named().words() };
    let place = first.namespace.iter().map(|namespace| format!(" in namespace {namespace}")).collect::<String>();
    let more = if objects.len() > 1 { format!(", and {} more", objects.len() - 1) } else { String::new() };
    format!("{name}{place}{more}")
}

impl Session<'_> {
    /// The objects of `--filename` and `--kustomize`, in order; none where the command names no files.
    pub fn objects(&mut self) -> Outcome<Vec<Object>> {
        let mut objects = Vec::new();
        let names = self.flags.list("filename");
        if names.len() > MOST_OBJECTS {
            return Err(Refused::too_many());
        }
        for name in names {
            for (file, bytes) in self.file(&name) {
                match bytes {
                    Some(bytes) => {
                        for document in documents(&file, &bytes, self.release)? {
                            self.add_objects(document, &mut objects)?;
                        }
                    }
                    None => objects.push(self.assumed_object(&file)),
                }
            }
        }
        if let Some(folder) = self.flags.text("kustomize").map(str::to_owned) {
            self.find(
                "kustomize",
                Severity::Note,
                format!("`{folder}` is not built: kustomize does not run here"),
                Some("give the output of `kubectl kustomize` as a here-document to `kubectl apply -f -`".to_owned()),
            );
            objects.extend(self.kustomized(&folder)?);
        }
        Ok(objects)
    }

    /// The content of a file, or of the files of a folder, where it is known.
    pub fn file(&mut self, name: &str) -> Vec<(String, Option<Vec<u8>>)> {
        let read = self.files.read(name, self.flags.is_on("recursive"));
        self.bytes_read += read.iter().filter_map(|(_, bytes)| *bytes).map(<[u8]>::len).sum::<usize>();
        let is_too_much = self.bytes_read > MOST_BYTES;
        if is_too_much {
            self.find("too-much-read", Severity::Warning, "the files are too big to be read here", None);
        }
        let content = |bytes: Option<&[u8]>| bytes.filter(|_| !is_too_much).map(<[u8]>::to_vec);
        read.into_iter().map(|(path, bytes)| (path, content(bytes))).collect()
    }

    /// What a kustomization that only lists resources and a name prefix makes; without its files, an assumed object.
    fn kustomized(&mut self, folder: &str) -> Outcome<Vec<Object>> {
        let folder = folder.trim_end_matches('/').to_owned();
        let Some(bytes) = self.files.known.get(&format!("{folder}/kustomization.yaml")).cloned() else {
            return Ok(vec![self.assumed_object(&folder)]);
        };
        let mut objects = Vec::new();
        for kustomization in documents(&folder, &bytes, self.release)? {
            let prefix = kustomization.get("namePrefix").and_then(Value::as_str).unwrap_or_default().to_owned();
            let resources = kustomization.get("resources").and_then(Value::as_array).cloned().unwrap_or_default();
            for file in resources.iter().filter_map(Value::as_str) {
                let Some(bytes) = self.files.known.get(&format!("{folder}/{file}")).cloned() else { continue };
                for mut document in documents(file, &bytes, self.release)? {
                    if let Some(name) = document.pointer_mut("/metadata/name") {
                        *name = json!(format!("{prefix}{}", name.as_str().unwrap_or_default()));
                    }
                    self.add_objects(document, &mut objects)?;
                }
            }
        }
        Ok(objects)
    }

    fn add_objects(&mut self, document: Value, objects: &mut Vec<Object>) -> Outcome {
        if objects.len() >= MOST_OBJECTS {
            return Err(Refused::usage(format!("the files hold more than {MOST_OBJECTS} objects")));
        }
        let text = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        if kind == "List" && api_version == "v1" {
            for item in document.get("items").and_then(Value::as_array).cloned().unwrap_or_default() {
                if item.get("kind").and_then(Value::as_str) != Some("List") {
                    self.add_objects(item, objects)?;
                }
            }
            return Ok(());
        }
        if kind.is_empty() {
            return Err(Refused::usage("unable to decode: Object 'Kind' is missing")
                .help("a manifest has `apiVersion`, `kind` and `metadata`"));
        }
        let resource = Resource::of_object(&api_version, &kind, self.release);
        if resource.is_custom {
            self.assume("resource", format!("{}, the plural of kind {kind}, in namespaces", resource.qualified()));
        }
        let in_metadata = |key: &str| {
            document.pointer(&format!("/metadata/{key}")).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let (name, own) = (in_metadata("name"), in_metadata("namespace"));
        let namespace = match (resource.namespaced, self.given_namespace()) {
            (false, _) => None,
            (true, Some(given)) if !own.is_empty() && own != given => {
                return Err(Refused::usage(format!(
                    "the namespace from the provided object \"{own}\" does not match the namespace \"{given}\". You must \
                     pass '--namespace={own}' to perform this operation."
                )));
            }
            (true, _) if !own.is_empty() => Some(own),
            (true, _) => Some(self.namespace()),
        };
        let mut body = document;
        if let (Some(namespace), Some(object)) = (&namespace, body.as_object_mut()) {
            let metadata = object.entry("metadata", || json!({}));
            if let Some(metadata) = metadata.as_object_mut() {
                metadata.put("namespace", &namespace);
            }
        }
        objects.push(Object { resource, namespace, name, body: sorted(body) });
        Ok(())
    }

    /// An object for a file whose content is not known: of the kind that its name begins or ends with, else a ConfigMap.
    fn assumed_object(&mut self, file: &str) -> Object {
        let base = file.rsplit('/').next().unwrap_or(file);
        let stem = base.split('.').next().unwrap_or_default();
        let stem = if file == "STDIN" { "" } else { stem };
        let is_common = |resource: &Resource| !resource.is_custom && resource.kind != "Binding";
        // Short names of two letters are words as well: `no`, `ip`.
        let is_name = |part: &str| part.len() > 2 || ["cm", "ns", "sa"].contains(&part);
        let named = |part: &str| {
            let part = Some(part.to_ascii_lowercase()).filter(|part| is_name(part))?;
            Resource::built_in(&part, self.release).filter(is_common)
        };
        let parts: Vec<&str> = stem.split(['-', '_']).collect();
        let resource = parts.first().and_then(|part| named(part)).or_else(|| parts.last().and_then(|part| named(part)));
        let resource = resource
            .or_else(|| Resource::built_in("deployments.apps", self.release))
            .or_else(|| Resource::built_in("pods", self.release))
            .unwrap_or_else(|| Resource::custom("objects"));
        let name = "example".to_owned();
        let namespace = if resource.namespaced { Some(self.namespace()) } else { None };
        let what = if file == "STDIN" { "standard input".to_owned() } else { format!("`{file}`") };
        self.assume("manifest", format!("{what} holds a {} named {name}", resource.kind));
        self.find(
            "manifest-unknown",
            Severity::Warning,
            format!("what {what} holds is not known here"),
            Some("give the manifest with the command: `kubectl apply -f - <<EOF`, the manifest, `EOF`".to_owned()),
        );
        let mut metadata = Map::new();
        metadata.put("name", &name);
        metadata.put_some("namespace", namespace.as_ref());
        let body = json!({"apiVersion": resource.api_version(), "kind": resource.kind, "metadata": metadata});
        Object { resource, namespace, name, body }
    }
}

/// The documents of a file as kubectl reads them: YAML documents between `---` lines, or JSON.
pub(super) fn documents(file: &str, bytes: &[u8], release: Release) -> Outcome<Vec<Value>> {
    let text = String::from_utf8_lossy(bytes);
    let bad = |message: String| {
        Refused::usage(format!("error parsing {file}: {message}")).help("the manifest must be YAML or JSON")
    };
    let mut documents = Vec::new();
    for part in split(&text) {
        let is_blank = part.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        if is_blank {
            continue;
        }
        if documents.len() >= MOST_OBJECTS {
            return Err(bad(format!("more than {MOST_OBJECTS} documents")));
        }
        let document = if part.trim_start().starts_with('{') {
            crate::json::parse(part.as_bytes()).or_else(|error| yaml(part, release).map_err(|_| error.to_string()))
        } else {
            yaml(part, release)
        };
        let document = document.map_err(bad)?;
        let value = document.root().map(|root| value(root, 0)).unwrap_or(Some(Value::Null));
        documents.push(value.ok_or_else(|| bad(format!("nested deeper than {MOST_DEPTH}")))?);
    }
    documents.retain(|document| !document.is_null());
    Ok(documents)
}

fn yaml(text: &str, release: Release) -> Result<Document, String> {
    crate::load::compose::yaml_to_json(text.as_bytes(), release).map_err(|error| error.message)
}

/// Splits at `---` lines, as k8s.io/apimachinery/pkg/util/yaml/decoder.go does.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") && line.trim_end().trim_start_matches('-').trim().is_empty() {
            parts.extend(text.get(start..at));
            start = at + line.len();
        }
        at += line.len();
    }
    parts.extend(text.get(start..));
    parts
}

fn value(node: Node<'_>, depth: usize) -> Option<Value> {
    if depth > MOST_DEPTH {
        return None;
    }
    Some(match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(value),
        Kind::Number(spelling) => Value::number(spelling).unwrap_or_default(),
        Kind::String(text) => Value::String(text.to_owned()),
        Kind::Array => Value::Array(node.items().map(|item| value(item, depth + 1)).collect::<Option<_>>()?),
        Kind::Object => {
            let members = node
                .members()
                .map(|(key, member)| Some((key.as_str().unwrap_or_default().to_owned(), value(member, depth + 1)?)));
            Value::Object(members.collect::<Option<_>>()?)
        }
    })
}

/// The same with the members of every object sorted by name: as Go writes maps.
pub(super) fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.sorted().map(sorted)),
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
