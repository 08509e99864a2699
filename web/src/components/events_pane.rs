//! The stages, the levels and the event: what is recorded, as a pane.

use std::rc::Rc;

use audit_policy::recording::{Fate, StageRecord};
use audit_policy::{Level, Span};
use yew::prelude::*;

use super::copy_button::CopyButton;
use super::event_view::EventView;
use super::ladder::{Ladder, compared_with};
use super::stages::{OmitPlaces, Stages};
use super::tabs::{Tab, Tabs};
use crate::evaluate::{Answer, Outcome};
use crate::late;
use crate::lessons;
use crate::pretty;
use crate::state::{Action, State, View};
use crate::words::thousands;

/// The ways to show an event, and what they are called.
const VIEWS: [(View, &str); 3] = [(View::Pretty, "JSON"), (View::Line, "JSON line"), (View::Legacy, "Legacy")];

/// The pane, of which `note` says whether it is older than what is typed.
pub fn events_pane(state: &State, go: &Callback<Span>, note: Option<Html>, dispatch: &Callback<Action>) -> Html {
    if let Some(lines) = &state.answer.basic {
        let (lines, release) = (Rc::clone(lines), state.inputs.release);
        return late::basic_lines(&lines, release).unwrap_or_default();
    }
    let result = state.answer.result.as_ref();
    let stage = state.shown_stage();
    let records = result.map(|result| &*result.recording.stages).unwrap_or_default();
    let record = records.iter().find(|record| Some(record.stage) == stage);
    html! {
        <>
            <div class="ph">
                <h2 id="events-heading">{ "Events" }</h2>
                { for record.map(|record| forms(state, record, dispatch)) }
                <span class="grow" />
                { for note }
                { for record.map(|record| copy(state, record)) }
            </div>
            { for result.map(|result| parts(result, state, go, dispatch)) }
        </>
    }
}

fn parts(result: &Outcome, state: &State, go: &Callback<Span>, dispatch: &Callback<Action>) -> Html {
    let decision = result.recording.decision;
    let rule = decision.and_then(|decision| decision.rule);
    let compared = result.levels.as_ref().map_or(Level::None, |levels| compared_with(levels, state.compared));
    html! {
        <>
            <Stages
                recording={Rc::clone(&result.recording)} shown={state.shown_stage()} omit={omit_places(&state.answer, rule)}
                go={go.clone()} dispatch={dispatch.clone()}
            />
            <p class="whither"><button class="link" onclick={|_| lessons::show_delivery()}>{ "Where these events go" }</button></p>
            { for result.levels.as_ref().map(|levels| html! {
                <Ladder levels={Rc::clone(levels)} {decision} {compared} dispatch={dispatch.clone()} />
            }) }
            <EventView
                levels={result.levels.clone()} shown={state.shown_stage()} view={state.view} {rule} {compared}
                exposures={result.exposures.clone()} notes={result.recording.notes.clone()}
            />
        </>
    }
}

/// Where the policy and the deciding rule name the stages that they omit.
fn omit_places(answer: &Answer, rule: Option<usize>) -> OmitPlaces {
    let Some(places) = answer.places() else { return OmitPlaces::default() };
    let rule = rule.and_then(|rule| places.rules.get(rule));
    let rule = rule.and_then(|place| place.field("omitStages"));
    let with_line = |span: Span| (span, answer.lines.line(span.start));
    OmitPlaces { policy: places.omit_stages.map(with_line), rule: rule.map(|(name, _)| with_line(name)) }
}

fn forms(state: &State, record: &StageRecord, dispatch: &Callback<Action>) -> Html {
    let bytes = match &record.fate {
        Fate::Recorded { bytes, .. } => *bytes,
        _ => 0,
    };
    let tabs = VIEWS.map(|(view, name)| Tab { label: html! { { name } }, selected: view == state.view }).to_vec();
    let onselect =
        dispatch.reform(|index| Action::SetView(VIEWS.get(index).map(|(view, _)| *view).unwrap_or_default()));
    html! {
        <>
            <Tabs label="Form of the event" class="seg sm" {tabs} {onselect} />
            <span class="muted size">{ format!("{} bytes", thousands(bytes)) }</span>
        </>
    }
}

fn copy(state: &State, record: &StageRecord) -> Html {
    let (answer, stage, view) = (Rc::clone(&state.answer), record.stage, state.view);
    let text = Callback::from(move |()| {
        let result = answer.result.as_ref();
        let record = result.and_then(|result| result.recording.stages.iter().find(|record| record.stage == stage));
        match record.map(|record| &record.fate) {
            Some(Fate::Recorded { line, legacy, .. }) => match view {
                View::Pretty => pretty::lay_out(line).map_or_else(|| line.clone(), |lines| pretty::text(&lines)),
                View::Line => line.clone(),
                View::Legacy => legacy.clone(),
            },
            _ => String::new(),
        }
    });
    html! { <CopyButton {text} /> }
}
