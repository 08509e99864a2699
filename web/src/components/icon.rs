//! Icons: the symbols of index.html.

use yew::prelude::*;

/// An icon, by its symbol's id. It says nothing that the words beside it do not.
pub fn symbol(name: &str) -> Html {
    symbol_as("i", name)
}

/// An icon of a class of its own.
pub fn symbol_as(class: &'static str, name: &str) -> Html {
    html! { <svg {class} aria-hidden="true"><use href={format!("#{name}")} /></svg> }
}
