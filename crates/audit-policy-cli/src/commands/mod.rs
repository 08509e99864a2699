//! The commands, one file each. A command reads its input, asks the engine, and hands the answer to `output`.

mod ask;
mod check;
mod completions;
mod explain;
mod flags;
mod record;
mod simulate;
mod sinks;

use crate::arguments::{Arguments, Command};
use crate::exit::{Answer, Failure};

/// Runs the command that was given.
pub fn run(arguments: Arguments) -> Result<Answer, Failure> {
    let color = arguments.color;
    match &arguments.command {
        Command::Check(check) => check::run(check, color),
        Command::Explain(explain) => explain::run(explain, color),
        Command::Record(record) => record::run(record, color),
        Command::Simulate(simulate) => simulate::run(simulate, color),
        Command::Flags(flags) => flags::run(flags, color),
        Command::Completions(completions) => Ok(completions::run(completions)),
    }
}
