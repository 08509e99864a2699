//! One rule of the tree: what became of it, and opened, each of its fields with the reason.

use audit_policy::explain::{FieldTrace, RuleState};
use audit_policy::outline::RuleOutline;
use yew::prelude::*;

use super::findings::in_code;
use super::icon::{symbol, symbol_as};
use super::level::level_name;
use super::rules::icon_of;

/// What happens to a rule of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleEvent {
    /// The rule is opened, or closed.
    Toggle(usize),
    /// The policy is shown at the rule, or at one of its trace's fields.
    Go(usize, Option<usize>),
}

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The rule's index.
    pub index: usize,
    pub outline: RuleOutline,
    /// Its fields with the reasons, where it is open.
    pub fields: Option<Vec<FieldTrace>>,
    /// The line in which it begins.
    pub line: Option<usize>,
    /// Which of its rows takes part in the Tab order: it, or one of its fields.
    pub current: Option<Row>,
    /// What the policy's findings say of it.
    pub findings: Vec<AttrValue>,
    /// What would make it match; only where it is open.
    pub nearest: Option<AttrValue>,
    /// What is easily missed about who asks; only where it is open.
    pub remark: Option<AttrValue>,
    pub on: Callback<RuleEvent>,
}

/// A row of a rule: none of its fields, or one.
pub type Row = Option<usize>;

/// A rule.
#[component]
pub fn RuleItem(props: &Props) -> Html {
    let rule = &props.outline;
    let (class, tag_class) = match rule.state {
        RuleState::Matched => ("match", "tag"),
        RuleState::NearMiss => ("near", "tag"),
        RuleState::Skipped => ("skip", "tag"),
        RuleState::NotReached => ("idle", "tag line"),
    };
    let (index, on) = (props.index, &props.on);
    let toggle = on.reform(move |_: MouseEvent| RuleEvent::Toggle(index));
    let expandable = rule.fields().next().is_some();
    html! {
        <li
            {class} role="treeitem" aria-level="1" aria-label={label(index, rule)} data-row={index.to_string()}
            aria-expanded={expandable.then(|| props.fields.is_some().to_string())} tabindex={tabindex(props.current == Some(None))}
        >
            <span class="g" onclick={toggle.clone()}>{ symbol(icon_of(rule.state)) }</span>
            <div>
                <div class="hd" onclick={toggle}>
                    <strong>{ format!("Rule {}", index + 1) }</strong>
                    { level_name(rule.level) }
                    { for props.line.map(|line| go_button(line, index, on)) }
                    <span class={tag_class}>{ rule.state.to_string() }</span>
                </div>
                if let Some(fields) = props.fields.as_ref().filter(|_| expandable) {
                    <ul role="group">{ for fields.iter().enumerate().map(|(row, field)| field_row(row, field, props)) }</ul>
                } else if !rule.matches() {
                    <p class="tn">{ fails(rule) }</p>
                }
                { for props.findings.iter().map(finding) }
                { for said_of(rule).map(|said| html! { <p class="tn">{ said }</p> }) }
                { for props.remark.iter().map(|remark| html! { <p class="tn">{ in_code(remark) }</p> }) }
                { for props.nearest.iter().map(|nearest| html! {
                    <p class="tn nearest"><b>{ "What would make it match:" }</b>{ format!(" {nearest}.") }</p>
                }) }
            </div>
        </li>
    }
}

fn tabindex(is_current: bool) -> &'static str {
    if is_current { "0" } else { "-1" }
}

/// `Rule 2, RequestResponse, near miss, users fails`
fn label(index: usize, rule: &RuleOutline) -> String {
    let mut label = format!("Rule {}, {}, {}", index + 1, rule.level, rule.state);
    if !rule.matches() {
        label.push_str(&format!(", {}", fails(rule)));
    } else if rule.state == RuleState::NotReached {
        label.push_str(", would match");
    }
    label
}

/// `users and verbs fail`
fn fails(rule: &RuleOutline) -> String {
    let failed: Vec<String> = rule.fields().filter(|(_, holds)| !holds).map(|(field, _)| field.to_string()).collect();
    match failed.as_slice() {
        [one] => format!("{one} fails"),
        [first @ .., last] => format!("{} and {last} fail", first.join(", ")),
        [] => String::new(),
    }
}

/// What the fields do not say.
fn said_of(rule: &RuleOutline) -> Option<&'static str> {
    match (rule.state, rule.matches(), rule.fields().next().is_none()) {
        (RuleState::NotReached, true, true) => Some("No conditions: would match any request."),
        (RuleState::NotReached, true, false) => Some("Would match: an earlier rule did first."),
        (RuleState::Matched, _, true) => Some("No conditions: matches any request."),
        _ => None,
    }
}

/// `users: wants alice; request is by bob`
fn field_row(row: usize, field: &FieldTrace, props: &Props) -> Html {
    let (class, icon, word) = if field.matches { ("i y", "i-check", "holds") } else { ("i n", "i-x", "fails") };
    let said = field.to_string();
    let name = field.field.to_string();
    let rest = said.strip_prefix(&name).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&said).to_owned();
    let index = props.index;
    let onclick = props.on.reform(move |_: MouseEvent| RuleEvent::Go(index, Some(row)));
    html! {
        <li
            class="fx" role="treeitem" aria-level="2" aria-label={format!("{name} {word}: {rest}")} data-row={format!("{index}.{row}")}
            tabindex={tabindex(props.current == Some(Some(row)))} {onclick}
        >
            { symbol_as(class, icon) }<code>{ name }</code><span class="sr">{ ": " }</span>
            <span class="v">{ in_code(&rest) }</span>
        </li>
    }
}

fn finding(said: &AttrValue) -> Html {
    html! { <p class="fx warned">{ symbol("i-warn") }<span class="v">{ in_code(said) }</span></p> }
}

fn go_button(line: usize, index: usize, on: &Callback<RuleEvent>) -> Html {
    let onclick = on.reform(move |event: MouseEvent| {
        event.stop_propagation();
        RuleEvent::Go(index, None)
    });
    html! { <button class="link go" tabindex="-1" {onclick}>{ format!("line {line}") }</button> }
}
