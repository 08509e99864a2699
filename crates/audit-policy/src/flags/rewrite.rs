//! A text with flags, changed so that it comes to other options: in place where that can be, so that comments, other flags and the shape stay.

use super::options::{WEBHOOK_FILE, values};
use super::parse::Given;
use super::shape::{Argument, Shape};
use super::table::flag;
use super::write::{quoted, unit, word};
use super::{Checked, FileState, Settings, check_source, check_words, read, write};
use crate::deliver::Options;
use crate::shell_word::shell_word;
use crate::{Release, Span};

/// The text, changed so that the server's settings come to these options. What the options agree with is left as it is; of a text that holds no flags, a
/// command line is made.
///
/// A backend that the options do not have gets an empty path. Of a text that cannot be changed in place, its flags of auditing are written anew in its shape.
pub fn rewrite(text: &str, options: &Options, release: Release) -> String {
    rewrite_to(text, values(options, release), release)
}

/// The text, changed so that flags have these values.
fn rewrite_to(text: &str, mut wanted: Vec<(&'static str, String)>, release: Release) -> String {
    let Some(first) = checked(text, release) else { return anew(None, &given_anew(&wanted, release), release) };
    let mut now = (text.to_owned(), first.0, first.1);
    if has_webhook(&wanted) && now.1.settings.webhook.config_file.is_empty() {
        wanted.push(("audit-webhook-config-file", WEBHOOK_FILE.to_owned()));
    }
    for (name, value) in &wanted {
        if is(&now.1, name, value, release) {
            continue;
        }
        let edited = edits(&now.0, &now.1, &now.2, name, value).into_iter().find_map(|(span, new)| {
            let mut text = now.0.clone();
            text.get(span.start..span.end)?;
            text.replace_range(span.start..span.end, &new);
            let (after, arguments) = checked(&text, release)?;
            let good = after.shape == now.1.shape
                && is(&after, name, value, release)
                && same_but(&now.1, &after, name)
                && (after.usage_error.is_none() || now.1.usage_error.is_some());
            good.then_some((text, after, arguments))
        });
        match edited {
            Some(edited) => now = edited,
            None => return anew(Some(&now.1), &wanted, release),
        }
    }
    now.0
}

/// The text, changed so that a flag of the backends has a value; see [`rewrite`].
///
/// # Errors
///
/// Why the flag cannot have the value: in pflag's words where it is not read, in the server's where that would not start with it.
pub fn change(text: &str, name: &str, value: &str, release: Release) -> Result<String, String> {
    let before = checked(text, release).map(|(checked, _)| checked.settings);
    let mut settings = before.clone().unwrap_or_else(|| Settings::defaults(release));
    settings.set(name, value, release)?;
    let known = before.as_ref().map(|before| before.errors(release)).unwrap_or_default();
    if let Some(error) = settings.errors(release).into_iter().find(|error| !known.contains(error)) {
        return Err(error);
    }
    let mut wanted = values(&settings.options(release), release);
    // What options cannot hold is left as it is typed.
    if let Some(before) = before {
        let unchanged = values(&before.options(release), release);
        wanted.retain(|flag| flag.0 == name || !unchanged.contains(flag));
    }
    if let Some((_, own)) = wanted.iter_mut().find(|(flag, _)| *flag == name) {
        let mut other = settings.clone();
        if other.set(name, own, release).is_err() || other != settings {
            *own = value.to_owned();
        }
    }
    Ok(rewrite_to(text, wanted, release))
}

/// The text, changed so that AuditSinks get events: with dynamic configuration and its feature gate. As it is in a release that has none.
pub fn allow_sinks(text: &str, release: Release) -> String {
    let (dynamic, gate) = ("audit-dynamic-configuration", "DynamicAuditing=true");
    if flag(dynamic).is_none_or(|flag| !flag.is_in(release)) {
        return text.to_owned();
    }
    let given = checked(text, release).map(|(checked, _)| checked.given).unwrap_or_default();
    let gates = given.iter().rev().find(|given| is_of(given, "feature-gates")).map(|given| given.value.as_str());
    // Of a gate that is given twice the last counts.
    let gates = gates.filter(|gates| !gates.is_empty()).map_or(gate.to_owned(), |gates| format!("{gates},{gate}"));
    rewrite_to(text, vec![("feature-gates", gates), (dynamic, "true".to_owned())], release)
}

fn checked(text: &str, release: Release) -> Option<(Checked, Vec<Argument>)> {
    let source = read(text)?;
    let arguments = source.arguments.clone();
    Some((check_source(source, release, &|_| FileState::Unknown), arguments))
}

/// Whether a flag comes to a value, given or by default.
fn is(checked: &Checked, name: &str, value: &str, release: Release) -> bool {
    let mut other = checked.settings.clone();
    other.set(name, value, release).is_ok() && other == checked.settings && !is_misread(checked, name, release)
}

/// Whether a flag is given a value that Go does not read.
fn is_misread(checked: &Checked, name: &str, release: Release) -> bool {
    let given = checked.given.iter().rev().find(|given| is_of(given, name));
    given.is_some_and(|given| Settings::defaults(release).set(given.flag.name, &given.value, release).is_err())
}

/// Whether the flags but this one are given as before.
fn same_but(before: &Checked, after: &Checked, name: &str) -> bool {
    let others = |checked: &Checked| {
        let others = checked.given.iter().filter(|given| !is_of(given, name));
        others.map(|given| (given.flag.name, given.value.clone())).collect::<Vec<_>>()
    };
    others(before) == others(after)
}

/// Whether a flag is this one, by this name or an older one.
fn is_of(given: &Given, name: &str) -> bool {
    given.flag.name == name || given.flag.replaced.is_some_and(|(_, new)| new == name)
}

/// The changes of a text that may give a flag a value, the smallest first; none where there is no place for it. Which is right is seen when the text is read again.
fn edits(text: &str, checked: &Checked, arguments: &[Argument], name: &str, value: &str) -> Vec<(Span, String)> {
    // Of a flag that is repeated the last counts.
    if let Some(given) = checked.given.iter().rev().find(|given| is_of(given, name)) {
        return changes(text, checked.shape, given, value);
    }
    let last = arguments.iter().rev().find(|argument| argument.span.is_some());
    last.and_then(|last| add(text, checked.shape, last, name, value)).into_iter().collect()
}

/// Another value of a flag that is given.
fn changes(text: &str, shape: Shape, given: &Given, value: &str) -> Vec<(Span, String)> {
    let Some(span) = given.value_span else {
        // `--flag`, which is true.
        let end = given.span.map(|span| span.end);
        return end.map(|end| (Span::new(end, end), format!("={value}"))).into_iter().collect();
    };
    let source = text.get(span.start..span.end).unwrap_or_default();
    if matches!(shape, Shape::Kubeadm | Shape::Kind) {
        return vec![(span, quoted(value))];
    }
    let plain = in_shape(shape, value);
    let mut edits = Vec::new();
    if source == given.value {
        edits.push((span, plain.clone()));
    }
    // In quotes, or with the name.
    let whole = format!("{}={}", given.name, given.value);
    let found = match source.rfind(&whole) {
        Some(at) => Some(at + given.name.len() + 1),
        None => source.rfind(&given.value).filter(|_| !given.value.is_empty()),
    };
    if let Some(at) = found {
        edits.push((Span::new(span.start + at, span.start + at + given.value.len()), plain.clone()));
    }
    if given.span == given.value_span {
        let argument = format!("--{}={value}", given.name);
        edits.push((span, whole_in_shape(shape, &argument)));
    } else {
        edits.push((span, plain));
    }
    // Where the value is plain, and its argument must be quoted now.
    if let Some(name) = given.span.filter(|name| name.start < span.start && name.end + 1 == span.start) {
        let argument = format!("--{}={value}", given.name);
        edits.push((Span::new(name.start, span.end), whole_in_shape(shape, &argument)));
    }
    edits
}

fn whole_in_shape(shape: Shape, argument: &str) -> String {
    match shape {
        Shape::CommandLine => shell_word(argument),
        Shape::Systemd => unit(argument),
        Shape::K3s | Shape::Rke2 => quoted(argument.trim_start_matches('-')),
        _ => quoted(argument),
    }
}

fn in_shape(shape: Shape, value: &str) -> String {
    match shape {
        Shape::CommandLine if !value.is_empty() => shell_word(value),
        Shape::Systemd => unit(value),
        _ => value.to_owned(),
    }
}

/// A flag after the last argument.
fn add(text: &str, shape: Shape, last: &Argument, name: &str, value: &str) -> Option<(Span, String)> {
    let place = last.parts.map_or(last.span?, |(name, _)| name);
    let end = last.parts.map_or(last.span?, |(_, value)| value).end.max(place.end);
    let line = text.get(..place.start)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line..place.start)?;
    let indent = before.get(..before.len() - before.trim_start().len())?;
    let line_end = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at);
    let argument = format!("--{name}={value}");
    let begin = if text.get(..line_end)?.ends_with('\n') { "" } else { "\n" };
    let after_line = |new: String| Some((Span::new(line_end, line_end), format!("{begin}{new}")));
    match shape {
        Shape::CommandLine | Shape::Systemd => {
            let quote = if shape == Shape::Systemd { unit } else { shell_word };
            let argument = quote(&argument);
            let between = if before.trim().is_empty() && line > 0 { format!(" \\\n{indent}") } else { " ".to_owned() };
            Some((Span::new(end, end), format!("{between}{argument}")))
        }
        Shape::StaticPod | Shape::K3s | Shape::Rke2 => {
            let bare = if shape == Shape::StaticPod { argument.as_str() } else { argument.trim_start_matches("--") };
            if before.trim() == "-" {
                return after_line(format!("{before}{}", word(bare)));
            }
            Some((Span::new(end, end), format!(", {}", quoted(bare))))
        }
        Shape::Kubeadm | Shape::Kind if before.trim().is_empty() => {
            after_line(format!("{indent}{name}: {}", quoted(value)))
        }
        Shape::Kubeadm | Shape::Kind if before.trim().starts_with('-') => {
            after_line(format!("{indent}- name: {name}\n{indent}  value: {}", quoted(value)))
        }
        Shape::Kubeadm | Shape::Kind => Some((Span::new(end, end), format!(", {name}: {}", quoted(value)))),
    }
}

/// Whether these are flags of a webhook that is on.
fn has_webhook(wanted: &[(&'static str, String)]) -> bool {
    wanted.iter().any(|(name, _)| name.ends_with("initial-backoff") || *name == "audit-webhook-mode")
}

/// The flags that a server without others needs.
fn given_anew(wanted: &[(&'static str, String)], release: Release) -> Vec<(&'static str, String)> {
    let mut given = wanted.to_vec();
    if has_webhook(wanted) {
        given.push(("audit-webhook-config-file", WEBHOOK_FILE.to_owned()));
    }
    let defaults = super::Settings::defaults(release);
    given.retain(|(name, value)| {
        let mut settings = defaults.clone();
        settings.set(name, value, release).is_err() || settings != defaults
    });
    given
}

/// The flags of auditing in the shape that they had, with these values.
fn anew(before: Option<&Checked>, wanted: &[(&'static str, String)], release: Release) -> String {
    let mut checked = before.cloned().unwrap_or_else(|| check_words(&[], release, &|_| FileState::Unknown));
    for (name, value) in wanted {
        if is(&checked, name, value, release) || checked.settings.set(name, value, release).is_err() {
            continue;
        }
        let Some(flag) = flag(name) else { continue };
        checked.given.retain(|given| !is_of(given, name));
        checked.given.push(Given {
            flag,
            name: (*name).to_owned(),
            value: value.clone(),
            span: None,
            value_span: None,
        });
    }
    write(&checked, checked.shape)
}
