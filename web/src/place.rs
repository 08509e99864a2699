//! Places in a text as people and browsers count them.

/// Line and column of a byte offset, both from 1; columns are characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = before(text, offset);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// The offset in UTF-16 units, as a text box counts.
pub fn utf16_offset(text: &str, offset: usize) -> u32 {
    u32::try_from(before(text, offset).encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The text before a byte offset; all of it where the offset is past the end or inside a character.
fn before(text: &str, offset: usize) -> &str {
    text.get(..offset).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_one() {
        let text = "a: 1\n\u{e4}\u{1f600}b: 2\n";
        for (offset, place, utf16) in
            [(0, (1, 1), 0), (3, (1, 4), 3), (5, (2, 1), 5), (11, (2, 3), 8), (99, (3, 1), 13)]
        {
            assert_eq!((line_and_column(text, offset), utf16_offset(text, offset)), (place, utf16), "{offset}");
        }
    }
}
