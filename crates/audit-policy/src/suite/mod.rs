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
#[cfg(test)]
mod tests;

pub use example::Example;
pub use expect::{Checked, Expectation, Expected, Part, StageFate, check};
pub use lesson::{Check, Lesson};
