//! What opens over the page: the list of commands, and the list of shortcuts. It is the browser's own dialog, which keeps the focus
//! inside, closes by Escape, and gives the focus back.

use gloo::utils::document;
use web_sys::{HtmlDialogElement, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::icon::symbol;
use crate::commands::{self, Command, Dialog, Does, KEYS_IN_PLACES};

#[derive(PartialEq, Properties)]
pub struct Props {
    pub open: Option<Dialog>,
    /// Runs a command.
    pub onrun: Callback<Does>,
    /// Called when it was closed, by whatever means.
    pub onclose: Callback<()>,
}

/// What was typed at the list of commands, and which one is chosen.
type Search = (String, usize);

/// The dialog; a click beside it closes it.
#[component]
pub fn Dialogs(props: &Props) -> Html {
    let node = use_node_ref();
    let search = use_state_eq(Search::default);
    {
        let (node, search) = (node.clone(), search.setter());
        use_effect_with(props.open, move |open| {
            let Some(dialog) = node.cast::<HtmlDialogElement>() else { return };
            match (open.is_some(), dialog.open()) {
                // Fails only where it is not in the document.
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
            search.set(Search::default());
        });
    }
    let onclose = {
        let (node, onclose) = (node.clone(), props.onclose.clone());
        move |_: Event| {
            // It tells late: by now another may be open.
            if node.cast::<HtmlDialogElement>().is_some_and(|dialog| !dialog.open()) {
                onclose.emit(());
            }
        }
    };
    let onclick = {
        let (node, onclose) = (node.clone(), props.onclose.clone());
        move |event: MouseEvent| {
            if node.get().is_some_and(|dialog| event.target().is_some_and(|target| *dialog == target)) {
                onclose.emit(());
            }
        }
    };
    let (label, class, inside) = match props.open {
        Some(Dialog::Commands) => ("Commands", "palette", list(&search, &props.onrun)),
        Some(Dialog::Shortcuts) => ("Keyboard shortcuts", "shortcuts", shortcuts(&props.onclose)),
        None => ("", "", Html::default()),
    };
    html! {
        <dialog ref={node} class={classes!("dialog", class)} aria-label={label} {onclose} {onclick}>
            <div class="inside">{ inside }</div>
        </dialog>
    }
}

/// The commands: typed at, chosen from, run.
fn list(search: &UseStateHandle<Search>, onrun: &Callback<Does>) -> Html {
    let (words, chosen) = &**search;
    let chosen = *chosen;
    let commands = commands::matching(words);
    let last = commands.len().saturating_sub(1);
    let oninput = {
        let search = search.setter();
        move |event: InputEvent| search.set((event.target_unchecked_into::<HtmlInputElement>().value(), 0))
    };
    let onkeydown = {
        let (search, words, onrun) = (search.setter(), words.clone(), onrun.clone());
        let does = commands.get(chosen).map(|command| command.does);
        move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowDown" => (chosen + 1) % (last + 1),
                "ArrowUp" => (chosen + last) % (last + 1),
                "Enter" if !event.is_composing() => {
                    event.prevent_default();
                    return does.into_iter().for_each(|does| onrun.emit(does));
                }
                _ => return,
            };
            event.prevent_default();
            show(next);
            search.set((words.clone(), next));
        }
    };
    let option = |(index, command): (usize, &Command)| {
        let does = command.does;
        let onclick = onrun.reform(move |_| does);
        html! {
            <li role="option" id={id(index)} aria-selected={(index == chosen).to_string()} {onclick}>
                <span class="grow">{ command.name.clone() }</span>
                { for command.keys.map(|keys| html! { <kbd>{ keys.to_string() }</kbd> }) }
            </li>
        }
    };
    html! {
        <>
            <input
                type="text" role="combobox" aria-label="Command" aria-expanded="true" aria-controls="commands" aria-autocomplete="list"
                aria-activedescendant={(!commands.is_empty()).then(|| id(chosen))} autofocus=true autocomplete="off" spellcheck="false"
                value={words.clone()} placeholder="A command, or a Kubernetes release" {oninput} {onkeydown}
            />
            <ul id="commands" role="listbox" aria-label="Commands">{ for commands.iter().enumerate().map(option) }</ul>
            <p class="pf" role="status">
                if commands.is_empty() { { "No command has these words." } }
            </p>
        </>
    }
}

fn id(index: usize) -> String {
    format!("command-{index}")
}

/// Scrolls to a command.
fn show(index: usize) {
    if let Some(option) = document().get_element_by_id(&id(index)) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        option.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn shortcuts(onclose: &Callback<()>) -> Html {
    let row = |keys: String, name: &str| {
        html! { <tr><th scope="row"><kbd>{ keys }</kbd></th><td>{ name.to_owned() }</td></tr> }
    };
    let commands = commands::listed().filter_map(|command| Some(row(command.keys?.to_string(), &command.name)));
    let in_places = KEYS_IN_PLACES.into_iter().map(|(keys, name)| row(keys.to_owned(), name));
    let onclick = onclose.reform(|_| ());
    html! {
        <>
            <div class="ph">
                <h2>{ "Keyboard shortcuts" }</h2><span class="grow" />
                <button class="btn ghost icon" aria-label="Close" autofocus=true {onclick}>{ symbol("i-x") }</button>
            </div>
            <table><tbody>{ for commands.chain(in_places) }</tbody></table>
            <p class="pf">{ "On a Mac, Cmd does what Ctrl does." }</p>
        </>
    }
}
