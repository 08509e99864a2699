//! Where in a policy a byte is, in a text that may be broken.
//!
//! Blocks are read by lines and indentation, what is in brackets by `flow`. What the policy's types do not know is passed over, so the
//! stack is never deeper than the types are.

use super::frame::{Found, Frame, Holds, Lead, Pending, Slot, Want};
use super::text::{Bytes, Word};
use crate::load::go_types::{GROUP_RESOURCES, POLICY, Struct};
use crate::{Release, Span};

/// Of a list that many items are remembered.
const MOST_ITEMS: usize = 1_000;

/// The column of the outermost mapping before its first key.
const NO_COLUMN: usize = usize::MAX;

struct Hit {
    found: Want,
    also: Option<Want>,
    word: Word,
    column: usize,
    flow: bool,
    colon: bool,
    /// How many of the frames it is in.
    depth: usize,
    /// Nothing stands there yet: what comes on the next lines may turn out to.
    waits: bool,
}

pub(super) struct Walker<'t> {
    pub(super) bytes: Bytes<'t>,
    pub(super) cursor: usize,
    pub(super) frames: Vec<Frame>,
    release: Release,
    line_start: usize,
    hit: Option<Hit>,
    around: Vec<Frame>,
    done: bool,
}

/// Finds the place of a byte.
pub(super) fn find(text: &str, offset: usize, release: Release) -> Option<Found<'_>> {
    if !text.is_char_boundary(offset) {
        return None;
    }
    let bytes = Bytes { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    let (frames, around) = (vec![root()], Vec::new());
    let line_start = bytes.at;
    let mut walker = Walker { bytes, cursor: offset, frames, release, line_start, hit: None, around, done: false };
    while !walker.bytes.is_end() && !walker.done {
        walker.line();
    }
    // The last line may be empty.
    if walker.cursor == text.len() && text.as_bytes().last().is_none_or(|last| matches!(last, b'\n' | b'\r')) {
        walker.begin_line();
        walker.blank(0);
    }
    while walker.pop() {}
    let hit = walker.hit?;
    Some(Found {
        text,
        want: hit.found,
        also: hit.also,
        token: hit.word.inner,
        quotes: hit.word.quotes,
        column: hit.column,
        flow: hit.flow,
        colon: hit.colon,
        json: text.trim_start().starts_with('{'),
        around: walker.around,
    })
}

fn root() -> Frame {
    Frame::new(Holds::Fields(&POLICY), NO_COLUMN, false)
}

impl Walker<'_> {
    /// Leaves the innermost mapping or list; false when there is none.
    pub(super) fn pop(&mut self) -> bool {
        let Some(frame) = self.frames.pop() else { return false };
        if self.hit.as_ref().is_some_and(|hit| self.frames.len() < hit.depth) {
            self.around.push(frame);
        }
        true
    }

    pub(super) fn push(&mut self, frame: Frame) {
        // What was thought to be a place without a value has one.
        if self.hit.as_ref().is_some_and(|hit| hit.waits && hit.depth == self.frames.len()) {
            self.hit = None;
        }
        self.frames.push(frame);
    }

    fn hit(&mut self, found: Want, word: Word, depth: usize) -> Option<&mut Hit> {
        if self.hit.is_some() {
            return None;
        }
        let column = word.outer.start.saturating_sub(self.line_start);
        let flow = self.frames.last().is_some_and(|frame| frame.flow);
        self.hit = Some(Hit { found, also: None, word, column, flow, colon: false, depth, waits: false });
        self.hit.as_mut()
    }

    pub(super) fn has_hit(&self) -> bool {
        self.hit.is_some()
    }

    pub(super) fn holds_cursor(&self, word: Word) -> bool {
        word.inner.start <= self.cursor && self.cursor <= word.inner.end
    }

    /// An empty word where the cursor is.
    fn nothing(&self) -> Word {
        Word::plain(self.cursor, self.cursor)
    }

    // ---- lines ----

    /// Reads one line, or as many as something on it spans.
    fn line(&mut self) {
        self.begin_line();
        let start = self.line_start;
        self.bytes.skip_blanks();
        let content = self.bytes.at;
        let column = content - start;
        if self.bytes.is_line_end(content) {
            if start <= self.cursor && self.cursor <= content {
                self.blank(self.cursor - start);
            }
        } else if column == 0 && self.is_marker() {
            // Another document: the one that holds the place is all that counts.
            if self.has_hit() {
                self.done = true;
                return;
            }
            self.frames = vec![root()];
            let begins = self.bytes.byte(0) == b'-';
            self.bytes.at += 3;
            self.bytes.skip_blanks();
            if begins && !self.bytes.is_line_end(self.bytes.at) {
                self.node(self.bytes.at - start);
            }
        } else if self.bytes.byte(0) != b'#' && !(column == 0 && self.bytes.byte(0) == b'%') {
            self.node(column);
        }
        // What is in brackets may have gone on for some lines.
        self.bytes.skip_line();
        self.bytes.skip_break();
    }

    pub(super) fn begin_line(&mut self) {
        self.line_start = self.bytes.at;
    }

    fn is_marker(&self) -> bool {
        let marks = self.bytes.slice(Span::new(self.bytes.at, self.bytes.at + 3));
        (marks == "---" || marks == "...") && self.bytes.is_blank(self.bytes.at + 3)
    }

    /// The cursor is in a line of blanks: what the place takes follows from the column.
    fn blank(&mut self, column: usize) {
        let above = |frame: &Frame| frame.column > column && frame.column != NO_COLUMN;
        let mut depth = self.frames.len();
        while depth > 1 && self.frames.get(depth - 1).is_some_and(above) {
            depth -= 1;
        }
        let Some(frame) = self.frames.get(depth.saturating_sub(1)) else { return };
        if frame.flow {
            return;
        }
        let (want, also) = match (frame.holds, frame.pending) {
            (Holds::Items(slot), _) if frame.column == column => {
                let item = item(slot, Lead::Dash);
                // The mapping that the list belongs to may have the same indentation.
                match depth.checked_sub(2).and_then(|outer| self.frames.get(outer)) {
                    Some(Frame { holds: Holds::Fields(of), column: outer, .. }) if *outer == column => {
                        depth -= 1;
                        (Some(Want::Key { of, begins: false, lead: Lead::Nothing }), Some(item))
                    }
                    _ => (Some(item), None),
                }
            }
            (Holds::Items(slot), Pending::Slot(_)) => (Some(item(slot, Lead::Nothing)), None),
            (Holds::Fields(of), pending)
                if frame.column == column || frame.column == NO_COLUMN || depth == 1 && frame.column > column =>
            {
                let also = match pending {
                    Pending::Slot(slot) if slot.is_list() => Some(item(slot, Lead::Dash)),
                    _ => None,
                };
                (Some(Want::Key { of, begins: false, lead: Lead::Nothing }), also)
            }
            (Holds::Fields(_), Pending::Slot(slot)) => (Some(below(slot)), None),
            _ => (None, None),
        };
        let word = self.nothing();
        if let Some(want) = want
            && let Some(hit) = self.hit(want, word, depth)
        {
            hit.also = also;
        }
    }

    /// What a line has after its indentation.
    fn node(&mut self, mut column: usize) {
        while self.bytes.byte(0) == b'-' && self.bytes.is_blank(self.bytes.at + 1) {
            if !self.dash(column) {
                return;
            }
            self.bytes.at += 1;
            let after = self.bytes.at;
            self.bytes.skip_blanks();
            if self.is_rest_empty() {
                if after <= self.cursor
                    && self.cursor <= self.bytes.at
                    && let Some(Frame { holds: Holds::Items(slot), .. }) = self.frames.last()
                {
                    let (want, depth) = (item(*slot, Lead::Nothing), self.frames.len());
                    self.wait(want, depth);
                }
                return;
            }
            column = self.bytes.at - self.line_start;
        }
        self.skip_properties();
        if self.is_rest_empty() {
            return;
        }
        match self.bytes.byte(0) {
            b'[' | b'{' => {
                self.settle(column, false);
                self.open_flow();
            }
            b'|' | b'>' => self.skip_block_scalar(column.saturating_sub(1)),
            b'"' | b'\'' => {
                let word = self.bytes.quoted();
                let end = self.bytes.at;
                self.bytes.skip_blanks();
                if self.bytes.byte(0) == b':' && self.bytes.is_blank(self.bytes.at + 1) {
                    self.key(column, word);
                } else {
                    self.bytes.at = end;
                    self.lone(column, word);
                }
            }
            _ => {
                let start = self.bytes.at;
                let (end, is_key) = self.plain_end();
                if is_key {
                    self.key(column, Word::plain(start, end));
                } else {
                    self.lone(column, Word::plain(start, end));
                }
            }
        }
    }

    /// Nothing but a comment is left on the line.
    fn is_rest_empty(&self) -> bool {
        self.bytes.is_line_end(self.bytes.at) || self.bytes.is_comment(self.bytes.at)
    }

    /// Past anchors and tags.
    pub(super) fn skip_properties(&mut self) {
        while matches!(self.bytes.byte(0), b'&' | b'!') {
            while !self.bytes.is_blank(self.bytes.at) {
                self.bytes.at += 1;
            }
            self.bytes.skip_blanks();
        }
    }

    /// To the colon of a plain key, or to the end of a plain scalar: where the word ends, and whether it is a key.
    fn plain_end(&mut self) -> (usize, bool) {
        let mut end = self.bytes.at;
        while !self.is_rest_empty() {
            let at = self.bytes.at;
            match self.bytes.byte(0) {
                b':' if self.bytes.is_blank(at + 1) => return (end, true),
                b' ' | b'\t' => {}
                _ => end = at + 1,
            }
            self.bytes.at += 1;
        }
        (end, false)
    }

    // ---- blocks ----

    /// Leaves what a line of this indentation is not in.
    fn settle(&mut self, column: usize, dash: bool) {
        while self.frames.len() > 1 {
            let Some(top) = self.frames.last() else { return };
            let inside = match top.holds {
                Holds::Fields(_) => top.column <= column,
                Holds::Items(_) if dash => top.column <= column,
                Holds::Items(_) => top.column < column,
            };
            if inside {
                return;
            }
            self.pop();
        }
    }

    /// Begins an item; false where no list is known.
    fn dash(&mut self, column: usize) -> bool {
        self.settle(column, true);
        let Some(top) = self.frames.last_mut() else { return false };
        match (top.holds, top.pending) {
            (Holds::Items(slot), _) if top.column == column => {
                top.pending = Pending::Slot(slot);
                true
            }
            (Holds::Fields(_), Pending::Slot(slot)) if slot.is_list() && top.column <= column => {
                top.pending = Pending::Nothing;
                let mut list = Frame::new(Holds::Items(slot), column, false);
                list.pending = Pending::Slot(slot);
                self.push(list);
                true
            }
            _ => false,
        }
    }

    /// The mapping that has a key in this column: the innermost, or one that begins here.
    fn mapping(&mut self, column: usize) -> Option<&'static Struct> {
        self.settle(column, false);
        let top = self.frames.last_mut()?;
        let begins = match (top.holds, top.pending) {
            (Holds::Fields(of), _) if top.column == column || top.column == NO_COLUMN => {
                top.column = column;
                return (!top.flow).then_some(of);
            }
            (_, Pending::Slot(slot)) => slot.structure()?,
            _ => return None,
        };
        top.pending = Pending::Nothing;
        self.push(Frame::new(Holds::Fields(begins), column, false));
        Some(begins)
    }

    /// A key, and what follows on its line; the reader is at the colon.
    fn key(&mut self, column: usize, word: Word) {
        let of = self.mapping(column);
        self.bytes.at += 1;
        if of.is_none() {
            if let Some(top) = self.frames.last_mut() {
                top.pending = Pending::Unknown;
            }
            return self.pass_value(column);
        }
        let pending = self.note_key(of, word, true);
        let after = self.bytes.at;
        self.bytes.skip_blanks();
        self.skip_properties();
        let Pending::Slot(slot) = pending else { return self.pass_value(column) };
        if self.is_rest_empty() {
            let ends = self.bytes.is_line_end(self.bytes.at);
            if after <= self.cursor && (self.cursor < self.bytes.at || ends && self.cursor == self.bytes.at) {
                let depth = self.frames.len();
                self.wait(value(slot), depth);
            }
            return;
        }
        match self.bytes.byte(0) {
            b'[' | b'{' => self.open_flow(),
            b'|' | b'>' => {
                self.settled();
                self.skip_block_scalar(column);
            }
            b'"' | b'\'' => {
                let word = self.bytes.quoted();
                self.scalar(slot, word);
            }
            _ => {
                let start = self.bytes.at;
                let mut end = start;
                while !self.is_rest_empty() {
                    if !self.bytes.is_blank(self.bytes.at) {
                        end = self.bytes.at + 1;
                    }
                    self.bytes.at += 1;
                }
                self.scalar(slot, Word::plain(start, end));
            }
        }
    }

    /// Past the value of a field that is not known, as far as it is on this line or in brackets.
    fn pass_value(&mut self, column: usize) {
        self.bytes.skip_blanks();
        self.skip_properties();
        match self.bytes.byte(0) {
            b'[' | b'{' => self.skip_flow(),
            b'|' | b'>' => self.skip_block_scalar(column),
            _ => {}
        }
    }

    /// What was awaited is there.
    fn settled(&mut self) {
        if let Some(top) = self.frames.last_mut() {
            top.pending = Pending::Nothing;
        }
    }

    /// A name in a mapping, with its colon or while it is typed.
    pub(super) fn note_key(&mut self, of: Option<&'static Struct>, word: Word, colon: bool) -> Pending {
        let Some(of) = of else { return Pending::Unknown };
        let name = self.bytes.slice(word.inner);
        let here = self.holds_cursor(word) && !self.has_hit();
        if here {
            let depth = self.frames.len();
            if let Some(hit) = self.hit(Want::Key { of, begins: false, lead: Lead::Nothing }, word, depth) {
                hit.colon = colon;
            }
        }
        let field = of.field(name, self.release);
        let pending = field.map_or(Pending::Unknown, |(_, field)| Pending::Slot(Slot { of, field }));
        if let Some(top) = self.frames.last_mut() {
            top.pending = if colon { pending } else { Pending::Nothing };
            if let Some((index, _)) = field.filter(|_| !here) {
                top.fields |= 1 << index.min(31);
            }
        }
        pending
    }

    /// A word that is no key: a value, or a key that is being typed.
    fn lone(&mut self, column: usize, word: Word) {
        self.settle(column, false);
        let Some(top) = self.frames.last() else { return };
        match (top.holds, top.pending) {
            (Holds::Fields(_), Pending::Slot(slot)) if top.column < column && slot.structure().is_none() => {
                self.scalar(slot, word);
            }
            (Holds::Items(_), Pending::Slot(slot)) if slot.structure().is_none() => self.scalar(slot, word),
            _ => {
                let of = self.mapping(column);
                if of.is_some() {
                    self.note_key(of, word, false);
                }
            }
        }
    }

    /// The scalar that the innermost mapping or list awaits.
    pub(super) fn scalar(&mut self, slot: Slot, word: Word) {
        let depth = self.frames.len();
        if self.holds_cursor(word) {
            let in_list = self.frames.last().is_some_and(|frame| matches!(frame.holds, Holds::Items(_)));
            let want = if in_list { item(slot, Lead::Nothing) } else { value(slot) };
            self.hit(want, word, depth);
        }
        let Some(top) = self.frames.last_mut() else { return };
        top.pending = Pending::Nothing;
        match top.holds {
            Holds::Items(_) if top.items.len() < MOST_ITEMS => top.items.push(word.inner),
            Holds::Fields(of) if std::ptr::eq(of, &GROUP_RESOURCES) && slot.field.name == "group" => {
                top.group = Some(word.inner);
            }
            _ => {}
        }
    }

    /// The cursor is where something is awaited.
    fn wait(&mut self, want: Want, depth: usize) {
        let word = self.nothing();
        if let Some(hit) = self.hit(want, word, depth) {
            hit.waits = true;
        }
    }

    /// The cursor is between words, in brackets.
    pub(super) fn wait_in_flow(&mut self, want: Want) {
        let (word, depth) = (self.nothing(), self.frames.len());
        self.hit(want, word, depth);
    }

    /// Past the lines of a block scalar: those further in than the column, and empty ones.
    fn skip_block_scalar(&mut self, column: usize) {
        self.bytes.skip_line();
        loop {
            let before = self.bytes.at;
            self.bytes.skip_break();
            let start = self.bytes.at;
            self.bytes.skip_blanks();
            let inside = self.bytes.is_line_end(self.bytes.at) || self.bytes.at - start > column;
            if !inside || self.bytes.is_end() {
                if !inside {
                    self.bytes.at = before;
                }
                return;
            }
            self.bytes.skip_line();
        }
    }
}

/// An item of a list.
pub(super) fn item(slot: Slot, lead: Lead) -> Want {
    match slot.structure() {
        Some(of) => Want::Key { of, begins: true, lead },
        None => Want::Value { slot, lead },
    }
}

/// The value of a field, on its line.
pub(super) fn value(slot: Slot) -> Want {
    Want::Value { slot, lead: if slot.is_list() { Lead::Bracket } else { Lead::Nothing } }
}

/// The value of a field, on a line of its own.
fn below(slot: Slot) -> Want {
    item(slot, if slot.is_list() { Lead::Dash } else { Lead::Nothing })
}
