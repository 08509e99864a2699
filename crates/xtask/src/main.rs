//! The project's chores: `cargo xtask serve`, `test`, `dist`, `conform`, …

mod conform;
mod kinds;
mod oracle;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Put random questions to the engine and to Kubernetes' own code, and print the first disagreement
    Oracle(oracle::Arguments),
    /// Run recorded vectors against the engine and count what agrees
    Conform {
        /// Vector files, or folders of them (default: tests/vectors)
        paths: Vec<PathBuf>,
    },
    /// Make the engine's table of built-in resources from data/resources.json
    Kinds {
        /// Only check that the table is up to date
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Oracle(arguments) => oracle::run(&arguments),
        Chore::Conform { paths } => conform::run(&paths),
        Chore::Kinds { check } => kinds::run(check),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("xtask is not in crates/ of the workspace")
}
