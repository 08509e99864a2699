//! One control with its label, what is wrong with its value, and a button that takes its change back.

use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::findings::in_code;
use super::icon::symbol;

/// What a control looks like.
#[derive(Clone, PartialEq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Several lines of text.
    Text,
    /// One of these: each a value and its name.
    Choice(Vec<(AttrValue, AttrValue)>),
    /// Any text, with these proposed: each a value and its name.
    Combo(Vec<(AttrValue, AttrValue)>),
    /// The same for short values, of which no part is typed: with the focus the control is empty, so that all are proposed.
    Pick(Vec<(AttrValue, AttrValue)>),
    /// Yes (`true`) or no (empty).
    Check,
}

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The control's id.
    pub id: AttrValue,
    pub label: AttrValue,
    pub value: AttrValue,
    pub kind: Kind,
    /// Takes the value, or says what a value is.
    pub write: Callback<String, Result<(), &'static str>>,
    /// Takes the change back; none where the value is not changed.
    #[prop_or_default]
    pub reset: Option<Callback<()>>,
    /// What is wrong with the value.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// What is odd about the value.
    #[prop_or_default]
    pub note: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
}

/// The control. While it has the focus it shows what is typed, else its value.
#[component]
pub fn Field(props: &Props) -> Html {
    let typed = use_state_eq(|| None::<String>);
    let wrong = use_state_eq(|| None::<&'static str>);
    let take = {
        let (typed, wrong, write) = (typed.clone(), wrong.clone(), props.write.clone());
        Callback::from(move |value: String| {
            wrong.set(write.emit(value.clone()).err());
            typed.set(Some(value));
        })
    };
    let onblur = {
        let (typed, wrong) = (typed.clone(), wrong.clone());
        Callback::from(move |_: FocusEvent| {
            typed.set(None);
            wrong.set(None);
        })
    };
    let value = (*typed).clone().map_or_else(|| props.value.clone(), AttrValue::from);
    let refused = wrong.map(|what| AttrValue::from(format!("This is no value: give {what}")));
    let (role, error) = (refused.is_some().then_some("alert"), refused.or_else(|| props.error.clone()));
    let invalid = error.is_some().then_some("true");
    let said = error.clone().or_else(|| props.note.clone());
    let said_id = format!("{}-said", props.id);
    let described = said.is_some().then(|| said_id.clone());
    let id = props.id.clone();
    let oninput = take.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let control = match &props.kind {
        Kind::Line => html! {
            <input {id} {value} {oninput} {onblur} aria-describedby={described} aria-invalid={invalid}
                autocomplete="off" autocapitalize="off" spellcheck="false" />
        },
        Kind::Text => {
            let oninput = take.reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
            html! {
                <textarea {id} {value} {oninput} {onblur} rows="1" aria-describedby={described} aria-invalid={invalid}
                    autocomplete="off" autocapitalize="off" spellcheck="false" />
            }
        }
        Kind::Combo(choices) | Kind::Pick(choices) => {
            let onfocus = {
                let (typed, empties) = (typed.clone(), matches!(props.kind, Kind::Pick(_)));
                Callback::from(move |_: FocusEvent| typed.set(empties.then(String::new)))
            };
            let list = format!("{}-list", props.id);
            let option =
                |(value, name): &(AttrValue, AttrValue)| html! { <option value={value.clone()}>{ name }</option> };
            html! {
                <>
                    <input {id} {value} {oninput} {onblur} {onfocus} list={list.clone()} placeholder={props.value.clone()} aria-describedby={described}
                        aria-invalid={invalid} autocomplete="off" autocapitalize="off" spellcheck="false" />
                    <datalist id={list}>{ for choices.iter().map(option) }</datalist>
                </>
            }
        }
        Kind::Choice(choices) => {
            let onchange =
                props.write.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
            let onchange = Callback::from(move |event| {
                let _ = onchange.emit(event);
            });
            let option = |(value, name): &(AttrValue, AttrValue)| {
                html! { <option value={value.clone()} selected={*value == props.value}>{ name }</option> }
            };
            html! {
                <select {id} {onchange} aria-describedby={described} aria-invalid={invalid}>
                    { for choices.iter().map(option) }
                </select>
            }
        }
        Kind::Check => {
            let onchange = {
                let write = props.write.clone();
                Callback::from(move |event: Event| {
                    let checked = event.target_unchecked_into::<HtmlInputElement>().checked();
                    let _ = write.emit(if checked { "true".to_owned() } else { String::new() });
                })
            };
            html! { <input {id} type="checkbox" checked={!props.value.is_empty()} {onchange} aria-describedby={described} /> }
        }
    };
    let reset = props.reset.as_ref().map(|reset| {
        let onclick = reset.reform(|_: MouseEvent| ());
        let label = format!("Reset {}", props.label);
        html! { <button class="reset" aria-label={label.clone()} title={label} {onclick}>{ symbol("i-reset") }</button> }
    });
    html! {
        <div class={classes!("field", props.reset.is_some().then_some("is-changed"), props.class.clone())}>
            <label for={props.id.clone()}>{ in_code(&props.label) }</label>
            if props.reset.is_some() {
                <span class="changed-word">{ "changed" }</span>
            }
            { for reset }
            { control }
            if let Some(said) = said {
                <p class={if error.is_some() { "wrong" } else { "odd" }} id={said_id} {role}>{ in_code(&said) }</p>
            }
        </div>
    }
}
