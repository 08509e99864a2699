//! The four stages: recorded, or why not.

use audit_policy::recording::{Fate, OmittedBy, StageRecord};
use audit_policy::{Stage, text};
use yew::prelude::*;

use super::icon::Icon;
use super::tabs::move_focus;
use super::verdict::thousands;
use crate::state::{Action, is_recorded};

#[derive(PartialEq, Properties)]
pub struct Props {
    pub stages: Vec<StageRecord>,
    /// The stage whose event is shown.
    pub shown: Option<Stage>,
    pub dispatch: Callback<Action>,
}

/// The stages as tabs; one that is not recorded can be read and not chosen.
#[component]
pub fn Stages(props: &Props) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (list, stages, dispatch) = (list.clone(), props.stages.clone(), props.dispatch.clone());
        move |event: KeyboardEvent| {
            let reached = move_focus(&list, &event).and_then(|index| stages.get(index));
            if let Some(record) = reached.filter(|record| is_recorded(record)) {
                dispatch.emit(Action::ShowStage(record.stage));
            }
        }
    };
    html! {
        <div class="stages" role="tablist" aria-label="Stages" ref={list} {onkeydown}>
            { for props.stages.iter().enumerate().map(|(index, record)| tab(index, record, props)) }
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
    let stage = record.stage;
    let onclick = props.dispatch.reform(move |_| Action::ShowStage(stage));
    html! {
        <button
            class={classes!("stage", class, (!recorded).then_some("off"))} role="tab" aria-selected={selected.to_string()}
            aria-disabled={(!recorded).then_some("true")} {tabindex} {onclick}
        >
            <span class="dot"><Icon name={icon} /></span>
            <b>{ stage.as_str() }</b>
            <span class="why">{ fate(&record.fate) }</span>
        </button>
    }
}

fn fate(fate: &Fate) -> Html {
    let (word, reason) = match fate {
        Fate::Recorded { event, .. } => {
            ("Recorded", format!(", {} bytes", thousands(text::json_line(event).len() + 1)))
        }
        Fate::Omitted { by } => {
            let whose = match by {
                OmittedBy::Policy => "the policy's",
                OmittedBy::Rule => "the rule's",
                OmittedBy::PolicyAndRule => "the policy's and the rule's",
            };
            return html! { <><span class="res">{ " Omitted" }</span>{ format!(" by {whose} ") }<code>{ "omitStages" }</code></> };
        }
        Fate::Lost { why } => ("Lost", format!(": {why}")),
        Fate::NotProduced { why } => ("Not produced", format!(": {why}")),
    };
    html! { <><span class="res">{ format!(" {word}") }</span>{ reason }</> }
}
