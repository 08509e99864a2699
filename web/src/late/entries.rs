//! The ways into the second part. `cargo xtask dist` cuts the wasm here: each of these stays a function of its own, what only they reach is
//! in the second part, and a call before that is there would end the wasm. So [`super`] alone calls them.

use std::rc::Rc;

use audit_policy::assist::{self, Completions, Hover};
use audit_policy::open;
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{self, Format, ReadOptions, Reading, Unreadable};
use audit_policy::{Exchange, Fix, Loaded, Release, link, sink, text};
use yew::prelude::*;

use crate::commands::Does;
use crate::components::basic_lines::basic_lines;
use crate::components::changes::view;
use crate::components::dialogs::{self, Dialogs};
use crate::components::facts::{self, Facts};
use crate::components::form::{self, FormView};
use crate::components::recent::{self, States};
use crate::components::share_menu::{self, Actions};
use crate::components::{menu, reading};
use crate::evaluate::{Other, options};
use crate::lessons;
use crate::request::changes::{self, Change};
use crate::request::drafts::{self, Drafts};
use crate::share::{self, Opening, Sharer};
use crate::state::{Inputs, Pane};
use crate::theme::Theme;

#[inline(never)]
pub fn read(text: &[u8], options: &ReadOptions) -> Result<Reading, Unreadable> {
    request::read(text, options)
}

#[inline(never)]
pub fn detect(text: &[u8]) -> Option<Format> {
    request::detect(text)
}

#[inline(never)]
pub fn switch(
    inputs: &Inputs,
    drafts: &Drafts,
    shown: Option<Format>,
    exchange: Option<&Exchange>,
    to: Format,
) -> (Inputs, Drafts) {
    drafts::switch(inputs, drafts, shown, exchange, to)
}

#[inline(never)]
pub fn restore(inputs: &Inputs, drafts: &Drafts, format: Format) -> (Inputs, Drafts) {
    drafts::restore(inputs, drafts, format)
}

#[inline(never)]
pub fn complete(text: &str, offset: usize, release: Release) -> Option<Completions> {
    assist::complete(text, offset, release)
}

#[inline(never)]
pub fn hover(text: &str, offset: usize, release: Release) -> Option<Hover> {
    assist::hover(text, offset, release)
}

#[inline(never)]
pub fn sink(text: &str, release: Release) -> Option<Loaded> {
    sink::load(text.as_bytes(), release)
}

#[inline(never)]
pub fn basic(exchange: &Exchange, release: Release) -> Vec<String> {
    text::basic_lines(exchange, release)
}

#[inline(never)]
pub fn basic_lines_view(lines: &[String], release: Release) -> Html {
    basic_lines(lines, release)
}

#[inline(never)]
pub fn other(text: &str) -> Option<Other> {
    let found = open::wrapped(text);
    if found.is_empty() { open::elsewhere(text).map(Other::Names) } else { Some(Other::Holds(found)) }
}

#[inline(never)]
pub fn add_rule(text: &str, loaded: &Loaded) -> Option<Fix> {
    audit_policy::add_rule(text, loaded)
}

#[inline(never)]
pub fn opening(bytes: &[u8], name: &str, present: &Scenario) -> (Pane, Opening) {
    share::opening(bytes, name, present)
}

#[inline(never)]
pub fn scenario(text: &[u8]) -> Result<Scenario, Unreadable> {
    Scenario::parse(text)
}

#[inline(never)]
pub fn json(scenario: &Scenario) -> String {
    scenario.to_json()
}

#[inline(never)]
pub fn yaml(scenario: &Scenario) -> String {
    scenario.to_yaml()
}

#[inline(never)]
pub fn read_link(fragment: &str) -> Result<Scenario, Unreadable> {
    link::read(fragment)
}

#[inline(never)]
pub fn write_link(scenario: &Scenario) -> Option<String> {
    link::write(scenario)
}

#[inline(never)]
pub fn is_form(text: &str) -> bool {
    form::parse(text).is_some()
}

#[inline(never)]
pub fn form(props: form::Props) -> Html {
    html! { <FormView ..props /> }
}

#[inline(never)]
pub fn facts(props: facts::Props) -> Html {
    html! { <Facts ..props /> }
}

#[inline(never)]
pub fn changes(inputs: &Inputs, reading: &Reading) -> Vec<Change> {
    changes::changes(&inputs.request, &options(inputs), reading)
}

#[inline(never)]
pub fn changes_view(props: &reading::Props) -> Html {
    view(props)
}

#[inline(never)]
pub fn dialogs(props: dialogs::Props) -> Html {
    html! { <Dialogs ..props /> }
}

#[inline(never)]
pub fn share_actions(props: share_menu::ActionsProps) -> Html {
    html! { <Actions ..props /> }
}

#[inline(never)]
pub fn menu(theme: Theme, onrun: &Callback<Does>, close: &Callback<()>) -> Html {
    menu::items(theme, onrun, close)
}

#[inline(never)]
pub fn states(props: recent::StatesProps) -> Html {
    html! { <States ..props /> }
}

#[inline(never)]
pub fn lessons(sharer: &Rc<Sharer>, what: &str, of: &str) -> String {
    lessons::answer(sharer, what, of)
}

#[inline(never)]
pub fn open_lesson(bytes: &[u8], name: &str, sharer: &Sharer) {
    lessons::open_file(bytes, name, sharer);
}
