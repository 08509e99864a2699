//! Policies in YAML. They are read as scenarios, manifests and patches as well.

use super::inputs::{DEEP, HEAD, LARGE, MANY, MILLION, Table, each, large, text, times, yaml};

/// Block collections, each one column further in: as many as fit into a large text.
fn stairs(part: &str) -> String {
    let depth = ((LARGE * 2) as f64).sqrt() as usize;
    each(depth.min(DEEP), |index| format!("{}{part}\n", " ".repeat(index)))
}

/// Anchors that each stand for many of the one before.
fn bomb(width: usize, depth: usize) -> String {
    let line = |index: usize| match index {
        0 => "a0: &a0 [x]\n".to_owned(),
        _ => format!("a{index}: &a{index} [{}]\n", vec![format!("*a{}", index - 1); width].join(",")),
    };
    each(depth, line)
}

pub const POLICIES: Table<Vec<u8>> = &[
    ("10 MB of rules", || yaml(format!("rules:\n{}", large("- level: Metadata\n")))),
    ("10 MB of different rules", || {
        yaml(format!(
            "rules:\n{}",
            each(MANY, |index| format!(
                "- level: Request\n  users: [u{index}]\n  resources:\n  - group: g{index}\n    resources: [a, b]\n"
            ))
        ))
    }),
    ("a million names in a list", || {
        yaml(format!("rules:\n- level: Metadata\n  users:\n{}", each(MILLION, |index| format!("  - u{index}\n"))))
    }),
    ("a million names in a flow list", || {
        yaml(format!("rules:\n- level: Metadata\n  verbs: [{}]\n", each(MILLION, |index| format!("v{index}, "))))
    }),
    ("a million resourceNames in as many entries", || {
        yaml(format!("rules:\n- level: Metadata\n  resources:\n{}", times("  - resourceNames: [a]\n", MILLION / 3)))
    }),
    ("a million bad stages, the good first", || {
        let stages = format!("{}{}", times("Panic, ", MILLION), times("x, ", 2000));
        yaml(format!("omitStages: [{stages}]\nrules:\n- level: Metadata\n  omitStages: [{stages}]\n"))
    }),
    ("a million bad groups, the good first", || {
        let groups = format!("{}{}", times("{group: a}, ", MILLION / 2), times("{group: A}, ", 2000));
        yaml(format!("rules:\n- level: Metadata\n  resources: [{groups}]\n"))
    }),
    ("bad levels in every rule", || yaml(format!("rules:\n{}", each(MANY, |index| format!("- level: L{index}\n"))))),
    ("both kinds in every rule", || {
        let urls = times("/a, ", 100);
        yaml(format!(
            "rules:\n{}",
            times(&format!("- {{level: Metadata, namespaces: [a], nonResourceURLs: [{urls}]}}\n"), MANY / 10)
        ))
    }),
    ("both kinds, a million urls", || {
        yaml(format!(
            "rules:\n- level: Metadata\n  namespaces: [a]\n  nonResourceURLs: [{}]\n",
            each(MILLION, |index| format!("/u{index}, "))
        ))
    }),
    ("unknown fields in every rule", || {
        yaml(format!("rules:\n{}", each(MANY, |index| format!("- level: Metadata\n  f{index}: 1\n"))))
    }),
    ("a million unknown fields", || yaml(each(MILLION, |index| format!("f{index}: 1\n")))),
    ("a million times the same field", || yaml(times("rules: []\n", MILLION))),
    ("the same field in every rule", || yaml(format!("rules:\n{}", times("- level: None\n  level: None\n", MANY)))),
    ("duplicates of a huge key", || yaml(times(&format!("? {}\n: 1\n", "k".repeat(MANY)), 100))),
    ("duplicates deep down", || {
        let depth = 300;
        let indent = " ".repeat(depth);
        yaml(format!(
            "{}{}",
            each(depth, |index| format!("{}{}:\n", " ".repeat(index), "k".repeat(60))),
            times(&format!("{indent}a: 1\n"), MANY / 4)
        ))
    }),
    ("duplicates below huge keys", || {
        let outer = each(50, |index| {
            let indent = " ".repeat(index);
            format!("{indent}? {}\n{indent}:\n", "k".repeat(MANY))
        });
        yaml(format!("{outer}{}", times(&format!("{}a: 1\n", " ".repeat(50)), 1000)))
    }),
    ("null keys with huge values", || yaml(times(&format!("? {{a: [{}]}}\n: 1\n", times("x, ", MANY)), 10))),
    ("maps as keys", || yaml(times(&format!("? ~\n: [{}]\n", times("x, ", MANY)), 10))),
    ("an alias bomb", || yaml(bomb(10, 10))),
    ("a wide alias bomb", || yaml(bomb(1000, 5))),
    ("an alias bomb in the budget", || yaml(format!("{}rules: [{}]\n", bomb(30, 4), times("*a3, ", 10)))),
    ("a long text in many aliases", || {
        yaml(format!("a: &a {}\nrules: [{}]\n", "x".repeat(LARGE / 10), times("*a, ", MILLION / 10)))
    }),
    ("a long text in many aliases of lists", || {
        yaml(format!(
            "a: &a [{}]\nrules: [{}]\n",
            times(&format!("{}, ", "x".repeat(MANY / 10)), 300),
            times("*a, ", MANY / 100)
        ))
    }),
    ("a long key in many aliases", || {
        yaml(format!("a: &a {{{}: 1}}\nrules: [{}]\n", "x".repeat(MANY), times("*a, ", MANY)))
    }),
    ("a long binary in many aliases", || {
        yaml(format!("a: &a !!binary {}\nrules: [{}]\n", "AAAA".repeat(MANY), times("*a, ", MANY)))
    }),
    ("a long number in many aliases", || {
        yaml(format!("a: &a {}\nrules: [{}]\n", "1".repeat(MANY), times("*a, ", MANY)))
    }),
    ("an anchor in itself", || yaml("a: &a [*a]\n")),
    ("a million anchors", || yaml(format!("a: [{}]\n", each(MILLION, |index| format!("&a{index} x, "))))),
    ("a million tags", || yaml(format!("a: [{}]\n", each(MILLION, |index| format!("!t{index} x, "))))),
    ("a million tag directives", || {
        text(format!("{}---\na: 1\n", each(MILLION, |index| format!("%TAG !t{index}! tag:example.com,2000:\n"))))
    }),
    ("a long tag prefix", || {
        text(format!("%TAG !t! tag:{}\n---\na: [{}]\n", "x".repeat(MANY), times("!t!a x, ", MANY)))
    }),
    ("a long tag prefix before many suffixes", || {
        let nodes = each(MANY, |index| format!("!t!a{index} x, "));
        text(format!("%TAG !t! tag:{}\n---\na: [{nodes}]\n", "x".repeat(MANY)))
    }),
    ("a chain of merges", || {
        yaml(format!(
            "m0: &m0 {{a: 1}}\n{}",
            each(MANY / 10, |index| format!("m{}: &m{} {{<<: *m{index}, k{index}: 1}}\n", index + 1, index + 1))
        ))
    }),
    ("a merge of many", || {
        yaml(format!(
            "m: &m {{{}}}\nrules: [{}]\n",
            each(1000, |index| format!("k{index}: 1, ")),
            times("{<<: [*m, *m, *m]}, ", 1000)
        ))
    }),
    ("a merge of itself", || yaml("a: &a\n  <<: *a\n")),
    ("merges in merges", || yaml(format!("a: {}\n", times("{<<: ", DEEP)))),
    ("closed merges in merges", || yaml(format!("a: {}{}\n", times("{<<: ", 9000), times("}", 9000)))),
    ("lists 100,000 deep", || yaml(format!("rules: {}", times("[", DEEP)))),
    ("lists 9,990 deep, closed", || yaml(format!("rules: {}{}", times("[", 9990), times("]", 9990)))),
    ("lists 9,990 deep, again and again", || {
        yaml(format!("rules: [{}]", times(&format!("{}{}, ", times("[", 9990), times("]", 9990)), LARGE / 20_000)))
    }),
    ("maps 100,000 deep", || yaml(format!("rules: {}", times("{a: ", DEEP)))),
    ("maps 9,990 deep, closed", || yaml(format!("rules: {}{}", times("{a: ", 9990), times("}", 9990)))),
    ("maps as keys 100,000 deep", || yaml(format!("rules: {}", times("{? ", DEEP)))),
    ("mixed flow 100,000 deep", || yaml(format!("rules: {}", times("[{a: ", DEEP)))),
    ("pairs in flow lists 100,000 deep", || yaml(format!("rules: {}", times("[a: ", DEEP)))),
    ("block lists 100,000 deep", || yaml(format!("rules:\n{}", times("- ", DEEP)))),
    ("block lists 9,990 deep", || yaml(format!("rules:\n{}x", times("- ", 9990)))),
    ("block maps one further in each", || text(stairs("a:"))),
    ("block lists one further in each", || text(stairs("-"))),
    ("block keys one further in each", || text(stairs("?"))),
    ("block list items in maps", || text(times("- a: ", DEEP))),
    ("question marks", || text(times("? ", DEEP))),
    ("colons", || text(large(": "))),
    ("anchors on nothing", || text(large("&a "))),
    ("aliases of nothing", || text(large("*a "))),
    ("tags on nothing", || text(large("! "))),
    ("one quoted text of 10 MB", || yaml(format!("rules: \"{}\"", large("a \\n\\u0041 ")))),
    ("one quoted text never closed", || yaml(format!("rules: '{}", large("a ''")))),
    ("one plain line of 10 MB", || yaml(format!("rules: {}", large("a b #c: d")))),
    ("one plain text of 10 MB in many lines", || yaml(format!("rules:\n  {}", large("a\n  ")))),
    ("one block text of 10 MB", || yaml(format!("rules: |\n{}", large("  a\n")))),
    ("one folded text of 10 MB", || yaml(format!("rules: >\n{}", large("  a\n\n   b\n")))),
    ("a block text of blank lines", || yaml(format!("rules: |\n{}", large(" \n")))),
    ("blank lines", || text(large("\n"))),
    ("blanks", || text(large(" "))),
    ("tabs", || text(large("\t"))),
    ("comments", || text(large("# a\n"))),
    ("one comment of 10 MB", || text(format!("#{}", large("a")))),
    ("documents", || text(large("---\na: 1\n"))),
    ("document ends", || text(large("...\n"))),
    ("a second document of 10 MB", || yaml(format!("rules: [{{level: None}}]\n---\n{}", large("a: b\n")))),
    ("byte order marks", || text(large("\u{feff}"))),
    ("utf-16", || {
        let mut all = vec![0xff, 0xfe];
        all.extend(
            format!("{HEAD}rules:\n{}", times("- level: Metadata\n", MANY)).encode_utf16().flat_map(u16::to_le_bytes),
        );
        all
    }),
    ("utf-16 of lone surrogates", || [vec![0xfe, 0xff], b"\xd8\x00".repeat(LARGE / 2)].concat()),
    ("a number of 10 MB", || yaml(format!("rules: {}", "9".repeat(LARGE)))),
    ("a hexadecimal of 10 MB", || yaml(format!("rules: 0x{}", "f".repeat(LARGE)))),
    ("a float of 10 MB", || yaml(format!("rules: 1.{}e99999999999", "0".repeat(LARGE)))),
    ("a number with signs and underscores", || yaml(format!("rules: +1{}", large("_0")))),
    ("a sexagesimal of 10 MB", || yaml(format!("rules: 1{}", large(":59")))),
    ("a time of 10 MB", || yaml(format!("rules: 2001-01-01T00:00:00.{}Z", "0".repeat(LARGE)))),
    ("a million numbers", || yaml(format!("rules: [{}]", times("1e308, ", MILLION)))),
    ("a key of 10 MB", || yaml(format!("? {}\n: 1\n", "k".repeat(LARGE)))),
    ("a level of 10 MB", || yaml(format!("rules:\n- level: {}\n", "l".repeat(LARGE)))),
    ("a field's name of 10 MB in a rule", || {
        yaml(format!("rules:\n- level: None\n  ? {}\n  : 1\n", "k".repeat(LARGE)))
    }),
    ("a kind of 10 MB", || text(format!("apiVersion: audit.k8s.io/v1\nkind: {}\n", "k".repeat(LARGE)))),
    ("a version of 10 MB", || text(format!("apiVersion: {}\nkind: Policy\n", "k/".repeat(LARGE / 2)))),
    ("a group of 10 MB", || {
        yaml(format!("rules:\n- level: None\n  resources: [{{group: {}}}]\n", "G.".repeat(LARGE / 2)))
    }),
    ("a url of 10 MB", || yaml(format!("rules:\n- level: None\n  nonResourceURLs: [/{}]\n", "*".repeat(LARGE)))),
    ("a bad url of 10 MB", || {
        yaml(format!("rules:\n- level: None\n  nonResourceURLs: [{}]\n", "a*".repeat(LARGE / 2)))
    }),
    ("a time of 10 MB in metadata", || yaml(format!("metadata: {{creationTimestamp: \"{}\"}}\n", "2".repeat(LARGE)))),
];
