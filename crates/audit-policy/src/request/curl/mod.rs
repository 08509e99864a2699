//! A curl command line → the requests that curl sends, as curl 7.82 and newer send them.
//!
//! The words are split as a shell splits them, options are read as curl reads them, and what they come to is one HTTP request for each
//! URL. `Host` and `Content-Length` are left out: no event has anything of them. Whose certificate or token is sent does not stand in the
//! text: who the user is, is assumed.

mod data;
mod options;
#[cfg(test)]
mod tests;
mod transfer;
mod url;
mod write;

use super::describe::describe_request;
use super::fields::{error, shorten};
use super::kubectl::command_line::{self, Command, Word};
use super::kubectl::input;
use super::mend::meant_in;
use super::{Assumption, Format, Given, ReadOptions, Reading, Unreadable, http, lossy};
use crate::event::UserInfo;
use crate::exchange::{Authentication, HttpRequest};
use crate::{Diagnostic, Severity, Span};
use transfer::{Sender, Sent};

pub(super) use write::write;

/// What curl calls itself: the one that Debian and Ubuntu had when this was written.
pub(super) const USER_AGENT: &str = "curl/8.5.0";

/// More requests than these are not read from one text.
const MOST_REQUESTS: usize = 100;

/// The requests of a text hold no more than so many bytes together, unless it is one.
const MOST_BYTES: usize = 32 << 20;

/// Variables make a word longer by no more than so many bytes each.
const MOST_GROWTH: usize = 1 << 16;

/// The first word of a curl command.
pub(super) fn is_curl(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    name == "curl" || name == "curl.exe"
}

/// The words after `curl`, where a command is one: also through sudo and the like.
fn curl_words(words: &[Word]) -> Option<&[Word]> {
    let position = words.iter().position(|word| is_curl(&word.text))?;
    let runs_others = ["sudo", "time", "env", "command", "exec", "watch", "nohup", "if", "then", "do", "!"];
    let before = words.get(..position)?;
    let is_front = |word: &Word| {
        runs_others.contains(&word.text.as_str()) || word.text.starts_with('-') || word.text.contains('=')
    };
    before.iter().all(is_front).then(|| words.get(position + 1..))?
}

/// Reads the curl commands of a text. What is not UTF-8 in it is read as U+FFFD.
pub(super) fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    lossy::read(text, |text| read_text(text, options))
}

fn read_text(text: &str, options: &ReadOptions) -> Result<Reading, Unreadable> {
    let commands = command_line::parse(text)
        .map_err(|problem| unreadable(error("not-shell", problem.message, Some(problem.span), problem.help)))?;
    let mut sent = Vec::new();
    let mut findings = Vec::new();
    let mut bytes_left = MOST_BYTES;
    for (index, command) in commands.iter().enumerate() {
        let Some(words) = curl_words(&command.words) else { continue };
        let earlier = commands.get(..index).unwrap_or_default();
        let words = expanded(words, earlier);
        let stdin = input(command, earlier, options);
        let stdin = stdin.as_deref().or(options.stdin.as_deref());
        let start = command.words.first().map_or(0, |word| word.span.start);
        let end = command.words.last().map_or(start, |word| word.span.end);
        let given = options::parse(&words).map_err(|bad| {
            let refused = error("curl-usage", &bad.message, Some(bad.span), &bad.help);
            unreadable(meant_in(refused, bad.meant, std::iter::once(bad.span), text))
        })?;
        let mut sender = Sender {
            release: options.release,
            files: &options.files,
            stdin,
            span: Span::new(start, end),
            findings: &mut findings,
            bytes_left: &mut bytes_left,
        };
        sent.extend(sender.send(&given).map_err(|refusal| unreadable(*refusal))?);
        if sent.len() > MOST_REQUESTS {
            let message = format!("more than {MOST_REQUESTS} requests");
            return Err(unreadable(error("too-many-requests", &message, Some(Span::new(start, end)), "")));
        }
    }
    reading(sent, findings, options).ok_or_else(|| {
        let help = "begin with `curl`, such as `curl https://127.0.0.1:6443/api/v1/pods`";
        unreadable(error("no-curl", "no curl command here", Some(Span::new(0, text.len())), help))
    })
}

/// The words with the variables that commands before set, as far as those are plain: `NS=prod; curl …/namespaces/$NS/pods`.
fn expanded(words: &[Word], earlier: &[Command]) -> Vec<Word> {
    let mut words = words.to_vec();
    let variables: Vec<_> =
        earlier.iter().filter(|command| command.words.is_empty()).flat_map(|command| &command.variables).collect();
    for word in words.iter_mut().filter(|word| word.expands) {
        for (name, value) in variables.iter().rev().filter(|(_, value)| !value.contains(['$', '`'])).take(20) {
            let (plain, braced) = (format!("${name}"), format!("${{{name}}}"));
            let count = word.text.matches(&plain).count() + word.text.matches(&braced).count();
            // What grows too much is no URL that anybody means.
            if count == 0 || count.saturating_mul(value.len()) > MOST_GROWTH {
                continue;
            }
            let after = |text: &str| text.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
            let replaced = word.text.replace(&braced, value);
            let mut parts = replaced.split(plain.as_str());
            let mut text = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                text.push_str(if after(part) { &plain } else { value });
                text.push_str(part);
            }
            word.text = text;
        }
        word.expands = word.text.contains(['$', '`']);
    }
    words
}

/// The requests as exchanges; none where there are none.
fn reading(sent: Vec<Sent>, findings: Vec<Diagnostic>, options: &ReadOptions) -> Option<Reading> {
    let count = sent.len();
    let mut whole: Option<Reading> = None;
    for Sent { request, assumed, user } in sent {
        let mut given = options.given.clone();
        let mut told = assumed;
        if given.user.is_none() {
            given.user = match user {
                User::Unknown => None,
                User::Named(name) => Some(Authentication::User(UserInfo::authenticated(&name, &[]))),
                User::Nobody(why) => {
                    let text = format!("system:anonymous, in system:unauthenticated: {why}");
                    told.push(Assumption { about: "user".to_owned(), text });
                    Some(Authentication::User(UserInfo::authenticated("system:anonymous", &[])))
                }
            };
        }
        let read = read_one(request, &given, told, options);
        match &mut whole {
            None => whole = Some(read),
            Some(whole) => whole.requests.extend(read.requests),
        }
    }
    let mut whole = whole?;
    whole.findings = findings;
    if count > 1 {
        for request in &mut whole.requests {
            request.purpose = describe_request(&request.exchange.request, options.release);
        }
        whole.understood = format!("{count} requests, the first: {}", whole.understood);
    }
    Some(whole)
}

fn read_one(request: HttpRequest, given: &Given, told: Vec<Assumption>, options: &ReadOptions) -> Reading {
    let mut reading = http::reading(Format::Curl, request, given, options.release);
    reading.assumed.splice(..0, told);
    reading
}

/// Whom the server takes the client for, as far as the text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
enum User {
    /// Nobody: https without anything that says who it is, for this reason.
    Nobody(&'static str),
    /// This one, by a password.
    Named(String),
    /// Somebody, who is not in the text.
    Unknown,
}

/// The files that the commands name; `-` for standard input.
pub(super) fn files_named(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let mut names = Vec::new();
    for command in command_line::parse(&text).unwrap_or_default() {
        let given = curl_words(&command.words).and_then(|words| options::parse(words).ok());
        let Some(given) = given else { continue };
        if let command_line::Input::File(file) = &command.input {
            names.push(file.clone());
        }
        let of_options = given.iter().filter_map(transfer::file_of);
        names.extend(
            of_options.filter(|file| *file != "-" || command.input == command_line::Input::Unknown).map(str::to_owned),
        );
    }
    crate::sort::sort(&mut names);
    names.dedup();
    names
}

fn warn(code: &'static str, severity: Severity, message: String, span: Option<Span>, help: &str) -> Diagnostic {
    Diagnostic { severity, ..error(code, &message, span, help) }
}

fn unreadable(finding: Diagnostic) -> Unreadable {
    Unreadable { format: Some(Format::Curl), findings: vec![finding] }
}

fn quoted(text: &str) -> String {
    format!("`{}`", shorten(text))
}
