//! JavaScript values → plain data, with bounds: an object may hold itself, and a getter may throw.

use std::collections::BTreeMap;

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde_json::{Map, Value};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::{thrown, type_error};

/// How deep a value may nest.
const MOST_DEPTH: usize = 100;

/// How many values a value may hold.
const MOST_VALUES: usize = 200_000;

/// A string argument.
pub fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| type_error(&format!("{name} must be a string")))
}

/// An object argument as plain data. The inner error says what cannot be plain data.
pub fn plain(value: &JsValue, name: &str) -> Result<Result<Value, String>, JsValue> {
    if !value.is_object() || Array::is_array(value) || value.is_instance_of::<Uint8Array>() {
        return Err(type_error(&format!("{name} must be an object")));
    }
    let mut reader = Reader { values: 0 };
    match reader.read(value, name, 0) {
        Ok(value) => Ok(Ok(value)),
        Err(Trouble::Not(why)) => Ok(Err(why)),
        Err(Trouble::Thrown(error)) => Err(error),
    }
}

/// Bytes by name.
type Files = BTreeMap<String, Vec<u8>>;

/// The members `files` and `stdin` of the options: bytes by name, and bytes.
pub fn files(options: &JsValue) -> Result<(Files, Option<Vec<u8>>), JsValue> {
    let member = |name: &str| Reflect::get(options, &name.into()).map_err(thrown);
    let mut files = BTreeMap::new();
    let given = member("files")?;
    if let Some(given) = given.dyn_ref::<Object>() {
        for name in Object::keys(given).iter().filter_map(|name| name.as_string()) {
            let value = Reflect::get(given, &name.as_str().into()).map_err(thrown)?;
            files.insert(name, bytes(&value, "each of files")?);
        }
    } else if !given.is_undefined() && !given.is_null() {
        return Err(type_error("files must be an object"));
    }
    let stdin = member("stdin")?;
    let stdin = if stdin.is_undefined() || stdin.is_null() { None } else { Some(bytes(&stdin, "stdin")?) };
    Ok((files, stdin))
}

fn bytes(value: &JsValue, name: &str) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text.into_bytes());
    }
    let bytes = value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
    bytes.ok_or_else(|| type_error(&format!("{name} must be a string or a Uint8Array")))
}

enum Trouble {
    /// What is no plain data, in words.
    Not(String),
    /// What was thrown meanwhile.
    Thrown(JsValue),
}

struct Reader {
    values: usize,
}

impl Reader {
    fn read(&mut self, value: &JsValue, path: &str, depth: usize) -> Result<Value, Trouble> {
        self.values += 1;
        if depth > MOST_DEPTH || self.values > MOST_VALUES {
            return Err(Trouble::Not(format!("`{path}` nests too deep, holds too much, or holds itself")));
        }
        if value.is_null() || value.is_undefined() {
            Ok(Value::Null)
        } else if let Some(flag) = value.as_bool() {
            Ok(flag.into())
        } else if let Some(text) = value.as_string() {
            Ok(text.into())
        } else if let Some(number) = value.as_f64() {
            number_value(number).ok_or_else(|| Trouble::Not(format!("`{path}` is no number in JSON")))
        } else if Array::is_array(value) {
            let array = value.unchecked_ref::<Array>();
            let items = (0..array.length()).map(|index| self.read(&array.get(index), path, depth + 1));
            Ok(Value::Array(items.collect::<Result<_, _>>()?))
        } else if value.is_object() && !value.is_instance_of::<Uint8Array>() {
            self.object(value.unchecked_ref::<Object>(), path, depth)
        } else {
            Err(Trouble::Not(format!("`{path}` is no plain value: give a string, a number, a list or an object")))
        }
    }

    fn object(&mut self, object: &Object, path: &str, depth: usize) -> Result<Value, Trouble> {
        let mut members = Map::new();
        for name in Object::keys(object).iter().filter_map(|name| name.as_string()) {
            // They may be bytes, and are read by `files`.
            if depth == 0 && path == "options" && (name == "files" || name == "stdin") {
                continue;
            }
            let value = Reflect::get(object, &name.as_str().into()).map_err(|error| Trouble::Thrown(thrown(error)))?;
            if !value.is_undefined() {
                let value = self.read(&value, &name, depth + 1)?;
                members.insert(name, value);
            }
        }
        Ok(Value::Object(members))
    }
}

/// A number as JSON.stringify writes it: `200`, not `200.0`.
fn number_value(number: f64) -> Option<Value> {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    if number.fract() == 0.0 && number.abs() <= SAFE {
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number of 53 bits")]
        return Some(Value::from(number as i64));
    }
    serde_json::Number::from_f64(number).map(Value::Number)
}
