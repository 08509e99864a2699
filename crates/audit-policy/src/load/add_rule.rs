//! A last rule for what no other one matches, put into a policy's text.

use super::again::{column_of_dash, line_start};
use super::load;
use crate::{Edit, Fix, Level, Loaded, Rule, Span};

/// Longer texts are not read anew for it.
const LONGEST: usize = 1 << 16;

/// The edit that adds a last rule with level Metadata to a policy that loads, and changes nothing else of it; none where the text has no
/// plain place for one.
pub fn add_rule(text: &str, loaded: &Loaded) -> Option<Fix> {
    let policy = loaded.policy.as_ref().filter(|_| text.len() <= LONGEST)?;
    let last = loaded.places.rules.last()?.span;
    let end = last.start + text.get(last.start..last.end)?.trim_end().len();
    let before = text.get(line_start(text, last.start)?..last.start)?;
    let (at, added) = if let Some(column) = column_of_dash(before) {
        let at = block_end(text, end, column)?;
        let ends_line = text.get(..at)?.ends_with('\n');
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let (first, rule) = (if ends_line { "" } else { newline }, format!("{}- level: Metadata", " ".repeat(column)));
        (at, format!("{first}{rule}{}", if ends_line { newline } else { "" }))
    } else if text.get(last.start..)?.starts_with("{\"") {
        (end, ", {\"level\": \"Metadata\"}".to_owned())
    } else {
        (end, ", {level: Metadata}".to_owned())
    };
    let edits = vec![Edit { span: Span::new(at, at), text: added }];
    let fix = Fix { title: "Add - level: Metadata as the last rule".to_owned(), edits };
    let mut then = load(fix.apply(text).as_bytes(), loaded.release).policy?;
    let added = then.rules.pop()?;
    (then == *policy && *added == Rule { level: Level::Metadata, ..Rule::default() }).then_some(fix)
}

/// Where a rule ends in lines: with the one that its last character is in, and comments below it that are further in.
fn block_end(text: &str, end: usize, column: usize) -> Option<usize> {
    let mut lines = text.get(end..)?.split_inclusive('\n');
    let mut at = end + lines.next().map_or(0, str::len);
    for line in lines {
        let content = line.trim_start_matches(' ');
        if !content.starts_with('#') || line.len() - content.len() <= column {
            break;
        }
        at += line.len();
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Release;

    #[test]
    fn the_last_rule_is_added_and_all_else_stays() {
        let head = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";
        for (rules, added) in [
            ("rules:\n- level: None\n  users: [a]\n", "rules:\n- level: None\n  users: [a]\n- level: Metadata\n"),
            ("rules:\n- level: None", "rules:\n- level: None\n- level: Metadata"),
            (
                "rules:\n  # a\n  -  level: None # b\n     # c\n\n  # d\nomitStages: [Panic]\n",
                "rules:\n  # a\n  -  level: None # b\n     # c\n  - level: Metadata\n\n  # d\nomitStages: [Panic]\n",
            ),
            ("rules:\r\n- level: None\r\n", "rules:\r\n- level: None\r\n- level: Metadata\r\n"),
            ("rules: [{level: None}]\n", "rules: [{level: None}, {level: Metadata}]\n"),
            ("rules:\n- {level: None}\n", "rules:\n- {level: None}\n- level: Metadata\n"),
            ("rules: [\n  {level: None}, # a\n]\n", "rules: [\n  {level: None}, {level: Metadata}, # a\n]\n"),
            ("rules:\n- level: None\n...\n", "rules:\n- level: None\n- level: Metadata\n...\n"),
        ] {
            let text = format!("{head}{rules}");
            let fix = add_rule(&text, &load(text.as_bytes(), Release::NEWEST)).unwrap_or_else(|| panic!("{rules}"));
            assert_eq!(fix.apply(&text), format!("{head}{added}"));
        }
        let json = r#"{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"None"}]}"#;
        let fix = add_rule(json, &load(json.as_bytes(), Release::NEWEST)).unwrap();
        assert_eq!(fix.apply(json), json.replace("}]}", r#"}, {"level": "Metadata"}]}"#));
    }

    #[test]
    fn where_there_is_no_plain_place_nothing_is_added() {
        let head = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";
        let long = format!("rules:\n- level: None\n{}", "# a\n".repeat(LONGEST / 4));
        for rules in [
            "",
            "rules: []\n",
            "rules:\n-\n  level: None\n",
            "rules:\n- &a\n  level: None\n- *a\n",
            "rules: {\n",
            &long,
        ] {
            let text = format!("{head}{rules}");
            let fix = add_rule(&text, &load(text.as_bytes(), Release::NEWEST));
            assert_eq!(fix, None, "{}", rules.get(..40).unwrap_or(rules));
        }
    }
}
