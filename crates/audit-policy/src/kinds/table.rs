//! The table as text (its format is told at its head), and the same in memory.

use std::sync::OnceLock;

use super::{Minors, Resource, Subresource, Version};

const TABLE: &str = include_str!("table.txt");

/// Every built-in resource of every release, in the order in which API servers prefer their groups.
pub fn all() -> &'static [Resource] {
    static ALL: OnceLock<Vec<Resource>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut group = "";
        let mut resources = Vec::new();
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            match line.strip_suffix(':') {
                Some("core") => group = "",
                Some(name) => group = name,
                None => resources.extend(resource(group, line)),
            }
        }
        resources
    })
}

fn resource(group: &'static str, line: &'static str) -> Option<Resource> {
    let mut fields = line.split(' ');
    let mut next = || fields.next();
    let (resource, kind) = (next()?, next()?);
    let short_names = list(next()?);
    let namespaced = next()? == "n";
    let categories = list(next()?);
    let verbs = verbs(next()?);
    let versions: Vec<Version> = list(next()?).into_iter().filter_map(version).collect();
    let served = Minors {
        first: versions.iter().map(|version| version.served.first).min()?,
        last: versions.iter().map(|version| version.served.last).max()?,
    };
    let subresources = list(next()?).into_iter().filter_map(|field| subresource(field, kind, served)).collect();
    Some(Resource { group, resource, kind, short_names, namespaced, categories, verbs, versions, subresources })
}

fn version(field: &'static str) -> Option<Version> {
    let (name, minors) = field.split_once(':')?;
    let (served, by_default) =
        minors.split_once('!').map_or((minors, None), |(served, default)| (served, Some(default)));
    let served = range(served)?;
    Some(Version { name, served, by_default: by_default.map_or(Some(served), range) })
}

fn subresource(field: &'static str, kind: &'static str, served: Minors) -> Option<Subresource> {
    let mut parts = field.split(':');
    let (named, letters) = (parts.next()?, parts.next()?);
    let (name, kind) = named.split_once('=').unwrap_or((named, kind));
    let (kind, kind_group_version) = kind.split_once('@').map_or((kind, None), |(kind, own)| (kind, Some(own)));
    let served = parts.next().and_then(range).unwrap_or(served);
    Some(Subresource { name, kind, kind_group_version, verbs: verbs(letters), served })
}

fn list(field: &'static str) -> Vec<&'static str> {
    if field == "-" { Vec::new() } else { field.split(',').collect() }
}

fn range(text: &str) -> Option<Minors> {
    let (first, last) = text.split_once('-')?;
    Some(Minors { first: first.parse().ok()?, last: last.parse().ok()? })
}

fn verbs(letters: &str) -> Vec<&'static str> {
    let verb = |letter| {
        Some(match letter {
            'c' => "create",
            'd' => "delete",
            'g' => "get",
            'l' => "list",
            'p' => "patch",
            'u' => "update",
            'w' => "watch",
            'x' => "deletecollection",
            _ => return None,
        })
    };
    letters.chars().filter_map(verb).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = super::TABLE.lines().filter(|line| !line.starts_with('#') && !line.ends_with(':'));
        assert_eq!(super::all().len(), lines.count());
        assert!(super::all().iter().all(|resource| !resource.versions.is_empty()));
    }
}
