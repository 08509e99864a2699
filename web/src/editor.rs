//! The way to the code editor, which is JavaScript (`web/js/editor`): texts and marks go in, what is typed comes out. All that crosses
//! is here and in its `Editor`; places cross as UTF-16 units.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use audit_policy::Span;
use audit_policy::assist::Completion;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::{AttrValue, Callback};

use crate::evaluate::Answer;
use crate::late::{complete, hover};
use crate::marks::{Marks, marks, mistyped, why};
use crate::place::Utf16;

#[wasm_bindgen(raw_module = "audit-policy-editor")]
extern "C" {
    /// Fetches the editor; an error where its file does not come.
    #[wasm_bindgen(catch, js_name = load)]
    async fn fetch() -> Result<JsValue, JsValue>;

    /// Puts a text into a plain text box, as a change that its undo knows.
    #[wasm_bindgen(js_name = put)]
    pub fn put_text(text_box: &HtmlTextAreaElement, text: &str);

    type JsEditor;

    #[wasm_bindgen]
    fn create(
        host: &HtmlElement,
        text_box: Option<&HtmlTextAreaElement>,
        label: &str,
        text: &str,
        hint: &str,
        policy: bool,
        changed: &Closure<dyn Fn(String)>,
        fix: &Closure<dyn Fn(u32)>,
        ask: &Closure<dyn Fn(u32, u32) -> Vec<JsValue>>,
    ) -> JsEditor;

    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &JsEditor, text: &str);

    #[wasm_bindgen(method, js_name = setLanguage)]
    fn set_language(this: &JsEditor, name: &str);

    #[wasm_bindgen(method, js_name = setMarks)]
    fn set_marks(this: &JsEditor, rules: &[u32], places: &[u32], texts: Vec<String>);

    /// The element that an editor is drawn in, which has these of it.
    type Host;

    #[wasm_bindgen(method, js_name = select)]
    fn select_units(this: &Host, from: u32, to: u32);

    #[wasm_bindgen(method, getter)]
    fn caret(this: &Host) -> u32;
}

/// What an editor's answers depend on: as it was drawn last.
#[derive(Clone)]
pub struct Now {
    /// The text that the page holds.
    pub text: AttrValue,
    /// What the engine says of it, where it is a policy.
    pub answer: Option<Rc<Answer>>,
    /// The words that are likely mistyped, where it is none.
    pub mistyped: Vec<Span>,
    /// The name of its language; see languages.js.
    pub language: &'static str,
    /// The text was changed to this.
    pub onchange: Callback<String>,
    /// The fix of this finding is wanted.
    pub onfix: Callback<usize>,
}

/// An editor that is drawn.
pub struct Editor {
    js: JsEditor,
    /// What it told and is not drawn with yet, oldest first; the last is what it holds.
    told: Rc<RefCell<VecDeque<AttrValue>>>,
    language: &'static str,
    marks: Option<Marks>,
    // JavaScript calls these for as long as the editor is there.
    _changed: Closure<dyn Fn(String)>,
    _fix: Closure<dyn Fn(u32)>,
    _ask: Closure<dyn Fn(u32, u32) -> Vec<JsValue>>,
}

/// Fetches the editor; `false` where its file does not come.
pub async fn load() -> bool {
    fetch().await.is_ok()
}

impl Editor {
    /// Puts an editor into `host` in place of a text box, with the text, caret and focus of that. After [`load`].
    pub fn new(
        host: &HtmlElement,
        text_box: Option<&HtmlTextAreaElement>,
        label: &str,
        hint: &str,
        now: &Rc<RefCell<Now>>,
    ) -> Editor {
        let start = now.borrow().clone();
        let held = text_box.map_or_else(|| start.text.clone(), |text_box| text_box.value().into());
        let told = Rc::new(RefCell::new(VecDeque::from([held])));
        let changed = {
            let (now, told) = (Rc::clone(now), Rc::clone(&told));
            Closure::new(move |text: String| {
                told.borrow_mut().push_back(AttrValue::from(text.clone()));
                let onchange = now.borrow().onchange.clone();
                onchange.emit(text);
            })
        };
        let fix = {
            let now = Rc::clone(now);
            Closure::new(move |shown: u32| {
                let now = now.borrow().clone();
                let finding =
                    now.answer.and_then(|answer| marks(&now.text, &answer).findings.get(shown as usize).copied());
                if let Some(finding) = finding {
                    now.onfix.emit(finding);
                }
            })
        };
        let ask = {
            let (now, told) = (Rc::clone(now), Rc::clone(&told));
            Closure::new(move |question: u32, number: u32| {
                let text = told.borrow().back().cloned().unwrap_or_default();
                let answer = now.borrow().answer.clone();
                answer.map(|answer| answer_to(question, number, &text, &answer)).unwrap_or_default()
            })
        };
        let policy = start.answer.is_some();
        let js = create(host, text_box, label, &start.text, hint, policy, &changed, &fix, &ask);
        Editor { js, told, language: "", marks: None, _changed: changed, _fix: fix, _ask: ask }
    }

    /// Shows what the page holds. What was typed here comes back from the page, maybe late, and is here already.
    pub fn follow(&mut self, now: &Now) {
        if self.language != now.language {
            self.language = now.language;
            self.js.set_language(now.language);
        }
        let told = self.told.borrow().iter().position(|told| *told == now.text);
        match told {
            Some(index) => drop(self.told.borrow_mut().drain(..index)),
            None => {
                *self.told.borrow_mut() = VecDeque::from([now.text.clone()]);
                self.js.set_text(&now.text);
            }
        }
        // Marks of an older text would be in the wrong places.
        let current = self.told.borrow().len() == 1;
        if current {
            let marks = now
                .answer
                .as_ref()
                .map_or_else(|| mistyped(&now.text, &now.mistyped), |answer| marks(&now.text, answer));
            if self.marks.as_ref() != Some(&marks) {
                self.js.set_marks(&marks.rules, &marks.places, marks.texts.clone());
                self.marks = Some(marks);
            }
        }
    }
}

/// Answers a question of the editor's; its numbers are those of editor.js.
fn answer_to(question: u32, number: u32, text: &str, answer: &Answer) -> Vec<JsValue> {
    let places = Utf16::of(text);
    let (at, release) = (places.offset(number), answer.loaded.release);
    let ends = |span: Span| [span.start, span.end].map(|offset| JsValue::from(places.units(offset)));
    let words = |word: &String| JsValue::from_str(word);
    match question {
        0 => {
            let Some(found) = complete(text, at, release) else { return Vec::new() };
            let item = |item: &Completion| [&item.label, &item.insert, &item.detail, &item.documentation].map(words);
            ends(found.span).into_iter().chain(found.items.iter().flat_map(item)).collect()
        }
        1 => {
            let Some(found) = hover(text, at, release) else { return Vec::new() };
            ends(found.span).into_iter().chain([words(&found.text)]).collect()
        }
        _ => why(answer, number as usize).iter().map(words).collect(),
    }
}

/// The editor in an element, where one is shown.
fn shown_in(element: &HtmlElement) -> Option<Host> {
    let host = element.query_selector(".code:not([hidden])").ok().flatten()?;
    Some(host.unchecked_into())
}

fn text_box_in(element: &HtmlElement) -> Option<HtmlTextAreaElement> {
    element.query_selector("textarea").ok().flatten()?.dyn_into().ok()
}

/// Selects a place in the editor or text box that is in an element, and goes there.
pub fn select(element: &HtmlElement, text: &str, span: Span) {
    let places = Utf16::of(text);
    let (start, end) = (places.units(span.start), places.units(span.end));
    if let Some(host) = shown_in(element) {
        host.select_units(start, end);
    } else if let Some(text_box) = text_box_in(element) {
        // Focus scrolls to the caret, so the caret goes first. A text box always takes a selection.
        let _ = text_box.set_selection_range(start, start);
        let _ = text_box.blur();
        let _ = text_box.focus();
        let _ = text_box.set_selection_range(start, end);
    }
}

/// Where the caret is in the editor or text box that is in an element, in bytes.
pub fn caret(element: &HtmlElement, text: &str) -> usize {
    let units = match shown_in(element) {
        Some(host) => host.caret(),
        None => text_box_in(element).and_then(|text_box| text_box.selection_start().ok().flatten()).unwrap_or_default(),
    };
    Utf16::of(text).offset(units)
}
