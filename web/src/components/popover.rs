//! A button that opens a box below it.

use gloo::utils::document;
use wasm_bindgen::JsCast as _;
use web_sys::{FocusEvent, HtmlElement, Node};
use yew::prelude::*;

use crate::late::use_late;

use super::icon::symbol;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The button's and the box's name.
    pub name: AttrValue,
    /// The button's icon.
    pub icon: AttrValue,
    /// Draws what the box holds; it is given what closes the box.
    pub content: Callback<Callback<()>, Html>,
}

/// A button and, where it is open, its box. Escape, a click elsewhere and leaving it by Tab close it; the focus goes in when it opens, and
/// back to the button on Escape.
#[component]
pub fn Popover(props: &Props) -> Html {
    let (whole, button, content) = (use_node_ref(), use_node_ref(), use_node_ref());
    let state = use_state_eq(|| false);
    use_late();
    let open = *state;
    let ontoggle = Callback::from(move |is_open| state.set(is_open));
    {
        let content = content.clone();
        use_effect_with(open, move |open| {
            if let (true, Some(content)) = (*open, content.cast::<HtmlElement>()) {
                let first = content.query_selector("button:not([disabled]), input").ok().flatten();
                let first = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()).unwrap_or(content);
                let _ = first.focus();
            }
        });
    }
    let onclick = ontoggle.reform(move |_| !open);
    let onkeydown = {
        let (button, ontoggle) = (button.clone(), ontoggle.clone());
        move |event: KeyboardEvent| {
            if open && event.key() == "Escape" {
                event.stop_propagation();
                event.prevent_default();
                ontoggle.emit(false);
                // What a phone's menu opened has no button of its own there.
                let own = button.cast::<HtmlElement>().filter(|button| button.offset_parent().is_some());
                let button = own.or_else(|| document().get_element_by_id("open-Menu")?.dyn_into().ok());
                if let Some(button) = button {
                    let _ = button.focus();
                }
            }
        }
    };
    let onfocusout = {
        let (whole, ontoggle) = (whole.clone(), ontoggle.clone());
        move |event: FocusEvent| {
            // Without a next element the window lost the focus, or what had it is gone: the box stays.
            let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
            let inside = whole.cast::<Node>().is_some_and(|whole| whole.contains(next.as_ref()));
            if next.is_some() && !inside {
                ontoggle.emit(false);
            }
        }
    };
    use_click_elsewhere(whole.clone(), open, ontoggle.clone());
    html! {
        <div class="popping" ref={whole} {onkeydown} {onfocusout}>
            <button id={format!("open-{}", props.name)} class="btn ghost" aria-haspopup="dialog" aria-expanded={open.to_string()} ref={button} {onclick}>
                { symbol(&props.icon) }<span class="word">{ &props.name }</span>
            </button>
            if open {
                <div class="popover" role="dialog" aria-label={props.name.clone()} tabindex="-1" ref={content}>
                    { props.content.emit(ontoggle.reform(|()| false)) }
                </div>
            }
        </div>
    }
}

/// What a box holds that is not there yet.
pub fn loading() -> Html {
    html! { <p class="soft">{ "Loading…" }</p> }
}

#[hook]
fn use_click_elsewhere(whole: NodeRef, open: bool, ontoggle: Callback<bool>) {
    use_effect_with(open, move |open| {
        let listener = open.then(|| {
            gloo::events::EventListener::new(&document(), "pointerdown", move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                if !whole.cast::<Node>().is_some_and(|whole| whole.contains(target.as_ref())) {
                    ontoggle.emit(false);
                }
            })
        });
        move || drop(listener)
    });
}
