//! One recorded event, as the log has it.

use audit_policy::recording::{Fate, StageRecord};
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::tabs::{Tab, Tabs};
use crate::pretty::{self, Kind, Line};
use crate::state::{Action, View};

/// The ways to show an event, and what they are called.
const VIEWS: [(View, &str); 3] = [(View::Pretty, "JSON"), (View::Line, "JSON line"), (View::Legacy, "Legacy")];

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The stage that is shown; none where nothing is recorded.
    pub record: Option<StageRecord>,
    pub view: View,
    /// What to know about the recording.
    pub notes: Vec<String>,
    pub dispatch: Callback<Action>,
}

/// The event of the shown stage.
#[component]
pub fn EventView(props: &Props) -> Html {
    let Some(Fate::Recorded { line, legacy, request_object_approximate, .. }) =
        props.record.as_ref().map(|record| &record.fate)
    else {
        return html! { <>
            <section class="scroll pad" aria-label="Event" tabindex="0"><p class="soft">{ "Nothing is recorded of this request." }</p></section>
            { notes(&props.notes) }
        </> };
    };
    let laid_out = if props.view == View::Pretty { pretty::lay_out(line) } else { None };
    let (body, copied) = match (&laid_out, props.view) {
        (Some(lines), _) => (html! { { for lines.iter().map(json_line) } }, pretty::text(lines)),
        (None, View::Legacy) => (html! { <pre>{ legacy.clone() }</pre> }, legacy.clone()),
        (None, _) => (html! { <pre>{ line.clone() }</pre> }, line.clone()),
    };
    let tabs = VIEWS.map(|(view, name)| Tab { label: html! { { name } }, selected: view == props.view }).to_vec();
    let onselect =
        props.dispatch.reform(|index| Action::SetView(VIEWS.get(index).map(|(view, _)| *view).unwrap_or_default()));
    html! {
        <>
            <div class="ph">
                <Tabs label="Form of the event" class="seg sm" {tabs} {onselect} />
                <span class="grow" />
                <CopyButton text={copied} />
            </div>
            <section class="scroll json" aria-label="Event" tabindex="0">{ body }</section>
            if *request_object_approximate {
                <p class="pf">{ "requestObject is made from what was sent: the API server also fills in defaults." }</p>
            }
            { notes(&props.notes) }
        </>
    }
}

fn json_line(line: &Line<'_>) -> Html {
    let piece = |(kind, text): &(Kind, &str)| {
        let class = match kind {
            Kind::Key => "sx-k",
            Kind::String => "sx-s",
            Kind::Literal => "sx-n",
            Kind::Punctuation => "sx-p",
        };
        html! { <span {class}>{ (*text).to_owned() }</span> }
    };
    html! { <div class={classes!("jl", format!("d{}", line.depth.min(9)))}>{ for line.pieces.iter().map(piece) }</div> }
}

fn notes(notes: &[String]) -> Html {
    if notes.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="notes" aria-label="Notes">{ for notes.iter().map(|note| html! { <li>{ super::findings::in_code(note) }</li> }) }</ul>
    }
}
