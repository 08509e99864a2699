//! A level: its meter and its name.

use audit_policy::Level;
use yew::prelude::*;

use super::icon::Icon;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub level: Level,
    #[prop_or_default]
    pub class: Classes,
}

/// A level's name with as many bars as it has predecessors.
#[component]
pub fn LevelName(props: &Props) -> Html {
    let meter = match props.level {
        Level::None => "m0",
        Level::Metadata => "m1",
        Level::Request => "m2",
        Level::RequestResponse => "m3",
    };
    html! { <span class={classes!("lv", class(props.level), props.class.clone())}><Icon name={meter} />{ props.level.as_str() }</span> }
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
