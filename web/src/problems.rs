//! The policy's problems by the caret: the next one, the one before, the fix of the one that it is at.

use audit_policy::{Diagnostic, Span};

/// The first finding with a place after the caret, or the last one before it; at the end, around again.
pub fn beside(findings: &[Diagnostic], caret: usize, backwards: bool) -> Option<&Diagnostic> {
    let start = |finding: &&Diagnostic| finding.span.map(|span| span.start);
    let placed = || findings.iter().filter(|finding| finding.span.is_some());
    if backwards {
        placed().filter(|finding| start(finding) < Some(caret)).max_by_key(start).or_else(|| placed().max_by_key(start))
    } else {
        placed().filter(|finding| start(finding) > Some(caret)).min_by_key(start).or_else(|| placed().min_by_key(start))
    }
}

/// Whether a finding has a fix that no finding before it has: one that mends several is offered once.
pub fn is_first_with_fix<'a>(finding: &Diagnostic, mut findings: impl Iterator<Item = &'a Diagnostic>) -> bool {
    finding.fix.is_some()
        && findings.find(|other| other.fix == finding.fix).is_some_and(|first| std::ptr::eq(first, finding))
}

/// The finding with a fix at the caret: the one that it is in, else the nearest on its line; where no finding has a place there, the only
/// one with a fix.
pub fn fixable<'a>(findings: &'a [Diagnostic], text: &str, caret: usize) -> Option<&'a Diagnostic> {
    let line = |offset: usize| text.get(..offset).unwrap_or(text).matches('\n').count();
    let away = |span: Span| span.start.saturating_sub(caret) + caret.saturating_sub(span.end);
    let fixes = || findings.iter().filter(|finding| finding.fix.is_some());
    let here = fixes()
        .filter_map(|finding| Some((finding, finding.span?)))
        .filter(|(_, span)| away(*span) == 0 || line(span.start) == line(caret))
        .min_by_key(|(_, span)| away(*span));
    match here {
        Some((finding, _)) => Some(finding),
        None => fixes().next().filter(|_| fixes().count() == 1),
    }
}

#[cfg(test)]
mod tests {
    use audit_policy::{Fix, Severity};

    use super::*;

    fn finding(code: &'static str, span: Option<(usize, usize)>, fix: bool) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Warning,
            message: String::new(),
            path: None,
            span: span.map(|(start, end)| Span::new(start, end)),
            help: None,
            fix: fix.then(|| Fix { title: String::new(), edits: Vec::new() }),
        }
    }

    #[test]
    fn problems_come_in_the_order_of_the_text_and_around() {
        let findings =
            [finding("b", Some((9, 10)), true), finding("none", None, false), finding("a", Some((2, 5)), true)];
        for (caret, backwards, code) in
            [(0, false, "a"), (2, false, "b"), (9, false, "a"), (20, true, "b"), (9, true, "a"), (2, true, "b")]
        {
            assert_eq!(
                beside(&findings, caret, backwards).map(|finding| finding.code),
                Some(code),
                "{caret} {backwards}"
            );
        }
        assert_eq!(beside(&[finding("none", None, true)], 0, false), None);
    }

    #[test]
    fn a_fix_of_several_findings_is_offered_once() {
        let findings = [finding("a", None, false), finding("b", None, true), finding("c", None, true)];
        let offered = findings.iter().filter(|finding| is_first_with_fix(finding, findings.iter()));
        assert_eq!(offered.map(|finding| finding.code).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn the_fix_is_the_one_at_the_caret() {
        let text = "aaaa bbbb\ncccc\ndddd\n";
        let findings =
            [finding("a", Some((0, 4)), true), finding("b", Some((5, 9)), true), finding("d", Some((15, 19)), false)];
        for (caret, code) in [(0, Some("a")), (4, Some("a")), (5, Some("b")), (9, Some("b")), (12, None), (16, None)] {
            assert_eq!(fixable(&findings, text, caret).map(|finding| finding.code), code, "{caret}");
        }
        assert_eq!(fixable(&findings[..1], text, 12).map(|finding| finding.code), Some("a"));
    }
}
