//! Texts and what start-up says to them.

#![expect(clippy::string_slice, reason = "a place that is not on character boundaries fails the test")]

use super::super::unreadable;
use super::{policy, release};
use crate::loaded::ErrorSource;
use crate::{Loaded, Release, load};

fn message(text: &[u8], release: Release) -> String {
    let Loaded { error, warnings, .. } = load(text, release);
    error.map_or_else(|| format!("loads{}", warnings.join("")), |error| error.message)
}

#[test]
fn messages_differ_by_release() {
    let text = policy("rules:\n- level: <\n  nonResourceURLs: [\"/a\"]\n  namespaces: [b]\n");
    for (minor, expected) in [
        (
            34,
            "[rules[0].level: Unsupported value: \"\\u003c\": supported values: \"None\", \"Metadata\", \"Request\", \"RequestResponse\", \
              rules[0].nonResourceURLs: Invalid value: [\"/a\"]: rules cannot apply to both regular resources and non-resource URLs]",
        ),
        (
            33,
            "[rules[0].level: Unsupported value: \"<\": supported values: \"None\", \"Metadata\", \"Request\", \"RequestResponse\", \
              rules[0].nonResourceURLs: Invalid value: []string{\"/a\"}: rules cannot apply to both regular resources and non-resource URLs]",
        ),
    ] {
        assert_eq!(message(text.as_bytes(), release(minor)), expected, "1.{minor}");
    }
    assert!(message(b"~: 1\n", release(26)).contains("Unsupported map key"));
    assert!(message(b"~: 1\n", release(27)).contains("unsupported map key"));
    assert_eq!(message(policy("foo: 1\nrules:\n- level: None\n").as_bytes(), release(25)), "loads");
}

#[test]
fn odd_texts() {
    let utf16: Vec<u8> =
        policy("rules:\n- level: None\n  users: [é😀]\n").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let utf16 = [&[0xfe, 0xff][..], &utf16].concat();
    for (text, expected) in [
        (&b""[..], "unknown group version field audit.k8s.io/__internal, Kind=Policy in policy"),
        (b"k8s\0", "failed decoding: empty body"),
        (&utf16, "loads"),
        (b"\xff\xfea", "failed decoding: yaml: incomplete UTF-16 character"),
        (b"a: \xc3", "failed decoding: yaml: incomplete UTF-8 octet sequence"),
        (b"a: \"\\", "failed decoding: yaml: found unknown escape character"),
        (b"!!str\"a\"", "failed decoding: yaml: did not find expected whitespace or line break"),
        (b"a: &x [*x]", "failed decoding: yaml: anchor 'x' value contains itself"),
        (b"- ?\n", "failed decoding: unsupported map key of type: %!s(<nil>), key: <nil>, value: <nil>"),
        (b"a: .inf", "failed decoding: json: unsupported value: +Inf"),
        (b"%YAML 1.2\n---\n", "failed decoding: yaml: found incompatible YAML document"),
        (b"apiVersion: audit.k8s.io/v1\nrules:\n- level: |-\n    None", "loads"),
    ] {
        assert_eq!(message(text, Release::NEWEST), expected, "{:?}", String::from_utf8_lossy(text));
    }
}

#[test]
fn hostile_texts_are_answered() {
    let deep = |open: &str| policy(&format!("x: {}", open.repeat(100_000)));
    let bomb: String = std::iter::once("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned())
        .chain((1..10).map(|level| {
            let alias = format!("*a{},", level - 1).repeat(9);
            format!("a{level}: &a{level} [{alias}]\n")
        }))
        .collect();
    for (text, expected) in [
        (deep("["), "failed decoding: yaml: line 3: exceeded max depth of 10000"),
        (deep("{a: "), "failed decoding: yaml: line 3: exceeded max depth of 10000"),
        (
            policy(&format!("x:\n  {}", "- ".repeat(100_000))),
            "failed decoding: yaml: line 4: exceeded max depth of 10000",
        ),
        (policy(&bomb), "failed decoding: yaml: document contains excessive aliasing"),
        (
            policy(&format!("x: {}{}\n", "[".repeat(10_000), "]".repeat(10_000))),
            "failed decoding: couldn't get version/kind; json parse error: invalid character '[' exceeded max depth",
        ),
        (policy(&format!("rules:\n{}", "- level: None\n".repeat(20_000))), "loads"),
    ] {
        assert_eq!(message(text.as_bytes(), Release::NEWEST), expected);
    }
    let many = load(policy(&format!("rules:\n{}", "-\n".repeat(20_000))).as_bytes(), Release::NEWEST);
    assert_eq!(many.findings.len(), 1_000);
    assert!(many.error.is_some_and(|error| error.message.ends_with("rules[19999].level: Required value]")));
}

#[test]
fn files() {
    let loaded = load(b"", Release::NEWEST).from_file("/etc/p.yaml");
    assert_eq!(
        loaded.error.and_then(|error| error.startup_message).as_deref(),
        Some(
            "loading audit policy file: unknown group version field audit.k8s.io/__internal, Kind=Policy in policy: from file /etc/p.yaml"
        )
    );
    let missing = unreadable("a\"b", "open a\"b: no such file or directory", Release::NEWEST);
    let error = missing.error.unwrap();
    assert_eq!(error.message, "failed to read file path \"a\\\"b\": open a\"b: no such file or directory");
    assert_eq!(error.from, ErrorSource::Apiserver);
}

#[test]
fn places_are_known_where_it_does_not_load() {
    let text = policy("rules:\n- verbs: [get]\n  level: Nonsense\n-\n");
    let loaded = load(text.as_bytes(), Release::NEWEST);
    let shown: Vec<String> = loaded
        .places
        .rules
        .iter()
        .map(|rule| {
            let fields = rule.fields().map(|(name, key, value)| {
                format!("{name} `{}` `{}`", &text[key.start..key.end], &text[value.start..value.end])
            });
            format!("`{}`: {}", &text[rule.span.start..rule.span.end], fields.collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert_eq!(shown, ["`verbs: [get]\n  level: Nonsense`: verbs `verbs` `[get]`, level `level` `Nonsense`", "``: "]);
}
