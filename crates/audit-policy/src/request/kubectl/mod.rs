//! A kubectl command line → the requests that kubectl sends, as kubectl 1.37 sends them.
//!
//! There is no cluster here: what depends on one is assumed and told. A request that is sent only in some state of the cluster
//! (apply: POST where the object is new, PATCH where it is there) stands beside its alternative with that condition.

mod apply;
mod auth;
mod bodies;
mod call;
mod change;
pub(in crate::request) mod command_line;
mod commands;
mod create;
mod delete;
mod describe;
mod dispatch;
mod exec;
pub(super) mod files;
mod flags;
mod get;
mod manifest;
mod node;
mod other;
mod patch;
mod proxy;
mod raw;
mod resource_args;
mod resources;
mod rollout;
mod run;
mod session;
#[cfg(test)]
mod tests;

use super::assume::assume;
use super::mend::meant_in;
use super::{Format, Given, ReadOptions, Reading, Request, Unreadable, lossy};
use crate::exchange::LoggedObject;
use crate::json::JsonText;
use crate::{Diagnostic, Release, Severity, Span};
use call::{Call, PROTOBUF};
use command_line::{Command, Input, Word};
use manifest::Files;
use session::{MOST_BYTES, Refused, Session};

/// More kubectl commands than this are not read from one text.
const MOST_COMMANDS: usize = 50;

/// Reads the kubectl commands of a text. What is not UTF-8 in it is read as U+FFFD.
pub(super) fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    lossy::read(text, |text| read_text(text, options))
}

fn read_text(text: &str, options: &ReadOptions) -> Result<Reading, Unreadable> {
    let commands = command_line::parse(text).map_err(|error| {
        let help = Some(error.help.to_owned());
        unreadable(finding("not-shell", error.message.to_owned(), help, error.span))
    })?;
    let mut readings = Vec::new();
    let mut bytes_left = MOST_BYTES;
    for (index, command) in commands.iter().enumerate() {
        let Some(words) = kubectl_words(&command.words) else { continue };
        if readings.len() >= MOST_COMMANDS {
            let message = format!("more than {MOST_COMMANDS} kubectl commands");
            return Err(unreadable(finding("too-many-requests", message, None, span_of(&command.words))));
        }
        readings.push(command_reading(text, index, words, &commands, options, &mut bytes_left));
    }
    join(readings, text)
}

/// What several commands are read as: the requests of all of them; of those that send none, the reason where no other sends any.
fn join(readings: Vec<Result<Reading, Unreadable>>, text: &str) -> Result<Reading, Unreadable> {
    let mut whole: Option<Reading> = None;
    let mut failed: Option<Unreadable> = None;
    for reading in readings {
        match reading {
            Ok(reading) => {
                let Some(whole) = &mut whole else {
                    whole = Some(reading);
                    continue;
                };
                whole.requests.extend(reading.requests);
                whole.discovery.extend(reading.discovery);
                whole.findings.extend(reading.findings);
                let new = reading.assumed.into_iter().filter(|assumption| !whole.assumed.contains(assumption));
                whole.assumed.extend(new.collect::<Vec<_>>());
                whole.understood = format!("{}; {}", whole.understood, lower_first(&reading.understood));
            }
            // A command that sends nothing beside others that do is nothing to tell.
            Err(unreadable) if is_no_request(&unreadable) && (whole.is_some() || failed.is_some()) => {}
            Err(unreadable) => {
                if failed.as_ref().is_none_or(is_no_request) {
                    failed = Some(unreadable);
                }
            }
        }
    }
    match (whole, failed) {
        (Some(whole), Some(failed)) if is_no_request(&failed) => Ok(whole),
        (_, Some(failed)) => Err(failed),
        (Some(whole), None) => Ok(whole),
        (None, None) => {
            let help = Some("begin with `kubectl`, such as `kubectl get pods`".to_owned());
            Err(unreadable(finding("no-kubectl", "no kubectl command here".to_owned(), help, Span::new(0, text.len()))))
        }
    }
}

fn is_no_request(unreadable: &Unreadable) -> bool {
    unreadable.findings.first().is_some_and(|finding| finding.code == "no-request")
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().map(|letter| letter.to_ascii_lowercase()).chain(letters).collect()
}

/// The words after `kubectl`, where a command is one: also by its path, as `k`, through sudo and the like.
fn kubectl_words(words: &[Word]) -> Option<&[Word]> {
    let is_kubectl = |word: &Word| {
        let name = word.text.rsplit(['/', '\\']).next().unwrap_or_default();
        ["kubectl", "kubectl.exe", "k"].contains(&name)
    };
    let runs_others = [
        "sudo", "time", "env", "command", "exec", "watch", "nohup", "minikube", "microk8s", "k3s", "if", "then", "do",
        "!",
    ];
    let position = words.iter().position(is_kubectl)?;
    let before = words.get(..position)?;
    let is_front = |word: &Word| {
        runs_others.contains(&word.text.as_str()) || word.text.starts_with('-') || word.text.contains('=')
    };
    before.iter().all(is_front).then(|| words.get(position + 1..))?
}

fn span_of(words: &[Word]) -> Span {
    let start = words.first().map_or(0, |word| word.span.start);
    Span::new(start, words.last().map_or(start, |word| word.span.end))
}

/// Reads one command.
fn command_reading(
    text: &str,
    index: usize,
    words: &[Word],
    commands: &[Command],
    options: &ReadOptions,
    bytes_left: &mut usize,
) -> Result<Reading, Unreadable> {
    let Some(command) = commands.get(index) else { return join(Vec::new(), "") };
    let earlier = commands.get(..index).unwrap_or_default();
    let span = span_of(&command.words);
    let Some((known, rest)) = commands::find(words) else {
        return Err(unreadable(finding("no-kubectl", "no kubectl command here".to_owned(), None, span)));
    };
    let flags = flags::Flags::parse(known, &rest).map_err(|error| {
        let refused = finding("kubectl-usage", error.message, error.help, error.span);
        unreadable(meant_in(refused, error.meant, places(words), text))
    })?;
    let stdin = input(command, earlier, options);
    let files = Files { known: &options.files, stdin: stdin.as_deref().or(options.stdin.as_deref()) };
    let mut session = Session::new(options.release, known.path, flags, command.variables.clone(), files, span);
    session.bytes_left = *bytes_left;
    if let Some(word) = command.words.iter().find(|word| word.expands) {
        session.find(
            "shell-expansion",
            Severity::Warning,
            format!("what the shell makes of `{}` is not known here: it is taken as it stands", shorten(&word.text)),
            None,
        );
    }
    let impersonates = ["as-group", "as-uid", "as-user-extra"].iter().any(|flag| session.flags.has(flag));
    let outcome = if impersonates && session.flags.text("as").is_none() {
        Err(Refused::usage("requesting uid, groups or user-extra for kubernetes-admin without impersonating a user")
            .help("add `--as=USER`"))
    } else {
        dispatch::run(&mut session, known, commands)
    };
    *bytes_left = session.bytes_left;
    let timeout = outcome.and_then(|()| session.timeout());
    let timeout = timeout.map_err(|refused| {
        let found = finding(refused.code, refused.message, refused.help, span);
        unreadable(meant_in(found, refused.meant, places(words), text))
    })?;
    for (index, meant) in std::mem::take(&mut session.meant) {
        if let Some(finding) = session.findings.get_mut(index) {
            *finding = meant_in(finding.clone(), Some(meant), places(words), text);
        }
    }
    if session.requests.is_empty() {
        let message = format!("`kubectl {}` here sends no request to the API server", known.path);
        return Err(unreadable(finding("no-request", message, None, span)));
    }
    Ok(reading(session, timeout.as_deref(), options))
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

/// What the command reads from standard input: a here-document, a file, or what the command before it prints.
pub(in crate::request) fn input(command: &Command, earlier: &[Command], options: &ReadOptions) -> Option<Vec<u8>> {
    match &command.input {
        Input::Unknown => None,
        Input::Text(text) => Some(text.clone().into_bytes()),
        Input::File(file) => options.files.get(file).cloned(),
        Input::Pipe => {
            let (before, earlier) = earlier.split_last()?;
            printed(before, earlier, options)
        }
    }
}

/// What a command prints, where that can be told: `cat`, `echo`, `printf`, and kubectl's own dry runs.
fn printed(command: &Command, earlier: &[Command], options: &ReadOptions) -> Option<Vec<u8>> {
    let mut words = command.words.iter().map(|word| word.text.as_str());
    match words.next()? {
        "cat" => {
            let files: Vec<&str> = words.filter(|word| !word.starts_with('-')).collect();
            if files.is_empty() {
                // One step only: a chain of pipes is not followed further.
                return match &command.input {
                    Input::Text(text) => Some(text.clone().into_bytes()),
                    Input::File(file) => options.files.get(file).cloned(),
                    _ => None,
                };
            }
            let contents: Option<Vec<_>> = files.iter().map(|file| options.files.get(*file).cloned()).collect();
            contents.map(|contents| contents.join(&b"\n---\n"[..]))
        }
        "echo" | "printf" => {
            let words: Vec<&str> = words.filter(|word| !["-n", "-e", "-E", "-ne", "--"].contains(word)).collect();
            Some(words.join(" ").replace("\\n", "\n").into_bytes())
        }
        _ => {
            let words = kubectl_words(&command.words)?;
            dry_run(command, words, earlier, options)
        }
    }
}

/// The object that `kubectl create … --dry-run=client -o yaml` prints.
fn dry_run(command: &Command, words: &[Word], _earlier: &[Command], options: &ReadOptions) -> Option<Vec<u8>> {
    let (known, rest) = commands::find(words)?;
    let flags = flags::Flags::parse(known, &rest).ok()?;
    let is_generator = known.path.starts_with("create ") && known.path != "create token";
    let files = Files { known: &options.files, stdin: None };
    let span = span_of(&command.words);
    let mut session = Session::new(options.release, known.path, flags, Vec::new(), files, span);
    if !is_generator || session.dry_run().ok()? != session::DryRun::Client {
        return None;
    }
    create::object(&mut session).ok().map(|(_, object)| object.to_string().into_bytes())
}

/// The session's requests as exchanges.
fn reading(session: Session<'_>, timeout: Option<&str>, options: &ReadOptions) -> Reading {
    let headers = session.common_headers();
    let mut assumed = session.assumed.clone();
    let mut exchange = |call: &Call, is_pick: bool| {
        let given = given(call, is_pick, &options.given);
        let (exchange, told) = assume(call.to_http(&headers, timeout), &given, options.release);
        if is_pick {
            let new = told.into_iter().filter(|assumption| !assumed.contains(assumption));
            assumed.extend(new.collect::<Vec<_>>());
        }
        Request { purpose: call.purpose.clone(), when: call.when.clone(), exchange }
    };
    let numbered = session.requests.iter().enumerate();
    let requests = numbered.map(|(index, call)| exchange(call, index == session.pick)).collect();
    let discovery = session.discovery.iter().map(|call| exchange(call, false)).collect();
    if options.release != Release::NEWEST {
        let text = format!("as kubectl {} sends them, but for what is told", Release::NEWEST);
        assumed.push(super::Assumption { about: "requests".to_owned(), text });
    }
    Reading {
        format: Format::Kubectl,
        understood: session.understood,
        assumed,
        findings: session.findings,
        requests,
        discovery,
        pick: session.pick,
    }
}

/// What is known of one request of the command: what is given of the answer is of the one that the command exists for.
fn given(call: &Call, is_pick: bool, given: &Given) -> Given {
    let mut own = if is_pick {
        given.clone()
    } else {
        Given {
            user: given.user.clone(),
            impersonation_allowed: given.impersonation_allowed,
            from: given.from.clone(),
            ..Given::default()
        }
    };
    if own.code.is_none() && own.outcome.is_none() {
        own.code = call.code;
    }
    // The body is held as JSON, whatever it is on the wire.
    let is_protobuf = call.content_type == Some(PROTOBUF) && !call.body.is_empty();
    if is_protobuf && own.objects.request == LoggedObject::FromBody && crate::json::parse(&call.body).is_ok() {
        own.objects.request = LoggedObject::Decoded(JsonText::from_compact(call.body.clone()));
    }
    own
}

fn finding(code: &'static str, message: String, help: Option<String>, span: Span) -> Diagnostic {
    Diagnostic { code, severity: Severity::Error, message, path: None, span: Some(span), help, fix: None }
}

fn unreadable(finding: Diagnostic) -> Unreadable {
    Unreadable { format: Some(Format::Kubectl), findings: vec![finding] }
}

/// Where words stand in the text.
fn places(words: &[Word]) -> impl Iterator<Item = Span> {
    words.iter().map(|word| word.span)
}
