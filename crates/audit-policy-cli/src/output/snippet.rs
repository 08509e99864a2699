//! Findings as text: the message, the line with the place underlined, and what to do.

use std::borrow::Cow;

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
        let column = String::from_utf8_lossy(text.get(..begin).unwrap_or_default()).chars().count() + 1;
        let place = before.len()..before.len() + marked.len();
        let shown: Cow<'_, str> = [before, marked, after].concat().into();
        let annotation = AnnotationKind::Primary.span(place);
        vec![
            Origin::path(self.name).line(line).char_column(column).into(),
            Snippet::source(shown).line_start(line).annotation(annotation).into(),
        ]
    }
}
