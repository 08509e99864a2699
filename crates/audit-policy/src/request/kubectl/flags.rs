//! A command's words → its flags and arguments, as pflag reads them.

use super::command_line::Word;
use super::commands::{Command, Flag, Takes};
use crate::Span;
use crate::near::nearest;

/// More words than any shell passes on; what a command makes of them is then no more work than it may be.
const MOST_WORDS: usize = 10_000;

/// The flags and arguments of a command.
#[derive(Debug, Default)]
pub(super) struct Flags {
    values: Vec<(&'static str, Vec<String>)>,
    /// The arguments before `--`, and after it.
    pub arguments: Vec<String>,
    /// How many of the arguments stood before `--`, where there was one.
    pub before_dashes: Option<usize>,
}

/// Why a command's flags cannot be read, in pflag's words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadFlag {
    pub message: String,
    pub help: Option<String>,
    pub span: Span,
    /// A flag's name, and the one that was likely meant.
    pub meant: Option<(String, String)>,
}

impl Flags {
    /// Reads the words after a command's name.
    pub fn parse(command: &'static Command, words: &[Word]) -> Result<Flags, BadFlag> {
        if let Some(word) = words.get(MOST_WORDS) {
            let message = format!("the command has more than {MOST_WORDS} words, which is not read here");
            return Err(BadFlag { message, help: None, span: word.span, meant: None });
        }
        let mut flags = Flags::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.text.as_str();
            if text == "--" {
                flags.before_dashes = Some(flags.arguments.len());
                flags.arguments.extend(words.map(|word| word.text.clone()));
                break;
            }
            if let Some(long) = text.strip_prefix("--") {
                flags.long(command, long, word, &mut words)?;
            } else if text.len() > 1 && text.starts_with('-') {
                flags.short(command, text, word, &mut words)?;
            } else {
                flags.arguments.push(word.text.clone());
            }
        }
        Ok(flags)
    }

    fn long<'w>(
        &mut self,
        command: &'static Command,
        text: &str,
        word: &Word,
        words: &mut impl Iterator<Item = &'w Word>,
    ) -> Result<(), BadFlag> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let bad = |message, help| BadFlag { message, help, span: word.span, meant: None };
        if name.is_empty() || name.starts_with('-') {
            return Err(bad(format!("bad flag syntax: {}", word.text), None));
        }
        let Some(flag) = command.flags().find(|flag| flag.name == name) else {
            let near = nearest(name, command.flags().map(|flag| flag.name));
            let help = near.map(|near| format!("did you mean `--{near}`?"));
            let meant = near.map(|near| (name.to_owned(), near.to_owned()));
            return Err(BadFlag { meant, ..bad(format!("unknown flag: --{name}"), help) });
        };
        let value = match (value, flag.takes) {
            (Some(value), _) => value.to_owned(),
            (None, Takes::Switch) => "true".to_owned(),
            (None, Takes::Optional(default)) => default.to_owned(),
            (None, Takes::Value) => {
                let next = words.next().map(|word| word.text.clone());
                next.ok_or_else(|| bad(format!("flag needs an argument: --{name}"), None))?
            }
        };
        self.set(flag, value, word, &format!("--{name}"))
    }

    fn short<'w>(
        &mut self,
        command: &'static Command,
        text: &str,
        word: &Word,
        words: &mut impl Iterator<Item = &'w Word>,
    ) -> Result<(), BadFlag> {
        let bad = |message| BadFlag { message, help: None, span: word.span, meant: None };
        let mut rest = text.get(1..).unwrap_or_default();
        while let Some(letter) = rest.chars().next() {
            let group = rest;
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            let Some(flag) = command.flags().find(|flag| flag.shorthand == Some(letter)) else {
                return Err(bad(format!("unknown shorthand flag: '{letter}' in -{group}")));
            };
            let value = match (rest.strip_prefix('='), flag.takes) {
                (Some(value), _) => {
                    rest = "";
                    value.to_owned()
                }
                (None, Takes::Switch) => "true".to_owned(),
                (None, Takes::Optional(default)) => default.to_owned(),
                (None, Takes::Value) if !rest.is_empty() => std::mem::take(&mut rest).to_owned(),
                (None, Takes::Value) => {
                    let next = words.next().map(|word| word.text.clone());
                    next.ok_or_else(|| bad(format!("flag needs an argument: '{letter}' in -{group}")))?
                }
            };
            self.set(flag, value, word, &format!("-{letter}, --{}", flag.name))?;
        }
        Ok(())
    }

    fn set(&mut self, flag: &'static Flag, value: String, word: &Word, spelt: &str) -> Result<(), BadFlag> {
        let is_bool =
            ["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"].contains(&value.as_str());
        if flag.takes == Takes::Switch && !is_bool {
            let message = format!(
                "invalid argument \"{value}\" for \"{spelt}\" flag: strconv.ParseBool: parsing \"{value}\": invalid syntax"
            );
            return Err(BadFlag { message, help: None, span: word.span, meant: None });
        }
        match self.values.iter_mut().find(|(name, _)| *name == flag.name) {
            Some((_, values)) => values.push(value),
            None => self.values.push((flag.name, vec![value])),
        }
        Ok(())
    }

    /// The last value of a flag.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.all(name).last().map(String::as_str)
    }

    /// The last value of a flag that is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).filter(|value| !value.is_empty())
    }

    /// Every value of a flag, in order.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, values)| values.as_slice()).unwrap_or_default()
    }

    /// How long the values of a flag are altogether, with something for each.
    pub fn size(&self, name: &str) -> usize {
        self.all(name).iter().map(|value| value.len() + 64).sum()
    }

    /// Every value of a flag, taken apart at commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.all(name)
            .iter()
            .flat_map(|value| value.split(','))
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| value.starts_with(['1', 't', 'T']))
    }

    /// Whether a flag was given.
    pub fn has(&self, name: &str) -> bool {
        !self.all(name).is_empty()
    }

    /// A whole number; none where it is no number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.value(name)?.parse().ok()
    }

    /// The arguments before `--`.
    pub fn plain_arguments(&self) -> &[String] {
        self.arguments.get(..self.before_dashes.unwrap_or(self.arguments.len())).unwrap_or_default()
    }

    /// The arguments after `--`.
    pub fn command_arguments(&self) -> &[String] {
        self.before_dashes.and_then(|before| self.arguments.get(before..)).unwrap_or_default()
    }
}
