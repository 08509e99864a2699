//! Every rule, and why it matches or does not: a tree.

use std::collections::BTreeMap;
use std::rc::Rc;

use audit_policy::exchange::Impersonation;
use audit_policy::explain::{Field, RuleState};
use audit_policy::outline::RuleOutline;
use audit_policy::request::Format;
use audit_policy::{Diagnostic, Outline, Span};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::rule_item::{self, Row, RuleEvent, RuleItem};
use crate::evaluate::Answer;

/// So many near misses, and so many rules before the one that matched, are open from the beginning.
const OPEN: usize = 24;

/// From so many rules on, the ones to look at are named above the tree: near misses first.
const MANY: usize = 5;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub answer: Rc<Answer>,
    /// Goes to a place in the policy.
    pub go: Callback<Span>,
}

/// The rules in order, each with its fields in the order in which the API server checks them.
#[component]
pub fn Rules(props: &Props) -> Html {
    let list = use_node_ref();
    let toggled = use_state_eq(BTreeMap::<usize, bool>::new);
    let current = use_state_eq(|| None::<(usize, Row)>);
    // The rules' callback stays the same one, so that a rule is drawn anew only when something about it is new.
    let latest = use_mut_ref(|| None::<Callback<RuleEvent>>);
    let on = {
        let latest = Rc::clone(&latest);
        use_memo((), |()| {
            Callback::from(move |event| {
                let callback = latest.borrow().clone();
                callback.into_iter().for_each(|callback| callback.emit(event));
            })
        })
    };
    let Some(outline) = props.answer.result.as_ref().and_then(|result| result.outline.clone()) else {
        return html! { <p class="pad soft">{ "The rules are not asked about this request." }</p> };
    };
    let open_at_first = open_at_first(&outline);
    let is_open = |index: usize| {
        toggled.get(&index).copied().unwrap_or_else(|| open_at_first.get(index).copied().unwrap_or_default())
    };
    let handle = {
        let (answer, go, toggled) = (Rc::clone(&props.answer), props.go.clone(), toggled.clone());
        let open_at_first = open_at_first.clone();
        Callback::from(move |event| match event {
            RuleEvent::Toggle(index) => {
                let open = toggled.get(&index).or(open_at_first.get(index)).copied().unwrap_or_default();
                let mut next = (*toggled).clone();
                next.insert(index, !open);
                toggled.set(next);
            }
            RuleEvent::Go(index, row) => {
                if let Some(span) = place(&answer, index, row) {
                    go.emit(span);
                }
            }
        })
    };
    *latest.borrow_mut() = Some(handle.clone());

    let places = props.answer.places();
    let line = |index: usize| {
        let place = places.and_then(|places| places.rules.get(index))?;
        Some(props.answer.lines.line(place.span.start))
    };
    let findings = findings(&props.answer);
    let first = current.or(outline.decision.rule.map(|rule| (rule, None))).unwrap_or((0, None));
    let item = |(index, rule): (usize, &RuleOutline)| {
        let open = is_open(index);
        let nearest = (open && !rule.matches()).then(|| props.answer.nearest(index)).flatten();
        let fields = open.then(|| props.answer.explain(index)).flatten().map(|trace| trace.fields);
        rule_item::Props {
            index,
            outline: *rule,
            fields,
            line: line(index),
            current: (first.0 == index).then_some(first.1),
            findings: findings.get(&index).cloned().unwrap_or_default(),
            nearest: nearest.map(|nearest| AttrValue::from(nearest.to_string())),
            remark: open.then(|| remark(rule, &props.answer)).flatten(),
            on: Callback::clone(&on),
        }
    };
    let items = |(group, rules): (usize, &[RuleOutline])| {
        let indices = group * TOGETHER..;
        html! { <RuleItems rules={indices.zip(rules).map(item).collect::<Vec<_>>()} /> }
    };
    let onkeydown = {
        let (list, handle) = (list.clone(), handle);
        move |event: KeyboardEvent| press(&list, &event, &handle)
    };
    let onfocusin = {
        let current = current.clone();
        move |event: FocusEvent| {
            let target = event.target_dyn_into::<HtmlElement>();
            if let Some(row) = target.and_then(|target| row_of(&target)) {
                current.set(Some(row));
            }
        }
    };
    html! {
        <div class="scroll" tabindex="-1">
            if outline.rules.len() >= MANY {
                { jumps(&outline, &list) }
            }
            <ol class="trace" role="tree" aria-label="Rules" ref={list} {onkeydown} {onfocusin}>
                { for outline.rules.chunks(TOGETHER).enumerate().map(items) }
            </ol>
            if outline.decision.rule.is_none() {
                <p class="pad soft">
                    { "A request that matches no rule is not recorded. A last rule " }<code>{ "- level: Metadata" }</code>
                    { " records the rest." }
                </p>
            }
        </div>
    }
}

/// So many rules are drawn together, or not at all where all of them are as before.
const TOGETHER: usize = 32;

#[derive(PartialEq, Properties)]
struct RuleItemsProps {
    rules: Vec<rule_item::Props>,
}

#[component]
fn RuleItems(props: &RuleItemsProps) -> Html {
    html! { <>{ for props.rules.iter().map(|rule| html! { <RuleItem key={rule.index} ..rule.clone() /> }) }</> }
}

/// Near misses, the rule that matched and the ones before it are open; of hundreds, only the first.
fn open_at_first(outline: &Outline) -> Vec<bool> {
    let (mut near, mut before) = (0, 0);
    let is_open = |rule: &RuleOutline| match rule.state {
        RuleState::Matched => true,
        RuleState::NearMiss => {
            near += 1;
            near <= OPEN
        }
        RuleState::Skipped => {
            before += 1;
            before <= OPEN
        }
        RuleState::NotReached => false,
    };
    outline.rules.iter().map(is_open).collect()
}

/// What the findings say of each rule.
fn findings(answer: &Answer) -> BTreeMap<usize, Vec<AttrValue>> {
    let mut findings: BTreeMap<usize, Vec<AttrValue>> = BTreeMap::new();
    if answer.places().is_none() {
        return findings;
    }
    let rule = |finding: &Diagnostic| -> Option<usize> {
        let (index, _) = finding.path.as_deref()?.strip_prefix("rules[")?.split_once(']')?;
        index.parse().ok()
    };
    for finding in &answer.loaded.findings {
        if let Some(rule) = rule(finding) {
            findings.entry(rule).or_default().push(AttrValue::from(finding.message.clone()));
        }
    }
    findings
}

fn outline(answer: &Answer) -> Option<&Outline> {
    answer.result.as_ref()?.outline.as_deref()
}

/// Where a rule, or one of its fields, is in the policy.
fn place(answer: &Answer, index: usize, row: Row) -> Option<Span> {
    let place = answer.places()?.rules.get(index)?;
    let field =
        row.and_then(|row| outline(answer)?.rules.get(index)?.fields().nth(row)).map(|(field, _)| field.to_string());
    let named = field.and_then(|field| place.field(&field));
    Some(named.map_or(Span::new(place.span.start, place.span.start), |(name, _)| name))
}

/// Rules see the authenticated user: said where one that looks at users does not match a request that impersonates.
fn remark(rule: &RuleOutline, answer: &Answer) -> Option<AttrValue> {
    let fails = |field: Field| rule.fields().any(|found| found == (field, false));
    if !fails(Field::Users) && !fails(Field::UserGroups) {
        return None;
    }
    let Impersonation::Allowed(user) = &answer.exchange()?.impersonation else { return None };
    let name = &user.username;
    let what = if answer.format() == Some(Format::Kubectl) {
        format!("`--as={name}`")
    } else {
        format!("Impersonating `{name}`")
    };
    let said = format!("Rules see the authenticated user. {what} only sets `impersonatedUser` in the event.");
    Some(said.into())
}

/// The rule that matched and the near misses as buttons: among hundreds, they are far apart.
fn jumps(outline: &Outline, list: &NodeRef) -> Html {
    let button = |(index, rule): (usize, &RuleOutline)| {
        let list = list.clone();
        let onclick = move |_| focus(&list, &index.to_string());
        let word = if rule.state == RuleState::Matched { "matched" } else { "near miss" };
        html! { <button class="link" {onclick}>{ format!("Rule {} {word}", index + 1) }</button> }
    };
    let is_worth = |rule: &RuleOutline| matches!(rule.state, RuleState::Matched | RuleState::NearMiss);
    let mut worth: Vec<_> = outline.rules.iter().enumerate().filter(|(_, rule)| is_worth(rule)).take(OPEN).collect();
    if let Some(matched) = worth.iter().position(|(_, rule)| rule.state == RuleState::Matched) {
        let matched = worth.remove(matched);
        worth.push(matched);
    }
    html! { <p class="jumps">{ for worth.into_iter().map(button) }</p> }
}

fn focus(list: &NodeRef, row: &str) {
    let row = list
        .cast::<HtmlElement>()
        .and_then(|list| list.query_selector(&format!("[data-row='{row}']")).ok().flatten())
        .and_then(|row| row.dyn_into::<HtmlElement>().ok());
    if let Some(row) = row {
        // What is in the tree can be focused.
        let _ = row.focus();
    }
}

/// The row of the treeitem that an element is in: its rule and, below that, its field.
fn row_of(element: &HtmlElement) -> Option<(usize, Row)> {
    let row = element.closest("[data-row]").ok().flatten()?.get_attribute("data-row")?;
    match row.split_once('.') {
        Some((rule, field)) => Some((rule.parse().ok()?, field.parse().ok())),
        None => Some((row.parse().ok()?, None)),
    }
}

/// A key in the tree: up, down, first, last; right opens or goes in, left closes or goes out; Enter goes to the policy.
fn press(list: &NodeRef, event: &KeyboardEvent, on: &Callback<RuleEvent>) {
    let Some(target) = event.target_dyn_into::<HtmlElement>() else { return };
    let Some((rule, row)) = row_of(&target).filter(|_| target.has_attribute("data-row")) else { return };
    let expanded = target.get_attribute("aria-expanded");
    match (event.key().as_str(), expanded.as_deref()) {
        ("ArrowDown", _) => step(list, &target, 1),
        ("ArrowUp", _) => step(list, &target, -1),
        ("Home", _) => step(list, &target, i32::MIN),
        ("End", _) => step(list, &target, i32::MAX),
        ("ArrowRight", Some("true")) => step(list, &target, 1),
        ("ArrowRight", Some("false")) | ("ArrowLeft", Some("true")) | (" ", Some(_)) => {
            on.emit(RuleEvent::Toggle(rule))
        }
        ("ArrowLeft", None) if row.is_some() => focus(list, &rule.to_string()),
        ("Enter", _) => on.emit(RuleEvent::Go(rule, row)),
        _ => return,
    }
    event.prevent_default();
}

/// Focuses the row that is so many after the target, or the first or last.
fn step(list: &NodeRef, target: &HtmlElement, by: i32) {
    let rows = list.cast::<HtmlElement>().and_then(|list| list.query_selector_all("[data-row]").ok());
    let Some(rows) = rows else { return };
    let count = i32::try_from(rows.length()).unwrap_or(i32::MAX);
    let at = |index: i32| u32::try_from(index).ok().and_then(|index| rows.item(index));
    let is_target = |index: &i32| at(*index).is_some_and(|row| row.is_same_node(Some(target)));
    let current = (0..count).find(is_target).unwrap_or(0);
    let next = current.saturating_add(by).clamp(0, count.saturating_sub(1));
    if let Some(row) = at(next).and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
        // What is in the tree can be focused.
        let _ = row.focus();
    }
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
