//! Scanning directives, anchors and tags.

use super::Mark;
use super::scan::{Piece, Result, Scanner, Token, TokenKind};

impl Scanner<'_> {
    /// `%YAML 1.1` or `%TAG ! prefix`, with its line break.
    pub(super) fn scan_directive(&mut self) -> Result<Token> {
        let start = self.mark;
        self.skip();
        let kind = match self.scan_directive_name(start)?.as_str() {
            "YAML" => {
                self.skip_blanks()?;
                let major = self.scan_version_number(start)?;
                if self.byte(0) != b'.' {
                    return self.error("did not find expected digit or '.' character", start);
                }
                self.skip();
                TokenKind::VersionDirective { major, minor: self.scan_version_number(start)? }
            }
            "TAG" => self.scan_tag_directive(start)?,
            _ => return self.error("found unknown directive name", start),
        };
        let end = self.mark;
        self.skip_rest_of_line(start)?;
        Ok(Token { kind, start, end })
    }

    fn scan_word(&mut self, out: &mut String) -> Result<()> {
        self.ensure(1)?;
        while self.is_word() {
            self.read(out);
            self.ensure(1)?;
        }
        Ok(())
    }

    fn scan_directive_name(&mut self, start: Mark) -> Result<String> {
        let mut name = String::new();
        self.scan_word(&mut name)?;
        if name.is_empty() {
            return self.error("could not find expected directive name", start);
        }
        if !self.is_blank_or_end(0) {
            return self.error("found unexpected non-alphabetical character", start);
        }
        Ok(name)
    }

    fn scan_version_number(&mut self, start: Mark) -> Result<u8> {
        self.ensure(1)?;
        let mut value = 0;
        let mut length = 0;
        while self.byte(0).is_ascii_digit() {
            length += 1;
            if length > 2 {
                return self.error("found extremely long version number", start);
            }
            value = value * 10 + (self.byte(0) - b'0');
            self.skip();
            self.ensure(1)?;
        }
        if length == 0 {
            return self.error("did not find expected version number", start);
        }
        Ok(value)
    }

    fn scan_tag_directive(&mut self, start: Mark) -> Result<TokenKind> {
        self.skip_blanks()?;
        let handle = self.scan_tag_handle(true, start)?;
        self.ensure(1)?;
        if !self.is_blank(0) {
            return self.error("did not find expected whitespace", start);
        }
        self.skip_blanks()?;
        let prefix = self.scan_tag_uri("", start)?;
        self.ensure(1)?;
        if !self.is_blank_or_end(0) {
            return self.error("did not find expected whitespace or line break", start);
        }
        Ok(TokenKind::TagDirective { handle, prefix })
    }

    /// `&name` or `*name`.
    pub(super) fn scan_anchor(&mut self, kind: fn(Piece) -> TokenKind) -> Result<Token> {
        let start = self.mark;
        self.skip();
        self.ensure(1)?;
        let pool_start = self.pool.len() as u32;
        while self.is_word() {
            self.read_to_pool();
            self.ensure(1)?;
        }
        let name = Piece { start: pool_start, end: self.pool.len() as u32 };
        let end = self.mark;
        let ends = self.is_blank_or_end(0) || b"?:,]}%@`".contains(&self.byte(0));
        if name.start == name.end || !ends {
            return self.error("did not find expected alphabetic or numeric character", start);
        }
        Ok(Token { kind: kind(name), start, end })
    }

    /// `!suffix`, `!handle!suffix` or `!<uri>`.
    pub(super) fn scan_tag(&mut self) -> Result<Token> {
        let start = self.mark;
        self.ensure(2)?;
        let (handle, suffix) = if self.byte(1) == b'<' {
            self.skip_count(2);
            let suffix = self.scan_tag_uri("", start)?;
            if self.byte(0) != b'>' {
                return self.error("did not find the expected '>'", start);
            }
            self.skip();
            (String::new(), suffix)
        } else {
            let handle = self.scan_tag_handle(false, start)?;
            if handle.len() > 1 && handle.ends_with('!') {
                let suffix = self.scan_tag_uri("", start)?;
                (handle, suffix)
            } else {
                let suffix = self.scan_tag_uri(&handle, start)?;
                if suffix.is_empty() { (String::new(), "!".to_owned()) } else { ("!".to_owned(), suffix) }
            }
        };
        self.ensure(1)?;
        if !self.is_blank_or_end(0) {
            return self.error("did not find expected whitespace or line break", start);
        }
        Ok(Token { kind: TokenKind::Tag(Box::new((handle, suffix))), start, end: self.mark })
    }

    fn scan_tag_handle(&mut self, directive: bool, start: Mark) -> Result<String> {
        self.ensure(1)?;
        if self.byte(0) != b'!' {
            return self.error("did not find expected '!'", start);
        }
        let mut handle = String::new();
        self.read(&mut handle);
        self.scan_word(&mut handle)?;
        if self.byte(0) == b'!' {
            self.read(&mut handle);
        } else if directive && handle != "!" {
            return self.error("did not find expected '!'", start);
        }
        Ok(handle)
    }

    fn scan_tag_uri(&mut self, head: &str, start: Mark) -> Result<String> {
        let mut uri = head.get(1..).unwrap_or_default().as_bytes().to_vec();
        let mut found = !head.is_empty();
        self.ensure(1)?;
        while self.is_word() || b";/?:@&=+$,.!~*'()[]%".contains(&self.byte(0)) && !self.is_end() {
            if self.byte(0) == b'%' {
                self.scan_uri_escapes(&mut uri, start)?;
            } else {
                uri.push(self.byte(0));
                self.skip();
            }
            self.ensure(1)?;
            found = true;
        }
        if !found {
            return self.error("did not find expected tag URI", start);
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    fn scan_uri_escapes(&mut self, uri: &mut Vec<u8>, start: Mark) -> Result<()> {
        let mut missing = None;
        while missing != Some(0) {
            self.ensure(3)?;
            let digit = |ahead| char::from(self.byte(ahead)).to_digit(16);
            let (b'%', Some(high), Some(low)) = (self.byte(0), digit(1), digit(2)) else {
                return self.error("did not find URI escaped octet", start);
            };
            let octet = (high * 16 + low) as u8;
            missing = match (missing, octet) {
                (None, 0x00..=0x7f) => Some(0),
                (None, 0xc0..=0xdf) => Some(1),
                (None, 0xe0..=0xef) => Some(2),
                (None, 0xf0..=0xf7) => Some(3),
                (None, _) => return self.error("found an incorrect leading UTF-8 octet", start),
                (Some(count), 0x80..=0xbf) => Some(count - 1),
                (Some(_), _) => return self.error("found an incorrect trailing UTF-8 octet", start),
            };
            uri.push(octet);
            self.skip_count(3);
        }
        Ok(())
    }
}
