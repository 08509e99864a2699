//! A button that copies a text.

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::icon::symbol;

/// How long the button says what became of it, in milliseconds.
const SAID: u32 = 1500;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// Makes the text, when it is wanted: it may be long.
    pub text: Callback<(), String>,
    #[prop_or(AttrValue::Static("Copy"))]
    pub label: AttrValue,
    #[prop_or(classes!("sm", "ghost"))]
    pub class: Classes,
}

/// Copies a text to the clipboard, and says so. Not drawn where the browser has no clipboard (a page without https).
#[component]
pub fn CopyButton(props: &Props) -> Html {
    let said = use_state_eq(|| None);
    if !window().is_secure_context() {
        return Html::default();
    }
    let onclick = {
        let (said, text) = (said.clone(), props.text.clone());
        move |_| {
            let (said, text) = (said.clone(), text.emit(()));
            spawn_local(async move {
                let copied = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
                said.set(Some(if copied.is_ok() { "Copied" } else { "Not copied" }));
                Timeout::new(SAID, move || said.set(None)).forget();
            });
        }
    };
    let label = said.map_or_else(|| props.label.clone(), AttrValue::Static);
    html! {
        <button class={classes!("btn", props.class.clone())} {onclick}>
            { symbol("i-copy") }<span aria-live="polite">{ label }</span>
        </button>
    }
}
