//! `cargo xtask bench`: how fast the engine is, by itself, against Kubernetes' own code and at its worst, and how fast the page is.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use audit_policy_tests::speed;

use crate::command::cargo;
use crate::{command, dist, oracle, setup};

#[derive(clap::Args)]
pub struct Arguments {
    /// Measure decisions against Kubernetes' own, in Go, on the same policies and requests
    #[arg(long, conflicts_with_all = ["filter", "page", "hostile"])]
    go: bool,
    /// Measure the page in Chromium: from a key to its answer, and its memory; of dist/ as it is where it is there
    #[arg(long, conflicts_with_all = ["filter", "hostile"])]
    page: bool,
    /// Measure time and memory of each input made to hurt, at its full size of 10 MB, and list the worst
    #[arg(long)]
    hostile: bool,
    /// Only the benchmarks or inputs whose name has this in it, such as `decide/compiled`
    filter: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.go {
        let oracle = oracle::build_newest()?;
        command::run(cargo().args(BENCH).arg("against_go").env("AUDIT_POLICY_ORACLE", oracle))?;
    } else if arguments.page {
        page()?;
    } else if arguments.hostile {
        let test = ["test", "--release", "--package", "audit-policy-tests", "--test", "hostile", "--", "--nocapture"];
        command::run(cargo().args(test).env("HOSTILE", arguments.filter.as_deref().unwrap_or_default()))?;
    } else {
        command::run(cargo().args(BENCH).args(["engine", "--"]).args(&arguments.filter))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The benchmarks are cargo's, since they are to be optimised as releases are.
const BENCH: [&str; 4] = ["bench", "--package", "audit-policy-tests", "--bench"];

/// The policies that are typed into: name, and number of rules. The last has 20,000 lines.
const PAGE_POLICIES: [(&str, usize); 3] = [("20 rules", 20), ("500 rules", 500), ("20k lines", 4_165)];

fn page() -> Result<()> {
    setup::npm_packages()?;
    if !dist::folder()?.join("index.html").exists() {
        dist::run(false)?;
    }
    let folder = crate::root()?.join("target/page/bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut node = Command::new("node");
    node.arg("tests/bench/page.mjs").env("CHROMIUM", setup::chromium()?);
    for (name, rules) in PAGE_POLICIES {
        let file = folder.join(format!("{name}.yaml"));
        fs::write(&file, speed::policy_text(rules)).with_context(|| format!("cannot write {}", file.display()))?;
        node.arg(file);
    }
    command::run(&mut node)
}
