//! The other side of the pipe: the Go program in tests/oracle.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// A running oracle.
pub struct Peer {
    child: Child,
    questions: Option<BufWriter<ChildStdin>>,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts the program.
    ///
    /// # Errors
    ///
    /// Where it cannot be started.
    pub fn start(program: &Path) -> Result<Peer> {
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let questions = child.stdin.take().context("the oracle has no standard input")?;
        let answers = child.stdout.take().context("the oracle has no standard output")?;
        Ok(Peer { child, questions: Some(BufWriter::new(questions)), answers: BufReader::new(answers) })
    }

    /// Asks some questions at once. They must fit the pipe's buffers together: a few dozen small ones do.
    ///
    /// # Errors
    ///
    /// Where the oracle has gone, or answers what is not JSON.
    pub fn ask(&mut self, questions: &[Value]) -> Result<Vec<Value>> {
        let pipe = self.questions.as_mut().context("the oracle is stopped")?;
        for question in questions {
            serde_json::to_writer(&mut *pipe, question)?;
            pipe.write_all(b"\n")?;
        }
        pipe.flush()?;
        questions.iter().map(|_| self.answer()).collect()
    }

    fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line).context("cannot read the oracle's answer")?;
        anyhow::ensure!(read > 0, "the oracle ended before it answered");
        serde_json::from_str(&line).with_context(|| format!("the oracle answered {line}"))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.questions = None;
        // It ends by itself when its input does; nothing is left to do where it does not.
        let _ = self.child.wait();
    }
}
