//! The page as a whole: the state, the panes, the keys.

use std::rc::Rc;

use audit_policy::Span;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::components::{
    DropTarget, Header, NoticeView, PolicyPane, ReadingView, RequestPane, Rules, Tab, Tabs, Verdict,
};
use crate::components::{events_pane, select, stale_note};
use crate::share::{self, use_sharer};
use crate::state::{Action, Pane, Part, State};

const PANES: [(Pane, &str); 3] = [(Pane::Policy, "Policy"), (Pane::Request, "Request"), (Pane::Result, "Result")];
const PARTS: [(Part, &str); 2] = [(Part::Events, "Stages and event"), (Part::Rules, "Rules")];

/// The page.
#[component]
pub fn App() -> Html {
    let start = use_memo((), |()| share::start());
    let state = use_reducer(|| start.0.clone().map_or_else(State::first, State::new));
    let notice = use_state_eq(|| start.1.clone());
    let dispatch = {
        let dispatcher = state.dispatcher();
        use_memo((), |()| Callback::from(move |action| dispatcher.dispatch(action)))
    };
    let dispatch = Callback::clone(&dispatch);
    let tell = {
        let notice = notice.setter();
        Callback::from(move |said| notice.set(said))
    };
    let sharer = use_sharer(&state, &dispatch, tell);
    let (policy_box, verdict) = (use_node_ref(), use_node_ref());
    use_keys(verdict.clone());

    let inputs = &state.inputs;
    let policy = AttrValue::from(inputs.policy.clone());
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
    let skip = {
        let verdict = verdict.clone();
        move |event: MouseEvent| {
            event.prevent_default();
            focus(&verdict);
        }
    };
    html! {
        <>
            <a class="skip-link" href="#result" onclick={skip}>{ "Go to result" }</a>
            <Header release={inputs.release} sharer={Rc::clone(&sharer)} dispatch={dispatch.clone()} />
            <NoticeView notice={(*notice).clone()} sharer={Rc::clone(&sharer)} />
            <DropTarget sharer={Rc::clone(&sharer)} />
            <main class={classes!("page", pane_class(state.pane), part_class(state.part))}>
                <PolicyPane
                    text={policy.clone()} answer={Rc::clone(&state.answer)} text_box={policy_box} go={go.clone()}
                    dispatch={dispatch.clone()}
                />
                <RequestPane
                    text={inputs.request.clone()} format={inputs.format} release={inputs.release} given={inputs.given.clone()}
                    answer={Rc::clone(&state.answer)} facts={state.facts} drafts={state.drafts.clone()}
                    dispatch={dispatch.clone()}
                />
                <ReadingView answer={Rc::clone(&state.answer)} dispatch={dispatch.clone()} />
                <Verdict answer={Rc::clone(&state.answer)} node={verdict} />
                { part_tabs(state.part, &dispatch) }
                { result(&state, go, &dispatch) }
            </main>
            { pane_tabs(&state, &dispatch) }
        </>
    }
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
                if result.is_some() {
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

/// Ctrl or Cmd with Enter goes to the verdict; F6 and Shift+F6 go from pane to pane.
#[hook]
fn use_keys(verdict: NodeRef) {
    use_effect_with((), move |()| {
        let listener = EventListener::new_with_options(
            &document(),
            "keydown",
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
                match event.key().as_str() {
                    "Enter" if event.ctrl_key() || event.meta_key() => focus(&verdict),
                    "F6" => next_pane(event.shift_key()),
                    _ => return,
                }
                event.prevent_default();
            },
        );
        move || drop(listener)
    });
}

fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        // An element that is hidden is not focused, and nothing is lost by that.
        let _ = element.focus();
    }
}

/// The stops of F6, in order; the ones that are hidden are passed over.
const STOPS: &str =
    ".policy .editor :is(textarea, .code), .request .editor :is(textarea, .code), #form-verb, .verdict, .stages [tabindex='0'], .rules .scroll";

fn next_pane(backwards: bool) {
    let Ok(stops) = document().query_selector_all(STOPS) else { return };
    let mut stops: Vec<HtmlElement> =
        (0..stops.length()).filter_map(|index| stops.item(index)?.dyn_into().ok()).collect();
    stops.retain(|stop: &HtmlElement| stop.offset_parent().is_some());
    if backwards {
        stops.reverse();
    }
    let active = document().active_element();
    let current = stops.iter().position(|stop| {
        let pane = stop.closest(".pane").ok().flatten();
        pane.is_some_and(|pane| pane.contains(active.as_deref()))
    });
    let next = current.map_or(0, |current| (current + 1) % stops.len().max(1));
    if let Some(stop) = stops.get(next) {
        let _ = stop.focus();
    }
}
