//! A decoded policy before validation: levels and stages are still any strings.

use super::decode::GoValue;
use super::go_types::{group_resources, policy, rule};
use crate::{GroupResources, Level, Policy, Rule, Stage};

#[derive(Clone, Debug, Default)]
pub(super) struct RawPolicy {
    pub omit_stages: Vec<String>,
    pub omit_managed_fields: bool,
    pub rules: Vec<RawRule>,
}

/// A rule whose level and stages are in `rule` only once they are known to be good.
#[derive(Clone, Debug, Default)]
pub(super) struct RawRule {
    pub level: String,
    pub omit_stages: Vec<String>,
    pub rule: Rule,
}

impl RawPolicy {
    /// From a value decoded as [`super::go_types::POLICY`].
    pub(super) fn new(value: &GoValue) -> RawPolicy {
        RawPolicy {
            omit_stages: texts(value.field(policy::OMIT_STAGES)),
            omit_managed_fields: value.field(policy::OMIT_MANAGED_FIELDS).bool().unwrap_or_default(),
            rules: value.field(policy::RULES).items().iter().map(raw_rule).collect(),
        }
    }

    /// The policy, once it is valid; stages and levels that are not known are left out.
    pub(super) fn into_policy(self) -> Policy {
        let rules = self.rules.into_iter().map(|raw| Rule {
            level: Level::from_name(&raw.level).unwrap_or_default(),
            omit_stages: stages(&raw.omit_stages),
            ..raw.rule
        });
        Policy {
            omit_stages: stages(&self.omit_stages),
            omit_managed_fields: self.omit_managed_fields,
            rules: rules.collect(),
        }
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
