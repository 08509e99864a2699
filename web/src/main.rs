//! The page: an audit policy and a request in, the engine's answer out.
//!
//! [`state`] holds what was typed and chosen, and changes it by [`state::Action`]s; [`evaluate`] asks the engine; the
//! components draw. What kube-apiserver does is the engine's to say: nothing here knows it.

mod answer_text;
mod app;
mod commands;
mod components;
mod early;
mod editor;
mod evaluate;
mod first_reading;
mod go;
mod kept;
mod late;
mod lessons;
mod lines;
mod marks;
mod pane_widths;
mod place;
mod plain_text;
mod pretty;
mod problems;
mod request;
mod share;
mod state;
mod theme;
mod told;
mod typed;
mod words;

fn main() {
    typed::note_panics();
    if share::begins_anew() {
        draw();
    } else {
        // What was typed and what is in a link is read by the second part.
        late::fetch_then(|came| if came { draw() } else { say_that_nothing_came() });
    }
}

fn draw() {
    if let Some(root) = gloo::utils::document().get_element_by_id("app") {
        let early = early::Early::read();
        yew::Renderer::<app::App>::with_root_and_props(root, app::Props { early }).render();
    }
}

fn say_that_nothing_came() {
    if let Some(note) = gloo::utils::document().get_element_by_id("loading") {
        note.set_text_content(Some("The page did not load as a whole. Reload to try again."));
    }
}
