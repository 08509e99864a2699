//! Where events go: the log and webhook backends, in virtual time.
//!
//! A delivery is simulated event by event as the server would do it: [`truncate()`] cuts what is too large, a [`Buffer`] collects batches and waits for
//! tokens. Nothing here waits, reads a clock or draws lots.

mod buffer;
mod duration;
mod options;
mod token_bucket;
mod truncate;

pub use buffer::{Buffer, Offer, Ready};
pub use duration::Duration;
pub use options::{Batch, LogBackend, LogFormat, Mode, Options, Preset, Rotation, WebhookBackend};
pub use truncate::{Kept, TRUNCATED, Truncate, Truncation, plugin_error, size, truncate, truncation_error};
