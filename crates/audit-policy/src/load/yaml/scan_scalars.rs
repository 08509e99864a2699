//! Scanning scalars: plain, quoted, and blocks (`|`, `>`).

use super::Mark;
use super::scan::{Piece, Result, ScalarStyle, Scanner, Token, TokenKind};

/// Line breaks inside a scalar, before it is known what they become.
#[derive(Default)]
struct Breaks {
    first: String,
    others: String,
}

impl Breaks {
    /// Puts what the breaks become at the end of `out`: one newline folds into a blank, more keep all but the first.
    fn fold_into(&mut self, out: &mut String) {
        if self.first.starts_with('\n') {
            if self.others.is_empty() {
                out.push(' ');
            }
        } else {
            out.push_str(&self.first);
        }
        out.push_str(&self.others);
        self.first.clear();
        self.others.clear();
    }
}

impl Scanner<'_> {
    fn pool_end(&self) -> u32 {
        self.pool.len() as u32
    }

    fn scalar(&self, pool_start: u32, style: ScalarStyle, start: Mark, end: Mark) -> Token {
        let value = Piece { start: pool_start, end: self.pool_end() };
        Token { kind: TokenKind::Scalar { value, style }, start, end }
    }

    /// Reads a run of blanks and line breaks inside a scalar; the answer is whether there was a line break. `indent`: the column that
    /// tabs of continued lines must not be before.
    fn scan_blanks(
        &mut self,
        blanks: &mut String,
        breaks: &mut Breaks,
        mut in_break: bool,
        start: Mark,
        indent: i64,
    ) -> Result<bool> {
        while self.is_blank(0) || self.is_break(0) {
            if self.is_blank(0) {
                if in_break {
                    if i64::from(self.mark.column) < indent && self.byte(0) == b'\t' {
                        return self.error("found a tab character that violates indentation", start);
                    }
                    self.skip();
                } else {
                    self.read(blanks);
                }
            } else {
                self.ensure(2)?;
                if in_break {
                    self.read_line(&mut breaks.others);
                } else {
                    blanks.clear();
                    self.read_line(&mut breaks.first);
                    in_break = true;
                }
            }
            self.ensure(1)?;
        }
        Ok(in_break)
    }

    pub(super) fn scan_plain(&mut self) -> Result<Token> {
        let pool_start = self.pool_end();
        let start = self.mark;
        let mut end = start;
        let indent = self.indent + 1;
        let mut blanks = String::new();
        let mut breaks = Breaks::default();
        let mut in_break = false;
        loop {
            self.ensure(4)?;
            if self.is_document_indicator() || self.byte(0) == b'#' {
                break;
            }
            while !self.is_blank_or_end(0) {
                let byte = self.byte(0);
                if byte == b':' && self.is_blank_or_end(1) || self.flow_level > 0 && b",?[]{}".contains(&byte) {
                    break;
                }
                if in_break {
                    let mut pool = std::mem::take(&mut self.pool);
                    breaks.fold_into(&mut pool);
                    self.pool = pool;
                    in_break = false;
                } else if !blanks.is_empty() {
                    self.pool.push_str(&blanks);
                    blanks.clear();
                }
                self.read_to_pool();
                end = self.mark;
                self.ensure(2)?;
            }
            if !(self.is_blank(0) || self.is_break(0)) {
                break;
            }
            self.ensure(1)?;
            in_break = self.scan_blanks(&mut blanks, &mut breaks, in_break, start, indent)?;
            if self.flow_level == 0 && i64::from(self.mark.column) < indent {
                break;
            }
        }
        if in_break {
            self.simple_key_allowed = true;
        }
        Ok(self.scalar(pool_start, ScalarStyle::Plain, start, end))
    }

    pub(super) fn scan_quoted(&mut self, quote: u8) -> Result<Token> {
        let pool_start = self.pool_end();
        let start = self.mark;
        self.skip();
        let mut blanks = String::new();
        let mut breaks = Breaks::default();
        loop {
            self.ensure(4)?;
            if self.is_document_indicator() {
                return self.error("found unexpected document indicator", start);
            }
            if self.is_end() {
                return self.error("found unexpected end of stream", start);
            }
            let mut in_break = false;
            while !self.is_blank_or_end(0) {
                let byte = self.byte(0);
                if quote == b'\'' && byte == quote && self.byte(1) == quote {
                    self.pool.push('\'');
                    self.skip_count(2);
                } else if byte == quote {
                    break;
                } else if quote == b'"' && byte == b'\\' && self.is_break(1) {
                    self.ensure(3)?;
                    self.skip();
                    self.skip_line();
                    in_break = true;
                    break;
                } else if quote == b'"' && byte == b'\\' {
                    self.scan_escape(start)?;
                } else {
                    self.read_to_pool();
                }
                self.ensure(2)?;
            }
            self.ensure(1)?;
            if self.byte(0) == quote {
                break;
            }
            if self.scan_blanks(&mut blanks, &mut breaks, in_break, start, 0)? {
                let mut pool = std::mem::take(&mut self.pool);
                breaks.fold_into(&mut pool);
                self.pool = pool;
            } else {
                self.pool.push_str(&blanks);
                blanks.clear();
            }
        }
        self.skip();
        Ok(self.scalar(pool_start, ScalarStyle::Quoted, start, self.mark))
    }

    fn scan_escape(&mut self, start: Mark) -> Result<()> {
        let digits = match self.byte(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            plain => {
                let character = match plain {
                    b'0' => '\0',
                    b'a' => '\x07',
                    b'b' => '\x08',
                    b't' | b'\t' => '\t',
                    b'n' => '\n',
                    b'v' => '\x0b',
                    b'f' => '\x0c',
                    b'r' => '\r',
                    b'e' => '\x1b',
                    b' ' | b'"' | b'\'' | b'\\' => char::from(plain),
                    b'N' => '\u{85}',
                    b'_' => '\u{a0}',
                    b'L' => '\u{2028}',
                    b'P' => '\u{2029}',
                    _ => return self.error("found unknown escape character", start),
                };
                self.pool.push(character);
                self.skip_count(2);
                return Ok(());
            }
        };
        self.skip_count(2);
        self.ensure(digits)?;
        let mut value: u64 = 0;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.byte(ahead)).to_digit(16) else {
                return self.error("did not find expected hexdecimal number", start);
            };
            value = value << 4 | u64::from(digit);
        }
        match u32::try_from(value).ok().and_then(char::from_u32) {
            Some(character) => self.pool.push(character),
            None => return self.error("found invalid Unicode character escape code", start),
        }
        self.skip_count(digits);
        Ok(())
    }

    /// `|` (literal) or `>` (folded).
    pub(super) fn scan_block(&mut self, literal: bool) -> Result<Token> {
        let pool_start = self.pool_end();
        let start = self.mark;
        self.skip();
        let (chomping, increment) = self.scan_block_header(start)?;
        self.skip_rest_of_line(start)?;
        let mut indent = if increment > 0 { self.indent.max(0) + increment } else { 0 };
        let mut end = self.mark;
        let mut breaks = Breaks::default();
        self.scan_block_breaks(&mut indent, &mut breaks.others, start, &mut end)?;
        self.ensure(1)?;
        let mut after_blank = false;
        while i64::from(self.mark.column) == indent && !self.is_end() {
            let blank = self.is_blank(0);
            if !literal && !after_blank && !blank && breaks.first.starts_with('\n') {
                if breaks.others.is_empty() {
                    self.pool.push(' ');
                }
            } else {
                self.pool.push_str(&breaks.first);
            }
            self.pool.push_str(&breaks.others);
            breaks.first.clear();
            breaks.others.clear();
            after_blank = blank;
            while !self.is_break_or_end(0) {
                self.read_to_pool();
                self.ensure(1)?;
            }
            self.ensure(2)?;
            self.read_line(&mut breaks.first);
            self.scan_block_breaks(&mut indent, &mut breaks.others, start, &mut end)?;
        }
        if chomping != Some(b'-') {
            self.pool.push_str(&breaks.first);
        }
        if chomping == Some(b'+') {
            self.pool.push_str(&breaks.others);
        }
        Ok(self.scalar(pool_start, ScalarStyle::Block, start, end))
    }

    /// `+`, `-` and a digit after `|` or `>`, in either order.
    fn scan_block_header(&mut self, start: Mark) -> Result<(Option<u8>, i64)> {
        let mut chomping = None;
        let mut increment = 0;
        self.ensure(1)?;
        if matches!(self.byte(0), b'+' | b'-') {
            chomping = Some(self.byte(0));
            self.skip();
            self.ensure(1)?;
        }
        if self.byte(0).is_ascii_digit() {
            if self.byte(0) == b'0' {
                return self.error("found an indentation indicator equal to 0", start);
            }
            increment = i64::from(self.byte(0) - b'0');
            self.skip();
            self.ensure(1)?;
            if chomping.is_none() && matches!(self.byte(0), b'+' | b'-') {
                chomping = Some(self.byte(0));
                self.skip();
            }
        }
        Ok((chomping, increment))
    }

    /// Empty lines and indentation of a block scalar; its first line that is not empty says how far in it is.
    fn scan_block_breaks(&mut self, indent: &mut i64, breaks: &mut String, start: Mark, end: &mut Mark) -> Result<()> {
        *end = self.mark;
        let mut deepest = 0;
        loop {
            self.ensure(1)?;
            while (*indent == 0 || i64::from(self.mark.column) < *indent) && self.byte(0) == b' ' {
                self.skip();
                self.ensure(1)?;
            }
            deepest = deepest.max(i64::from(self.mark.column));
            if (*indent == 0 || i64::from(self.mark.column) < *indent) && self.byte(0) == b'\t' {
                return self.error("found a tab character where an indentation space is expected", start);
            }
            if !self.is_break(0) {
                break;
            }
            self.ensure(2)?;
            self.read_line(breaks);
            *end = self.mark;
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}
