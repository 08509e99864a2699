//! Rules whose fields stand at the top of the policy, in one document or each in one of its own.

use super::super::compose::compose;
use super::super::go_types::RULE;
use super::super::is_json;
use super::fix::{self, insert};
use crate::json::{Kind, Node};
use crate::{Edit, Fix, Release, Span};

/// Of so many documents rules are made.
const MOST_DOCUMENTS: usize = 20;

/// A document's fields in order of place: name, key, value.
type Members<'d> = Vec<(&'d str, Span, Span)>;

/// Whether it is a field of rules only.
pub(super) fn is_rule_field(name: &str) -> bool {
    RULE.fields.iter().any(|field| field.name == name && !field.name.starts_with("omit"))
}

/// Puts the fields into a rule, and those of the documents that follow into more of them; comments stay.
pub(super) fn make_rules(root: Node<'_>, text: &[u8], rest: Option<Span>, release: Release) -> Option<Fix> {
    let title = "Put the fields into rules".to_owned();
    let members = members(root, 0);
    let body = body(&members, &["apiVersion", "kind", "metadata"])?;
    let (first, last) = (body.first()?.1, body.last()?.2);
    if text.get(root.span().start) == Some(&b'{') {
        let opening = if is_json(text) { "\"rules\": [{" } else { "rules: [{" };
        return Some(Fix { title, edits: vec![insert(first.start, opening), insert(last.end, "}]")] });
    }
    let column = column(text, &members)?;
    let mut edits = Vec::new();
    edits.push(insert(first.start, &format!("rules:{}{}- ", fix::line_break(text), " ".repeat(column))));
    let indented = fix::indent(text, first.start, fix::content_end(text, Span::new(first.start, last.end)), &mut edits);
    if !indented {
        return None;
    }
    let mut next = rest;
    for _ in 0..MOST_DOCUMENTS {
        let Some(marker) = next else { break };
        let known = edits.len();
        match document(text, marker, column, release, &mut edits) {
            Some(rest) => next = rest,
            None => {
                edits.truncate(known);
                break;
            }
        }
    }
    (edits.len() <= fix::MOST_EDITS).then_some(Fix { title, edits })
}

/// Makes another rule of the document after a marker: the marker, apiVersion and kind go. What is after the document then.
fn document(text: &[u8], marker: Span, column: usize, release: Release, edits: &mut Vec<Edit>) -> Option<Option<Span>> {
    let own = text.get(marker.start..)?;
    if !own.starts_with(b"---") {
        return None;
    }
    let composed = compose(own, release).ok()?;
    let members = members(composed.document.root()?, marker.start);
    let body = body(&members, &["apiVersion", "kind"])?;
    let (first, last) = (body.first()?.1, body.last()?.2);
    if self::column(text, &members)? != column {
        return None;
    }
    remove(text, Span::new(marker.start, marker.start + 3), edits);
    for (_, key, value) in members.get(..members.len() - body.len())? {
        remove(text, Span::new(key.start, value.end), edits);
    }
    edits.push(insert(first.start, "- "));
    let end = fix::content_end(text, Span::new(first.start, last.end));
    fix::indent(text, first.start, end, edits)
        .then(|| composed.rest.map(|rest| Span::new(rest.start + marker.start, rest.end + marker.start)))
}

fn members(root: Node<'_>, offset: usize) -> Members<'_> {
    let mut members: Members<'_> = Vec::new();
    if root.kind() != Kind::Object {
        return members;
    }
    let shifted = |span: Span| Span::new(span.start + offset, span.end + offset);
    for (key, value) in root.members() {
        members.push((key.as_str().unwrap_or_default(), shifted(key.span()), shifted(value.span())));
    }
    crate::sort::sort_by(&mut members, |(_, left, _), (_, right, _)| left.start.cmp(&right.start));
    members
}

/// The fields after the head, if they are a rule's and nothing of the head is among them.
fn body<'m, 'd>(members: &'m Members<'d>, head: &[&str]) -> Option<&'m [(&'d str, Span, Span)]> {
    let first = members.iter().position(|(name, ..)| !head.contains(name))?;
    let body = members.get(first..)?;
    let other = |name: &str| matches!(name, "apiVersion" | "kind" | "metadata" | "rules" | "items");
    let of_rule = body.iter().any(|(name, ..)| is_rule_field(name));
    // What an alias stands for is somewhere else.
    let in_order = members.iter().all(|(_, key, value)| key.end <= value.start)
        && members.windows(2).all(|pair| matches!(pair, [(.., value), (_, key, _)] if value.start <= key.start));
    (of_rule && in_order && !body.iter().any(|(name, ..)| other(name))).then_some(body)
}

/// The column that all keys begin their lines in.
fn column(text: &[u8], members: &Members<'_>) -> Option<usize> {
    let of = |at: usize| {
        let start = fix::line_start(text, at);
        text.get(start..at).filter(|before| before.iter().all(|byte| *byte == b' ')).map(<[u8]>::len)
    };
    let column = of(members.first()?.1.start)?;
    members.iter().all(|(_, key, _)| of(key.start) == Some(column)).then_some(column)
}

/// Takes something out with its line, where the line has nothing else.
fn remove(text: &[u8], span: Span, edits: &mut Vec<Edit>) {
    let end = fix::line_end(text, span.end);
    let rest = text.get(span.end..end).unwrap_or_default();
    let span = if rest.trim_ascii().is_empty() {
        Span::new(fix::line_start(text, span.start), fix::next_line(text, end))
    } else {
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        Span::new(span.start, span.end + blanks)
    };
    edits.push(Edit { span, text: String::new() });
}
