//! `resources: [pods]`: strings where items with a group are meant.

use super::super::is_json;
use super::fix::{self, insert};
use crate::json::Node;
use crate::release::Change;
use crate::{Edit, Fix, Release, Span, kinds};

/// A resource as it is written in an item: its group, and its name with the subresource.
#[derive(PartialEq, Eq)]
struct Named {
    group: String,
    resource: String,
}

/// The group of what people write: `pods`, `po`, `deployments.apps`, `pods/log`.
fn named(written: &str, release: Release) -> Option<Named> {
    let (name, subresource) = written.split_once('/').map_or((written, None), |(name, sub)| (name, Some(sub)));
    if written == "*" {
        let all = release.has(Change::GroupWildcard);
        return all.then(|| Named { group: "*".to_owned(), resource: "*".to_owned() });
    }
    let found = kinds::find(name, release);
    let (group, plural) = match (found, name.split_once('.')) {
        (Some(found), _) => (found.resource.group, found.resource.resource),
        // A custom resource with its group, as kubectl takes it.
        (None, Some((plural, group))) if group.contains('.') && is_name(plural) && is_name(group) => (group, plural),
        _ => return None,
    };
    let resource = match subresource {
        Some(sub) if sub == "*" || is_name(sub) => format!("{plural}/{sub}"),
        Some(_) => return None,
        None => plural.to_owned(),
    };
    Some(Named { group: group.to_owned(), resource })
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
}

/// Items of the strings in a list, or of one string in place of it.
pub(super) fn items(list: Node<'_>, text: &[u8], release: Release) -> Option<Fix> {
    let title = "Write groups with their resources".to_owned();
    if let Some(one) = list.as_str() {
        let names: Vec<Named> = one.split(',').map(|part| named(part.trim(), release)).collect::<Option<_>>()?;
        let simple = fix::surround("", text, list.span(), "", "").is_some();
        let text = brackets(&names, is_json(text));
        return simple.then(|| Fix { title, edits: vec![Edit { span: list.span(), text }] });
    }
    let mut found = Vec::new();
    for item in list.items() {
        found.push((named(item.as_str()?, release)?, item.span()));
        if found.len() > fix::MOST_EDITS / 2 {
            return None;
        }
    }
    let whole = list.span();
    let inside =
        |(_, span): &(Named, Span)| whole.start <= span.start && span.end <= whole.end && fix::is_simple(text, *span);
    if !found.iter().all(inside) {
        return None;
    }
    let written = text.get(whole.start..whole.end)?;
    if written.first() == Some(&b'[') {
        let plain = written.last() == Some(&b']') && !written.iter().any(|byte| matches!(byte, b'#' | b'&' | b'!'));
        let names: Vec<Named> = found.into_iter().map(|(named, _)| named).collect();
        return plain.then(|| Fix { title, edits: vec![Edit { span: whole, text: brackets(&names, is_json(text)) }] });
    }
    blocks(&found, text).map(|edits| Fix { title, edits })
}

/// As a list in brackets, each group once.
fn brackets(names: &[Named], json: bool) -> String {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for named in names {
        let quoted = format!("\"{}\"", named.resource);
        match groups.iter_mut().find(|(group, _)| *group == named.group) {
            Some((_, resources)) => resources.push(quoted),
            None => groups.push((&named.group, vec![quoted])),
        }
    }
    let (group_key, resources_key) = if json { ("\"group\"", "\"resources\"") } else { ("group", "resources") };
    let items = groups
        .iter()
        .map(|(group, resources)| format!("{{{group_key}: \"{group}\", {resources_key}: [{}]}}", resources.join(", ")));
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// In lines with dashes: before the first of each group a line with the group, and all of them further in, with their comments.
fn blocks(found: &[(Named, Span)], text: &[u8]) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    let mut group: Option<&str> = None;
    for (named, span) in found {
        let start = fix::line_start(text, span.start);
        let before = std::str::from_utf8(text.get(start..span.start)?).ok()?;
        let column = before.len() - before.trim_start_matches(' ').len();
        // Nothing but the dash, so no anchor and no list in the list.
        if before.trim() != "-" {
            return None;
        }
        let mut head = String::new();
        if group != Some(named.group.as_str()) {
            let (line_break, blanks) = (fix::line_break(text), " ".repeat(column));
            let shown = if named.group.is_empty() || named.group == "*" {
                format!("\"{}\"", named.group)
            } else {
                named.group.clone()
            };
            head = format!("{blanks}- group: {shown}{line_break}{blanks}  resources:{line_break}");
            group = Some(&named.group);
        }
        edits.push(insert(start, &format!("{head}  ")));
        let written = text.get(span.start..span.end)?;
        let inner = match written {
            [b'"' | b'\'', inner @ .., _] => inner,
            plain => plain,
        };
        if inner != named.resource.as_bytes() {
            edits.push(Edit { span: *span, text: quoted(&named.resource) });
        }
    }
    Some(edits)
}

fn quoted(resource: &str) -> String {
    if resource.contains('*') { format!("\"{resource}\"") } else { resource.to_owned() }
}
