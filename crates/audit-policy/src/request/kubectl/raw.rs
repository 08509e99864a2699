//! `--raw` of get, create, replace and delete: a path, sent as it is.

use super::call::{Accept, Call};
use super::session::{Outcome, Refused, Session};

pub(super) fn run(session: &mut Session<'_>, method: &'static str, path: &str) -> Outcome {
    if !path.starts_with('/') {
        return Err(Refused::usage(format!(
            "--raw must be a valid URL path: parse \"{path}\": invalid URI for request"
        ))
        .help("begin the path with `/`"));
    }
    if !session.flags.plain_arguments().is_empty() {
        return Err(Refused::usage("arguments may not be passed when --raw is specified"));
    }
    let mut call = Call { raw: true, ..Call::new(method, path, "the request as given") }.accept(Accept::Any);
    let files = session.flags.list("filename");
    if let (Some(name), true) = (files.first(), method != "GET") {
        match session.file(name).into_iter().next() {
            Some((_, Some(bytes))) => call.body = bytes,
            _ => session.assume("body", format!("empty, as what `{name}` holds is not known here")),
        }
    }
    session.understand(format!("{method} {path}, as given"));
    session.send_main(call)
}
