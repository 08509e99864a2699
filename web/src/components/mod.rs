//! What is drawn, one component a file.

mod announce;
mod copy_button;
mod editor;
mod event_member;
mod event_view;
mod events_pane;
mod facts;
mod field;
mod findings;
mod form;
mod gutter;
mod header;
mod icon;
mod ladder;
mod level;
mod plain_toggle;
mod policy_pane;
mod reading;
mod request_pane;
mod rule_item;
mod rules;
mod stages;
mod tabs;
mod verdict;

pub use events_pane::events_pane;
pub use header::Header;
pub use policy_pane::{PolicyPane, select};
pub use reading::ReadingView;
pub use request_pane::RequestPane;
pub use rules::Rules;
pub use tabs::{Tab, Tabs};
pub use verdict::{Verdict, stale_note, thousands};
