//! The policy's line numbers, with what became of each rule.

use audit_policy::Severity;
use audit_policy::explain::RuleState;
use yew::prelude::*;

use super::icon::{symbol, symbol_as};
use super::rules::icon_of;
use crate::evaluate::Answer;

/// What stands beside one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Mark {
    /// The rule that the line belongs to.
    rule: Option<RuleState>,
    /// The number of the rule that begins here.
    begins: Option<usize>,
    /// The worst finding of the line.
    finding: Option<Severity>,
}

#[derive(PartialEq, Properties)]
pub struct Props {
    pub text: AttrValue,
    pub answer: std::rc::Rc<Answer>,
    pub node: NodeRef,
    /// How far the text is scrolled, in pixels.
    pub scrolled: i32,
}

/// The height of a line in pixels, as the styles have it.
const LINE: f64 = 18.5;

/// Rows are drawn a page at a time: the one that is scrolled to, and those beside it.
const PAGE: usize = 100;

/// The page that is scrolled to.
pub fn page(scrolled: i32) -> usize {
    (f64::from(scrolled) / LINE) as usize / PAGE
}

/// Line numbers and marks, one row a line of the text; for the eye only, the same is said in words elsewhere.
#[component]
pub fn Gutter(props: &Props) -> Html {
    let marks = marks(&props.text, &props.answer);
    let rows = |(index, marks): (usize, &[Mark])| html! { <Rows first={index * ROWS + 1} marks={marks.to_vec()} /> };
    html! {
        <div class="gutter" aria-hidden="true" ref={props.node.clone()}>
            { for marks.chunks(ROWS).enumerate().map(rows) }
            <div class="ln end" />
        </div>
    }
}

/// How many lines are drawn together, or not at all where all of them are as before.
const ROWS: usize = 64;

#[derive(PartialEq, Properties)]
struct RowsProps {
    /// The number of the first line.
    first: usize,
    marks: Vec<Mark>,
}

#[component]
fn Rows(props: &RowsProps) -> Html {
    let row = |(index, mark): (usize, &Mark)| {
        let class = match mark.rule {
            Some(RuleState::Matched) => "ln is-match",
            Some(RuleState::NearMiss) => "ln is-near",
            Some(RuleState::Skipped) => "ln is-skip",
            Some(RuleState::NotReached) | None => "ln",
        };
        let sign = match (mark.finding, mark.begins, mark.rule) {
            (Some(Severity::Error), ..) => symbol_as("i err", "i-err"),
            (Some(Severity::Note), None, _) => symbol("i-info"),
            (Some(Severity::Warning), ..) => symbol_as("i warn", "i-warn"),
            (_, Some(rule), Some(state)) => html! { <><b>{ rule + 1 }</b>{ symbol(icon_of(state)) }</> },
            _ => Html::default(),
        };
        html! { <div {class}><span class="gm">{ sign }</span><span class="no">{ props.first + index }</span></div> }
    };
    html! { <>{ for props.marks.iter().enumerate().map(row) }</> }
}

fn marks(text: &str, answer: &Answer) -> Vec<Mark> {
    let mut marks = vec![Mark::default(); answer.lines.count()];
    let outline = answer.result.as_ref().and_then(|result| result.outline.as_ref());
    if let (Some(places), Some(outline)) = (answer.places(), outline) {
        for (index, (place, rule)) in places.rules.iter().zip(&outline.rules).enumerate() {
            let written = text.get(place.span.start..place.span.end).unwrap_or_default().trim_end();
            let first = answer.lines.line(place.span.start) - 1;
            let lines = first..=first + written.matches('\n').count();
            for mark in marks.get_mut(lines).unwrap_or_default() {
                mark.rule = Some(rule.state);
            }
            if let Some(mark) = marks.get_mut(first) {
                mark.begins = Some(index);
            }
        }
    }
    for finding in &answer.loaded.findings {
        let Some(span) = finding.span else { continue };
        if let Some(mark) = marks.get_mut(answer.lines.line(span.start) - 1) {
            mark.finding = mark.finding.max(Some(finding.severity));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Inputs, State};

    #[test]
    fn a_mark_a_line() {
        let first = State::first().inputs;
        for (policy, lines) in [("", 1), ("a", 1), ("a\n", 2), ("rules:\n- level: None\n\n", 4)] {
            let state = State::new(Inputs { policy: policy.to_owned(), ..first.clone() });
            assert_eq!(marks(policy, &state.answer).len(), lines, "{policy:?}");
        }
    }
}
