//! Events as text: the JSON line and the legacy line, byte for byte as the server writes them.

mod basic;
mod go_quote;
mod json_line;
mod legacy;
mod printable;

pub use basic::basic_lines;
pub use go_quote::go_quote;
pub(crate) use go_quote::go_time_quote;
pub use json_line::{Encoding, json_item, json_line};
pub use legacy::legacy_line;
