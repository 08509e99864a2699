//! A policy made ready to decide many requests.
//!
//! For each field of a rule there is a table from a value to the set of rules that name it. A request's values lead to one set a
//! field; what all of them have in common are the rules that match, and the first of those decides. So a decision takes some
//! look-ups and hardly longer for many rules than for few.

use std::cell::LazyCell;
use std::sync::Arc;

use super::resources::Resources;
use super::rule_set::{self, Block, RuleSet};
use super::table::{Seed, Table};
use super::{Attributes, Decision, groups, is_about_resources, matched_by, matched_by_none, matches, matches_entry};
use crate::release::Change;
use crate::{GoString, GroupResources, Policy, Release, Rule};

/// How many rules at the beginning are asked one by one, as long as they are short: where they match, that is quicker than looking up.
const ONE_BY_ONE: usize = 4;

/// How many values a short rule has at the most.
const SHORT: usize = 12;

/// A policy made ready to decide many requests; it answers what [`decide()`](super::decide()) does.
#[derive(Clone, Debug)]
pub struct CompiledPolicy {
    release: Release,
    /// The rules that are asked one by one.
    first: Vec<Arc<Rule>>,
    /// Every rule.
    rules: Vec<Compiled>,
    otherwise: Decision,
    users: Field,
    user_groups: Field,
    verbs: Field,
    namespaces: Field,
    resources: Resources,
    /// The rules without resources that are not about paths only.
    without_resources: RuleSet,
    /// The names in `resourceNames`, whichever of a rule's entries they stand in.
    names: Field,
    paths: Paths,
}

/// What is left to know of a rule.
#[derive(Clone, Debug)]
struct Compiled {
    decision: Decision,
    /// Its entries, where its resources and its names may match without one entry that matches both.
    entries: Vec<GroupResources>,
}

/// One field of all rules: a list of exact values.
#[derive(Clone, Debug)]
struct Field {
    /// The rules that place no condition.
    unconditional: RuleSet,
    by_value: Table<RuleSet>,
}

impl Field {
    fn new(seed: Seed) -> Field {
        Field { unconditional: RuleSet::default(), by_value: Table::new(seed) }
    }

    /// Adds a rule's values; rules come in order.
    fn insert<'v>(&mut self, rule: usize, values: impl IntoIterator<Item = &'v String>) {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            self.unconditional.insert(rule);
        }
        for value in values {
            self.by_value.entry(value, RuleSet::default).insert(rule);
        }
    }

    fn find(&self, value: &GoString) -> Option<&RuleSet> {
        self.by_value.get(value.as_bytes())
    }

    /// Those of the rules of the block of this number whose condition holds. The value is looked up where one has a condition.
    fn narrow<'r>(&self, block: Block, index: usize, found: &Found<'r, impl FnOnce() -> Option<&'r RuleSet>>) -> Block {
        let unconditional = self.unconditional.block(index);
        if block.and(unconditional) == block {
            return block;
        }
        let met = found.map_or(unconditional, |set| unconditional.or(set.block(index)));
        block.and(met)
    }
}

/// The rules that name a value, looked up once where they are asked for.
type Found<'r, F> = LazyCell<Option<&'r RuleSet>, F>;

/// The `nonResourceURLs` of all rules that are not about resources.
#[derive(Clone, Debug)]
struct Paths {
    exact: Field,
    prefixes: Table<RuleSet>,
    /// The lengths that prefixes have, each once.
    lengths: Vec<usize>,
}

impl Paths {
    fn insert(&mut self, rule: usize, specs: &[String]) {
        self.exact.insert(rule, specs);
        for prefix in specs.iter().filter(|spec| spec.ends_with('*')).map(|spec| spec.trim_end_matches('*')) {
            self.prefixes.entry(prefix, RuleSet::default).insert(rule);
            if let Err(place) = self.lengths.binary_search(&prefix.len()) {
                self.lengths.insert(place, prefix.len());
            }
        }
    }

    /// The rules whose condition holds, of the block of this number.
    fn block(&self, index: usize, path: &GoString) -> Block {
        let prefixes = self.lengths.iter().map_while(|length| path.as_bytes().get(..*length));
        let sets = prefixes.filter_map(|prefix| self.prefixes.get(prefix)).chain(self.exact.find(path));
        sets.fold(self.exact.unconditional.block(index), |block, set| block.or(set.block(index)))
    }
}

impl CompiledPolicy {
    /// Makes a policy ready, to be asked as the release asks it.
    pub fn new(policy: &Policy, release: Release) -> CompiledPolicy {
        let seed = Seed::of(policy);
        let field = || Field::new(seed);
        let mut compiled = CompiledPolicy {
            release,
            first: policy.rules.iter().take(ONE_BY_ONE).take_while(|rule| values(rule) <= SHORT).cloned().collect(),
            rules: Vec::with_capacity(policy.rules.len()),
            otherwise: matched_by_none(policy),
            users: field(),
            user_groups: field(),
            verbs: field(),
            namespaces: field(),
            resources: Resources::new(release, seed),
            without_resources: RuleSet::default(),
            names: field(),
            paths: Paths { exact: field(), prefixes: Table::new(seed), lengths: Vec::new() },
        };
        for (index, rule) in policy.rules.iter().enumerate() {
            compiled.insert(index, rule);
            let entries = if is_unsure(rule) { rule.resources.clone() } else { Vec::new() };
            compiled.rules.push(Compiled { decision: matched_by(policy, index, rule), entries });
        }
        compiled
    }

    fn insert(&mut self, index: usize, rule: &Rule) {
        self.users.insert(index, &rule.users);
        self.user_groups.insert(index, &rule.user_groups);
        self.verbs.insert(index, &rule.verbs);
        self.namespaces.insert(index, &rule.namespaces);
        if !is_about_resources(rule) {
            self.paths.insert(index, &rule.non_resource_urls);
        }
        if rule.resources.is_empty() && (is_about_resources(rule) || rule.non_resource_urls.is_empty()) {
            self.without_resources.insert(index);
        }
        for entry in &rule.resources {
            self.resources.insert(index, entry);
        }
        let every_name = rule.resources.iter().any(|entry| names(entry).is_empty());
        self.names.insert(index, rule.resources.iter().filter(|_| !every_name).flat_map(names));
    }

    /// Decides as [`decide()`](super::decide()) does, in about the same time for few rules and for many, and without allocating.
    pub fn decide(&self, attributes: &Attributes) -> Decision {
        let rule = if let Some(index) = self.first.iter().position(|rule| matches(rule, attributes, self.release)) {
            self.rules.get(index)
        } else if attributes.resource_request {
            self.first_for_resource(attributes)
        } else {
            self.first_for_path(attributes)
        };
        rule.map_or(self.otherwise, |rule| rule.decision)
    }

    fn first_for_resource(&self, attributes: &Attributes) -> Option<&Compiled> {
        let resource = self.resources.find(attributes);
        let namespace = LazyCell::new(|| self.namespaces.find(&attributes.namespace));
        let name = LazyCell::new(|| self.names.find(&attributes.name));
        let user = LazyCell::new(|| self.find_user(attributes));
        let verb = LazyCell::new(|| self.verbs.find(&attributes.verb));
        (0..rule_set::blocks(self.rules.len())).find_map(|index| {
            let block = self.without_resources.block(index).or(resource.block(index));
            let block = self.namespaces.narrow(block, index, &namespace);
            let block = self.names.narrow(block, index, &name);
            let block = self.narrow_to_user(block, index, attributes, &user);
            let mut block = self.verbs.narrow(block, index, &verb);
            while let Some(bit) = block.take_first() {
                let rule = self.rules.get(rule_set::rule(index, bit))?;
                if self.is_sure(rule, attributes) {
                    return Some(rule);
                }
            }
            None
        })
    }

    fn first_for_path(&self, attributes: &Attributes) -> Option<&Compiled> {
        let user = LazyCell::new(|| self.find_user(attributes));
        let verb = LazyCell::new(|| self.verbs.find(&attributes.verb));
        (0..rule_set::blocks(self.rules.len())).find_map(|index| {
            let block = self.paths.block(index, &attributes.path);
            let block = self.narrow_to_user(block, index, attributes, &user);
            let bit = self.verbs.narrow(block, index, &verb).take_first()?;
            self.rules.get(rule_set::rule(index, bit))
        })
    }

    fn find_user(&self, attributes: &Attributes) -> Option<&RuleSet> {
        attributes.user.as_ref().and_then(|user| self.users.find(&user.username))
    }

    /// Those of the rules whose `users` and `userGroups` hold.
    fn narrow_to_user<'r>(
        &self,
        block: Block,
        index: usize,
        attributes: &Attributes,
        user: &Found<'r, impl FnOnce() -> Option<&'r RuleSet>>,
    ) -> Block {
        if attributes.user.is_none() && !self.release.has(Change::NobodyMatchesNoUser) {
            return block;
        }
        let block = self.users.narrow(block, index, user);
        let mut met = self.user_groups.unconditional.block(index);
        if block.and(met) == block {
            return block;
        }
        for set in groups(attributes).iter().filter_map(|group| self.user_groups.find(group)) {
            met = met.or(set.block(index));
        }
        block.and(met)
    }

    fn is_sure(&self, rule: &Compiled, attributes: &Attributes) -> bool {
        rule.entries.is_empty() || rule.entries.iter().any(|entry| matches_entry(entry, attributes, self.release))
    }
}

/// How many values the rule's lists have together.
fn values(rule: &Rule) -> usize {
    let lists = [&rule.users, &rule.user_groups, &rule.verbs, &rule.namespaces, &rule.non_resource_urls];
    let entries = rule.resources.iter().map(|entry| 1 + entry.resources.len() + entry.resource_names.len());
    lists.into_iter().map(Vec::len).chain(entries).sum()
}

/// The names that an entry asks for; one without resources asks for none, whatever it says.
fn names(entry: &GroupResources) -> &[String] {
    if entry.resources.is_empty() { &[] } else { &entry.resource_names }
}

/// Whether one entry of the rule may match the resource, and another the name.
fn is_unsure(rule: &Rule) -> bool {
    rule.resources.len() > 1 && rule.resources.iter().any(|entry| !names(entry).is_empty())
}
