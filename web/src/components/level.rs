//! A level: its meter and its name.

use audit_policy::Level;
use yew::prelude::*;

use super::icon::symbol;

/// A level's name with as many bars as it has predecessors.
pub fn level_name(level: Level) -> Html {
    let meter = match level {
        Level::None => "m0",
        Level::Metadata => "m1",
        Level::Request => "m2",
        Level::RequestResponse => "m3",
    };
    html! { <span class={classes!("lv", class(level))}>{ symbol(meter) }{ level.as_str() }</span> }
}

/// The style that goes with a level.
pub fn class(level: Level) -> &'static str {
    match level {
        Level::None => "none",
        Level::Metadata => "meta",
        Level::Request => "req",
        Level::RequestResponse => "rr",
    }
}
