//! The fragment of the page's address, and the browser's history.

use audit_policy::request::scenario::Scenario;
use gloo::utils::window;
use wasm_bindgen::JsValue;

use super::notice::Notice;
use crate::kept;
use crate::late;
use crate::state::Inputs;

/// What the address says.
pub enum Start {
    /// A scenario.
    Scenario(Box<Scenario>),
    /// Something that looks like one and cannot be read.
    Broken(Notice),
    /// Nothing.
    Nothing,
    /// Something that is not for us.
    Other,
}

/// Whether there is nothing to begin with but a first visit's policy and request.
pub fn begins_anew() -> bool {
    fragment().is_empty() && !kept::has_kept()
}

/// What the page begins with, and what is to be said about it; no inputs: a first visit.
pub fn start() -> (Option<Inputs>, Option<Notice>) {
    // What this tab kept for this address is as the address says, or newer.
    if let Some(inputs) = kept::kept() {
        return (Some(inputs), None);
    }
    match opened() {
        Start::Scenario(scenario) => (Some(Inputs::from_scenario(*scenario)), None),
        Start::Broken(notice) => (kept::kept_for_any_address(), Some(notice)),
        Start::Nothing | Start::Other => (None, None),
    }
}

/// What the address says now.
pub fn opened() -> Start {
    let fragment = fragment();
    if fragment.is_empty() {
        return Start::Nothing;
    }
    // A link that lost its end is still one.
    if !fragment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit())) {
        return Start::Other;
    }
    match late::read_link(&fragment) {
        None => Start::Nothing,
        Some(Ok(scenario)) => Start::Scenario(Box::new(scenario)),
        Some(Err(unreadable)) => Start::Broken(match unreadable.findings.into_iter().next() {
            Some(finding) => Notice::of(finding),
            None => Notice::alert("this link cannot be read", "copy the whole link again"),
        }),
    }
}

/// The address's fragment without its `#`.
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// Whether the address is that of a lesson.
pub fn in_lesson() -> bool {
    fragment().starts_with("lesson/")
}

/// The address without its fragment.
pub fn without_fragment() -> String {
    let address = window().location().href().unwrap_or_default();
    address.split('#').next().unwrap_or_default().to_owned()
}

/// The folder that the page is in.
pub fn without_query() -> String {
    let address = without_fragment();
    let address = address.split('?').next().unwrap_or_default();
    address.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

/// Puts a fragment into the address, in the present entry of the history or in a new one. None: the address gets no fragment.
pub fn write(written: Option<&str>, new: bool) {
    if written.unwrap_or_default() == fragment() {
        return;
    }
    let address = match written {
        Some(fragment) => format!("#{fragment}"),
        None => without_fragment(),
    };
    // A browser that refuses (too often, or a page without an origin) leaves the address as it was.
    let Ok(history) = window().history() else { return };
    let _ = match new {
        true => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        false => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
    };
}
