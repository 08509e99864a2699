//! The page: an audit policy and a request in, the engine's answer out.

use yew::prelude::*;

fn main() {
    if let Some(root) = gloo::utils::document().get_element_by_id("app") {
        yew::Renderer::<Hello>::with_root(root).render();
    }
}

#[component]
fn Hello() -> Html {
    html! { <p>{ audit_policy::Release::NEWEST.to_string() }</p> }
}
