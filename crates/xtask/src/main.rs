//! The project's chores: `cargo xtask serve`, `test`, `dist`, `conform`, …

mod bench;
mod build;
mod command;
mod conform;
mod dist;
mod docs;
mod embeds;
mod fuzz_seeds;
mod kinds;
mod npm;
mod oracle;
mod playwright;
mod serve;
mod server;
mod setup;
mod sizes;
mod split;
mod test;

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
    /// Measure how fast the engine is
    Bench(bench::Arguments),
    /// Put random questions to the engine and to Kubernetes' own code, and print the first disagreement
    Oracle(oracle::Arguments),
    /// Build the page, serve it on localhost, and build it anew when a file changes
    Serve {
        /// The port (default: the first free one from 8080)
        #[arg(long)]
        port: Option<u16>,
    },
    /// Run every check and test: format, clippy, unit tests, the page's build, the browser tests
    Test,
    /// Build the page as static files into dist/, and show their sizes
    Dist {
        /// Keep the names of functions, for a profiler of the browser
        #[arg(long)]
        names: bool,
    },
    /// Build the sites of tests/embeds with their generators, which are installed below target/embeds, and look at them in a browser
    Embeds {
        /// Some of them, by the names of their folders (default: all)
        names: Vec<String>,
    },
    /// Build the engine for JavaScript, pack it into dist/ as an npm package, and test it
    Npm,
    /// Run recorded vectors against the engine and count what agrees
    Conform {
        /// Vector files, or folders of them (default: tests/vectors)
        paths: Vec<PathBuf>,
    },
    /// Write what the fuzzers begin with into fuzz/corpus: the inputs of tests/vectors, and of ../shared/corpus where it is there
    FuzzSeeds,
    /// Make the engine's table of built-in resources from data/resources.json
    Kinds {
        /// Only check that the table is up to date
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Bench(arguments) => bench::run(&arguments),
        Chore::Oracle(arguments) => oracle::run(&arguments),
        Chore::Serve { port } => serve::run(port),
        Chore::Test => test::run_all(),
        Chore::Dist { names } => dist::run(names),
        Chore::Embeds { names } => embeds::run_all(&names),
        Chore::Npm => npm::pack().and_then(|()| npm::test()).map(|()| ExitCode::SUCCESS),
        Chore::Conform { paths } => conform::run(&paths),
        Chore::FuzzSeeds => fuzz_seeds::run(),
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
