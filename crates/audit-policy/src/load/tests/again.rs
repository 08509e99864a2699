//! Loading again answers what loading does, whatever is typed.

use crate::load::load_again;
use crate::{Release, load};

/// Policies in which typing is likely to change more than it seems.
const POLICIES: [&str; 7] = [
    "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n# first\n- level: None\n  users: [a, \"b\"]\n\n- level: Metadata # second\n  resources:\n  - group: apps\n    resources: [pods, 'pods/log']\n  # last\n- level: Request\n",
    "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - level: None\n    users:\n    - a\n    - b\n  - verbs: [get,\n     list]\n    level: Metadata\n  - level: Request\nomitStages:\n- RequestReceived\n",
    "kind: Policy\napiVersion: audit.k8s.io/v1\nrules:\n- level: |-\n    None\n  namespaces: [\"\", x]\n-  level: >-\n     Metadata\n   users: ['it''s', \"a\n\n     b\"]\n- level: Request\n  verbs:\n  - get",
    "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n  users: [\"a\nb\", c]\n- level: Metadata\n  users: [x,\ny]\n- {level: Request, verbs: [get]}\n- level: None\n",
    "%TAG !a! tag:yaml.org,2002:\n---\napiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: !a!str None\n  users: [&x u]\n- level: Metadata\n  users: [*x]\n...\n",
    "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n  ? users\n  : [a]\n- level: Metadata\n  omitStages:\n  nonResourceURLs: [/healthz*, \"/\u{e4}\"]\n- level: Request # \u{1f600}\n  userGroups:\n    - a b\n      c\n---\n",
    "rules:\n- level: None\n- level: Metadata\napiVersion: audit.k8s.io/v1\nkind: Policy\n",
];

const PIECES: [&str; 38] = [
    "a",
    "x",
    "1",
    " ",
    "  ",
    "\n",
    "\n  ",
    "\n- ",
    "- ",
    "-",
    ":",
    ": ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "#",
    " # ",
    "|\n",
    ">",
    "&x ",
    "*x",
    "!",
    "?",
    "? ",
    "---\n",
    "...\n",
    "\t",
    "\r",
    "\r\n",
    "\u{2028}",
    "\u{feff}",
    "\u{e4}",
    "\nomitStages: []\n",
    "- level: None\n",
];

/// One edit: some of the text goes, and a piece comes.
fn edit(text: &str, rng: &mut fastrand::Rng) -> String {
    let at = |rng: &mut fastrand::Rng| {
        let offset = rng.usize(..=text.len());
        (0..=offset).rev().find(|offset| text.is_char_boundary(*offset)).unwrap()
    };
    let start = at(rng);
    let length = [0, 0, 0, 1, 1, 2, 9, 30][rng.usize(..8)];
    let end = (start + length..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
    let piece = if rng.u8(..4) == 0 { "" } else { PIECES[rng.usize(..PIECES.len())] };
    let mut edited = text.to_owned();
    edited.replace_range(start..end, piece);
    edited
}

#[test]
fn it_answers_what_loading_does() {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut alone = 0;
    for round in 0..30_000 {
        let mut before = POLICIES[round % POLICIES.len()].to_owned();
        for _ in 0..rng.u8(..3) {
            let edited = edit(&before, &mut rng);
            if load(edited.as_bytes(), Release::NEWEST).accepted {
                before = edited;
            }
        }
        let loaded = load(before.as_bytes(), Release::NEWEST);
        let text = edit(&before, &mut rng);
        if let Some(again) = load_again(&text, Release::NEWEST, &before, &loaded) {
            alone += 1;
            assert_eq!(again, load(text.as_bytes(), Release::NEWEST), "{before:?} became {text:?}");
        }
    }
    assert!(alone > 1_000, "{alone}");
}

#[test]
fn typing_into_a_rule_reads_that_rule() {
    let before = POLICIES[0];
    let loaded = load(before.as_bytes(), Release::NEWEST);
    for (old, new) in [
        ("[a, \"b\"]", "[a, \"bc\"]"),
        ("group: apps", "group: app"),
        ("level: Request", "level: None"),
        ("second", "2nd"),
    ] {
        let text = before.replace(old, new);
        assert!(load_again(&text, Release::NEWEST, before, &loaded).is_some(), "{new}");
    }
    for (old, new) in
        [("- level: Request\n", ""), ("# first", "# 1st"), ("[RequestReceived]", "[]"), ("\n\n", "\n- level: None\n")]
    {
        let text = before.replace(old, new);
        assert!(load_again(&text, Release::NEWEST, before, &loaded).is_none(), "{new}");
    }
}
