//! What is drawn, one component a file.

mod announce;
mod copy_button;
mod editor;
mod event_view;
mod facts;
mod field;
mod findings;
mod form;
mod gutter;
mod header;
mod icon;
mod level;
mod plain_toggle;
mod policy_pane;
mod reading;
mod request_pane;
mod rules;
mod stages;
mod tabs;
mod verdict;

pub use event_view::EventView;
pub use header::Header;
pub use policy_pane::{PolicyPane, select};
pub use reading::ReadingView;
pub use request_pane::RequestPane;
pub use rules::Rules;
pub use stages::Stages;
pub use tabs::{Tab, Tabs};
pub use verdict::{Verdict, stale_note};
