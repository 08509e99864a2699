//! What the readers of lessons and examples share.

use crate::Span;
use crate::json::Node;
use crate::request::document::document;
use crate::request::fields::{Fields, error};
use crate::request::scenario::{Scenario, parse};
use crate::request::{Format, Unreadable};

/// Reads a file that is a mapping of `required` keys and `optional` ones, and begins with `version: 1`.
///
/// `read` is given each member but the version, in the order of the keys here.
pub(super) fn read_file(
    text: &[u8],
    what: &'static str,
    required: &[&str],
    optional: &[&str],
    read: &mut dyn FnMut(&mut Fields, &str, Node<'_>),
) -> Result<(), Unreadable> {
    let document = document(text, what, Format::Scenario).map_err(of_no_format)?;
    let Some(root) = document.root() else {
        let findings = vec![error("empty-file", &format!("the {what} is empty"), Some(Span::new(0, 0)), "")];
        return Err(Unreadable { format: None, findings });
    };
    let mut fields = Fields::new(what);
    let known: Vec<&str> = ["version"].iter().chain(required).chain(optional).copied().collect();
    let members = fields.known_members(root, "", &known, &[]);
    // In the order in which they are known: what is read last may be said over what was read first.
    for known in known {
        match members.iter().find(|(key, _)| *key == known) {
            Some((_, value)) if known == "version" => parse::read_version(&mut fields, *value),
            Some((key, value)) => read(&mut fields, key, *value),
            None => {}
        }
    }
    for key in ["version"].iter().chain(required) {
        if fields.findings.is_empty() && !members.iter().any(|(name, _)| name == key) {
            let start = Span::new(root.span().start, root.span().start);
            fields.refuse("missing-key", "", &format!("the {what} has no `{key}`"), start, "add it");
        }
    }
    match fields.findings.is_empty() {
        true => Ok(()),
        false => Err(Unreadable { format: None, findings: fields.findings }),
    }
}

/// These files are no requests.
fn of_no_format(unreadable: Unreadable) -> Unreadable {
    Unreadable { format: None, ..unreadable }
}

/// Reads a scenario inside a file, over what is there already; `version` is the file's.
pub(super) fn read_scenario(fields: &mut Fields, node: Node<'_>, path: &str, scenario: &mut Scenario) {
    let known = parse::KEYS.get(1..).unwrap_or_default();
    for (key, value) in fields.known_members(node, path, known, &[]) {
        parse::read_member(fields, key, value, scenario);
    }
}
