//! Findings as text: the message, the line with the place underlined, and what to do.

use std::borrow::Cow;
use std::cmp::Reverse;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use audit_policy::{Diagnostic, Severity};

use super::{Paint, printable};
use crate::input::Input;

/// How much of a line is shown on each side of where a finding begins, in bytes: a policy may be one line of megabytes.
const REACH: usize = 2_000;

/// The text that findings are about, with where its lines begin.
pub struct Source<'a> {
    name: &'a str,
    /// As UTF-8, where the text is UTF-16.
    bytes: Cow<'a, [u8]>,
    /// The text as it was read, where it is UTF-16: what places count in.
    utf16: Option<Utf16<'a>>,
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    pub fn new(input: &'a Input) -> Source<'a> {
        let utf16 = Utf16::of(&input.bytes);
        let bytes: Cow<'_, [u8]> = match &utf16 {
            Some(utf16) => utf16.decode(usize::MAX).into_bytes().into(),
            None => input.bytes.as_slice().into(),
        };
        let breaks = bytes.iter().enumerate().filter(|(index, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(index + 1) != Some(&b'\n'),
            _ => false,
        });
        let lines = std::iter::once(0).chain(breaks.map(|(index, _)| index + 1)).collect();
        Source { name: &input.name, bytes, utf16, lines }
    }

    /// Where in `bytes` a place of the text is.
    fn offset(&self, place: usize) -> usize {
        self.utf16.as_ref().map_or(place, |utf16| utf16.decode(place).len())
    }

    /// The 1-based line of a byte.
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }

    /// `policy.yaml:3`
    pub fn place(&self, place: usize) -> String {
        format!("{}:{}", printable(self.name), self.line(self.offset(place)))
    }

    /// The bytes of a 1-based line, without its line break, and where it begins.
    fn line_text(&self, line: usize) -> (usize, &[u8]) {
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let end = self.lines.get(line).copied().unwrap_or(self.bytes.len());
        let text = self.bytes.get(start..end).unwrap_or_default();
        let kept = text.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
        (start, text.get(..kept).unwrap_or_default())
    }

    /// Each finding, with an empty line after it: the worst first, then in order of the text.
    pub fn render(&self, findings: &[Diagnostic], paint: Paint) -> String {
        let renderer = if paint.styled { Renderer::styled() } else { Renderer::plain() };
        let mut findings: Vec<_> = findings.iter().collect();
        findings.sort_by_key(|finding| (Reverse(finding.severity), finding.span));
        findings.into_iter().map(|finding| format!("{}\n\n", renderer.render(&[self.group(finding)]))).collect()
    }

    fn group<'b>(&'b self, finding: &'b Diagnostic) -> Group<'b> {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code));
        for element in self.elements(finding) {
            group = group.element(element);
        }
        if let Some(help) = finding.help.as_deref().or(finding.fix.as_ref().map(|fix| fix.title.as_str())) {
            group = group.element(Level::HELP.message(help));
        }
        group
    }

    fn elements<'b>(&'b self, finding: &'b Diagnostic) -> Vec<Element<'b>> {
        let Some(span) = finding.span else {
            let at = finding.path.as_deref().map(|path| Level::NOTE.message(format!("in {path}")).into());
            return std::iter::once(Origin::path(self.name).into()).chain(at).collect();
        };
        let (start, end) = (self.offset(span.start), self.offset(span.end));
        let line = self.line(start);
        let (line_start, text) = self.line_text(line);
        let begin = start.saturating_sub(line_start).min(text.len());
        let end = end.saturating_sub(line_start).clamp(begin, text.len());
        let from = begin.saturating_sub(REACH);
        let to = (begin + REACH).min(text.len());
        let piece = |from: usize, to: usize| String::from_utf8_lossy(text.get(from..to).unwrap_or_default());
        let (before, marked, after) = (piece(from, begin), piece(begin, end.min(to)), piece(end.min(to), to));
        let annotation = AnnotationKind::Primary.span(before.len()..before.len() + marked.len());
        let shown = [before, marked, after].concat();
        let snippet = Snippet::source(shown).line_start(line).annotation(annotation);
        if from == 0 {
            return vec![snippet.path(self.name).into()];
        }
        // The snippet counts columns from where it begins, which is not where the line does.
        let column = String::from_utf8_lossy(text.get(..begin).unwrap_or_default()).chars().count() + 1;
        vec![Origin::path(self.name).line(line).char_column(column).into(), snippet.into()]
    }
}

/// A text in UTF-16, which the API server reads too.
struct Utf16<'a> {
    bytes: &'a [u8],
    unit: fn([u8; 2]) -> u16,
}

impl<'a> Utf16<'a> {
    /// A text that begins with a byte order mark of UTF-16.
    fn of(bytes: &'a [u8]) -> Option<Utf16<'a>> {
        match bytes {
            [0xff, 0xfe, ..] => Some(Utf16 { bytes, unit: u16::from_le_bytes }),
            [0xfe, 0xff, ..] => Some(Utf16 { bytes, unit: u16::from_be_bytes }),
            _ => None,
        }
    }

    /// The text up to this byte, without the byte order mark.
    fn decode(&self, end: usize) -> String {
        let bytes = self.bytes.get(2..end.min(self.bytes.len())).unwrap_or_default();
        let units = bytes.as_chunks().0.iter().map(|pair| (self.unit)(*pair));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
}

#[cfg(test)]
mod tests {
    use audit_policy::Span;
    use expect_test::{Expect, expect};

    use super::*;
    use crate::input::InputOrigin;

    fn check(text: &[u8], span: Option<(usize, usize)>, expected: &Expect) {
        let input = Input { name: "policy.yaml".to_owned(), bytes: text.to_vec(), origin: InputOrigin::File };
        let finding = Diagnostic {
            code: "unknown-field",
            severity: Severity::Warning,
            message: "unknown field `verb`".to_owned(),
            path: Some("rules[0].verb".to_owned()),
            span: span.map(|(start, end)| Span::new(start, end)),
            help: Some("write `verbs`".to_owned()),
            fix: None,
        };
        expected.assert_eq(&Source::new(&input).render(&[finding], Paint { styled: false }));
    }

    #[test]
    fn a_finding_is_underlined_in_its_line() {
        check(
            b"rules:\n- level: None\n  verb: [get]\n",
            Some((23, 27)),
            &expect![[r#"
                warning[unknown-field]: unknown field `verb`
                 --> policy.yaml:3:3
                  |
                3 |   verb: [get]
                  |   ^^^^
                  |
                  = help: write `verbs`

            "#]],
        );
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        check(
            "# é\r\na: é, verb: 1\r\n".as_bytes(),
            Some((13, 17)),
            &expect![[r#"
                warning[unknown-field]: unknown field `verb`
                 --> policy.yaml:2:7
                  |
                2 | a: é, verb: 1
                  |       ^^^^
                  |
                  = help: write `verbs`

            "#]],
        );
    }

    #[test]
    fn what_is_not_utf_8_does_not_move_the_place() {
        check(
            b"a: \xff\xfe, verb: 1",
            Some((7, 11)),
            &expect![[r#"
                warning[unknown-field]: unknown field `verb`
                 --> policy.yaml:1:8
                  |
                1 | a: ��, verb: 1
                  |        ^^^^
                  |
                  = help: write `verbs`

            "#]],
        );
    }

    #[test]
    fn places_in_utf_16_count_its_bytes() {
        let text = "\u{feff}a: é\n𝄞: 1, verb: 1";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(
            &little,
            Some((26, 34)),
            &expect![[r#"
            warning[unknown-field]: unknown field `verb`
             --> policy.yaml:2:7
              |
            2 | 𝄞: 1, verb: 1
              |       ^^^^
              |
              = help: write `verbs`

        "#]],
        );
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(
            &big,
            Some((26, 34)),
            &expect![[r#"
            warning[unknown-field]: unknown field `verb`
             --> policy.yaml:2:7
              |
            2 | 𝄞: 1, verb: 1
              |       ^^^^
              |
              = help: write `verbs`

        "#]],
        );
    }

    #[test]
    fn a_place_of_many_lines_is_shown_where_it_begins() {
        check(
            b"verb:\n- a\n- b\n",
            Some((0, 13)),
            &expect![[r#"
                warning[unknown-field]: unknown field `verb`
                 --> policy.yaml:1:1
                  |
                1 | verb:
                  | ^^^^^
                  |
                  = help: write `verbs`

            "#]],
        );
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        check(
            b"rules:\n",
            Some((7, 7)),
            &expect![[r#"
                warning[unknown-field]: unknown field `verb`
                 --> policy.yaml:2:1
                  |
                2 |
                  | ^
                  |
                  = help: write `verbs`

            "#]],
        );
        check(
            b"",
            Some((0, 0)),
            &expect![[r#"
                warning[unknown-field]: unknown field `verb`
                 --> policy.yaml:1:1
                  |
                1 |
                  | ^
                  |
                  = help: write `verbs`

            "#]],
        );
    }

    #[test]
    fn without_a_place_the_path_tells() {
        check(
            b"rules:\n",
            None,
            &expect![[r#"
            warning[unknown-field]: unknown field `verb`
            --> policy.yaml
             = note: in rules[0].verb
             = help: write `verbs`

        "#]],
        );
    }

    #[test]
    fn a_line_of_megabytes_is_cut() {
        let mut text = vec![b'x'; 3_000_000];
        text.extend_from_slice(b" verb: 1");
        text.extend(vec![b'y'; 3_000_000]);
        check(
            &text,
            Some((3_000_001, 3_000_005)),
            &expect![[r#"
            warning[unknown-field]: unknown field `verb`
             --> policy.yaml:1:3000002
              |
             ::: 
            1 | ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx verb: 1yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...
              |                                                                   ^^^^
              |
              = help: write `verbs`

        "#]],
        );
    }
}
