//! Every rule, and why it matches or does not.

use std::rc::Rc;

use audit_policy::explain::{FieldTrace, RuleState, RuleTrace};
use audit_policy::{Span, Trace};
use yew::prelude::*;

use super::icon::Icon;
use super::level::LevelName;
use crate::evaluate::Answer;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub answer: Rc<Answer>,
    /// Goes to a place in the policy.
    pub go: Callback<Span>,
}

/// The rules in order, each with its fields in the order in which the API server checks them.
#[component]
pub fn Rules(props: &Props) -> Html {
    let Some(trace) = props.answer.result.as_ref().and_then(|result| result.trace.as_ref()) else {
        return html! { <p class="pad soft">{ "The rules are not asked about this request." }</p> };
    };
    html! {
        <div class="scroll" tabindex="-1">
            <ol class="trace" aria-label="Rules">
                { for (0..trace.rules.len()).map(|rule| item(trace, rule, props)) }
            </ol>
            if trace.decision.rule.is_none() {
                <p class="pad soft">
                    { "A request that matches no rule is not recorded. A last rule " }<code>{ "- level: Metadata" }</code>
                    { " records the rest." }
                </p>
            }
        </div>
    }
}

fn item(trace: &Rc<Trace>, rule: usize, props: &Props) -> Html {
    let start = props.answer.places().and_then(|places| places.rules.get(rule)).map(|place| place.span.start);
    let place = start.map(|start| (start, props.answer.lines.line(start)));
    html! { <Rule key={rule} trace={Rc::clone(trace)} {rule} {place} go={props.go.clone()} /> }
}

#[derive(Properties)]
struct RuleProps {
    trace: Rc<Trace>,
    /// The rule's index.
    rule: usize,
    /// Where the rule begins in the policy: its offset and line.
    place: Option<(usize, usize)>,
    go: Callback<Span>,
}

impl PartialEq for RuleProps {
    /// A trace is made anew for each keystroke, and most of its rules are as before: those are not drawn again.
    fn eq(&self, other: &RuleProps) -> bool {
        (self.rule, self.place) == (other.rule, other.place)
            && self.trace.rules.get(self.rule) == other.trace.rules.get(other.rule)
            && self.go == other.go
    }
}

/// One rule.
#[component]
fn Rule(props: &RuleProps) -> Html {
    let Some(rule) = props.trace.rules.get(props.rule) else { return Html::default() };
    let (class, tag) = match rule.state {
        RuleState::Matched => ("match", "tag"),
        RuleState::NearMiss => ("near", "tag"),
        RuleState::Skipped => ("skip", "tag"),
        RuleState::NotReached => ("idle", "tag line"),
    };
    html! {
        <li {class}>
            <span class="g"><Icon name={icon_of(rule.state)} /></span>
            <div>
                <p class="hd">
                    <strong>{ format!("Rule {}", rule.rule + 1) }</strong>
                    <LevelName level={rule.level} />
                    { for props.place.map(|(start, line)| go_button(start, line, &props.go)) }
                    <span class={tag}>{ rule.state.to_string() }</span>
                </p>
                { for rule.fields.iter().map(field) }
                { for remark(rule).map(|remark| html! { <p class="note">{ remark }</p> }) }
            </div>
        </li>
    }
}

/// What the fields do not say.
fn remark(rule: &RuleTrace) -> Option<&'static str> {
    match (rule.state, rule.matches, rule.fields.is_empty()) {
        (RuleState::NotReached, true, true) => Some("No conditions: would match any request."),
        (RuleState::NotReached, true, false) => Some("Would match: an earlier rule did first."),
        (RuleState::Matched, _, true) => Some("No conditions: matches any request."),
        _ => None,
    }
}

/// `users: wants alice; request is by bob`
fn field(field: &FieldTrace) -> Html {
    let (class, icon, word) = if field.matches { ("y", "i-check", "holds") } else { ("n", "i-x", "fails") };
    let said = field.to_string();
    let name = field.field.to_string();
    let rest = said.strip_prefix(&name).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&said).to_owned();
    html! {
        <p class="fx">
            <Icon name={icon} {class} /><span class="sr">{ word }{ ", " }</span>
            <span><code>{ name }{ ":" }</code>{ " " }<span class="v">{ super::findings::in_code(&rest) }</span></span>
        </p>
    }
}

fn go_button(start: usize, line: usize, go: &Callback<Span>) -> Html {
    let onclick = go.reform(move |_| Span::new(start, start));
    html! { <button class="link go" {onclick}>{ format!("line {line}") }</button> }
}

/// The icon that goes with what became of a rule.
pub fn icon_of(state: RuleState) -> &'static str {
    match state {
        RuleState::Matched => "i-check",
        RuleState::NearMiss => "i-near",
        RuleState::Skipped => "i-x",
        RuleState::NotReached => "i-o",
    }
}
