//! The request: its format, its text, and what is known besides.

use std::rc::Rc;

use audit_policy::request::{Format, Given};
use audit_policy::{Release, Span};
use yew::prelude::*;

use super::editor::Editor;
use super::icon::symbol;
use super::tabs::{Tab, Tabs};
use super::{facts, form};
use crate::evaluate::Answer;
use crate::late::{self, detect};
use crate::request::drafts::{Drafts, Note};
use crate::request::facts::{Fact, ending};
use crate::request::{example, formats, tab_name};
use crate::state::Action;

pub struct Props {
    pub text: AttrValue,
    /// The format that was chosen, where detection is overruled.
    pub format: Option<Format>,
    pub release: Release,
    pub given: Given,
    pub answer: Rc<Answer>,
    /// Whether what is known besides the text is shown, and which of it was asked for.
    pub facts: Option<Fact>,
    pub drafts: Drafts,
    /// Whether the format was chosen.
    pub chosen: bool,
    /// Whether a form stays a text.
    pub as_text: bool,
    pub dispatch: Callback<Action>,
}

/// The request's tabs of formats, its text box, and the controls for what its text does not say.
pub fn request_pane(props: &Props) -> Html {
    let shown = props.format.or_else(|| props.answer.format());
    // A form that cannot be read as one is mended in its text.
    let is_form = shown == Some(Format::Form) && !props.as_text && late::is_form(&props.text);
    html! {
        <section class="pane request" aria-labelledby="request-heading">
            <div class="ph">
                <h2 id="request-heading" class="sr">{ "Request" }</h2>
                { format_tabs(shown, props) }
                { response_button(props) }
            </div>
            { is_form.then(|| form_view(props)).flatten().unwrap_or_default() }
            // It stays where a form is shown, so that undoing goes on from there.
            <div class="request-text" hidden={is_form}>
            <Editor
                label="Request" language={language(shown)} text={props.text.clone()}
                hint="A kubectl command, an HTTP request, an audit event or a scenario"
                mistyped={mistyped(&props.answer)} onchange={props.dispatch.reform(Action::TypeRequest)}
            />
            </div>
            // One child whatever their number: the editor before them must stay the same element.
            <>{ for notes(shown, props) }</>
            { props.facts.and_then(|first| facts_view(first, props)).unwrap_or_default() }
        </section>
    }
}

fn form_view(props: &Props) -> Option<Html> {
    late::form(form::Props {
        text: props.text.clone(),
        release: props.release,
        answer: Rc::clone(&props.answer),
        dispatch: props.dispatch.clone(),
    })
}

fn facts_view(first: Fact, props: &Props) -> Option<Html> {
    late::facts(facts::Props {
        text: props.text.clone(),
        format: props.format,
        release: props.release,
        given: props.given.clone(),
        answer: Rc::clone(&props.answer),
        first,
        dispatch: props.dispatch.clone(),
    })
}

/// The words that have a fix.
fn mistyped(answer: &Answer) -> Vec<Span> {
    let findings = match &answer.reading {
        Ok(reading) => &reading.findings,
        Err(unreadable) => &unreadable.findings,
    };
    findings.iter().filter(|finding| finding.fix.is_some()).filter_map(|finding| finding.span).collect()
}

/// How a text of a format is coloured; see languages.js.
fn language(format: Option<Format>) -> &'static str {
    match format.map(Format::as_str) {
        None | Some("kubectl" | "curl") => "shell",
        Some("http") => "http",
        Some(_) => "yaml",
    }
}

fn format_tabs(shown: Option<Format>, props: &Props) -> Html {
    let formats = formats();
    let tab = |format: &Format| {
        let selected = shown == Some(*format);
        let detected = selected && props.format.is_none() && !props.chosen;
        let label = html! {
            <>{ tab_name(*format) }if detected { <span class="detected">{ " detected" }</span> }</>
        };
        Tab { label, selected }
    };
    let tabs: Vec<Tab> = formats.iter().map(tab).collect();
    let onselect = props.dispatch.reform(move |index: usize| {
        let format = formats.get(index).copied();
        Action::SetFormat(format.unwrap_or(Format::Kubectl))
    });
    html! { <Tabs label="Request format" class="tabs formats" {tabs} {onselect} /> }
}

/// What comes back, in few words; shows and hides what else is known.
fn response_button(props: &Props) -> Html {
    let open = props.facts.is_some();
    let onclick = props.dispatch.reform(move |_| Action::ShowFacts((!open).then_some(Fact::Outcome)));
    let changed = props.given != Given::default();
    html! {
        <button class="btn sm response" aria-expanded={open.to_string()} aria-controls="facts" {onclick}>
            <span class="k">{ "Response" }</span>
            { for props.answer.exchange().map(ending) }
            if changed {
                <span class="changed" aria-hidden="true" /><span class="sr">{ ", with changes" }</span>
            }
            { symbol("i-down") }
        </button>
    }
}

/// What to know of the text: what changing the format did, that it is of another format, that it is a scenario.
fn notes(shown: Option<Format>, props: &Props) -> Vec<Html> {
    let mut notes = Vec::new();
    let Some(shown) = shown else { return notes };
    let button = |label: String, action: Action| {
        let onclick = props.dispatch.reform(move |_| action.clone());
        html! { <button class="btn sm" {onclick}>{ label }</button> }
    };
    match props.drafts.note {
        Some(Note::Paste) => {
            let (what, text) = example(shown);
            let help = format!("This request cannot be written as {} here. {what}", in_words(shown));
            let example = button("Insert an example".to_owned(), Action::TypeRequest(text.to_owned()));
            notes.push(html! { <p class="note" role="status">{ help }{ example }</p> });
        }
        Some(Note::Aside) => {
            let restore = button("Show what was typed".to_owned(), Action::RestoreDraft(shown));
            notes.push(html! {
                <p class="note" role="status">{ "Rewritten from the request; what was typed here before is kept." }{ restore }</p>
            });
        }
        Some(Note::Back) => notes.push(html! {
            <p class="note" role="status">{ format!("This is the {} that was last typed here.", shown.title()) }</p>
        }),
        None => {}
    }
    let detected = props.format.and_then(|_| detect(props.text.as_bytes())).filter(|detected| *detected != shown);
    if let (Some(detected), None) = (detected, props.drafts.note) {
        let read = button(format!("Read it as {}", in_words(detected)), Action::SetFormat(detected));
        notes.push(html! { <p class="note">{ format!("This looks like {}.", in_words(detected)) }{ read }</p> });
    }
    if shown == Format::Form && props.as_text && late::is_form(&props.text) {
        let show = button("Show its fields".to_owned(), Action::SetFormat(Format::Form));
        notes.push(html! { <p class="note">{ "This is a form: each of its fields can be a control." }{ show }</p> });
    }
    if shown == Format::Scenario
        && let Some(scenario) = late::scenario(props.text.as_bytes())
        && (scenario.policy.is_some() || scenario.given != Given::default() || scenario.kubernetes.is_some())
    {
        let open = button("Open this scenario".to_owned(), Action::Open(Box::new(scenario)));
        notes.push(html! {
            <p class="note">{ "This scenario holds more than a request. Opening it replaces the policy and the request." }{ open }</p>
        });
    }
    notes
}

/// A format with its article.
fn in_words(format: Format) -> String {
    let title = format.title();
    let article = if title.starts_with(['a', 'e', 'i', 'o', 'A', 'H']) { "an" } else { "a" };
    format!("{article} {title}")
}
