//! What a command answers, and how it exits.

use std::process::ExitCode;

/// How the command exits. These numbers are a contract: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Good. Warnings alone are good.
    Good = 0,
    /// The API server refuses the policy, or a finding is an error.
    Refused = 1,
    /// Wrong usage, or input that cannot be read.
    Unusable = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// What a command answers; nothing is written before it is complete.
#[derive(Debug)]
pub struct Answer {
    /// How to exit.
    pub exit: Exit,
    /// Bytes for standard output: events may hold what is not UTF-8.
    pub stdout: Vec<u8>,
    /// Text for standard error.
    pub stderr: String,
}

/// Why a command has no answer: wrong usage, or input that cannot be read.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong and where: lower case, without full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Failure {
    /// A failure that says what is wrong, and what to do.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: Some(help.into()) }
    }

    /// A failure whose message says it all.
    pub fn bare(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), help: None }
    }
}
