//! Plain data → JavaScript values, as JSON.parse makes them: whole numbers over 2⁵³ are rounded, and `__proto__` is a name like any other.

use js_sys::{Array, Object, Reflect};
use serde_json::Value;
use wasm_bindgen::JsValue;

/// A value of the same content. (It nests as deep as serde_json reads: 128 levels and those of an answer.)
pub fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Bool(flag) => JsValue::from_bool(*flag),
        Value::Number(number) => JsValue::from_f64(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => JsValue::from_str(text),
        Value::Array(items) => items.iter().map(to_js).collect::<Array>().into(),
        Value::Object(members) => {
            let object = Object::new();
            for (name, value) in members {
                set(&object, name, &to_js(value));
            }
            object.into()
        }
    }
}

/// Sets a member of an object that nobody else has yet, which therefore always succeeds.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    if name == "__proto__" {
        let property = Object::new();
        for (name, value) in
            [("value", value), ("writable", &true.into()), ("enumerable", &true.into()), ("configurable", &true.into())]
        {
            let _ = Reflect::set(&property, &name.into(), value);
        }
        Object::define_property(object, &name.into(), &property);
    } else {
        let _ = Reflect::set(object, &name.into(), value);
    }
}
