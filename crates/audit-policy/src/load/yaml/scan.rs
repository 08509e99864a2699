//! Characters → tokens. Mirrors `scannerc.go`: the state that the grammar needs (indentation, flow level, possible simple keys) and one
//! function a kind of token. Looking at characters is in `cursor`.

mod cursor;

use std::collections::{HashMap, VecDeque};

use super::input::{Input, Window};
use super::{MAX_DEPTH, Mark, Problem};

pub(super) type Result<T> = std::result::Result<T, Problem>;

/// A piece of [`Scanner::pool`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarStyle {
    Plain,
    Quoted,
    Block,
}

#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    StreamStart,
    StreamEnd,
    VersionDirective { major: u8, minor: u8 },
    TagDirective { handle: String, prefix: String },
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(Piece),
    Anchor(Piece),
    Tag(Box<(String, String)>),
    Scalar { value: Piece, style: ScalarStyle },
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: Mark,
    pub end: Mark,
}

/// A place where `key:` may turn out to have begun.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    token_number: usize,
    mark: Mark,
}

pub(super) struct Scanner<'i> {
    text: &'i [u8],
    /// Values of scalars and names of anchors, one after the other.
    pub(super) pool: String,
    pub(super) mark: Mark,
    windows: std::slice::Iter<'i, Window>,
    input: &'i Input<'i>,
    /// Characters read and not yet looked at.
    unread: usize,
    /// Where the parser's buffer begins: the place of the last read.
    buffer_start: usize,
    pub(super) flow_level: usize,
    pub(super) indent: i64,
    indents: Vec<i64>,
    pub(super) simple_key_allowed: bool,
    simple_keys: Vec<SimpleKey>,
    simple_keys_by_token: HashMap<usize, usize>,
    tokens: VecDeque<Token>,
    tokens_parsed: usize,
    stream_started: bool,
}

impl<'i> Scanner<'i> {
    pub(super) fn new(input: &'i Input<'i>) -> Scanner<'i> {
        Scanner {
            text: input.text.as_bytes(),
            pool: String::new(),
            mark: Mark::default(),
            windows: input.windows.iter(),
            input,
            unread: 0,
            buffer_start: 0,
            flow_level: 0,
            indent: -1,
            indents: Vec::new(),
            simple_key_allowed: true,
            simple_keys: Vec::new(),
            simple_keys_by_token: HashMap::new(),
            tokens: VecDeque::new(),
            tokens_parsed: 0,
            stream_started: false,
        }
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Result<&Token> {
        self.fetch_more()?;
        match self.tokens.front() {
            Some(token) => Ok(token),
            // Not reached: `fetch_more` returns with a token or an error.
            None => Err(Problem::parser("unknown problem parsing YAML content", self.mark, Mark::default())),
        }
    }

    pub(super) fn next(&mut self) -> Result<Token> {
        self.peek()?;
        self.tokens_parsed += 1;
        let nothing = Token { kind: TokenKind::StreamEnd, start: self.mark, end: self.mark };
        Ok(self.tokens.pop_front().unwrap_or(nothing))
    }

    pub(super) fn drop_token(&mut self) {
        self.tokens.pop_front();
        self.tokens_parsed += 1;
    }

    /// Fetches until there is a token that is certain not to be preceded by a key's.
    fn fetch_more(&mut self) -> Result<()> {
        loop {
            if !self.tokens.is_empty() {
                let Some(&index) = self.simple_keys_by_token.get(&self.tokens_parsed) else { return Ok(()) };
                if !self.is_valid_key(index)? {
                    return Ok(());
                }
            }
            self.fetch_next()?;
        }
    }

    fn fetch_next(&mut self) -> Result<()> {
        self.ensure(1)?;
        if !self.stream_started {
            self.stream_started = true;
            self.simple_keys.push(SimpleKey::default());
            self.push(TokenKind::StreamStart, self.mark);
            return Ok(());
        }
        self.skip_to_token()?;
        self.unroll_indent(i64::from(self.mark.column));
        self.ensure(4)?;
        let block = self.flow_level == 0;
        match self.byte(0) {
            0 => self.fetch_stream_end(),
            b'%' if self.mark.column == 0 => self.fetch_directive(),
            b'-' if self.is_document_indicator() => self.fetch_document_indicator(TokenKind::DocumentStart),
            b'.' if self.is_document_indicator() => self.fetch_document_indicator(TokenKind::DocumentEnd),
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => {
                self.remove_simple_key()?;
                self.simple_key_allowed = true;
                self.push_indicator(TokenKind::FlowEntry);
                Ok(())
            }
            b'-' if self.is_blank_or_end(1) => self.fetch_block_entry(),
            b'?' if !block || self.is_blank_or_end(1) => self.fetch_key(),
            b':' if !block || self.is_blank_or_end(1) => self.fetch_value(),
            b'*' => self.fetch_anchor(TokenKind::Alias),
            b'&' => self.fetch_anchor(TokenKind::Anchor),
            b'!' => {
                self.save_simple_key()?;
                self.simple_key_allowed = false;
                let token = self.scan_tag()?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'|' if block => self.fetch_block_scalar(true),
            b'>' if block => self.fetch_block_scalar(false),
            quote @ (b'\'' | b'"') => {
                self.save_simple_key()?;
                self.simple_key_allowed = false;
                let token = self.scan_quoted(quote)?;
                self.tokens.push_back(token);
                Ok(())
            }
            _ if self.begins_plain_scalar() => {
                self.save_simple_key()?;
                self.simple_key_allowed = false;
                let token = self.scan_plain()?;
                self.tokens.push_back(token);
                Ok(())
            }
            _ => self.error("found character that cannot start any token", self.mark),
        }
    }

    fn begins_plain_scalar(&self) -> bool {
        match self.byte(0) {
            b'-' => !self.is_blank(1),
            b'?' | b':' => self.flow_level == 0 && !self.is_blank_or_end(1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
            | b'`' => false,
            _ => !self.is_blank_or_end(0),
        }
    }

    /// Skips blanks, comments and line breaks.
    fn skip_to_token(&mut self) -> Result<()> {
        loop {
            self.ensure(1)?;
            // The parser looks for a byte order mark where its buffer begins, wherever it is itself.
            let buffer = self.text.get(self.buffer_start..self.buffer_start + 3);
            if self.mark.column == 0 && buffer == Some(b"\xef\xbb\xbf") && !self.is_end() {
                self.skip();
            }
            self.ensure(1)?;
            while self.byte(0) == b' ' || (self.flow_level > 0 || !self.simple_key_allowed) && self.byte(0) == b'\t' {
                self.skip();
                self.ensure(1)?;
            }
            if self.byte(0) == b'#' {
                self.skip_to_line_end()?;
            }
            if !self.is_break(0) {
                return Ok(());
            }
            self.ensure(2)?;
            self.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    pub(super) fn skip_to_line_end(&mut self) -> Result<()> {
        while !self.is_break_or_end(0) {
            self.skip();
            self.ensure(1)?;
        }
        Ok(())
    }

    /// Blanks, a comment and the line break: all that may follow on the line of what began at `start`.
    pub(super) fn skip_rest_of_line(&mut self, start: Mark) -> Result<()> {
        self.skip_blanks()?;
        if self.byte(0) == b'#' {
            self.skip_to_line_end()?;
        }
        if !self.is_break_or_end(0) {
            return self.error("did not find expected comment or line break", start);
        }
        if self.is_break(0) {
            self.ensure(2)?;
            self.skip_line();
        }
        Ok(())
    }

    pub(super) fn skip_blanks(&mut self) -> Result<()> {
        self.ensure(1)?;
        while self.is_blank(0) {
            self.skip();
            self.ensure(1)?;
        }
        Ok(())
    }

    fn push(&mut self, kind: TokenKind, start: Mark) {
        self.tokens.push_back(Token { kind, start, end: self.mark });
    }

    /// Skips one character and makes it a token.
    fn push_indicator(&mut self, kind: TokenKind) {
        let start = self.mark;
        self.skip();
        self.push(kind, start);
    }

    // ---- simple keys ----

    fn is_valid_key(&mut self, index: usize) -> Result<bool> {
        let Some(&key) = self.simple_keys.get(index) else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < self.mark.line || key.mark.index + 1024 < self.mark.index {
            if key.required {
                return self.error("could not find expected ':'", key.mark);
            }
            if let Some(key) = self.simple_keys.get_mut(index) {
                key.possible = false;
            }
            return Ok(false);
        }
        Ok(true)
    }

    fn save_simple_key(&mut self) -> Result<()> {
        if self.simple_key_allowed {
            let key = SimpleKey {
                possible: true,
                required: self.flow_level == 0 && self.indent == i64::from(self.mark.column),
                token_number: self.tokens_parsed + self.tokens.len(),
                mark: self.mark,
            };
            self.remove_simple_key()?;
            let index = self.simple_keys.len().saturating_sub(1);
            if let Some(last) = self.simple_keys.last_mut() {
                *last = key;
                self.simple_keys_by_token.insert(key.token_number, index);
            }
        }
        Ok(())
    }

    fn remove_simple_key(&mut self) -> Result<()> {
        let Some(&key) = self.simple_keys.last() else { return Ok(()) };
        if key.possible {
            if key.required {
                return self.error("could not find expected ':'", key.mark);
            }
            self.forget_simple_key(key.token_number);
        }
        Ok(())
    }

    fn forget_simple_key(&mut self, token_number: usize) {
        if let Some(key) = self.simple_keys.last_mut() {
            key.possible = false;
        }
        self.simple_keys_by_token.remove(&token_number);
    }

    // ---- indentation ----

    /// Begins a block collection where the column is further in than before; its token goes before the one of that number, or last.
    fn roll_indent(&mut self, column: u32, number: Option<usize>, kind: TokenKind, mark: Mark) -> Result<()> {
        if self.flow_level > 0 || self.indent >= i64::from(column) {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = i64::from(column);
        if self.indents.len() > MAX_DEPTH {
            let context = self.simple_keys.last().map_or(Mark::default(), |key| key.mark);
            return self.error(format!("exceeded max depth of {MAX_DEPTH}"), context);
        }
        let token = Token { kind, start: mark, end: mark };
        match number {
            Some(number) => self.insert(number, token),
            None => self.tokens.push_back(token),
        }
        Ok(())
    }

    fn insert(&mut self, number: usize, token: Token) {
        let at = number.saturating_sub(self.tokens_parsed).min(self.tokens.len());
        self.tokens.insert(at, token);
    }

    fn unroll_indent(&mut self, column: i64) {
        while self.flow_level == 0 && self.indent > column {
            self.push(TokenKind::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    // ---- one kind of token each ----

    fn fetch_stream_end(&mut self) -> Result<()> {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.mark);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<()> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let token = self.scan_directive()?;
        self.tokens.push_back(token);
        Ok(())
    }

    fn fetch_document_indicator(&mut self, kind: TokenKind) -> Result<()> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        self.skip_count(3);
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Result<()> {
        self.save_simple_key()?;
        let token_number = self.tokens_parsed + self.tokens.len();
        self.simple_keys.push(SimpleKey { possible: false, required: false, token_number, mark: self.mark });
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH {
            return self.error(format!("exceeded max depth of {MAX_DEPTH}"), self.mark);
        }
        self.simple_key_allowed = true;
        self.push_indicator(kind);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Result<()> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            if let Some(key) = self.simple_keys.pop() {
                self.simple_keys_by_token.remove(&key.token_number);
            }
        }
        self.simple_key_allowed = false;
        self.push_indicator(kind);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return self.error("block sequence entries are not allowed in this context", self.mark);
            }
            self.roll_indent(self.mark.column, None, TokenKind::BlockSequenceStart, self.mark)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return self.error("mapping keys are not allowed in this context", self.mark);
            }
            self.roll_indent(self.mark.column, None, TokenKind::BlockMappingStart, self.mark)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.push_indicator(TokenKind::Key);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<()> {
        let index = self.simple_keys.len().saturating_sub(1);
        if self.is_valid_key(index)? {
            let key = self.simple_keys.last().copied().unwrap_or_default();
            self.insert(key.token_number, Token { kind: TokenKind::Key, start: key.mark, end: key.mark });
            self.roll_indent(key.mark.column, Some(key.token_number), TokenKind::BlockMappingStart, key.mark)?;
            self.forget_simple_key(key.token_number);
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return self.error("mapping values are not allowed in this context", self.mark);
                }
                self.roll_indent(self.mark.column, None, TokenKind::BlockMappingStart, self.mark)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.push_indicator(TokenKind::Value);
        Ok(())
    }

    fn fetch_anchor(&mut self, kind: fn(Piece) -> TokenKind) -> Result<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let token = self.scan_anchor(kind)?;
        self.tokens.push_back(token);
        Ok(())
    }

    fn fetch_block_scalar(&mut self, literal: bool) -> Result<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        let token = self.scan_block(literal)?;
        self.tokens.push_back(token);
        Ok(())
    }
}
