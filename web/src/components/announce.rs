//! What screen readers are told when something changed.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// So many milliseconds pass from one announcement to the next.
const PAUSE: u32 = 1000;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What to say once it has changed.
    pub text: AttrValue,
}

/// Says a text politely each time it is another, at most once a second and never what is outdated by then. What is there at first is not
/// said: the page is read anyway.
#[component]
pub fn Announce(props: &Props) -> Html {
    let said = use_state_eq(AttrValue::default);
    let newest = use_mut_ref(AttrValue::default);
    let waiting = use_mut_ref(|| None::<Timeout>);
    let is_first = use_mut_ref(|| true);
    {
        let (said, text) = (said.setter(), props.text.clone());
        use_effect_with(text, move |text| {
            *newest.borrow_mut() = text.clone();
            if is_first.replace(false) || waiting.borrow().is_some() {
                return;
            }
            let timer = {
                let waiting = waiting.clone();
                Timeout::new(PAUSE, move || {
                    said.set(newest.borrow().clone());
                    waiting.replace(None);
                })
            };
            waiting.replace(Some(timer));
        });
    }
    html! { <p class="sr" aria-live="polite" aria-atomic="true">{ &*said }</p> }
}
