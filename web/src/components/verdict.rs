//! The answer in one line: which rule, which level, what is recorded.

use std::rc::Rc;

use audit_policy::recording::{Fate, StageRecord};
use audit_policy::{Level, Recording, Release};
use yew::prelude::*;

use super::announce::Announce;
use super::copy_button::CopyButton;
use super::findings::fix_button;
use super::level::{class, level_name};
use crate::answer_text::answer_text;
use crate::evaluate::{Answer, Stale};
use crate::state::Action;
use crate::words::{basic, matched, not_read, thousands, verdict};

pub struct Props {
    pub answer: Rc<Answer>,
    pub node: NodeRef,
    pub dispatch: Callback<Action>,
}

/// The verdict.
pub fn verdict_view(props: &Props) -> Html {
    let answer = &props.answer;
    let (style, body) = if let Some(lines) = &answer.basic
        && answer.reading.is_ok()
    {
        let facts = format!("Kubernetes {} has no audit policy", answer.loaded.release);
        ("meta", html! { <><h2>{ basic(lines.len()) }</h2><p class="facts">{ facts }</p></> })
    } else if !answer.loaded.accepted {
        let facts = format!("kube-apiserver {} would not start", answer.loaded.release);
        ("error", html! { <><h2>{ "Policy does not load" }</h2><p class="facts">{ facts }</p></> })
    } else if answer.reading.is_err() {
        ("error", html! { <h2>{ not_read(answer) }</h2> })
    } else if let Some(result) = &answer.result {
        let level = result.recording.decision.as_ref().map_or(Level::None, |decision| decision.level);
        let last_rule = answer.last_rule.as_ref().map(|fix| fix_button(fix, &props.dispatch, Action::Fix));
        (class(level), html! { <>{ decided(&result.recording, answer.loaded.release) }{ for last_rule }</> })
    } else {
        ("error", Html::default())
    };
    let copied = {
        let answer = Rc::clone(answer);
        Callback::from(move |()| answer_text(&answer))
    };
    // Each keystroke may change what is seen; what is said of it is said at a speed at which it can be heard.
    html! {
        <section
            class={classes!("pane", "verdict", style)} id="result" role="status" aria-live="off" aria-label="Verdict" tabindex="-1"
            ref={props.node.clone()}
        >
            { body }
            if answer.result.is_some() {
                <span class="grow" />
                <CopyButton label="Copy as text" class="" text={copied} />
            }
            <Announce text={said(answer)} />
        </section>
    }
}

/// The verdict in words.
fn said(answer: &Answer) -> String {
    match &answer.result {
        _ if answer.basic.is_some() => verdict(answer),
        _ if !answer.loaded.accepted => "Policy does not load".to_owned(),
        _ if answer.reading.is_err() => not_read(answer).to_owned(),
        Some(result) => {
            let (events, bytes) = size(&result.recording);
            let decided = match &result.recording.decision {
                None => "Never audited".to_owned(),
                Some(decision) => format!("{}, level {}", matched(decision), decision.level),
            };
            match events {
                0 => format!("{decided}, no event"),
                1 => format!("{decided}, 1 event, {bytes} bytes"),
                _ => format!("{decided}, {events} events, {bytes} bytes"),
            }
        }
        None => String::new(),
    }
}

fn decided(recording: &Recording, release: Release) -> Html {
    let Some(decision) = &recording.decision else {
        return html! { <><h2>{ "Never audited" }</h2><p class="facts">{ facts(recording) }</p></> };
    };
    html! {
        <>
            <h2>{ matched(decision) }<span class="arr">{ "→" }</span>{ level_name(decision.level) }</h2>
            <p class="facts">{ facts(recording) }</p>
            if release < Release::OLDEST_RECORDED {
                <p class="facts">
                    { format!("Kubernetes {release} is answered from its source; recordings begin at {}.", Release::OLDEST_RECORDED) }
                </p>
            }
        </>
    }
}

fn facts(recording: &Recording) -> Html {
    let (events, bytes) = size(recording);
    let reached = |record: &&StageRecord| !matches!(record.fate, Fate::NotProduced { .. });
    let stages = recording.stages.iter().filter(reached).count();
    if events == 0 {
        return html! { <span>{ "no event" }</span> };
    }
    html! {
        <>
            <span><b>{ format!("{events} of {stages}") }</b>{ " stages recorded" }</span>
            <span><b>{ events }</b>{ if events == 1 { " event, " } else { " events, " } }<b>{ thousands(bytes) }</b>{ " bytes" }</span>
        </>
    }
}

/// How many events there are, and how many bytes their lines have.
fn size(recording: &Recording) -> (usize, usize) {
    let sizes = recording.stages.iter().filter_map(|record| match &record.fate {
        Fate::Recorded { bytes, .. } => Some(*bytes),
        _ => None,
    });
    sizes.fold((0, 0), |(events, bytes), size| (events + 1, bytes + size))
}

/// What marks a result that is older than what is typed.
pub fn stale_note(stale: Option<Stale>) -> Option<&'static str> {
    stale.map(|stale| match stale {
        Stale::Policy => "from the last policy that loaded",
        Stale::Request => "from the last request that was understood",
    })
}
