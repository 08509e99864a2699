//! Policy × attributes → outline: what became of every rule, and which of its fields fail, without words: cheap for any number of rules.
//!
//! Asks the same predicates as [`crate::decide`], in the order in which upstream's `ruleMatches` asks them. [`crate::explain`] has the words.

use std::fmt;

use serde::Serialize;

use crate::decide::{self, Attributes, Decision};
use crate::{Level, Policy, Release, Rule};

/// What a policy decides for one request, and what became of each rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What was decided; the same as [`crate::decide`] answers.
    pub decision: Decision,
    /// Every rule of the policy, in order.
    pub rules: Vec<RuleOutline>,
}

/// What one rule says of the request, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleOutline {
    /// The rule's level.
    pub level: Level,
    /// What became of it.
    pub state: RuleState,
    /// Whether the condition of each of [`Field::ALL`] holds; none where it places none.
    holds: [Option<bool>; Field::ALL.len()],
}

impl RuleOutline {
    /// Whether it matches on its own, also when an earlier rule already did.
    pub fn matches(&self) -> bool {
        self.fields().all(|(_, holds)| holds)
    }

    /// The fields that place a condition, in the order in which the API server checks them, and whether it holds. A rule without any
    /// matches everything.
    pub fn fields(&self) -> impl Iterator<Item = (Field, bool)> {
        Field::ALL.into_iter().zip(self.holds).filter_map(|(field, holds)| Some((field, holds?)))
    }
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RuleState {
    /// The first rule that matches: it decides.
    Matched,
    /// It does not match.
    Skipped,
    /// It does not match; exactly one field fails and at least one other holds.
    NearMiss,
    /// An earlier rule matched first.
    NotReached,
}

impl fmt::Display for RuleState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RuleState::Matched => "matched",
            RuleState::Skipped => "skipped",
            RuleState::NearMiss => "near miss",
            RuleState::NotReached => "not reached",
        })
    }
}

/// A field of a rule that places a condition on requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Field {
    /// `users`
    #[serde(rename = "users")]
    Users,
    /// `userGroups`
    #[serde(rename = "userGroups")]
    UserGroups,
    /// `verbs`
    #[serde(rename = "verbs")]
    Verbs,
    /// `namespaces`
    #[serde(rename = "namespaces")]
    Namespaces,
    /// `resources`
    #[serde(rename = "resources")]
    Resources,
    /// `nonResourceURLs`
    #[serde(rename = "nonResourceURLs")]
    NonResourceUrls,
}

impl Field {
    /// All of them, in the order in which the API server checks them.
    pub const ALL: [Field; 6] =
        [Field::Users, Field::UserGroups, Field::Verbs, Field::Namespaces, Field::Resources, Field::NonResourceUrls];
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Field::Users => "users",
            Field::UserGroups => "userGroups",
            Field::Verbs => "verbs",
            Field::Namespaces => "namespaces",
            Field::Resources => "resources",
            Field::NonResourceUrls => "nonResourceURLs",
        })
    }
}

/// Outlines what [`crate::decide`] answers.
pub fn outline(policy: &Policy, attributes: &Attributes, release: Release) -> Outline {
    let decision = decide::decide(policy, attributes, release);
    let rules = policy.rules.iter().enumerate();
    let rules = rules.map(|(index, rule)| outline_rule(index, rule, attributes, &decision, release)).collect();
    Outline { decision, rules }
}

fn outline_rule(
    index: usize,
    rule: &Rule,
    attributes: &Attributes,
    decision: &Decision,
    release: Release,
) -> RuleOutline {
    let holds = Field::ALL.map(|field| holds(field, rule, attributes, release));
    let conditions = holds.iter().flatten().count();
    let failed = holds.iter().filter(|holds| **holds == Some(false)).count();
    let state = match decision.rule {
        Some(matched) if matched == index => RuleState::Matched,
        Some(matched) if matched < index => RuleState::NotReached,
        _ if failed == 1 && conditions > 1 => RuleState::NearMiss,
        _ => RuleState::Skipped,
    };
    RuleOutline { level: rule.level, state, holds }
}

/// Whether a field's condition holds; none where the rule places none by it.
fn holds(field: Field, rule: &Rule, attributes: &Attributes, release: Release) -> Option<bool> {
    match field {
        Field::Users => (!rule.users.is_empty()).then(|| decide::matches_users(rule, attributes, release)),
        Field::UserGroups => {
            (!rule.user_groups.is_empty()).then(|| decide::matches_user_groups(rule, attributes, release))
        }
        Field::Verbs => (!rule.verbs.is_empty()).then(|| decide::matches_verbs(rule, attributes)),
        Field::Namespaces => (!rule.namespaces.is_empty())
            .then(|| attributes.resource_request && decide::matches_namespaces(rule, attributes)),
        Field::Resources => (!rule.resources.is_empty())
            .then(|| attributes.resource_request && decide::matches_resources(rule, attributes, release)),
        // A policy that loads never has both; upstream looks at the resources only.
        Field::NonResourceUrls => (!rule.non_resource_urls.is_empty() && !decide::is_about_resources(rule))
            .then(|| !attributes.resource_request && decide::matches_non_resource_urls(rule, attributes)),
    }
}
