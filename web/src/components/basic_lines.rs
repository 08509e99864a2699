//! What a release without policies writes of a request: lines of text, in the events' place.

use audit_policy::Release;
use yew::prelude::*;

use super::copy_button::CopyButton;
use crate::lessons;

/// The lines, and where to see today's events beside them.
pub fn basic_lines(lines: &[String], release: Release) -> Html {
    let text = lines.join("\n");
    let copied = text.clone();
    html! {
        <>
            <div class="ph">
                <h2 id="events-heading">{ "Basic audit" }</h2>
                <span class="grow" />
                <CopyButton text={Callback::from(move |()| copied.clone())} />
            </div>
            <pre class="basic" tabindex="0" role="group" aria-label="Lines of basic audit">{ text }</pre>
            <p class="pad soft">
                { format!("Kubernetes {} writes these to the file of ", release) }<code>{ "--audit-log-path" }</code>
                { format!(": one line when a request arrives, one when it is answered. It has no policies, levels or stages; those begin with {}.", Release::OLDEST_WITH_POLICIES) }
            </p>
            <p class="whither"><button class="link" onclick={|_| lessons::show_delivery()}>{ "Beside the events of today" }</button></p>
        </>
    }
}
