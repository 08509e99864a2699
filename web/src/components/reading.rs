//! What the request was read as.

use std::rc::Rc;

use audit_policy::exchange::Impersonation;
use audit_policy::request::{Assumption, Reading, Request};
use audit_policy::{Attributes, Diagnostic, GoString};
use yew::prelude::*;

use super::findings::in_code;
use crate::evaluate::Answer;
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub answer: Rc<Answer>,
    pub dispatch: Callback<Action>,
}

/// What was understood and what was assumed, or why nothing was understood.
#[component]
pub fn ReadingView(props: &Props) -> Html {
    let body = match &props.answer.reading {
        Ok(reading) => understood(reading, props),
        Err(unreadable) => html! {
            <div class="unreadable" role="alert">{ for unreadable.findings.iter().map(finding) }</div>
        },
    };
    html! { <section class="pane reading" aria-label="Read as" aria-live="polite">{ body }</section> }
}

fn understood(reading: &Reading, props: &Props) -> Html {
    let result = props.answer.result.as_ref();
    let pick = result.map_or(reading.pick, |result| result.pick);
    let picked = reading.requests.get(pick);
    let attributes = result.and_then(|result| result.recording.attributes.as_ref());
    html! {
        <>
            <div class="read">
                <span class="w">{ "Read as" }</span>
                { for attributes.zip(picked).map(|(attributes, request)| tokens(attributes, request)) }
                <span class="grow" />
                if reading.requests.len() > 1 {
                    { switch(&reading.requests, pick, &props.dispatch) }
                }
            </div>
            <div class="read2">
                <p>{ in_code(&reading.understood) }</p>
                { for picked.filter(|request| !told(request, &reading.understood)).map(request_line) }
                if !reading.assumed.is_empty() {
                    <p><span class="w">{ "Assumed: " }</span>{ for reading.assumed.iter().enumerate().map(assumption) }</p>
                }
                if !reading.discovery.is_empty() {
                    <p>{ format!("{} discovery requests come before, and are audited like any other.", reading.discovery.len()) }</p>
                }
            </div>
            { for reading.findings.iter().map(finding) }
        </>
    }
}

/// Verb, resource and user as the rules see them.
fn tokens(attributes: &Attributes, request: &Request) -> Html {
    let token = |text: &GoString| html! { <code class="tok">{ text.to_string() }</code> };
    let target = if attributes.resource_request { resource(attributes) } else { attributes.path.to_string() };
    html! {
        <>
            { token(&attributes.verb) }
            <code class="tok">{ target }</code>
            if !attributes.namespace.is_empty() {
                <span class="w">{ "in" }</span>{ token(&attributes.namespace) }
            }
            if let Some(user) = &attributes.user {
                <span class="w">{ "by" }</span>{ token(&user.username) }
            } else {
                <span class="w">{ "by nobody" }</span>
            }
            if let Impersonation::Allowed(user) = &request.exchange.impersonation {
                <span class="w">{ "as" }</span>{ token(&user.username) }
            }
        </>
    }
}

/// `pods/web/log`
fn resource(attributes: &Attributes) -> String {
    let parts = [&attributes.resource, &attributes.name, &attributes.subresource];
    let parts = parts.into_iter().filter(|part| !part.is_empty()).map(GoString::to_string);
    let path = parts.collect::<Vec<_>>().join("/");
    if attributes.api_group.is_empty() { path } else { format!("{path} ({})", attributes.api_group) }
}

fn switch(requests: &[Request], pick: usize, dispatch: &Callback<Action>) -> Html {
    let button = |(index, request): (usize, &Request)| {
        let onclick = dispatch.reform(move |_| Action::Pick(index));
        let label = format!("Request {} of {}: {}", index + 1, requests.len(), request.title());
        html! {
            <button aria-pressed={(index == pick).to_string()} aria-label={label} title={request.title()} {onclick}>
                { format!("{} {}", index + 1, request.exchange.request.method) }
            </button>
        }
    };
    html! {
        <>
            <span class="w">{ format!("{} requests", requests.len()) }</span>
            <span class="seg sm" role="group" aria-label="Requests">{ for requests.iter().enumerate().map(button) }</span>
        </>
    }
}

/// Whether a sentence names the request's target already.
fn told(request: &Request, sentence: &str) -> bool {
    sentence.contains(&request.exchange.request.target.to_string())
}

fn request_line(request: &Request) -> Html {
    let http = &request.exchange.request;
    html! { <p><code>{ format!("{} {}", http.method, http.target) }</code></p> }
}

fn assumption((index, assumption): (usize, &Assumption)) -> Html {
    let separator = if index == 0 { "" } else { "; " };
    html! { <span>{ format!("{separator}{}: ", assumption.about) }{ in_code(&assumption.text) }</span> }
}

fn finding(finding: &Diagnostic) -> Html {
    html! {
        <div class="said">
            <p>{ in_code(&finding.message) }</p>
            { for finding.help.as_deref().map(|help| html! { <p class="src">{ in_code(help) }</p> }) }
        </div>
    }
}
