//! A decoded policy before validation: levels and stages are still any strings.

use super::decode::GoValue;
use super::go_types::{group_resources, policy, rule};
use crate::{GroupResources, Level, Policy, Rule, Stage};

/// A rule whose level and stages are in `rule` only once they are known to be good.
#[derive(Clone, Debug, Default)]
pub(super) struct RawRule {
    pub level: String,
    pub omit_stages: Vec<String>,
    pub rule: Rule,
}

/// The policy's own stages.
pub(super) fn omit_stages(value: &GoValue) -> Vec<String> {
    texts(value.field(policy::OMIT_STAGES))
}

/// The policy without its rules, of a value decoded as [`super::go_types::POLICY`].
pub(super) fn policy_of(value: &GoValue) -> Policy {
    Policy {
        omit_stages: stages(&omit_stages(value)),
        omit_managed_fields: value.field(policy::OMIT_MANAGED_FIELDS).bool().unwrap_or_default(),
        rules: Vec::new(),
    }
}

/// The rules, one after the other: they may be very many, so they are not all kept before they are valid.
pub(super) fn rules(value: &GoValue) -> impl Iterator<Item = RawRule> {
    value.field(policy::RULES).items().iter().map(raw_rule)
}

impl RawRule {
    /// The rule, once it is valid.
    pub(super) fn into_rule(self) -> Rule {
        let level = Level::from_name(&self.level).unwrap_or_default();
        Rule { level, omit_stages: stages(&self.omit_stages), ..self.rule }
    }
}

fn texts(value: &GoValue) -> Vec<String> {
    value.items().iter().map(|item| item.text().to_owned()).collect()
}

fn stages(names: &[String]) -> Vec<Stage> {
    names.iter().filter_map(|name| Stage::from_name(name)).collect()
}

fn raw_rule(value: &GoValue) -> RawRule {
    let resources = value.field(rule::RESOURCES).items().iter().map(|item| GroupResources {
        group: item.field(group_resources::GROUP).text().to_owned(),
        resources: texts(item.field(group_resources::RESOURCES)),
        resource_names: texts(item.field(group_resources::RESOURCE_NAMES)),
    });
    RawRule {
        level: value.field(rule::LEVEL).text().to_owned(),
        omit_stages: texts(value.field(rule::OMIT_STAGES)),
        rule: Rule {
            users: texts(value.field(rule::USERS)),
            user_groups: texts(value.field(rule::USER_GROUPS)),
            verbs: texts(value.field(rule::VERBS)),
            resources: resources.collect(),
            namespaces: texts(value.field(rule::NAMESPACES)),
            non_resource_urls: texts(value.field(rule::NON_RESOURCE_URLS)),
            omit_managed_fields: value.field(rule::OMIT_MANAGED_FIELDS).bool(),
            ..Rule::default()
        },
    }
}
