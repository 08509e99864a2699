//! Icons: the symbols of index.html.

use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The symbol's id.
    pub name: AttrValue,
    #[prop_or_default]
    pub class: Classes,
}

/// An icon, which says nothing that the words beside it do not.
#[component]
pub fn Icon(props: &Props) -> Html {
    html! {
        <svg class={classes!("i", props.class.clone())} aria-hidden="true"><use href={format!("#{}", props.name)} /></svg>
    }
}
