//! The controls for what is known of a request besides its text.

use std::rc::Rc;

use audit_policy::exchange::{Authentication, Impersonation, Outcome};
use audit_policy::request::headers::{self, Wanted};
use audit_policy::request::{Format, Given, ReadOptions, Reading};
use audit_policy::{Exchange, Release};
use gloo::utils::document;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::field::{Field, Kind};
use super::icon::symbol;
use crate::evaluate::Answer;
use crate::request::facts::{Asked, CODES, DECISIONS, Fact, OUTCOMES, about, code_in_words};
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
    pub format: Option<Format>,
    pub release: Release,
    pub given: Given,
    pub answer: Rc<Answer>,
    /// The fact whose control has the focus first.
    pub first: Fact,
    pub dispatch: Callback<Action>,
}

/// The controls, each with a button that takes back its change. Escape closes them, and gives the focus back.
#[component]
pub fn Facts(props: &Props) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let (first, node) = (props.first, node.clone());
        move |()| {
            let before = document().active_element();
            focus(first);
            move || {
                let active = document().active_element();
                let inside = node.get().is_some_and(|node| node.contains(active.as_deref()));
                let nowhere = active.is_none_or(|active| active.tag_name() == "BODY");
                if let Some(before) = before.and_then(|before| before.dyn_into::<HtmlElement>().ok())
                    && (inside || nowhere)
                {
                    // Where it is gone, the focus stays.
                    let _ = before.focus();
                }
            }
        }
    });
    let close = props.dispatch.reform(|_: MouseEvent| Action::ShowFacts(None));
    let onkeydown = {
        let dispatch = props.dispatch.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                dispatch.emit(Action::ShowFacts(None));
            }
        }
    };
    let reset = props.dispatch.reform(|_: MouseEvent| Action::Give(Box::default()));
    let exchange = props.answer.reading.as_deref().ok().and_then(about);
    html! {
        <div id="facts" class="givens" role="group" aria-label="Who asks and what comes back" ref={node} {onkeydown}>
            if let Some(exchange) = exchange {
                <div class="fields">{ fields(exchange, props) }</div>
            } else {
                <p class="muted">{ "Nothing is known of a request that is not understood." }</p>
            }
            <p class="foot">
                { for other_request(props) }
                <span class="grow" />
                <button class="btn sm" disabled={props.given == Given::default()} onclick={reset}>{ "Reset all" }</button>
                <button class="btn sm" onclick={close}>{ symbol("i-x") }{ "Close" }</button>
            </p>
        </div>
    }
}

/// Where the request that is answered for is not the one that a given answer is of.
fn other_request(props: &Props) -> Option<String> {
    let reading: &Reading = props.answer.reading.as_ref().ok()?;
    let pick = props.answer.result.as_ref()?.pick;
    let number = reading.pick + 1;
    (pick != reading.pick).then(|| {
        format!("Response and outcome are those of request {number}, which the command exists for, and not of the one shown.")
    })
}

fn fields(exchange: &Exchange, props: &Props) -> Html {
    let nobody = exchange.authentication == Authentication::Failed;
    let panics = matches!(exchange.outcome, Outcome::Panic(_));
    let answered = exchange.outcome == Outcome::Complete || exchange.response.code.is_some();
    let field = |fact: Fact, kind: Kind| field(fact, kind, exchange, props);
    html! {
        <>
            { field(Fact::Outcome, Kind::Choice(outcomes(exchange, props.release))) }
            if panics {
                { field(Fact::Panic, Kind::Line) }
            }
            if answered {
                { field(Fact::Code, Kind::Pick(codes())) }
            }
            { field(Fact::Body, Kind::Text) }
            if !nobody {
                { field(Fact::User, Kind::Line) }
                { field(Fact::Groups, Kind::Line) }
                { field(Fact::Uid, Kind::Line) }
            }
            { field(Fact::From, Kind::Line) }
            { field(Fact::Decision, Kind::Choice(decisions(exchange))) }
            { field(Fact::Reason, Kind::Line) }
            { field(Fact::Received, Kind::Line) }
            { field(Fact::AuditId, Kind::Line) }
        </>
    }
}

fn field(fact: Fact, kind: Kind, exchange: &Exchange, props: &Props) -> Html {
    let overruled =
        props.answer.changes.iter().find(|change| change.fact == fact).and_then(|change| change.said.as_ref());
    let class = classes!((fact == Fact::Body).then_some("wide"));
    let note = overruled.map(|said| AttrValue::from(format!("The request says {said}.")));
    let given = fact.is_given(&props.given);
    let write = {
        let (text, given, dispatch) = (props.text.clone(), props.given.clone(), props.dispatch.clone());
        let (release, format) = (props.release, props.format);
        Callback::from(move |value: String| {
            let options = ReadOptions { release, format, ..ReadOptions::default() };
            let given = fact.give(&value, &Asked { text: &text, options, given: &given })?;
            dispatch.emit(Action::Give(Box::new(given)));
            Ok(())
        })
    };
    let reset = given.then(|| {
        let given = props.given.clone();
        props.dispatch.reform(move |()| Action::Give(Box::new(fact.reset(&given))))
    });
    html! { <Field id={fact.id()} label={fact.label()} value={fact.value(exchange)} {kind} {write} {reset} {note} {class} /> }
}

/// A refusal needs somebody who asked.
fn outcomes(exchange: &Exchange, release: Release) -> Vec<(AttrValue, AttrValue)> {
    let asked = matches!(headers::impersonation(&exchange.request, release), Wanted::User(_))
        || exchange.impersonation != Impersonation::None;
    let possible = OUTCOMES.into_iter().filter(|(value, _)| *value != "refused" || asked);
    possible.map(|(value, name)| (value.into(), name.into())).collect()
}

fn codes() -> Vec<(AttrValue, AttrValue)> {
    CODES.into_iter().map(|code| (code.to_string().into(), code_in_words(code).into())).collect()
}

fn decisions(exchange: &Exchange) -> Vec<(AttrValue, AttrValue)> {
    let mut choices: Vec<AttrValue> = DECISIONS.into_iter().map(AttrValue::from).collect();
    let now = AttrValue::from(Fact::Decision.value(exchange));
    if !choices.contains(&now) {
        choices.push(now);
    }
    choices.into_iter().map(|choice| (choice.clone(), if choice.is_empty() { "none".into() } else { choice })).collect()
}

/// Moves the focus to a fact's control, where it is shown.
pub fn focus(fact: Fact) {
    let Some(element) = document().get_element_by_id(fact.id()) else { return };
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}
