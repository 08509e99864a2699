//! `cargo xtask test`: everything that must hold before a change is merged.

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::Result;

use crate::command::{cargo, run};
use crate::{build, dist, setup};

pub fn run_all() -> Result<ExitCode> {
    let begin = Instant::now();
    setup::wasm_target()?;
    setup::npm_packages()?;
    let chromium = setup::chromium()?;
    step("format", "2 s", cargo().args(["fmt", "--all", "--check"]))?;
    let strict = ["--quiet", "--all-targets", "--", "-D", "warnings"];
    step("clippy", "60 s", cargo().args(["clippy", "--workspace"]).args(strict))?;
    step("clippy of the page for wasm", "30 s", setup::cargo_for_page("clippy").args(strict))?;
    step("tests", "90 s", cargo().args(["test", "--quiet", "--workspace"]))?;
    dist::run()?;
    step("browser tests", "60 s", browser_tests()?.env("CHROMIUM", chromium))?;
    println!("test: all passed in {} s", begin.elapsed().as_secs());
    Ok(ExitCode::SUCCESS)
}

fn step(name: &str, about: &str, command: &mut Command) -> Result<()> {
    println!("test: {name}, about {about}");
    run(command)
}

/// Playwright on dist/.
fn browser_tests() -> Result<Command> {
    let mut command = build::npm("playwright")?;
    command.args(["test", "--config", "tests/e2e/playwright.config.ts"]);
    Ok(command)
}
