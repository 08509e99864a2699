//! The tests of the whole project, and what they share: recorded vectors, and random questions to Kubernetes itself.

pub mod conform;
pub mod oracle;
pub mod speed;
