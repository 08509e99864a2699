//! What the first answer does not need: the second part of the page's wasm, which comes after that. Reading requests, but for the one of a
//! first visit, links, files, completion, the form, dialogs and menus are in it.
//!
//! Everything of it is called through here. Until it is there, these answer nothing; [`when_here`] waits for it.

mod entries;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use audit_policy::assist::{Completions, Hover};
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{Format, ReadOptions, Reading, Unreadable};
use audit_policy::{Exchange, Fix, Loaded, Release};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::commands::Does;
use crate::components::{dialogs, facts, form, reading, recent, share_menu};
use crate::evaluate::Other;
use crate::request::changes::Change;
use crate::request::drafts::Drafts;
use crate::share::{Opening, Sharer};
use crate::state::{Inputs, Pane};
use crate::theme::Theme;

#[wasm_bindgen(raw_module = "audit-policy-late")]
extern "C" {
    /// Fetches the second part; an error where its file does not come.
    #[wasm_bindgen(catch, js_name = load)]
    async fn fetch() -> Result<JsValue, JsValue>;
}

type Waiting = RefCell<Vec<Box<dyn FnOnce()>>>;
type Asking = RefCell<Vec<Box<dyn FnOnce(bool)>>>;

thread_local! {
    // Only the page is in two parts.
    static IS_HERE: Cell<bool> = const { Cell::new(!cfg!(target_family = "wasm")) };
    static IS_COMING: Cell<bool> = const { Cell::new(false) };
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
    /// What is done when it is there.
    static WAITING: Waiting = const { RefCell::new(Vec::new()) };
    /// What is told whether it came.
    static ASKING: Asking = const { RefCell::new(Vec::new()) };
}

/// Whether it is there.
pub fn is_here() -> bool {
    IS_HERE.get()
}

/// Whether it did not come when it was fetched last.
pub fn has_failed() -> bool {
    HAS_FAILED.get()
}

/// Does something as soon as it is there, at once where it is. Does not fetch it.
pub fn when_here(then: impl FnOnce() + 'static) {
    if is_here() {
        then();
    } else {
        WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(then)));
    }
}

/// Fetches it unless it is there or on its way, and tells whether it came.
pub fn fetch_then(then: impl FnOnce(bool) + 'static) {
    if is_here() {
        return then(true);
    }
    ASKING.with_borrow_mut(|asking| asking.push(Box::new(then)));
    if IS_COMING.replace(true) {
        return;
    }
    spawn_local(async {
        let came = fetch().await.is_ok();
        IS_COMING.set(false);
        HAS_FAILED.set(!came);
        IS_HERE.set(came);
        if came {
            WAITING.take().into_iter().for_each(|then| then());
        }
        ASKING.take().into_iter().for_each(|then| then(came));
    });
}

/// Whether it is there; draws a component anew when it comes.
#[hook]
pub fn use_late() -> bool {
    let here = use_state_eq(is_here);
    let setter = here.setter();
    use_effect_with((), move |()| when_here(move || setter.set(true)));
    *here
}

fn get<T>(entry: impl FnOnce() -> T) -> Option<T> {
    is_here().then(entry)
}

/// Reads a request.
pub fn read(text: &[u8], options: &ReadOptions) -> Option<Result<Reading, Unreadable>> {
    get(|| entries::read(text, options))
}

/// The format of a request's text.
pub fn detect(text: &[u8]) -> Option<Format> {
    get(|| entries::detect(text)).flatten()
}

/// See [`crate::request::drafts::switch`].
pub fn switch(
    inputs: &Inputs,
    drafts: &Drafts,
    shown: Option<Format>,
    exchange: Option<&Exchange>,
    to: Format,
) -> Option<(Inputs, Drafts)> {
    get(|| entries::switch(inputs, drafts, shown, exchange, to))
}

/// See [`crate::request::drafts::restore`].
pub fn restore(inputs: &Inputs, drafts: &Drafts, format: Format) -> Option<(Inputs, Drafts)> {
    get(|| entries::restore(inputs, drafts, format))
}

/// What may stand at a place of a policy.
pub fn complete(text: &str, offset: usize, release: Release) -> Option<Completions> {
    get(|| entries::complete(text, offset, release)).flatten()
}

/// What stands at a place of a policy.
pub fn hover(text: &str, offset: usize, release: Release) -> Option<Hover> {
    get(|| entries::hover(text, offset, release)).flatten()
}

/// What the API server makes of AuditSinks in a policy's place; none where the text has none.
pub fn sink(text: &str, release: Release) -> Option<Loaded> {
    get(|| entries::sink(text, release)).flatten()
}

/// The lines that a request is to basic audit.
pub fn basic(exchange: &Exchange, release: Release) -> Option<Vec<String>> {
    get(|| entries::basic(exchange, release))
}

/// The lines of basic audit in the events' place.
pub fn basic_lines(lines: &[String], release: Release) -> Option<Html> {
    get(|| entries::basic_lines_view(lines, release))
}

/// What a text is that is no policy, where it leads to one.
pub fn other(text: &str) -> Option<Other> {
    get(|| entries::other(text)).flatten()
}

/// The edit that adds a last rule for what no other one matches.
pub fn add_rule(text: &str, loaded: &Loaded) -> Option<Fix> {
    get(|| entries::add_rule(text, loaded)).flatten()
}

/// What a file does to what is typed.
pub fn opening(bytes: &[u8], name: &str, present: &Scenario) -> Option<(Pane, Opening)> {
    get(|| entries::opening(bytes, name, present))
}

/// Answers what draws lessons and examples.
pub fn lessons(sharer: &Rc<Sharer>, what: &str, of: &str) -> String {
    get(|| entries::lessons(sharer, what, of)).unwrap_or_default()
}

/// Opens a file that is a lesson.
pub fn open_lesson(bytes: &[u8], name: &str, sharer: &Sharer) {
    get(|| entries::open_lesson(bytes, name, sharer));
}

/// Reads a scenario; none where it is none.
pub fn scenario(text: &[u8]) -> Option<Scenario> {
    get(|| entries::scenario(text).ok()).flatten()
}

/// A scenario as the browser keeps it.
pub fn json(scenario: &Scenario) -> Option<String> {
    get(|| entries::json(scenario))
}

/// A scenario as a file.
pub fn yaml(scenario: &Scenario) -> String {
    get(|| entries::yaml(scenario)).unwrap_or_default()
}

/// Reads the fragment of a link.
pub fn read_link(fragment: &str) -> Option<Result<Scenario, Unreadable>> {
    get(|| entries::read_link(fragment))
}

/// Writes the fragment of a link; none where it is too large for one.
pub fn write_link(scenario: &Scenario) -> Option<String> {
    get(|| entries::write_link(scenario)).flatten()
}

/// Whether a text is a form that can be shown as one.
pub fn is_form(text: &str) -> bool {
    get(|| entries::is_form(text)).unwrap_or_default()
}

/// The request as a form.
pub fn form(props: form::Props) -> Option<Html> {
    get(|| entries::form(props))
}

/// The controls for what is known of a request besides its text.
pub fn facts(props: facts::Props) -> Option<Html> {
    get(|| entries::facts(props))
}

/// What was changed of the request besides its text.
pub fn changes(inputs: &Inputs, reading: &Reading) -> Vec<Change> {
    get(|| entries::changes(inputs, reading)).unwrap_or_default()
}

/// The same, each with what takes it back.
pub fn changes_view(props: &reading::Props) -> Option<Html> {
    get(|| entries::changes_view(props))
}

/// What opens over the page.
pub fn dialogs(props: dialogs::Props) -> Option<Html> {
    get(|| entries::dialogs(props))
}

/// What the share menu holds.
pub fn share_actions(props: share_menu::ActionsProps) -> Option<Html> {
    get(|| entries::share_actions(props))
}

/// What the menu of a phone's head holds.
pub fn menu(theme: Theme, onrun: &Callback<Does>, close: &Callback<()>) -> Option<Html> {
    get(|| entries::menu(theme, onrun, close))
}

/// What the menu of the last states holds.
pub fn states(props: recent::StatesProps) -> Option<Html> {
    get(|| entries::states(props))
}
