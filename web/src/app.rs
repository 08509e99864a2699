//! The page as a whole: the state, the panes, the keys.

use std::rc::Rc;

use audit_policy::Span;
use yew::prelude::*;

use crate::commands::{self, Does, Place};
use crate::components::{Divider, DropTarget, Header, PolicyPane, Rules};
use crate::components::{
    Tab, Tabs, events_pane, notice_view, reading_view, request_pane as request_pane_view, select, stale_note,
    verdict_view,
};
use crate::components::{dialogs, reading, request_pane, verdict};
use crate::early::Early;
use crate::go::{use_keys, use_run};
use crate::late;
use crate::lessons::use_lessons;
use crate::pane_widths::Side;
use crate::share::{self, Notice, use_sharer};
use crate::state::{Action, Pane, Part, State};
use crate::theme::Theme;
use crate::typed;

const PANES: [(Pane, &str); 3] = [(Pane::Policy, "Policy"), (Pane::Request, "Request"), (Pane::Result, "Result")];
const PARTS: [(Part, &str); 2] = [(Part::Events, "Stages and event"), (Part::Rules, "Rules")];

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What was typed before the page was there.
    pub early: Early,
}

/// The page.
#[component]
pub fn App(props: &Props) -> Html {
    let start = use_memo((), |()| share::start());
    let state = use_reducer(|| {
        let begin = start.0.clone().unwrap_or_else(|| State::first().inputs);
        State::new(props.early.over(begin))
    });
    let notice = use_state_eq(|| start.1.clone());
    let tell = {
        let notice = notice.setter();
        Callback::from(move |said| notice.set(said))
    };
    let dispatch = {
        let (dispatcher, tell) = (state.dispatcher(), tell.clone());
        use_memo((), |()| Callback::from(move |action| act(action, &dispatcher, &tell)))
    };
    let dispatch = Callback::clone(&dispatch);
    {
        let dispatcher = state.dispatcher();
        use_effect_with((), move |()| {
            if !late::is_here() {
                late::fetch_then(move |_| dispatcher.dispatch(Action::Late));
            }
        });
    }
    let sharer = use_sharer(&state, &dispatch, tell);
    use_lessons(&state, &sharer);
    let (policy_box, verdict_node) = (use_node_ref(), use_node_ref());
    let open = use_state_eq(|| None::<commands::Dialog>);
    let theme = use_state_eq(Theme::current);
    use_effect_with(props.early.clone(), Early::focus);

    let inputs = &state.inputs;
    let policy = AttrValue::from(inputs.policy.clone());
    let request = AttrValue::from(inputs.request.clone());
    // One callback for good, so that what depends on it is not drawn again with each keystroke.
    let policy_now = use_mut_ref(AttrValue::default);
    policy_now.replace(policy.clone());
    let go = use_callback((), {
        let (text_box, dispatch) = (policy_box.clone(), dispatch.clone());
        move |span: Span, ()| {
            dispatch.emit(Action::ShowPane(Pane::Policy));
            select(&text_box, &policy_now.borrow(), span);
        }
    });
    let run = use_run(&dispatch, &open, &theme);
    use_keys(&run);
    let skip = run.reform(|event: MouseEvent| {
        event.prevent_default();
        Does::Go(Place::Verdict)
    });
    let onclose = use_callback((), {
        let open = open.clone();
        move |(), ()| open.set(None)
    });
    html! {
        <>
            <a class="skip-link" href="#result" onclick={skip}>{ "Go to result" }</a>
            <Header
                release={inputs.release} theme={*theme} sharer={Rc::clone(&sharer)} dispatch={dispatch.clone()} onrun={run.clone()}
            />
            { notice_view(notice.as_ref(), &sharer) }
            <DropTarget sharer={Rc::clone(&sharer)} />
            <main class={classes!("page", pane_class(state.pane), part_class(state.part))}>
                <section class="pane lesson" id="lesson" aria-label="Lesson" hidden=true />
                <PolicyPane
                    text={policy} answer={Rc::clone(&state.answer)} text_box={policy_box} go={go.clone()}
                    dispatch={dispatch.clone()}
                />
                <Divider pane="policy" label="Width of the policy" side={Side::Before} />
                {
                    request_pane_view(&request_pane::Props {
                        text: request,
                        format: inputs.format,
                        release: inputs.release,
                        given: inputs.given.clone(),
                        answer: Rc::clone(&state.answer),
                        facts: state.facts,
                        drafts: state.drafts.clone(),
                        chosen: state.chosen,
                        as_text: state.as_text,
                        dispatch: dispatch.clone(),
                    })
                }
                {
                    reading_view(&reading::Props {
                        given: inputs.given.clone(),
                        answer: Rc::clone(&state.answer),
                        dispatch: dispatch.clone(),
                    })
                }
                {
                    verdict_view(&verdict::Props {
                        answer: Rc::clone(&state.answer),
                        node: verdict_node,
                        dispatch: dispatch.clone(),
                    })
                }
                { part_tabs(state.part, &dispatch) }
                { result(&state, go, &dispatch) }
                <Divider pane="rules" label="Width of the rules" side={Side::After} />
            </main>
            { pane_tabs(&state, &dispatch) }
            { late::dialogs(dialogs::Props { open: *open, onrun: run, onclose }).unwrap_or_default() }
        </>
    }
}

/// Does an action, once what does it is there.
fn act(action: Action, dispatcher: &UseReducerDispatcher<State>, tell: &Callback<Option<Notice>>) {
    typed::note(&action);
    if late::is_here() {
        return dispatcher.dispatch(action);
    }
    let waits = action.needs_late();
    let waiting = if waits {
        Some(action)
    } else {
        dispatcher.dispatch(action);
        None
    };
    // What did not come is fetched again with each action.
    let (dispatcher, tell) = (dispatcher.clone(), tell.clone());
    late::fetch_then(move |came| {
        dispatcher.dispatch(Action::Late);
        match waiting {
            Some(action) if came => dispatcher.dispatch(action),
            Some(_) => {
                tell.emit(Some(Notice::alert("a part of the page did not load", "check the connection and try again")))
            }
            None => {}
        }
    });
}

/// The events and the rules.
fn result(state: &State, go: Callback<Span>, dispatch: &Callback<Action>) -> Html {
    let result = state.answer.result.as_ref();
    let stale = result.and_then(|result| result.stale);
    let dimmed = stale.map(|_| "stale");
    let note = stale_note(stale).map(|note| html! { <span class="tag line">{ note }</span> });
    html! {
        <>
            <section class={classes!("pane", "events", dimmed)} aria-labelledby="events-heading">
                { events_pane(state, &go, note.clone(), dispatch) }
            </section>
            <section class={classes!("pane", "rules", dimmed)} aria-labelledby="rules-heading">
                <div class="ph">
                    <h2 id="rules-heading">{ "Rules" }</h2><span class="muted">{ "first match wins" }</span>
                    <span class="grow" />{ for note }<kbd>{ "↵" }</kbd><span class="muted hint">{ "go to line" }</span>
                </div>
                if state.answer.basic.is_some() {
                    <p class="pad soft">{ format!("Kubernetes {} has no rules.", state.inputs.release) }</p>
                } else if result.is_some() {
                    <Rules answer={Rc::clone(&state.answer)} {go} />
                }
            </section>
        </>
    }
}

/// Which part of the result is shown where they do not fit side by side.
fn part_tabs(part: Part, dispatch: &Callback<Action>) -> Html {
    let tabs = PARTS.map(|(each, name)| Tab { label: html! { { name } }, selected: each == part }).to_vec();
    let onselect =
        dispatch.reform(|index| Action::ShowPart(PARTS.get(index).map(|(part, _)| *part).unwrap_or_default()));
    html! { <div class="pane parts"><Tabs label="Result" class="tabs" {tabs} {onselect} /></div> }
}

/// Which pane is shown on a narrow screen.
fn pane_tabs(state: &State, dispatch: &Callback<Action>) -> Html {
    let findings = state.answer.loaded.findings.len();
    let tab = |(pane, name): (Pane, &'static str)| {
        let count =
            (pane == Pane::Policy && findings > 0).then(|| html! { <span class="tag warn">{ findings }</span> });
        Tab { label: html! { <>{ name }{ for count }</> }, selected: pane == state.pane }
    };
    let onselect =
        dispatch.reform(|index| Action::ShowPane(PANES.get(index).map(|(pane, _)| *pane).unwrap_or_default()));
    html! { <nav class="bottom" aria-label="Panes"><Tabs label="Panes" class="bot" tabs={PANES.map(tab).to_vec()} {onselect} /></nav> }
}

fn pane_class(pane: Pane) -> &'static str {
    match pane {
        Pane::Policy => "show-policy",
        Pane::Request => "show-request",
        Pane::Result => "show-result",
    }
}

fn part_class(part: Part) -> &'static str {
    match part {
        Part::Events => "show-events",
        Part::Rules => "show-rules",
    }
}
