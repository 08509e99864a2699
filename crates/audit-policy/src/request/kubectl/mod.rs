//! A kubectl command line → the requests that kubectl sends.

use super::{ReadOptions, Reading, Unreadable};

pub(super) fn read(_text: &[u8], _options: &ReadOptions) -> Result<Reading, Unreadable> {
    Err(Unreadable { format: None, findings: Vec::new() })
}
