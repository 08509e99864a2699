//! A curl command's words → its options, as curl's `tool_getparam.c` reads them.

use crate::Span;
use crate::near::nearest;
use crate::request::fields::shorten;
use crate::request::kubectl::command_line::Word;

/// curl's options for HTTP: `name`, `name/letter`, with `=` where a value follows. From `curl --help all` of 7.88 to 8.5.
const OPTIONS: &str = include_str!("options.txt");

/// More words than any shell passes on.
const MOST_WORDS: usize = 10_000;

/// An option as it was given, or a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given<'a> {
    /// The long name; `url` for a URL without one.
    pub(super) name: &'static str,
    /// Empty for a switch.
    pub(super) value: &'a str,
    /// Whether a switch is on: false for `--no-NAME`.
    pub(super) on: bool,
    pub(super) span: Span,
    /// Whether the value holds something that the shell expands.
    pub(super) expands: bool,
}

/// Why the words cannot be read.
#[derive(Debug)]
pub(super) struct BadOption {
    pub(super) message: String,
    pub(super) help: String,
    pub(super) span: Span,
    /// What is written there, and what was likely meant.
    pub(super) meant: Option<(String, String)>,
}

struct Known {
    name: &'static str,
    letter: Option<char>,
    has_value: bool,
}

fn known() -> impl Iterator<Item = Known> {
    OPTIONS.split_ascii_whitespace().map(|entry| {
        let (entry, has_value) = entry.strip_suffix('=').map_or((entry, false), |entry| (entry, true));
        let (name, letter) =
            entry.split_once('/').map_or((entry, None), |(name, letter)| (name, letter.chars().next()));
        Known { name, letter, has_value }
    })
}

/// The options after `curl`, in order.
pub(super) fn parse(words: &[Word]) -> Result<Vec<Given<'_>>, BadOption> {
    if let Some(word) = words.get(MOST_WORDS) {
        let message = format!("the command has more than {MOST_WORDS} words, which is not read here");
        return Err(BadOption { message, help: String::new(), span: word.span, meant: None });
    }
    let known: Vec<Known> = known().collect();
    let mut given = Vec::new();
    let mut words = words.iter();
    let mut only_urls = false;
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        let url = Given { name: "url", value: text, on: true, span: word.span, expands: word.expands };
        match text.strip_prefix("--") {
            _ if only_urls || text == "-" || !text.starts_with('-') => given.push(url),
            Some("") => only_urls = true,
            Some(name) => {
                let (option, on) = long(&known, name).ok_or_else(|| unknown(&known, name, word.span))?;
                let (value, expands) = if option.has_value { value(&mut words, word)? } else { ("", false) };
                given.push(Given { name: option.name, value, on, span: word.span, expands });
            }
            None => letters(&known, word, &mut words, &mut given)?,
        }
    }
    Ok(given)
}

/// The option of this long name, and whether it is switched on.
fn long<'k>(known: &'k [Known], name: &str) -> Option<(&'k Known, bool)> {
    let exact = |name: &str| known.iter().find(|option| option.name == name);
    let off = name.strip_prefix("no-").and_then(exact).filter(|option| !option.has_value);
    exact(name).map(|option| (option, true)).or(off.map(|option| (option, false)))
}

/// `-kXPOST`: switches, then at most one option with its value.
fn letters<'a>(
    known: &[Known],
    word: &'a Word,
    words: &mut std::slice::Iter<'a, Word>,
    given: &mut Vec<Given<'a>>,
) -> Result<(), BadOption> {
    let mut rest = word.text.get(1..).unwrap_or_default();
    while let Some(letter) = rest.chars().next() {
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        // `-N` is the one letter of an option that switches something off.
        let off = letter == 'N';
        let found = known.iter().find(|option| option.letter == Some(letter) || (off && option.name == "buffer"));
        let Some(option) = found else {
            let message = format!("curl has no option `-{letter}`");
            let help = if given.is_empty() { "an option is one letter after `-`, or a name after `--`" } else { "" };
            return Err(BadOption { message, help: help.to_owned(), span: word.span, meant: None });
        };
        let (value, expands) = match (option.has_value, rest) {
            (false, _) => ("", false),
            (true, "") => value(words, word)?,
            (true, _) => (std::mem::take(&mut rest), word.expands),
        };
        given.push(Given { name: option.name, value, on: !off, span: word.span, expands });
    }
    Ok(())
}

fn value<'a>(words: &mut std::slice::Iter<'a, Word>, option: &Word) -> Result<(&'a str, bool), BadOption> {
    let next = words.next().map(|word| (word.text.as_str(), word.expands));
    next.ok_or_else(|| BadOption {
        message: format!("`{}` needs a value", shorten(&option.text)),
        help: "give it after the option".to_owned(),
        span: option.span,
        meant: None,
    })
}

fn unknown(known: &[Known], name: &str, span: Span) -> BadOption {
    let message = format!("curl has no option `--{}`", shorten(name));
    let plain = name.split('=').next().unwrap_or_default();
    let names: Vec<&str> = known.iter().map(|option| option.name).collect();
    let instead = |near: &str| (format!("--{plain}"), format!("--{near}"));
    let mut beginning = names.iter().filter(|known| !plain.is_empty() && known.starts_with(plain));
    let (help, meant) = match (beginning.next(), beginning.next()) {
        (Some(exact), _) if *exact == plain => {
            let meant = (format!("--{exact}="), format!("--{exact} "));
            (format!("put a blank before its value: `--{exact} VALUE`"), Some(meant))
        }
        (Some(only), None) => (format!("write the whole name: `--{only}`"), Some(instead(only))),
        _ => match nearest(plain, names.iter().copied()) {
            Some(near) => (format!("did you mean `--{near}`?"), Some(instead(near))),
            None => ("it has no place in a request to kube-apiserver, or is no option of curl".to_owned(), None),
        },
    };
    BadOption { message, help, span, meant }
}
