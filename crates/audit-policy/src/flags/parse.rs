//! Arguments → settings, as pflag reads them.
//!
//! Mirrors `parseArgs` and `parseLongArg` of `github.com/spf13/pflag`. kube-apiserver has hundreds of flags besides those of auditing: they
//! are stepped over, and no word is lost on whether they exist.

use super::settings::Settings;
use super::shape::Argument;
use super::table::{Flag, FlagKind, flag};
use crate::text::go_quote;
use crate::{Release, Span};

/// A flag that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The flag.
    pub flag: &'static Flag,
    /// Its name as it was written.
    pub name: String,
    /// Its value as it was written.
    pub value: String,
    /// Where its name is in the text.
    pub span: Option<Span>,
    /// Where its value is in the text.
    pub value_span: Option<Span>,
}

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// No release has a flag of this name, or this one has not.
    Unknown(String),
    /// It stands without a value.
    NoValue(&'static Flag),
    /// Go does not read its value.
    Value(Given),
    /// `--=x`, `---x`
    Syntax,
}

/// The first error of a command line: the server reads no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParseError {
    /// pflag's words.
    pub message: String,
    pub wrong: Wrong,
    pub span: Option<Span>,
}

/// A command line, read.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    /// The flags of auditing, in order.
    pub given: Vec<Given>,
    /// Words that are no flag and no flag's value.
    pub stray: Vec<Argument>,
    pub settings: Settings,
    /// Every error; the first is what the server says.
    pub errors: Vec<ParseError>,
}

pub(super) fn parse(arguments: &[Argument], release: Release) -> Parsed {
    let mut parsed =
        Parsed { given: Vec::new(), stray: Vec::new(), settings: Settings::defaults(release), errors: Vec::new() };
    let mut rest = arguments.iter().peekable();
    while let Some(argument) = rest.next() {
        let text = argument.text.as_str();
        let Some(name) = text.strip_prefix("--") else {
            let is_flag = text.len() > 1 && text.starts_with('-');
            // `-v 4`; no other short flag has a value of its own word.
            if text == "-v" {
                rest.next();
            } else if !is_flag {
                parsed.stray.push(argument.clone());
            }
            continue;
        };
        if name.is_empty() {
            parsed.stray.extend(rest.cloned());
            break;
        }
        if name.starts_with(['-', '=']) {
            let message = format!("bad flag syntax: {text}");
            parsed.errors.push(ParseError { message, wrong: Wrong::Syntax, span: argument.span });
            continue;
        }
        let (name, value) = name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
        let found = flag(name);
        let Some(known) = found.filter(|flag| flag.is_in(release)) else {
            if is_of_audit(name) {
                let message = format!("unknown flag: --{name}");
                let wrong = Wrong::Unknown(name.to_owned());
                let name_span = argument.part(0, name.len() + 2);
                parsed.errors.push(ParseError { message, wrong, span: name_span });
            }
            // A flag that is not known here may take the next word: one that is no flag is its value.
            if value.is_none() {
                rest.next_if(|next| !next.text.starts_with('-'));
            }
            continue;
        };
        let (value, value_span) = match value {
            Some(value) => (value.to_owned(), argument.part(name.len() + 3, value.len())),
            None if known.kind == FlagKind::Bool => ("true".to_owned(), None),
            None => match rest.next() {
                Some(next) => (next.text.clone(), next.span),
                None => {
                    let message = format!("flag needs an argument: --{name}");
                    parsed.errors.push(ParseError { message, wrong: Wrong::NoValue(known), span: argument.span });
                    continue;
                }
            },
        };
        let span = argument.part(0, name.len() + 2);
        let given = Given { flag: known, name: name.to_owned(), value, span, value_span };
        if let Err(problem) = parsed.settings.set(known.name, &given.value, release) {
            let value = go_quote(given.value.as_bytes());
            // Until 1.9 pflag named the flag without quotes.
            let message = match release.minor() {
                ..10 => format!("invalid argument {value} for --{}: {problem}", known.name),
                _ => format!("invalid argument {value} for \"--{}\" flag: {problem}", known.name),
            };
            let span = given.value_span.or(given.span);
            parsed.errors.push(ParseError { message, wrong: Wrong::Value(given.clone()), span });
        }
        parsed.given.push(given);
    }
    parsed
}

/// Whether a name that is not known is one of auditing's, so that it is known not to be a flag.
fn is_of_audit(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    name.starts_with("audit")
}
