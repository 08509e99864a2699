//! The share menu: the link, Markdown, the scenario file, and files to open.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::symbol;
use super::popover::{Popover, loading};
use crate::late;
use crate::share::{Sharer, can_copy, copy, pick};
use crate::words::thousands;

/// Links that are longer get a warning: chat programs and mail cut them.
const LONG_LINK: usize = 8_000;

/// How long a button says what became of it, in milliseconds.
const SAID: u32 = 2_000;

/// The button `Share` and its menu.
pub fn share_menu(sharer: &Rc<Sharer>) -> Html {
    let sharer = Rc::clone(sharer);
    let content =
        move |close| late::share_actions(ActionsProps { sharer: Rc::clone(&sharer), close }).unwrap_or_else(loading);
    html! { <Popover name="Share" icon="i-share" {content} /> }
}

#[derive(PartialEq, Properties)]
pub struct ActionsProps {
    pub sharer: Rc<Sharer>,
    pub close: Callback<()>,
}

/// What the menu holds. The link is made when the menu is opened: nothing is typed while it is.
#[component]
pub fn Actions(props: &ActionsProps) -> Html {
    let link = {
        let sharer = Rc::clone(&props.sharer);
        use_memo((), move |()| sharer.link())
    };
    let copied = use_state_eq(|| "");
    let copies = |text: Rc<dyn Fn() -> String>, done: &'static str| {
        let (sharer, copied) = (Rc::clone(&props.sharer), copied.clone());
        move |_: MouseEvent| {
            let copied = copied.clone();
            copy(text(), move |is_copied| {
                copied.set(if is_copied { done } else { "The browser does not let the page copy" });
                Timeout::new(SAID, move || copied.set("")).forget();
            });
            sharer.shared();
        }
    };
    let copy_markdown = {
        let sharer = Rc::clone(&props.sharer);
        copies(Rc::new(move || sharer.markdown()), "Markdown copied")
    };
    let copy_embed = {
        let sharer = Rc::clone(&props.sharer);
        copies(Rc::new(move || sharer.embed()), "HTML copied")
    };
    let download = {
        let (sharer, close) = (Rc::clone(&props.sharer), props.close.clone());
        move |_| {
            close.emit(());
            sharer.download();
        }
    };
    let open_file = {
        let (sharer, close) = (Rc::clone(&props.sharer), props.close.clone());
        move |_| {
            close.emit(());
            let sharer = Rc::clone(&sharer);
            pick(move |file| sharer.open_file(file));
        }
    };
    let select = |event: FocusEvent| event.target_unchecked_into::<HtmlInputElement>().select();
    let link_part = match link.as_ref() {
        Some(link) => {
            let copied_link = link.clone();
            let copy_link = copies(Rc::new(move || copied_link.clone()), "Link copied");
            html! {
                <>
                    <div class="linked">
                        <input aria-label="Link" readonly=true value={link.clone()} onfocus={select} />
                        if can_copy() {
                            <button class="btn" onclick={copy_link}>{ symbol("i-copy") }{ "Copy link" }</button>
                        }
                    </div>
                    if link.len() > LONG_LINK {
                        <p class="long">{ symbol("i-warn") }{ long_words(link.len()) }</p>
                    } else {
                        <p class="soft">{ "The link holds everything. No server sees it: it is read in the browser." }</p>
                    }
                </>
            }
        }
        None => html! {
            <p class="long">
                { symbol("i-warn") }{ "This is too large for a link: more than 1 MiB. Share the scenario file." }
            </p>
        },
    };
    html! {
        <>
            { link_part }
            <ul class="acts">
                if can_copy() {
                    <li><button class="act" onclick={copy_markdown}>{ symbol("i-copy") }{ "Copy as Markdown" }</button></li>
                    <li><button class="act" onclick={copy_embed}>{ symbol("i-copy") }{ "Copy as HTML to embed" }</button></li>
                }
                <li><button class="act" onclick={download}>{ symbol("i-save") }{ "Download scenario file" }</button></li>
                <li><button class="act" onclick={open_file}>{ symbol("i-file") }{ "Open a file" }</button></li>
            </ul>
            <p class="soft">{ "Files can be dropped anywhere too: a policy or what holds one, a request, an audit log, a scenario." }</p>
            <p class="said" role="status">{ *copied }</p>
        </>
    }
}

fn long_words(length: usize) -> String {
    format!(
        "{} characters: some chat programs and mail cut such a link. The scenario file is safer.",
        thousands(length)
    )
}
