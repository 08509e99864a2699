//! `cargo xtask dist`: the page and the documentation as static files.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::build::{self, Purpose};
use crate::docs;
use crate::npm;
use crate::sizes::Sizes;

/// Where the page is put.
pub fn folder() -> Result<PathBuf> {
    Ok(crate::root()?.join("dist"))
}

/// Builds it; with names of functions it is for a profiler, and larger than what is delivered may be.
pub fn run(names: bool) -> Result<ExitCode> {
    println!("dist: compile, optimise and bundle the page into dist/, about 60 s");
    let folder = folder()?;
    if names {
        build::page(Purpose::Profile, &folder)?;
        return Ok(ExitCode::SUCCESS);
    }
    build::page(Purpose::Dist, &folder)?;
    docs::write(&folder.join("docs"))?;
    build::service_worker(&folder)?;
    println!("dist: compile, optimise and pack the npm package, about 40 s");
    npm::pack()?;
    let sizes = Sizes::of(&folder)?;
    print!("{}", sizes.table()?);
    let over = sizes.over();
    ensure!(over.is_empty(), "{}", over.join("; "));
    Ok(ExitCode::SUCCESS)
}
