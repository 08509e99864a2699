//! The policy: its text, and what is wrong with it.

use std::rc::Rc;

use audit_policy::{Severity, Span};
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::findings::Findings;
use super::gutter::Gutter;
use super::icon::Icon;
use crate::evaluate::Answer;
use crate::place::utf16_offset;
use crate::state::Action;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
    pub answer: Rc<Answer>,
    /// The policy's text box.
    pub text_box: NodeRef,
    /// Goes to a place in the text.
    pub go: Callback<Span>,
    pub dispatch: Callback<Action>,
}

/// The policy's text box with its gutter, and its findings.
#[component]
pub fn PolicyPane(props: &Props) -> Html {
    let gutter = use_node_ref();
    let oninput = props
        .dispatch
        .reform(|event: InputEvent| Action::TypePolicy(event.target_unchecked_into::<HtmlTextAreaElement>().value()));
    let onscroll = {
        let gutter = gutter.clone();
        move |event: Event| {
            if let Some(gutter) = gutter.cast::<HtmlElement>() {
                gutter.set_scroll_top(event.target_unchecked_into::<HtmlElement>().scroll_top());
            }
        }
    };
    let go = props.go.clone();
    let rows = props.text.matches('\n').count() + 1;
    html! {
        <section class="pane policy" aria-labelledby="policy-heading">
            <div class="ph">
                <h2 id="policy-heading">{ "Policy" }</h2>
                <span class="grow" />
                { for summary(&props.answer) }
            </div>
            <div class="editor">
                <Gutter text={props.text.clone()} answer={Rc::clone(&props.answer)} node={gutter} />
                <textarea
                    aria-label="Policy" ref={props.text_box.clone()} value={props.text.clone()} rows={rows.to_string()}
                    wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="policy-findings"
                    {oninput} {onscroll}
                />
            </div>
            <div id="policy-findings" class="findings">
                <Findings
                    text={props.text.clone()} answer={Rc::clone(&props.answer)} {go} dispatch={props.dispatch.clone()}
                />
            </div>
        </section>
    }
}

/// How many findings there are, by how bad they are.
fn summary(answer: &Answer) -> Vec<Html> {
    let count = |severity| answer.loaded.findings.iter().filter(|finding| finding.severity == severity).count();
    let tag = |number: usize, name: &str, class: &'static str, icon: &'static str| {
        let plural = if number == 1 { "" } else { "s" };
        html! { <span class={classes!("tag", class)}><Icon name={icon} />{ format!("{number} {name}{plural}") }</span> }
    };
    let errors = count(Severity::Error).max(usize::from(!answer.loaded.accepted));
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

/// Selects a place in the text box, and shows it.
pub fn select(text_box: &NodeRef, text: &str, span: Span) {
    let Some(text_box) = text_box.cast::<HtmlTextAreaElement>() else { return };
    let (start, end) = (utf16_offset(text, span.start), utf16_offset(text, span.end));
    // Focus scrolls to the caret, so the caret goes first. A text box always takes a selection.
    let _ = text_box.set_selection_range(start, start);
    let _ = text_box.blur();
    let _ = text_box.focus();
    let _ = text_box.set_selection_range(start, end);
}
