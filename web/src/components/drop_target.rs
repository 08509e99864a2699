//! Files that are dropped anywhere on the page.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::utils::document;
use wasm_bindgen::JsCast as _;
use web_sys::{DataTransfer, DragEvent, Event};
use yew::prelude::*;

use super::icon::symbol;
use crate::share::Sharer;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub sharer: Rc<Sharer>,
}

/// Opens what is dropped, and shows where while something is dragged over the page.
#[component]
pub fn DropTarget(props: &Props) -> Html {
    let dragging = use_state_eq(|| false);
    {
        let (sharer, dragging) = (Rc::clone(&props.sharer), dragging.clone());
        use_effect_with((), move |()| {
            // Before the editors, which would take a file's text into theirs.
            let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
            let listen = move |name: &'static str| {
                let (sharer, dragging) = (Rc::clone(&sharer), dragging.clone());
                EventListener::new_with_options(&document(), name, options, move |event| {
                    let Some((drag, data)) = files(event) else { return };
                    match name {
                        // Left for nothing: the pointer is out of the window.
                        "dragleave" => {
                            if drag.related_target().is_none() {
                                dragging.set(false);
                            }
                            return;
                        }
                        "drop" => {
                            dragging.set(false);
                            if let Some(file) = data.files().and_then(|files| files.get(0)) {
                                sharer.open_file(file);
                            }
                        }
                        _ => dragging.set(true),
                    }
                    event.prevent_default();
                    event.stop_propagation();
                })
            };
            let listeners = ["dragenter", "dragover", "dragleave", "drop"].map(listen);
            move || drop(listeners)
        });
    }
    html! {
        if *dragging {
            <div class="dropping"><p>{ symbol("i-file") }{ "Drop a policy, what holds one, a request, an audit log or a scenario" }</p></div>
        }
    }
}

/// The drag of files that an event is about; text that is dragged is not ours.
fn files(event: &Event) -> Option<(DragEvent, DataTransfer)> {
    let drag = event.dyn_ref::<DragEvent>()?.clone();
    let data = drag.data_transfer()?;
    data.types().includes(&"Files".into(), 0).then_some((drag, data))
}
