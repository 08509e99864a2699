//! Whether texts are edited in plain text boxes: a choice that is kept.

use gloo::events::EventListener;
use gloo::utils::window;
use web_sys::Event;
use yew::prelude::*;

/// The name under which the browser keeps it, and of the event that tells of a change.
const KEY: &str = "plain-text";

/// Whether plain text boxes were chosen, and what chooses the other.
#[hook]
pub fn use_plain_text() -> (bool, Callback<MouseEvent>) {
    let plain = use_state_eq(chosen);
    {
        let plain = plain.setter();
        use_effect_with((), move |()| {
            let listener = EventListener::new(&window(), KEY, move |_| plain.set(chosen()));
            move || drop(listener)
        });
    }
    let choose_other = use_callback(*plain, |_: MouseEvent, plain| choose(!plain));
    (*plain, choose_other)
}

/// A browser that refuses to keep it has none chosen.
fn chosen() -> bool {
    let storage = window().local_storage().ok().flatten();
    storage.is_some_and(|storage| storage.get_item(KEY).ok().flatten().is_some())
}

fn choose(plain: bool) {
    if let Some(storage) = window().local_storage().ok().flatten() {
        let _ = if plain { storage.set_item(KEY, "yes") } else { storage.remove_item(KEY) };
    }
    if let Ok(event) = Event::new(KEY) {
        // Every editor of the page hears of it.
        let _ = window().dispatch_event(&event);
    }
}
