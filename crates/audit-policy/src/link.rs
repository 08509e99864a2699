//! A scenario as the fragment of a link, which no browser sends to a server.
//!
//! `v1/` and base64url without padding, of raw deflate, of the scenario as compact JSON. A link that was shared opens for ever: another
//! format gets another version, and `v1/` is read as long as there is this project. The same scenario is always the same link.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use crate::request::scenario::Scenario;
use crate::request::{Format, Unreadable};
use crate::{Diagnostic, Severity};

/// What a fragment of this format begins with.
pub const PREFIX: &str = "v1/";

/// The most bytes that a link's scenario has as JSON: no more are inflated, whatever a link claims.
pub const MOST_BYTES: usize = 1 << 20;

/// How hard it is tried to make a link short: miniz's highest level, which is still quick for a policy.
const LEVEL: u8 = 10;

/// The scenario as a fragment, without the `#`; none where it is larger than [`MOST_BYTES`] and a file must carry it.
pub fn write(scenario: &Scenario) -> Option<String> {
    pack(scenario.to_json().as_bytes())
}

/// Bytes as a fragment of this format; none where there are more than [`MOST_BYTES`].
pub fn pack(bytes: &[u8]) -> Option<String> {
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let mut fragment = PREFIX.to_owned();
    URL_SAFE_NO_PAD.encode_string(compress_to_vec(bytes, LEVEL), &mut fragment);
    Some(fragment)
}

/// The scenario of a fragment, without the `#`.
///
/// # Errors
///
/// What is wrong with the link, and what to do, as one finding: `unknown-link-version`, `bad-link-characters`, `cut-link`, `broken-link`,
/// `link-too-large`, `link-without-scenario`.
pub fn read(fragment: &str) -> Result<Scenario, Unreadable> {
    Scenario::parse(&unpack(fragment)?).map_err(|unreadable| {
        let message = format!("this link holds no scenario that can be read here: {}", unreadable.why());
        refuse("link-without-scenario", &message, "ask for a new link, made with this playground")
    })
}

/// The bytes of a fragment of this format, without the `#`: what [`pack`] was given.
///
/// # Errors
///
/// As [`read`], but for what the bytes are.
pub fn unpack(fragment: &str) -> Result<Vec<u8>, Unreadable> {
    let Some(encoded) = fragment.strip_prefix(PREFIX) else {
        let message = "this link is of a version that is not known here";
        return Err(refuse("unknown-link-version", message, "open it in the playground that made it"));
    };
    let Ok(deflated) = URL_SAFE_NO_PAD.decode(encoded) else {
        let message = "this link is cut off, or holds characters that no such link has";
        return Err(refuse("bad-link-characters", message, "copy the whole link again"));
    };
    if deflated.is_empty() {
        return Err(refuse("cut-link", "this link is cut off", "copy the whole link again"));
    }
    decompress_to_vec_with_limit(&deflated, MOST_BYTES).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => {
            let message = "this link unpacks to more than 1 MiB, which is more than a link may hold";
            refuse("link-too-large", message, "ask for a scenario file in its place")
        }
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
            refuse("cut-link", "this link is cut off", "copy the whole link again")
        }
        _ => refuse("broken-link", "this link is damaged: it cannot be unpacked", "copy the whole link again"),
    })
}

/// The fragment in a text that is a link and nothing else: `https://…#v1/…`, `#v1/…` or `v1/…`, of this or another version.
pub fn find(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text.trim_ascii()).ok()?;
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    let fragment = match text.split_once('#') {
        Some(("", fragment)) => fragment,
        Some((_, fragment)) if is_url => fragment,
        Some(_) => return None,
        None => text,
    };
    let is_one_word = !text.contains(|character: char| character.is_whitespace() || character.is_control());
    (is_one_word && is_version(fragment)).then_some(fragment)
}

/// Whether a fragment carries a scenario, of this or another version: `v`, a number and a slash.
pub fn is_version(fragment: &str) -> bool {
    let number = fragment.strip_prefix('v').and_then(|rest| rest.split_once('/')).map(|(number, _)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn refuse(code: &'static str, message: &str, help: &str) -> Unreadable {
    let (message, help) = (message.to_owned(), Some(help.to_owned()));
    let finding = Diagnostic { code, severity: Severity::Error, message, path: None, span: None, help, fix: None };
    Unreadable { format: Some(Format::Scenario), findings: vec![finding] }
}

#[cfg(test)]
mod tests;
