//! The request: its text and its format.

use std::rc::Rc;

use audit_policy::request::{Format, Reading, Unreadable};
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

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
    let oninput = props
        .dispatch
        .reform(|event: InputEvent| Action::TypeRequest(event.target_unchecked_into::<HtmlTextAreaElement>().value()));
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
    // As many rows as are typed, within bounds that leave room for the answer.
    let rows = (props.text.matches('\n').count() + 1).clamp(2, 10);
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
            <textarea
                aria-label="Request" value={props.text.clone()} rows={rows.to_string()} spellcheck="false" autocomplete="off"
                autocapitalize="off" placeholder="A kubectl command, an HTTP request, an audit event or a scenario"
                {oninput}
            />
        </section>
    }
}
