//! Words that are nearly the same.

/// A longer word is no typing error, and comparing takes time by length squared.
const LONGEST: usize = 40;

/// The known word that a misspelt one most likely is, in any case; the first of several that are as near.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in known {
        let distance = distance(&lower, &candidate.to_ascii_lowercase());
        let limit = match candidate.len() {
            ..=5 => 1,
            6..=8 => 2,
            _ => 3,
        };
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Edits from one word to the other: a letter more, a letter less, another letter, two neighbours swapped.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &other) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut least = at(&last, j) + usize::from(letter != other);
            least = least.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(&other) && b.get(j - 1) == Some(&letter);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["level", "verbs", "users", "userGroups", "omitStages", "get", "all"];
        for (word, expected) in [
            ("lvel", Some("level")),
            ("Level", Some("level")),
            ("verb", Some("verbs")),
            ("omitStage", Some("omitStages")),
            ("omitStates", Some("omitStages")),
            ("usergroup", Some("userGroups")),
            ("lveel", Some("level")),
            ("gte", Some("get")),
            ("al", Some("all")),
            ("foo", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
