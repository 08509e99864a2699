//! Bytes → UTF-16 units, for the places in answers.

use audit_policy::{Diagnostic, Span};

/// How many bytes apart the places are that are counted beforehand.
const STEP: usize = 512;

/// A text, with the number of UTF-16 units before some of its bytes: a place in a long text is then found without counting from its beginning.
pub struct Utf16<'a> {
    text: &'a str,
    /// The units before each byte of number `index * STEP`, or before the character that it is in.
    before: Vec<usize>,
}

impl<'a> Utf16<'a> {
    /// Counts the units of a text.
    pub fn of(text: &'a str) -> Utf16<'a> {
        let mut before = Vec::with_capacity(text.len() / STEP + 1);
        let mut units = 0;
        for (byte, character) in text.char_indices() {
            while before.len() * STEP < byte + character.len_utf8() {
                before.push(units);
            }
            units += character.len_utf16();
        }
        before.push(units);
        Utf16 { text, before }
    }

    /// The units before a byte. What is in the middle of a character counts as its beginning, what is past the end as the end.
    pub fn units(&self, byte: usize) -> usize {
        let byte = self.text.floor_char_boundary(byte);
        let step = byte / STEP;
        let from = self.text.floor_char_boundary(step * STEP);
        let before = self.before.get(step).copied().unwrap_or_default();
        before + self.text.get(from..byte).unwrap_or_default().chars().map(char::len_utf16).sum::<usize>()
    }

    /// The findings with their places, and those of their fixes, in units.
    pub fn findings(&self, findings: &mut [Diagnostic]) {
        for finding in findings {
            let edits = finding.fix.iter_mut().flat_map(|fix| &mut fix.edits).map(|edit| &mut edit.span);
            for span in finding.span.iter_mut().chain(edits) {
                *span = Span::new(self.units(span.start), self.units(span.end));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{STEP, Utf16};

    #[test]
    fn counts_as_javascript_does_everywhere() {
        for text in
            [String::new(), "aé€😀\r\n".repeat(STEP), "x".repeat(STEP * 2), "😀".repeat(STEP / 4), "€".repeat(STEP)]
        {
            let utf16 = Utf16::of(&text);
            for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                assert_eq!(utf16.units(byte), text.get(..byte).unwrap().encode_utf16().count(), "byte {byte}");
            }
            assert_eq!(utf16.units(usize::MAX), text.encode_utf16().count());
        }
    }
}
