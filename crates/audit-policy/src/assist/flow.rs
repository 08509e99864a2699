//! What is in brackets, of YAML and of JSON.

use super::frame::{Frame, Holds, Lead, Pending, Want};
use super::place::{Walker, item, value};
use super::text::Word;

impl Walker<'_> {
    /// Reads a list or mapping that begins here, to its end; or to a line that plainly is outside of it, where it is not closed yet.
    pub(super) fn open_flow(&mut self) {
        let outside = self.frames.len();
        if !self.open() {
            return;
        }
        // The outermost mapping was there already.
        let base = if self.frames.len() == outside { 0 } else { outside };
        while self.frames.len() > base && !self.bytes.is_end() {
            if !self.step(base) {
                return;
            }
        }
    }

    /// Enters what begins here; false where it was passed over, being nothing known.
    fn open(&mut self) -> bool {
        let list = self.bytes.byte(0) == b'[';
        let is_root = self.frames.len() == 1;
        let Some(top) = self.frames.last_mut() else { return false };
        let in_list = matches!(top.holds, Holds::Items(_));
        let holds = match (list, top.pending) {
            (true, Pending::Slot(slot)) if slot.is_list() && !in_list => Some(Holds::Items(slot)),
            (false, Pending::Slot(slot)) => slot.structure().map(Holds::Fields),
            (false, Pending::Nothing) if is_root && top.fields == 0 && !top.flow => {
                (top.flow, top.at_key, top.column) = (true, true, 0);
                self.bytes.at += 1;
                return true;
            }
            _ => None,
        };
        top.pending = Pending::Nothing;
        let Some(holds) = holds else {
            self.skip_flow();
            return false;
        };
        let mut frame = Frame::new(holds, 0, true);
        match holds {
            Holds::Items(slot) => frame.pending = Pending::Slot(slot),
            Holds::Fields(_) => frame.at_key = true,
        }
        self.push(frame);
        self.bytes.at += 1;
        true
    }

    /// Reads a word or a mark; false where the brackets are left unclosed.
    fn step(&mut self, base: usize) -> bool {
        let start = self.bytes.at;
        if self.skip_gap() {
            // The place before it is still in the brackets.
            self.gap(start);
            while self.frames.len() > base {
                self.pop();
            }
            return false;
        }
        self.gap(start);
        let outermost = self.frames.len() == 1;
        let Some(top) = self.frames.last_mut() else { return false };
        let (holds, pending, at_key) = (top.holds, top.pending, top.at_key);
        match self.bytes.byte(0) {
            b',' => {
                match holds {
                    Holds::Items(slot) => top.pending = Pending::Slot(slot),
                    Holds::Fields(_) => (top.pending, top.at_key) = (Pending::Nothing, true),
                }
                self.bytes.at += 1;
            }
            b']' | b'}' => {
                self.bytes.at += 1;
                if outermost {
                    // The end of the document.
                    top.at_key = false;
                    self.bytes.at = self.bytes.text.len();
                } else {
                    self.pop();
                }
            }
            b'[' | b'{' => {
                self.open();
            }
            b':' => self.bytes.at += 1,
            _ => {
                self.skip_properties();
                let word = self.word();
                match (holds, pending) {
                    (Holds::Fields(of), _) if at_key => {
                        let end = self.bytes.at;
                        self.bytes.skip_blanks();
                        let colon = self.bytes.byte(0) == b':';
                        if colon {
                            self.bytes.at += 1;
                        } else {
                            self.bytes.at = end;
                        }
                        self.note_key(Some(of), word, colon);
                        if let Some(top) = self.frames.last_mut() {
                            top.at_key = false;
                        }
                    }
                    (Holds::Items(_), Pending::Slot(slot)) if slot.structure().is_some() => {
                        // An item that ought to be in braces.
                        if let Some(top) = self.frames.last_mut() {
                            top.pending = Pending::Nothing;
                        }
                    }
                    (_, Pending::Slot(slot)) => self.scalar(slot, word),
                    _ => {}
                }
            }
        }
        // Whatever it was, something is read.
        if self.bytes.at == start {
            self.bytes.at += 1;
            while !self.bytes.text.is_char_boundary(self.bytes.at) {
                self.bytes.at += 1;
            }
        }
        true
    }

    /// The cursor may be in the gap that began there.
    fn gap(&mut self, start: usize) {
        let at = self.bytes.at;
        let before_mark = self.bytes.is_line_end(at) || matches!(self.bytes.byte(0), b',' | b']' | b'}');
        if self.has_hit() || self.cursor < start || self.cursor > at || self.cursor == at && !before_mark {
            return;
        }
        if self.in_comment(start) {
            return;
        }
        let Some(top) = self.frames.last() else { return };
        let want = match (top.holds, top.pending) {
            (Holds::Fields(of), _) if top.at_key => Want::Key { of, begins: false, lead: Lead::Nothing },
            (Holds::Fields(_), Pending::Slot(slot)) => value(slot),
            (Holds::Items(_), Pending::Slot(slot)) if slot.structure().is_none() => item(slot, Lead::Nothing),
            (Holds::Items(_), Pending::Slot(slot)) => item(slot, Lead::Bracket),
            _ => return,
        };
        self.wait_in_flow(want);
    }

    /// Whether a comment is between the beginning of a gap and the cursor, on the cursor's line.
    fn in_comment(&self, start: usize) -> bool {
        (start..self.cursor)
            .rev()
            .take_while(|&at| !self.bytes.is_line_end(at))
            .any(|at| self.bytes.byte_at(at) == b'#')
    }

    /// Past blanks, line breaks and comments; true, and at that line, where a line begins that is outside of the brackets.
    fn skip_gap(&mut self) -> bool {
        loop {
            self.bytes.skip_blanks();
            if self.bytes.is_comment(self.bytes.at) {
                self.bytes.skip_line();
            }
            if self.bytes.is_end() || !self.bytes.is_line_end(self.bytes.at) {
                return false;
            }
            let line_end = self.bytes.at;
            self.bytes.skip_break();
            if self.is_block_line() {
                // The line break is the end of this line, as it is of others.
                self.bytes.at = line_end;
                return true;
            }
            self.begin_line();
        }
    }

    /// Whether a line begins here that is a key or an item of a block which the brackets are in.
    fn is_block_line(&self) -> bool {
        let Some(block) = self.frames.iter().rev().find(|frame| !frame.flow) else { return false };
        let mut ahead = self.bytes.clone();
        ahead.skip_blanks();
        if ahead.at - self.bytes.at > block.column {
            return false;
        }
        if ahead.byte(0) == b'-' {
            return ahead.is_blank(ahead.at + 1) || ahead.text.as_bytes().get(ahead.at..ahead.at + 3) == Some(b"---");
        }
        let start = ahead.at;
        while ahead.byte(0).is_ascii_alphanumeric() {
            ahead.at += 1;
        }
        ahead.at > start && ahead.byte(0) == b':' && ahead.is_blank(ahead.at + 1)
    }

    /// Past a scalar.
    fn word(&mut self) -> Word {
        if matches!(self.bytes.byte(0), b'"' | b'\'') {
            return self.bytes.quoted();
        }
        let start = self.bytes.at;
        let mut end = start;
        loop {
            let at = self.bytes.at;
            if self.bytes.is_line_end(at) || self.bytes.is_comment(at) {
                break;
            }
            match self.bytes.byte(0) {
                b',' | b'[' | b']' | b'{' | b'}' => break,
                b':' if self.bytes.is_blank(at + 1)
                    || matches!(self.bytes.byte(1), b',' | b'[' | b']' | b'{' | b'}') =>
                {
                    break;
                }
                b' ' | b'\t' => {}
                _ => end = at + 1,
            }
            self.bytes.at += 1;
        }
        Word::plain(start, end)
    }

    /// Past something in brackets that nothing is known of.
    pub(super) fn skip_flow(&mut self) {
        let mut depth = 0_usize;
        while !self.bytes.is_end() {
            match self.bytes.byte(0) {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                b'"' | b'\'' => {
                    self.bytes.quoted();
                    continue;
                }
                b' ' | b'\t' | b'\n' | b'\r' => {
                    if self.skip_gap() {
                        return;
                    }
                    continue;
                }
                _ => {}
            }
            self.bytes.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}
