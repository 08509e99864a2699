//! A line of JSON with line breaks: the same tokens in the same spelling and order, for reading.

/// The longest object or array that stays on one line, in bytes.
const SHORT: usize = 72;

/// The longest text that is laid out, in bytes; a longer one is shown as it is.
pub const LONGEST: usize = 100_000;

/// One line of laid-out JSON.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// How deep it is nested.
    pub depth: usize,
    /// Its pieces, in order.
    pub pieces: Vec<(Kind, &'a str)>,
}

/// What a piece of JSON is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A member's name.
    Key,
    /// A string.
    String,
    /// A number, `true`, `false` or `null`.
    Literal,
    /// A bracket, colon or comma, or a blank.
    Punctuation,
}

/// Lays out compact JSON. None where it is too long for that.
pub fn lay_out(json: &str) -> Option<Vec<Line<'_>>> {
    (json.len() <= LONGEST).then(|| lay_out_in(json, 0))
}

/// Lays out a part of compact JSON that is nested so deep in the rest: a member of an object, with its comma or without.
pub fn lay_out_in(json: &str, mut depth: usize) -> Vec<Line<'_>> {
    let tokens = tokens(json);
    let mut lines = vec![Line { depth, pieces: Vec::new() }];
    let mut short_until = 0;
    for (index, (offset, kind, text)) in tokens.iter().enumerate() {
        let inline = *offset < short_until;
        match *text {
            "{" | "[" if !inline => {
                push(&mut lines, *kind, text);
                let length = extent(&tokens, index).saturating_sub(*offset);
                if depth > 0 && length <= SHORT || length <= 2 {
                    short_until = offset + length;
                } else {
                    depth += 1;
                    lines.push(Line { depth, pieces: Vec::new() });
                }
            }
            "}" | "]" if !inline => {
                depth = depth.saturating_sub(1);
                lines.push(Line { depth, pieces: Vec::new() });
                push(&mut lines, *kind, text);
            }
            "," => {
                push(&mut lines, *kind, text);
                if inline {
                    push(&mut lines, Kind::Punctuation, " ");
                } else {
                    lines.push(Line { depth, pieces: Vec::new() });
                }
            }
            ":" => {
                push(&mut lines, *kind, text);
                push(&mut lines, Kind::Punctuation, " ");
            }
            _ => push(&mut lines, *kind, text),
        }
    }
    if lines.len() > 1 {
        // What would follow a last comma.
        lines.pop_if(|line| line.pieces.is_empty());
    }
    lines
}

/// The lines as text, two blanks a level.
pub fn text(lines: &[Line<'_>]) -> String {
    let mut text = String::new();
    for line in lines {
        // Deep nesting is not drawn deeper than this, so that the text stays in proportion.
        text.push_str(&"  ".repeat(line.depth.min(40)));
        line.pieces.iter().for_each(|(_, piece)| text.push_str(piece));
        text.push('\n');
    }
    text
}

fn push<'a>(lines: &mut [Line<'a>], kind: Kind, text: &'a str) {
    if let Some(line) = lines.last_mut() {
        line.pieces.push((kind, text));
    }
}

/// The offset after the bracket that closes the one at `open`.
fn extent(tokens: &[(usize, Kind, &str)], open: usize) -> usize {
    let mut depth = 0_usize;
    let start = tokens.get(open).map_or(0, |(offset, ..)| *offset);
    for (offset, _, text) in tokens.iter().skip(open) {
        match *text {
            "{" | "[" => depth += 1,
            "}" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        // Past this it is long in any case: looking further would be quadratic.
        if depth == 0 || offset - start > SHORT {
            return offset + text.len();
        }
    }
    usize::MAX
}

/// The tokens with their offsets; blanks between them are left out.
fn tokens(json: &str) -> Vec<(usize, Kind, &str)> {
    let bytes = json.as_bytes();
    let mut tokens: Vec<(usize, Kind, &str)> = Vec::new();
    let mut start = 0;
    while let Some(&byte) = bytes.get(start) {
        let (end, kind) = match byte {
            b'"' => (end_of_string(bytes, start), Kind::String),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => (start + 1, Kind::Punctuation),
            byte if byte.is_ascii_whitespace() => {
                start += 1;
                continue;
            }
            _ => {
                let rest = bytes.get(start..).unwrap_or_default();
                let length = rest.iter().position(|byte| b"{}[],:\" \t\r\n".contains(byte)).unwrap_or(rest.len());
                (start + length, Kind::Literal)
            }
        };
        if byte == b':'
            && let Some((_, kind, _)) = tokens.last_mut()
        {
            *kind = Kind::Key;
        }
        tokens.push((start, kind, json.get(start..end).unwrap_or_default()));
        start = end;
    }
    tokens
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut end = start + 1;
    while let Some(&byte) = bytes.get(end) {
        end += match byte {
            b'"' => return end + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_lines_and_changes_no_token() {
        let long = "x".repeat(SHORT);
        let json = format!(r#"{{"a":1.50,"b":{{"c":["d, \"e\"",null]}},"e":{{}},"f":[{{"g":"{long}"}}]}}"#);
        let expected = format!(
            "{{\n  \"a\": 1.50,\n  \"b\": {{\"c\": [\"d, \\\"e\\\"\", null]}},\n  \"e\": {{}},\n  \"f\": [\n    {{\n      \
             \"g\": \"{long}\"\n    }}\n  ]\n}}\n"
        );
        assert_eq!(text(&lay_out(&json).unwrap()), expected);
    }

    #[test]
    fn any_text_is_laid_out_without_loss() {
        for json in ["", "{", "]]", "\"open", "\"\\", "a b", "{}{}", "[[[[1]]]]", "\u{e4},\u{e4}"] {
            let laid_out = text(&lay_out(json).unwrap());
            let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(squeezed(&laid_out), squeezed(json));
        }
        assert_eq!(lay_out(&" ".repeat(LONGEST + 1)), None);
    }

    #[test]
    fn a_member_is_laid_out_as_in_its_object() {
        let long = "x".repeat(SHORT);
        let member = format!(r#""a":{{"b":[1],"c":"{long}"}}"#);
        let whole = format!("{{{member},\"d\":1}}");
        let whole = lay_out(&whole).unwrap();
        let part = format!("{member},");
        assert_eq!(lay_out_in(&part, 1), whole[1..whole.len() - 2]);
    }

    #[test]
    fn deep_nesting_is_no_trouble() {
        let json = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        assert!(text(&lay_out(&json).unwrap()).len() < 5_000_000);
    }
}
