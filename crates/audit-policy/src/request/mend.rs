//! Words for which others were likely meant: what is said of them, and the edit.

use crate::near::nearest;
use crate::{Diagnostic, Edit, Fix, Span};

/// The edit that writes another word.
fn change(span: Span, near: &str) -> Fix {
    Fix { title: format!("Change to {}", near.trim()), edits: vec![Edit { span, text: near.to_owned() }] }
}

/// A finding about a word, which stands at the finding's place, with the known one that was likely meant; where there is none, as it is.
pub(super) fn nearest_meant(finding: Diagnostic, word: &str, known: &[&str]) -> Diagnostic {
    match nearest(word, known.iter().copied()) {
        Some(near) => meant(finding, word, near),
        None => finding,
    }
}

/// A finding about a word, with the one that was likely meant.
pub(super) fn meant(finding: Diagnostic, word: &str, near: &str) -> Diagnostic {
    changed(Diagnostic { help: Some(format!("did you mean `{near}`?")), ..finding }, word, near)
}

/// A finding about a word, with the edit that writes another.
///
/// The word stands at the finding's place; where that is not known yet, the edit is of the word alone until [`put`] knows.
pub(super) fn changed(finding: Diagnostic, word: &str, near: &str) -> Diagnostic {
    let fix = Some(change(Span::new(0, word.len()), near));
    let mut finding = Diagnostic { fix, ..finding };
    if let Some(span) = finding.span {
        put(&mut finding, Some(span));
    }
    finding
}

/// Puts a finding about a word, and its edit, to where that is written. Where that is not known there is nothing to edit.
pub(super) fn put(finding: &mut Diagnostic, span: Option<Span>) {
    finding.span = span.or(finding.span);
    finding.fix = finding.fix.take().and_then(|mut fix| {
        let edit = fix.edits.first_mut()?;
        edit.span = inside(span?, edit.span.end)?;
        Some(fix)
    });
}

/// Where a word of so many bytes is that is written there plain or in quotes; none where it is written in another way.
fn inside(span: Span, word: usize) -> Option<Span> {
    match (span.end - span.start).checked_sub(word)? {
        0 => Some(span),
        2 => Some(Span::new(span.start + 1, span.end - 1)),
        _ => None,
    }
}

/// A finding about a word of a command, at that word and with the edit, where it stands once in these places of the text.
pub(super) fn meant_in(
    finding: Diagnostic,
    meant: Option<(String, String)>,
    places: impl Iterator<Item = Span>,
    text: &str,
) -> Diagnostic {
    let Some((word, near)) = meant.filter(|(word, _)| !word.is_empty()) else { return finding };
    let mut found = places.flat_map(|place| places_in(text, place, &word));
    let (Some(span), None) = (found.next(), found.next()) else { return finding };
    Diagnostic { span: Some(span), fix: Some(change(span, &near)), ..finding }
}

/// Where a word stands by itself in a part of the text.
fn places_in<'a>(text: &'a str, span: Span, word: &'a str) -> impl Iterator<Item = Span> {
    let written = text.get(span.start..span.end).unwrap_or_default();
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let places = written.match_indices(word).filter(move |(at, _)| {
        let before = written.get(..*at).unwrap_or_default();
        let after = written.get(at + word.len()..).unwrap_or_default();
        let begins = !is_letter(word.chars().next()) || !is_letter(before.chars().next_back());
        begins && (!is_letter(word.chars().next_back()) || !is_letter(after.chars().next()))
    });
    places.map(move |(at, _)| Span::new(span.start + at, span.start + at + word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::fields::error;
    use crate::request::{Form, Format, ReadOptions, read};

    #[test]
    fn the_word_itself_is_changed() {
        for (text, word, expected) in [
            ("gte", "gte", Some("get")),
            ("\"gte\"", "gte", Some("\"get\"")),
            ("'gte'", "gte", Some("'get'")),
            ("\"g\\u0074e\"", "gte", None),
        ] {
            let found = meant(error("a", "b", Some(Span::new(0, text.len())), ""), word, "get");
            assert_eq!(found.help.as_deref(), Some("did you mean `get`?"));
            assert_eq!(found.fix.map(|fix| fix.apply(text)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_word_of_a_command_is_changed_where_it_stands_once() {
        for (text, word, near, expected) in [
            ("curl --jsn '{}'", "--jsn", "--json", Some("curl --json '{}'")),
            ("curl --data=x h", "--data=", "--data ", Some("curl --data x h")),
            ("curl --jsn --jsn", "--jsn", "--json", None),
            ("curl --jsna", "--jsn", "--json", None),
        ] {
            let meant = Some((word.to_owned(), near.to_owned()));
            let found = meant_in(error("a", "b", None, ""), meant, [Span::new(0, text.len())].into_iter(), text);
            assert_eq!(found.fix.map(|fix| fix.apply(text)).as_deref(), expected, "{text}");
        }
    }

    /// The text with the first edit that is offered for it.
    fn mended(text: &str, format: Option<Format>) -> Option<String> {
        let findings = match read(text.as_bytes(), &ReadOptions { format, ..ReadOptions::default() }) {
            Ok(reading) => reading.findings,
            Err(unreadable) => unreadable.findings,
        };
        findings.iter().find_map(|finding| finding.fix.as_ref()).map(|fix| fix.apply(text))
    }

    #[test]
    fn mistyped_words_of_forms_reviews_and_scenarios_are_changed_where_they_stand() {
        for (text, word, near) in [
            ("verb: gte\nresource: pods\nnamespace: a\nname: b\n", "gte", "get"),
            ("resource: pods\nverb: \"lisst\" # all\n", "lisst", "list"),
            ("verb: POST\nresource: pods\nnamespace: a\n", "POST", "create"),
            ("verb: list\nresource: po\n", "po", "pods"),
            ("verb: list\nresource: pods\nnamespac: a\n", "namespac", "namespace"),
            ("{\"verb\": \"list\", \"resource\": \"pods\", \"namespac\": \"a\"}", "namespac", "namespace"),
            ("verb: list\nresource: pods\nimpersonate: {usr: a}\n", "usr", "user"),
            (
                "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec:\n  user: a\n  resourceAttributes: {verb: gte, resource: pods}\n",
                "gte",
                "get",
            ),
            (
                "apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec:\n  usre: a\n  resourceAttributes: {verb: get, resource: pods}\n",
                "usre",
                "user",
            ),
            (
                "apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest: {uid: a, operation: CREAT, resource: {group: '', version: v1, resource: pods}}\n",
                "CREAT",
                "CREATE",
            ),
            ("version: 1\nrequest: kubectl get pods\nkubernets: \"1.30\"\n", "kubernets", "kubernetes"),
            ("version: 1\nrequest: kubectl get pods\nimpersonation: allowd\n", "allowd", "allowed"),
        ] {
            assert_eq!(mended(text, None).as_deref(), Some(text.replacen(word, near, 1).as_str()), "{text}");
        }
        for text in
            ["verb: >-\n  gte\nresource: pods\n", "verb: frobnicate\nresource: pods\n", "verb: HEAD\nresource: pods\n"]
        {
            assert_eq!(mended(text, None), None, "{text}");
        }
        let fixed = mended("kind: SubjectAccessReveiw\nspec: {user: a}\n", Some(Format::Review));
        assert_eq!(fixed.as_deref(), Some("kind: SubjectAccessReview\nspec: {user: a}\n"));
    }

    #[test]
    fn a_form_without_a_text_has_nothing_to_edit() {
        let form = Form { verb: "gte".to_owned(), resource: "pods".to_owned(), ..Form::default() };
        let findings = form.read(&ReadOptions::default()).unwrap_err().findings;
        assert_eq!(findings[0].help.as_deref(), Some("did you mean `get`?"));
        assert_eq!(findings[0].fix, None);
    }
}
