//! What a cluster is asked all day: templates to generate a load of.

use super::{Duration, Recipients, Template};
use crate::Policy;
use crate::request::{Format, ReadOptions, read};

/// How large the objects of generated requests are, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bodies {
    /// The smallest.
    pub min: u32,
    /// The largest, at most 3 MiB, as the server takes no larger body.
    pub max: u32,
}

impl Default for Bodies {
    fn default() -> Bodies {
        Bodies { min: 200, max: 20_000 }
    }
}

/// How many sizes there are from the smallest to the largest body, each as many times the one before.
const SIZES: u32 = 8;

/// The largest body that the server takes: `--max-resource-write-bytes`.
const LARGEST: u32 = 3 * 1024 * 1024;

/// How long watches last: far shorter than in a cluster, so that in a short load as many end as begin.
const WATCH: Duration = Duration::from_secs(10);

/// Templates of gets, creations and updates of ConfigMaps of some sizes, and watches of pods, as the policy records them, each event sized by its real JSON line.
/// Requests that are not recorded at all are left out.
pub fn typical(policy: &Policy, bodies: Bodies, to: &Recipients) -> Vec<Template> {
    let mut templates = Vec::new();
    let mut add = |name: String, request: String, answer: Option<String>| {
        let mut options = ReadOptions { release: to.release(), format: Some(Format::Http), ..ReadOptions::default() };
        options.given.body = answer.map(|answer| answer.as_str().into());
        let Ok(reading) = read(request.as_bytes(), &options) else { return };
        let Some(request) = reading.requests.get(reading.pick) else { return };
        templates.extend(Template::of_request(&name, policy, &request.exchange, to));
    };
    for size in sizes(bodies) {
        let body = config_map(size);
        let path = "/api/v1/namespaces/prod/configmaps";
        add(format!("get, {size} bytes"), http("GET", &format!("{path}/web"), ""), Some(body.clone()));
        add(format!("create, {size} bytes"), http("POST", path, &body), Some(body.clone()));
        add(format!("update, {size} bytes"), http("PUT", &format!("{path}/web"), &body), Some(body.clone()));
    }
    add("watch".to_owned(), http("GET", "/api/v1/pods?watch=1&allowWatchBookmarks=true", ""), None);
    for event in
        templates.iter_mut().filter(|template| template.long_running).filter_map(|watch| watch.events.last_mut())
    {
        event.after = WATCH;
    }
    templates
}

fn sizes(bodies: Bodies) -> Vec<u32> {
    let (min, max) = (bodies.min.min(LARGEST), bodies.max.min(LARGEST));
    if min >= max {
        return vec![min];
    }
    let factor = (f64::from(max) / f64::from(min.max(1))).powf(1.0 / f64::from(SIZES - 1));
    let mut size = f64::from(min.max(1));
    let mut sizes = Vec::new();
    for _ in 1..SIZES {
        sizes.push(size.round() as u32);
        size *= factor;
    }
    sizes.push(max);
    sizes.dedup();
    sizes
}

/// A ConfigMap of so many bytes, or few more.
fn config_map(size: u32) -> String {
    let (begin, end) = (
        r#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"web","namespace":"prod"},"data":{"a":""#,
        r#""}}"#,
    );
    let filled = usize::try_from(size).unwrap_or_default().saturating_sub(begin.len() + end.len());
    format!("{begin}{}{end}", "x".repeat(filled))
}

fn http(method: &str, target: &str, body: &str) -> String {
    let content = if body.is_empty() {
        String::new()
    } else {
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
    };
    format!(
        "{method} {target} HTTP/1.1\r\nHost: kubernetes.default.svc\r\nUser-Agent: controller/v1.0\r\nAccept: application/json\r\n{content}\r\n{body}"
    )
}
