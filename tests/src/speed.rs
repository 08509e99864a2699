//! What speed is measured with: policies of any number of rules, and requests that the first rules match, the last, or none.

use std::fmt::Write as _;

use audit_policy::event::UserInfo;
use audit_policy::{Attributes, Policy, Release, load};

/// How many rules the measured policies have.
pub const RULES: [usize; 4] = [20, 100, 500, 2_000];

/// How many sorts of rule there are; each number of rules is a multiple of it.
const SORTS: usize = 5;

/// Which rules match the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// The first rule of each sort.
    Early,
    /// The last rule of each sort.
    Late,
    /// None.
    Miss,
}

impl Hit {
    /// All of them.
    pub const ALL: [Hit; 3] = [Hit::Early, Hit::Late, Hit::Miss];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Hit::Early => "early",
            Hit::Late => "late",
            Hit::Miss => "miss",
        }
    }
}

/// A policy's text: rules about teams' service accounts, namespaces, groups, paths and roles by turns, as grown policies have them.
pub fn policy_text(rules: usize) -> String {
    let mut text = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n".to_owned();
    for team in 0..rules / SORTS {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            r#"- level: None
  users: ["system:serviceaccount:team-{team}:controller"]
  verbs: [get, list, watch]
  resources:
  - resources: [configmaps, endpoints, pods]
- level: Metadata
  namespaces: [team-{team}]
  resources:
  - resources: [secrets, configmaps]
  - group: apps
    resources: [deployments, deployments/scale]
- level: Request
  userGroups: ["team-{team}:admins"]
  verbs: [create, update, patch, delete]
  resources:
  - group: batch
    resources: [jobs, cronjobs/*]
- level: None
  nonResourceURLs: ["/team-{team}/healthz*", "/team-{team}/version"]
- level: RequestResponse
  resources:
  - group: rbac.authorization.k8s.io
    resources: [roles, rolebindings]
    resourceNames: [team-{team}-admin, team-{team}-viewer]
"#
        );
    }
    text
}

/// The same, loaded.
pub fn policy(rules: usize) -> Policy {
    load(policy_text(rules).as_bytes(), Release::NEWEST).policy.unwrap_or_default()
}

/// A request for each sort of rule.
pub fn requests(rules: usize, hit: Hit) -> Vec<Attributes> {
    let team = match hit {
        Hit::Early => "team-0".to_owned(),
        Hit::Late => format!("team-{}", rules / SORTS - 1),
        Hit::Miss => "team-none".to_owned(),
    };
    let account = format!("system:serviceaccount:{team}:controller");
    let of_account = ["system:serviceaccounts", "system:serviceaccounts:other", "system:authenticated"];
    let admins = format!("{team}:admins");
    let of_admin = ["developers", &*admins, "system:authenticated"];
    let ask =
        |user: &str, groups: &[&str], verb: &str, namespace: &str, (group, resource): (&str, &str), name: &str| {
            Attributes {
                user: Some(UserInfo::new(user, groups)),
                verb: verb.into(),
                resource_request: true,
                namespace: namespace.into(),
                api_group: group.into(),
                api_version: "v1".into(),
                resource: resource.into(),
                subresource: "".into(),
                name: name.into(),
                path: "/apis".into(),
            }
        };
    let path = Attributes {
        user: Some(UserInfo::new("system:monitor", &["system:authenticated"])),
        verb: "get".into(),
        path: format!("/{team}/healthz/ready").into(),
        ..Attributes::default()
    };
    vec![
        ask(&account, &of_account, "list", "other", ("", "pods"), ""),
        ask("alice@example.com", &["developers", "system:authenticated"], "update", &team, ("", "secrets"), "db"),
        ask("bob@example.com", &of_admin, "create", "other", ("batch", "jobs"), ""),
        path,
        ask(
            "carol@example.com",
            &["system:authenticated"],
            "get",
            "other",
            ("rbac.authorization.k8s.io", "roles"),
            &format!("{team}-admin"),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use audit_policy::decide;

    use super::*;

    #[test]
    fn requests_hit_where_they_say() {
        for rules in RULES {
            let policy = policy(rules);
            assert_eq!(policy.rules.len(), rules);
            for (hit, first) in [(Hit::Early, Some(0)), (Hit::Late, Some(rules - SORTS)), (Hit::Miss, None)] {
                for (sort, attributes) in requests(rules, hit).iter().enumerate() {
                    let matched = decide(&policy, attributes, Release::NEWEST).rule;
                    assert_eq!(matched, first.map(|first| first + sort), "{rules} rules, {hit:?}");
                }
            }
        }
    }
}
