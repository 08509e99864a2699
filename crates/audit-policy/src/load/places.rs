//! Where the parts of a policy are, whether or not it loads.

use crate::Span;
use crate::json::Node;
use crate::loaded::{Places, RulePlace};

/// The places of the rules.
pub(super) fn places(root: Node<'_>) -> Places {
    let rules = root.get("rules").into_iter().flat_map(Node::items);
    Places { rules: rules.map(rule_place).collect() }
}

fn rule_place(rule: Node<'_>) -> RulePlace {
    let members = rule.members();
    let mut fields: Vec<(String, Span, Span)> =
        members.map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), key.span(), value.span())).collect();
    // YAML's members are sorted by name.
    fields.sort_by_key(|(_, key, _)| key.start);
    RulePlace { span: rule.span(), fields }
}

/// Finds values by their paths.
pub(super) struct Locator<'d> {
    root: Node<'d>,
    rules: Vec<Node<'d>>,
}

impl<'d> Locator<'d> {
    pub(super) fn new(root: Node<'d>) -> Locator<'d> {
        Locator { root, rules: root.get("rules").into_iter().flat_map(Node::items).collect() }
    }

    /// The value at a path such as `rules[0].resources[1].group`.
    pub(super) fn find(&self, path: &str) -> Option<Node<'d>> {
        let mut node = self.root;
        for step in path.split('.') {
            let (name, indices) = step.split_once('[').unwrap_or((step, ""));
            let in_root = path.starts_with(step) && name == "rules";
            node = node.get(name)?;
            for index in indices.split(['[', ']']).filter(|index| !index.is_empty()) {
                let index: usize = index.parse().ok()?;
                node = if in_root { *self.rules.get(index)? } else { node.items().nth(index)? };
            }
        }
        Some(node)
    }
}

/// What to underline for a value: of an object only its first member's name, so that it is not half the text.
pub(super) fn short_span(node: Node<'_>) -> Span {
    let first = node.members().map(|(key, _)| key.span()).min_by_key(|span| span.start);
    first.unwrap_or(node.span())
}
