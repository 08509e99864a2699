//! A button that copies a text.

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::icon::Icon;

/// How long the button says what became of it, in milliseconds.
const SAID: u32 = 1500;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
}

/// Copies a text to the clipboard, and says so. Not drawn where the browser has no clipboard (a page without https).
#[component]
pub fn CopyButton(props: &Props) -> Html {
    let label = use_state_eq(|| "Copy");
    if !window().is_secure_context() {
        return Html::default();
    }
    let onclick = {
        let (label, text) = (label.clone(), props.text.clone());
        move |_| {
            let (label, text) = (label.clone(), text.clone());
            spawn_local(async move {
                let copied = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
                label.set(if copied.is_ok() { "Copied" } else { "Not copied" });
                Timeout::new(SAID, move || label.set("Copy")).forget();
            });
        }
    };
    html! {
        <button class="btn sm ghost" {onclick}><Icon name="i-copy" /><span aria-live="polite">{ *label }</span></button>
    }
}
