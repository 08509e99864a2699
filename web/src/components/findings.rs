//! What is wrong with a text: the API server's words, what to do, and a fix.

use audit_policy::{Diagnostic, Fix, Loaded, Severity, Span};
use yew::prelude::*;

use super::icon::symbol;
use super::policy_pane::Props;
use crate::place::line_and_column;
use crate::problems::is_first_with_fix;
use crate::state::Action;

/// The policy's refusal and its findings.
pub fn findings(props: &Props) -> Html {
    let loaded = &props.answer.loaded;
    let refusal = loaded.error.as_ref().map(|error| error.message.as_str());
    if props.answer.other.is_some() {
        return html! {
            <details class="refusal">
                <summary>{ "kube-apiserver does not start with this file as it is" }</summary>
                { for refusal.map(|message| html! { <p class="msg">{ message }</p> }) }
            </details>
        };
    }
    let said = |finding: &&Diagnostic| Some(finding.message.as_str()) == refusal;
    html! {
        <>
            if let Some(message) = refusal {
                <div class="refusal" role="alert">
                    <p class="soft">{ "What kube-apiserver prints:" }</p>
                    <p class="msg">{ message }</p>
                    { for loaded.findings.iter().filter(said).map(|finding| advice(finding, props)) }
                </div>
            }
            if loaded.findings.iter().any(|finding| !said(&finding)) {
                <ul aria-label="Findings">
                    { for loaded.findings.iter().filter(|finding| !said(finding)).map(|finding| item(finding, props)) }
                </ul>
            }
        </>
    }
}

fn item(finding: &Diagnostic, props: &Props) -> Html {
    let placed = finding.span.map(|_| "placed");
    let (class, icon, word) = match finding.severity {
        Severity::Error => ("diag err", "i-err", "error: "),
        Severity::Warning => ("diag", "i-warn", "warning: "),
        Severity::Note => ("diag note", "i-info", "note: "),
    };
    html! {
        <li class={classes!(class, placed)}>
            { symbol(icon) }
            <div class="grow">
                <p><span class="sr">{ word }</span><code>{ &finding.message }</code></p>
                { advice(finding, props) }
            </div>
        </li>
    }
}

/// What to do about a finding: in words, where, and as a button.
fn advice(finding: &Diagnostic, props: &Props) -> Html {
    let Loaded { findings, error, .. } = &*props.answer.loaded;
    // The refusal's own come first.
    let of_refusal = |each: &&Diagnostic| error.as_ref().is_some_and(|error| error.message == each.message);
    let others = findings.iter().filter(|each| !of_refusal(each));
    let offered = is_first_with_fix(finding, findings.iter().filter(of_refusal).chain(others));
    html! {
        <>
            if let Some(help) = &finding.help {
                <p class="src">{ in_code(help) }</p>
            }
            if finding.span.is_some() || offered {
                <p class="act">
                    { for finding.span.map(|span| place(span, props)) }
                    { for finding.fix.as_ref().filter(|_| offered).map(|fix| fix_button(fix, &props.dispatch, Action::Fix)) }
                </p>
            }
        </>
    }
}

fn place(span: Span, props: &Props) -> Html {
    let (line, column) = line_and_column(&props.text, span.start);
    let onclick = props.go.reform(move |_| span);
    html! { <button class="link" onmousedown={stay} {onclick}>{ format!("Go to line {line}, column {column}") }</button> }
}

/// The button of a fix, which is applied by this action.
pub fn fix_button(fix: &Fix, dispatch: &Callback<Action>, apply: fn(Fix) -> Action) -> Html {
    let onclick = {
        let fix = fix.clone();
        dispatch.reform(move |_| apply(fix.clone()))
    };
    html! { <button class="btn sm" onmousedown={stay} {onclick}>{ &fix.title }</button> }
}

/// The focus stays in the editor: the list grows when that loses it, and what is pressed would move away under the pointer.
pub fn stay(event: MouseEvent) {
    event.prevent_default();
}

/// Text with what stands in backticks drawn as code.
pub fn in_code(text: &str) -> Html {
    let piece = |(index, piece): (usize, &str)| {
        if index % 2 == 1 {
            html! { <code>{ piece.to_owned() }</code> }
        } else {
            html! { { piece.to_owned() } }
        }
    };
    if text.matches('`').count() % 2 == 1 {
        return html! { { text.to_owned() } };
    }
    html! { <>{ for text.split('`').enumerate().map(piece) }</> }
}
