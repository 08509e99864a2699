//! What the request of a first visit is read as. The engine said it when the page was built (`build.rs`), so that the first answer does not
//! wait for what reads requests.

use std::collections::BTreeMap;

use audit_policy::event::UserInfo;
use audit_policy::exchange::{Authentication, HttpRequest, Impersonation, Objects, Outcome, Response, Times};
use audit_policy::request::{Assumption, Format, Reading, Request};
use audit_policy::{Exchange, GoString, Stage, Timestamp, to_map as map};

/// The request of a first visit.
pub const REQUEST: &str = include_str!("first-request.txt");

/// What it is read as, by the newest release and with nothing given.
pub fn reading() -> Reading {
    include!(concat!(env!("OUT_DIR"), "/first_reading.rs"))
}

#[inline(never)]
fn string(text: &str) -> String {
    text.to_owned()
}

#[inline(never)]
fn bytes(text: &str) -> GoString {
    text.into()
}

#[cfg(test)]
mod tests {
    use audit_policy::request::{ReadOptions, read};

    #[test]
    fn the_first_reading_is_the_engine_s() {
        assert_eq!(read(super::REQUEST.as_bytes(), &ReadOptions::default()), Ok(super::reading()));
    }
}
