//! The list of commands: typed at, chosen from, run.

use gloo::utils::document;
use web_sys::{HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::dialog::Dialog;
use crate::commands::{self, Command, Does};

#[derive(PartialEq, Properties)]
pub struct Props {
    pub open: bool,
    pub onrun: Callback<Does>,
    pub onclose: Callback<()>,
}

/// The commands in a dialog.
#[component]
pub fn Palette(props: &Props) -> Html {
    html! {
        <Dialog open={props.open} label="Commands" class="palette" onclose={props.onclose.clone()}>
            <List onrun={props.onrun.clone()} />
        </Dialog>
    }
}

#[derive(PartialEq, Properties)]
struct ListProps {
    onrun: Callback<Does>,
}

#[component]
fn List(props: &ListProps) -> Html {
    let words = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0_usize);
    let commands = commands::matching(&words);
    let last = commands.len().saturating_sub(1);
    use_effect_with(*chosen, |chosen| show(*chosen));
    let oninput = {
        let (words, chosen) = (words.clone(), chosen.clone());
        move |event: InputEvent| {
            words.set(event.target_unchecked_into::<HtmlInputElement>().value());
            chosen.set(0);
        }
    };
    let onkeydown = {
        let (chosen, onrun) = (chosen.clone(), props.onrun.clone());
        let does = commands.get(*chosen).map(|command| command.does);
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => chosen.set(if *chosen == last { 0 } else { *chosen + 1 }),
                "ArrowUp" => chosen.set(if *chosen == 0 { last } else { *chosen - 1 }),
                "Enter" if !event.is_composing() => does.into_iter().for_each(|does| onrun.emit(does)),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let option = |(index, command): (usize, &Command)| {
        let does = command.does;
        let onclick = props.onrun.reform(move |_| does);
        html! {
            <li role="option" id={id(index)} aria-selected={(index == *chosen).to_string()} {onclick}>
                <span class="grow">{ command.name.clone() }</span>
                { for command.keys.map(|keys| html! { <kbd>{ keys.to_string() }</kbd> }) }
            </li>
        }
    };
    html! {
        <>
            <input
                type="text" role="combobox" aria-label="Command" aria-expanded="true" aria-controls="commands" aria-autocomplete="list"
                aria-activedescendant={(!commands.is_empty()).then(|| id(*chosen))} autofocus=true autocomplete="off" spellcheck="false"
                placeholder="A command, or a Kubernetes release" {oninput} {onkeydown}
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
