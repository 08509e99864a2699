//! `cargo xtask test`: everything that must hold before a change is merged.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::Result;

use crate::command::{cargo, run};
use crate::{conform, dist, embeds, npm, oracle, playwright, setup};

pub fn run_all() -> Result<ExitCode> {
    let begin = Instant::now();
    setup::wasm_target()?;
    setup::npm_packages()?;
    let chromium = setup::chromium()?;
    step("format", "2 s", cargo().args(["fmt", "--all", "--check"]))?;
    let strict = ["--quiet", "--all-targets", "--", "-D", "warnings"];
    step("clippy", "60 s", cargo().args(["clippy", "--workspace"]).args(strict))?;
    for (name, of) in [("page", "audit-policy-web"), ("npm package", npm::PACKAGE)] {
        step(&format!("clippy of the {name} for wasm"), "30 s", setup::cargo_for_wasm("clippy", of).args(strict))?;
    }
    step("tests", "90 s", with_a_seed(cargo().args(["test", "--quiet", "--workspace"])))?;
    vectors_beside_the_project()?;
    oracle()?;
    dist::run(false)?;
    println!("test: npm package, about 15 s");
    npm::test()?;
    let mut browser_tests = playwright::tests("tests/e2e/playwright.config.ts", playwright::free_port()?, &chromium)?;
    step("browser tests", "8 minutes", &mut browser_tests)?;
    in_other_pages(&chromium)?;
    println!("test: all passed in {} s", begin.elapsed().as_secs());
    Ok(ExitCode::SUCCESS)
}

fn step(name: &str, about: &str, command: &mut Command) -> Result<()> {
    println!("test: {name}, about {about}");
    run(command)
}

/// Lets properties be asked of the same cases each time, unless a seed is given: a case that was never asked before must not fail a change that has nothing to do
/// with it. The weekly workflow asks others.
fn with_a_seed(command: &mut Command) -> &mut Command {
    const SEED: &str = "PROPTEST_RNG_SEED";
    if std::env::var_os(SEED).is_none() {
        command.env(SEED, "1");
    }
    command
}

/// The recorded vectors that hold other people's policies, which are not committed.
fn vectors_beside_the_project() -> Result<()> {
    let folder = crate::root()?.join("../shared/vectors");
    if !folder.is_dir() {
        println!("test: vectors of other people's policies: not run, {} is not here", folder.display());
        return Ok(());
    }
    println!("test: vectors of other people's policies, about 20 s");
    let paths = ["corpus-load", "corpus-match", "corpus-text"].map(|name| folder.join(format!("{name}.jsonl")));
    anyhow::ensure!(conform::run(&paths)? == ExitCode::SUCCESS, "vectors disagree");
    Ok(())
}

/// A short run of random questions to Kubernetes itself.
fn oracle() -> Result<()> {
    if !oracle::has_go() {
        println!(
            "test: random questions to Kubernetes itself, and POSTs read by its types: not run, there is no Go here"
        );
        return Ok(());
    }
    println!("test: random questions to Kubernetes itself, about 30 s (the first time some minutes, to build it)");
    anyhow::ensure!(
        oracle::run(&oracle::Arguments::short())? == ExitCode::SUCCESS,
        "the engine and Kubernetes disagree"
    );
    let test =
        ["test", "--quiet", "--package", "audit-policy-tests", "--test", "receiver", "--", "--ignored", "--nocapture"];
    step(
        "POSTs to a receiver, read by Kubernetes' types",
        "10 s",
        cargo().args(test).env("AUDIT_POLICY_ORACLE", oracle::build_newest()?),
    )
}

/// The playground in the pages of the generators that are quick to install; `cargo xtask embeds` has the others too.
fn in_other_pages(chromium: &Path) -> Result<()> {
    let mut names = vec!["html".to_owned()];
    if setup::has_python() {
        println!(
            "test: the playground in pages of other generators, about 30 s (the first time a minute, to install them)"
        );
        names.extend(["hugo", "mkdocs-material", "sphinx"].map(str::to_owned));
    } else {
        println!(
            "test: the playground in a page of plain HTML, about 10 s; in those of generators: not run, there is no Python 3 with venv here"
        );
    }
    embeds::look(&names, chromium)
}
