//! What is typed as Markdown, for an issue or a review.

/// A link with a title, the policy, the request and the verdict.
pub fn markdown(link: Option<&str>, policy: &str, request: &str, verdict: &str) -> String {
    let title = match link {
        Some(link) => format!("[Audit policy playground: {verdict}]({link})"),
        None => format!("Audit policy playground: {verdict}"),
    };
    format!(
        "{title}\n\nPolicy:\n\n{}\nRequest:\n\n{}\nVerdict: **{verdict}**\n",
        fenced("yaml", policy),
        fenced("", request)
    )
}

/// A block of code whose fence the text cannot close.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    let text = text.trim_end_matches(['\n', '\r']);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_holds_everything_as_text() {
        let text = markdown(
            Some("https://example.com/#v1/a"),
            "kind: Policy\n# ```` <b>\n",
            "kubectl get pods",
            "Rule 1 matched → None",
        );
        assert_eq!(
            text,
            "[Audit policy playground: Rule 1 matched → None](https://example.com/#v1/a)\n\nPolicy:\n\n`````yaml\nkind: Policy\n# ```` \
             <b>\n`````\n\nRequest:\n\n```\nkubectl get pods\n```\n\nVerdict: **Rule 1 matched → None**\n"
        );
        assert!(markdown(None, "", "", "v").starts_with("Audit policy playground: v\n"));
    }
}
