//! A dialog over the page. It is the browser's own: that keeps the focus inside, closes it by Escape, and gives the focus back.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub open: bool,
    /// What it is for.
    pub label: AttrValue,
    pub class: Classes,
    /// Called when it was closed, by whatever means.
    pub onclose: Callback<()>,
    /// Drawn while it is open.
    pub children: Children,
}

/// A dialog; a click beside it closes it.
#[component]
pub fn Dialog(props: &Props) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.open, move |open| {
            let Some(dialog) = node.cast::<HtmlDialogElement>() else { return };
            match (*open, dialog.open()) {
                // Fails only where it is not in the document.
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
        });
    }
    let onclose = props.onclose.reform(|_: Event| ());
    let onclick = {
        let (node, onclose) = (node.clone(), props.onclose.clone());
        move |event: MouseEvent| {
            let beside = node.get().is_some_and(|dialog| event.target().is_some_and(|target| *dialog == target));
            if beside {
                onclose.emit(());
            }
        }
    };
    html! {
        <dialog ref={node} class={classes!("dialog", props.class.clone())} aria-label={props.label.clone()} {onclose} {onclick}>
            if props.open {
                <div class="inside">{ props.children.clone() }</div>
            }
        </dialog>
    }
}
