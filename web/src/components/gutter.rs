//! The policy's line numbers, with what became of each rule.

use audit_policy::Severity;
use audit_policy::explain::RuleState;
use yew::prelude::*;

use super::icon::Icon;
use super::rules::icon_of;
use crate::evaluate::Answer;
use crate::place::line_and_column;

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
}

/// Line numbers and marks, one row a line of the text; for the eye only, the same is said in words elsewhere.
#[component]
pub fn Gutter(props: &Props) -> Html {
    let row = |(index, mark): (usize, Mark)| {
        let class = match mark.rule {
            Some(RuleState::Matched) => "ln is-match",
            Some(RuleState::NearMiss) => "ln is-near",
            Some(RuleState::Skipped) => "ln is-skip",
            Some(RuleState::NotReached) | None => "ln",
        };
        let sign = match (mark.finding, mark.begins, mark.rule) {
            (Some(Severity::Error), ..) => html! { <Icon name="i-err" class="err" /> },
            (Some(Severity::Note), None, _) => html! { <Icon name="i-info" /> },
            (Some(Severity::Warning), ..) => html! { <Icon name="i-warn" class="warn" /> },
            (_, Some(rule), Some(state)) => html! { <><b>{ rule + 1 }</b><Icon name={icon_of(state)} /></> },
            _ => Html::default(),
        };
        html! { <div {class}><span class="gm">{ sign }</span><span class="no">{ index + 1 }</span></div> }
    };
    html! {
        <div class="gutter" aria-hidden="true" ref={props.node.clone()}>
            { for marks(&props.text, &props.answer).into_iter().enumerate().map(row) }
            <div class="ln end" />
        </div>
    }
}

fn marks(text: &str, answer: &Answer) -> Vec<Mark> {
    let mut marks = vec![Mark::default(); text.matches('\n').count() + 1];
    let trace = answer.result.as_ref().and_then(|result| result.trace.as_ref());
    if let (Some(places), Some(trace)) = (answer.places(), trace) {
        for (place, rule) in places.rules.iter().zip(&trace.rules) {
            let written = text.get(place.span.start..place.span.end).unwrap_or_default().trim_end();
            let first = line_and_column(text, place.span.start).0 - 1;
            let lines = first..=first + written.matches('\n').count();
            for mark in marks.get_mut(lines).unwrap_or_default() {
                mark.rule = Some(rule.state);
            }
            if let Some(mark) = marks.get_mut(first) {
                mark.begins = Some(rule.rule);
            }
        }
    }
    for finding in &answer.loaded.findings {
        let Some(span) = finding.span else { continue };
        if let Some(mark) = marks.get_mut(line_and_column(text, span.start).0 - 1) {
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
