//! Offers the policy that stands in what was pasted in a policy's place, and a place beside one for AuditSinks.

use audit_policy::Release;
use audit_policy::open::Wrapped;
use yew::prelude::*;

use super::findings::{in_code, stay};
use super::icon::symbol;
use super::policy_pane::Props;
use crate::evaluate::Other;
use crate::lessons;
use crate::state::Action;

/// What leads to a policy, above the text.
pub fn found(props: &Props, is_sink: bool) -> Html {
    let item = |wrapped: &Wrapped| {
        let onclick = {
            let policy = wrapped.policy.clone();
            props.dispatch.reform(move |_| Action::TypePolicy(policy.clone()))
        };
        html! {
            <li class="diag note">
                { symbol("i-info") }
                <p class="grow">{ format!("policy found {}", wrapped.found) }</p>
                <button class="btn sm" onmousedown={stay} {onclick}>{ "Take it out" }</button>
            </li>
        }
    };
    let body = match props.answer.other.as_deref() {
        _ if is_sink => sinks(props),
        Some(Other::Holds(found)) => html! { <ul aria-label="Policies found">{ for found.iter().map(item) }</ul> },
        Some(Other::Names(named)) => html! {
            <div class="diag note">
                { symbol("i-info") }
                <div class="grow">
                    <p>{ in_code(&named.message) }</p>
                    { for named.help.as_deref().map(|help| html! { <p class="src">{ in_code(help) }</p> }) }
                </div>
            </div>
        },
        None => Html::default(),
    };
    // It is there before what it says, so that this is said.
    html! { <div class="leads" aria-live="polite">{ body }</div> }
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
                { symbol("i-info") }
                <p class="grow">{ "AuditSink objects stand beside a policy, not in its place" }</p>
                { for LAST_WITH_SINKS.filter(|_| !props.answer.loaded.accepted).map(ask) }
                <button class="btn sm" onclick={beside}>{ "Put them beside one" }</button>
            </li>
        </ul>
    }
}
