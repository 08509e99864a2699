//! The page's head: its name, the Kubernetes release, the theme.

use std::rc::Rc;

use audit_policy::Release;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::examples::examples;
use super::icon::symbol;
use super::popover::{Popover, loading};
use super::recent::recent;
use super::share_menu::share_menu;
use crate::commands::{Dialog, Does};
use crate::late;
use crate::lessons;
use crate::share::Sharer;
use crate::state::Action;
use crate::theme::Theme;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub release: Release,
    pub theme: Theme,
    pub sharer: Rc<Sharer>,
    pub dispatch: Callback<Action>,
    /// Runs a command.
    pub onrun: Callback<Does>,
}

/// The page's head.
#[component]
pub fn Header(props: &Props) -> Html {
    let onchange = props.dispatch.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value().parse();
        Action::SetRelease(chosen.unwrap_or_default())
    });
    let onclick = |event: MouseEvent| {
        // With Ctrl and the like the browser opens another tab.
        if !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
            event.prevent_default();
            lessons::show_delivery();
        }
    };
    let next = props.theme.next();
    let next_theme = props.onrun.reform(move |_| Does::Colours(next));
    let commands = props.onrun.reform(|_| Does::Open(Dialog::Commands));
    let (theme, onrun) = (props.theme, props.onrun.clone());
    let menu = move |close| late::menu(theme, &onrun, &close).unwrap_or_else(loading);
    html! {
        <header class="top">
            <h1 class="brand"><svg aria-hidden="true"><use href="#logo" /></svg><span>{ "Audit policy playground" }</span></h1>
            <nav class="views" aria-label="Views">
                <a id="open-playground" href="./" aria-current="page">{ "Playground" }</a>
                <a id="open-delivery" href="?view=delivery" {onclick}>{ "Delivery" }</a>
            </nav>
            <span class="grow" />
            <label class="choice">
                <span class="k" aria-hidden="true">{ "Kubernetes" }</span>
                <select aria-label="Kubernetes release" {onchange}>
                    { for Release::all().map(|release| option(release, props.release)) }
                </select>
            </label>
            { examples() }
            <a id="open-lessons" class="btn ghost words" href="#lesson/" aria-label="Lessons">
                { symbol("i-bulb") }<span class="word">{ "Lessons" }</span>
            </a>
            <a id="open-docs" class="btn ghost words" href="docs/" target="_blank" aria-label="Documentation">
                { symbol("i-info") }<span class="word">{ "Docs" }</span>
            </a>
            { recent(&props.sharer) }
            { share_menu(&props.sharer) }
            <button class="btn ghost words" aria-haspopup="dialog" aria-label="Commands" onclick={commands}>
                { symbol("i-keys") }<span class="word">{ "Commands" }</span><kbd aria-hidden="true">{ "Ctrl+K" }</kbd>
            </button>
            <button class="btn ghost icon" aria-label={format!("Theme: {}", props.theme.as_str())} onclick={next_theme}>
                { symbol("i-theme") }
            </button>
            <Popover name="Menu" icon="i-menu" content={menu} />
        </header>
    }
}

fn option(release: Release, chosen: Release) -> Html {
    let name = release.to_string();
    html! { <option value={name.clone()} selected={release == chosen}>{ name }</option> }
}
