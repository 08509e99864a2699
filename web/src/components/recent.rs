//! The menu of the states that were left last.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::popover::{Popover, loading};
use crate::late;
use crate::share::{Left, Sharer, ago};

/// The button `Recent` and its menu.
pub fn recent(sharer: &Rc<Sharer>) -> Html {
    let sharer = Rc::clone(sharer);
    let content = move |close| late::states(StatesProps { sharer: Rc::clone(&sharer), close }).unwrap_or_else(loading);
    html! { <Popover name="Recent" icon="i-recent" {content} /> }
}

#[derive(PartialEq, Properties)]
pub struct StatesProps {
    pub sharer: Rc<Sharer>,
    pub close: Callback<()>,
}

/// What the menu holds: the states as they are when it is opened.
#[component]
pub fn States(props: &StatesProps) -> Html {
    let states = {
        let sharer = Rc::clone(&props.sharer);
        use_state(move || sharer.left())
    };
    let now = js_sys::Date::now() as u64;
    let item = |left: &Left| {
        let onclick = {
            let (sharer, close, left) = (Rc::clone(&props.sharer), props.close.clone(), left.clone());
            move |_| {
                close.emit(());
                sharer.restore(&left);
            }
        };
        html! {
            <li>
                <button class="act two" {onclick}>
                    <span><b>{ &left.verdict }</b><span class="muted">{ ago(left.time, now) }</span></span>
                    <code>{ &left.request }</code>
                </button>
            </li>
        }
    };
    let forget = {
        let (sharer, states) = (Rc::clone(&props.sharer), states.clone());
        move |event: MouseEvent| {
            // The button is gone in a moment: Escape is still for the menu.
            let menu =
                event.target_dyn_into::<HtmlElement>().and_then(|button| button.closest("[role=dialog]").ok()?);
            if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
                let _ = menu.focus();
            }
            sharer.forget();
            states.set(Vec::new());
        }
    };
    html! {
        if states.is_empty() {
            <p class="soft">{ "Nothing yet. What you leave is kept here, in this browser only." }</p>
        } else {
            <ul class="acts">{ for states.iter().map(item) }</ul>
            <p class="foot">
                <span class="soft grow">{ "Kept in this browser only" }</span>
                <button class="btn sm" onclick={forget}>{ "Forget all" }</button>
            </p>
        }
    }
}
