//! JSON as Go reads and writes it.
//!
//! kube-apiserver's reader is `encoding/json` (and its fork `sigs.k8s.io/json`): its error texts, its depth limit, its way with
//! duplicate keys, invalid UTF-8 and lone surrogates are all visible in what it answers and logs. A [`Document`] keeps what Go's
//! decoder may look at and most readers lose: the order of members, duplicates, the spelling of numbers, and where each value is.

mod document;
mod encode;
mod go_value;
mod members;
mod object_writer;
mod parse;
mod value;

use serde::{Serialize, Serializer};

pub use document::{Builder, Document, Kind, Node};
pub use encode::{compact, write_node, write_string};
pub(crate) use go_value::plain;
pub use go_value::{go_float, write_sorted, write_sorted_as_spelt};
pub use members::members;
pub use object_writer::ObjectWriter;
pub(crate) use parse::replace_invalid;
pub use parse::{SyntaxError, parse};
pub(crate) use value::json;
pub use value::{Map, ToValue, Value, fill};

/// Go's limit on nesting.
pub const MAX_DEPTH: usize = 10_000;

/// Compact JSON text, as it stands in an event. Bytes, since kube-apiserver logs a patch as it was sent, even where it is not UTF-8.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct JsonText(Vec<u8>);

impl JsonText {
    /// Takes text that is compact JSON already.
    pub fn from_compact(bytes: Vec<u8>) -> JsonText {
        JsonText(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for JsonText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// As the value it is; as a string where it is nested too deeply for that, or not UTF-8.
impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_slice::<serde_json::Value>(&self.0) {
            Ok(value) => value.serialize(serializer),
            Err(_) => serializer.serialize_str(&String::from_utf8_lossy(&self.0)),
        }
    }
}
