//! The menu in the head of a phone: what has no room there.

use gloo::utils::document;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::icon::symbol;
use crate::commands::{Dialog, Does};
use crate::theme::Theme;

/// What the menu has: each is pressed where it is in the head of a wider page.
const ITEMS: [(&str, &str, Does); 6] = [
    ("i-save", "Delivery: where events go", Does::Press("open-delivery")),
    ("i-file", "Examples", Does::Press("open-Examples")),
    ("i-bulb", "Lessons", Does::Press("open-lessons")),
    ("i-info", "Docs", Does::Press("open-docs")),
    ("i-recent", "Recent", Does::Press("open-Recent")),
    ("i-keys", "Commands", Does::Open(Dialog::Commands)),
];

/// What the menu holds.
pub fn items(theme: Theme, onrun: &Callback<Does>, close: &Callback<()>) -> Html {
    let item = |icon: &'static str, name: String, does: Does| {
        let (onrun, close) = (onrun.clone(), close.clone());
        let onclick = move |_| {
            // What opens gives the focus back to what is still there.
            let button = document().get_element_by_id("open-Menu").and_then(|button| button.dyn_into().ok());
            let _ = button.map(|button: HtmlElement| button.focus());
            close.emit(());
            onrun.emit(does);
        };
        html! { <li><button class="act" {onclick}>{ symbol(icon) }{ name }</button></li> }
    };
    html! {
        <ul class="acts">
            { for ITEMS.into_iter().map(|(icon, name, does)| item(icon, name.to_owned(), does)) }
            { item("i-theme", format!("Theme: {}", theme.as_str()), Does::Colours(theme.next())) }
        </ul>
    }
}
