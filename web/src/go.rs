//! Commands done: where the focus goes, and the keys that the whole page listens to.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use gloo::utils::document;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement};
use yew::prelude::*;

use crate::commands::{self, Dialog, Does, Place, Pressed, Way};
use crate::state::{Action, Pane, Part};
use crate::theme::Theme;

/// The stops of F6, in order; the ones that are hidden are passed over.
const STOPS: &str = ".policy .editor :is(textarea, .code), .request .editor :is(textarea, .code), #form-verb, .verdict, .stages [tabindex='0'], .rules .scroll";

/// Does commands.
#[hook]
pub fn use_run(
    dispatch: &Callback<Action>,
    open: &UseStateHandle<Option<Dialog>>,
    theme: &UseStateHandle<Theme>,
) -> Callback<Does> {
    let (dispatch, open, theme) = (dispatch.clone(), open.clone(), theme.clone());
    let run = use_memo((), |()| {
        Callback::from(move |does| {
            if !matches!(does, Does::Open(_)) {
                // Closing gives the focus back, so it comes before what moves the focus.
                close_dialogs();
                open.set(None);
            }
            match does {
                Does::Go(place) => go_to(place, &dispatch),
                Does::Pane(way) => next_pane(way),
                Does::Tell(name) => {
                    // Both can fail only for names that no event may have.
                    let _ = Event::new(name).map(|event| document().dispatch_event(&event));
                }
                Does::Show(view) => dispatch.emit(Action::SetView(view)),
                Does::Colours(chosen) => {
                    chosen.apply();
                    theme.set(chosen);
                }
                Does::Ask(release) => dispatch.emit(Action::SetRelease(release)),
                Does::Open(dialog) => {
                    close_dialogs();
                    open.set(Some(dialog));
                }
                Does::Press(id) => {
                    if let Some(button) = document().get_element_by_id(id).and_then(|button| button.dyn_into().ok()) {
                        HtmlElement::click(&button);
                    }
                }
            }
        })
    });
    Callback::clone(&run)
}

/// Listens to the keys of the commands.
#[hook]
pub fn use_keys(run: &Callback<Does>) {
    let run = run.clone();
    use_effect_with((), move |()| {
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&document(), "keydown", options, move |event| {
            // What an editor or a dialog has made of it already is done.
            if event.default_prevented() {
                return;
            }
            if let Some(does) = pressed(event).as_ref().and_then(commands::of_keys) {
                event.prevent_default();
                run.emit(does);
            }
        });
        move || drop(listener)
    });
}

fn pressed(event: &Event) -> Option<Pressed> {
    let keys = event.dyn_ref::<web_sys::KeyboardEvent>()?;
    if keys.alt_key() || keys.is_composing() {
        return None;
    }
    // In an editor's shadow root, the first of the path is what is typed into.
    let target = event.composed_path().get(0).dyn_into::<Element>().ok();
    let typing = target.is_some_and(|target| {
        target.matches("input, textarea, select, [contenteditable] *, [contenteditable]").unwrap_or(false)
    });
    Some(Pressed { key: keys.key(), control: keys.ctrl_key() || keys.meta_key(), shift: keys.shift_key(), typing })
}

fn go_to(place: Place, dispatch: &Callback<Action>) {
    let (selector, pane, part) = match place {
        Place::Policy => (".policy .editor :is(textarea, .code:not([hidden]))", Some(Pane::Policy), None),
        Place::Request => {
            let text = ".request-text:not([hidden]) .editor :is(textarea, .code:not([hidden])), #form-verb";
            (text, Some(Pane::Request), None)
        }
        Place::Verdict => (".verdict", None, None),
        Place::Stages => (".stages [tabindex='0']", Some(Pane::Result), Some(Part::Events)),
        Place::Event => (".events [aria-label='Event']", Some(Pane::Result), Some(Part::Events)),
        Place::Rules => (".rules [role='treeitem'][tabindex='0']", Some(Pane::Result), Some(Part::Rules)),
    };
    pane.into_iter().for_each(|pane| dispatch.emit(Action::ShowPane(pane)));
    part.into_iter().for_each(|part| dispatch.emit(Action::ShowPart(part)));
    // What was hidden takes the focus when it is drawn.
    Timeout::new(0, move || {
        let found = document().query_selector(selector).ok().flatten();
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            // An element that is hidden is not focused, and nothing is lost by that.
            let _ = element.focus();
        }
    })
    .forget();
}

fn close_dialogs() {
    let Ok(dialogs) = document().query_selector_all("dialog[open]") else { return };
    for index in 0..dialogs.length() {
        if let Some(dialog) =
            dialogs.item(index).and_then(|dialog| dialog.dyn_into::<web_sys::HtmlDialogElement>().ok())
        {
            dialog.close();
        }
    }
}

fn next_pane(way: Way) {
    let Ok(stops) = document().query_selector_all(STOPS) else { return };
    let mut stops: Vec<HtmlElement> =
        (0..stops.length()).filter_map(|index| stops.item(index)?.dyn_into().ok()).collect();
    stops.retain(|stop: &HtmlElement| stop.offset_parent().is_some());
    if way == Way::Back {
        stops.reverse();
    }
    let active = document().active_element();
    let current = stops.iter().position(|stop| {
        let pane = stop.closest(".pane").ok().flatten();
        pane.is_some_and(|pane| pane.contains(active.as_deref()))
    });
    let next = current.map_or(0, |current| (current + 1) % stops.len().max(1));
    if let Some(stop) = stops.get(next) {
        let _ = stop.focus();
    }
}
