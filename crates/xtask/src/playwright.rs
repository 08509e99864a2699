//! Playwright on what is in dist/.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::build;

/// A port that is free: what runs at a usual one may serve another page.
///
/// # Errors
///
/// Where there is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("localhost:0")?.local_addr()?.port())
}

/// The tests of a configuration, which serve dist/ at this port.
///
/// # Errors
///
/// Where the workspace is not found.
pub fn tests(config: &str, port: u16, chromium: &Path) -> Result<Command> {
    let mut command = build::npm("playwright")?;
    command.args(["test", "--config", config]);
    command.env("PORT", port.to_string()).env("CHROMIUM", chromium);
    Ok(command)
}
