//! A resource as a command names it: a built-in one, or one taken for a custom resource.

use crate::{Release, kinds};

/// A resource that a command names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    pub group: String,
    pub version: String,
    /// The plural, as in URLs.
    pub plural: String,
    pub kind: String,
    pub namespaced: bool,
    /// Whether it is none of the built-in resources.
    pub is_custom: bool,
}

impl Resource {
    /// The built-in resource that a name stands for.
    pub fn built_in(name: &str, release: Release) -> Option<Resource> {
        kinds::find(name, release).map(Resource::found)
    }

    /// The resource of a category.
    pub fn in_category(category: &str, release: Release) -> Vec<Resource> {
        kinds::in_category(category, release).map(Resource::found).collect()
    }

    /// The resource that was found, in the version that was found.
    pub fn found(found: kinds::Found) -> Resource {
        let resource = found.resource;
        Resource {
            group: resource.group.to_owned(),
            version: found.version.to_owned(),
            plural: resource.resource.to_owned(),
            kind: resource.kind.to_owned(),
            namespaced: resource.namespaced,
            is_custom: false,
        }
    }

    /// The resource of an object's `apiVersion` and `kind`.
    pub fn of_object(api_version: &str, kind: &str, release: Release) -> Resource {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        match kinds::by_kind(group, version, kind, release) {
            Some(found) => Resource::found(found),
            None => Resource {
                group: group.to_owned(),
                version: version.to_owned(),
                plural: plural_of(kind),
                kind: kind.to_owned(),
                namespaced: true,
                is_custom: true,
            },
        }
    }

    /// A custom resource by the name that a command gives: `widget`, `widgets.example.com`, `widgets.v1.example.com`.
    pub fn custom(name: &str) -> Resource {
        let (plain, rest) = name.split_once('.').unwrap_or((name, "example.com"));
        let (version, group) = match rest.split_once('.') {
            Some((version, group)) if is_version(version) => (version, group),
            _ => ("v1", rest),
        };
        let plain = plain.to_ascii_lowercase();
        let plural = if plain.ends_with('s') { plain } else { plural_of(&plain) };
        let singular = plural.strip_suffix('s').unwrap_or(&plural);
        let mut letters = singular.chars();
        let kind = letters.next().into_iter().map(|letter| letter.to_ascii_uppercase()).chain(letters).collect();
        Resource {
            group: group.to_owned(),
            version: version.to_owned(),
            plural,
            kind,
            namespaced: true,
            is_custom: true,
        }
    }

    /// `pods`, `deployments.apps`: as kubectl names it.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// One object in words: `pod`, `deployment`.
    pub fn singular(&self) -> String {
        self.kind.to_ascii_lowercase()
    }

    /// `apps/v1`
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// The path of the list, or of one object, in a namespace or in none.
    pub fn path(&self, namespace: Option<&str>, name: Option<&str>) -> String {
        let mut path = if self.group.is_empty() { "/api/".to_owned() } else { format!("/apis/{}/", self.group) };
        path.push_str(&self.version);
        if let Some(namespace) = namespace.filter(|_| self.namespaced) {
            path.push_str("/namespaces/");
            path.push_str(namespace);
        }
        path.push('/');
        path.push_str(&self.plural);
        if let Some(name) = name {
            path.push('/');
            path.push_str(name);
        }
        path
    }
}

/// `v1`, `v2beta1`
fn is_version(text: &str) -> bool {
    text.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// The plural that Kubernetes' clients guess: k8s.io/apimachinery/pkg/api/meta/restmapper.go, `UnsafeGuessKindToResource`.
fn plural_of(kind: &str) -> String {
    let singular = kind.to_ascii_lowercase();
    match singular.strip_suffix('y') {
        _ if singular.ends_with('s') => format!("{singular}es"),
        Some(stem) => format!("{stem}ies"),
        None => format!("{singular}s"),
    }
}
