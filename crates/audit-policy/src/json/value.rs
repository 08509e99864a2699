//! JSON to be made and changed: what requests and scenario files are composed of.
//!
//! [`super::Document`] is for what was read. This is a tree, so what is put into it must not be deep.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::go_value::go_number;
use crate::{GoString, sort};

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Map),
}

/// The members of an object, in the order in which they were put there. A name is there once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(Vec<(String, Value)>);

impl Value {
    /// A number as Go's decoder and encoder leave it: see [`super::write_sorted`]. None where it is too large.
    pub fn number(spelling: &str) -> Option<Value> {
        go_number(spelling).map(Value::Number)
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether it is a string.
    pub fn is_string(&self) -> bool {
        matches!(self, Value::String(_))
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&Vec<Value>> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&Map> {
        if let Value::Object(members) = self { Some(members) } else { None }
    }

    /// The members, if it is an object.
    pub fn as_object_mut(&mut self) -> Option<&mut Map> {
        if let Value::Object(members) = self { Some(members) } else { None }
    }

    /// The member of this name, if it is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// The member of this name, if it is an object that has it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.as_object_mut()?.get_mut(name)
    }

    /// The value at `/members/and/0/indices` below this one. Names with `/` and `~` cannot be written.
    pub fn pointer(&self, path: &str) -> Option<&Value> {
        let mut value = self;
        for step in path.split('/').skip(1) {
            value = match value {
                Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
                _ => value.get(step)?,
            };
        }
        Some(value)
    }

    /// The same through objects only.
    pub fn pointer_mut(&mut self, path: &str) -> Option<&mut Value> {
        path.split('/').skip(1).try_fold(self, |value, step| value.get_mut(step))
    }
}

impl Map {
    /// No members.
    pub fn new() -> Map {
        Map::default()
    }

    /// Whether it has no members.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The member of this name.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The member of this name; where it is not there, it is put there with what `value` makes.
    pub fn entry(&mut self, name: &str, value: impl FnOnce() -> Value) -> &mut Value {
        let index = match self.0.iter().position(|(known, _)| known == name) {
            Some(index) => index,
            None => {
                self.0.push((name.to_owned(), value()));
                self.0.len() - 1
            }
        };
        // It is there: it was found or pushed.
        #[expect(clippy::indexing_slicing)]
        &mut self.0[index].1
    }

    /// Puts a member, at its place where the name is there already, else at the end. For many of them there is `extend`.
    pub fn put(&mut self, name: &str, value: &dyn ToValue) {
        *self.entry(name, || Value::Null) = value.to_value();
    }

    /// The same where there is a value.
    pub fn put_some<T: ToValue>(&mut self, name: &str, value: Option<T>) {
        if let Some(value) = value {
            self.put(name, &value);
        }
    }

    /// The same of a value that is one already.
    pub fn insert(&mut self, name: &str, value: Value) {
        *self.entry(name, || Value::Null) = value;
    }

    /// Takes a member away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// The members with their names, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The same with each value made another.
    pub fn map(mut self, make: impl Fn(Value) -> Value) -> Map {
        for (_, value) in &mut self.0 {
            *value = make(std::mem::take(value));
        }
        self
    }

    /// The same with the members sorted by name.
    pub fn sorted(mut self) -> Map {
        sort::sort_by(&mut self.0, |(left, _), (right, _)| left.cmp(right));
        self
    }
}

impl Extend<(String, Value)> for Map {
    fn extend<I: IntoIterator<Item = (String, Value)>>(&mut self, members: I) {
        self.0.extend(members);
        sort::unite(&mut self.0);
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Value {
        Value::Array(items.into_iter().collect())
    }
}

impl FromIterator<(String, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Map {
        let mut map = Map(members.into_iter().collect());
        sort::unite(&mut map.0);
        map
    }
}

impl IntoIterator for Map {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// On one line, without blanks, escaped no more than JSON must be.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        write(&mut out, self);
        f.write_str(&out)
    }
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(spelling) => out.push_str(spelling),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(out, name);
                out.push(':');
                write(out, value);
            }
            out.push('}');
        }
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        let letter = match character {
            '"' | '\\' => character,
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
                continue;
            }
            _ => {
                out.push(character);
                continue;
            }
        };
        out.push('\\');
        out.push(letter);
    }
    out.push('"');
}

/// What can be put into JSON.
pub trait ToValue {
    /// The JSON of it.
    fn to_value(&self) -> Value;
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl ToValue for Map {
    fn to_value(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::String(self.to_owned())
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        self.as_str().to_value()
    }
}

impl ToValue for GoString {
    fn to_value(&self) -> Value {
        Value::String(self.to_str_lossy().into_owned())
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl ToValue for i64 {
    fn to_value(&self) -> Value {
        Value::Number(self.to_string())
    }
}

impl ToValue for i32 {
    fn to_value(&self) -> Value {
        i64::from(*self).to_value()
    }
}

impl ToValue for u16 {
    fn to_value(&self) -> Value {
        i64::from(*self).to_value()
    }
}

impl ToValue for u64 {
    fn to_value(&self) -> Value {
        Value::Number(self.to_string())
    }
}

impl ToValue for usize {
    fn to_value(&self) -> Value {
        Value::Number(self.to_string())
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl ToValue for Cow<'_, str> {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

impl<T: ToValue> ToValue for [T] {
    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(T::to_value).collect())
    }
}

impl<T: ToValue, const N: usize> ToValue for [T; N] {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

impl<T: ToValue> ToValue for BTreeMap<String, T> {
    fn to_value(&self) -> Value {
        Value::Object(Map(self.iter().map(|(name, value)| (name.clone(), value.to_value())).collect()))
    }
}

/// JSON of a pattern that [`json!`](crate::json::json) made: JSON without escapes and colons, with a `$` for each value.
pub fn fill(pattern: &str, values: &[&dyn ToValue]) -> Value {
    let mut open: Vec<(Value, Option<String>)> = Vec::new();
    let mut name = None;
    let mut values = values.iter();
    let mut rest = pattern;
    loop {
        let length = match rest.bytes().next() {
            None => return Value::Null,
            Some(b'"') => rest.bytes().skip(1).position(|byte| byte == b'"').map_or(rest.len(), |end| end + 2),
            Some(b'{' | b'[' | b']' | b'}' | b'$' | b',') => 1,
            Some(_) => rest.bytes().position(|byte| b"{}[]$,\"".contains(&byte)).unwrap_or(rest.len()),
        };
        let (token, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = tail;
        let mut value = match token {
            "," => continue,
            "{" => {
                open.push((Value::Object(Map::new()), name.take()));
                continue;
            }
            "[" => {
                open.push((Value::Array(Vec::new()), name.take()));
                continue;
            }
            "}" | "]" => {
                let (value, own_name) = open.pop().unwrap_or_default();
                name = own_name;
                value
            }
            "$" => values.next().map_or(Value::Null, |value| value.to_value()),
            "null" => Value::Null,
            "true" | "false" => Value::Bool(token == "true"),
            _ => match token.strip_prefix('"') {
                Some(text) => Value::String(text.trim_end_matches('"').to_owned()),
                None => Value::Number(token.to_owned()),
            },
        };
        match open.last_mut() {
            None => return value,
            Some((Value::Array(items), _)) => items.push(value),
            Some((Value::Object(members), _)) => match (name.take(), &mut value) {
                (Some(name), _) => members.0.push((name, value)),
                (None, Value::String(text)) => name = Some(std::mem::take(text)),
                _ => {}
            },
            Some(_) => {}
        }
    }
}

/// JSON as it is written, with any expression as a value, and in parentheses as a name: `json!({"a": [1, b], (c): null})`.
///
/// Strings in it hold no escapes; a name must not stand there twice.
macro_rules! json {
    (@ done [$($pattern:tt)*] [$($value:tt)*]) => {
        $crate::json::fill(concat!($($pattern)*), &[$($value)*])
    };
    (@ $state:ident $pattern:tt $values:tt , $($rest:tt)*) => {
        $crate::json::json!(@ $state $pattern $values $($rest)*)
    };
    (@ $state:ident [$($pattern:tt)*] $values:tt @end($end:literal $back:ident) $($rest:tt)*) => {
        $crate::json::json!(@ $back [$($pattern)* $end,] $values $($rest)*)
    };
    (@ name [$($pattern:tt)*] $values:tt $name:literal : $($rest:tt)*) => {
        $crate::json::json!(@@ name [$($pattern)* stringify!($name),] $values $($rest)*)
    };
    (@ name [$($pattern:tt)*] [$($value:tt)*] ($name:expr) : $($rest:tt)*) => {
        $crate::json::json!(@@ name [$($pattern)* "$",] [$($value)* &$name,] $($rest)*)
    };
    (@ name [$($pattern:tt)*] [$($value:tt)*] $name:ident : $($rest:tt)*) => {
        $crate::json::json!(@@ name [$($pattern)* "$",] [$($value)* &$name,] $($rest)*)
    };
    (@ item $pattern:tt $values:tt $($rest:tt)*) => { $crate::json::json!(@@ item $pattern $values $($rest)*) };
    (@@ $next:ident [$($pattern:tt)*] $values:tt {$($inner:tt)*} $($rest:tt)*) => {
        $crate::json::json!(@ name [$($pattern)* "{",] $values $($inner)*, @end("}" $next) $($rest)*)
    };
    (@@ $next:ident [$($pattern:tt)*] $values:tt [$($inner:tt)*] $($rest:tt)*) => {
        $crate::json::json!(@ item [$($pattern)* "[",] $values $($inner)*, @end("]" $next) $($rest)*)
    };
    (@@ $next:ident [$($pattern:tt)*] $values:tt null, $($rest:tt)*) => {
        $crate::json::json!(@ $next [$($pattern)* "null,",] $values $($rest)*)
    };
    (@@ $next:ident [$($pattern:tt)*] $values:tt $text:literal, $($rest:tt)*) => {
        $crate::json::json!(@ $next [$($pattern)* stringify!($text), ",",] $values $($rest)*)
    };
    (@@ $next:ident [$($pattern:tt)*] [$($value:tt)*] $other:expr, $($rest:tt)*) => {
        $crate::json::json!(@ $next [$($pattern)* "$",] [$($value)* &$other,] $($rest)*)
    };
    ({$($inner:tt)*}) => { $crate::json::json!(@ name ["{",] [] $($inner)*, @end("}" done)) };
    ([$($inner:tt)*]) => { $crate::json::json!(@ item ["[",] [] $($inner)*, @end("]" done)) };
    ($value:expr) => { $crate::json::ToValue::to_value(&$value) };
}
pub(crate) use json;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_what_is_written() {
        let (name, count, none) = ("b\"\n\u{1}<é", 3_i64, None::<&str>);
        let list = vec!["x".to_owned(), "y".to_owned()];
        let value = json!({
            "a": name, (name): {"b": [1, {}, [], -2, "v1", null, {"c": true}], "d": json!([false])},
            "e": count + 1, "f": list, "g": none, "h": Some("i"), "j": {},
        });
        let expected = r#"{"a":"b\"\n\u0001<é","b\"\n\u0001<é":{"b":[1,{},[],-2,"v1",null,{"c":true}],"d":[false]},"e":4,"f":["x","y"],"g":null,"h":"i","j":{}}"#;
        assert_eq!(value.to_string(), expected);
        assert_eq!(json!([]).to_string(), "[]");
        assert_eq!(json!([count]).to_string(), "[3]");
        assert_eq!(json!(count).to_string(), "3");
    }

    #[test]
    fn names_are_there_once() {
        let pair = |(name, value): (&str, i64)| (name.to_owned(), json!(value));
        let map: Map = [("b", 1), ("a", 2), ("c", 3), ("b", 4), ("a", 5), ("b", 6)].into_iter().map(pair).collect();
        assert_eq!(Value::Object(map.clone()).to_string(), r#"{"b":6,"a":5,"c":3}"#);
        let mut map = map;
        map.extend([("c", 7), ("d", 8)].map(pair));
        map.put("b", &"x");
        map.put("e", &9_i64);
        map.remove("a");
        *map.entry("f", || json!({})) = json!(1);
        assert_eq!(Value::Object(map.clone()).to_string(), r#"{"b":"x","c":7,"d":8,"e":9,"f":1}"#);
        assert_eq!(map.sorted().iter().map(|(name, _)| name).collect::<String>(), "bcdef");
    }

    #[test]
    fn values_are_found_by_their_place() {
        let mut value = json!({"a": {"b": [{"c": "d"}]}});
        assert_eq!(value.pointer("/a/b/0/c").and_then(Value::as_str), Some("d"));
        assert_eq!(value.pointer("/a/b/1"), None);
        if let Some(found) = value.pointer_mut("/a/b") {
            *found = Value::Null;
        }
        assert_eq!(value.to_string(), r#"{"a":{"b":null}}"#);
    }
}
