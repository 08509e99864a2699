//! What is expected of a policy, and whether it holds: expectations, and the lessons and examples that are made of them.
//!
//! ```text
//! expectation ─┐
//!              ├─check──► Checked: each thing that is expected, whether it holds, and what came in its place
//! scenario ────┘
//! ```

mod example;
mod expect;
mod lesson;
mod read;
mod sending;
#[cfg(test)]
mod tests;
mod value;

pub use example::Example;
pub use expect::{Checked, Expectation, Expected, Part, StageFate, check, check_policy};
pub use lesson::{Check, Lesson};
pub use sending::{Amount, Counted, SendingExpectation};
