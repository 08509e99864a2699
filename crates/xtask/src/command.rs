//! Running other programs.

use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Cargo, as the one that runs this.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command at the workspace's root with its output shown.
///
/// # Errors
///
/// Where it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let name = describe(command);
    let status = command.current_dir(crate::root()?).status().with_context(|| format!("cannot run `{name}`"))?;
    if !status.success() {
        bail!("`{name}` failed: {status}");
    }
    Ok(())
}

/// What a command prints, without the newline at its end; none where it cannot be run or does not succeed.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
