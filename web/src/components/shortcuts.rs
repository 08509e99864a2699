//! The list of shortcuts.

use yew::prelude::*;

use super::dialog::Dialog;
use super::icon::Icon;
use crate::commands::{self, KEYS_IN_PLACES};

#[derive(PartialEq, Properties)]
pub struct Props {
    pub open: bool,
    pub onclose: Callback<()>,
}

/// The shortcuts in a dialog.
#[component]
pub fn Shortcuts(props: &Props) -> Html {
    let row = |keys: String, name: String| html! { <tr><th scope="row"><kbd>{ keys }</kbd></th><td>{ name }</td></tr> };
    let commands =
        commands::listed().filter_map(|command| Some((command.keys?.to_string(), command.name.into_owned())));
    let in_places = KEYS_IN_PLACES.into_iter().map(|(keys, name)| (keys.to_owned(), name.to_owned()));
    let onclick = props.onclose.reform(|_| ());
    html! {
        <Dialog open={props.open} label="Keyboard shortcuts" class="shortcuts" onclose={props.onclose.clone()}>
            <div class="ph">
                <h2>{ "Keyboard shortcuts" }</h2><span class="grow" />
                <button class="btn ghost icon" aria-label="Close" autofocus=true {onclick}><Icon name="i-x" /></button>
            </div>
            <table><tbody>{ for commands.chain(in_places).map(|(keys, name)| row(keys, name)) }</tbody></table>
            <p class="pf">{ "On a Mac, Cmd does what Ctrl does." }</p>
        </Dialog>
    }
}
