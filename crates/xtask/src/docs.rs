//! The documentation: `docs/site/*.md` as static pages in the style of the playground, in `dist/docs`.
//!
//! A file's name gives its place and its address (`2-recipes.md` is the second page, `recipes.html`), its first line the title. Of code blocks,
//! ` ```yaml playground … ` holds a scenario and becomes an `<audit-policy-playground>` with a link to it; what else stands behind `playground`, and every other
//! block that can be run, is held by `tests/docs.rs` of the command.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use audit_policy::link;
use audit_policy::request::scenario::Scenario;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::build;
use crate::command::run;

/// What every page has around its text.
const FRAME: &str = include_str!("docs/frame.html");

/// Pages that are kept elsewhere, where they are read too: under the names that they would have in `docs/site`.
const ELSEWHERE: [(&str, &str); 2] =
    [("7-npm.md", "crates/audit-policy-wasm/npm/README.md"), ("8-lessons.md", "docs/lessons.md")];

/// What the pages link to besides each other, from `docs/`.
const BESIDE: [&str; 1] = ["lesson.schema.json"];

/// A page of the documentation.
struct Page {
    /// `recipes.html`
    address: String,
    title: String,
    text: String,
}

/// Writes the documentation into a folder that is there.
///
/// # Errors
///
/// Where a file cannot be read or written, or a block that should hold a scenario holds none.
pub fn write(out: &Path) -> Result<()> {
    let pages = pages(&crate::root()?.join("docs/site"))?;
    fs::create_dir_all(out)?;
    for page in &pages {
        fs::write(out.join(&page.address), html(page, &pages)?)?;
    }
    for name in BESIDE {
        fs::copy(crate::root()?.join("docs").join(name), out.join(name))
            .with_context(|| format!("cannot copy {name}"))?;
    }
    let first = pages.first().context("docs/site has no page")?;
    fs::write(out.join("index.html"), html(first, &pages)?)?;
    run(build::npm("esbuild")?
        .args(["web/styles/docs.css", "--bundle", "--minify", "--log-level=warning"])
        .arg(format!("--outfile={}", out.join("docs.css").display())))
}

/// The pages in the order of their names.
fn pages(folder: &Path) -> Result<Vec<Page>> {
    let root = crate::root()?;
    let mut files: Vec<(String, PathBuf)> =
        ELSEWHERE.iter().map(|(name, path)| ((*name).to_owned(), root.join(path))).collect();
    let names = fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    files.extend(names.map(|name| (name.clone(), folder.join(name))));
    files.sort();
    let page = |(name, path): &(String, PathBuf)| {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        let title = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let title = title.with_context(|| format!("{name}: the first line is no title"))?.to_owned();
        let address = address(name).with_context(|| format!("{name}: no number and name, as 1-name.md"))?;
        Ok(Page { address, title, text })
    };
    files.iter().map(page).collect()
}

/// The page that a file becomes: `recipes.html` of `3-recipes.md`.
fn address(name: &str) -> Option<String> {
    let (number, rest) = name.split_once('-')?;
    let rest = rest.strip_suffix(".md").filter(|_| number.parse::<u8>().is_ok())?;
    Some(format!("{rest}.html"))
}

fn html(page: &Page, pages: &[Page]) -> Result<String> {
    let link = |other: &Page| {
        let current = if other.address == page.address { " aria-current=\"page\"" } else { "" };
        format!("<li><a href=\"{}\"{current}>{}</a></li>", other.address, other.title)
    };
    let links: String = pages.iter().map(link).collect();
    let filled = FRAME.replace("{title}", &page.title).replace("{pages}", &links);
    Ok(filled.replace("{text}", &body(&page.text).with_context(|| page.address.clone())?))
}

/// The text as HTML: headings that can be linked to, playgrounds, and no HTML of the text's own.
fn body(text: &str) -> Result<String> {
    let mut events: Vec<Event> = Vec::new();
    // Where the heading or playground began that is being read.
    let mut begin = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => events.push(Event::Text(raw)),
            Event::Start(Tag::Heading { .. }) => {
                begin = Some(events.len());
                events.push(event);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(ref info))) if info.starts_with("yaml playground") => {
                begin = Some(events.len());
            }
            Event::End(TagEnd::Heading(_)) => {
                let mut heading = events.split_off(begin.take().unwrap_or_default());
                let id = anchor(&words(&heading));
                if let Some(Event::Start(Tag::Heading { id: given, .. })) = heading.first_mut() {
                    *given = Some(id.into());
                }
                events.append(&mut heading);
                events.push(event);
            }
            Event::End(TagEnd::CodeBlock) if begin.is_some() => {
                let scenario = words(&events.split_off(begin.take().unwrap_or_default()));
                events.push(Event::Html(playground(&scenario)?.into()));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let elsewhere = ELSEWHERE.iter().find(|(_, path)| dest_url.ends_with(path.trim_start_matches("docs/")));
                let name = elsewhere.map_or(&*dest_url, |(name, _)| name);
                let dest_url = address(name).map_or(dest_url, CowStr::from);
                events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            other => events.push(other),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    // What is wider than the page scrolls, by keyboard too.
    Ok(out.replace("<pre><code", "<pre tabindex=\"0\"><code").replace("<table>", "<table tabindex=\"0\">"))
}

/// The words in a stretch of the text.
fn words(events: &[Event<'_>]) -> String {
    let words = |event: &Event<'_>| match event {
        Event::Text(words) | Event::Code(words) => words.to_string(),
        _ => String::new(),
    };
    events.iter().map(words).collect()
}

/// `Where a policy goes wrong` → `where-a-policy-goes-wrong`
fn anchor(words: &str) -> String {
    let lower = words.to_lowercase();
    let parts = lower.split(|character: char| !character.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// A scenario of policy and request as an embedded playground; without JavaScript its texts stand there.
fn playground(yaml: &str) -> Result<String> {
    let scenario = Scenario::parse(yaml.as_bytes()).map_err(|unreadable| {
        let why: Vec<_> = unreadable.findings.into_iter().map(|finding| finding.message).collect();
        anyhow::anyhow!("a playground holds no scenario: {}", why.join("; "))
    })?;
    let policy = scenario.policy.clone().context("a playground has no policy")?;
    let parts = Scenario { policy: Some(policy.clone()), request: scenario.request.clone(), ..Scenario::default() };
    ensure!(parts == scenario, "a playground holds more than a policy and a request");
    let (policy, request) = (escape(&policy), escape(&scenario.request));
    let link = link::write(&scenario).context("a playground is too large for a link")?;
    Ok(format!(
        "<audit-policy-playground>\n<pre data-policy tabindex=\"0\">{policy}</pre>\n<pre data-request tabindex=\"0\">{request}</pre>\n\
         <p><a href=\"../#{link}\">Open in the playground</a></p>\n</audit-policy-playground>\n"
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_addresses_and_playgrounds_their_texts() {
        let scenario = "version: 1\npolicy: |\n  a: <b>\nrequest: GET /a&b\n";
        let out = body(&format!("# A `b` c\n\n<i>no</i>\n\n```yaml playground level=None\n{scenario}```\n")).unwrap();
        assert_eq!(
            out,
            "<h1 id=\"a-b-c\">A <code>b</code> c</h1>\n<p>&lt;i&gt;no&lt;/i&gt;</p>\n<audit-policy-playground>\n\
             <pre data-policy tabindex=\"0\">a: &lt;b&gt;\n</pre>\n<pre data-request tabindex=\"0\">GET /a&amp;b</pre>\n\
             <p><a href=\"../#v1/LINK\">Open in the playground</a></p>\n</audit-policy-playground>\n"
                .replace("v1/LINK", &link::write(&Scenario::parse(scenario.as_bytes()).unwrap()).unwrap())
        );
        assert_eq!(body("[c](4-command-line.md)").unwrap(), "<p><a href=\"command-line.html\">c</a></p>\n");
        assert_eq!(body("[c](../lessons.md)").unwrap(), "<p><a href=\"lessons.html\">c</a></p>\n");
        assert!(body("```yaml playground\nversion: 2\n```\n").is_err());
    }
}
