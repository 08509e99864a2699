//! `audit-policy completions SHELL`

use clap::CommandFactory;

use crate::arguments::{Arguments, CompletionsArguments};
use crate::exit::{Answer, Exit};

pub fn run(arguments: &CompletionsArguments) -> Answer {
    let mut stdout = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "audit-policy", &mut stdout);
    Answer { exit: Exit::Good, stdout, stderr: String::new() }
}
