//! One recorded event, as the log has it, beside what another level would record.

use std::rc::Rc;

use audit_policy::exposure::Exposure;
use audit_policy::json::members;
use audit_policy::levels::{Levels, RungStage};
use audit_policy::recording::Fate;
use audit_policy::{Level, Span, Stage};
use yew::prelude::*;

use super::event_member::{EventMember, Mark};
use super::icon::symbol;
use crate::pretty;
use crate::state::View;
use crate::words::thousands;

/// So many bytes of a member are drawn at the most, and so many of one that is longer than can be laid out.
const DRAWN: usize = 2_000;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What each level would record; none where the rules are not asked.
    pub levels: Option<Rc<Levels>>,
    /// The stage that is shown; none where nothing is recorded.
    pub shown: Option<Stage>,
    pub view: View,
    /// The rule that decided.
    pub rule: Option<usize>,
    /// The level that the event is compared with.
    pub compared: Level,
    pub exposures: Vec<Exposure>,
    /// What to know about the recording.
    pub notes: Vec<String>,
}

/// The event of the shown stage.
#[component]
pub fn EventView(props: &Props) -> Html {
    let pair = props.levels.as_deref().map(|levels| Pair::new(levels, props.shown, props.compared)).unwrap_or_default();
    let body = match (&pair.recorded, props.view) {
        (Some(record), View::Line) => exact(record.line),
        (Some(record), View::Legacy) => exact(record.legacy),
        (Some(_), View::Pretty) | (None, _) => laid_out(&pair, props.rule),
    };
    let is_pretty = props.view == View::Pretty || pair.recorded.is_none();
    let summary = pair.summary().filter(|_| is_pretty);
    let approximate = pair.recorded.as_ref().is_some_and(|record| record.approximate);
    let (class, nothing) = if pair.recorded.is_none() { ("scroll json nothing", true) } else { ("scroll json", false) };
    html! {
        <>
            <section {class} aria-label="Event" tabindex="0" aria-describedby={summary.as_ref().map(|_| "event-compared")}>
                if nothing {
                    <p class="pad soft">{ "Nothing is recorded of this request." }</p>
                }
                { body }
            </section>
            <div class="pf ef">
                if let Some(summary) = &summary {
                    <span id="event-compared"><span class="sr">{ summary.full.clone() }</span><span aria-hidden="true">{ summary.short.clone() }</span></span>
                }
                <span class="grow" />
                { for warning(props).map(|said| html! { <strong class="warns">{ symbol("i-warn") }{ said }</strong> }) }
            </div>
            if approximate {
                <p class="pf">{ "requestObject is made from what was sent: the API server also fills in defaults." }</p>
            }
            { notes(&props.notes) }
        </>
    }
}

/// What the log has of a secret, or would have.
fn warning(props: &Props) -> Option<String> {
    let applied = props.levels.as_ref()?.applied;
    let here = props.exposures.iter().rfind(|exposure| exposure.level <= applied);
    if let Some(exposure) = here {
        return Some(format!("{applied} logs {}", exposure.what));
    }
    let exposure = props.exposures.first()?;
    Some(format!("{} would log {}", exposure.level, exposure.what))
}

/// The event that is recorded and the one that it is compared with, of one stage.
#[derive(Default)]
struct Pair<'a> {
    applied: Level,
    compared: Level,
    recorded: Option<Recorded<'a>>,
    other: Option<Recorded<'a>>,
    /// The members that the levels up to the compared one add, with the level that does.
    added: Vec<(&'a str, Level)>,
}

struct Recorded<'a> {
    line: &'a str,
    legacy: &'a str,
    approximate: bool,
}

/// What the marked lines are, in short and in full.
struct Summary {
    short: String,
    full: String,
}

impl<'a> Pair<'a> {
    fn new(levels: &'a Levels, shown: Option<Stage>, compared: Level) -> Pair<'a> {
        let at = |level: Level, stage: Stage| {
            levels.at(level).and_then(|rung| rung.stages.iter().find(|record| record.record.stage == stage))
        };
        // Where nothing is recorded, the last event that the compared level would record.
        let stage = shown.or_else(|| {
            let stages = levels.at(compared)?.stages.iter();
            stages.filter(|stage| recorded(stage).is_some()).map(|stage| stage.record.stage).next_back()
        });
        let Some(stage) = stage else { return Pair::default() };
        let between = |level: &Level| *level > levels.applied && *level <= compared;
        let mut added = Vec::new();
        for level in Level::ALL.into_iter().filter(between) {
            let adds = at(level, stage).map(|stage| stage.adds.as_slice()).unwrap_or_default();
            added.extend(adds.iter().map(|name| (name.as_str(), level)));
        }
        Pair {
            applied: levels.applied,
            compared,
            recorded: at(levels.applied, stage).filter(|_| shown.is_some()).and_then(recorded),
            other: at(compared, stage).and_then(recorded),
            added,
        }
    }

    /// What a member of the event is.
    fn mark(&self, name: &str, is_recorded: bool) -> Mark {
        match &self.other {
            _ if !is_recorded => {
                let level = self.added.iter().find(|(added, _)| *added == name).map(|(_, level)| *level);
                Mark::Added(level.unwrap_or(self.compared))
            }
            Some(other)
                if self.compared < self.applied && !members(other.line).iter().any(|(known, _)| *known == name) =>
            {
                Mark::Dropped(self.compared)
            }
            _ => Mark::Recorded,
        }
    }

    fn summary(&self) -> Option<Summary> {
        let (applied, compared) = (self.applied, self.compared);
        let names = |level: Level| {
            let names = self.added.iter().filter(|(_, by)| *by == level).map(|(name, _)| *name);
            names.collect::<Vec<_>>().join(", ")
        };
        if self.recorded.is_none() {
            self.other.as_ref()?;
            let short = format!("Shaded lines are not recorded: {compared} would record them");
            return Some(Summary { full: short.clone(), short });
        }
        if compared == applied {
            return None;
        }
        let (short, full) = match &self.other {
            None if compared == Level::None => return None,
            None => (format!("At {compared} this event is lost"), String::new()),
            Some(_) if compared < applied => (format!("Lines marked − are not recorded at {compared}"), String::new()),
            Some(_) if self.added.is_empty() => (format!("{compared} adds nothing that is known here"), String::new()),
            Some(_) => {
                let adds = Level::ALL.into_iter().filter(|level| !names(*level).is_empty());
                let adds: Vec<String> = adds.map(|level| format!("{level} adds {}", names(level))).collect();
                (format!("Shaded lines are not recorded at {applied}"), format!(": {}", adds.join("; ")))
            }
        };
        Some(Summary { full: format!("{short}{full}"), short })
    }
}

fn recorded(stage: &RungStage) -> Option<Recorded<'_>> {
    match &stage.record.fate {
        Fate::Recorded { line, legacy, request_object_approximate, .. } => {
            Some(Recorded { line, legacy, approximate: *request_object_approximate })
        }
        _ => None,
    }
}

/// A line as it is in the log; a very long one in part.
fn exact(line: &str) -> Html {
    if line.len() <= pretty::LONGEST {
        return html! { <pre>{ line.to_owned() }</pre> };
    }
    let start = up_to(line, pretty::LONGEST);
    let more = thousands(line.len() - start.len());
    html! { <><pre>{ start.to_owned() }</pre><p class="pad soft">{ format!("{more} more bytes: copying has them all.") }</p></> }
}

fn laid_out(pair: &Pair<'_>, rule: Option<usize>) -> Html {
    // All that a level records, the next one does: the fuller of the two has the order of both.
    let (fuller, is_ghost) = match (&pair.recorded, &pair.other) {
        (Some(_), Some(other)) if pair.compared > pair.applied => (other.line, false),
        (Some(recorded), _) => (recorded.line, false),
        (None, Some(other)) => (other.line, true),
        (None, None) => return Html::default(),
    };
    let own = pair.recorded.as_ref().map(|recorded| (recorded.line, members(recorded.line)));
    let all = members(fuller);
    // The last recorded member has no comma; a ghost after it is not part of the text.
    let last = own.as_ref().and_then(|(_, members)| members.last()).map(|(name, _)| *name);
    let mut before = None;
    let rows = all.iter().enumerate().map(|(index, (name, span))| {
        let found = own.as_ref().and_then(|(line, members)| {
            members.iter().find(|(known, _)| known == name).map(|(_, span)| (*line, *span))
        });
        let mark = pair.mark(name, found.is_some());
        let label = match mark {
            Mark::Added(level) => Some(format!("{level} adds")),
            Mark::Dropped(level) => Some(format!("not at {level}")),
            Mark::Recorded if *name == "level" => rule.map(|rule| format!("from rule {}", rule + 1)),
            Mark::Recorded => None,
        };
        let label = label.filter(|_| mark == Mark::Recorded || before != Some(mark)).map(AttrValue::from);
        before = Some(mark);
        let comma = if found.is_some() { Some(*name) != last } else { index + 1 < all.len() };
        let (line, span) = found.unwrap_or((fuller, *span));
        let (text, cut) = member(line, name, span, comma);
        html! { <EventMember key={(*name).to_owned()} {text} {cut} {mark} {label} /> }
    });
    let class = classes!("jl", is_ghost.then(|| classes!("g", super::level::class(pair.compared))));
    let bracket = |text: &'static str| {
        html! { <div class={class.clone()} aria-hidden={is_ghost.then_some("true")}><span class="sx-p">{ text }</span></div> }
    };
    html! { <>{ bracket("{") }{ for rows }{ bracket("}") }</> }
}

/// `"name":value`, and how many bytes of it are left out.
fn member(line: &str, name: &str, value: Span, comma: bool) -> (AttrValue, usize) {
    let start = value.start.saturating_sub(name.len() + 3);
    let text = line.get(start..value.end).unwrap_or_default();
    if text.len() > pretty::LONGEST {
        let drawn = up_to(text, DRAWN);
        return (drawn.to_owned().into(), text.len() - drawn.len());
    }
    let comma = if comma { "," } else { "" };
    (format!("{text}{comma}").into(), 0)
}

/// At the most so many bytes of a text, and whole characters.
fn up_to(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

fn notes(notes: &[String]) -> Html {
    if notes.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="notes" aria-label="Notes">{ for notes.iter().map(|note| html! { <li>{ super::findings::in_code(note) }</li> }) }</ul>
    }
}
