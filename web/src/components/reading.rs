//! What the request was read as.

use std::rc::Rc;

use audit_policy::exchange::Authentication;
use audit_policy::request::{Assumption, Given, Reading, Request};
use audit_policy::{Diagnostic, Exchange, GoString};
use yew::prelude::*;

use super::announce::Announce;
use super::facts::focus;
use super::findings::{fix_button, in_code};
use crate::evaluate::Answer;
use crate::late;
use crate::request::facts::Fact;
use crate::request::sentence::{Part, sentence, spoken};
use crate::state::Action;

pub struct Props {
    /// What is given besides the request's text.
    pub given: Given,
    pub answer: Rc<Answer>,
    pub dispatch: Callback<Action>,
}

/// What was understood and what was assumed, or why nothing was understood.
pub fn reading_view(props: &Props) -> Html {
    let body = match &props.answer.reading {
        Ok(reading) => understood(reading, props),
        Err(unreadable) => html! {
            <div class="unreadable" role="alert">{ for unreadable.findings.iter().map(|said| finding(said, &props.dispatch)) }</div>
        },
    };
    html! { <section class="pane reading" aria-label="Read as">{ body }</section> }
}

fn understood(reading: &Reading, props: &Props) -> Html {
    let result = props.answer.result.as_ref();
    let pick = result.map_or(reading.pick, |result| result.pick);
    let Some(picked) = reading.request(pick) else { return Html::default() };
    let attributes = result.and_then(|result| result.recording.attributes.as_ref());
    let parts = sentence(attributes, &picked.exchange);
    html! {
        <>
            <div class="read">
                <span class="w">{ "Read as" }</span>
                { for parts.iter().map(part) }
                <Announce text={spoken(&parts)} />
                <span class="grow" />
                { switch(reading, pick, &props.dispatch) }
            </div>
            if !props.answer.changes.is_empty() {
                { late::changes_view(props).unwrap_or_default() }
            }
            <div class="read2">
                <p class="line">{ request_line(&picked.exchange) }{ groups(&picked.exchange) }</p>
                { more(reading, picked) }
                if !reading.assumed.is_empty() {
                    <p class="line assumed">
                        <span class="w">{ "Assumed" }</span>
                        { for reading.assumed.iter().map(|assumed| assumption(assumed, &props.dispatch)) }
                    </p>
                }
            </div>
            { for reading.findings.iter().map(|said| finding(said, &props.dispatch)) }
        </>
    }
}

fn part(part: &Part) -> Html {
    match part {
        Part::Word(word) => html! { <span class="w">{ word }</span> },
        Part::Token(token) => html! { <code class="tok">{ token }</code> },
    }
}

fn request_line(exchange: &Exchange) -> Html {
    let http = &exchange.request;
    html! { <code>{ format!("{} {}", http.method, http.target) }</code> }
}

/// The groups that the rules see.
fn groups(exchange: &Exchange) -> Html {
    let Authentication::User(user) = &exchange.authentication else { return Html::default() };
    let groups: Vec<String> = user.groups.iter().flatten().map(GoString::to_string).collect();
    if groups.is_empty() {
        return html! { <span>{ "in no group" }</span> };
    }
    html! { <span>{ if groups.len() == 1 { "group " } else { "groups " } }<code>{ groups.join(", ") }</code></span> }
}

/// What the sentence and the request line do not tell: what the text is for, and what this request of several is for.
fn more(reading: &Reading, picked: &Request) -> Html {
    let target = picked.exchange.request.target.to_string();
    let understood = (!reading.understood.contains(&target)).then(|| in_code(&reading.understood));
    let several = reading.requests.len() + reading.discovery.len() > 1;
    let title = several.then(|| html! { <span>{ format!("This request: {}.", picked.title()) }</span> });
    if understood.is_none() && title.is_none() {
        return Html::default();
    }
    html! { <p class="line">{ for understood.map(|said| html! { <span>{ said }</span> }) }{ for title }</p> }
}

/// The choice of one of several requests.
fn switch(reading: &Reading, pick: usize, dispatch: &Callback<Action>) -> Html {
    let (requests, discovery) = (reading.requests.len(), reading.discovery.len());
    if requests + discovery < 2 {
        return Html::default();
    }
    let several = |method: &GoString| {
        reading.requests.iter().filter(|request| request.exchange.request.method == *method).count() > 1
    };
    let button = |(index, request): (usize, &Request)| {
        let onclick = dispatch.reform(move |_| Action::Pick(index));
        let label = format!("Request {} of {requests}: {}", index + 1, request.title());
        let method = &request.exchange.request.method;
        let name = if several(method) { format!("{} {method}", index + 1) } else { method.to_string() };
        html! {
            <button aria-pressed={(index == pick).to_string()} aria-label={label} title={request.title()} {onclick}>{ name }</button>
        }
    };
    let quiet = |(index, request): (usize, &Request)| {
        let index = requests + index;
        let onclick = dispatch.reform(move |_| Action::Pick(index));
        let http = &request.exchange.request;
        let label = format!("Discovery request: {} {}", http.method, http.target);
        html! {
            <button class="quiet" aria-pressed={(index == pick).to_string()} aria-label={label} title="Discovery, before the command" {onclick}>
                { http.target.to_string() }
            </button>
        }
    };
    let counted = match (requests, discovery) {
        (_, 0) => format!("{requests} requests"),
        (1, _) => format!("1 request and {discovery} for discovery"),
        _ => format!("{requests} requests and {discovery} for discovery"),
    };
    html! {
        <>
            <span class="w">{ format!("{} sends {counted}", reading.format.as_str()) }</span>
            <span class="seg sm" role="group" aria-label="Requests">
                { for reading.requests.iter().enumerate().map(button) }
                { for reading.discovery.iter().enumerate().map(quiet) }
            </span>
        </>
    }
}

/// What was assumed; a click leads to the control that changes it.
fn assumption(assumption: &Assumption, dispatch: &Callback<Action>) -> Html {
    let text = html! { <>{ format!("{}: ", assumption.about) }{ in_code(&assumption.text) }</> };
    let Some(fact) = Fact::of_assumption(&assumption.about) else { return html! { <span>{ text }</span> } };
    let onclick = {
        let dispatch = dispatch.clone();
        move |_| {
            dispatch.emit(Action::ShowFacts(Some(fact)));
            focus(fact);
        }
    };
    html! { <button class="assumption" aria-label={format!("Change {}", fact.label())} {onclick}>{ text }</button> }
}

fn finding(finding: &Diagnostic, dispatch: &Callback<Action>) -> Html {
    html! {
        <div class="said">
            <p>
                { in_code(&finding.message) }
                { for finding.fix.as_ref().map(|fix| fix_button(fix, dispatch, Action::FixRequest)) }
            </p>
            { for finding.help.as_deref().map(|help| html! { <p class="src">{ in_code(help) }</p> }) }
        </div>
    }
}
