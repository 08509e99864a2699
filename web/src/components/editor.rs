//! A text that is edited: in a code editor, or in a plain text box until that is here and where it is preferred.

use std::rc::Rc;

use audit_policy::Span;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::editor::{self, Now};
use crate::evaluate::Answer;
use crate::plain_text::use_plain_text;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The accessible name.
    pub label: &'static str,
    pub text: AttrValue,
    /// What an empty one shows.
    #[prop_or_default]
    pub hint: &'static str,
    /// The name of its language; see languages.js.
    pub language: &'static str,
    /// What the engine says of it, where it is a policy.
    #[prop_or_default]
    pub answer: Option<Rc<Answer>>,
    /// The words that are likely mistyped, where it is none.
    #[prop_or_default]
    pub mistyped: Vec<Span>,
    /// The element that it is in: [`editor::select`] goes to places in it.
    #[prop_or_default]
    pub node: NodeRef,
    pub onchange: Callback<String>,
    /// The fix of this finding is wanted.
    #[prop_or_default]
    pub onfix: Callback<usize>,
    /// The text box was scrolled.
    #[prop_or_default]
    pub onscroll: Callback<Event>,
    /// What stands before the text box.
    #[prop_or_default]
    pub children: Html,
}

/// The editor of a text.
#[component]
pub fn Editor(props: &Props) -> Html {
    let (plain, _) = use_plain_text();
    let (host, text_box) = (use_node_ref(), use_node_ref());
    let here = use_state_eq(|| false);
    let drawn = use_mut_ref(|| None::<editor::Editor>);
    let now = Now {
        text: props.text.clone(),
        answer: props.answer.clone(),
        mistyped: props.mistyped.clone(),
        language: props.language,
        onchange: props.onchange.clone(),
        onfix: props.onfix.clone(),
    };
    let latest = use_mut_ref(|| now.clone());
    *latest.borrow_mut() = now;
    {
        let (host, text_box, here, drawn, latest) =
            (host.clone(), text_box.clone(), here.setter(), Rc::clone(&drawn), Rc::clone(&latest));
        let (label, hint) = (props.label, props.hint);
        use_effect_with(plain, move |plain| {
            if *plain || drawn.borrow().is_some() {
                return;
            }
            spawn_local(async move {
                // Without it the text box does.
                if !editor::load().await || drawn.borrow().is_some() {
                    return;
                }
                let Some(host) = host.cast::<HtmlElement>() else { return };
                let text_box = text_box.cast::<HtmlTextAreaElement>();
                *drawn.borrow_mut() = Some(editor::Editor::new(&host, text_box.as_ref(), label, hint, &latest));
                here.set(true);
            });
        });
    }
    let code = *here && !plain;
    {
        let latest = Rc::clone(&latest);
        let depends = (props.text.clone(), props.answer.clone(), props.mistyped.clone(), props.language, code);
        use_effect_with(depends, move |(.., code)| {
            let mut drawn = drawn.borrow_mut();
            if let Some(editor) = drawn.as_mut().filter(|_| *code) {
                let now = latest.borrow().clone();
                editor.follow(&now);
            }
        });
    }
    // Not by the attribute `value`: what sets that forgets what could be undone.
    let begun = use_mut_ref(|| false);
    {
        let text_box = text_box.clone();
        use_effect_with((props.text.clone(), code), move |(text, code)| {
            let text_box = text_box.cast::<HtmlTextAreaElement>().filter(|_| !code);
            let begun = begun.replace(text_box.is_some());
            match text_box {
                Some(text_box) if begun => editor::put_text(&text_box, text),
                Some(text_box) if text_box.value() != *text => text_box.set_value(text),
                _ => {}
            }
        });
    }
    let oninput =
        props.onchange.reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    let policy = props.answer.is_some();
    html! {
        <div class="editor" ref={props.node.clone()}>
            if !code {
                { props.children.clone() }
                <textarea
                    aria-label={props.label} ref={text_box} defaultvalue={props.text.clone()} rows={rows(props).to_string()}
                    wrap={if policy { "off" } else { "soft" }} spellcheck="false" autocomplete="off" autocapitalize="off"
                    placeholder={props.hint} aria-describedby={policy.then_some("policy-findings")}
                    {oninput} onscroll={props.onscroll.clone()}
                />
            }
            <div class="code" hidden={!code} ref={host} />
        </div>
    }
}

/// As many rows as are typed, within bounds that leave room for the answer; a policy's box fills its pane.
fn rows(props: &Props) -> usize {
    let lines = props.text.matches('\n').count() + 1;
    if props.answer.is_some() { 2 } else { lines.clamp(2, 10) }
}
