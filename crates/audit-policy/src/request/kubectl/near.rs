//! The known name that is nearest to one that is not known.

/// The nearest of these names, if it is near: two edits at most, fewer for short names.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Longer names are no typing errors, and comparing takes time by length squared.
    if name.len() > 40 {
        return None;
    }
    let allowed = if name.chars().count() < 5 { 1 } else { 2 };
    known
        .map(|other| (distance(name, other), other))
        .filter(|(edits, _)| *edits <= allowed)
        .min()
        .map(|(_, other)| other)
}

/// How many letters must be inserted, left out, replaced or swapped with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut last = None;
    for (i, from) in left.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, to) in right.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&row, j) + usize::from(from != *to)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = j > 0 && last == Some(*to) && right.get(j - 1) == Some(&from);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(from);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn near_names_are_found() {
        for (name, expected) in [
            ("namespce", Some("namespace")),
            ("naemspace", Some("namespace")),
            ("frob", None),
            ("al", Some("all")),
            ("", None),
            ("selecter", Some("selector")),
        ] {
            let known = ["namespace", "all", "selector", "output"];
            assert_eq!(super::nearest(name, known.into_iter()), expected, "{name}");
        }
    }
}
