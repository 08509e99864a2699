//! What is typed as HTML for another page: `embed.js` and one element.

use audit_policy::request::scenario::Scenario;

/// The element with the policy and the request as its texts, which stand there where the playground at `home` does not load. Empty lines part
/// its pieces, so that it stays whole in Markdown. What the texts do not say, the link carries.
pub fn tag(home: &str, scenario: &Scenario, link: Option<&str>) -> String {
    let texts = Scenario {
        kubernetes: scenario.kubernetes,
        policy: scenario.policy.clone(),
        request: scenario.request.clone(),
        ..Scenario::default()
    };
    let release = scenario.kubernetes.map(|release| format!(" release=\"{release}\"")).unwrap_or_default();
    let src = link.filter(|_| texts != *scenario).map(|link| format!(" src=\"#{link}\"")).unwrap_or_default();
    let (policy, request) = (escape(texts.policy.as_deref().unwrap_or_default()), escape(&texts.request));
    format!(
        "<script src=\"{}embed.js\" async></script>\n\n<audit-policy-playground{release}{src} editable>\n\n\
         <pre data-policy>\n{policy}</pre>\n\n<pre data-request>\n{request}</pre>\n\n</audit-policy-playground>\n",
        escape(home)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_what_they_do_not_say_is_in_the_link() {
        let mut scenario = Scenario {
            kubernetes: Some(audit_policy::Release::NEWEST),
            policy: Some("# </pre><b>\n".to_owned()),
            request: "GET /a&b".to_owned(),
            ..Scenario::default()
        };
        let newest = audit_policy::Release::NEWEST;
        let start = "<script src=\"https://example.com/p/embed.js\" async></script>\n\n<audit-policy-playground";
        let texts = "\n\n<pre data-policy>\n# &lt;/pre&gt;&lt;b&gt;\n</pre>\n\n<pre data-request>\nGET /a&amp;b</pre>\n\n</audit-policy-playground>\n";
        let made = |scenario: &Scenario| tag("https://example.com/p/", scenario, Some("v1/x"));
        assert_eq!(made(&scenario), format!("{start} release=\"{newest}\" editable>{texts}"));
        scenario.pick = Some(1);
        assert_eq!(made(&scenario), format!("{start} release=\"{newest}\" src=\"#v1/x\" editable>{texts}"));
    }
}
