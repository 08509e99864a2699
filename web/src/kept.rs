//! What was typed, kept by the browser for its tab: a reload loses nothing.

use audit_policy::request::scenario::Scenario;
use gloo::utils::window;

use crate::state::Inputs;

/// The name under which the browser keeps it: a scenario in JSON.
const KEY: &str = "scenario";

/// Keeps it where the browser allows; where it does not, a reload begins anew.
pub fn keep(inputs: &Inputs) {
    if let Some(storage) = window().session_storage().ok().flatten() {
        let _ = storage.set_item(KEY, &inputs.to_scenario().to_json());
    }
}

/// What was kept, if it can still be read.
pub fn kept() -> Option<Inputs> {
    let scenario = window().session_storage().ok().flatten()?.get_item(KEY).ok().flatten()?;
    Scenario::parse(scenario.as_bytes()).ok().map(Inputs::from_scenario)
}
