//! What kube-apiserver writes to its audit log for a request under an audit policy, at which stage, and why.
//!
//! Data flows one way, and everything between the steps is plain data:
//!
//! ```text
//! policy text ──load──► Policy ──────┐
//!                                    ├─decide──► Decision ──┐
//! request text ─read──► Exchange ────┤                      ├─record──► Recording ──text──► lines
//!                                    └─explain─► Trace ─────┘              └──deliver──► Delivery
//! ```
//!
//! Nothing here reads a clock, a file, the environment or a random source: times, ids and the Kubernetes release come in as
//! arguments, and any bytes that come in get an answer or an error, never a panic.

pub mod assist;
pub mod decide;
pub mod deliver;
pub mod diagnostic;
pub mod event;
pub mod exchange;
pub mod explain;
pub mod exposure;
pub mod flags;
mod float;
pub mod go_base64;
mod go_string;
pub mod json;
pub mod kinds;
pub mod levels;
pub mod link;
pub mod load;
pub mod loaded;
mod near;
pub mod nearest;
pub mod open;
pub mod outline;
pub mod policy;
pub mod record;
pub mod recording;
pub mod release;
pub mod request;
mod shell_word;
pub mod sink;
mod sort;
pub mod stage_set;
pub mod suite;
pub mod text;
pub mod timestamp;

pub use decide::{Attributes, CompiledPolicy, Decision, decide};
pub use diagnostic::{Diagnostic, Edit, Fix, Severity, Span};
pub use event::Event;
pub use exchange::Exchange;
pub use explain::{Trace, explain, explain_rule};
pub use go_string::GoString;
pub use levels::{Levels, levels};
pub use load::{add_rule, load, load_again};
pub use loaded::Loaded;
pub use nearest::{Nearest, nearest};
pub use outline::{Outline, outline};
pub use policy::{GroupResources, Level, Policy, Rule, Stage};
pub use record::record;
pub use recording::Recording;
pub use release::Release;
#[doc(hidden)] // For the page, which has one copy of what it shares with the engine.
pub use sort::map as to_map;
pub use stage_set::StageSet;
pub use timestamp::Timestamp;
