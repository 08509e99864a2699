//! The request: its text and its format.

use std::rc::Rc;

use audit_policy::request::{Format, Reading, Unreadable};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::editor::Editor;
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
    /// The format that was chosen, where detection is overruled.
    pub format: Option<Format>,
    pub reading: Result<Rc<Reading>, Unreadable>,
    pub dispatch: Callback<Action>,
}

/// The request's text box, and the choice of its format.
#[component]
pub fn RequestPane(props: &Props) -> Html {
    let onchange = props.dispatch.reform(|event: Event| {
        Action::SetFormat(event.target_unchecked_into::<HtmlSelectElement>().value().parse().ok())
    });
    let detected = match &props.reading {
        Ok(reading) => Some(reading.format),
        Err(unreadable) => unreadable.format,
    };
    let automatic = match (props.format, detected) {
        (None, Some(format)) => format!("Detected: {}", format.title()),
        _ => "Detect the format".to_owned(),
    };
    let option = |format: Format| {
        html! { <option value={format.as_str()} selected={props.format == Some(format)}>{ format.title() }</option> }
    };
    html! {
        <section class="pane request" aria-labelledby="request-heading">
            <div class="ph">
                <h2 id="request-heading">{ "Request" }</h2>
                <span class="grow" />
                <label class="choice sm">
                    <select aria-label="Format" {onchange}>
                        <option value="" selected={props.format.is_none()}>{ automatic }</option>
                        { for Format::ALL.into_iter().map(option) }
                    </select>
                </label>
            </div>
            <Editor
                label="Request" language={language(detected)} text={props.text.clone()}
                hint="A kubectl command, an HTTP request, an audit event or a scenario"
                onchange={props.dispatch.reform(Action::TypeRequest)}
            />
        </section>
    }
}

/// How a text of a format is coloured; see languages.js.
fn language(format: Option<Format>) -> &'static str {
    match format.map(Format::as_str) {
        None | Some("kubectl" | "curl") => "shell",
        Some("http") => "http",
        Some(_) => "yaml",
    }
}
