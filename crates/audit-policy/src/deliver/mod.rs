//! Where events go: the log and webhook backends, in virtual time.
//!
//! A [`Load`] of requests, each with the events of its stages, meets the server's [`Options`] and the [`World`] it stands in; [`simulate()`] tells what each backend
//! wrote, when, what was lost, what the clients felt, and what limits. Nothing here waits, reads a clock or draws lots: what looks random begins
//! with a seed that is given. [`truncate()`] and [`Buffer`] are the server's own parts, and [`Post`] is what a receiver gets.
//!
//! ```
//! use audit_policy::Release;
//! use audit_policy::deliver::{Load, Options, Preset, Recipients, World, simulate};
//!
//! let event = br#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete",
//!     "requestURI":"/api/v1/pods","verb":"list","user":{"username":"alice"},
//!     "requestReceivedTimestamp":"2026-01-01T00:00:00.000000Z","stageTimestamp":"2026-01-01T00:00:00.000000Z"}"#;
//! let event = audit_policy::event::parse(event, Release::NEWEST).unwrap();
//! let options = Options::preset(Preset::ServerDefaults, Release::NEWEST);
//! let load = Load::of_events(&[event], &Recipients::new(&options, Release::NEWEST));
//! let delivery = simulate(Release::NEWEST, &options, &load, &World::default()).unwrap();
//!
//! // The log has it at once, the webhook when its batch has been collected.
//! assert_eq!(delivery.log.unwrap().totals.delay.max, 0.0);
//! assert_eq!(delivery.webhook.unwrap().totals.delay.max, 30_000.0);
//! ```

mod backend;
mod buffer;
mod busiest;
mod delivery;
mod duration;
mod forms;
mod limits;
mod list;
mod load;
mod notes;
mod options;
mod peer;
mod percentiles;
pub mod post;
mod random;
mod recipients;
mod rotation;
mod scenario;
mod series;
mod simulate;
mod slab;
#[cfg(test)]
mod tests;
mod token_bucket;
mod truncate;
mod typical;

pub use buffer::{Buffer, Offer, Ready};
pub use delivery::{BackendDelivery, BatchFate, Clients, Delivery, EventFate, Fate, MOST_FATES, ToSink, Totals};
pub use duration::Duration;
pub use forms::Forms;
pub use limits::{Limit, LimitKind, number};
pub use list::{NotAList, has_scenarios};
pub use load::{Arrival, Arrivals, Bursts, Generator, Load, MOST_EVENTS, Sized, Template};
pub use options::{
    Batch, Dynamic, LogBackend, LogFormat, Mode, Options, Preset, Rotation, SinkBackend, WebhookBackend,
};
pub use peer::{Outage, OutageKind, Peer, REQUEST_TIMEOUT};
pub use percentiles::Times;
pub use post::Post;
pub use recipients::Recipients;
pub use rotation::Files;
pub use series::{Bucket, MOST_BUCKETS, Series};
pub use simulate::{Refused, Simulation, TRIES, World, simulate};
pub use truncate::{Kept, TRUNCATED, Truncate, Truncation, plugin_error, size, truncate, truncation_error};
pub use typical::{Bodies, typical};
