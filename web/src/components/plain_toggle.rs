//! The choice between code editors and plain text boxes.

use yew::prelude::*;

use crate::plain_text::use_plain_text;

/// A button that is pressed where plain text boxes are chosen.
#[component]
pub fn PlainToggle() -> Html {
    let (plain, onclick) = use_plain_text();
    html! {
        <button class="btn ghost sm" aria-pressed={plain.to_string()} title="Edit in plain text boxes" {onclick}>
            { "Plain text" }
        </button>
    }
}
