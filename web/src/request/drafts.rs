//! What was typed in each format, so that changing the format keeps the request's meaning and loses no text.

use audit_policy::exchange::Impersonation;
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{Format, Given, ReadOptions, detect, read};
use audit_policy::{Exchange, Release};

use crate::state::Inputs;

/// The texts that were left behind, each in its format, and what became of the present one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    left: Vec<Draft>,
    /// The present text, where a change of the format made it.
    made: Option<Made>,
    /// What the last change of the format did.
    pub note: Option<Note>,
}

/// A text that was left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Draft {
    format: Format,
    text: String,
    pick: Option<usize>,
    given: Given,
}

/// A text that was made by rewriting.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Made {
    /// The format in which a person wrote the request.
    origin: Format,
    text: String,
    given: Given,
}

/// What a change of the format did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The request was rewritten; what had been typed in this format before is kept aside.
    Aside,
    /// The text that was last typed in this format is back, which may be another request.
    Back,
    /// The request cannot be rewritten in this format: the text is as it was.
    Paste,
}

/// The inputs with the request in another format, and the drafts after that. `shown` is the present format, `exchange` the request that
/// is answered for.
pub fn switch(
    inputs: &Inputs,
    drafts: &Drafts,
    shown: Option<Format>,
    exchange: Option<&Exchange>,
    to: Format,
) -> (Inputs, Drafts) {
    let (mut inputs, mut drafts) = (inputs.clone(), drafts.clone());
    drafts.note = None;
    let is_empty = inputs.request.trim().is_empty();
    // A text that could not be rewritten is still the format's in which it was written.
    let detected = detect(inputs.request.as_bytes());
    let from = detected.or(shown);
    if let Some(from) = from {
        drafts.leave(from, &inputs);
    }
    // What is in no format stands in no draft, and is not replaced; where there is nothing, there is no meaning to keep.
    let exchange = from.and(exchange).filter(|_| !is_empty);
    if from.is_none() && !is_empty {
        drafts.note = Some(Note::Paste);
        inputs.format = Some(to);
        return (inputs, drafts);
    }
    if detected == Some(to) {
        inputs.format = None;
        inputs.pick = None;
        return (inputs, drafts);
    }
    let made = drafts.made.take().filter(|made| made.text == inputs.request);
    let draft = drafts.left.iter().find(|draft| draft.format == to).cloned();
    let origin = made.as_ref().map(|made| made.origin).or(from);
    match (made, draft) {
        (Some(made), Some(draft)) if made.origin == to => {
            inputs.given = back(&draft.given, &made.given, &inputs.given);
            put(&mut inputs, draft.text, to);
            inputs.pick = draft.pick;
        }
        (_, draft) => match rewrite(&inputs, from, exchange, to) {
            Some((text, given)) => {
                drafts.note = draft.filter(|draft| draft.text != text).map(|_| Note::Aside);
                let made = (text.clone(), given.clone());
                drafts.made = origin.map(|origin| Made { origin, text: made.0, given: made.1 });
                inputs.given = given;
                put(&mut inputs, text, to);
            }
            None => match draft {
                Some(draft) => {
                    drafts.note = Some(Note::Back);
                    put(&mut inputs, draft.text, to);
                    inputs.pick = draft.pick;
                }
                None => {
                    drafts.note = Some(Note::Paste);
                    inputs.format = Some(to);
                    inputs.pick = None;
                }
            },
        },
    }
    (inputs, drafts)
}

/// The inputs and drafts with the text that was kept aside in place of the one that was rewritten, and that one aside.
pub fn restore(inputs: &Inputs, drafts: &Drafts, format: Format) -> (Inputs, Drafts) {
    let (mut inputs, mut drafts) = (inputs.clone(), drafts.clone());
    if let Some(draft) = drafts.left.iter().find(|draft| draft.format == format).cloned() {
        drafts.leave(format, &inputs);
        put(&mut inputs, draft.text, format);
        inputs.pick = draft.pick;
    }
    drafts.made = None;
    drafts.note = None;
    (inputs, drafts)
}

impl Drafts {
    fn leave(&mut self, format: Format, inputs: &Inputs) {
        // A text that a rewriting made is not what was typed, and can be made again.
        if self.made.as_ref().is_some_and(|made| made.text == inputs.request) || inputs.request.trim().is_empty() {
            return;
        }
        self.left.retain(|draft| draft.format != format);
        let (text, given) = (inputs.request.clone(), inputs.given.clone());
        self.left.push(Draft { format, text, pick: inputs.pick, given });
    }
}

/// Makes a text the request; its format is told where it would be taken for another.
fn put(inputs: &mut Inputs, text: String, format: Format) {
    inputs.format = (detect(text.as_bytes()) != Some(format)).then_some(format);
    inputs.pick = None;
    inputs.request = text;
}

/// The request in another format, and what has to be given besides for it to mean the same.
fn rewrite(inputs: &Inputs, from: Option<Format>, exchange: Option<&Exchange>, to: Format) -> Option<(String, Given)> {
    if to == Format::Scenario && exchange.is_some() {
        let scenario = Scenario {
            request: inputs.request.clone(),
            format: from.filter(|from| detect(inputs.request.as_bytes()) != Some(*from)),
            ..Scenario::default()
        };
        return Some((scenario.to_yaml(), inputs.given.clone()));
    }
    let exchange = exchange?;
    let nested = (from == Some(Format::Scenario)).then(|| Scenario::parse(inputs.request.as_bytes()).ok()).flatten();
    let text = match nested {
        Some(nested) if nested.format.or_else(|| detect(nested.request.as_bytes())) == Some(to) => nested.request,
        _ => super::rewrite(exchange, to)?,
    };
    let given = carried(&text, to, exchange, &inputs.given, inputs.release)?;
    Some((text, given))
}

/// What has to be given besides a text for its request to be this exchange; what the text says anyway is not.
fn carried(text: &str, format: Format, old: &Exchange, given: &Given, release: Release) -> Option<Given> {
    let mut given = given.clone();
    let again = |given: &Given| {
        let options = ReadOptions { release, format: Some(format), given: given.clone(), ..ReadOptions::default() };
        let reading = read(text.as_bytes(), &options).ok()?;
        Some(reading.requests.get(reading.pick)?.exchange.clone())
    };
    // Who asks and how it ends decides the code that is assumed, and that decides the rest.
    let new = again(&given)?;
    differ(&mut given.user, &old.authentication, &new.authentication);
    differ(&mut given.outcome, &old.outcome, &new.outcome);
    if old.impersonation == Impersonation::Refused && new.impersonation != Impersonation::Refused {
        given.impersonation_allowed = Some(false);
    }
    let new = again(&given)?;
    if old.response.code != new.response.code {
        given.code = old.response.code;
    }
    let new = again(&given)?;
    differ(&mut given.from, &old.source_ips, &new.source_ips);
    differ(&mut given.body, &old.response.body, &new.response.body);
    differ(&mut given.annotations, &old.annotations, &new.annotations);
    differ(&mut given.times, &old.times, &new.times);
    differ(&mut given.audit_id, &old.audit_id, &new.audit_id);
    if old.objects != new.objects {
        given.objects = old.objects.clone();
    }
    Some(given)
}

fn differ<T: Clone + PartialEq>(slot: &mut Option<T>, old: &T, new: &T) {
    if old != new {
        *slot = Some(old.clone());
    }
}

/// What was given when a text was left, with what was changed since its rewriting.
fn back(left: &Given, made: &Given, now: &Given) -> Given {
    fn pick<T: Clone + PartialEq>(left: &T, made: &T, now: &T) -> T {
        if made == now { left.clone() } else { now.clone() }
    }
    Given {
        user: pick(&left.user, &made.user, &now.user),
        impersonation_allowed: pick(
            &left.impersonation_allowed,
            &made.impersonation_allowed,
            &now.impersonation_allowed,
        ),
        from: pick(&left.from, &made.from, &now.from),
        code: pick(&left.code, &made.code, &now.code),
        body: pick(&left.body, &made.body, &now.body),
        outcome: pick(&left.outcome, &made.outcome, &now.outcome),
        objects: pick(&left.objects, &made.objects, &now.objects),
        annotations: pick(&left.annotations, &made.annotations, &now.annotations),
        times: pick(&left.times, &made.times, &now.times),
        audit_id: pick(&left.audit_id, &made.audit_id, &now.audit_id),
    }
}
