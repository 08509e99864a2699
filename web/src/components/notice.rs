//! What is said above the page, until it is dismissed.

use std::rc::Rc;

use audit_policy::request::scenario::Scenario;
use yew::prelude::*;

use super::findings::in_code;
use super::icon::symbol;
use crate::share::{Notice, Sharer};
use crate::state::Pane;

/// A notice, if there is one.
pub fn notice_view(notice: Option<&Notice>, sharer: &Rc<Sharer>) -> Html {
    let Some(notice) = notice else { return Html::default() };
    let (role, class, icon) =
        if notice.alert { ("alert", "notice err", "i-err") } else { ("status", "notice", "i-info") };
    let dismiss = sharer.tell.reform(|_| None);
    let choice = |(text, scenario): &(String, Scenario)| {
        let (sharer, text_now, scenario) = (Rc::clone(sharer), text.clone(), scenario.clone());
        let onclick = move |_| {
            let help = "going back in the browser brings back what was here";
            sharer.open(scenario.clone(), Some(Notice::note(text_now.clone(), help)));
            sharer.show(Pane::Policy);
        };
        html! { <li><button class="btn sm" {onclick}>{ in_code(text) }</button></li> }
    };
    html! {
        <div {class}>
            { symbol(icon) }
            <div class="grow" {role}>
                <p>{ in_code(&notice.text) }</p>
                if !notice.help.is_empty() {
                    <p class="soft">{ in_code(&notice.help) }</p>
                }
                if !notice.choices.is_empty() {
                    <ul>{ for notice.choices.iter().map(choice) }</ul>
                }
            </div>
            <button class="btn ghost icon" aria-label="Dismiss" onclick={dismiss}>{ symbol("i-x") }</button>
        </div>
    }
}
