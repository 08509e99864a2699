//! YAML 1.1 as kube-apiserver reads it: the grammar, the limits and the error texts of its parser.
//!
//! The API server's parser is a Go port of libyaml (`go.yaml.in/yaml/v2`). What it says is visible to people (`yaml: line N: …`, with N its
//! own idea of a line), so this is the same machine: characters (`input`) → tokens (`scan`) → events (`parse`) → a tree (`nodes`).
//! It is written anew rather than taken from a crate since the crates at hand word errors otherwise, count lines otherwise, or panic
//! on some input (libyaml-safer does so on a block scalar that ends without a newline).

mod input;
mod nodes;
mod parse;
mod resolve;
mod scan;
mod scan_scalars;
mod scan_tags;

use std::borrow::Cow;

pub(super) use input::{Input, Places};
pub(super) use nodes::{NodeId, NodeKind, Tree, compose};
pub(super) use resolve::{Resolved, resolve};

/// Nesting that the parser allows, in blocks and in flow collections each.
const MAX_DEPTH: usize = 10_000;

/// A place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Characters before it.
    pub index: u32,
    /// Lines before it.
    pub line: u32,
    /// Characters before it in its line.
    pub column: u32,
    /// Bytes before it, in the text after transcoding.
    pub at: u32,
}

/// Which part of the parser a problem comes from: it counts lines by that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProblemKind {
    Reader,
    Scanner,
    Parser,
}

/// What is wrong with a text.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub kind: ProblemKind,
    pub text: Cow<'static, str>,
    pub mark: Mark,
    /// Where what is broken began.
    pub context: Mark,
    /// The byte in the transcoded text, or for the reader in the original, where it was noticed.
    pub at: usize,
}

impl Problem {
    fn parser(text: &'static str, mark: Mark, context: Mark) -> Problem {
        Problem { kind: ProblemKind::Parser, text: Cow::Borrowed(text), mark, context, at: mark.at as usize }
    }

    /// The message as the API server has it. Its line is that of the problem, or else of the context, and left out where that is the first
    /// line; scanner errors are noticed on a line and counted from 1, the others from 0.
    pub(super) fn message(&self) -> String {
        let line = match (self.mark.line, self.context.line) {
            (0, context) => context,
            (line, _) if self.kind == ProblemKind::Scanner => line + 1,
            (line, _) => line,
        };
        match line {
            0 => format!("yaml: {}", self.text),
            _ => format!("yaml: line {line}: {}", self.text),
        }
    }
}
