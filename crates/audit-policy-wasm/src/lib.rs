//! The engine for JavaScript: plain values in, plain values out. `npm/audit-policy.d.ts` says what they are.
//!
//! What is expected to fail answers `{ok: false, error}`; what a program does wrong (a policy that is no string) throws a `TypeError`. Places
//! are in UTF-16 units, as JavaScript counts. [`ask`] asks the engine, and knows no JavaScript; [`from_js`] and [`to_js`] stand at the border.

pub mod ask;
mod from_js;
pub mod options;
mod to_js;
pub mod utf16;

use js_sys::TypeError;
use serde_json::Value;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::from_js::{files, plain, text};
use crate::options::{Options, Question};
use crate::to_js::to_js;

/// What every function returns, or throws.
type Returned = Result<JsValue, JsValue>;

/// The releases that can be asked, newest first.
#[wasm_bindgen]
pub fn releases() -> JsValue {
    to_js(&ask::releases())
}

/// Whether a policy loads, in the API server's words, and what is wrong with it.
///
/// # Errors
///
/// A `TypeError`, where an argument is none that the function takes.
#[wasm_bindgen]
pub fn check(policy: &JsValue, options: &JsValue) -> Returned {
    let policy = text(policy, "policy")?;
    Ok(answer(read_options(options)?.and_then(|options| ask::check(&policy, &options))))
}

/// What a text is read as: the requests that reach the server.
///
/// # Errors
///
/// As [`check`].
#[wasm_bindgen]
pub fn read(request: &JsValue, options: &JsValue) -> Returned {
    let request = text(request, "request")?;
    Ok(answer(read_options(options)?.and_then(|options| ask::read(&request, &options))))
}

/// Which rule each request matches, at which level, and why.
///
/// # Errors
///
/// As [`check`].
#[wasm_bindgen]
pub fn explain(policy: &JsValue, request: &JsValue, options: &JsValue) -> Returned {
    let question = question(policy, request)?;
    Ok(answer(read_options(options)?.and_then(|options| ask::explain(&question, &options))))
}

/// What is recorded of the request: each stage with its event, or why there is none.
///
/// # Errors
///
/// As [`check`].
#[wasm_bindgen]
pub fn record(policy: &JsValue, request: &JsValue, options: &JsValue) -> Returned {
    let question = question(policy, request)?;
    Ok(answer(read_options(options)?.and_then(|options| ask::record(&question, &options))))
}

/// The names of the files that a kubectl or curl command reads.
///
/// # Errors
///
/// As [`check`].
#[wasm_bindgen(js_name = filesNamed)]
pub fn files_named(request: &JsValue) -> Returned {
    Ok(to_js(&ask::files_named(&text(request, "request")?)))
}

/// A scenario as the fragment of a link.
///
/// # Errors
///
/// As [`check`].
#[wasm_bindgen(js_name = encodeLink)]
pub fn encode_link(scenario: &JsValue) -> Returned {
    Ok(answer(plain(scenario, "scenario")?.map_err(options::refused).and_then(|scenario| ask::encode_link(&scenario))))
}

/// The scenario that a link or its fragment holds.
///
/// # Errors
///
/// As [`check`].
#[wasm_bindgen(js_name = decodeLink)]
pub fn decode_link(link: &JsValue) -> Returned {
    Ok(answer(ask::decode_link(&text(link, "link")?)))
}

fn question(policy: &JsValue, request: &JsValue) -> Result<Question, JsValue> {
    let policy = if policy.is_null() || policy.is_undefined() { None } else { Some(text(policy, "policy")?) };
    Ok(Question { policy, request: text(request, "request")? })
}

/// Options from an object; the inner error is one for the caller to show.
fn read_options(value: &JsValue) -> Result<Result<Options, Value>, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(Ok(Options::default()));
    }
    let (files, stdin) = files(value)?;
    let plain = plain(value, "options")?;
    Ok(plain.map_err(options::refused).and_then(Options::read).map(|options| Options { files, stdin, ..options }))
}

/// `{ok: true, value}` or `{ok: false, error}`.
fn answer(result: Result<Value, Value>) -> JsValue {
    let (ok, key, value) = match &result {
        Ok(value) => (true, "value", value),
        Err(error) => (false, "error", error),
    };
    let object = js_sys::Object::new();
    to_js::set(&object, "ok", &JsValue::from_bool(ok));
    to_js::set(&object, key, &to_js(value));
    object.into()
}

/// What a program did wrong.
fn type_error(message: &str) -> JsValue {
    TypeError::new(message).into()
}

/// What JavaScript threw while it was asked, such as a getter's error.
fn thrown(error: JsValue) -> JsValue {
    if error.is_object() { error } else { JsError::new("a value could not be read").into() }
}
