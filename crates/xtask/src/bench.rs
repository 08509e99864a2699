//! `cargo xtask bench`: how fast the engine is, by itself and against Kubernetes' own code.

use std::process::ExitCode;

use anyhow::Result;

use crate::command::cargo;
use crate::{command, oracle};

#[derive(clap::Args)]
pub struct Arguments {
    /// Measure decisions against Kubernetes' own, in Go, on the same policies and requests
    #[arg(long, conflicts_with = "filter")]
    go: bool,
    /// Only the benchmarks whose name has this in it, such as `decide/compiled`
    filter: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.go {
        let oracle = oracle::build_newest()?;
        command::run(cargo().args(BENCH).arg("against_go").env("AUDIT_POLICY_ORACLE", oracle))?;
    } else {
        command::run(cargo().args(BENCH).args(["engine", "--"]).args(&arguments.filter))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The benchmarks are cargo's, since they are to be optimised as releases are.
const BENCH: [&str; 4] = ["bench", "--package", "audit-policy-tests", "--bench"];
