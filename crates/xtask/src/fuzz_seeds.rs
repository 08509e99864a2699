//! `cargo xtask fuzz-seeds`: what the fuzzers begin with, as files.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use audit_policy_tests::fuzz;

pub fn run() -> Result<ExitCode> {
    let root = crate::root()?;
    let corpus = root.parent().context("the project is in no folder")?.join("shared/corpus");
    let seeds = fuzz::seeds(&root.join("tests/vectors"), &corpus)?;
    for (index, (target, seed)) in seeds.iter().enumerate() {
        let folder = root.join("fuzz/corpus").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("seed-{index}")), seed)?;
    }
    println!("{} seeds in fuzz/corpus", seeds.len());
    Ok(ExitCode::SUCCESS)
}
