//! `kubectl proxy`, and what curl asks through it on the same lines.

use super::call::{Accept, Call};
use super::command_line::Command;
use super::session::{Outcome, Refused, Session};

/// The requests of the curl commands among `others` that go to the proxy's port.
pub(super) fn run(session: &mut Session<'_>, others: &[Command]) -> Outcome {
    let port = session.flags.text("port").unwrap_or("8001").to_owned();
    let prefix = session.flags.text("api-prefix").unwrap_or("/").trim_end_matches('/').to_owned();
    for command in others {
        let mut words = command.words.iter().map(|word| word.text.as_str());
        if words.next() != Some("curl") {
            continue;
        }
        let mut method = "GET";
        while let Some(word) = words.next() {
            if ["-X", "--request"].contains(&word) {
                let given = words.next().unwrap_or_default();
                let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
                method = known.into_iter().find(|known| *known == given).unwrap_or(method);
            } else if let Some(path) = path_at(word, &port) {
                let path = path.strip_prefix(&prefix).unwrap_or(path);
                let path = if path.is_empty() { "/" } else { path };
                session.understand(format!("{method} {path}, through kubectl proxy"));
                let mut call = Call { raw: true, ..Call::new(method, path, "the request through the proxy") }
                    .accept(Accept::Nothing);
                call.headers = vec![("Accept", "*/*"), ("X-Forwarded-For", "127.0.0.1")];
                session.send(call)?;
            }
        }
    }
    if session.requests.is_empty() {
        return Err(Refused::no_request("`kubectl proxy` sends no request of its own")
            .help("add what goes through it, such as `curl localhost:8001/api/v1/pods`"));
    }
    Ok(())
}

/// The path and query of a URL of this port on this machine.
fn path_at<'w>(word: &'w str, port: &str) -> Option<&'w str> {
    let rest = word.strip_prefix("http://").unwrap_or(word);
    let rest = ["127.0.0.1", "localhost", "[::1]"].iter().find_map(|host| rest.strip_prefix(host))?;
    let rest = rest.strip_prefix(':')?.strip_prefix(port)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(if rest.is_empty() { "/" } else { rest })
}
