//! `cargo xtask conform`: recorded vectors against the engine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use audit_policy_tests::conform::{Differences, Report, run_file};

/// Counts that are reported and fail only below this share of agreement.
const SHARES: [(&str, f64); 6] = [
    ("load-yaml-parser", 0.95),
    ("corpus-load-yaml-parser", 0.95),
    ("startup-yaml-parser", 0.95),
    ("live-request-object", 0.0),
    ("kubectl-main", 0.0),
    ("kubectl", 0.0),
];

pub fn run(paths: &[PathBuf]) -> Result<ExitCode> {
    let root = crate::root()?;
    let differences = fs::read_to_string(root.join("DIFFERENCES.md")).context("cannot read DIFFERENCES.md")?;
    let mut report = Report::new(Differences::parse(&differences));
    let committed = [root.join("tests/vectors")];
    for path in if paths.is_empty() { &committed } else { paths } {
        for file in vector_files(path)? {
            run_file(&file, &mut report)?;
        }
    }
    print!("{report}");
    let failed = report.tallies().any(|(name, tally)| match SHARES.iter().find(|(known, _)| *known == name) {
        Some((_, share)) => tally.share() < *share,
        None => !tally.failures.is_empty(),
    });
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The file itself, or the vector files in a folder and its folders, by name.
fn vector_files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        let entry = entry?.path();
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if entry.is_dir() {
            files.extend(vector_files(&entry)?);
        } else if name.ends_with(".jsonl") || name.ends_with(".jsonl.gz") {
            files.push(entry);
        }
    }
    files.sort();
    Ok(files)
}
