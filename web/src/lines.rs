//! Where the lines of a text begin: found once, asked often.

/// The beginnings of a text's lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The byte offsets after each newline, in order.
    after_newlines: Vec<usize>,
}

impl Lines {
    /// Of a text.
    pub fn of(text: &str) -> Lines {
        Lines { after_newlines: text.match_indices('\n').map(|(offset, _)| offset + 1).collect() }
    }

    /// How many there are; an empty text has one.
    pub fn count(&self) -> usize {
        self.after_newlines.len() + 1
    }

    /// The line that a byte offset is in, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.after_newlines.partition_point(|start| *start <= offset) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;

    #[test]
    fn agrees_with_counting() {
        for text in ["", "a", "\n", "a: 1\n\u{e4}\u{1f600}b: 2\n", "\n\n\r\nx"] {
            let lines = Lines::of(text);
            assert_eq!(lines.count(), text.matches('\n').count() + 1);
            for offset in (0..text.len() + 2).filter(|offset| text.is_char_boundary(*offset) || *offset > text.len()) {
                assert_eq!(lines.line(offset), place::line_and_column(text, offset).0, "{text:?} {offset}");
            }
        }
    }
}
