//! The four stages as a line of time: recorded, or why not.

use std::rc::Rc;

use audit_policy::recording::{Fate, NotProduced, OmittedBy, StageRecord};
use audit_policy::{Recording, Span, Stage};
use yew::prelude::*;

use super::icon::symbol;
use super::tabs::move_focus;
use crate::state::{Action, is_recorded};
use crate::words::thousands;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub recording: Rc<Recording>,
    /// The stage whose event is shown.
    pub shown: Option<Stage>,
    pub omit: OmitPlaces,
    /// Goes to a place in the policy.
    pub go: Callback<Span>,
    pub dispatch: Callback<Action>,
}

/// Where `omitStages` stands in the policy's text, with the line; none where it does not, or the text is another by now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OmitPlaces {
    pub policy: Option<(Span, usize)>,
    /// The deciding rule's.
    pub rule: Option<(Span, usize)>,
}

/// The stages as tabs; one that is not recorded can be read and not chosen, and one that is omitted leads to where that is said.
#[component]
pub fn Stages(props: &Props) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (list, recording, dispatch) = (list.clone(), Rc::clone(&props.recording), props.dispatch.clone());
        move |event: KeyboardEvent| {
            let reached = move_focus(&list, &event).and_then(|index| recording.stages.get(index));
            if let Some(record) = reached.filter(|record| is_recorded(record)) {
                dispatch.emit(Action::ShowStage(record.stage));
            }
        }
    };
    html! {
        <div class="stages" role="tablist" aria-label="Stages" ref={list} {onkeydown}>
            { for props.recording.stages.iter().enumerate().map(|(index, record)| tab(index, record, props)) }
        </div>
    }
}

fn tab(index: usize, record: &StageRecord, props: &Props) -> Html {
    let (class, icon) = match record.stage {
        Stage::RequestReceived => ("received", "p1"),
        Stage::ResponseStarted => ("started", "p2"),
        Stage::ResponseComplete => ("complete", "p4"),
        Stage::Panic => ("panic", "pp"),
    };
    let (recorded, selected) = (is_recorded(record), props.shown == Some(record.stage));
    let first = index == 0 && props.shown.is_none();
    let tabindex = if selected || first { "0" } else { "-1" };
    let place = omitted_at(record, props);
    let onclick = match place {
        Some((span, _)) => props.go.reform(move |_| span),
        None => {
            let stage = record.stage;
            props.dispatch.reform(move |_| Action::ShowStage(stage))
        }
    };
    // The line leads on from a stage that is reached to a later one that is.
    let is_reached = |record: &StageRecord| !matches!(record.fate, Fate::NotProduced { .. });
    let leads = is_reached(record) && props.recording.stages.iter().skip(index + 1).any(is_reached);
    let class =
        classes!("stage", class, (!recorded).then_some("off"), (!leads).then_some("dash"), place.map(|_| "leads"));
    html! {
        <button
            {class} role="tab" aria-selected={selected.to_string()} aria-disabled={(!recorded).then_some("true")} {tabindex}
            title={place.map(|_| "Go to omitStages")} {onclick}
        >
            <span class="dot">{ symbol(icon) }</span>
            <b>{ record.stage.as_str() }</b>
            <span class="why">{ fate(record, place) }</span>
        </button>
    }
}

fn omitted_at(record: &StageRecord, props: &Props) -> Option<(Span, usize)> {
    match record.fate {
        Fate::Omitted { by: OmittedBy::Policy | OmittedBy::PolicyAndRule } => props.omit.policy,
        Fate::Omitted { by: OmittedBy::Rule } => props.omit.rule,
        _ => None,
    }
}

fn fate(record: &StageRecord, place: Option<(Span, usize)>) -> Html {
    let (word, reason) = match &record.fate {
        Fate::Recorded { bytes, .. } => ("Recorded", format!(", 1 event, {} bytes", thousands(*bytes))),
        Fate::Omitted { by } => {
            let line = place.map(|(_, line)| format!(", line {line}"));
            return html! {
                <><span class="res">{ " Omitted" }</span>{ format!(" by {by}, ") }<code>{ "omitStages" }</code>{ line.unwrap_or_default() }</>
            };
        }
        Fate::Lost { why } => ("Lost", format!(": {why}")),
        Fate::NotProduced { why: NotProduced::NotLongRunning } => {
            ("Not produced", ", only watch, exec and other long requests".to_owned())
        }
        Fate::NotProduced { why } => ("Not produced", format!(", {why}")),
    };
    html! { <><span class="res">{ format!(" {word}") }</span>{ reason }</> }
}
