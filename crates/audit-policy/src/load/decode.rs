//! JSON → Go values, as `sigs.k8s.io/json` decodes: strict errors beside the result, the first type error in place of it.
//!
//! Where a JSON text has a field twice, the second is decoded on top of the first: items of lists keep what the new ones do not
//! set. Recursion is as deep as the types are, never as deep as the text.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::go_types::{GoType, Package, Struct};
use super::time::parse_time;
use crate::json::{Kind, Node};
use crate::text::go_quote;
use crate::{Release, Span};

/// A decoded Go value.
#[derive(Clone, Debug, Default)]
pub(super) enum GoValue {
    /// The zero value.
    #[default]
    Zero,
    Text(String),
    Bool(bool),
    /// A slice: that many of the items count, the others are left from before.
    List(Vec<GoValue>, usize),
    /// One for each field of the type.
    Struct(Vec<GoValue>),
}

impl GoValue {
    pub(super) fn field(&self, index: usize) -> &GoValue {
        const ZERO: &GoValue = &GoValue::Zero;
        match self {
            GoValue::Struct(fields) => fields.get(index).unwrap_or(ZERO),
            _ => ZERO,
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            GoValue::Text(text) => text,
            _ => "",
        }
    }

    pub(super) fn bool(&self) -> Option<bool> {
        match self {
            GoValue::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> &[GoValue] {
        match self {
            GoValue::List(items, length) => items.get(..*length).unwrap_or_default(),
            _ => &[],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum StrictKind {
    Unknown,
    Duplicate,
}

/// A field that strict decoding objects to.
#[derive(Clone, Debug)]
pub(super) struct StrictError {
    pub kind: StrictKind,
    /// Such as `rules[0].resources[1].foo`.
    pub path: String,
    /// Where the field's name is.
    pub key: Span,
    /// The struct that has no such field.
    pub of: &'static str,
}

impl StrictError {
    /// The server's words.
    pub(super) fn message(&self) -> String {
        let kind = match self.kind {
            StrictKind::Unknown => "unknown field",
            StrictKind::Duplicate => "duplicate field",
        };
        format!("{kind} {}", go_quote(self.path.as_bytes()))
    }
}

/// Why the text does not fit the type.
#[derive(Clone, Debug)]
pub(super) struct TypeError {
    /// The server's words.
    pub message: String,
    pub path: String,
    pub span: Span,
    /// What was there, in JSON's words.
    pub found: &'static str,
    pub wanted: GoType,
}

#[derive(Debug, Default)]
pub(super) struct Decoded {
    pub value: GoValue,
    pub strict: Vec<StrictError>,
    pub error: Option<TypeError>,
}

/// Go reports so many.
pub(super) const MAX_STRICT_ERRORS: usize = 100;

/// Decodes a value into a struct.
pub(super) fn decode(node: Node<'_>, of: &'static Struct, package: Package, release: Release) -> Decoded {
    let mut decoder = Decoder {
        package,
        release,
        path: String::new(),
        fields: Vec::new(),
        of: None,
        strict: Vec::new(),
        seen: HashSet::new(),
        error: None,
        fatal: false,
    };
    let mut value = GoValue::Zero;
    decoder.value(node, &GoType::Struct(of), &mut value);
    Decoded { value, strict: decoder.strict, error: decoder.error }
}

struct Decoder {
    package: Package,
    release: Release,
    /// Where the decoder is, for people.
    path: String,
    /// Where it is, as type errors say it.
    fields: Vec<&'static str>,
    of: Option<&'static Struct>,
    strict: Vec<StrictError>,
    seen: HashSet<(StrictKind, String)>,
    error: Option<TypeError>,
    /// Decoding has ended.
    fatal: bool,
}

impl Decoder {
    fn value(&mut self, node: Node<'_>, go_type: &GoType, into: &mut GoValue) {
        if let GoType::Time = go_type {
            return self.time(node);
        }
        match (node.kind(), go_type) {
            (_, GoType::Raw) => {}
            (Kind::Null, GoType::List(_) | GoType::TextMap | GoType::PointerToBool | GoType::PointerToInt64) => {
                *into = GoValue::Zero;
            }
            // Null leaves what is there.
            (Kind::Null, _) => {}
            (Kind::String(text), GoType::Text(_)) => *into = GoValue::Text(text.to_owned()),
            (Kind::Bool(value), GoType::Bool | GoType::PointerToBool) => *into = GoValue::Bool(value),
            (Kind::Number(spelling), GoType::Int64 | GoType::PointerToInt64) => {
                if spelling.parse::<i64>().is_err() {
                    self.type_error(node, "number", go_type, &format!("number {spelling}"));
                }
            }
            (Kind::Array, GoType::List(item)) => self.list(node, item, into),
            (Kind::Object, GoType::Struct(of)) => self.object(node, of, into),
            (Kind::Object, GoType::TextMap) => self.text_map(node),
            (kind, _) => {
                let found = json_kind(kind);
                self.type_error(node, found, go_type, found);
            }
        }
    }

    fn list(&mut self, node: Node<'_>, item: &GoType, into: &mut GoValue) {
        let mut items = match std::mem::take(into) {
            GoValue::List(items, _) => items,
            _ => Vec::new(),
        };
        let mut length = 0;
        let path = self.path.len();
        for child in node.items() {
            if length >= items.len() {
                items.push(GoValue::Zero);
            }
            let _ = write!(self.path, "[{length}]");
            if let Some(slot) = items.get_mut(length) {
                self.value(child, item, slot);
            }
            self.path.truncate(path);
            length += 1;
            if self.fatal {
                break;
            }
        }
        if length == 0 {
            items = Vec::new();
        }
        *into = GoValue::List(items, length);
    }

    fn object(&mut self, node: Node<'_>, of: &'static Struct, into: &mut GoValue) {
        let mut values = match std::mem::take(into) {
            GoValue::Struct(values) => values,
            _ => vec![GoValue::Zero; of.fields.len()],
        };
        let mut seen = 0_u64;
        let (path, fields, outer) = (self.path.len(), self.fields.len(), self.of);
        for (key, child) in node.members() {
            let name = key.as_str().unwrap_or_default();
            match of.field(name, self.release) {
                Some((index, field)) => {
                    if seen & (1 << index) != 0 {
                        self.strict_error(StrictKind::Duplicate, name, key, of);
                    }
                    seen |= 1 << index;
                    self.of = Some(of);
                    if !field.embedded.is_empty() {
                        self.fields.push(field.embedded);
                    }
                    self.fields.push(field.name);
                    if path > 0 {
                        self.path.push('.');
                    }
                    self.path.push_str(name);
                    if let Some(slot) = values.get_mut(index) {
                        self.value(child, &field.go_type, slot);
                    }
                    if self.fatal {
                        return;
                    }
                    self.path.truncate(path);
                    self.fields.truncate(fields);
                    self.of = outer;
                }
                None => self.strict_error(StrictKind::Unknown, name, key, of),
            }
        }
        *into = GoValue::Struct(values);
    }

    fn text_map(&mut self, node: Node<'_>) {
        let mut seen = HashSet::new();
        let path = self.path.len();
        for (key, child) in node.members() {
            let name = key.as_str().unwrap_or_default();
            if !seen.insert(name) {
                self.strict_error(StrictKind::Duplicate, name, key, &NO_STRUCT);
            }
            self.path.push('.');
            self.path.push_str(name);
            self.value(child, &GoType::Text("string"), &mut GoValue::Zero);
            self.path.truncate(path);
        }
    }

    /// A time reads itself, and its error ends everything.
    fn time(&mut self, node: Node<'_>) {
        match node.kind() {
            Kind::Null => {}
            Kind::String(text) => {
                if let Err(message) = parse_time(text) {
                    self.error = Some(self.error_at(node, message, "string", GoType::Time));
                    self.fatal = true;
                }
            }
            kind => {
                self.error = None;
                let found = json_kind(kind);
                self.type_error(node, found, &GoType::Text("string"), found);
                self.fatal = true;
            }
        }
    }

    fn strict_error(&mut self, kind: StrictKind, name: &str, key: Node<'_>, of: &'static Struct) {
        if self.strict.len() >= MAX_STRICT_ERRORS {
            return;
        }
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        if self.seen.insert((kind, path.clone())) {
            self.strict.push(StrictError { kind, path, key: key.span(), of: of.short_name() });
        }
    }

    fn type_error(&mut self, node: Node<'_>, found: &'static str, wanted: &GoType, shown: &str) {
        if self.error.is_some() {
            return;
        }
        let type_name = wanted.name(self.package);
        let message = match self.of {
            Some(of) => {
                let field = self.fields.join(".");
                format!(
                    "json: cannot unmarshal {shown} into Go struct field {}.{field} of type {type_name}",
                    of.short_name()
                )
            }
            None => format!("json: cannot unmarshal {shown} into Go value of type {type_name}"),
        };
        self.error = Some(self.error_at(node, message, found, *wanted));
    }

    fn error_at(&self, node: Node<'_>, message: String, found: &'static str, wanted: GoType) -> TypeError {
        TypeError { message, path: self.path.clone(), span: node.span(), found, wanted }
    }
}

/// Stands for a map's type.
static NO_STRUCT: Struct = Struct { name: "", fields: &[] };

/// JSON's kind of a value as type errors call it.
pub(super) fn json_kind(kind: Kind<'_>) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool(_) => "bool",
        Kind::Number(_) => "number",
        Kind::String(_) => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}
