//! The policy: its text, and what is wrong with it.

use std::rc::Rc;

use audit_policy::explain::RuleState;
use audit_policy::{Diagnostic, Severity, Span};
use gloo::events::EventListener;
use gloo::utils::document;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::editor::Editor;
use super::findings::findings;
use super::found::found;
use super::gutter::{self, Gutter};
use super::icon::symbol;
use super::plain_toggle::PlainToggle;
use super::rules::icon_of;
use crate::editor;
use crate::evaluate::Answer;
use crate::place::line_and_column;
use crate::problems;
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
    pub answer: Rc<Answer>,
    /// The element that the policy's editor is in.
    pub text_box: NodeRef,
    /// Goes to a place in the text.
    pub go: Callback<Span>,
    pub dispatch: Callback<Action>,
}

/// The policy's editor with its gutter, its findings, and what the gutter's signs mean.
#[component]
pub fn PolicyPane(props: &Props) -> Html {
    let gutter_node = use_node_ref();
    let scrolled = use_state_eq(|| 0);
    let said = use_problem_keys(props);
    let onscroll = {
        let (node, scrolled) = (gutter_node.clone(), scrolled.clone());
        move |event: Event| {
            let top = event.target_unchecked_into::<HtmlElement>().scroll_top();
            if let Some(gutter) = node.cast::<HtmlElement>() {
                gutter.set_scroll_top(top);
            }
            if gutter::page(top) != gutter::page(*scrolled) {
                scrolled.set(top);
            }
        }
    };
    let onfix = {
        let (answer, dispatch) = (Rc::clone(&props.answer), props.dispatch.clone());
        Callback::from(move |finding: usize| apply(answer.loaded.findings.get(finding), &dispatch))
    };
    html! {
        <section class="pane policy" aria-labelledby="policy-heading">
            <div class="ph">
                <h2 id="policy-heading">{ "Policy" }</h2>
                <span class="grow" />
                { for summary(&props.answer) }
                <PlainToggle />
            </div>
            { found(props, has_sinks(&props.answer)) }
            <Editor
                label="Policy" language="yaml" text={props.text.clone()} answer={Rc::clone(&props.answer)}
                node={props.text_box.clone()} onchange={props.dispatch.reform(Action::TypePolicy)} {onfix} {onscroll}
            >
                <Gutter text={props.text.clone()} answer={Rc::clone(&props.answer)} node={gutter_node} scrolled={*scrolled} />
            </Editor>
            <div id="policy-findings" class="findings">
                { findings(props) }
            </div>
            <p class="sr" aria-live="polite">{ said }</p>
            { legend() }
        </section>
    }
}

/// What the signs beside the rules mean, and how to leave the editor.
fn legend() -> Html {
    let sign = |state: RuleState| html! { <span>{ symbol(icon_of(state)) }{ state.to_string() }</span> };
    let states = [RuleState::Matched, RuleState::Skipped, RuleState::NearMiss, RuleState::NotReached];
    html! {
        <div class="pf legend">
            { for states.map(sign) }
            <span class="leave">{ "Esc, Tab leaves" }</span>
        </div>
    }
}

/// Whether AuditSinks stand in the policy's place.
fn has_sinks(answer: &Answer) -> bool {
    answer.loaded.findings.iter().any(|finding| finding.code == "audit-sink")
}

fn apply(finding: Option<&Diagnostic>, dispatch: &Callback<Action>) {
    if let Some(fix) = finding.and_then(|finding| finding.fix.clone()) {
        dispatch.emit(Action::Fix(fix));
    }
}

/// Goes to the next problem or the one before, or applies the fix at the caret, as commands ask for it by events on the document. The
/// message of the problem that was gone to comes back, to be said.
#[hook]
fn use_problem_keys(props: &Props) -> AttrValue {
    let said = use_state_eq(AttrValue::default);
    let latest = use_mut_ref(|| None);
    *latest.borrow_mut() = Some((
        props.text.clone(),
        Rc::clone(&props.answer),
        props.text_box.clone(),
        props.go.clone(),
        props.dispatch.clone(),
    ));
    let say = said.setter();
    use_effect_with((), move |()| {
        let act = move |asked: Asked| {
            let Some((text, answer, text_box, go, dispatch)) = latest.borrow().clone() else { return };
            let Some(text_box) = text_box.cast::<HtmlElement>() else { return };
            let caret = editor::caret(&text_box, &text);
            let findings = &answer.loaded.findings;
            if asked == Asked::Fix {
                return apply(problems::fixable(findings, &text, caret), &dispatch);
            }
            let found = problems::beside(findings, caret, asked == Asked::Previous);
            if let Some((finding, span)) = found.and_then(|finding| Some((finding, finding.span?))) {
                go.emit(span);
                let (line, _) = line_and_column(&text, span.start);
                say.set(format!("Line {line}: {}", finding.message).into());
            }
        };
        let act = Rc::new(act);
        let listeners: Vec<EventListener> = Asked::ALL
            .into_iter()
            .map(|(name, asked)| {
                let act = Rc::clone(&act);
                EventListener::new(&document(), name, move |_| act(asked))
            })
            .collect();
        move || drop(listeners)
    });
    (*said).clone()
}

/// What is asked of the problems.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Next,
    Previous,
    Fix,
}

impl Asked {
    const ALL: [(&str, Asked); 3] =
        [("problem-next", Asked::Next), ("problem-previous", Asked::Previous), ("problem-fix", Asked::Fix)];
}

/// How many findings there are, by how bad they are.
fn summary(answer: &Answer) -> Vec<Html> {
    let count = |severity| answer.loaded.findings.iter().filter(|finding| finding.severity == severity).count();
    let tag = |number: usize, name: &str, class: &'static str, icon: &'static str| {
        let plural = if number == 1 { "" } else { "s" };
        html! { <span class={classes!("tag", class)}>{ symbol(icon) }{ format!("{number} {name}{plural}") }</span> }
    };
    let refused = !answer.loaded.accepted && answer.other.is_none();
    let errors = count(Severity::Error).max(usize::from(refused));
    [
        (errors, "error", "err", "i-err"),
        (count(Severity::Warning), "warning", "warn", "i-warn"),
        (count(Severity::Note), "note", "line", "i-info"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, name, class, icon)| tag(number, name, class, icon))
    .collect()
}

/// Selects a place in the editor, and shows it.
pub fn select(text_box: &NodeRef, text: &str, span: Span) {
    if let Some(text_box) = text_box.cast::<HtmlElement>() {
        editor::select(&text_box, text, span);
    }
}
