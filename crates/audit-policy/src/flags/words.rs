//! A command line or a unit file → its words, with places. Nothing is run or expanded.

use super::shape::Argument;
use crate::Span;

/// The words of a text that stands at `offset` of a larger one: quotes taken away, `\` at a line's end joining lines. A `#` that begins a
/// word begins a comment.
pub(super) fn words(text: &str, offset: usize) -> Vec<Argument> {
    let mut words = Vec::new();
    let mut characters = text.char_indices().peekable();
    let mut line_start = true;
    while let Some(&(start, first)) = characters.peek() {
        if first == '#' {
            while characters.next_if(|(_, character)| *character != '\n').is_some() {}
            continue;
        }
        if first.is_whitespace() {
            line_start |= first == '\n';
            characters.next();
            continue;
        }
        let mut word = String::new();
        let mut end = start;
        let mut quote = None;
        let mut is_word = false;
        while let Some(&(at, character)) = characters.peek() {
            if quote.is_none() && character.is_whitespace() {
                break;
            }
            characters.next();
            end = at + character.len_utf8();
            match (quote, character) {
                (None, '"' | '\'') => (quote, is_word) = (Some(character), true),
                (Some(open), _) if open == character => quote = None,
                (None | Some('"'), '\\') => match characters.next() {
                    Some((_, '\n')) | None => {}
                    Some((_, '\r')) => {
                        characters.next_if(|(_, character)| *character == '\n');
                    }
                    Some((at, escaped)) => {
                        end = at + escaped.len_utf8();
                        // In double quotes `\` is itself before a letter.
                        if quote.is_some() && escaped.is_ascii_alphanumeric() {
                            word.push('\\');
                        }
                        word.push(escaped);
                        is_word = true;
                    }
                },
                _ => {
                    word.push(character);
                    is_word = true;
                }
            }
        }
        // The dash of a YAML list, whose items are flags.
        let is_dash = word == "-" && line_start;
        if is_word && !is_dash {
            words.push(Argument { text: word, span: Some(Span::new(offset + start, offset + end)), parts: None });
        }
        line_start = false;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_as_a_shell_does() {
        let of = |text: &str| words(text, 0).into_iter().map(|word| word.text).collect::<Vec<_>>();
        assert_eq!(
            of("kube-apiserver --a=b \\\n  --c 'd e' \"f\\\"g\" # no\n--h"),
            ["kube-apiserver", "--a=b", "--c", "d e", "f\"g", "--h"]
        );
        assert_eq!(of("- --audit-log-path=-\n- --audit-log-path\n  -"), ["--audit-log-path=-", "--audit-log-path"]);
        assert_eq!(of("--audit-log-path - ''"), ["--audit-log-path", "-", ""]);
        assert_eq!(of("\\"), [""; 0]);
        assert_eq!(words("  --é=1", 3)[0].span, Some(Span::new(5, 11)));
    }
}
