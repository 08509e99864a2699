//! `cargo xtask npm`: the engine for JavaScript as an npm package, packed beside the page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::build::{self, Purpose};
use crate::command::run;
use crate::{dist, setup};

/// The package's crate, and its name.
pub const PACKAGE: &str = "audit-policy-wasm";

/// Where what the package holds is, before it is packed.
fn folder() -> Result<PathBuf> {
    Ok(build::target()?.join("npm/package"))
}

/// Builds the package and packs it into dist/: `audit-policy-wasm-VERSION.tgz`.
///
/// # Errors
///
/// Where a step fails; what it printed says why.
pub fn pack() -> Result<()> {
    setup::wasm_target()?;
    setup::npm_packages()?;
    let (root, out) = (crate::root()?, folder()?);
    let wasm = build::compile(PACKAGE, Purpose::Dist)?;
    build::bind(Purpose::Dist, &wasm, "bindings", &out)?;
    let wasm = out.join("audit-policy.wasm");
    fs::rename(out.join("bindings_bg.wasm"), &wasm).context("wasm-bindgen made no wasm")?;
    build::optimise(Purpose::Dist, &wasm)?;
    let sources = root.join("crates").join(PACKAGE).join("npm");
    for name in ["engine.js", "web.js", "node.js", "audit-policy.d.ts", "README.md"] {
        copy(&sources.join(name), &out.join(name))?;
    }
    copy(&root.join("LICENSE"), &out.join("LICENSE"))?;
    let manifest = fs::read_to_string(sources.join("package.json")).context("cannot read package.json")?;
    let manifest = manifest.replace("\"0.0.0\"", &format!("\"{}\"", env!("CARGO_PKG_VERSION")));
    fs::write(out.join("package.json"), manifest).context("cannot write package.json")?;
    let dist = dist::folder()?;
    fs::create_dir_all(&dist).context("cannot make dist/")?;
    run(Command::new("npm").args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]).arg(&dist).arg(&out))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

/// The package's tests in Node.js, on what is packed in dist/.
///
/// # Errors
///
/// Where one fails.
pub fn test() -> Result<()> {
    run(Command::new("node").args(["--test", "tests/npm/package.test.mjs", "tests/npm/types.test.mjs"]))
}
