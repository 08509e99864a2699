//! Bytes → characters: byte order marks, UTF-16, and what is refused.
//!
//! The parser reads 512 bytes at a time, so an error in the text is only noticed once it looks that far, and never in what it does not
//! look at (a second document). [`Window`]s are those reads.

use std::borrow::Cow;

/// What one read of the parser yields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Characters in it.
    pub chars: u32,
}

/// Why the text cannot be read further.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure {
    pub text: &'static str,
    /// The byte in the original text.
    pub at: usize,
}

/// A text as the parser sees it.
#[derive(Debug)]
pub(crate) struct Input<'t> {
    /// The characters that can be read, without a byte order mark.
    pub(super) text: Cow<'t, str>,
    pub(super) windows: Vec<Window>,
    /// What the read after the last window runs into.
    pub(super) failure: Option<Failure>,
    /// Where the characters are in the original text.
    pub(crate) places: Places,
}

/// From bytes of the transcoded text to bytes of the original.
#[derive(Clone, Debug)]
pub(crate) enum Places {
    /// The same, after a byte order mark of this length.
    Shifted(usize),
    /// UTF-16: the original place of each byte, and of the end.
    Table(Vec<u32>),
}

impl Places {
    /// The place in the original text.
    pub(crate) fn original(&self, at: usize) -> usize {
        match self {
            Places::Shifted(by) => at + by,
            Places::Table(table) => table.get(at).or(table.last()).map_or(0, |&at| at as usize),
        }
    }
}

const READ: usize = 512;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

enum Decoded {
    Char(char, usize),
    /// The bytes that are there begin a character, and more are needed.
    Incomplete,
    Invalid(&'static str, usize),
}

impl<'t> Input<'t> {
    /// Looks at the whole text once.
    pub(crate) fn new(bytes: &'t [u8]) -> Input<'t> {
        let (encoding, mark) = match bytes {
            [0xff, 0xfe, ..] => (Encoding::Utf16Le, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16Be, 2),
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
            _ => (Encoding::Utf8, 0),
        };
        let mut windows = Vec::with_capacity(bytes.len() / READ + 1);
        let mut transcoded = String::new();
        let mut table = Vec::new();
        let mut failure = None;
        let mut at = mark;
        // The first read takes the byte order mark as well.
        let mut read_end = READ.min(bytes.len());
        'read: loop {
            let at_end = read_end == bytes.len();
            let window_start = at;
            let before = transcoded.len();
            let mut chars = 0;
            while at < read_end {
                let rest = bytes.get(at..read_end).unwrap_or_default();
                match decode(encoding, rest) {
                    Decoded::Char(character, width) if allowed(character) => {
                        if encoding != Encoding::Utf8 {
                            transcoded.push(character);
                            table.extend(std::iter::repeat_n(at as u32, character.len_utf8()));
                        }
                        at += width;
                        chars += 1;
                    }
                    Decoded::Char(..) => {
                        failure = Some(Failure { text: "control characters are not allowed", at });
                    }
                    Decoded::Incomplete if at_end => {
                        if chars > 0 {
                            windows.push(Window { chars });
                        }
                        failure = Some(Failure { text: incomplete(encoding, rest), at });
                        break 'read;
                    }
                    Decoded::Incomplete => break,
                    Decoded::Invalid(text, offset) => failure = Some(Failure { text, at: at + offset }),
                }
                if failure.is_some() {
                    // Nothing of this read is seen.
                    transcoded.truncate(before);
                    table.truncate(before);
                    at = window_start;
                    break 'read;
                }
            }
            windows.push(Window { chars });
            if at_end {
                break;
            }
            read_end = (at + READ).min(bytes.len());
        }
        table.push(at as u32);
        let (text, places) = match encoding {
            Encoding::Utf8 => {
                let seen = bytes.get(mark..at).unwrap_or_default();
                (String::from_utf8_lossy(seen), Places::Shifted(mark))
            }
            _ => (Cow::Owned(transcoded), Places::Table(table)),
        };
        Input { text, windows, failure, places }
    }
}

fn allowed(character: char) -> bool {
    matches!(character,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn incomplete(encoding: Encoding, rest: &[u8]) -> &'static str {
    match encoding {
        Encoding::Utf8 => "incomplete UTF-8 octet sequence",
        _ if rest.len() < 2 => "incomplete UTF-16 character",
        _ => "incomplete UTF-16 surrogate pair",
    }
}

fn decode(encoding: Encoding, bytes: &[u8]) -> Decoded {
    match encoding {
        Encoding::Utf8 => decode_utf8(bytes),
        Encoding::Utf16Le => decode_utf16(bytes, u16::from_le_bytes),
        Encoding::Utf16Be => decode_utf16(bytes, u16::from_be_bytes),
    }
}

fn decode_utf8(bytes: &[u8]) -> Decoded {
    let Some(&first) = bytes.first() else { return Decoded::Incomplete };
    let (width, start, least) = match first {
        0x00..=0x7f => return Decoded::Char(char::from(first), 1),
        0xc0..=0xdf => (2, first & 0x1f, 0x80),
        0xe0..=0xef => (3, first & 0x0f, 0x800),
        0xf0..=0xf7 => (4, first & 0x07, 0x10000),
        _ => return Decoded::Invalid("invalid leading UTF-8 octet", 0),
    };
    let Some(rest) = bytes.get(1..width) else { return Decoded::Incomplete };
    let mut value = u32::from(start);
    for (index, &byte) in rest.iter().enumerate() {
        if byte & 0xc0 != 0x80 {
            return Decoded::Invalid("invalid trailing UTF-8 octet", index + 1);
        }
        value = value << 6 | u32::from(byte & 0x3f);
    }
    if value < least {
        return Decoded::Invalid("invalid length of a UTF-8 sequence", 0);
    }
    char::from_u32(value).map_or(Decoded::Invalid("invalid Unicode character", 0), |c| Decoded::Char(c, width))
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let Some(&[a, b]) = bytes.first_chunk() else { return Decoded::Incomplete };
    let first = u32::from(unit([a, b]));
    match first {
        0xdc00..0xe000 => Decoded::Invalid("unexpected low surrogate area", 0),
        0xd800..0xdc00 => {
            let Some(&[_, _, c, d]) = bytes.first_chunk() else { return Decoded::Incomplete };
            match u32::from(unit([c, d])) {
                second @ 0xdc00..0xe000 => {
                    let value = 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
                    char::from_u32(value)
                        .map_or(Decoded::Invalid("invalid Unicode character", 0), |c| Decoded::Char(c, 4))
                }
                _ => Decoded::Invalid("expected low surrogate area", 2),
            }
        }
        _ => char::from_u32(first).map_or(Decoded::Invalid("invalid Unicode character", 0), |c| Decoded::Char(c, 2)),
    }
}
