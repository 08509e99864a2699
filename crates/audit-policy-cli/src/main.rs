//! The `audit-policy` command: says what the engine, the crate `audit-policy`, decides. It holds no audit semantics of its own.

mod arguments;
mod commands;
mod exit;
mod files;
mod input;
mod output;
mod progress;
mod simulate_arguments;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use exit::{Answer, Exit};
use output::Paint;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A help or version text that nobody reads is no failure.
            let _ = error.print();
            return if error.use_stderr() { Exit::Unusable } else { Exit::Good }.into();
        }
    };
    let paint = arguments.color.paint(&io::stderr());
    let exit = match commands::run(arguments) {
        Ok(answer) => write(&answer).unwrap_or_else(|error| {
            report(&format!("cannot write the answer: {error}"), None, paint);
            Exit::Unusable
        }),
        Err(failure) => {
            report(&failure.message, failure.help.as_deref(), paint);
            Exit::Unusable
        }
    };
    exit.into()
}

/// Writes an answer. A reader that has gone, such as `head`, has what it wants.
fn write(answer: &Answer) -> io::Result<Exit> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(&answer.stdout).and_then(|()| stdout.flush());
    let told = io::stderr().write_all(answer.stderr.as_bytes());
    for result in [written, told] {
        if let Err(error) = result
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            return Err(error);
        }
    }
    Ok(answer.exit)
}

fn report(message: &str, help: Option<&str>, paint: Paint) {
    let mut text = format!("{} {}\n", paint.error("error:"), output::printable(message));
    if let Some(help) = help {
        text.push_str(&format!("{} {}\n", paint.help("help:"), output::printable(help)));
    }
    let _ = io::stderr().write_all(text.as_bytes());
}
