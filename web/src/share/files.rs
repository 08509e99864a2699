//! Files: picked or dropped ones are read and opened, a scenario is downloaded. Nothing in a file runs, and no name is more than text.

use audit_policy::open::{Opened, Wrapped, open};
use audit_policy::request::Given;
use audit_policy::request::scenario::Scenario;
use gloo::events::EventListener;
use gloo::utils::document;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, HtmlAnchorElement, HtmlInputElement, Url};
use yew::platform::spawn_local;

use super::notice::Notice;
use crate::state::Pane;

/// Larger files are not read.
const MOST_BYTES: f64 = 16.0 * 1024.0 * 1024.0;

/// What comes of a file.
#[derive(Debug, PartialEq)]
pub enum Opening {
    /// This is opened, and this said.
    Open(Box<Scenario>, Notice),
    /// Nothing is opened, or something is to be chosen first.
    Tell(Notice),
}

/// What a file's bytes do to what is typed, and where that is seen.
pub fn opening(bytes: &[u8], name: &str, present: &Scenario) -> (Pane, Opening) {
    const UNDO: &str = "going back in the browser brings back what was here";
    let name: String = name.chars().filter(|character| !character.is_control() && *character != '`').take(80).collect();
    let with_policy = |policy: String| Scenario { policy: Some(policy), ..present.clone() };
    let from = |wrapped: &Wrapped| format!("policy found {} of `{name}`", wrapped.found.replace('`', "'"));
    match open(bytes, &name) {
        Opened::Policy(policy) => {
            let note = Notice::note(format!("`{name}` is the policy now"), UNDO);
            (Pane::Policy, Opening::Open(Box::new(with_policy(policy)), note))
        }
        Opened::Wrapped(found) => {
            let number = found.len();
            let mut choices: Vec<_> =
                found.into_iter().map(|wrapped| (from(&wrapped), with_policy(wrapped.policy))).collect();
            let opening = match choices.pop() {
                Some((text, scenario)) if number == 1 => Opening::Open(Box::new(scenario), Notice::note(text, UNDO)),
                last => {
                    choices.extend(last);
                    let note = Notice::note(format!("`{name}` holds {number} policies"), "choose one");
                    Opening::Tell(Notice { choices, ..note })
                }
            };
            (Pane::Policy, opening)
        }
        Opened::Scenario(scenario) => {
            // A scenario without a policy is a request, to the policy that is here.
            let policy = scenario.policy.clone().or_else(|| present.policy.clone());
            let note = Notice::note(format!("the scenario `{name}` is open now"), UNDO);
            (Pane::Result, Opening::Open(Box::new(Scenario { policy, ..*scenario }), note))
        }
        Opened::Request { text, cut } => {
            let text_now = match cut {
                true => format!("the first lines of the log `{name}` are the request now"),
                false => format!("`{name}` is the request now"),
            };
            let scenario =
                Scenario { request: text, format: None, pick: None, given: Given::default(), ..present.clone() };
            (Pane::Request, Opening::Open(Box::new(scenario), Notice::note(text_now, UNDO)))
        }
        Opened::Unknown(finding) => {
            let notice = Notice::of(finding);
            let text = format!("`{name}`: {}", notice.text);
            (Pane::Result, Opening::Tell(Notice { text, ..notice }))
        }
    }
}

/// Reads a file, and says what it holds or why it cannot be read.
pub fn read(file: File, then: impl FnOnce(&str, Result<Vec<u8>, Notice>) + 'static) {
    let name = file.name();
    if file.size() > MOST_BYTES {
        let text = format!("`{}` has more than 16 MB, which is more than is opened here", name.replace('`', "'"));
        return then(&name, Err(Notice::alert(&text, "take the part of it that matters")));
    }
    spawn_local(async move {
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => then(&name, Ok(js_sys::Uint8Array::new(&buffer).to_vec())),
            Err(_) => {
                let text = format!("`{}` cannot be read", name.replace('`', "'"));
                then(&name, Err(Notice::alert(&text, "open a file, not a folder, that you may read")));
            }
        }
    });
}

/// Lets a person pick a file.
pub fn pick(then: impl FnOnce(File) + 'static) {
    let input = document().create_element("input").ok().and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    input.set_type("file");
    let picked = input.clone();
    let listener = EventListener::once(&input, "change", move |_| {
        if let Some(file) = picked.files().and_then(|files| files.get(0)) {
            then(file);
        }
    });
    listener.forget();
    input.click();
}

/// Downloads a text as a file.
pub fn download(name: &str, text: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_str_sequence(&js_sys::Array::of1(&JsValue::from_str(text)))?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has begun with the click, and has its own hold of the bytes.
    gloo::timers::callback::Timeout::new(10_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n";

    fn present() -> Scenario {
        Scenario { policy: Some("old".to_owned()), request: "old".to_owned(), pick: Some(1), ..Scenario::default() }
    }

    fn opened(text: &str) -> (Pane, Scenario, String) {
        match opening(text.as_bytes(), "a`b.yaml", &present()) {
            (pane, Opening::Open(scenario, notice)) => (pane, *scenario, notice.text),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn files_take_the_place_of_what_they_are() {
        let policy = Scenario { policy: Some(POLICY.to_owned()), ..present() };
        assert_eq!(opened(POLICY), (Pane::Policy, policy.clone(), "`ab.yaml` is the policy now".to_owned()));
        let map = format!(
            "kind: ConfigMap\nmetadata: {{name: m}}\ndata:\n  p: |\n    {}\n",
            POLICY.trim_end().replace('\n', "\n    ")
        );
        assert_eq!(opened(&map), (Pane::Policy, policy, "policy found in ConfigMap m, key p of `ab.yaml`".to_owned()));
        let request = Scenario { request: "GET /".to_owned(), pick: None, ..present() };
        assert_eq!(opened("GET /"), (Pane::Request, request.clone(), "`ab.yaml` is the request now".to_owned()));
        let text = "the scenario `ab.yaml` is open now".to_owned();
        assert_eq!(opened("version: 1\nrequest: GET /\n"), (Pane::Result, request, text));
        let two = format!("{map}---\n{map}");
        let (_, Opening::Tell(notice)) = opening(two.as_bytes(), "a", &present()) else { panic!() };
        assert_eq!((notice.alert, notice.choices.len()), (false, 2));
        let (_, Opening::Tell(notice)) = opening(b"\0", "a", &present()) else { panic!() };
        assert_eq!((notice.alert, notice.text.as_str()), (true, "`a`: this is no text file"));
    }
}
