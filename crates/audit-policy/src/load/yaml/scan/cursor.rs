//! The scanner's place in the text: looking at characters, going over them, and saying what is wrong there.

use std::borrow::Cow;

use super::super::{Mark, Problem, ProblemKind};
use super::{Result, Scanner};

impl Scanner<'_> {
    /// The byte `ahead` of the place; 0 past the end (the text itself has no NUL).
    pub(in crate::load::yaml) fn byte(&self, ahead: usize) -> u8 {
        self.text.get(self.mark.at as usize + ahead).copied().unwrap_or(0)
    }

    /// Reads on until that many characters are there, or the text ends.
    pub(in crate::load::yaml) fn ensure(&mut self, count: usize) -> Result<()> {
        if self.unread >= count {
            return Ok(());
        }
        self.buffer_start = self.mark.at as usize;
        while self.unread < count {
            if let Some(window) = self.windows.next() {
                self.unread += window.chars as usize;
            } else if let Some(failure) = self.input.failure {
                return Err(Problem {
                    kind: ProblemKind::Reader,
                    text: Cow::Borrowed(failure.text),
                    mark: Mark::default(),
                    context: Mark::default(),
                    at: failure.at,
                });
            } else {
                self.unread += 1;
                break;
            }
        }
        Ok(())
    }

    pub(super) fn width(&self) -> u32 {
        match self.byte(0) {
            0 if self.mark.at as usize >= self.text.len() => 0,
            0x00..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        }
    }

    pub(in crate::load::yaml) fn skip(&mut self) {
        let width = self.width();
        self.mark.at += width;
        self.mark.index += 1;
        self.mark.column += 1;
        self.unread = self.unread.saturating_sub(1);
    }

    pub(in crate::load::yaml) fn skip_count(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }

    /// Skips the character and puts it at the end of `out`.
    pub(in crate::load::yaml) fn read(&mut self, out: &mut String) {
        let start = self.mark.at as usize;
        self.skip();
        let piece = self.input.text.get(start..self.mark.at as usize);
        out.push_str(piece.unwrap_or_default());
    }

    /// Skips the character and puts it at the end of the pool.
    pub(in crate::load::yaml) fn read_to_pool(&mut self) {
        let start = self.mark.at as usize;
        self.skip();
        let piece = self.input.text.get(start..self.mark.at as usize);
        self.pool.push_str(piece.unwrap_or_default());
    }

    /// How long the line break at the place is, in bytes and in characters.
    pub(super) fn line_break(&self) -> Option<(u32, u32)> {
        match (self.byte(0), self.byte(1), self.byte(2)) {
            (b'\r', b'\n', _) => Some((2, 2)),
            (b'\r' | b'\n', ..) => Some((1, 1)),
            (0xc2, 0x85, _) => Some((2, 1)),
            (0xe2, 0x80, 0xa8 | 0xa9) => Some((3, 1)),
            _ => None,
        }
    }

    pub(in crate::load::yaml) fn skip_line(&mut self) {
        if let Some((bytes, chars)) = self.line_break() {
            self.mark.at += bytes;
            self.mark.index += chars;
            self.mark.column = 0;
            self.mark.line += 1;
            self.unread = self.unread.saturating_sub(chars as usize);
        }
    }

    /// Skips a line break and puts it at the end of `out`: as a newline, but for the Unicode separators.
    pub(in crate::load::yaml) fn read_line(&mut self, out: &mut String) {
        match self.line_break() {
            Some((3, _)) => out.push(if self.byte(2) == 0xa8 { '\u{2028}' } else { '\u{2029}' }),
            Some(_) => out.push('\n'),
            None => {}
        }
        self.skip_line();
    }

    pub(in crate::load::yaml) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    pub(in crate::load::yaml) fn is_break(&self, ahead: usize) -> bool {
        match self.byte(ahead) {
            b'\r' | b'\n' => true,
            0xc2 => self.byte(ahead + 1) == 0x85,
            0xe2 => self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xa8 | 0xa9),
            _ => false,
        }
    }

    pub(in crate::load::yaml) fn is_end(&self) -> bool {
        self.byte(0) == 0
    }

    pub(in crate::load::yaml) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.is_break(ahead)
    }

    pub(in crate::load::yaml) fn is_blank_or_end(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// A letter, digit, `_` or `-`.
    pub(in crate::load::yaml) fn is_word(&self) -> bool {
        self.byte(0).is_ascii_alphanumeric() || matches!(self.byte(0), b'_' | b'-')
    }

    /// `---` or `...` at the beginning of a line.
    pub(in crate::load::yaml) fn is_document_indicator(&self) -> bool {
        self.mark.column == 0
            && matches!([self.byte(0), self.byte(1), self.byte(2)], [b'-', b'-', b'-'] | [b'.', b'.', b'.'])
            && self.is_blank_or_end(3)
    }

    pub(in crate::load::yaml) fn error<T>(&self, text: impl Into<Cow<'static, str>>, context: Mark) -> Result<T> {
        Err(Problem {
            kind: ProblemKind::Scanner,
            text: text.into(),
            mark: self.mark,
            context,
            at: self.mark.at as usize,
        })
    }
}
