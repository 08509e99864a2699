//! The examples and lessons of the page: each is read, and does what it says, by the engine.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use audit_policy::request::Unreadable;
use audit_policy::request::scenario::Scenario;
use audit_policy::suite::{Checked, Example, Lesson};

/// The names and texts of the YAML files of a folder, in order of their names.
fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The names in a list in `web/js/lessons`, which gives their order on the page.
fn listed(list: &str, folder: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("web/js/lessons").join(list);
    let text = fs::read_to_string(path).unwrap();
    let imports = text.lines().filter_map(|line| line.split_once(&format!("/{folder}/")));
    imports.map(|(_, rest)| rest.split(".yaml").next().unwrap().to_owned()).collect()
}

fn read<T>(name: &str, text: &str, parse: fn(&[u8]) -> Result<T, Unreadable>) -> T {
    parse(text.as_bytes()).unwrap_or_else(|unreadable| {
        let finding = &unreadable.findings[0];
        let line = text.get(..finding.span.map_or(0, |span| span.start)).unwrap().lines().count();
        panic!("{name}:{line}: {}", finding.message)
    })
}

/// What did not come as expected, in words.
fn failed(checked: &Checked) -> Vec<String> {
    let parts = checked.parts.iter().filter(|part| !part.holds);
    parts.map(|part| format!("wants {}, got {}", part.wanted, part.came)).collect()
}

#[test]
fn every_example_does_what_it_says() {
    let files = files("web/examples");
    assert!(files.len() >= 14);
    for (name, text) in &files {
        let example = read(name, text, Example::parse);
        assert_eq!(failed(&example.ask()), [""; 0], "{name}");
        assert!(example.scenario.policy.is_some() && !example.scenario.request.is_empty(), "{name}");
    }
}

#[test]
fn every_lesson_begins_unsolved_and_its_solution_solves_it() {
    let files = files("web/lessons");
    assert!(files.len() >= 12);
    for (name, text) in &files {
        let lesson = read(name, text, Lesson::parse);
        for check in &lesson.checks {
            assert_eq!(failed(&check.ask(&lesson.solution)), [""; 0], "{name}: {}", check.text);
        }
        let fails = lesson.checks.iter().any(|check| !check.ask(&lesson.start).holds());
        assert!(fails, "{name} is solved before it begins");
        assert!(!lesson.hints.is_empty(), "{name} has no hints");
    }
}

#[test]
fn the_page_lists_each_file_once() {
    for (list, folder) in [("lessons.js", "lessons"), ("examples.js", "examples")] {
        let names: Vec<String> = files(&format!("web/{folder}")).into_iter().map(|(name, _)| name).collect();
        let listed = listed(list, folder);
        assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), names.into_iter().collect(), "{list}");
        assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len(), "{list}");
    }
}

#[test]
fn the_guide_shows_a_lesson_that_works_and_the_schema_has_its_keys() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let guide = fs::read_to_string(root.join("docs/lessons.md")).unwrap();
    let shown = guide.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let lesson = read("docs/lessons.md", shown, Lesson::parse);
    assert!(lesson.checks.iter().all(|check| check.ask(&lesson.solution).holds()));
    assert!(!lesson.checks.iter().all(|check| check.ask(&lesson.start).holds()));
    let sending = guide.split("```yaml\n").nth(2).unwrap().split("```").next().unwrap();
    let text = format!("version: 1\nrequest: kubectl get pods\n{sending}");
    let scenario = read("docs/lessons.md, where events go", &text, Scenario::parse);
    assert!(scenario.sending.flags.is_some() && scenario.sending.load.is_some() && scenario.sending.sinks.is_some());
    let schema: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root.join("docs/lesson.schema.json")).unwrap()).unwrap();
    let keys =
        |node: &serde_json::Value| -> Vec<String> { node["properties"].as_object().unwrap().keys().cloned().collect() };
    // What the schema allows, the reader knows: it would name the key as one that it does not have.
    let places =
        [("", &schema), ("start", &schema["$defs"]["scenario"]), ("checks[0].expect", &schema["$defs"]["expect"])];
    for (place, node) in places {
        for key in keys(node) {
            let text = match place {
                "" => format!("{{\"{key}\": 0.5}}"),
                "start" => format!("{{\"start\": {{\"{key}\": 0.5}}}}"),
                _ => format!("{{\"checks\": [{{\"expect\": {{\"{key}\": 0.5}}}}]}}"),
            };
            let told = Lesson::parse(text.as_bytes()).unwrap_err().findings;
            assert!(told.iter().all(|finding| finding.code != "unknown-key"), "{place} {key}");
        }
    }
}
