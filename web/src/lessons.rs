//! The lessons and examples: JavaScript draws them (`web/js/lessons`, fetched when one is opened), and asks the engine by [`answer`].

use std::cell::RefCell;
use std::rc::Rc;

use audit_policy::json::{Map, Value};
use audit_policy::link;
use audit_policy::request::Unreadable;
use audit_policy::request::scenario::Scenario;
use audit_policy::suite::{Check, Example, Lesson};
use gloo::events::EventListener;
use gloo::utils::{document, document_element, window};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::late;
use crate::place::line_and_column;
use crate::share::{Notice, Sharer, fragment, in_lesson};
use crate::state::State;
use crate::told;

#[wasm_bindgen(raw_module = "audit-policy-lessons")]
extern "C" {
    /// Fetches what draws lessons and examples; an error where its file does not come.
    #[wasm_bindgen(catch, js_name = load)]
    async fn fetch(host: &HtmlElement, ask: &JsValue) -> Result<JsValue, JsValue>;

    /// The address is another: opens what it names.
    fn address(fragment: &str);

    /// What is typed is another. What goes wrong there does not stop the page.
    #[wasm_bindgen(catch)]
    fn changed() -> Result<(), JsValue>;

    /// Shows where events go, as a new entry in the history or not.
    fn delivery(enter: bool);

    /// Fills the menu of the examples.
    #[wasm_bindgen(catch)]
    fn examples(list: &HtmlElement) -> Result<(), JsValue>;
}

thread_local! {
    /// What JavaScript asks with, once there is a page; it is there for good.
    static ASK: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    /// The lesson that is open.
    static OPEN: RefCell<Option<Lesson>> = const { RefCell::new(None) };
}

/// Opens what the address names, and tells of what is typed.
#[hook]
pub fn use_lessons(state: &State, sharer: &Rc<Sharer>) {
    {
        let sharer = Rc::clone(sharer);
        use_effect_with((), move |()| {
            let asked = Rc::clone(&sharer);
            let ask = Closure::<dyn Fn(String, String) -> String>::new(move |what: String, of: String| {
                late::lessons(&asked, &what, &of)
            });
            ASK.set(Some(ask.into_js_value()));
            let go = move || {
                let fragment = fragment();
                if in_lesson()
                    || fragment.starts_with("example/")
                    || document_element().has_attribute("data-embed")
                    || asks_for_delivery()
                {
                    let sharer = Rc::clone(&sharer);
                    load(move |came| match came {
                        true => address(&fragment),
                        false => sharer.tell.emit(Some(Notice::alert(
                            "the lessons and examples did not load",
                            "open it again when the network is back",
                        ))),
                    });
                }
            };
            go();
            let listener = EventListener::new(&window(), "hashchange", move |_| go());
            move || drop(listener)
        });
    }
    use_effect_with((state.inputs.clone(), state.opened), |_| drop(changed()));
}

/// Whether the address is that of the Delivery view.
fn asks_for_delivery() -> bool {
    window().location().search().is_ok_and(|query| query.contains("view=delivery"))
}

/// Shows where events go.
pub fn show_delivery() {
    load(|came| {
        if came {
            delivery(true);
        }
    });
}

/// Fetches what draws and the part of the wasm that answers it, and tells whether both came.
fn load(then: impl FnOnce(bool) + 'static) {
    late::fetch_then(move |came| spawn_local(async move { then(came && fetched().await) }));
}

async fn fetched() -> bool {
    let host = document().get_element_by_id("lesson").and_then(|host| host.dyn_into::<HtmlElement>().ok());
    let ask = ASK.with_borrow(Clone::clone);
    match (host, ask) {
        (Some(host), Some(ask)) => fetch(&host, &ask).await.is_ok(),
        _ => false,
    }
}

/// Fills the menu of the examples.
pub fn fill_examples(list: HtmlElement) {
    load(move |came| match came {
        true => drop(examples(&list)),
        false => {
            list.set_text_content(Some("The examples did not load. Open the menu again when the network is back."))
        }
    });
}

/// Whether a file is a lesson, or was meant to be one: nothing else that is opened has these keys.
pub fn is_lesson(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let has = |key: &str| text.lines().any(|line| line.trim_start_matches(['{', ' ', '"']).starts_with(key));
    has("checks") && has("solution") && has("start")
}

/// Opens a file that is a lesson: its address carries it whole.
pub fn open_file(bytes: &[u8], name: &str, sharer: &Sharer) {
    let told = match Lesson::parse(bytes) {
        Ok(_) => match link::pack(bytes) {
            Some(fragment) => {
                let _ = window().location().set_hash(&format!("lesson/{fragment}"));
                return;
            }
            None => Notice::alert("this lesson is larger than 1 MiB", "make its texts shorter"),
        },
        Err(unreadable) => {
            let text = String::from_utf8_lossy(bytes);
            match unreadable.findings.into_iter().next() {
                Some(finding) => {
                    let (line, column) = line_and_column(&text, finding.span.map_or(0, |span| span.start));
                    let notice = Notice::of(finding);
                    let name = name.replace('`', "'");
                    Notice { text: format!("`{name}`, line {line}, column {column}: {}", notice.text), ..notice }
                }
                None => return,
            }
        }
    };
    sharer.tell.emit(Some(told));
}

/// Answers JavaScript: texts, or JSON, go in and come out.
pub fn answer(sharer: &Rc<Sharer>, what: &str, of: &str) -> String {
    match what {
        "example" => Example::parse(of.as_bytes()).map_or_else(|wrong| refusal(&wrong, of), |read| example(&read)),
        "title" => Lesson::parse(of.as_bytes()).map(|lesson| lesson.title).unwrap_or_default(),
        "read" => Lesson::parse(of.as_bytes()).map_or_else(|wrong| refusal(&wrong, of), |read| lesson(&read)),
        "begin" => {
            OPEN.set(Lesson::parse(of.as_bytes()).ok());
            String::new()
        }
        "check" => OPEN.with_borrow(|open| {
            let typed = sharer.scenario();
            let checked =
                open.iter().flat_map(|lesson| &lesson.checks).map(|check| check.ask_policy(&typed).to_value());
            Value::Array(checked.collect()).to_string()
        }),
        "typed" => sharer.scenario().to_json(),
        "link" => sharer.fragment().unwrap_or_default(),
        "answer" => sharer.answer(|answer| told::answer(answer).to_string()),
        "sending" => {
            if let Ok(scenario) = Scenario::parse(of.as_bytes()) {
                sharer.send(scenario.sending);
            }
            String::new()
        }
        "open" => {
            if let Ok(scenario) = Scenario::parse(of.as_bytes()) {
                sharer.open_here(scenario);
            }
            String::new()
        }
        "request" => {
            let check = |check: &Check| sharer.open_here(check.scenario(&sharer.scenario()));
            let index = of.parse().unwrap_or(usize::MAX);
            let found = OPEN.with_borrow(|open| open.as_ref().and_then(|lesson| lesson.checks.get(index)).cloned());
            found.iter().for_each(check);
            String::new()
        }
        "leave" => {
            OPEN.set(None);
            if !of.is_empty() {
                sharer.leave_lesson();
            }
            String::new()
        }
        "note" => {
            let (text, help) = of.split_once('\n').unwrap_or((of, ""));
            sharer.tell.emit(Some(Notice::note(text.to_owned(), help)));
            String::new()
        }
        "alert" => {
            let (text, help) = of.split_once('\n').unwrap_or((of, ""));
            sharer.tell.emit(Some(Notice::alert(text, help)));
            String::new()
        }
        "unpack" => match link::unpack(of) {
            Ok(bytes) => String::from_utf8(bytes).unwrap_or_default(),
            Err(unreadable) => {
                sharer.tell.emit(unreadable.findings.into_iter().next().map(Notice::of));
                String::new()
            }
        },
        _ => String::new(),
    }
}

/// What is wrong with a file, first thing first.
fn refusal(unreadable: &Unreadable, text: &str) -> String {
    let mut members = Map::new();
    if let Some(finding) = unreadable.findings.first() {
        let (line, column) = line_and_column(text, finding.span.map_or(0, |span| span.start));
        members.put("error", &format!("line {line}, column {column}: {}", finding.message));
        members.put("help", &finding.help.as_deref().unwrap_or_default());
    }
    Value::Object(members).to_string()
}

fn example(example: &Example) -> String {
    let mut members = Map::new();
    members.put("title", &example.title);
    members.put("text", &example.text);
    members.put("teaches", &example.teaches);
    members.put("scenario", &example.scenario.to_json());
    Value::Object(members).to_string()
}

fn lesson(lesson: &Lesson) -> String {
    let mut members = Map::new();
    members.put("title", &lesson.title);
    members.put("text", &lesson.text);
    members.put("start", &lesson.start.to_json());
    members.put("policy", &lesson.start.policy.as_deref().unwrap_or_default());
    members.put("hints", &lesson.hints);
    members.put("solution", &lesson.solution.to_json());
    let check = |check: &Check| {
        let mut members = Map::new();
        members.put("text", &check.text);
        members.put("sends", &check.sends());
        members.put("request", &check.request.as_ref().map(|request| request.request.as_str()));
        Value::Object(members)
    };
    members.insert("checks", Value::Array(lesson.checks.iter().map(check).collect()));
    Value::Object(members).to_string()
}
