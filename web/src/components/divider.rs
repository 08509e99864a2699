//! The line between two panes, which can be moved.

use gloo::utils::window;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, PointerEvent};
use yew::prelude::*;

use crate::pane_widths::{LEAST, Side, after_key, parse, within};

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The pane whose width it sets: its class, and the name of the style's property for its width.
    pub pane: &'static str,
    /// What it is called.
    pub label: AttrValue,
    pub side: Side,
}

/// A divider: dragged, or moved by arrow keys; the width is kept for the tab.
#[component]
pub fn Divider(props: &Props) -> Html {
    let node = use_node_ref();
    let width = use_state_eq(|| kept(props.pane));
    let dragging = use_mut_ref(|| false);
    let (pane, side) = (props.pane, props.side);
    {
        let node = node.clone();
        use_effect_with(*width, move |width| {
            if let (Some(page), Some(width)) = (page(&node), *width) {
                // Fails only for a name that is no property's.
                let _ = page.style().set_property(&format!("--{pane}-width"), &format!("{width}px"));
            }
        });
    }
    let set = {
        let width = width.clone();
        Callback::from(move |wanted: i32| {
            width.set(Some(wanted));
            if let Some(storage) = window().session_storage().ok().flatten() {
                let _ = storage.set_item(&format!("width-{pane}"), &wanted.to_string());
            }
        })
    };
    let onkeydown = {
        let (node, set) = (node.clone(), set.clone());
        move |event: KeyboardEvent| {
            let Some((now, most)) = measure(&node, pane) else { return };
            if let Some(wanted) = after_key(&event.key(), event.shift_key(), side, now, most) {
                set.emit(wanted);
                event.prevent_default();
            }
        }
    };
    let onpointerdown = {
        let dragging = dragging.clone();
        move |event: PointerEvent| {
            *dragging.borrow_mut() = true;
            if let Some(divider) = event.target_dyn_into::<Element>() {
                // A pointer that is gone by now is not held.
                let _ = divider.set_pointer_capture(event.pointer_id());
            }
        }
    };
    let onpointermove = {
        let (node, dragging) = (node.clone(), dragging.clone());
        move |event: PointerEvent| {
            if !*dragging.borrow() {
                return;
            }
            let (Some(area), Some((_, most))) = (rectangle(&node, pane), measure(&node, pane)) else { return };
            let wanted = match side {
                Side::Before => f64::from(event.client_x()) - area.left(),
                Side::After => area.right() - f64::from(event.client_x()),
            };
            set.emit(within(rounded(wanted), most));
        }
    };
    let end = move |_: PointerEvent| *dragging.borrow_mut() = false;
    let value = width.map(|width| width.to_string());
    html! {
        <div
            class={classes!("divider", format!("of-{pane}"))} role="separator" tabindex="0" ref={node}
            aria-orientation="vertical" aria-label={props.label.clone()} aria-valuemin={LEAST.to_string()} aria-valuemax="2000"
            aria-valuenow={value.unwrap_or_else(|| initial(pane).to_string())}
            {onkeydown} {onpointerdown} {onpointermove} onpointerup={end.clone()} onpointercancel={end}
        />
    }
}

/// The widths that layout.css begins with.
fn initial(pane: &str) -> i32 {
    if pane == "policy" { 496 } else { 372 }
}

fn kept(pane: &str) -> Option<i32> {
    let kept = window().session_storage().ok().flatten()?.get_item(&format!("width-{pane}")).ok().flatten()?;
    parse(&kept)
}

fn page(node: &NodeRef) -> Option<HtmlElement> {
    node.cast::<Element>()?.closest(".page").ok()??.dyn_into().ok()
}

fn rectangle(node: &NodeRef, pane: &str) -> Option<web_sys::DomRect> {
    Some(page(node)?.query_selector(&format!(".{pane}")).ok()??.get_bounding_client_rect())
}

/// The pane's width, and the most that leaves the others their least.
fn measure(node: &NodeRef, pane: &str) -> Option<(i32, i32)> {
    let now = rounded(rectangle(node, pane)?.width());
    let whole = rounded(page(node)?.get_bounding_client_rect().width());
    // The panes that lie side by side besides this one.
    let beside = ["policy", "events", "rules"].into_iter().filter(|other| *other != pane);
    let mut columns = Vec::new();
    for area in beside.filter_map(|other| rectangle(node, other)).filter(|area| area.width() > 0.0) {
        columns.push((area.left(), rounded(area.width())));
    }
    let others: i32 = match (pane, columns.as_slice()) {
        ("policy", [_, (_, rules)]) => LEAST + rules,
        ("rules", [(_, policy), _]) => LEAST + policy,
        _ => LEAST,
    };
    Some((now, whole - others - 2))
}

/// Pixels; there are never more than fit.
#[allow(clippy::cast_possible_truncation)]
fn rounded(pixels: f64) -> i32 {
    pixels.round() as i32
}
