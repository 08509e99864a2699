//! The tests of the whole project, and what they share: recorded vectors, what fuzzers run, and random questions to Kubernetes itself.

pub mod conform;
pub mod fuzz;
pub mod oracle;
pub mod receiver;
pub mod speed;
