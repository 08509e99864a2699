//! One member of an event, laid out: recorded, or what another level adds or drops.

use audit_policy::Level;
use yew::prelude::*;

use super::level::class;
use crate::pretty::{self, Kind, Line};
use crate::words::thousands;

/// So many lines of a recorded member are shown before it is unfolded, and so many of one that is not recorded.
const LINES: (usize, usize) = (48, 10);

/// So many characters of one string are shown before its member is unfolded.
const CHARACTERS: usize = 800;

/// What a member is, beside the event of another level.
#[derive(Clone, Copy, PartialEq)]
pub enum Mark {
    /// Recorded, whatever the level.
    Recorded,
    /// Recorded; not at this level, with which the event is compared.
    Dropped(Level),
    /// Not recorded: this level would add it.
    Added(Level),
}

#[derive(PartialEq, Properties)]
pub struct Props {
    /// `"name":value`, with the comma that follows it.
    pub text: AttrValue,
    /// How many bytes of it are left out of `text`, because nobody could read them.
    pub cut: usize,
    pub mark: Mark,
    /// What stands at the end of its first line.
    pub label: Option<AttrValue>,
}

/// A member of an event.
#[component]
pub fn EventMember(props: &Props) -> Html {
    let unfolded = use_state_eq(|| false);
    let lines = pretty::lay_out_in(&props.text, 1);
    let most = if matches!(props.mark, Mark::Added(_)) { LINES.1 } else { LINES.0 };
    let too_long = |line: &Line<'_>| line.pieces.iter().any(|(_, piece)| piece.len() > CHARACTERS);
    // One line less would be saved by folding away two.
    let hidden = if lines.len() > most + 2 { lines.len() - most } else { 0 };
    let folds = hidden > 0 || lines.iter().any(too_long);
    let (class, sign, is_ghost) = mark_class(props.mark);
    let row = |index: usize, line: &Line<'_>| {
        let label = props.label.as_ref().filter(|_| index == 0);
        html! {
            <div class={classes!("jl", format!("d{}", line.depth.min(9)), class.clone())} aria-hidden={is_ghost.then_some("true")}>
                if let Some(label) = label { <span class="by" aria-hidden="true">{ label }</span> }
                if !sign.is_empty() { <span class="m" aria-hidden="true">{ sign }</span> }
                { for line.pieces.iter().map(|piece| draw(piece, *unfolded)) }
            </div>
        }
    };
    let shown = if *unfolded || hidden == 0 { lines.len() } else { most - 1 };
    let last = (shown < lines.len()).then(|| lines.last()).flatten();
    html! {
        <>
            { for lines.iter().take(shown).enumerate().map(|(index, line)| row(index, line)) }
            if folds {
                { fold(hidden, &unfolded, &class, name(&props.text)) }
            }
            { for last.map(|line| row(shown, line)) }
            if props.cut > 0 {
                <div class={classes!("jl", "d2", class.clone())} aria-hidden="true">
                    <span class="cut">{ format!("… {} more bytes: copying has them all", thousands(props.cut)) }</span>
                </div>
            }
        </>
    }
}

/// The class of a member's lines, what stands before each, and whether they are not recorded.
fn mark_class(mark: Mark) -> (Classes, &'static str, bool) {
    match mark {
        Mark::Recorded => (Classes::new(), "", false),
        Mark::Dropped(level) => (classes!("drop", class(level)), "−", false),
        Mark::Added(level) => (classes!("g", class(level)), "+", true),
    }
}

/// The button's words are drawn by the style sheet: the text of an event is the event and nothing else.
fn fold(hidden: usize, unfolded: &UseStateHandle<bool>, class: &Classes, name: &str) -> Html {
    let onclick = {
        let unfolded = unfolded.clone();
        move |_| unfolded.set(!*unfolded)
    };
    let says = match (**unfolded, hidden) {
        (true, _) => "less".to_owned(),
        (false, 0) => "…more".to_owned(),
        (false, hidden) => format!("…{} more lines", thousands(hidden)),
    };
    let label = if **unfolded { format!("Less of {name}") } else { format!("More of {name}") };
    html! {
        <div class={classes!("jl", "d2", class.clone())}>
            <button class="fold" aria-expanded={unfolded.to_string()} aria-label={label} data-says={says} {onclick} />
        </div>
    }
}

fn name(text: &str) -> &str {
    text.split('"').nth(1).unwrap_or_default()
}

fn draw((kind, text): &(Kind, &str), unfolded: bool) -> Html {
    let class = match kind {
        Kind::Key => "sx-k",
        Kind::String => "sx-s",
        Kind::Literal => "sx-n",
        Kind::Punctuation => "sx-p",
    };
    let shown: String = match text.char_indices().nth(CHARACTERS).filter(|_| !unfolded && text.len() > CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => (*text).to_owned(),
    };
    html! { <span {class}>{ shown }</span> }
}
