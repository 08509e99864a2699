//! The house rules that a compiler does not hold: see ARCHITECTURE.md, "Invariants".

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the engine may depend on, and why. A new line here needs a reason.
const ENGINE_DEPENDENCIES: [(&str, &str); 4] = [
    ("base64", "links are base64url of what is packed"),
    ("miniz_oxide", "links are packed by deflate, and unpacked no further than their limit"),
    ("serde", "every type between the steps is plain data that the command prints and the page draws"),
    ("serde_json", "values of logged objects in that data"),
];

/// Files that may be longer than others, and why.
const LONG_FILES: [(&str, &str); 0] = [];

/// The most lines a source file has without a reason.
const MOST_LINES: usize = 620;

/// What the engine's sources never name: it has no I/O, no clock, no randomness, no platform.
const NOT_IN_THE_ENGINE: [&str; 12] = [
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "std::time",
    "std::thread",
    "wasm_bindgen",
    "web_sys",
    "println!",
    "eprintln!",
    "unsafe ",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file that git knows, but for vectors and other data.
fn files() -> Vec<PathBuf> {
    let listing = Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(root()).output();
    let listing = String::from_utf8(listing.expect("git lists the files").stdout).unwrap();
    listing.lines().map(|line| root().join(line)).filter(|path| path.exists()).collect()
}

fn sources(folder: &str) -> Vec<(String, String)> {
    let folder = root().join(folder);
    let rust =
        |path: &PathBuf| path.starts_with(&folder) && path.extension().is_some_and(|extension| extension == "rs");
    files().into_iter().filter(rust).map(|path| (shown(&path), fs::read_to_string(&path).unwrap())).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

#[test]
fn the_engine_does_no_io_and_knows_no_platform() {
    let sources = sources("crates/audit-policy/src");
    assert!(sources.len() > 10);
    for (path, text) in sources {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for word in NOT_IN_THE_ENGINE {
                assert!(!line.contains(word), "{path}:{}: `{word}` has no place in the engine", number + 1);
            }
        }
    }
}

#[test]
fn the_engine_depends_on_little() {
    let manifest = fs::read_to_string(root().join("crates/audit-policy/Cargo.toml")).unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let names: BTreeSet<_> =
        section.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|name| !name.is_empty()).collect();
    let known: BTreeSet<_> = ENGINE_DEPENDENCIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, known, "tell why in ENGINE_DEPENDENCIES");
}

#[test]
fn no_source_file_is_long_without_a_reason() {
    for folder in ["crates", "web", "tests"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            let excused = LONG_FILES.iter().any(|(known, _)| *known == path);
            assert!(lines <= MOST_LINES || excused, "{path} has {lines} lines: split it by what it holds");
        }
    }
}

#[test]
fn locked_packages_come_from_the_public_registries() {
    let cargo = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for line in cargo.lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(line, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    }
    let npm = fs::read_to_string(root().join("package-lock.json")).unwrap();
    for line in npm.lines().filter(|line| line.contains("\"resolved\"")) {
        assert!(line.contains("\"https://registry.npmjs.org/"), "package-lock.json: {line}");
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let is_document = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    for path in files().into_iter().filter(is_document) {
        let text = fs::read_to_string(&path).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let file = path.parent().unwrap().join(target);
            assert!(file.exists(), "{}: {target} is not there", shown(&path));
        }
    }
}

#[test]
fn every_difference_has_an_id_and_a_reason() {
    let text = fs::read_to_string(root().join("DIFFERENCES.md")).unwrap();
    for line in text.lines().filter(|line| line.starts_with("- ")) {
        let reason = line.strip_prefix("- `").and_then(|line| line.split_once("`: ")).map(|(_, reason)| reason);
        assert!(reason.is_some_and(|reason| reason.len() > 10), "not of the form - `ID`: reason: {line}");
    }
}
