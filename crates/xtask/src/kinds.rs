//! `cargo xtask kinds`: the engine's table of built-in resources, made from what kube-apiservers said in discovery.
//!
//! `data/resources.json` holds the facts of every release from 1.16 on, and for older ones what Kubernetes' source says of when a
//! version came. The table holds what the engine needs of them; its format is told at its head.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const DATA: &str = "crates/xtask/data/resources.json";
const TABLE: &str = "crates/audit-policy/src/kinds/table.txt";

/// The oldest release whose discovery is known.
const FLOOR: u8 = 16;

const HEAD: &str = "\
# Every built-in resource of every release, made by `cargo xtask kinds`: do not edit.
# GROUP: (`core:` for the group without a name), in the order in which API servers prefer them, then its resources:
# PLURAL KIND SHORT-NAMES n|c (namespaced, cluster) CATEGORIES VERBS VERSIONS SUBRESOURCES
# VERSIONS: NAME:FIRST-LAST, most stable first, minors; `!` where never served by default, `!A-B` where by default only from A to B.
# SUBRESOURCES: NAME[=KIND[@GROUP/VERSION]]:VERBS[:FIRST-LAST]. A kind, a version's range: left out where as the resource's.
# VERBS: c create, d delete, x deletecollection, g get, l list, p patch, u update, w watch.
";

/// Groups as kube-apiserver orders them in discovery, as far as that matters: a resource of two groups is taken from the first.
const GROUPS: [&str; 8] = [
    "",
    "extensions",
    "apps",
    "events.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
];

pub fn run(check: bool) -> Result<ExitCode> {
    let root = crate::root()?;
    let data = fs::read(root.join(DATA)).with_context(|| format!("cannot read {DATA}"))?;
    let table = table(&serde_json::from_slice(&data).with_context(|| format!("{DATA} is not JSON"))?)?;
    let path = root.join(TABLE);
    if check {
        if fs::read_to_string(&path).with_context(|| format!("cannot read {TABLE}"))? != table {
            bail!("{TABLE} is not what {DATA} makes: run `cargo xtask kinds`");
        }
    } else {
        fs::write(&path, &table).with_context(|| format!("cannot write {TABLE}"))?;
        println!("{TABLE}: {} bytes", table.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// The table's text.
fn table(data: &Value) -> Result<String> {
    let rows = data.get("resources").and_then(Value::as_array).context("no `resources`")?;
    let mut groups: Vec<&str> = rows.iter().map(|row| text(row, "group")).collect();
    groups.sort_by_key(|group| (GROUPS.iter().position(|known| known == group).unwrap_or(GROUPS.len()), *group));
    groups.dedup();
    let mut table = HEAD.to_owned();
    for group in groups {
        table.push_str(if group.is_empty() { "core" } else { group });
        table.push_str(":\n");
        for row in rows.iter().filter(|row| text(row, "group") == group) {
            let line = line(row, rows).with_context(|| format!("{group}/{}", text(row, "resource")))?;
            table.push_str(&line);
            table.push('\n');
        }
    }
    Ok(table)
}

fn line(row: &Value, rows: &[Value]) -> Result<String> {
    // A resource that has subresources only borrows its kind from the group it comes from.
    let named = match row.get("noMain") {
        Some(_) => rows
            .iter()
            .find(|other| text(other, "resource") == text(row, "resource") && other.get("kind").is_some())
            .context("no other group has its kind")?,
        None => row,
    };
    let kind = text(named, "kind");
    if row.get("noMain").is_none() && text(row, "singular") != kind.to_lowercase() {
        bail!("its singular is not its kind in lower case, which the table takes for granted");
    }
    let scope = if named.get("namespaced") == Some(&Value::Bool(true)) { "n" } else { "c" };
    let mut versions = Vec::new();
    for version in items(row, "versions") {
        versions.push((stability(text(version, "version")), version_field(version)?));
    }
    versions.sort_by_key(|(stability, _)| std::cmp::Reverse(*stability));
    let versions: Vec<String> = versions.into_iter().map(|(_, field)| field).collect();
    Ok([
        text(row, "resource").to_owned(),
        kind.to_owned(),
        or_dash(strings(row, "shortNames").join(",")),
        scope.to_owned(),
        or_dash(strings(row, "categories").join(",")),
        or_dash(verbs(row)?),
        versions.join(","),
        or_dash(subresources(row, kind)?.join(",")),
    ]
    .join(" "))
}

/// `v1` before `v1beta1` before `v1alpha1`, higher numbers first: Kubernetes' order of versions.
fn stability(version: &str) -> (u8, u32, u32) {
    let rest = version.trim_start_matches('v');
    let (level, split) = match rest {
        _ if rest.contains("alpha") => (0, "alpha"),
        _ if rest.contains("beta") => (1, "beta"),
        _ => (2, "."),
    };
    let (major, minor) = rest.split_once(split).unwrap_or((rest, "0"));
    (level, major.parse().unwrap_or_default(), minor.parse().unwrap_or_default())
}

/// `v1:9-37`, `v1beta1:26-33!`, `v1beta1:1-17!1-15`.
fn version_field(version: &Value) -> Result<String> {
    let name = text(version, "version");
    let (mut first, last) = range(text(version, "served"))?;
    let on = version.get("on").context("no `on`")?;
    let mut default = on.get("default").and_then(Value::as_str).map(range).transpose()?;
    if first == FLOOR {
        let introduced = version.pointer("/markers/introduced").and_then(Value::as_str).map(minor).transpose()?;
        first = introduced.unwrap_or(FLOOR).min(FLOOR);
        // Before 1.16 every version but the alpha ones was served by default.
        default = match default {
            Some((FLOOR, end)) => Some((first, end)),
            None if first < FLOOR && !name.contains("alpha") => Some((first, FLOOR - 1)),
            other => other,
        };
    }
    Ok(match default {
        Some(default) if default == (first, last) => format!("{name}:{first}-{last}"),
        Some((from, to)) => format!("{name}:{first}-{last}!{from}-{to}"),
        None => format!("{name}:{first}-{last}!"),
    })
}

/// The resource's own subresources, and those that only an older version has.
fn subresources(row: &Value, kind: &str) -> Result<Vec<String>> {
    let mut fields = Vec::new();
    for subresource in items(row, "subresources") {
        fields.push(subresource_field(subresource, kind, lifetime(row, text(subresource, "name"))?)?);
    }
    for version in items(row, "versions") {
        let differing = version.pointer("/differs/subresources").and_then(Value::as_object);
        for (name, subresource) in differing.into_iter().flatten() {
            if subresource.is_object() && items(row, "subresources").all(|own| text(own, "name") != name) {
                let served = range(text(version, "served"))?;
                fields.push(subresource_field(subresource, kind, Some(served))?);
            }
        }
        for change in items(version, "changes").filter(|change| change.get("dropped").is_some()) {
            let dropped = change.get("dropped").unwrap_or(&Value::Null);
            let served = lifetime(row, text(change, "subresource"))?;
            fields.push(subresource_field(dropped, kind, served)?);
        }
    }
    Ok(fields)
}

fn subresource_field(subresource: &Value, kind: &str, served: Option<(u8, u8)>) -> Result<String> {
    let mut field = text(subresource, "name").to_owned();
    if text(subresource, "kind") != kind {
        field += &format!("={}", text(subresource, "kind"));
        if !text(subresource, "kindGV").is_empty() {
            field += &format!("@{}", text(subresource, "kindGV"));
        }
    }
    field += &format!(":{}", verbs(subresource)?);
    if let Some((first, last)) = served {
        field += &format!(":{first}-{last}");
    }
    Ok(field)
}

/// From which release to which a subresource is served, where that is not as long as its resource.
fn lifetime(row: &Value, subresource: &str) -> Result<Option<(u8, u8)>> {
    let (mut first, mut last) = (None, None);
    for version in items(row, "versions") {
        for change in items(version, "changes").filter(|change| text(change, "subresource") == subresource) {
            if change.get("added").is_some() {
                first = Some(minor(text(change, "minor"))?);
            }
            if change.get("dropped").is_some() {
                last = Some(minor(text(change, "minor"))?.saturating_sub(1));
            }
        }
    }
    if first.is_none() && last.is_none() {
        return Ok(None);
    }
    Ok(Some((first.unwrap_or_default(), last.map_or_else(|| minor(text(row, "last")), Ok)?)))
}

fn verbs(of: &Value) -> Result<String> {
    let letter = |verb: &&str| {
        Ok(match *verb {
            "create" => 'c',
            "delete" => 'd',
            "deletecollection" => 'x',
            "get" => 'g',
            "list" => 'l',
            "patch" => 'p',
            "update" => 'u',
            "watch" => 'w',
            other => bail!("the table has no letter for verb `{other}`"),
        })
    };
    strings(of, "verbs").iter().map(letter).collect()
}

/// `1.16-1.37` or `1.37`.
fn range(text: &str) -> Result<(u8, u8)> {
    if text.contains(',') {
        bail!("`{text}`: the table holds ranges without gaps");
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Ok((minor(first)?, minor(last)?))
}

fn minor(text: &str) -> Result<u8> {
    text.strip_prefix("1.").and_then(|minor| minor.parse().ok()).with_context(|| format!("`{text}` is no release"))
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn items<'a>(of: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    of.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn strings<'a>(of: &'a Value, key: &str) -> Vec<&'a str> {
    items(of, key).filter_map(Value::as_str).collect()
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_table_is_what_the_data_makes() {
        super::run(true).unwrap();
    }
}
