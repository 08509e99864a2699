//! A request and what is known besides → a whole exchange: what is not known is assumed, and said.

use crate::exchange::HttpRequest;
use crate::{Exchange, Release};

use super::{Assumption, Given};

/// Makes an exchange of a request: what is given goes first, then what the request says, then defaults, each of which is told.
pub(super) fn assume(_request: HttpRequest, _given: &Given, _release: Release) -> (Exchange, Vec<Assumption>) {
    unimplemented!()
}
