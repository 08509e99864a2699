//! Events → a tree of the first document, in one flat list.

use std::borrow::Cow;
use std::collections::HashMap;

use super::parse::{EventKind, Parser, Properties};
use super::scan::Piece;
use super::{Input, Mark, Problem, ProblemKind};
use crate::Span;

/// A node of a [`Tree`].
pub(crate) type NodeId = u32;

const NO_NODE: NodeId = NodeId::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Scalar,
    Sequence,
    /// Its children are keys and values by turns.
    Mapping,
    /// Its target is another node.
    Alias,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub kind: NodeKind,
    /// A plain scalar.
    pub implicit: bool,
    /// From 0, as the parser counts.
    pub line: u32,
    /// Where it is in the transcoded text.
    start: u32,
    end: u32,
    first: NodeId,
    next: NodeId,
    text: Piece,
    /// 0 for none, else one more than its place in [`Tree::tags`].
    tag: u32,
}

/// The first document of a text.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    pool: String,
    tags: Vec<Box<str>>,
    /// Where the document's end marker or the next document's beginning is, where there is more than white space and comments.
    pub(crate) rest: Option<Span>,
}

impl Tree {
    /// The node; of a number that is none, an empty scalar.
    pub(crate) fn node(&self, id: NodeId) -> Node {
        const NOTHING: Node = Node {
            kind: NodeKind::Scalar,
            implicit: true,
            line: 0,
            start: 0,
            end: 0,
            first: NO_NODE,
            next: NO_NODE,
            text: Piece { start: 0, end: 0 },
            tag: 0,
        };
        self.nodes.get(id as usize).copied().unwrap_or(NOTHING)
    }

    /// The document's content; none for an empty stream.
    pub(crate) fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(0)
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        let node = self.node(id);
        (node.kind != NodeKind::Alias && node.first != NO_NODE).then_some(node.first)
    }

    pub(crate) fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        Some(self.node(id).next).filter(|&next| next != NO_NODE)
    }

    /// What an alias stands for.
    pub(crate) fn target(&self, id: NodeId) -> Option<NodeId> {
        let node = self.node(id);
        (node.kind == NodeKind::Alias && node.first != NO_NODE).then_some(node.first)
    }

    /// A scalar's value, or an alias's name.
    pub(crate) fn text(&self, id: NodeId) -> &str {
        let Piece { start, end } = self.node(id).text;
        self.pool.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(crate) fn tag(&self, id: NodeId) -> &str {
        let index = self.node(id).tag as usize;
        index.checked_sub(1).and_then(|index| self.tags.get(index)).map_or("", |tag| tag)
    }

    /// Where a node is in the transcoded text.
    pub(crate) fn span(&self, id: NodeId) -> Span {
        let node = self.node(id);
        Span::new(node.start as usize, node.end as usize)
    }
}

#[derive(Default)]
struct Builder {
    tree: Tree,
    /// The open collections, each with its last child.
    open: Vec<(NodeId, NodeId)>,
    anchors: HashMap<String, NodeId>,
}

/// Reads the first document.
pub(crate) fn compose(input: &Input<'_>) -> Result<Tree, Problem> {
    let mut parser = Parser::new(input);
    let mut builder = Builder::default();
    loop {
        let event = parser.next()?;
        let (start, end) = (event.start, event.end);
        match event.kind {
            EventKind::StreamStart | EventKind::DocumentStart => {}
            EventKind::StreamEnd => break,
            EventKind::DocumentEnd => {
                builder.tree.rest = rest(&input.text, start.at as usize);
                break;
            }
            EventKind::Alias(name) => {
                let anchor = parser.scanner.pool.get(name.start as usize..name.end as usize).unwrap_or_default();
                let Some(&target) = builder.anchors.get(anchor) else { return Err(unknown_anchor(anchor, start)) };
                let id = builder.add(NodeKind::Alias, start, end, Properties::default(), &parser.scanner.pool);
                builder.change(id, |node| {
                    node.first = target;
                    node.text = name;
                });
            }
            EventKind::Scalar { value, properties, implicit, block } => {
                let id = builder.add(NodeKind::Scalar, start, end, properties, &parser.scanner.pool);
                let end = if block { trimmed_end(&input.text, start.at as usize, end.at as usize) } else { end.at };
                builder.change(id, |node| {
                    node.text = value;
                    node.implicit = implicit;
                    node.end = end;
                });
                builder.grow_parent(end);
            }
            EventKind::SequenceStart(properties) => {
                builder.begin(NodeKind::Sequence, start, end, properties, &parser.scanner.pool);
            }
            EventKind::MappingStart(properties) => {
                builder.begin(NodeKind::Mapping, start, end, properties, &parser.scanner.pool);
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => builder.end(start, end),
        }
    }
    builder.tree.pool = parser.scanner.pool;
    Ok(builder.tree)
}

fn unknown_anchor(name: &str, mark: Mark) -> Problem {
    Problem {
        kind: ProblemKind::Parser,
        text: Cow::Owned(format!("unknown anchor '{name}' referenced")),
        // The message never has a line.
        mark: Mark::default(),
        context: Mark::default(),
        at: mark.at as usize,
    }
}

/// What follows the first document, where that is more than blanks, comments and a `...`.
fn rest(text: &str, at: usize) -> Option<Span> {
    let rest = text.get(at..)?;
    let mut place = at;
    let mut marker = None;
    for line in rest.split_inclusive(['\n', '\r']) {
        let content = line.trim();
        if line.starts_with("---") || line.starts_with("...") {
            marker.get_or_insert(Span::new(place, place + 3));
        }
        let content = content.trim_start_matches("---").trim_start_matches("...").trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return Some(marker.unwrap_or(Span::new(place, place + line.trim_end().len())));
        }
        place += line.len();
    }
    None
}

/// The end of a block scalar without the line breaks after it.
fn trimmed_end(text: &str, start: usize, end: usize) -> u32 {
    let value = text.get(start..end).unwrap_or_default();
    (start + value.trim_end().len()) as u32
}

impl Builder {
    fn add(&mut self, kind: NodeKind, start: Mark, end: Mark, properties: Properties, pool: &str) -> NodeId {
        let id = self.tree.nodes.len() as NodeId;
        let tag = match properties.tag {
            Some(tag) => {
                let known = self.tree.tags.iter().take(64).position(|known| *known == tag);
                known.unwrap_or_else(|| {
                    self.tree.tags.push(tag);
                    self.tree.tags.len() - 1
                }) + 1
            }
            None => 0,
        };
        self.tree.nodes.push(Node {
            kind,
            implicit: false,
            line: start.line,
            start: start.at,
            end: end.at,
            first: NO_NODE,
            next: NO_NODE,
            text: Piece::default(),
            tag: tag as u32,
        });
        if let Some(name) = properties.anchor {
            let name = pool.get(name.start as usize..name.end as usize).unwrap_or_default();
            self.anchors.insert(name.to_owned(), id);
        }
        if let Some((parent, last)) = self.open.last_mut() {
            let (parent, last) = (*parent, std::mem::replace(last, id));
            if last == NO_NODE {
                self.change(parent, |node| node.first = id);
            } else {
                self.change(last, |node| node.next = id);
            }
        }
        self.grow_parent(end.at);
        id
    }

    fn change(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.tree.nodes.get_mut(id as usize) {
            change(node);
        }
    }

    /// A collection reaches at least to the end of its last child.
    fn grow_parent(&mut self, end: u32) {
        if let Some(&(parent, _)) = self.open.last() {
            self.change(parent, |node| node.end = node.end.max(end));
        }
    }

    fn begin(&mut self, kind: NodeKind, start: Mark, end: Mark, properties: Properties, pool: &str) {
        let id = self.add(kind, start, end, properties, pool);
        self.open.push((id, NO_NODE));
    }

    fn end(&mut self, start: Mark, end: Mark) {
        let Some((id, _)) = self.open.pop() else { return };
        // Only a bracket is part of the collection: a block ends where something else begins.
        if end.at > start.at {
            self.change(id, |node| node.end = end.at);
        }
        let end = self.tree.node(id).end;
        self.grow_parent(end);
    }
}
