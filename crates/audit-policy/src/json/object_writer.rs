//! Writes one JSON object, member by member.

use super::write_string;

/// A JSON object being written as Go's `encoding/json` writes a struct or a map.
#[derive(Debug)]
pub struct ObjectWriter {
    out: Vec<u8>,
}

impl Default for ObjectWriter {
    fn default() -> Self {
        ObjectWriter::new()
    }
}

impl ObjectWriter {
    /// An object without members.
    pub fn new() -> ObjectWriter {
        ObjectWriter { out: vec![b'{'] }
    }

    /// Adds a member whose value is JSON already.
    pub fn raw(&mut self, key: &str, value: &[u8]) {
        self.raw_key(key.as_bytes(), value);
    }

    /// Adds a member whose key may be any bytes and whose value is JSON already.
    pub fn raw_key(&mut self, key: &[u8], value: &[u8]) {
        if self.out.len() > 1 {
            self.out.push(b',');
        }
        write_string(&mut self.out, key);
        self.out.push(b':');
        self.out.extend_from_slice(value);
    }

    /// Adds a string.
    pub fn string(&mut self, key: &str, value: &[u8]) {
        self.raw_key(key.as_bytes(), b"");
        write_string(&mut self.out, value);
    }

    /// Adds a string that is left out where it is empty: Go's `omitempty`.
    pub fn string_unless_empty(&mut self, key: &str, value: &[u8]) {
        if !value.is_empty() {
            self.string(key, value);
        }
    }

    /// The object's text.
    pub fn end(mut self) -> Vec<u8> {
        self.out.push(b'}');
        self.out
    }
}
