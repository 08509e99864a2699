//! What a person changed of the request, each with a button that takes it back.

use audit_policy::Release;
use audit_policy::request::{Format, Given, ReadOptions};
use yew::prelude::*;

use super::facts::focus;
use crate::request::changes::{Change, changes};
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
    pub format: Option<Format>,
    pub release: Release,
    pub given: Given,
    pub dispatch: Callback<Action>,
}

/// The changes, and which of them overrule what the request says.
#[component]
pub fn Changes(props: &Props) -> Html {
    let changed = {
        let asked = (props.text.clone(), props.format, props.release, props.given.clone());
        use_memo(asked, |(text, format, release, given)| {
            let (format, release, given) = (*format, *release, given.clone());
            changes(text, &ReadOptions { format, release, given, ..ReadOptions::default() })
        })
    };
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
        <span class={classes!("change", said.is_some().then_some("over"))}>
            <button class="assumption" onclick={show}>{ format!("{}: {now}", fact.label()) }</button>
            if let Some(said) = said {
                <span>{ format!("the request says {said}") }</span>
            }
            <button class="link" aria-label={format!("Reset: {}", fact.label())} onclick={reset}>{ "Reset" }</button>
        </span>
    }
}
