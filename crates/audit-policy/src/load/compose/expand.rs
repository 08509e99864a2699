//! The tree of a YAML text → values: aliases followed, merges merged, duplicates noted. Mirrors `decode.go`.

use std::collections::HashMap;

use super::super::yaml::{NodeId, NodeKind, Resolved, Tree, resolve};
use super::Duplicate;
use super::go_syntax;
use crate::Span;
use crate::loaded::ErrorSource;

/// A value's number in [`Values`].
pub(super) type ValueId = u32;

/// A range of [`Values::children`] or [`Values::text`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Range {
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum ValueKind {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Text(Range),
    Sequence(Range),
    /// Its children are keys and values by turns, in no order.
    Mapping(Range),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub kind: ValueKind,
    pub span: Span,
}

/// Values in one flat list, children before their parents; the last one is the document's.
#[derive(Debug, Default)]
pub(super) struct Values {
    values: Vec<Value>,
    children: Vec<ValueId>,
    text: Vec<u8>,
}

impl Values {
    pub(super) fn root(&self) -> Option<ValueId> {
        self.values.len().checked_sub(1).map(|last| last as ValueId)
    }

    pub(super) fn get(&self, id: ValueId) -> Value {
        let nothing = Value { kind: ValueKind::Null, span: Span::new(0, 0) };
        self.values.get(id as usize).copied().unwrap_or(nothing)
    }

    pub(super) fn children(&self, range: Range) -> &[ValueId] {
        self.children.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    pub(super) fn text(&self, range: Range) -> &[u8] {
        self.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    fn push(&mut self, kind: ValueKind, span: Span) -> ValueId {
        self.values.push(Value { kind, span });
        (self.values.len() - 1) as ValueId
    }

    fn push_text(&mut self, text: &[u8]) -> Range {
        let start = self.text.len() as u32;
        self.text.extend_from_slice(text);
        Range { start, end: self.text.len() as u32 }
    }

    fn push_children(&mut self, children: impl Iterator<Item = ValueId>) -> Range {
        let start = self.children.len() as u32;
        self.children.extend(children);
        Range { start, end: self.children.len() as u32 }
    }

    /// The key as the JSON text has it, or none where a key of this kind is not supported.
    pub(super) fn key_text(&self, id: ValueId) -> Option<std::borrow::Cow<'_, [u8]>> {
        Some(match self.get(id).kind {
            ValueKind::Text(range) => self.text(range).into(),
            ValueKind::Bool(value) => value.to_string().into_bytes().into(),
            ValueKind::Int(value) => value.to_string().into_bytes().into(),
            ValueKind::Float(value) => go_syntax::float_key(value).into_bytes().into(),
            _ => return None,
        })
    }
}

#[derive(Debug)]
pub(super) struct Expanded {
    pub values: Values,
    pub duplicates: Vec<Duplicate>,
}

#[derive(Debug)]
pub(super) struct Error {
    pub message: String,
    pub from: ErrorSource,
    pub span: Option<Span>,
}

/// A mapping's key, to find it again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    /// The bits; zero has no sign here.
    Float(u64),
    Text(Box<[u8]>),
}

/// A mapping that is being filled.
#[derive(Debug, Default)]
struct Mapping {
    entries: Vec<(ValueId, ValueId)>,
    /// Where each key is in `entries`, once they are many.
    index: Option<HashMap<Key, usize>>,
}

/// Mappings of so many keys are searched one by one.
const FEW: usize = 8;

impl Mapping {
    /// Sets a key; whether it was there before.
    fn set(&mut self, values: &Values, key: ValueId, value: ValueId) -> bool {
        let known = match &self.index {
            Some(index) => index.get(&key_of(values, key)).copied(),
            None => self.entries.iter().position(|&(known, _)| same_key(values, known, key)),
        };
        if let Some(entry) = known.and_then(|known| self.entries.get_mut(known)) {
            *entry = (key, value);
            return true;
        }
        if self.index.is_none() && self.entries.len() == FEW {
            let keys = self.entries.iter().enumerate();
            self.index = Some(keys.map(|(index, &(key, _))| (key_of(values, key), index)).collect());
        }
        if let Some(index) = &mut self.index {
            index.insert(key_of(values, key), self.entries.len());
        }
        self.entries.push((key, value));
        false
    }
}

fn same_key(values: &Values, a: ValueId, b: ValueId) -> bool {
    match (values.get(a).kind, values.get(b).kind) {
        (ValueKind::Text(a), ValueKind::Text(b)) => values.text(a) == values.text(b),
        _ => key_of(values, a) == key_of(values, b),
    }
}

fn key_of(values: &Values, key: ValueId) -> Key {
    match values.get(key).kind {
        ValueKind::Bool(value) => Key::Bool(value),
        ValueKind::Int(value) => Key::Int(value),
        ValueKind::Uint(value) => Key::Uint(value),
        // Never equal to another one.
        ValueKind::Float(value) if value.is_nan() => Key::Float(f64::NAN.to_bits() + u64::from(key)),
        ValueKind::Float(value) => Key::Float((value + 0.0).to_bits()),
        ValueKind::Text(range) => Key::Text(values.text(range).into()),
        _ => Key::Null,
    }
}

/// What is being expanded, innermost last.
#[derive(Debug)]
enum Frame {
    Sequence {
        next: Option<NodeId>,
        items: Vec<ValueId>,
        span: Span,
    },
    /// `own`: a mapping of its own, not one merged into the mapping around it.
    Mapping {
        next: Option<NodeId>,
        key: Option<(ValueId, NodeId)>,
        own: bool,
        span: Span,
    },
    /// The mappings of `<<: [*a, *b]`, last first.
    Merges {
        left: Vec<NodeId>,
    },
    Alias {
        node: NodeId,
    },
}

/// Paths are made for that many duplicates, where they are not longer than that.
const PATHS: usize = 1_000;
const PATH_LENGTH: usize = 1_000;

/// The most text, in bytes, that aliases may repeat. The server counts nodes only, and a node may be megabytes.
const ALIAS_TEXT: usize = 16 << 20;

struct Expander<'t> {
    tree: &'t Tree,
    values: Values,
    frames: Vec<Frame>,
    /// The mappings being filled, one for each frame of an own mapping.
    mappings: Vec<Mapping>,
    duplicates: Vec<Duplicate>,
    /// Bytes of text that aliases repeated.
    alias_text: usize,
    open_aliases: Vec<bool>,
    decoded: u64,
    by_alias: u64,
    alias_depth: u32,
}

/// Expands the document; where there is none, the value is null.
pub(super) fn expand(tree: &Tree) -> Result<Expanded, Error> {
    let mut expander = Expander {
        tree,
        values: Values::default(),
        frames: Vec::new(),
        mappings: Vec::new(),
        duplicates: Vec::new(),
        alias_text: 0,
        open_aliases: vec![false; tree.len()],
        // The document itself.
        decoded: 1,
        by_alias: 0,
        alias_depth: 0,
    };
    match tree.root() {
        Some(root) => {
            let mut finished = expander.enter(root)?;
            while !expander.frames.is_empty() {
                finished = expander.step(finished)?;
            }
        }
        None => {
            expander.values.push(ValueKind::Null, Span::new(0, 0));
        }
    }
    Ok(Expanded { values: expander.values, duplicates: expander.duplicates })
}

fn error<T>(message: String, span: Span) -> Result<T, Error> {
    Err(Error { message: format!("yaml: {message}"), from: ErrorSource::YamlParser, span: Some(span) })
}

impl Expander<'_> {
    /// Counts a node against the budget for aliases: their share of all nodes may be 99 % in small documents and 10 % in large ones.
    fn count(&mut self, node: NodeId) -> Result<(), Error> {
        self.decoded += 1;
        if self.alias_depth > 0 {
            self.by_alias += 1;
        }
        if self.by_alias > 100 && self.decoded > 1000 {
            let allowed = match self.decoded {
                ..=400_000 => 0.99,
                4_000_000.. => 0.10,
                decoded => 0.99 - 0.89 * ((decoded - 400_000) as f64 / 3_600_000.0),
            };
            if self.by_alias as f64 / self.decoded as f64 > allowed {
                return error("document contains excessive aliasing".to_owned(), self.tree.span(node));
            }
        }
        Ok(())
    }

    /// Begins a node: its value, where that is at hand, or none where frames will make it.
    fn enter(&mut self, node: NodeId) -> Result<Option<ValueId>, Error> {
        self.count(node)?;
        let span = self.tree.span(node);
        match self.tree.node(node).kind {
            NodeKind::Scalar => self.scalar(node).map(Some),
            NodeKind::Sequence => {
                let next = self.tree.first_child(node);
                self.frames.push(Frame::Sequence { next, items: Vec::new(), span });
                Ok(None)
            }
            NodeKind::Mapping => {
                self.mappings.push(Mapping::default());
                let next = self.tree.first_child(node);
                self.frames.push(Frame::Mapping { next, key: None, own: true, span });
                Ok(None)
            }
            NodeKind::Alias => {
                let target = self.open_alias(node)?;
                let value = self.enter(target)?;
                if value.is_some() {
                    // The target was a scalar: no frame was pushed on this one's.
                    self.frames.pop();
                    self.close_alias(node);
                }
                Ok(value)
            }
        }
    }

    fn open_alias(&mut self, node: NodeId) -> Result<NodeId, Error> {
        let target = self.tree.target(node).unwrap_or(node);
        match self.open_aliases.get_mut(node as usize) {
            Some(open) if !*open && target != node => *open = true,
            _ => {
                let name = self.tree.text(node);
                return error(format!("anchor '{name}' value contains itself"), self.tree.span(node));
            }
        }
        self.alias_depth += 1;
        self.frames.push(Frame::Alias { node });
        Ok(target)
    }

    fn close_alias(&mut self, node: NodeId) {
        self.alias_depth -= 1;
        if let Some(open) = self.open_aliases.get_mut(node as usize) {
            *open = false;
        }
    }

    fn scalar(&mut self, node: NodeId) -> Result<ValueId, Error> {
        let span = self.tree.span(node);
        let text = self.tree.text(node);
        if self.alias_depth > 0 {
            self.alias_text = self.alias_text.saturating_add(text.len());
            if self.alias_text > ALIAS_TEXT {
                return error("aliases repeat more than 16 MiB of text, which is not read here".to_owned(), span);
            }
        }
        let tag = self.tree.tag(node);
        let resolved = if tag.is_empty() && !self.tree.node(node).implicit {
            Resolved::Text
        } else {
            match resolve(tag, text) {
                Ok(resolved) => resolved,
                Err(message) => return error(message, span),
            }
        };
        let kind = match resolved {
            Resolved::Null => ValueKind::Null,
            Resolved::Bool(value) => ValueKind::Bool(value),
            Resolved::Int(value) => ValueKind::Int(value),
            Resolved::Uint(value) => ValueKind::Uint(value),
            Resolved::Float(value) => ValueKind::Float(value),
            Resolved::Text => ValueKind::Text(self.values.push_text(text.as_bytes())),
            Resolved::Binary(bytes) => ValueKind::Text(self.values.push_text(&bytes)),
        };
        Ok(self.values.push(kind, span))
    }

    /// One step of the innermost frame, given the value that its last step waited for.
    fn step(&mut self, finished: Option<ValueId>) -> Result<Option<ValueId>, Error> {
        match self.frames.last_mut() {
            Some(Frame::Sequence { next, items, .. }) => {
                items.extend(finished);
                if let Some(node) = *next {
                    *next = self.tree.next_sibling(node);
                    return self.enter(node);
                }
                self.end_sequence()
            }
            Some(Frame::Mapping { next, key, .. }) => match (finished, *key, *next) {
                (Some(value), Some((key_value, node)), _) => {
                    *key = None;
                    self.set(key_value, value, node);
                    Ok(None)
                }
                (Some(value), None, Some(value_node)) => {
                    *next = self.tree.next_sibling(value_node);
                    *key = Some((value, value_node));
                    self.check_key(value)?;
                    self.enter(value_node)
                }
                (_, _, Some(key_node)) => {
                    *next = self.tree.next_sibling(key_node);
                    if let (true, Some(value_node)) = (is_merge(self.tree, key_node), *next) {
                        *next = self.tree.next_sibling(value_node);
                        return self.merge(value_node);
                    }
                    self.enter(key_node)
                }
                (_, _, None) => self.end_mapping(),
            },
            Some(Frame::Merges { left }) => match left.pop() {
                Some(node) => self.merge_one(node),
                None => {
                    self.frames.pop();
                    Ok(None)
                }
            },
            Some(Frame::Alias { node }) => {
                let node = *node;
                self.frames.pop();
                self.close_alias(node);
                Ok(finished)
            }
            None => Ok(finished),
        }
    }

    fn end_sequence(&mut self) -> Result<Option<ValueId>, Error> {
        let Some(Frame::Sequence { items, span, .. }) = self.frames.pop() else { return Ok(None) };
        let children = self.values.push_children(items.into_iter());
        Ok(Some(self.values.push(ValueKind::Sequence(children), span)))
    }

    fn end_mapping(&mut self) -> Result<Option<ValueId>, Error> {
        let Some(Frame::Mapping { own: true, span, .. }) = self.frames.pop() else { return Ok(None) };
        let mapping = self.mappings.pop().unwrap_or_default();
        let children = self.values.push_children(mapping.entries.into_iter().flat_map(|(key, value)| [key, value]));
        Ok(Some(self.values.push(ValueKind::Mapping(children), span)))
    }

    fn check_key(&self, key: ValueId) -> Result<(), Error> {
        let value = self.values.get(key);
        match value.kind {
            ValueKind::Sequence(_) | ValueKind::Mapping(_) => {
                error(format!("invalid map key: {}", go_syntax::value(&self.values, key)), value.span)
            }
            _ => Ok(()),
        }
    }

    fn set(&mut self, key: ValueId, value: ValueId, value_node: NodeId) {
        let Some(mapping) = self.mappings.last_mut() else { return };
        if mapping.set(&self.values, key, value) {
            self.duplicate(key, value_node);
        }
    }

    fn duplicate(&mut self, key: ValueId, value_node: NodeId) {
        let line = self.tree.node(value_node).line + 1;
        let shown = go_syntax::value(&self.values, key);
        let path = (self.duplicates.len() < PATHS).then(|| self.path(key)).flatten();
        self.duplicates.push(Duplicate {
            message: format!("line {line}: key {shown} already set in map"),
            key: self.values.get(key).span,
            path,
        });
    }

    /// The path of a key of the innermost mapping, unless it is very long.
    fn path(&self, key: ValueId) -> Option<String> {
        let mut path = String::new();
        let add_key = |path: &mut String, key: ValueId| {
            if !path.is_empty() {
                path.push('.');
            }
            let text = self.values.key_text(key).unwrap_or_default();
            path.push_str(&String::from_utf8_lossy(text.get(..PATH_LENGTH).unwrap_or(&text)));
        };
        for frame in self.frames.iter().take(self.frames.len().saturating_sub(1)).take(100) {
            match frame {
                Frame::Sequence { items, .. } => path.push_str(&format!("[{}]", items.len())),
                Frame::Mapping { key: Some((key, _)), .. } => add_key(&mut path, *key),
                _ => {}
            }
            if path.len() > PATH_LENGTH {
                return None;
            }
        }
        add_key(&mut path, key);
        (path.len() <= PATH_LENGTH).then_some(path)
    }

    // ---- merge keys ----

    fn merge(&mut self, node: NodeId) -> Result<Option<ValueId>, Error> {
        if self.tree.node(node).kind != NodeKind::Sequence {
            return self.merge_one(node);
        }
        let mut left = Vec::new();
        let mut next = self.tree.first_child(node);
        while let Some(child) = next {
            left.push(child);
            next = self.tree.next_sibling(child);
        }
        self.frames.push(Frame::Merges { left });
        Ok(None)
    }

    /// Merges a mapping, or an alias of one, into the mapping that is being filled.
    fn merge_one(&mut self, node: NodeId) -> Result<Option<ValueId>, Error> {
        let target = self.tree.target(node).unwrap_or(node);
        if self.tree.node(target).kind != NodeKind::Mapping {
            let message = "map merge requires map or sequence of maps as the value";
            return error(message.to_owned(), self.tree.span(node));
        }
        self.count(node)?;
        if target != node {
            self.open_alias(node)?;
            self.count(target)?;
        }
        let next = self.tree.first_child(target);
        self.frames.push(Frame::Mapping { next, key: None, own: false, span: self.tree.span(target) });
        Ok(None)
    }
}

fn is_merge(tree: &Tree, node: NodeId) -> bool {
    let found = tree.node(node);
    found.kind == NodeKind::Scalar
        && tree.text(node) == "<<"
        && (found.implicit || tree.tag(node) == "tag:yaml.org,2002:merge")
}
