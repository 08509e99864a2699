//! What is known outside of wasm in case it stops: js/stopped.js shows it.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::state::Action;

/// Leaves the text that an action brings where it can be found when the engine stops over it.
pub fn note(action: &Action) {
    let (name, text) = match action {
        Action::TypePolicy(text) => ("policy", text),
        Action::TypeRequest(text) => ("request", text),
        // What changes the texts otherwise: what is kept for the tab is newer then.
        Action::Open(_) | Action::Fix(_) | Action::FixRequest(_) => {
            return set(&js_sys::global(), "typed", &Object::new());
        }
        _ => return,
    };
    let typed = Reflect::get(&js_sys::global(), &"typed".into()).ok().and_then(|typed| typed.dyn_into::<Object>().ok());
    let typed = typed.unwrap_or_default();
    set(&typed, name, &text.into());
    set(&js_sys::global(), "typed", &typed);
}

/// Leaves the place of a panic, which ends the wasm.
pub fn note_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("panic");
        set(&js_sys::global(), "stoppedAt", &format!("{message}, {place}").into());
    }));
}

/// A plain object always takes a property.
fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
