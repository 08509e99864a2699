//! Offers the policy that stands in what was pasted in a policy's place.

use audit_policy::open::Wrapped;
use yew::prelude::*;

use super::icon::Icon;
use crate::late::{use_late, wrapped};
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
    /// Whether it is a policy as it is: then nothing is looked for.
    pub accepted: bool,
    pub dispatch: Callback<Action>,
}

/// The policies in a text that is none.
#[component]
pub fn Found(props: &Props) -> Html {
    let is_late_here = use_late();
    let found = use_memo((props.text.clone(), props.accepted, is_late_here), |(text, accepted, _)| {
        if *accepted { Vec::new() } else { wrapped(text) }
    });
    let item = |wrapped: &Wrapped| {
        let onclick = {
            let policy = wrapped.policy.clone();
            props.dispatch.reform(move |_| Action::TypePolicy(policy.clone()))
        };
        // The focus stays in the editor: the list grows when that loses it, and the button would move away under the pointer.
        let onmousedown = |event: MouseEvent| event.prevent_default();
        html! {
            <li class="diag note">
                <Icon name="i-info" />
                <p class="grow">{ format!("policy found {}", wrapped.found) }</p>
                <button class="btn sm" {onmousedown} {onclick}>{ "Take it out" }</button>
            </li>
        }
    };
    html! {
        if !found.is_empty() {
            <div aria-live="polite"><ul aria-label="Policies found">{ for found.iter().map(item) }</ul></div>
        }
    }
}
