//! Tokens → events. Mirrors `parserc.go`: a machine of states with a stack, so no depth of nesting costs stack.

use std::collections::HashMap;

use super::scan::{Piece, Result, ScalarStyle, Scanner, TokenKind};
use super::{Input, Mark, Problem};

/// The most text, in bytes, that tags may repeat of the prefixes of their handles.
const MOST_TAG_BYTES: usize = 16 << 20;

/// What a node carries besides its content.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties {
    pub anchor: Option<Piece>,
    pub tag: Option<Box<str>>,
}

#[derive(Clone, Debug)]
pub(super) enum EventKind {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(Piece),
    /// `implicit`: plain, so what it looks like decides its type.
    Scalar {
        value: Piece,
        properties: Properties,
        implicit: bool,
        block: bool,
    },
    SequenceStart(Properties),
    SequenceEnd,
    MappingStart(Properties),
    MappingEnd,
}

#[derive(Clone, Debug)]
pub(super) struct Event {
    pub kind: EventKind,
    pub start: Mark,
    pub end: Mark,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirstEntry,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingFirstKey,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    FlowSequenceEntryMappingKey,
    FlowSequenceEntryMappingValue,
    FlowSequenceEntryMappingEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

pub(super) struct Parser<'i> {
    pub(super) scanner: Scanner<'i>,
    state: State,
    states: Vec<State>,
    /// Where the open collections began, for messages.
    marks: Vec<Mark>,
    tags: HashMap<String, String>,
    /// Bytes of tags so far: a long prefix may be named often.
    tag_bytes: usize,
}

impl<'i> Parser<'i> {
    pub(super) fn new(input: &'i Input<'i>) -> Parser<'i> {
        Parser {
            scanner: Scanner::new(input),
            state: State::StreamStart,
            states: Vec::new(),
            marks: Vec::new(),
            tags: HashMap::new(),
            tag_bytes: 0,
        }
    }

    /// The next event; at the end of the stream, [`EventKind::StreamEnd`] again and again.
    pub(super) fn next(&mut self) -> Result<Event> {
        match self.state {
            State::StreamStart => {
                let token = self.scanner.next()?;
                self.state = State::ImplicitDocumentStart;
                Ok(Event { kind: EventKind::StreamStart, start: token.start, end: token.end })
            }
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceFirstEntry => self.block_sequence_entry(true),
            State::BlockSequenceEntry => self.block_sequence_entry(false),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingFirstKey => self.block_mapping_key(true),
            State::BlockMappingKey => self.block_mapping_key(false),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirstEntry => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowSequenceEntryMappingKey => self.flow_pair_key(),
            State::FlowSequenceEntryMappingValue => self.flow_pair_value(),
            State::FlowSequenceEntryMappingEnd => {
                let mark = self.scanner.peek()?.start;
                self.state = State::FlowSequenceEntry;
                Ok(Event { kind: EventKind::MappingEnd, start: mark, end: mark })
            }
            State::FlowMappingFirstKey => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(false),
            State::FlowMappingEmptyValue => self.flow_mapping_value(true),
            State::End => {
                let mark = self.scanner.mark;
                Ok(Event { kind: EventKind::StreamEnd, start: mark, end: mark })
            }
        }
    }

    fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    fn empty_scalar(&self, mark: Mark) -> Event {
        let kind = EventKind::Scalar {
            value: Piece::default(),
            properties: Properties::default(),
            implicit: true,
            block: false,
        };
        Event { kind, start: mark, end: mark }
    }

    // ---- documents ----

    fn document_start(&mut self, implicit: bool) -> Result<Event> {
        while !implicit && matches!(self.scanner.peek()?.kind, TokenKind::DocumentEnd) {
            self.scanner.drop_token();
        }
        let token = self.scanner.peek()?;
        let start = token.start;
        let explicit = matches!(
            token.kind,
            TokenKind::VersionDirective { .. } | TokenKind::TagDirective { .. } | TokenKind::DocumentStart
        );
        if matches!(token.kind, TokenKind::StreamEnd) {
            let end = token.end;
            self.state = State::End;
            self.scanner.drop_token();
            return Ok(Event { kind: EventKind::StreamEnd, start, end });
        }
        self.process_directives()?;
        self.states.push(State::DocumentEnd);
        if implicit && !explicit {
            self.state = State::BlockNode;
            return Ok(Event { kind: EventKind::DocumentStart, start, end: start });
        }
        let token = self.scanner.peek()?;
        if !matches!(token.kind, TokenKind::DocumentStart) {
            return Err(Problem::parser("did not find expected <document start>", token.start, Mark::default()));
        }
        let end = token.end;
        self.state = State::DocumentContent;
        self.scanner.drop_token();
        Ok(Event { kind: EventKind::DocumentStart, start, end })
    }

    fn process_directives(&mut self) -> Result<()> {
        let mut version_seen = false;
        loop {
            let token = self.scanner.peek()?;
            let start = token.start;
            let refuse = |text| Err(Problem::parser(text, start, Mark::default()));
            match &token.kind {
                TokenKind::VersionDirective { .. } if version_seen => return refuse("found duplicate %YAML directive"),
                TokenKind::VersionDirective { major: 1, minor: 1 } => version_seen = true,
                TokenKind::VersionDirective { .. } => return refuse("found incompatible YAML document"),
                TokenKind::TagDirective { handle, prefix } => {
                    if self.tags.insert(handle.clone(), prefix.clone()).is_some() {
                        return refuse("found duplicate %TAG directive");
                    }
                }
                _ => break,
            }
            self.scanner.drop_token();
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            self.tags.entry(handle.to_owned()).or_insert_with(|| prefix.to_owned());
        }
        Ok(())
    }

    fn document_content(&mut self) -> Result<Event> {
        let token = self.scanner.peek()?;
        if matches!(
            token.kind,
            TokenKind::VersionDirective { .. }
                | TokenKind::TagDirective { .. }
                | TokenKind::DocumentStart
                | TokenKind::DocumentEnd
                | TokenKind::StreamEnd
        ) {
            let mark = token.start;
            self.pop_state();
            return Ok(self.empty_scalar(mark));
        }
        self.node(true, false)
    }

    fn document_end(&mut self) -> Result<Event> {
        let token = self.scanner.peek()?;
        let start = token.start;
        let mut end = start;
        if matches!(token.kind, TokenKind::DocumentEnd) {
            end = token.end;
            self.scanner.drop_token();
        }
        self.tags.clear();
        self.state = State::DocumentStart;
        Ok(Event { kind: EventKind::DocumentEnd, start, end })
    }

    // ---- nodes ----

    fn node(&mut self, block: bool, indentless_sequence: bool) -> Result<Event> {
        let token = self.scanner.peek()?;
        let start = token.start;
        let mut end = token.start;
        if let TokenKind::Alias(name) = token.kind {
            let end = token.end;
            self.pop_state();
            self.scanner.drop_token();
            return Ok(Event { kind: EventKind::Alias(name), start, end });
        }
        let mut properties = Properties::default();
        let mut tag = None;
        let mut tag_mark = Mark::default();
        // An anchor and a tag, each once, in either order.
        loop {
            let token = self.scanner.peek()?;
            match &token.kind {
                TokenKind::Anchor(name) if properties.anchor.is_none() => properties.anchor = Some(*name),
                TokenKind::Tag(parts) if tag.is_none() => {
                    tag = Some(parts.clone());
                    tag_mark = token.start;
                }
                _ => break,
            }
            end = token.end;
            self.scanner.drop_token();
        }
        if let Some(parts) = tag {
            properties.tag = Some(self.resolve_tag(*parts, start, tag_mark)?);
        }
        let token = self.scanner.peek()?;
        let (next, kind) = match token.kind {
            TokenKind::BlockEntry if indentless_sequence => {
                (State::IndentlessSequenceEntry, EventKind::SequenceStart(properties))
            }
            TokenKind::Scalar { value, style } => {
                let implicit = match properties.tag.as_deref() {
                    None => style == ScalarStyle::Plain,
                    Some(tag) => tag == "!",
                };
                let end = token.end;
                self.pop_state();
                self.scanner.drop_token();
                let kind = EventKind::Scalar { value, properties, implicit, block: style == ScalarStyle::Block };
                return Ok(Event { kind, start, end });
            }
            TokenKind::FlowSequenceStart => (State::FlowSequenceFirstEntry, EventKind::SequenceStart(properties)),
            TokenKind::FlowMappingStart => (State::FlowMappingFirstKey, EventKind::MappingStart(properties)),
            TokenKind::BlockSequenceStart if block => {
                (State::BlockSequenceFirstEntry, EventKind::SequenceStart(properties))
            }
            TokenKind::BlockMappingStart if block => (State::BlockMappingFirstKey, EventKind::MappingStart(properties)),
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                self.pop_state();
                let implicit = properties.tag.is_none();
                let kind = EventKind::Scalar { value: Piece::default(), properties, implicit, block: false };
                return Ok(Event { kind, start, end });
            }
            _ => return Err(Problem::parser("did not find expected node content", token.start, start)),
        };
        let end = token.end;
        self.state = next;
        Ok(Event { kind, start, end })
    }

    fn resolve_tag(&mut self, (handle, suffix): (String, String), start: Mark, tag_mark: Mark) -> Result<Box<str>> {
        if handle.is_empty() {
            return Ok(suffix.into());
        }
        match self.tags.get(&handle) {
            Some(prefix) if !(prefix.is_empty() && suffix.is_empty()) => {
                self.tag_bytes += prefix.len();
                if self.tag_bytes > MOST_TAG_BYTES {
                    return Err(Problem::parser(
                        "tags repeat more than 16 MiB of text, which is not read here",
                        tag_mark,
                        start,
                    ));
                }
                Ok(format!("{prefix}{suffix}").into())
            }
            _ => Err(Problem::parser("found undefined tag handle", tag_mark, start)),
        }
    }

    // ---- block collections ----

    /// The token that opens a collection: remembered for messages, and gone.
    fn open(&mut self) -> Result<()> {
        let mark = self.scanner.next()?.start;
        self.marks.push(mark);
        Ok(())
    }

    fn close(&mut self, kind: EventKind) -> Result<Event> {
        let token = self.scanner.next()?;
        self.pop_state();
        self.marks.pop();
        Ok(Event { kind, start: token.start, end: token.end })
    }

    fn unexpected(&mut self, text: &'static str) -> Result<Event> {
        let mark = self.scanner.peek()?.start;
        Err(Problem::parser(text, mark, self.marks.pop().unwrap_or_default()))
    }

    fn block_sequence_entry(&mut self, first: bool) -> Result<Event> {
        if first {
            self.open()?;
        }
        match self.scanner.peek()?.kind {
            TokenKind::BlockEntry => {
                let mark = self.scanner.next()?.end;
                if matches!(self.scanner.peek()?.kind, TokenKind::BlockEntry | TokenKind::BlockEnd) {
                    self.state = State::BlockSequenceEntry;
                    return Ok(self.empty_scalar(mark));
                }
                self.states.push(State::BlockSequenceEntry);
                self.node(true, false)
            }
            TokenKind::BlockEnd => self.close(EventKind::SequenceEnd),
            _ => self.unexpected("did not find expected '-' indicator"),
        }
    }

    /// A sequence as a mapping's value whose `-` stand in the mapping's own column.
    fn indentless_sequence_entry(&mut self) -> Result<Event> {
        let token = self.scanner.peek()?;
        if !matches!(token.kind, TokenKind::BlockEntry) {
            let mark = token.start;
            self.pop_state();
            return Ok(Event { kind: EventKind::SequenceEnd, start: mark, end: mark });
        }
        let mark = token.end;
        self.scanner.drop_token();
        if matches!(
            self.scanner.peek()?.kind,
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd
        ) {
            self.state = State::IndentlessSequenceEntry;
            return Ok(self.empty_scalar(mark));
        }
        self.states.push(State::IndentlessSequenceEntry);
        self.node(true, false)
    }

    fn block_mapping_key(&mut self, first: bool) -> Result<Event> {
        if first {
            self.open()?;
        }
        match self.scanner.peek()?.kind {
            TokenKind::Key => self.block_mapping_part(State::BlockMappingValue),
            TokenKind::BlockEnd => self.close(EventKind::MappingEnd),
            _ => self.unexpected("did not find expected key"),
        }
    }

    fn block_mapping_value(&mut self) -> Result<Event> {
        let token = self.scanner.peek()?;
        if matches!(token.kind, TokenKind::Value) {
            return self.block_mapping_part(State::BlockMappingKey);
        }
        let mark = token.start;
        self.state = State::BlockMappingKey;
        Ok(self.empty_scalar(mark))
    }

    /// What follows the `?` or `:` at the place.
    fn block_mapping_part(&mut self, then: State) -> Result<Event> {
        let mark = self.scanner.next()?.end;
        if matches!(self.scanner.peek()?.kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
            self.state = then;
            return Ok(self.empty_scalar(mark));
        }
        self.states.push(then);
        self.node(true, true)
    }

    // ---- flow collections ----

    fn flow_sequence_entry(&mut self, first: bool) -> Result<Event> {
        if first {
            self.open()?;
        }
        if !first && !matches!(self.scanner.peek()?.kind, TokenKind::FlowSequenceEnd) {
            if !matches!(self.scanner.peek()?.kind, TokenKind::FlowEntry) {
                return self.unexpected("did not find expected ',' or ']'");
            }
            self.scanner.drop_token();
        }
        match self.scanner.peek()?.kind {
            TokenKind::FlowSequenceEnd => self.close(EventKind::SequenceEnd),
            TokenKind::Key => {
                let token = self.scanner.next()?;
                self.state = State::FlowSequenceEntryMappingKey;
                let kind = EventKind::MappingStart(Properties::default());
                Ok(Event { kind, start: token.start, end: token.end })
            }
            _ => {
                self.states.push(State::FlowSequenceEntry);
                self.node(false, false)
            }
        }
    }

    /// The key of `key: value` as an item of a flow sequence.
    fn flow_pair_key(&mut self) -> Result<Event> {
        let token = self.scanner.peek()?;
        if matches!(token.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
            let mark = token.end;
            self.scanner.drop_token();
            self.state = State::FlowSequenceEntryMappingValue;
            return Ok(self.empty_scalar(mark));
        }
        self.states.push(State::FlowSequenceEntryMappingValue);
        self.node(false, false)
    }

    fn flow_pair_value(&mut self) -> Result<Event> {
        let mut mark = self.scanner.peek()?.start;
        if matches!(self.scanner.peek()?.kind, TokenKind::Value) {
            self.scanner.drop_token();
            let token = self.scanner.peek()?;
            if !matches!(token.kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                self.states.push(State::FlowSequenceEntryMappingEnd);
                return self.node(false, false);
            }
            mark = token.start;
        }
        self.state = State::FlowSequenceEntryMappingEnd;
        Ok(self.empty_scalar(mark))
    }

    fn flow_mapping_key(&mut self, first: bool) -> Result<Event> {
        if first {
            self.open()?;
        }
        if !first && !matches!(self.scanner.peek()?.kind, TokenKind::FlowMappingEnd) {
            if !matches!(self.scanner.peek()?.kind, TokenKind::FlowEntry) {
                return self.unexpected("did not find expected ',' or '}'");
            }
            self.scanner.drop_token();
        }
        match self.scanner.peek()?.kind {
            TokenKind::FlowMappingEnd => self.close(EventKind::MappingEnd),
            TokenKind::Key => {
                self.scanner.drop_token();
                self.flow_mapping_part(State::FlowMappingValue)
            }
            _ => {
                self.states.push(State::FlowMappingEmptyValue);
                self.node(false, false)
            }
        }
    }

    fn flow_mapping_value(&mut self, empty: bool) -> Result<Event> {
        let token = self.scanner.peek()?;
        if !empty && matches!(token.kind, TokenKind::Value) {
            self.scanner.drop_token();
            return self.flow_mapping_part(State::FlowMappingKey);
        }
        let mark = token.start;
        self.state = State::FlowMappingKey;
        Ok(self.empty_scalar(mark))
    }

    fn flow_mapping_part(&mut self, then: State) -> Result<Event> {
        let token = self.scanner.peek()?;
        // After a key a colon may follow; after a colon it is an error that the next key meets.
        let ends = match token.kind {
            TokenKind::Value => then == State::FlowMappingValue,
            TokenKind::FlowEntry | TokenKind::FlowMappingEnd => true,
            _ => false,
        };
        if ends {
            let mark = token.start;
            self.state = then;
            return Ok(self.empty_scalar(mark));
        }
        self.states.push(then);
        self.node(false, false)
    }
}
