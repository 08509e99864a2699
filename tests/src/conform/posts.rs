//! posts: what a webhook's receiver got → the same POST, made of the events in it.

use audit_policy::deliver::Post;
use audit_policy::text::Encoding;
use audit_policy::{Event, Release, event, json};
use serde_json::Value;

use super::Report;
use super::vectors::{Case, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) {
    for (index, case) in cases.iter().enumerate() {
        report.count(name, &format!("post-{}", index + 1), check(case));
    }
}

fn check(case: &Case) -> Result<(), String> {
    let body = text(case, "body");
    let events = events(body.as_bytes())?;
    let post = Post::new(&events.iter().collect::<Vec<_>>(), "http://receiver/audit", Encoding::of(Release::NEWEST));
    let got = String::from_utf8_lossy(post.body.as_bytes()).into_owned();
    if got != body {
        return Err(format!("body: wanted {body}\n   got {got}"));
    }
    let mut headers = serde_json::Map::new();
    for (name, value) in &post.headers {
        headers.insert(name.to_lowercase(), value.clone().into());
    }
    for (what, wanted, got) in [
        ("headers", case.get("headers"), Value::Object(headers)),
        ("path", case.get("path"), post.target.into()),
        ("method", case.get("method"), "POST".into()),
        ("bytes", case.get("bytes"), post.body.as_bytes().len().into()),
        ("items", case.get("items"), events.len().into()),
    ] {
        if wanted != Some(&got) {
            return Err(format!("{what}: wanted {wanted:?}\n   got {got}"));
        }
    }
    Ok(())
}

/// The events of an EventList.
pub fn events(body: &[u8]) -> Result<Vec<Event>, String> {
    let document = json::parse(body).map_err(|error| error.message)?;
    let items = document.root().and_then(|root| root.get("items")).ok_or("no items")?;
    let decoded = items.items().map(|item| event::from_node(item, body, Release::NEWEST));
    decoded.collect::<Result<_, _>>().map_err(|error| error.to_string())
}
