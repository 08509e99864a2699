//! The tests of the whole project, and what they share: running recorded vectors against the engine.

pub mod conform;
