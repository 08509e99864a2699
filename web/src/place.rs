//! Places in a text as people and browsers count them.

/// Line and column of a byte offset, both from 1; columns are characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// How many bytes lie between two places that [`Utf16`] remembers.
const STEP: usize = 1024;

/// Byte offsets of a text as UTF-16 units, as a browser counts, and back. Made once a text, asked for many places.
pub struct Utf16<'a> {
    text: &'a str,
    /// The UTF-16 units of the characters that begin before each multiple of [`STEP`]; none where both count alike.
    before: Option<Vec<usize>>,
}

impl<'a> Utf16<'a> {
    /// Of a text.
    pub fn of(text: &'a str) -> Utf16<'a> {
        let before = (!text.is_ascii()).then(|| {
            let mut before = Vec::with_capacity(text.len() / STEP + 1);
            let mut units = 0;
            for (offset, character) in text.char_indices() {
                while before.len() * STEP <= offset {
                    before.push(units);
                }
                units += character.len_utf16();
            }
            before
        });
        Utf16 { text, before }
    }

    /// A byte offset as UTF-16 units; one past the end is the end, one inside a character its beginning.
    pub fn units(&self, offset: usize) -> u32 {
        let offset = floor(self.text, offset);
        let units = match &self.before {
            None => offset,
            Some(before) => {
                let step = offset / STEP;
                let (from, units) = self.start(step, before);
                units + self.text.get(from..offset).unwrap_or_default().encode_utf16().count()
            }
        };
        u32::try_from(units).unwrap_or(u32::MAX)
    }

    /// UTF-16 units as a byte offset.
    pub fn offset(&self, units: u32) -> usize {
        let units = units as usize;
        let Some(before) = &self.before else { return units.min(self.text.len()) };
        let step = before.partition_point(|before| *before <= units).saturating_sub(1);
        let (from, mut seen) = self.start(step, before);
        for (offset, character) in self.text.get(from..).unwrap_or_default().char_indices() {
            if seen >= units {
                return from + offset;
            }
            seen += character.len_utf16();
        }
        self.text.len()
    }

    /// The first character from a step on, and the units before it.
    fn start(&self, step: usize, before: &[usize]) -> (usize, usize) {
        let step = step.min(before.len().saturating_sub(1));
        let at = step * STEP;
        let from = (at..self.text.len()).find(|offset| self.text.is_char_boundary(*offset)).unwrap_or(at);
        (from, before.get(step).copied().unwrap_or_default())
    }
}

/// The character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let end = offset.min(text.len());
    (0..=end).rev().find(|offset| text.is_char_boundary(*offset)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_one() {
        let text = "a: 1\n\u{e4}\u{1f600}b: 2\n";
        for (offset, place, units) in
            [(0, (1, 1), 0), (3, (1, 4), 3), (5, (2, 1), 5), (11, (2, 3), 8), (99, (3, 1), 13)]
        {
            assert_eq!((line_and_column(text, offset), Utf16::of(text).units(offset)), (place, units), "{offset}");
        }
    }

    #[test]
    fn units_are_those_of_counting_from_the_beginning() {
        for piece in ["a", "\u{e4}", "\u{1f600}", "ab\u{1f600}\u{e4}\n"] {
            let text = piece.repeat(3000);
            let places = Utf16::of(&text);
            for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)).step_by(97) {
                let units = u32::try_from(text.get(..offset).unwrap().encode_utf16().count()).unwrap();
                assert_eq!((places.units(offset), places.offset(units)), (units, offset), "{piece:?} {offset}");
            }
        }
    }
}
