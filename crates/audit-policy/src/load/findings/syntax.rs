//! Texts that are no YAML or no JSON.

use super::super::compose::compose;
use super::{Advice, fix};
use crate::{Edit, Fix, Release, Span};

/// Longer texts are not read again to see whether a fix mends them.
const MOST_BYTES: usize = 1 << 20;

/// The character at a byte, or nothing at the end.
pub(super) fn character_at(text: &[u8], at: usize) -> Span {
    let mut start = at.min(text.len());
    // Go points into the middle of characters too.
    while start > 0 && text.get(start).is_some_and(|byte| byte & 0xc0 == 0x80) && at - start < 3 {
        start -= 1;
    }
    let rest = text.get(start..).unwrap_or_default();
    let width = rest.utf8_chunks().next().map_or(0, |chunk| match chunk.valid().chars().next() {
        Some(character) => character.len_utf8(),
        None => chunk.invalid().len(),
    });
    Span::new(start, start + width)
}

pub(super) fn json(text: &[u8], release: Release) -> Advice {
    let trimmed = text.trim_ascii_start();
    if trimmed.starts_with(b"{{") {
        return Advice::help("this looks like a template: give the policy as it is after the template is filled in");
    }
    let advice = Advice::help("a text that begins with `{` is read as JSON: for YAML put a line with `---` before it");
    advice.with_fix(checked(fix::one("Begin with ---", Span::new(0, 0), "---\n"), text, release))
}

pub(super) fn yaml(message: &str, text: &[u8], span: Option<Span>, release: Release) -> Advice {
    let at = span.and_then(|span| text.get(span.start).copied());
    let has = |words: &str| message.contains(words);
    let line_has_template =
        span.is_some_and(|span| line_around(text, span.start).windows(2).any(|pair| pair == b"{{" || pair == b"{%"));
    if line_has_template {
        return Advice::help("this looks like a template: give the policy as it is after the template is filled in");
    }
    let help = if has("cannot start any token") && at == Some(b'\t') {
        "YAML is indented by spaces: a tab is not allowed here"
    } else if has("cannot start any token") {
        "this character has a meaning in YAML: put the value in quotes"
    } else if has("mapping values are not allowed") {
        "a second `:` on one line, or a line that is further in than it should be: check the indentation, or put the value in quotes"
    } else if has("did not find expected key") || has("did not find expected '-' indicator") {
        "this line does not fit what stands above it: check its indentation"
    } else if has("could not find expected ':'") {
        "a line here is no `key: value`: check the colon and the indentation"
    } else if has("alphabetic or numeric character") {
        "`*` and `&` begin an alias and an anchor in YAML: put the value in quotes, such as `\"*\"`"
    } else if has("unknown anchor") {
        "`*name` stands for what `&name` marks above: put it in quotes if that is not meant"
    } else if has("invalid map key") {
        "a mapping or a list cannot be a key: check the braces"
    } else if has("control characters") || has("octet") || has("surrogate") || has("UTF-16") {
        "the file holds bytes that are no text: save it as UTF-8"
    } else if has("tab character") {
        "YAML is indented by spaces: replace the tab"
    } else if has("end of stream") {
        "a quote is never closed"
    } else if has("incompatible YAML document") {
        "the API server reads YAML 1.1: remove the %YAML line"
    } else if has("',' or ']'") || has("',' or '}'") {
        "a bracket is never closed, or a comma is missing"
    } else if has("excessive aliasing") {
        "aliases make the document too large: write the parts out"
    } else if has("unsupported map key") {
        "a key is missing before a `:`"
    } else {
        return Advice::default();
    };
    let fix = match at {
        Some(b'\t') => no_tabs(text, release),
        _ if has("alphabetic or numeric character") => span.and_then(|span| quote_star(text, span.start, release)),
        _ => None,
    };
    Advice::help(help).with_fix(fix)
}

/// The fix, where the text is YAML after it.
fn checked(fix: Fix, text: &[u8], release: Release) -> Option<Fix> {
    if text.len() > MOST_BYTES {
        return None;
    }
    compose(&fix::mended(text, &fix), release).is_ok().then_some(fix)
}

/// Spaces for the tabs that lines begin with: as many as the text can be read with.
fn no_tabs(text: &[u8], release: Release) -> Option<Fix> {
    if text.len() > MOST_BYTES {
        return None;
    }
    [2, 4, 8].into_iter().find_map(|width| {
        let mut edits = Vec::new();
        let mut line = 0;
        while line < text.len() && edits.len() <= fix::MOST_EDITS {
            let blanks = text.get(line..)?.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let tabs = |byte: &&u8| **byte == b'\t';
            let tabs = text.get(line..line + blanks)?.iter().filter(tabs).count();
            if tabs > 0 {
                let span = Span::new(line, line + blanks);
                edits.push(Edit { span, text: " ".repeat(blanks - tabs + tabs * width) });
            }
            line = fix::next_line(text, line);
        }
        let fix = Fix { title: "Indent with spaces".to_owned(), edits };
        (fix.edits.len() <= fix::MOST_EDITS).then(|| checked(fix, text, release)).flatten()
    })
}

/// Quotes around a value that begins with `*`; the parser stopped after it.
fn quote_star(text: &[u8], stopped: usize, release: Release) -> Option<Fix> {
    let start = stopped.checked_sub(1).filter(|at| text.get(*at) == Some(&b'*'))?;
    let rest = text.get(start..)?;
    let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'');
    let end = start + rest.iter().position(ends).unwrap_or(rest.len());
    let edits = vec![fix::insert(start, "\""), fix::insert(end, "\"")];
    checked(Fix { title: "Put it in quotes".to_owned(), edits }, text, release)
}

fn line_around(text: &[u8], at: usize) -> &[u8] {
    let start = text.get(..at).unwrap_or_default().iter().rposition(|&byte| byte == b'\n').map_or(0, |found| found + 1);
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    rest.get(..end.min(4096)).unwrap_or_default()
}
