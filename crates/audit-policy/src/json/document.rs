//! A JSON document in memory: one flat list of values in order of their beginnings, so that no depth can overflow a stack.

use crate::Span;

/// A JSON document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    entries: Vec<Entry>,
    /// The text of all strings and numbers, one after the other.
    text: String,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: EntryKind,
    span: Span,
    /// The index one past the last entry of this value.
    end: usize,
}

#[derive(Clone, Copy, Debug)]
enum EntryKind {
    Null,
    Bool(bool),
    Number { start: usize, end: usize },
    String { start: usize, end: usize },
    Array,
    Object,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it is spelt.
    Number(&'a str),
    /// A string, decoded.
    String(&'a str),
    /// An array: see [`Node::items`].
    Array,
    /// An object: see [`Node::members`].
    Object,
}

/// A value in a document.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    document: &'a Document,
    index: usize,
}

impl Document {
    /// The document's value; none where nothing was built.
    pub fn root(&self) -> Option<Node<'_>> {
        (!self.entries.is_empty()).then_some(Node { document: self, index: 0 })
    }
}

impl<'a> Node<'a> {
    fn entry(self) -> Entry {
        const NOTHING: Entry = Entry { kind: EntryKind::Null, span: Span::new(0, 0), end: usize::MAX };
        self.document.entries.get(self.index).copied().unwrap_or(NOTHING)
    }

    /// What it is.
    pub fn kind(self) -> Kind<'a> {
        let text = |start: usize, end: usize| self.document.text.get(start..end).unwrap_or_default();
        match self.entry().kind {
            EntryKind::Null => Kind::Null,
            EntryKind::Bool(value) => Kind::Bool(value),
            EntryKind::Number { start, end } => Kind::Number(text(start, end)),
            EntryKind::String { start, end } => Kind::String(text(start, end)),
            EntryKind::Array => Kind::Array,
            EntryKind::Object => Kind::Object,
        }
    }

    /// Where it is in the text it was read from.
    pub fn span(self) -> Span {
        self.entry().span
    }

    /// The string, if it is one.
    pub fn as_str(self) -> Option<&'a str> {
        match self.kind() {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array, in order; of anything else, none.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> {
        let is_array = matches!(self.kind(), Kind::Array);
        self.children().filter(move |_| is_array)
    }

    /// The members of an object as key and value, in order, duplicates and all; of anything else, none.
    pub fn members(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
        let is_object = matches!(self.kind(), Kind::Object);
        let mut children = self.children().filter(move |_| is_object);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// The value of the last member of this name: where a name stands twice, Go takes the last.
    pub fn get(self, name: &str) -> Option<Node<'a>> {
        self.members().filter(|(key, _)| key.as_str() == Some(name)).last().map(|(_, value)| value)
    }

    fn children(self) -> impl Iterator<Item = Node<'a>> {
        let end = self.entry().end.min(self.document.entries.len());
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let child = Node { document: self.document, index: next };
            next = child.entry().end.max(next + 1);
            Some(child)
        })
    }
}

/// Builds a document from its beginning to its end.
#[derive(Debug, Default)]
pub struct Builder {
    document: Document,
    open: Vec<usize>,
}

impl Builder {
    /// An empty document.
    pub fn new() -> Builder {
        Builder::default()
    }

    /// How many arrays and objects are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    fn push(&mut self, kind: EntryKind, span: Span) {
        let end = self.document.entries.len() + 1;
        self.document.entries.push(Entry { kind, span, end });
    }

    fn push_text(&mut self, text: &str) -> (usize, usize) {
        let start = self.document.text.len();
        self.document.text.push_str(text);
        (start, self.document.text.len())
    }

    /// Adds `null`.
    pub fn null(&mut self, span: Span) {
        self.push(EntryKind::Null, span);
    }

    /// Adds `true` or `false`.
    pub fn bool(&mut self, value: bool, span: Span) {
        self.push(EntryKind::Bool(value), span);
    }

    /// Adds a number, spelt so.
    pub fn number(&mut self, spelling: &str, span: Span) {
        let (start, end) = self.push_text(spelling);
        self.push(EntryKind::Number { start, end }, span);
    }

    /// Adds a string: a value, or in an object a key, which its value must follow.
    pub fn string(&mut self, text: &str, span: Span) {
        let (start, end) = self.push_text(text);
        self.push(EntryKind::String { start, end }, span);
    }

    /// Opens an array that begins at `start`.
    pub fn begin_array(&mut self, start: usize) {
        self.open.push(self.document.entries.len());
        self.push(EntryKind::Array, Span::new(start, start));
    }

    /// Opens an object that begins at `start`.
    pub fn begin_object(&mut self, start: usize) {
        self.open.push(self.document.entries.len());
        self.push(EntryKind::Object, Span::new(start, start));
    }

    /// Closes the innermost open array or object, which ends at `end`.
    pub fn end(&mut self, end: usize) {
        let next = self.document.entries.len();
        if let Some(entry) = self.open.pop().and_then(|index| self.document.entries.get_mut(index)) {
            entry.end = next;
            entry.span.end = end;
        }
    }

    /// The document, with everything that is open closed.
    pub fn finish(mut self) -> Document {
        while !self.open.is_empty() {
            self.end(0);
        }
        self.document
    }
}
