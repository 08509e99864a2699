//! `cargo xtask oracle`: random questions to the engine and to Kubernetes' own code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::command::{output, run as run_command};
use anyhow::{Context as _, Result};
use audit_policy::Release;
use audit_policy_tests::oracle::{Events, Loading, Matching, Peer, RequestLines, Subject, ask};

/// The releases that the engine is held against, newest first.
const RELEASES: [u8; 3] = [37, 35, 25];

/// Where the Go program is.
const FOLDER: &str = "tests/oracle";

/// How many differing cases of a subject `--diff` shows.
const SHOWN: usize = 5;

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
    /// One library only, such as 0.35 (default: 0.37, 0.35 and 0.25)
    #[arg(long)]
    library: Option<Library>,
    /// Ask two libraries, and show what they answer differently: --diff 0.36 0.37
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "library")]
    diff: Vec<Library>,
}

impl Arguments {
    /// A short run on the newest library, for every change.
    pub fn short() -> Arguments {
        Arguments {
            cases: 4_000,
            seed: 1,
            only: None,
            library: Some(Library(Release::NEWEST.minor())),
            diff: Vec::new(),
        }
    }
}

/// A minor version of k8s.io/apiserver: 0.37 is that of Kubernetes 1.37.
#[derive(Clone, Copy)]
struct Library(u8);

impl std::str::FromStr for Library {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let minor = text.strip_prefix("0.").or_else(|| text.strip_prefix("1.")).unwrap_or(text);
        minor.parse().map(Library).map_err(|_| "give a minor version of k8s.io/apiserver, such as 0.37".to_owned())
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if let [old, new] = arguments.diff.as_slice() {
        return diff(*old, *new, arguments);
    }
    let mut agree = true;
    for library in arguments.library.map_or(RELEASES.map(Library).to_vec(), |library| vec![library]) {
        let release = Release::new(library.0).with_context(|| format!("1.{} is not known here", library.0))?;
        let mut peer = Peer::start(&build(library)?)?;
        agree &= subject::<Matching>(&mut peer, release, arguments)?;
        agree &= subject::<RequestLines>(&mut peer, release, arguments)?;
        agree &= subject::<Events>(&mut peer, release, arguments)?;
        agree &= subject::<Loading>(&mut peer, release, arguments)?;
    }
    Ok(if agree { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn diff(old: Library, new: Library, arguments: &Arguments) -> Result<ExitCode> {
    let mut peers = (Peer::start(&build(old)?)?, Peer::start(&build(new)?)?);
    show_difference::<Matching>(&mut peers, arguments)?;
    show_difference::<RequestLines>(&mut peers, arguments)?;
    show_difference::<Events>(&mut peers, arguments)?;
    show_difference::<Loading>(&mut peers, arguments)?;
    Ok(ExitCode::SUCCESS)
}

fn show_difference<S: Subject>((old, new): &mut (Peer, Peer), arguments: &Arguments) -> Result<()> {
    if arguments.only.as_deref().is_some_and(|only| only != S::NAME) {
        return Ok(());
    }
    let apart = audit_policy_tests::oracle::diff::<S>(old, new, arguments.cases, arguments.seed)?;
    println!("{}: {} asked, {} answered differently", S::NAME, arguments.cases, apart.len());
    for [question, old, new] in apart.iter().take(SHOWN) {
        println!("  question: {question}\n       old: {old}\n       new: {new}");
    }
    Ok(())
}

fn subject<S: Subject>(peer: &mut Peer, release: Release, arguments: &Arguments) -> Result<bool> {
    if arguments.only.as_deref().is_some_and(|only| only != S::NAME) {
        return Ok(true);
    }
    let outcome = ask::<S>(peer, release, arguments.cases, arguments.seed)?;
    let mut words = String::new();
    for (count, what) in [
        (outcome.parser_words, "differ in the YAML parser's words only"),
        (outcome.drawn, "which Kubernetes draws by lot"),
    ] {
        if count > 0 {
            words += &format!(", {count} {what}");
        }
    }
    match &outcome.disagreement {
        None => println!("{}: {} asked, none apart{words}", S::NAME, outcome.asked),
        Some(disagreement) => println!("{}: {} asked{words}, then apart:\n{disagreement}", S::NAME, outcome.asked),
    }
    Ok(outcome.disagreement.is_none())
}

/// Builds the Go program on the newest release's library.
pub fn build_newest() -> Result<PathBuf> {
    build(Library(Release::NEWEST.minor()))
}

/// Builds the Go program on a library.
fn build(library: Library) -> Result<PathBuf> {
    anyhow::ensure!(has_go(), "the oracle is a Go program: install Go 1.26 or newer, see https://go.dev/dl");
    let program = crate::root()?.join(format!("target/oracle/oracle-{}", library.0));
    let module = module_file(library)?;
    println!("oracle: building on k8s.io/apiserver 0.{}, a few minutes the first time", library.0);
    run_command(go(&module).arg("build").arg("-o").arg(&program).arg("."))?;
    Ok(program)
}

/// The module file of a library: the committed one, or else one made for the newest patch.
fn module_file(library: Library) -> Result<PathBuf> {
    let newest = Library(Release::NEWEST.minor());
    let name = if library.0 == newest.0 { "go.mod".to_owned() } else { format!("go-{}.mod", library.0) };
    let committed = crate::root()?.join(FOLDER).join(&name);
    if committed.exists() {
        return Ok(committed);
    }
    let made = crate::root()?.join("target/oracle").join(name);
    if !made.exists() {
        println!("oracle: resolving k8s.io/apiserver 0.{}", library.0);
        fs::create_dir_all(crate::root()?.join("target/oracle"))?;
        fs::write(&made, "module audit-policy-playground/oracle\n\ngo 1.26\n")?;
        run_command(go(&made).arg("get").arg(format!("k8s.io/apiserver@v0.{}", library.0)))?;
        run_command(go(&made).args(["mod", "tidy"]))?;
    }
    Ok(made)
}

/// A go command in the oracle's folder with this module file.
fn go(module: &Path) -> Command {
    let mut command = Command::new("go");
    command.args(["-C", FOLDER]).env("GOFLAGS", format!("-modfile={}", module.display()));
    command
}

/// Whether there is a Go to build with.
pub fn has_go() -> bool {
    output(Command::new("go").arg("version")).is_some()
}
