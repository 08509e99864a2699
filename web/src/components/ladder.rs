//! The four levels: which one applies, and what the others would record.

use std::rc::Rc;

use audit_policy::levels::{Difference, Levels};
use audit_policy::recording::Fate;
use audit_policy::{Decision, Level};
use yew::prelude::*;

use super::level::{class, level_name};
use super::tabs::move_focus;
use crate::state::Action;
use crate::words::thousands;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub levels: Rc<Levels>,
    pub decision: Option<Decision>,
    /// The level that the event is compared with.
    pub compared: Level,
    pub dispatch: Callback<Action>,
}

/// The levels as radio buttons: choosing one changes what the event is compared with, and nothing else.
#[component]
pub fn Ladder(props: &Props) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (list, dispatch) = (list.clone(), props.dispatch.clone());
        move |event: KeyboardEvent| {
            if let Some(level) = move_focus(&list, &event).and_then(|index| Level::ALL.get(index)) {
                dispatch.emit(Action::Compare(*level));
            }
        }
    };
    html! {
        <div class="ladder" role="radiogroup" aria-label="Compare with level" ref={list} {onkeydown}>
            { for Level::ALL.into_iter().map(|level| rung(level, props)) }
        </div>
    }
}

fn rung(level: Level, props: &Props) -> Html {
    let (applied, checked) = (level == props.levels.applied, level == props.compared);
    let compared = checked && !applied;
    let onclick = props.dispatch.reform(move |_| Action::Compare(level));
    let state = [applied.then_some("on"), compared.then_some("cmp")];
    html! {
        <button
            class={classes!("rung", class(level), state[0], state[1])} role="radio" aria-checked={checked.to_string()}
            tabindex={if checked { "0" } else { "-1" }} {onclick}
        >
            { level_name(level) }<span class="says">{ says(level, compared, props) }</span>
            { for total(&props.levels, level).map(|total| html! { <span class="says">{ total }</span> }) }
        </button>
    }
}

fn says(level: Level, compared: bool, props: &Props) -> String {
    let compared = if compared { "compared, " } else { "" };
    if level == props.levels.applied {
        return match props.decision.and_then(|decision| decision.rule) {
            Some(rule) => format!("applied by rule {}", rule + 1),
            None => "no rule matched".to_owned(),
        };
    }
    let lost = props
        .levels
        .at(level)
        .is_some_and(|rung| rung.stages.iter().any(|stage| matches!(stage.record.fate, Fate::Lost { .. })));
    let difference = props.levels.difference(props.levels.applied, level);
    if level == Level::None {
        format!("{compared}no event")
    } else if lost {
        format!("{compared}an event is lost")
    } else {
        // An answer's body that is not given would be in the event of a higher level.
        let nothing = if level > props.levels.applied { "nothing known to add" } else { "the same fields" };
        format!("{compared}{}", more(difference).unwrap_or_else(|| nothing.to_owned()))
    }
}

/// `+1 field, 54 bytes`; none where the fields are the same.
fn more(difference: Difference) -> Option<String> {
    let Difference { events, fields, bytes } = difference;
    let (number, name) = if events == 0 { (fields, "field") } else { (events, "event") };
    if number == 0 {
        return None;
    }
    let (sign, plural) = (if number < 0 { "−" } else { "+" }, if number.unsigned_abs() == 1 { "" } else { "s" });
    Some(format!("{sign}{} {name}{plural}, {} bytes", number.unsigned_abs(), thousands(bytes.unsigned_abs())))
}

/// `1,500 bytes in all`: of every event that the level records; none where that is none.
fn total(levels: &Levels, level: Level) -> Option<String> {
    let total = levels.difference(Level::None, level);
    (total.events > 0).then(|| format!("{} bytes in all", thousands(total.bytes.unsigned_abs())))
}

/// The level that an event is compared with where none was chosen: the highest, or for an event of the highest the one below it.
pub fn compared_with(levels: &Levels, chosen: Option<Level>) -> Level {
    chosen.unwrap_or(match levels.applied {
        Level::None => Level::Metadata,
        Level::Metadata | Level::Request => Level::RequestResponse,
        Level::RequestResponse => Level::Request,
    })
}
