//! What was typed, kept by the browser for its tab: a reload loses nothing, not even what is too new or too large for the address.

use audit_policy::json::{Map, Value};
use gloo::utils::window;
use web_sys::{PerformanceNavigation, Storage};

use crate::late;
use crate::state::Inputs;

/// The name under which the browser keeps it: a scenario in JSON.
const KEY: &str = "scenario";

/// The name of the fragment that the address had then.
const ADDRESS: &str = "scenario-at";

/// The name of the fragment that this one took the place of.
const BEFORE: &str = "scenario-was-at";

/// Keeps it for the present address, where the browser allows; where it does not, the address is all that a reload has.
pub fn keep(inputs: &Inputs) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, &json(inputs));
        let _ = storage.set_item(ADDRESS, &address());
    }
}

/// Notes which fragment the present one took the place of; none where that has an entry of its own in the history.
pub fn note_replaced(before: Option<&str>) {
    if let Some(storage) = storage() {
        let _ = match before {
            Some(before) => storage.set_item(BEFORE, before),
            None => storage.remove_item(BEFORE),
        };
    }
}

/// Whether anything was kept.
pub fn has_kept() -> bool {
    storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).is_some()
}

/// What was kept for the present address, if it can still be read.
pub fn kept() -> Option<Inputs> {
    let (storage, address) = (storage()?, address());
    let at = |name| storage.get_item(name).ok().flatten();
    let is_kept = at(ADDRESS)? == address || is_reload() && at(BEFORE).is_some_and(|before| before == address);
    if is_kept { kept_for_any_address() } else { None }
}

/// Whether this is a reload. One right after the address was written may come before the browser knows that: it then loads the address from before.
fn is_reload() -> bool {
    window().performance().is_some_and(|load| load.navigation().type_() == PerformanceNavigation::TYPE_RELOAD)
}

/// What was kept last, if it can still be read.
pub fn kept_for_any_address() -> Option<Inputs> {
    let scenario = storage()?.get_item(KEY).ok().flatten()?;
    late::scenario(scenario.as_bytes()).map(Inputs::from_scenario)
}

/// Until what writes scenarios is there, only these three can be others than those of the first visit.
fn json(inputs: &Inputs) -> String {
    late::json(&inputs.to_scenario()).unwrap_or_else(|| {
        let texts = [
            ("kubernetes", inputs.release.to_string()),
            ("policy", inputs.policy.clone()),
            ("request", inputs.request.clone()),
        ];
        let texts = texts.into_iter().map(|(key, text)| (key.to_owned(), Value::String(text)));
        let version = ("version".to_owned(), Value::number("1").unwrap_or_default());
        Value::Object(texts.chain([version]).collect::<Map>()).to_string()
    })
}

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// The address's fragment.
pub fn address() -> String {
    window().location().hash().unwrap_or_default()
}
