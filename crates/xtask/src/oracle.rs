//! `cargo xtask oracle`: random questions to the engine and to Kubernetes' own code.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use audit_policy::Release;
use audit_policy_tests::oracle::{Events, Loading, Matching, Peer, RequestLines, Subject, ask};

/// The releases whose library can be asked, newest first: each has a module file `tests/oracle/go-MINOR.mod`, the newest `go.mod`.
const RELEASES: [u8; 3] = [37, 35, 25];

#[derive(clap::Args)]
pub struct Arguments {
    /// How much to ask of each subject: decisions, texts, URLs, lines
    #[arg(long, default_value_t = 20_000)]
    cases: usize,
    /// Where the random questions begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One subject only: load, match, requestinfo or text
    #[arg(long)]
    only: Option<String>,
    /// The minor release to ask: 37, 35 or 25
    #[arg(long, default_value_t = 37)]
    minor: u8,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let release = Release::new(arguments.minor).filter(|_| RELEASES.contains(&arguments.minor));
    let release = release.with_context(|| format!("no oracle for 1.{}: give one of {RELEASES:?}", arguments.minor))?;
    let program = build(release)?;
    let mut peer = Peer::start(&program)?;
    let mut agree = true;
    agree &= subject::<Matching>(&mut peer, release, arguments)?;
    agree &= subject::<RequestLines>(&mut peer, release, arguments)?;
    agree &= subject::<Events>(&mut peer, release, arguments)?;
    agree &= subject::<Loading>(&mut peer, release, arguments)?;
    Ok(if agree { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn subject<S: Subject>(peer: &mut Peer, release: Release, arguments: &Arguments) -> Result<bool> {
    if arguments.only.as_deref().is_some_and(|only| only != S::NAME) {
        return Ok(true);
    }
    let outcome = ask::<S>(peer, release, arguments.cases, arguments.seed)?;
    let words = match outcome.parser_words {
        0 => String::new(),
        count => format!(", {count} differ in the YAML parser's words only"),
    };
    match &outcome.disagreement {
        None => println!("{}: {} asked, none apart{words}", S::NAME, outcome.asked),
        Some(disagreement) => println!("{}: {} asked{words}, then apart:\n{disagreement}", S::NAME, outcome.asked),
    }
    Ok(outcome.disagreement.is_none())
}

/// Builds the Go program on the library of the release.
fn build(release: Release) -> Result<PathBuf> {
    let root = crate::root()?;
    let folder = root.join("tests/oracle");
    let program = root.join(format!("target/oracle/oracle-{}", release.minor()));
    let module = if release == Release::NEWEST { "go.mod".to_owned() } else { format!("go-{}.mod", release.minor()) };
    println!("building the oracle for {release} (a few minutes the first time)");
    let status = Command::new("go")
        .args(["build", "-modfile", &module, "-o"])
        .arg(&program)
        .arg(Path::new("."))
        .current_dir(&folder)
        .status()
        .context("cannot run go: install Go 1.26 or newer from https://go.dev/dl")?;
    anyhow::ensure!(status.success(), "the oracle for {release} does not build");
    Ok(program)
}
