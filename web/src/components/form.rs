//! The request as a form: every field a control.

use std::rc::Rc;

use audit_policy::request::Form;
use audit_policy::{Diagnostic, Release};
use yew::prelude::*;

use super::field::{Field, Kind};
use crate::evaluate::Answer;
use crate::request::form::{ASKED, BODY, FormField, SENT, Shape, edited, proposals, said_of};
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The form's YAML.
    pub text: AttrValue,
    pub release: Release,
    pub answer: Rc<Answer>,
    pub dispatch: Callback<Action>,
}

/// The form's controls; each writes the form's YAML. What is rarely needed is folded until it is given.
#[component]
pub fn FormView(props: &Props) -> Html {
    let Some(form) = parse(&props.text) else { return Html::default() };
    let rare = use_state(|| SENT.iter().any(|field| !(field.get)(&form).is_empty()));
    let control = |field: &'static FormField, class: Option<&'static str>| control(field, class, &form, props);
    html! {
        <div class="form" role="group" aria-label="Request form">
            <div class="fields">
                { for ASKED.iter().map(|field| control(field, None)) }
                { control(&BODY, Some("wide")) }
            </div>
            <details open={*rare}>
                <summary>{ "Selectors, headers and the rest" }</summary>
                <div class="fields">{ for SENT.iter().map(|field| control(field, None)) }</div>
            </details>
        </div>
    }
}

/// The form of a text; none where it is no form.
pub fn parse(text: &str) -> Option<Form> {
    if text.trim().is_empty() {
        return Some(Form::default());
    }
    Form::parse(text.as_bytes()).ok()
}

fn control(field: &'static FormField, class: Option<&'static str>, form: &Form, props: &Props) -> Html {
    let kind = match field.shape {
        Shape::Line => Kind::Line,
        Shape::Text => Kind::Text,
        Shape::Check => Kind::Check,
        Shape::Proposed => {
            let proposed = proposals(field.name, form, props.release).into_iter();
            Kind::Combo(proposed.map(|(value, name)| (value.into(), name.into())).collect())
        }
    };
    let write = {
        let (text, dispatch) = (props.text.clone(), props.dispatch.clone());
        Callback::from(move |value: String| {
            let form = parse(&text).unwrap_or_default();
            dispatch.emit(Action::EditForm(edited(&form, field, &value)));
            Ok(())
        })
    };
    let findings: &[Diagnostic] = match &props.answer.reading {
        Ok(reading) => &reading.findings,
        Err(unreadable) => &unreadable.findings,
    };
    let said = said_of(field.name, findings);
    let words = said.map(|(finding, _)| match &finding.help {
        Some(help) => AttrValue::from(format!("{}: {help}", finding.message)),
        None => AttrValue::from(finding.message.clone()),
    });
    let (error, note) = match said {
        Some((_, true)) => (words, None),
        _ => (None, words),
    };
    let id = format!("form-{}", field.name);
    html! {
        <Field {id} label={field.label} value={(field.get)(form)} {kind} {write} {error} {note} class={classes!(class)} />
    }
}
