//! A row of tabs.

use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(Clone, PartialEq)]
pub struct Tab {
    /// What the tab says.
    pub label: Html,
    /// Whether it is the one that is shown.
    pub selected: bool,
}

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What the tabs are for.
    pub label: AttrValue,
    pub class: Classes,
    pub tabs: Vec<Tab>,
    /// Called with the index of the tab that is chosen.
    pub onselect: Callback<usize>,
}

/// A row of tabs: one takes part in the Tab order, arrow keys go to the others.
#[component]
pub fn Tabs(props: &Props) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (list, onselect) = (list.clone(), props.onselect.clone());
        move |event: KeyboardEvent| {
            if let Some(index) = move_focus(&list, &event) {
                onselect.emit(index);
            }
        }
    };
    let tab = |(index, tab): (usize, &Tab)| {
        let onclick = props.onselect.reform(move |_| index);
        let tabindex = if tab.selected { "0" } else { "-1" };
        html! {
            <button role="tab" aria-selected={tab.selected.to_string()} {tabindex} {onclick}>{ tab.label.clone() }</button>
        }
    };
    html! {
        <div class={props.class.clone()} role="tablist" aria-label={props.label.clone()} ref={list} {onkeydown}>
            { for props.tabs.iter().enumerate().map(tab) }
        </div>
    }
}

/// Where an arrow key, Home or End is pressed in a list of tabs: focuses the tab it leads to, and answers its index.
pub fn move_focus(list: &NodeRef, event: &KeyboardEvent) -> Option<usize> {
    let tabs = list.cast::<HtmlElement>()?.children();
    let count = tabs.length();
    let focused = event.target_dyn_into::<web_sys::Node>();
    let current = (0..count).find(|index| {
        tabs.item(*index).is_some_and(|tab| focused.as_ref().is_some_and(|focused| tab.contains(Some(focused))))
    })?;
    let next = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => (current + 1) % count,
        "ArrowLeft" | "ArrowUp" => (current + count - 1) % count,
        "Home" => 0,
        "End" => count - 1,
        _ => return None,
    };
    event.prevent_default();
    wasm_bindgen::JsCast::dyn_into::<HtmlElement>(tabs.item(next)?).ok()?.focus().ok()?;
    usize::try_from(next).ok()
}
