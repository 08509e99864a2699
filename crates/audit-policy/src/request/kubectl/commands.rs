//! kubectl's commands and their flags: the table, and finding the command of a line in it.

use std::sync::OnceLock;

use super::command_line::Word;

const TABLE: &str = include_str!("commands.txt");

/// A command of kubectl, such as `create deployment`.
#[derive(Debug)]
pub(super) struct Command {
    /// Its words after `kubectl`; empty for kubectl itself.
    pub path: &'static str,
    /// Other names for its last word.
    aliases: Vec<&'static str>,
    flags: Vec<Flag>,
}

/// A flag of a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flag {
    pub name: &'static str,
    pub shorthand: Option<char>,
    pub takes: Takes,
}

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing, or `=true` or `=false`.
    Switch,
    /// A value.
    Value,
    /// A value after `=`; without one, this.
    Optional(&'static str),
}

fn all() -> &'static [Command] {
    static ALL: OnceLock<Vec<Command>> = OnceLock::new();
    ALL.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).map(command).collect())
}

fn command(line: &'static str) -> Command {
    let (names, flags) = line.split_once(':').unwrap_or((line, ""));
    let mut names = names.split('|');
    let path = names.next().unwrap_or_default();
    Command { path, aliases: names.collect(), flags: flags.split_whitespace().map(flag).collect() }
}

fn flag(field: &'static str) -> Flag {
    let (names, takes) = if let Some((names, default)) = field.split_once('?') {
        (names, Takes::Optional(default))
    } else if let Some(names) = field.strip_suffix('=') {
        (names, Takes::Value)
    } else {
        (field, Takes::Switch)
    };
    let (name, shorthand) = names.split_once('/').unwrap_or((names, ""));
    Flag { name, shorthand: shorthand.chars().next(), takes }
}

/// kubectl itself, whose flags every command takes.
fn root() -> Option<&'static Command> {
    all().iter().find(|command| command.path.is_empty())
}

impl Command {
    /// Its flags, then those that every command takes.
    pub fn flags(&'static self) -> impl Iterator<Item = &'static Flag> {
        let global = root().filter(|_| !self.path.is_empty()).map(|root| root.flags.as_slice()).unwrap_or_default();
        self.flags.iter().chain(global)
    }

    /// The commands one word below it.
    pub fn subcommands(&'static self) -> impl Iterator<Item = &'static Command> {
        all().iter().filter(|command| command.parent() == Some(self.path))
    }

    fn parent(&self) -> Option<&'static str> {
        match self.path {
            "" => None,
            path => Some(path.rsplit_once(' ').map_or("", |(parent, _)| parent)),
        }
    }

    /// The last word of its name.
    pub fn last_word(&self) -> &'static str {
        self.path.rsplit(' ').next().unwrap_or_default()
    }

    fn is_named(&self, name: &str) -> bool {
        self.last_word() == name || self.aliases.contains(&name)
    }
}

/// The command that a line's words (without `kubectl`) name, and its other words, in order.
pub(super) fn find(words: &[Word]) -> Option<(&'static Command, Vec<Word>)> {
    let mut command = root()?;
    let mut rest = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if text == "--" || text == "-" || !text.starts_with('-') {
            match command.subcommands().find(|sub| sub.is_named(text)) {
                Some(sub) => {
                    command = sub;
                    continue;
                }
                None => {
                    rest.push(word.clone());
                    break;
                }
            }
        }
        rest.push(word.clone());
        if takes_next_word(command, text) {
            rest.extend(words.next().cloned());
        }
    }
    rest.extend(words.cloned());
    Some((command, rest))
}

/// Whether the flag in this word takes its value from the next one.
fn takes_next_word(command: &'static Command, word: &str) -> bool {
    let needs_value = |flag: Option<&Flag>| flag.is_some_and(|flag| flag.takes == Takes::Value);
    if let Some(name) = word.strip_prefix("--") {
        return needs_value(command.flags().find(|flag| flag.name == name));
    }
    // `-n dev`, `-itn dev`; not `-ndev`.
    let mut letters = word.chars().skip(1).peekable();
    while let Some(letter) = letters.next() {
        let flag = command.flags().find(|flag| flag.shorthand == Some(letter));
        if needs_value(flag) {
            return letters.peek().is_none();
        }
        if flag.is_none_or(|flag| flag.takes != Takes::Switch) {
            return false;
        }
    }
    false
}
