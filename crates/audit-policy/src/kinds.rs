//! Every built-in resource of every release, and what kubectl takes for the name of one.
//!
//! The facts come from what kube-apiservers of 1.16 and newer said in discovery (`cargo xtask kinds` makes the table of them); for
//! older releases, from what Kubernetes' source says of when a version came, which leaves out versions that were gone by 1.16.

mod table;

use crate::Release;

pub use table::all;

/// A built-in resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The name in URLs and policies, such as `pods`.
    pub resource: &'static str,
    /// The kind of its objects, such as `Pod`.
    pub kind: &'static str,
    /// Short names that kubectl takes, such as `po`.
    pub short_names: Vec<&'static str>,
    /// Whether its objects are in namespaces.
    pub namespaced: bool,
    /// Categories that kubectl takes, such as `all`.
    pub categories: Vec<&'static str>,
    /// What may be done with it, as in discovery: `create`, `deletecollection`, …; empty where it only has subresources.
    pub verbs: Vec<&'static str>,
    /// Its API versions, the most stable first.
    pub versions: Vec<Version>,
    /// Its subresources.
    pub subresources: Vec<Subresource>,
}

/// An API version of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its name, such as `v1beta1`.
    pub name: &'static str,
    /// The minors in which it can be served.
    pub served: Minors,
    /// The minors in which it is served without flags.
    pub by_default: Option<Minors>,
}

/// A subresource, such as `log` of pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subresource {
    /// Its name.
    pub name: &'static str,
    /// The kind of its objects.
    pub kind: &'static str,
    /// Group and version of that kind, where they are not the resource's own.
    pub kind_group_version: Option<&'static str>,
    /// What may be done with it.
    pub verbs: Vec<&'static str>,
    /// The minors that serve it.
    pub served: Minors,
}

/// Releases from one minor to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minors {
    /// The first minor: 9 for 1.9; 0 where it was always there.
    pub first: u8,
    /// The last minor.
    pub last: u8,
}

impl Minors {
    /// Whether the release is one of them.
    pub fn contains(self, release: Release) -> bool {
        (self.first..=self.last).contains(&release.minor())
    }
}

impl Resource {
    /// The name of one object, such as `pod`.
    pub fn singular(&self) -> String {
        self.kind.to_ascii_lowercase()
    }

    /// The version that the release's clients use: the most stable that is served by default, else the most stable that can be
    /// served; none where the release does not have the resource.
    pub fn preferred_version(&self, release: Release) -> Option<&'static str> {
        let by_default = |version: &&Version| version.by_default.is_some_and(|minors| minors.contains(release));
        let served = |version: &&Version| version.served.contains(release);
        let versions = &self.versions;
        versions.iter().find(by_default).or_else(|| versions.iter().find(served)).map(|version| version.name)
    }

    /// Whether the release serves it without flags.
    pub fn served_by_default(&self, release: Release) -> bool {
        self.versions.iter().any(|version| version.by_default.is_some_and(|minors| minors.contains(release)))
    }

    /// Whether the release can serve this version.
    pub fn has_version(&self, version: &str, release: Release) -> bool {
        self.versions.iter().any(|known| known.name == version && known.served.contains(release))
    }

    /// The releases that have it in some version.
    pub fn served(&self) -> Minors {
        let first = self.versions.iter().map(|version| version.served.first).min().unwrap_or_default();
        let last = self.versions.iter().map(|version| version.served.last).max().unwrap_or_default();
        Minors { first, last }
    }

    /// The subresource of this name, where the release has it.
    pub fn subresource(&self, name: &str, release: Release) -> Option<&Subresource> {
        self.subresources.iter().find(|subresource| subresource.name == name && subresource.served.contains(release))
    }

    /// Group and version as in `apiVersion`, such as `apps/v1`.
    pub fn api_version(&self, version: &str) -> String {
        if self.group.is_empty() { version.to_owned() } else { format!("{}/{version}", self.group) }
    }

    fn is_named(&self, name: &str) -> bool {
        let plain = |known: &str| known.eq_ignore_ascii_case(name);
        plain(self.resource) || plain(self.kind) || self.short_names.contains(&name)
    }
}

/// A resource as a name was resolved: which, and in which version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The resource.
    pub resource: &'static Resource,
    /// The version asked for, else the one that the release's clients use.
    pub version: &'static str,
}

/// What kubectl of the release takes this name for: a plural, singular or kind (in any case), a short name, each also with a group
/// or the beginning of one (`deploy.apps`), or with version and group (`deployments.v1.apps`).
///
/// Mirrors k8s.io/cli-runtime/pkg/resource/builder.go, `mappingFor`, and k8s.io/apimachinery/pkg/api/meta/restmapper.go.
pub fn find(name: &str, release: Release) -> Option<Found> {
    let mut parts = name.splitn(3, '.');
    let plain = parts.next().unwrap_or_default();
    if let (Some(version), Some(group)) = (parts.next(), parts.next()) {
        let named = served(release).find(|found| {
            let resource = found.resource;
            resource.is_named(plain)
                && (group.is_empty() || resource.group == group)
                && resource.has_version(version, release)
        });
        if let Some(found) = named {
            let exact = found.resource.versions.iter().find(|known| known.name == version)?;
            return Some(Found { version: exact.name, ..found });
        }
    }
    let Some((plain, group)) = name.split_once('.') else {
        return first_by_default(release, |resource| resource.is_named(name));
    };
    first_by_default(release, |resource| resource.is_named(plain) && resource.group == group)
        .or_else(|| first_by_default(release, |resource| resource.is_named(plain) && resource.group.starts_with(group)))
}

fn first_by_default(release: Release, is_it: impl Fn(&Resource) -> bool) -> Option<Found> {
    served(release).filter(|found| is_it(found.resource)).min_by_key(|found| !found.resource.served_by_default(release))
}

/// Every resource that the release can serve, in the order in which API servers prefer them, each in its preferred version.
pub fn served(release: Release) -> impl Iterator<Item = Found> {
    all()
        .iter()
        .filter(|resource| !resource.verbs.is_empty())
        .filter_map(move |resource| resource.preferred_version(release).map(|version| Found { resource, version }))
}

/// The resource of this group and plural, where the release has it.
pub fn by_resource(group: &str, resource: &str, release: Release) -> Option<Found> {
    served(release).find(|found| found.resource.group == group && found.resource.resource == resource)
}

/// The resource of this group and kind in this version, where the release has it.
pub fn by_kind(group: &str, version: &str, kind: &str, release: Release) -> Option<Found> {
    let is_it = |found: &Found| {
        found.resource.group == group && found.resource.kind == kind && found.resource.has_version(version, release)
    };
    let found = served(release).find(is_it)?;
    let version = found.resource.versions.iter().find(|known| known.name == version)?.name;
    Some(Found { version, ..found })
}

/// The resources of a category such as `all`, as far as the release serves them by default.
pub fn in_category(category: &str, release: Release) -> impl Iterator<Item = Found> {
    served(release)
        .filter(move |found| found.resource.categories.contains(&category) && found.resource.served_by_default(release))
}

/// Resources that any release had by this name (plural, singular, kind, short name), for saying when it was served.
pub fn of_any_release(name: &str) -> impl Iterator<Item = &'static Resource> {
    let (plain, group) = name.split_once('.').unwrap_or((name, ""));
    all().iter().filter(move |resource| resource.is_named(plain) && (group.is_empty() || resource.group == group))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, minor: u8) -> String {
        match find(name, Release::new(minor).unwrap()) {
            Some(found) => format!("{} {}", found.resource.api_version(found.version), found.resource.resource),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn names_are_what_kubectl_takes_them_for() {
        for (name, minor, expected) in [
            ("pods", 37, "v1 pods"),
            ("po", 37, "v1 pods"),
            ("PO", 37, "none"),
            ("Pod", 37, "v1 pods"),
            ("DEPLOYMENT", 37, "apps/v1 deployments"),
            ("deploy.apps", 37, "apps/v1 deployments"),
            ("deployments.v1.apps", 37, "apps/v1 deployments"),
            ("deployments.v1beta1.apps", 37, "none"),
            ("deployments.v1beta1.apps", 16, "apps/v1beta1 deployments"),
            ("ingresses.net", 37, "networking.k8s.io/v1 ingresses"),
            ("ing", 20, "extensions/v1beta1 ingresses"),
            ("ing", 22, "networking.k8s.io/v1 ingresses"),
            ("deploy", 16, "apps/v1 deployments"),
            ("deploy", 15, "extensions/v1beta1 deployments"),
            ("cj", 20, "batch/v1beta1 cronjobs"),
            ("hpa", 22, "autoscaling/v1 horizontalpodautoscalers"),
            ("hpa", 37, "autoscaling/v2 horizontalpodautoscalers"),
            ("hpa.v1.autoscaling", 37, "autoscaling/v1 horizontalpodautoscalers"),
            ("events", 37, "v1 events"),
            ("events.events.k8s.io", 37, "events.k8s.io/v1 events"),
            ("pods.v1.", 37, "v1 pods"),
            ("pods.v9", 37, "none"),
            ("psp", 24, "policy/v1beta1 podsecuritypolicies"),
            ("psp", 25, "none"),
            ("frobnicators", 37, "none"),
            ("", 37, "none"),
            ("...", 37, "none"),
        ] {
            assert_eq!(found(name, minor), expected, "{name} in 1.{minor}");
        }
    }

    #[test]
    fn all_is_what_get_all_lists() {
        let names: Vec<_> = in_category("all", Release::NEWEST).map(|found| found.resource.resource).collect();
        let expected = "pods replicationcontrollers services daemonsets deployments replicasets statefulsets \
                        horizontalpodautoscalers cronjobs jobs";
        assert_eq!(names.join(" "), expected);
    }

    #[test]
    fn subresources_come_and_go() {
        let pods = by_resource("", "pods", Release::NEWEST).unwrap().resource;
        let release = |minor| Release::new(minor).unwrap();
        assert!(pods.subresource("resize", release(31)).is_none() && pods.subresource("resize", release(32)).is_some());
        assert_eq!(pods.subresource("exec", Release::NEWEST).unwrap().verbs, ["create", "get"]);
        assert_eq!(of_any_release("psp").map(|resource| resource.served().last).max(), Some(24));
    }
}
