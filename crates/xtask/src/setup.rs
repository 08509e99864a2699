//! What the chores need besides Rust, fetched when it is missing: pinned, kept, and told in one line each.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::command::{cargo, output, run};

/// The target that the page is compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Names under which a Chromium is found.
const CHROMIUM: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Sees to Rust's standard library for wasm.
///
/// # Errors
///
/// Where it is missing and rustup cannot add it.
pub fn wasm_target() -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let library = output(Command::new(rustc).args(["--print", "target-libdir", "--target", WASM]));
    if library.is_some_and(|folder| PathBuf::from(folder).is_dir()) {
        return Ok(());
    }
    println!("set-up: Rust's {WASM} target, about 20 s, once");
    run(Command::new("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("install Rust's standard library for {WASM}, with rustup or your system's packages"))
}

/// Sees to the npm packages of package-lock.json.
///
/// # Errors
///
/// Where Node.js is missing or too old, or npm fails.
pub fn npm_packages() -> Result<()> {
    node()?;
    let root = crate::root()?;
    let lock = fs::read(root.join("package-lock.json")).context("cannot read package-lock.json")?;
    let stamp = root.join("node_modules/.installed-package-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("set-up: npm packages of package-lock.json, about 10 s, once");
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

fn node() -> Result<()> {
    let version = output(Command::new("node").arg("--version")).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(20..) => Ok(()),
        Some(_) => bail!("Node.js is {version}, and 20 or newer is needed: see https://nodejs.org/en/download"),
        None => bail!("Node.js 20 or newer, with npm, is needed: see https://nodejs.org/en/download"),
    }
}

/// Sees to a Chromium for the browser tests, and says where it is. `CHROMIUM` names one that is elsewhere.
///
/// # Errors
///
/// Where none is found and apt cannot install one.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Ok(path.into());
    }
    if let Some(path) = CHROMIUM.into_iter().find_map(find) {
        return Ok(path);
    }
    let is_root = output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if is_root && find("apt-get").is_some() {
        println!("set-up: Chromium by apt, about 60 s, once");
        run(Command::new("apt-get").args(["update", "--quiet"]).stdout(Stdio::null()))?;
        run(Command::new("apt-get")
            .args(["install", "--yes", "--quiet", "--no-install-recommends", "chromium"])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null()))?;
    }
    CHROMIUM.into_iter().find_map(find).context(
        "no Chromium for the browser tests: install one (on Debian: `sudo apt-get install chromium`), \
         or name one by the environment variable CHROMIUM",
    )
}

/// Whether there is a Python that can install packages apart from the system's.
pub fn has_python() -> bool {
    output(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_some()
}

fn find(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Cargo with what it needs to know about a crate for wasm.
pub fn cargo_for_wasm(verb: &str, name: &str) -> Command {
    let mut command = cargo();
    command.args([verb, "--package", name, "--target", WASM]);
    command
}
