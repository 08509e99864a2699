//! Events as text: the JSON line and the legacy line, byte for byte as the server writes them.

use crate::{Event, Release};

/// The JSON line of the log backend, without the newline.
pub fn json_line(_event: &Event) -> Vec<u8> {
    Vec::new()
}

/// The line of the legacy format, without the newline.
pub fn legacy_line(_event: &Event, _release: Release) -> String {
    String::new()
}
