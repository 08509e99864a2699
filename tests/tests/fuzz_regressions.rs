//! What the fuzzers found once, and every committed seed of theirs, run as they run it.

use std::fs;
use std::path::Path;

use audit_policy_tests::fuzz::TARGETS;

#[test]
fn what_was_found_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fuzz/regressions");
    for target in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = target.file_name().unwrap().to_str().unwrap();
        let (_, run) = TARGETS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no target `{name}`"));
        for file in fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().path()) {
            println!("{}", file.display());
            run(&fs::read(&file).unwrap());
        }
    }
}

#[test]
fn every_target_takes_seeds_is_built_and_scheduled() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = |path| fs::read_to_string(root.parent().unwrap().join(path)).unwrap();
    let (manifest, workflow) = (file("fuzz/Cargo.toml"), file(".github/workflows/fuzz.yml"));
    let scheduled: Vec<_> = workflow.split(|character: char| !character.is_ascii_lowercase()).collect();
    let seeds = audit_policy_tests::fuzz::seeds(&root.join("vectors"), Path::new("no corpus")).unwrap();
    for (name, run) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "fuzz/Cargo.toml has no target `{name}`");
        assert!(scheduled.contains(&name), "the workflow does not fuzz `{name}`");
        let own: Vec<_> = seeds.iter().filter(|(target, _)| *target == name).collect();
        assert!(own.len() > 50, "{name} has {} seeds", own.len());
        for (_, seed) in own.iter().step_by(own.len() / 25) {
            run(seed);
        }
    }
}
