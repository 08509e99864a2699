//! The policies that something else holds: an object inside an object, or a string that is a policy's text.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::documents::{Parsed, Part, documents};
use crate::json::{Kind, Node, write_node};

/// Strings that hold strings that hold strings: more than this deep is not looked at.
const MOST_WRAPPING: usize = 4;
/// More policies than these are not looked for.
const MOST_FOUND: usize = 20;
/// So many bytes of strings are read as YAML at most, over all strings.
const MOST_READ: usize = 4 << 20;

/// So many keys of a path are told.
const MOST_PATH: usize = 12;

/// A policy that was found in something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped {
    /// The policy's text: as it stands there, with comments, moved to the left.
    pub policy: String,
    /// Where it was found: `in ConfigMap kube-system/audit, key policy.yaml`.
    pub found: String,
}

/// The policies in a text that is none itself, in order; none where it holds none. Any text gets an answer, in bounded time.
pub fn wrapped(text: &str) -> Vec<Wrapped> {
    if begins_as_policy(text) {
        return Vec::new();
    }
    let mut search = Search { left: MOST_READ, found: Vec::new() };
    search.text(text, &[], 0);
    search.found
}

/// What of the text can hold a policy; nothing else is read.
fn may_hold(text: &str) -> bool {
    text.contains("audit.k8s.io") || may_be_packed(text)
}

/// Whether `audit.k8s.io` is in it in base64, at any place of three.
fn may_be_packed(text: &str) -> bool {
    ["YXVkaXQuazhzLmlv", "F1ZGl0Lms4cy5pb", "hdWRpdC5rOHMuaW"].iter().any(|packed| text.contains(packed))
}

/// An object that says it is an audit policy.
pub(super) fn is_policy(node: Node<'_>) -> bool {
    let says = |name, is: fn(&str) -> bool| node.get(name).and_then(Node::as_str).is_some_and(is);
    says("kind", |kind| kind == "Policy") && says("apiVersion", |version| version.starts_with("audit.k8s.io"))
}

/// An object that says nothing, and has rules with levels as only an audit policy has.
pub(super) fn has_rules(node: Node<'_>) -> bool {
    let rules = node.get("rules").filter(|_| node.get("kind").is_none());
    rules.is_some_and(|rules| rules.items().any(|rule| rule.get("level").is_some()))
}

/// Whether the first thing a text says is that it is an audit policy, be the rest as broken as it may.
pub(super) fn begins_as_policy(text: &str) -> bool {
    let lines = text.lines().filter(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with(['#', '%']) && !line.starts_with("---")
    });
    let mut head = lines.take_while(|line| is_key(line)).take(8);
    let mut says = head.clone().map(says_policy);
    says.next().is_some_and(|first| matches!(first, Says::Version | Says::Kind))
        && head.clone().any(|line| says_policy(line) == Says::Version)
        && !head.any(|line| says_policy(line) == Says::OtherKind)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Version,
    Kind,
    OtherKind,
    Nothing,
}

/// What a line that begins with its key says.
fn says_policy(line: &str) -> Says {
    let value = |key| {
        let rest = line.strip_prefix(key)?.trim_start().strip_prefix(':')?;
        Some(rest.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']))
    };
    match (value("apiVersion"), value("kind")) {
        (Some(version), _) if version.starts_with("audit.k8s.io") => Says::Version,
        (_, Some("Policy")) => Says::Kind,
        (_, Some(_)) => Says::OtherKind,
        _ => Says::Nothing,
    }
}

fn is_key(line: &str) -> bool {
    let end = line.find(|character: char| !character.is_ascii_alphanumeric());
    end.is_some_and(|end| end > 0 && line.get(end..).is_some_and(|rest| rest.trim_start().starts_with(':')))
}

struct Search {
    /// How many more bytes are read.
    left: usize,
    found: Vec<Wrapped>,
}

/// A value that is to be looked at, and what leads to it.
struct Pending<'a> {
    node: Node<'a>,
    /// The keys from the object that has a name.
    path: Vec<&'a str>,
    /// The innermost object with a kind.
    holder: Option<Node<'a>>,
}

impl Search {
    /// Looks in a text that stands where `outer` says.
    fn text(&mut self, text: &str, outer: &[String], wrapping: usize) {
        if !may_hold(text) {
            return;
        }
        for part in documents(text) {
            if !may_hold(part.text) || self.found.len() >= MOST_FOUND || self.left < part.text.len() && wrapping > 0 {
                continue;
            }
            self.left = self.left.saturating_sub(if wrapping > 0 { part.text.len() } else { 0 });
            let mut outer = outer.to_vec();
            outer.extend(part.number.map(|number| format!("document {number}")));
            if let Some(parsed) = Parsed::of(part.text)
                && let Some(root) = parsed.root()
            {
                self.document(root, part, &outer, wrapping);
            } else {
                self.lines(part.text, &outer);
            }
        }
    }

    fn document(&mut self, root: Node<'_>, part: Part<'_>, outer: &[String], wrapping: usize) {
        let mut seen = BTreeSet::new();
        let mut found: Vec<(usize, Vec<Wrapped>)> = Vec::new();
        let mut pending = vec![Pending { node: root, path: Vec::new(), holder: None }];
        while let Some(Pending { node, path, holder }) = pending.pop() {
            let span = node.span();
            match node.kind() {
                Kind::Object if is_policy(node) => {
                    let is_whole = outer.is_empty() && holder.is_none() && path.is_empty();
                    // An alias is the same object once more.
                    if !is_whole && seen.insert(span.start) {
                        let policy = object_text(node, part.text);
                        found.push((span.start, vec![Wrapped { policy, found: place(outer, holder, &path) }]));
                    }
                }
                Kind::Object => {
                    let named = node.get("kind").and_then(Node::as_str).is_some();
                    let (path, holder) = if named { (Vec::new(), Some(node)) } else { (path, holder) };
                    for (key, value) in node.members() {
                        let key = key.as_str().unwrap_or_default();
                        let path = path.iter().copied().chain([key]).take(MOST_PATH).collect();
                        pending.push(Pending { node: value, path, holder });
                    }
                }
                Kind::Array => {
                    pending.extend(node.items().map(|node| Pending { node, path: path.clone(), holder }));
                }
                Kind::String(text) if wrapping < MOST_WRAPPING && may_hold(text) && seen.insert(span.start) => {
                    let mut outer = outer.to_vec();
                    outer.push(words(holder, &path));
                    let inner = self.string(text, outer, wrapping + 1);
                    found.push((span.start, inner));
                }
                _ => {}
            }
            if found.len() > MOST_FOUND {
                break;
            }
        }
        // Members come sorted by name; people look for the first in the text.
        crate::sort::sort_by(&mut found, |(left, _), (right, _)| left.cmp(right));
        let room = MOST_FOUND.saturating_sub(self.found.len());
        self.found.extend(found.into_iter().flat_map(|(_, found)| found).take(room));
    }

    /// What a string holds: it is a policy, or text that holds some, or either of them in base64.
    fn string(&mut self, text: &str, outer: Vec<String>, wrapping: usize) -> Vec<Wrapped> {
        if !text.contains("audit.k8s.io") {
            let packed: String = text.split_ascii_whitespace().collect();
            let unpacked = STANDARD.decode(packed).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let Some(unpacked) = unpacked.filter(|text| text.contains("audit.k8s.io")) else { return Vec::new() };
            let mut outer = outer;
            outer.push("base64".to_owned());
            return self.string(&unpacked, outer, wrapping + 1);
        }
        let parts = documents(text);
        let first = parts.first().filter(|part| part.text.len() <= self.left).and_then(|part| Parsed::of(part.text));
        let is = first.as_ref().and_then(Parsed::root).is_some_and(is_policy);
        if is || begins_as_policy(text) {
            self.left = self.left.saturating_sub(text.len());
            return vec![Wrapped { policy: text.to_owned(), found: format!("in {}", outer.join(", ")) }];
        }
        let mut inner = Search { left: self.left, found: Vec::new() };
        inner.text(text, &outer, wrapping);
        self.left = inner.left;
        inner.found
    }

    /// Looks for a policy's lines in what is no YAML: a template, a script, a page of text.
    fn lines(&mut self, text: &str, outer: &[String]) {
        let lines: Vec<&str> = text.lines().collect();
        let mut at = 0;
        while at < lines.len() && self.found.len() < MOST_FOUND {
            let line = lines.get(at).copied().unwrap_or_default();
            let (indent, content) = indented(line);
            if !matches!(says_policy(content), Says::Version | Says::Kind) {
                at += 1;
                continue;
            }
            let belongs = |line: &&&str| {
                let (other, content) = indented(line);
                content.is_empty()
                    || other > indent
                    || other == indent && (is_key(content) || content.starts_with(['-', '#']))
            };
            let end = at + lines.iter().skip(at).take_while(belongs).count();
            let mut block = String::new();
            for line in lines.get(at..end).unwrap_or_default() {
                block.push_str(moved(line, indent));
                block.push('\n');
            }
            if begins_as_policy(&block) {
                let mut outer = outer.to_vec();
                outer.push(format!("from line {}", at + 1));
                let policy = format!("{}\n", block.trim_end());
                self.found.push(Wrapped { policy, found: outer.join(", ") });
            }
            at = end.max(at + 1);
        }
    }
}

/// The blanks before a line, and the rest.
fn indented(line: &str) -> (usize, &str) {
    let content = line.trim_start_matches(' ');
    (line.len() - content.len(), content.trim_end())
}

/// A line without the first blanks, at most so many.
fn moved(line: &str, blanks: usize) -> &str {
    line.get(indented(line).0.min(blanks)..).unwrap_or_default()
}

/// An object's own text, moved to the left; as JSON where its text alone does not say the same (it names an anchor elsewhere).
fn object_text(node: Node<'_>, text: &str) -> String {
    let json = |node: Node<'_>| {
        let mut text = Vec::new();
        write_node(&mut text, node);
        text
    };
    let whole = json(node);
    let own = source(node, text);
    let same = Parsed::of(&own).is_some_and(|parsed| parsed.root().is_some_and(|root| json(root) == whole));
    if same { own } else { String::from_utf8_lossy(&whole).into_owned() + "\n" }
}

/// The text of an object with the comments above it, as a text of its own.
fn source(node: Node<'_>, text: &str) -> String {
    let span = node.span();
    let (before, own) =
        (text.get(..span.start).unwrap_or_default(), text.get(span.start..span.end).unwrap_or_default());
    let line = before.rsplit('\n').next().unwrap_or_default();
    if own.starts_with('{') {
        // Only JSON may begin with a brace; YAML in braces is told by its marker.
        let marker = if crate::json::parse(own.as_bytes()).is_ok() { "" } else { "--- " };
        let indent = indented(line).0;
        return lines_moved(marker, own, indent);
    }
    let indent = line.chars().count();
    let mut above: Vec<&str> = Vec::new();
    let lines = before.strip_suffix(line).unwrap_or(before).trim_end_matches('\n').rsplit('\n');
    for comment in lines.take_while(|above| above.trim_start().starts_with('#') && line.trim().is_empty()).take(100) {
        above.push(moved(comment, indent));
    }
    let comments: String = above.iter().rev().flat_map(|comment| [*comment, "\n"]).collect();
    lines_moved(&comments, own, indent)
}

fn lines_moved(begin: &str, text: &str, indent: usize) -> String {
    let mut out = begin.to_owned();
    for (index, line) in text.trim_end().split('\n').enumerate() {
        out.push_str(if index == 0 { line } else { moved(line, indent) });
        out.push('\n');
    }
    out
}

/// `in ConfigMap kube-system/audit, key policy.yaml`
fn place(outer: &[String], holder: Option<Node<'_>>, path: &[&str]) -> String {
    let mut words = outer.to_vec();
    if holder.is_some() || !path.is_empty() {
        words.push(self::words(holder, path));
    }
    format!("in {}", words.join(", "))
}

/// The object with a name, and the way from there: a key of its data, or a path.
fn words(holder: Option<Node<'_>>, path: &[&str]) -> String {
    let shown = |text: &str| -> String { text.chars().filter(|character| !character.is_control()).take(80).collect() };
    let string = |node: Node<'_>, name| node.get(name).and_then(Node::as_str).map(shown);
    let mut text = String::new();
    if let Some(holder) = holder {
        text = string(holder, "kind").unwrap_or_default();
        let metadata = holder.get("metadata");
        if let Some(name) = metadata.and_then(|metadata| string(metadata, "name")) {
            text.push(' ');
            if let Some(namespace) = metadata.and_then(|metadata| string(metadata, "namespace")) {
                text.push_str(&namespace);
                text.push('/');
            }
            text.push_str(&name);
        }
    }
    let key = match path {
        [] => return text,
        ["data" | "stringData" | "binaryData", key] => format!("key {}", shown(key)),
        path => shown(&path.join(".")),
    };
    if text.is_empty() { key } else { format!("{text}, {key}") }
}
