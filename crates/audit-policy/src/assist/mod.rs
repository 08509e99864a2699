//! Help for writing a policy: what may stand at a place, and what stands there means.
//!
//! ```text
//! text, offset ──place──► which field or value of which list, and what is beside it ──fields, values──► words and what they do
//! ```
//!
//! The text is one that somebody is typing: it need not load, nor be YAML. So places are not found by the loader's reader, which ends at
//! the first mistake, but line by line and by indentation, in one pass. Which fields there are is asked of the loader's table of types,
//! which groups and resources of [`crate::kinds`].

mod answer;
mod fields;
mod flow;
mod frame;
mod place;
mod resources;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod words;

use crate::{Release, Span};

/// What may stand at a place of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// What an item replaces: the word at the place, without its quotes; empty where there is none yet.
    pub span: Span,
    /// What may stand there, the most likely first.
    pub items: Vec<Completion>,
}

/// One thing that may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it is called, and what typed letters are compared with, such as `get`, `""` or `omitStages`.
    pub label: String,
    /// What is written in place of [`Completions::span`], with the quotes, colon, dash or bracket that belong to it.
    pub insert: String,
    /// What kind of word it is.
    pub kind: CompletionKind,
    /// A few words beside the label, such as `list of stages`; may be empty.
    pub detail: String,
    /// What kube-apiserver does with it, in a sentence or two.
    pub documentation: String,
}

/// What kind of word a [`Completion`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// The name of a field, such as `omitStages`.
    Field,
    /// A word that Kubernetes fixes: an API version, a kind, a level, a stage, a boolean.
    Keyword,
    /// A verb, such as `get`.
    Verb,
    /// An API group, such as `apps`.
    Group,
    /// A resource, such as `pods`, or a pattern such as `pods/*`.
    Resource,
    /// A subresource, such as `pods/log`.
    Subresource,
    /// A user's name.
    User,
    /// A group of users.
    UserGroup,
    /// A namespace.
    Namespace,
    /// A path that is no resource, such as `/healthz*`.
    Path,
}

/// What stands at a place of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word that is explained.
    pub span: Span,
    /// What kube-apiserver of the release does with it, in a sentence or two.
    pub text: String,
}

/// What may stand at a place: fields that are not there yet, or values.
///
/// `offset` is in bytes; one that is no character boundary, or after the end, has no answer. Neither has a place where nothing is known:
/// comments, unknown fields, names of objects. Takes time in proportion to the text, whatever it is.
pub fn complete(text: &str, offset: usize, release: Release) -> Option<Completions> {
    let found = place::find(text, offset, release)?;
    let items = answer::completions(&found, release);
    (!items.is_empty()).then_some(Completions { span: found.token, items })
}

/// What the field or value at a place means.
///
/// `offset` is in bytes, as in [`complete`]; the word is the one that holds the byte there.
pub fn hover(text: &str, offset: usize, release: Release) -> Option<Hover> {
    let found = place::find(text, offset, release)?;
    if offset >= found.token.end {
        return None;
    }
    Some(Hover { span: found.token, text: answer::meaning(&found, release)? })
}
