//! A request's body as JSON, by its content type.

use crate::Release;
use crate::exchange::HttpRequest;
use crate::json::{self, Document, write_sorted_as_spelt};
use crate::load::yaml_to_json;

/// The media type of the body, without parameters; JSON where none is said.
pub(super) fn content_type(request: &HttpRequest) -> &str {
    let header = request.header("Content-Type").and_then(|value| value.as_str()).unwrap_or_default();
    match header.split(';').next().unwrap_or_default().trim() {
        "" => "application/json",
        media_type => media_type,
    }
}

/// The body as JSON text and what it says.
///
/// # Errors
///
/// Where it cannot be read; with what to tell, where the server could.
pub(super) fn decode(body: &[u8], content_type: &str, release: Release) -> Result<(Vec<u8>, Document), Option<String>> {
    let text = match content_type {
        "application/json" => body.to_vec(),
        "application/yaml" => yaml(body, release).ok_or(None)?,
        "application/vnd.kubernetes.protobuf" | "application/cbor" => {
            return Err(Some(format!(
                "The body is {content_type}, which is not read here: the server logs the object as JSON."
            )));
        }
        _ => return Err(None),
    };
    let document = json::parse(&text).map_err(|_| None)?;
    Ok((text, document))
}

/// YAML as the JSON that the server makes of it: the first document, keys sorted; none where it is not YAML.
pub(super) fn yaml(body: &[u8], release: Release) -> Option<Vec<u8>> {
    let document = yaml_to_json(body, release).ok()?;
    let mut out = Vec::with_capacity(body.len());
    match document.root() {
        Some(root) => write_sorted_as_spelt(&mut out, root),
        None => out.extend_from_slice(b"null"),
    }
    Some(out)
}
