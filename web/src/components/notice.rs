//! What is said above the page, until it is dismissed.

use std::rc::Rc;

use audit_policy::request::scenario::Scenario;
use yew::prelude::*;

use super::findings::in_code;
use super::icon::Icon;
use crate::share::{Notice, Sharer};
use crate::state::Pane;

#[derive(PartialEq, Properties)]
pub struct Props {
    pub notice: Option<Notice>,
    pub sharer: Rc<Sharer>,
}

/// A notice, if there is one.
#[component]
pub fn NoticeView(props: &Props) -> Html {
    let Some(notice) = &props.notice else { return Html::default() };
    let (role, class, icon) =
        if notice.alert { ("alert", "notice err", "i-err") } else { ("status", "notice", "i-info") };
    let dismiss = props.sharer.tell.reform(|_| None);
    let choice = |(text, scenario): &(String, Scenario)| {
        let (sharer, text_now, scenario) = (Rc::clone(&props.sharer), text.clone(), scenario.clone());
        let onclick = move |_| {
            let help = "going back in the browser brings back what was here";
            sharer.open(scenario.clone(), Some(Notice::note(text_now.clone(), help)));
            sharer.show(Pane::Policy);
        };
        html! { <li><button class="btn sm" {onclick}>{ in_code(text) }</button></li> }
    };
    html! {
        <div {class}>
            <Icon name={icon} />
            <div class="grow" {role}>
                <p>{ in_code(&notice.text) }</p>
                if !notice.help.is_empty() {
                    <p class="soft">{ in_code(&notice.help) }</p>
                }
                if !notice.choices.is_empty() {
                    <ul>{ for notice.choices.iter().map(choice) }</ul>
                }
            </div>
            <button class="btn ghost icon" aria-label="Dismiss" onclick={dismiss}><Icon name="i-x" /></button>
        </div>
    }
}
