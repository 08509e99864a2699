//! Where the parts of a policy are, whether or not it loads.

use std::cell::RefCell;

use crate::Span;
use crate::json::Node;
use crate::loaded::{Places, RulePlace};

/// The places of the rules and of the policy's own fields.
pub(super) fn places(root: Node<'_>) -> Places {
    let rules = root.get("rules").into_iter().flat_map(Node::items);
    let mut members = root.members();
    let omit_stages = members.find(|(key, _)| key.as_str() == Some("omitStages")).map(|(key, _)| key.span());
    Places { rules: rules.map(rule_place).collect(), omit_stages }
}

fn rule_place(rule: Node<'_>) -> RulePlace {
    let members = rule.members();
    let mut fields: Vec<(String, Span, Span)> =
        members.map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), key.span(), value.span())).collect();
    // YAML's members are sorted by name.
    crate::sort::sort_by(&mut fields, |(_, left, _), (_, right, _)| left.start.cmp(&right.start));
    RulePlace::new(rule.span(), fields)
}

/// Finds values by their paths.
pub(super) struct Locator<'d> {
    root: Node<'d>,
    rules: Vec<Node<'d>>,
    /// The list that was last looked into, and its path: the next value is mostly in the same one, and lists may be long.
    last: RefCell<(String, Vec<Node<'d>>)>,
}

impl<'d> Locator<'d> {
    pub(super) fn new(root: Node<'d>) -> Locator<'d> {
        let rules = root.get("rules").into_iter().flat_map(Node::items).collect();
        Locator { root, rules, last: RefCell::default() }
    }

    /// The value at a path such as `rules[0].resources[1].group`.
    pub(super) fn find(&self, path: &str) -> Option<Node<'d>> {
        let mut node = self.root;
        let mut walked = 0;
        for step in path.split('.') {
            let (name, indices) = step.split_once('[').unwrap_or((step, ""));
            let in_root = walked == 0 && name == "rules";
            node = node.get(name)?;
            let list = path.get(..walked + name.len()).unwrap_or_default();
            for index in indices.split(['[', ']']).filter(|index| !index.is_empty()) {
                let index: usize = index.parse().ok()?;
                node = if in_root { *self.rules.get(index)? } else { self.item(list, node, index)? };
            }
            walked += step.len() + 1;
        }
        Some(node)
    }

    /// The item of a list, whose path is given.
    fn item(&self, path: &str, list: Node<'d>, index: usize) -> Option<Node<'d>> {
        let mut last = self.last.borrow_mut();
        if last.0 != path {
            *last = (path.to_owned(), list.items().collect());
        }
        last.1.get(index).copied()
    }
}

/// What to underline for a value: of an object only its first member's name, so that it is not half the text.
pub(super) fn short_span(node: Node<'_>) -> Span {
    let first = node.members().map(|(key, _)| key.span()).min_by_key(|span| span.start);
    first.unwrap_or(node.span())
}
