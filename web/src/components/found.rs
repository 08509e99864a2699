//! Offers the policy that stands in what was pasted in a policy's place, and a place beside one for AuditSinks.

use audit_policy::Release;
use audit_policy::open::Wrapped;
use yew::prelude::*;

use super::findings::{in_code, stay};
use super::icon::Icon;
use crate::late::{elsewhere, use_late, wrapped};
use crate::lessons;
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
    /// Whether it is a policy as it is: then nothing is looked for.
    pub accepted: bool,
    /// Whether it is an AuditSink.
    pub sinks: bool,
    pub dispatch: Callback<Action>,
}

/// The policies in a text that is none.
#[component]
pub fn Found(props: &Props) -> Html {
    let is_late_here = use_late();
    let found = use_memo((props.text.clone(), props.accepted, is_late_here), |(text, accepted, _)| {
        let found = if *accepted { Vec::new() } else { wrapped(text) };
        let named = if *accepted || !found.is_empty() { None } else { elsewhere(text) };
        (found, named)
    });
    let (found, named) = &*found;
    let item = |wrapped: &Wrapped| {
        let onclick = {
            let policy = wrapped.policy.clone();
            props.dispatch.reform(move |_| Action::TypePolicy(policy.clone()))
        };
        html! {
            <li class="diag note">
                <Icon name="i-info" />
                <p class="grow">{ format!("policy found {}", wrapped.found) }</p>
                <button class="btn sm" onmousedown={stay} {onclick}>{ "Take it out" }</button>
            </li>
        }
    };
    if props.sinks {
        return sinks(props);
    }
    html! {
        if !found.is_empty() {
            <div aria-live="polite"><ul aria-label="Policies found">{ for found.iter().map(item) }</ul></div>
        } else if let Some(named) = named {
            <div aria-live="polite">
                <div class="diag note">
                    <Icon name="i-info" />
                    <div class="grow">
                        <p>{ in_code(&named.message) }</p>
                        { for named.help.as_deref().map(|help| html! { <p class="src">{ in_code(help) }</p> }) }
                    </div>
                </div>
            </div>
        }
    }
}

/// The last release that has AuditSinks.
const LAST_WITH_SINKS: Option<Release> = Release::new(18);

/// AuditSinks answer alone where the release has them; beside a policy they are in the Delivery view.
fn sinks(props: &Props) -> Html {
    let beside = {
        let dispatch = props.dispatch.clone();
        move |_| {
            dispatch.emit(Action::MoveSinks);
            lessons::show_delivery();
        }
    };
    let ask = |release: Release| {
        let onclick = props.dispatch.reform(move |_| Action::SetRelease(release));
        html! { <button class="btn sm" {onclick}>{ format!("Ask Kubernetes {release}") }</button> }
    };
    html! {
        <ul aria-label="AuditSinks found">
            <li class="diag note">
                <Icon name="i-info" />
                <p class="grow">{ "AuditSink objects stand beside a policy, not in its place" }</p>
                { for LAST_WITH_SINKS.filter(|_| !props.accepted).map(ask) }
                <button class="btn sm" onclick={beside}>{ "Put them beside one" }</button>
            </li>
        </ul>
    }
}
