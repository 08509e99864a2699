//! Runs the code blocks of the documentation: commands print what stands below them, policies load, playgrounds answer what is claimed, and what
//! is said to be a file of the project (`file=PATH`) is that file's text.
//!
//! `UPDATE_EXPECT=1` writes what the commands print anew.

#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use audit_policy::exchange::Authentication;
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{ReadOptions, info, read};
use audit_policy::{Release, explain, load};

/// A fenced block: what stands behind the fence, its text, and its lines in the file.
struct Block {
    info: String,
    text: String,
    lines: std::ops::Range<usize>,
}

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/site");
    let mut pages: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block { info: info.to_owned(), text: String::new(), lines: number + 1..number + 1 });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
                block.lines.end = number + 1;
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

#[test]
fn every_block_is_of_a_known_kind() {
    for page in pages() {
        for block in blocks(&fs::read_to_string(&page).unwrap()) {
            let kind = block.info.split(' ').next().unwrap();
            // What is only shown: commands that install something, configuration of other programs.
            let shown = ["sh", "html", "nginx", "toml", "js", "text", "jsx", "python", "md"];
            let run = kind == "console" || kind == "yaml" && block.info.len() > kind.len();
            assert!(run || shown.contains(&kind), "{}: `{}`", page.display(), block.info);
        }
    }
}

#[test]
fn commands_print_what_is_shown() {
    for page in pages() {
        let before = fs::read_to_string(&page).unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(page.file_stem().unwrap());
        fs::create_dir_all(&folder).unwrap();
        let mut lines: Vec<String> = before.lines().map(str::to_owned).collect();
        let mut outputs = Vec::new();
        for block in blocks(&before) {
            let policy =
                block.info.strip_prefix("yaml ").filter(|name| !name.starts_with("playground") && !name.contains('='));
            if let Some(name) = policy {
                fs::write(folder.join(name), &block.text).unwrap();
                let loaded = load(block.text.as_bytes(), Release::NEWEST);
                assert!(loaded.accepted, "{}: {name}: {:?}", page.display(), loaded.error);
            }
            if let Some((_, file)) = block.info.split_once(" file=") {
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
                let text = fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {file}: {why}", page.display()));
                outputs.push((block.lines, text));
            } else if block.info == "console" {
                let shell = block.text.lines().next().and_then(|line| line.strip_prefix("$ ")).unwrap();
                outputs.push((block.lines, format!("$ {shell}\n{}", printed(shell, &folder))));
            }
        }
        for (range, text) in outputs.into_iter().rev() {
            lines.splice(range, text.lines().map(str::to_owned));
        }
        expect_test::expect_file![page].assert_eq(&format!("{}\n", lines.join("\n")));
    }
}

/// What a command prints on a terminal, in a shell where `audit-policy` is the built one.
fn printed(shell: &str, folder: &Path) -> String {
    let words = shell.replacen("audit-policy", env!("CARGO_BIN_EXE_audit-policy"), 1);
    let shown = Command::new("sh").args(["-c", &format!("{words} 2>&1")]).current_dir(folder).output().unwrap();
    String::from_utf8(shown.stdout).unwrap()
}

#[test]
fn playgrounds_answer_what_is_claimed() {
    let mut asked = 0;
    for page in pages() {
        for block in blocks(&fs::read_to_string(&page).unwrap()) {
            let Some(claims) = block.info.strip_prefix("yaml playground ") else { continue };
            let place = format!("{}:{}", page.display(), block.lines.start);
            let scenario = Scenario::parse(block.text.as_bytes()).unwrap_or_else(|why| panic!("{place}: {why:?}"));
            let loaded = load(scenario.policy.unwrap().as_bytes(), Release::NEWEST);
            let policy = loaded.policy.unwrap_or_else(|| panic!("{place}: {:?}", loaded.error));
            assert!(loaded.warnings.is_empty(), "{place}: {:?}", loaded.warnings);
            let reading = read(scenario.request.as_bytes(), &ReadOptions::default()).unwrap();
            let exchange = &reading.requests.get(reading.pick).unwrap().exchange;
            let info = info::of_request(&exchange.request, Release::NEWEST).unwrap();
            let Authentication::User(user) = exchange.authentication.clone() else { panic!("{place}: nobody asks") };
            let attributes = info::attributes(&info, Some(user));
            let decision = explain(&policy, &attributes, Release::NEWEST).decision;
            let rule = decision.rule.map_or("none".to_owned(), |rule| (rule + 1).to_string());
            assert_eq!(format!("rule={rule} level={}", decision.level), claims, "{place}");
            asked += 1;
        }
    }
    assert!(asked > 8, "{asked} playgrounds");
}
