//! `cargo xtask embeds`: the small sites of `tests/embeds`, each built by its generator and looked at in a browser.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::command::run;
use crate::{build, dist, playwright, setup};

/// Builds the page, then these sites, all where none is named, and looks at them.
pub fn run_all(names: &[String]) -> Result<ExitCode> {
    setup::wasm_target()?;
    setup::npm_packages()?;
    let chromium = setup::chromium()?;
    dist::run(false)?;
    let names = if names.is_empty() { all()? } else { names.to_vec() };
    look(&names, &chromium)?;
    Ok(ExitCode::SUCCESS)
}

/// The names of the sites: the folders of `tests/embeds`.
fn all() -> Result<Vec<String>> {
    let entries = fs::read_dir(crate::root()?.join("tests/embeds"))?.flatten().filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// Builds sites for the page in dist/, and looks at them in a browser.
///
/// # Errors
///
/// Where a generator cannot be installed or fails, or a site does not show what it should.
pub fn look(names: &[String], chromium: &Path) -> Result<()> {
    let port = playwright::free_port()?;
    let target = build::target()?.join("embeds");
    run(Command::new("node")
        .arg("tests/embeds/build.mjs")
        .arg(format!("http://localhost:{port}/"))
        .arg(&target)
        .args(names))?;
    run(playwright::tests("tests/embeds/playwright.config.ts", port, chromium)?
        .env("SITES", format!("{} {}", target.display(), names.join(" "))))
}
