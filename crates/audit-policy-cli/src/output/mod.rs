//! Answers as text and as JSON, and what both share: colours, and text that is safe on a terminal.

pub mod delivery;
pub mod json;
pub mod snippet;
pub mod text;

use std::borrow::Cow;
use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use audit_policy::Level;
use clap::ValueEnum;

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    // On a terminal, unless the environment says otherwise (NO_COLOR, CLICOLOR, TERM).
    Auto,
    Always,
    Never,
}

impl ColorChoice {
    /// How to paint what is written to this stream.
    pub fn paint(self, stream: &impl anstream::stream::RawStream) -> Paint {
        let styled = match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never,
        };
        Paint { styled }
    }
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    /// Whether there are colours.
    pub styled: bool,
}

impl Paint {
    pub fn heading(self, text: impl Display) -> String {
        self.style(Style::new().bold(), text)
    }

    pub fn quiet(self, text: impl Display) -> String {
        self.style(Style::new().dimmed(), text)
    }

    pub fn good(self, text: impl Display) -> String {
        self.style(AnsiColor::Green.on_default(), text)
    }

    pub fn error(self, text: impl Display) -> String {
        self.style(AnsiColor::BrightRed.on_default().bold(), text)
    }

    pub fn help(self, text: impl Display) -> String {
        self.style(AnsiColor::BrightCyan.on_default().bold(), text)
    }

    /// A level's name: its colour only repeats what the word says.
    pub fn level(self, level: Level) -> String {
        let style = match level {
            Level::None => Style::new().dimmed(),
            Level::Metadata => AnsiColor::BrightBlue.on_default(),
            Level::Request => AnsiColor::Yellow.on_default(),
            Level::RequestResponse => AnsiColor::Magenta.on_default(),
        };
        self.style(style, level)
    }

    fn style(self, style: Style, text: impl Display) -> String {
        if self.styled { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}

/// Text from outside, made safe for a terminal: control characters and those that turn the direction of text are spelt out.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

fn is_unsafe(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\t'))
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `1 rule`, `2 rules`
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
