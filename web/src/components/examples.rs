//! The menu of the examples; JavaScript fills it (`web/js/lessons`).

use web_sys::HtmlElement;
use yew::prelude::*;

use super::popover::Popover;

/// The button `Examples` and its menu.
pub fn examples() -> Html {
    let content = |close| html! { <Content {close} /> };
    html! { <Popover name="Examples" icon="i-file" {content} /> }
}

#[derive(PartialEq, Properties)]
struct ContentProps {
    close: Callback<()>,
}

#[component]
fn Content(props: &ContentProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with((), move |()| list.cast::<HtmlElement>().into_iter().for_each(crate::lessons::fill_examples));
    }
    let onclick = props.close.reform(|_: MouseEvent| ());
    html! { <div class="examples" ref={list} {onclick} /> }
}
