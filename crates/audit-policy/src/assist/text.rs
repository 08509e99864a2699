//! Looking at bytes.

use crate::Span;

/// A text and how far it is read.
#[derive(Clone, Debug)]
pub(super) struct Bytes<'t> {
    pub text: &'t str,
    pub at: usize,
}

impl<'t> Bytes<'t> {
    /// The byte so many after this one; 0 after the end.
    pub(super) fn byte(&self, after: usize) -> u8 {
        self.byte_at(self.at + after)
    }

    pub(super) fn byte_at(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    pub(super) fn is_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Whether a line, or the text, ends there.
    pub(super) fn is_line_end(&self, at: usize) -> bool {
        at >= self.text.len() || matches!(self.byte_at(at), b'\n' | b'\r')
    }

    /// Whether nothing of a word is there.
    pub(super) fn is_blank(&self, at: usize) -> bool {
        self.is_line_end(at) || matches!(self.byte_at(at), b' ' | b'\t')
    }

    pub(super) fn skip_blanks(&mut self) {
        while matches!(self.byte(0), b' ' | b'\t') {
            self.at += 1;
        }
    }

    pub(super) fn skip_line(&mut self) {
        while !self.is_line_end(self.at) {
            self.at += 1;
        }
    }

    /// Past the line break.
    pub(super) fn skip_break(&mut self) {
        if !self.is_end() {
            self.at += if self.byte(0) == b'\r' && self.byte(1) == b'\n' { 2 } else { 1 };
        }
    }

    /// Whether a comment begins there: a `#` after a blank.
    pub(super) fn is_comment(&self, at: usize) -> bool {
        self.byte_at(at) == b'#' && (at == 0 || self.is_blank(at - 1))
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Past a scalar in quotes, of one line: what is inside, and whether it is closed.
    pub(super) fn quoted(&mut self) -> Word {
        let quote = self.byte(0);
        let outer = self.at;
        self.at += 1;
        let start = self.at;
        while !self.is_line_end(self.at) {
            match self.byte(0) {
                b'\\' if quote == b'"' && !self.is_line_end(self.at + 1) => self.at += 2,
                b'\'' if quote == b'\'' && self.byte(1) == b'\'' => self.at += 2,
                byte if byte == quote => {
                    let inner = Span::new(start, self.at);
                    self.at += 1;
                    return Word { inner, outer: Span::new(outer, self.at), quotes: Quotes::Closed };
                }
                _ => self.at += 1,
            }
        }
        let quotes = if quote == b'"' { Quotes::OpenDouble } else { Quotes::OpenSingle };
        Word { inner: Span::new(start, self.at), outer: Span::new(outer, self.at), quotes }
    }
}

/// Whether and how a scalar is in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    Closed,
    /// The line ends before the closing quote.
    OpenDouble,
    OpenSingle,
}

/// A scalar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Without quotes.
    pub inner: Span,
    /// With them.
    pub outer: Span,
    pub quotes: Quotes,
}

impl Word {
    pub(super) fn plain(start: usize, end: usize) -> Word {
        let span = Span::new(start, end);
        Word { inner: span, outer: span, quotes: Quotes::None }
    }
}
