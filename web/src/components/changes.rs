//! What a person changed of the request, each with a button that takes it back.

use yew::prelude::*;

use super::facts::focus;
use super::reading::Props;
use crate::request::changes::Change;
use crate::state::Action;

/// The changes, and which of them overrule what the request says.
pub fn view(props: &Props) -> Html {
    let changed = &props.answer.changes;
    if changed.is_empty() {
        return Html::default();
    }
    let all = props.dispatch.reform(|_: MouseEvent| Action::Give(Box::default()));
    html! {
        <p class="line changes">
            <span class="w">{ if changed.len() == 1 { "Your change" } else { "Your changes" } }</span>
            { for changed.iter().map(|change| item(change, props)) }
            if changed.len() > 1 {
                <button class="link" onclick={all}>{ "Reset all" }</button>
            }
        </p>
    }
}

fn item(Change { fact, now, said }: &Change, props: &Props) -> Html {
    let fact = *fact;
    let show = {
        let dispatch = props.dispatch.clone();
        move |_| {
            dispatch.emit(Action::ShowFacts(Some(fact)));
            focus(fact);
        }
    };
    let given = fact.reset(&props.given);
    let reset = props.dispatch.reform(move |_| Action::Give(Box::new(given.clone())));
    html! {
        <span class={if said.is_some() { "change over" } else { "change" }}>
            <button class="assumption" aria-label={format!("Change {}: {now}", fact.label())} onclick={show}>
                { format!("{}: {now}", fact.label()) }
            </button>
            if let Some(said) = said {
                <span>{ format!("the request says {said}") }</span>
            }
            <button class="link" aria-label={format!("Reset: {}", fact.label())} onclick={reset}>{ "Reset" }</button>
        </span>
    }
}
