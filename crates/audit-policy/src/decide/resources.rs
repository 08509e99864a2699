//! The `resources` of all rules, so that a request's group and resource lead to the rules that name them.

use super::rule_set::{Block, RuleSet};
use super::table::{Seed, Table};
use super::{Attributes, every_resources, every_subresource_of};
use crate::release::Change;
use crate::{GroupResources, Release};

/// Room for `resource/subresource`; a longer one costs an allocation.
const ROOM: usize = 128;

/// The entries of all rules by group.
#[derive(Clone, Debug)]
pub(super) struct Resources {
    in_group: Table<Patterns>,
    in_every_group: Option<Patterns>,
    release: Release,
    seed: Seed,
}

/// The entries of one group by what they name: the rules that have them.
#[derive(Clone, Debug)]
struct Patterns {
    /// Everything: an entry without resources, or `*`.
    everything: RuleSet,
    /// `resource` or `resource/subresource`, as it is written.
    exact: Table<RuleSet>,
    /// The longest string in `exact`.
    longest: usize,
    /// `res/*`, by the resource.
    every_subresource_of: Table<RuleSet>,
    /// `*/sub`, by the subresource.
    every_resources: Table<RuleSet>,
}

/// The sets of rules that have an entry of the request's group and resource. An entry's names are not looked at.
pub(super) struct Found<'r> {
    in_group: [Option<&'r RuleSet>; 4],
    in_every_group: Option<[Option<&'r RuleSet>; 4]>,
}

impl Found<'_> {
    /// The union's block of this number.
    pub(super) fn block(&self, index: usize) -> Block {
        let union = |block, sets: &[Option<&RuleSet>; 4]| {
            sets.iter().flatten().fold(block, |block: Block, set| block.or(set.block(index)))
        };
        self.in_every_group.iter().fold(union(Block::default(), &self.in_group), union)
    }
}

impl Resources {
    pub(super) fn new(release: Release, seed: Seed) -> Resources {
        Resources { in_group: Table::new(seed), in_every_group: None, release, seed }
    }

    /// Adds an entry of a rule; rules come in order.
    pub(super) fn insert(&mut self, rule: usize, entry: &GroupResources) {
        let patterns = match entry.group.as_str() {
            "*" => self.in_every_group.get_or_insert_with(|| Patterns::new(self.seed)),
            group => self.in_group.entry(group, || Patterns::new(self.seed)),
        };
        if entry.resources.is_empty() {
            patterns.everything.insert(rule);
        }
        for pattern in &entry.resources {
            patterns.insert(rule, pattern, self.release);
        }
    }

    pub(super) fn find(&self, attributes: &Attributes) -> Found<'_> {
        let own = self.in_group.get(attributes.api_group.as_bytes());
        Found {
            in_group: own.map_or([None; 4], |patterns| patterns.find(attributes)),
            in_every_group: self.in_every_group.as_ref().map(|patterns| patterns.find(attributes)),
        }
    }
}

impl Patterns {
    fn new(seed: Seed) -> Patterns {
        let table = || Table::new(seed);
        Patterns {
            everything: RuleSet::default(),
            exact: table(),
            longest: 0,
            every_subresource_of: table(),
            every_resources: table(),
        }
    }

    /// One pattern may be read in several ways: `*/*` names the subresource `*`, the resource `*`, and both.
    fn insert(&mut self, rule: usize, pattern: &str, release: Release) {
        self.longest = self.longest.max(pattern.len());
        self.exact.entry(pattern, RuleSet::default).insert(rule);
        if !release.has(Change::ResourceWildcards) {
            return;
        }
        if pattern == "*" {
            self.everything.insert(rule);
        }
        if let Some(subresource) = every_resources(pattern, release) {
            self.every_resources.entry(subresource, RuleSet::default).insert(rule);
        }
        if let Some(resource) = every_subresource_of(pattern, release) {
            self.every_subresource_of.entry(resource, RuleSet::default).insert(rule);
        }
    }

    fn find(&self, attributes: &Attributes) -> [Option<&RuleSet>; 4] {
        let (resource, subresource) = (attributes.resource.as_bytes(), attributes.subresource.as_bytes());
        let every_subresource = self.every_subresource_of.get(resource);
        if subresource.is_empty() {
            return [Some(&self.everything), self.exact.get(resource), every_subresource, None];
        }
        let exact = self.find_exact(resource, subresource);
        [Some(&self.everything), exact, every_subresource, self.every_resources.get(subresource)]
    }

    /// The rules that name `resource/subresource`.
    fn find_exact(&self, resource: &[u8], subresource: &[u8]) -> Option<&RuleSet> {
        let parts = [resource, b"/", subresource];
        let length = resource.len() + 1 + subresource.len();
        if length > self.longest {
            return None;
        }
        let mut room = [0; ROOM];
        let Some(joined) = room.get_mut(..length) else { return self.exact.get(&parts.concat()) };
        let (head, tail) = joined.split_at_mut_checked(resource.len())?;
        let (slash, rest) = tail.split_first_mut()?;
        head.copy_from_slice(resource);
        *slash = b'/';
        rest.copy_from_slice(subresource);
        self.exact.get(&*joined)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CompiledPolicy, decide};
    use super::*;
    use crate::{Policy, Rule};

    #[test]
    fn long_names_are_found_too() {
        for length in [1, ROOM - 5, ROOM - 4, ROOM, 1_000] {
            let long = "x".repeat(length);
            let entry = GroupResources { resources: vec![format!("{long}/log")], ..GroupResources::default() };
            let never = Rule { verbs: vec!["never".to_owned()], ..Rule::default() };
            let mut rules = vec![never; 10];
            rules.push(Rule { resources: vec![entry], ..Rule::default() });
            let policy = Policy::of_rules(rules);
            let compiled = CompiledPolicy::new(&policy, Release::NEWEST);
            for (subresource, rule) in [("log", Some(10)), ("exec", None)] {
                let attributes = Attributes {
                    resource_request: true,
                    resource: long.as_str().into(),
                    subresource: subresource.into(),
                    ..Attributes::default()
                };
                assert_eq!(compiled.decide(&attributes).rule, rule, "{length} {subresource}");
                assert_eq!(decide(&policy, &attributes, Release::NEWEST).rule, rule, "{length} {subresource}");
            }
        }
    }
}
