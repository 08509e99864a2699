//! What was typed into the shell of index.html before the wasm was here.

use gloo::utils::document;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlTextAreaElement;

use crate::state::Inputs;

/// The shell's text boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Early {
    policy: Option<String>,
    request: Option<String>,
    /// The name of the box that has the focus, with its selection.
    focused: Option<(String, [u32; 2])>,
}

impl Early {
    /// Reads the boxes, which are gone when the page is drawn.
    pub fn read() -> Early {
        let mut early = Early::default();
        let active = document().active_element();
        for (name, text) in [("Policy", &mut early.policy), ("Request", &mut early.request)] {
            let Some(text_box) = find(name) else { continue };
            *text = Some(text_box.value()).filter(|value| !value.is_empty());
            if text_box.is_same_node(active.as_deref()) {
                let place = |offset: Result<Option<u32>, _>| offset.ok().flatten().unwrap_or_default();
                early.focused =
                    Some((name.to_owned(), [place(text_box.selection_start()), place(text_box.selection_end())]));
            }
        }
        early
    }

    /// Puts what was typed in place of what the page begins with.
    pub fn over(&self, mut inputs: Inputs) -> Inputs {
        if let Some(policy) = &self.policy {
            inputs.policy.clone_from(policy);
        }
        if let Some(request) = &self.request {
            inputs.request.clone_from(request);
            inputs.pick = None;
        }
        inputs
    }

    /// Gives the focus and the selection to the box that had them.
    pub fn focus(&self) {
        let Some((name, [start, end])) = &self.focused else { return };
        if let Some(text_box) = find(name) {
            // A text box always takes both.
            let _ = text_box.focus();
            if self.policy.is_some() || self.request.is_some() {
                let _ = text_box.set_selection_range(*start, *end);
            }
        }
    }
}

fn find(name: &str) -> Option<HtmlTextAreaElement> {
    document().query_selector(&format!("#app textarea[aria-label={name}]")).ok()??.dyn_into().ok()
}
