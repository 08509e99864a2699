//! Findings as text: the message, the line with the place underlined, and what to do.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use audit_policy::{Diagnostic, Severity};

use super::{Paint, printable};
use crate::input::Input;

/// How much of a line is shown on each side of where a finding begins, in bytes: a policy may be one line of megabytes.
const REACH: usize = 2_000;

/// The text that findings are about, with where its lines begin.
pub struct Source<'a> {
    name: &'a str,
    bytes: &'a [u8],
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    pub fn new(input: &'a Input) -> Source<'a> {
        let bytes = input.bytes.as_slice();
        let breaks = bytes.iter().enumerate().filter(|(index, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(index + 1) != Some(&b'\n'),
            _ => false,
        });
        let lines = std::iter::once(0).chain(breaks.map(|(index, _)| index + 1)).collect();
        Source { name: &input.name, bytes, lines }
    }

    /// The 1-based line of a byte.
    pub fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }

    /// `policy.yaml:3`
    pub fn place(&self, offset: usize) -> String {
        format!("{}:{}", printable(self.name), self.line(offset))
    }

    /// The bytes of a 1-based line, without its line break, and where it begins.
    fn line_text(&self, line: usize) -> (usize, &'a [u8]) {
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let end = self.lines.get(line).copied().unwrap_or(self.bytes.len());
        let text = self.bytes.get(start..end).unwrap_or_default();
        let kept = text.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1);
        (start, text.get(..kept).unwrap_or_default())
    }

    /// Each finding, with an empty line after it.
    pub fn render(&self, findings: &[Diagnostic], paint: Paint) -> String {
        let renderer = if paint.styled { Renderer::styled() } else { Renderer::plain() };
        findings.iter().map(|finding| format!("{}\n\n", renderer.render(&[self.group(finding)]))).collect()
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
        let line = self.line(span.start);
        let (line_start, text) = self.line_text(line);
        let begin = span.start.saturating_sub(line_start).min(text.len());
        let end = span.end.saturating_sub(line_start).clamp(begin, text.len());
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
