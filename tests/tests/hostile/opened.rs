//! Files that somebody opens, made to hurt: what wraps a policy, and links.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::inputs::{DEEP, HEAD, MANY, MILLION, Table, each, large, text, times};

/// A policy in as few bytes as it can have.
const POLICY: &str = "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: None}]}";

pub const OPENED: Table<Vec<u8>> = &[
    ("a map of 100,000 policies", || {
        text(format!("kind: ConfigMap\ndata:\n{}", each(MANY, |index| format!("  a{index}: '{POLICY}'\n"))))
    }),
    ("a map of a policy of 10 MB", || {
        text(format!(
            "kind: ConfigMap\ndata:\n  a: |\n    {}    rules:\n{}",
            HEAD.replace('\n', "\n    "),
            large("    - level: None\n")
        ))
    }),
    ("documents of policies in maps", || {
        text(times(&format!("kind: ConfigMap\ndata: {{a: '{POLICY}'}}\n---\n"), MANY))
    }),
    ("a policy packed 25 times", || {
        let wrapped = (0..25).fold(POLICY.to_owned(), |inner, _| {
            format!("{{\"kind\":\"Secret\",\"data\":{{\"audit.k8s.io\":\"{}\"}}}}", STANDARD.encode(inner))
        });
        text(wrapped)
    }),
    ("a policy in a text in a text", || {
        let wrapped = (0..18).fold(POLICY.to_owned(), |inner, _| {
            format!("{{\"data\":{{\"a\":{}}}}}", serde_json::to_string(&inner).expect("a text is JSON"))
        });
        text(wrapped)
    }),
    ("a policy deep inside", || text(format!("{}{POLICY}{}", times("{a: ", 9000), times("}", 9000)))),
    ("a policy too deep inside", || text(format!("{}{POLICY}{}", times("{a: ", DEEP), times("}", DEEP)))),
    ("10 MB that may be packed", || text(format!("a: {}", large("YXVkaXQuazhzLmlv")))),
    ("a million words that may be packed", || text(format!("a: [{}]", times("YXVkaXQuazhzLmlv, ", MILLION)))),
    ("a million names of the group", || text(format!("a: [{}]", times("audit.k8s.io/v1, ", MILLION)))),
    ("a million aliases of a policy", || text(format!("a: &a '{POLICY}'\nb: [{}]", times("*a, ", MILLION)))),
    ("paths to policies", || text(each(MANY, |index| format!("- --audit-policy-file=/etc/{index}.yaml\n")))),
    ("a link of 10 MB", || text(format!("https://h/#v1/{}", large("A")))),
    ("a link that unpacks to more than it may", || {
        text(format!("#v1/{}", URL_SAFE_NO_PAD.encode(miniz(&times("a", 40_000_000)))))
    }),
    ("a link of many blocks of nothing", || {
        // A stored block without bytes, again and again.
        text(format!("#v1/{}", URL_SAFE_NO_PAD.encode([0, 0, 0, 0xff, 0xff].repeat(MILLION))))
    }),
    ("a log of 10 MB", || text(large("{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"verb\":\"get\"}\n"))),
    ("half of UTF-16", || [vec![0xff, 0xfe], [0x3d, 0xd8].repeat(MILLION)].concat()),
];

/// Deflated.
fn miniz(long: &str) -> Vec<u8> {
    use std::io::Write as _;

    let mut writer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(long.as_bytes()).expect("memory takes all");
    writer.finish().expect("memory takes all")
}
