//! What object a request is about: from its URL, and completed from the object in it.

use super::objects::RequestObject;
use crate::event::ObjectReference;
use crate::json;
use crate::request::info::RequestInfo;
use crate::{GoString, Release, kinds};

/// From the URL; none for a request about a path.
pub(super) fn of_request(info: &RequestInfo) -> Option<ObjectReference> {
    info.is_resource_request.then(|| ObjectReference {
        resource: info.resource.clone(),
        namespace: info.namespace.clone(),
        name: info.name.clone(),
        api_group: info.api_group.clone(),
        api_version: info.api_version.clone(),
        subresource: info.subresource.clone(),
        ..ObjectReference::default()
    })
}

/// Fills what is empty from the request object: upstream's `LogRequestObject`.
pub(super) fn complete(reference: &mut Option<ObjectReference>, object: &RequestObject, release: Release) {
    let Some(text) = object.text.as_ref().filter(|_| object.completes_reference) else { return };
    let Ok(document) = json::parse(text.as_bytes()) else { return };
    let Some(root) = document.root() else { return };
    let reference = reference.get_or_insert_default();
    let fill = |field: &mut GoString, value: Option<&str>| {
        if let Some(value) = value.filter(|_| field.is_empty()) {
            *field = value.into();
        }
    };
    // A list has no name of its own: its metadata is a list's.
    let is_list = root.get("items").is_some_and(|items| items.kind() == json::Kind::Array);
    if let Some(metadata) = root.get("metadata").filter(|_| !is_list) {
        let string = |name| metadata.get(name).and_then(|value| value.as_str());
        fill(&mut reference.namespace, string("namespace"));
        fill(&mut reference.name, string("name"));
        fill(&mut reference.uid, string("uid"));
        fill(&mut reference.resource_version, string("resourceVersion"));
    }
    let string = |name| root.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let (group, version) = string("apiVersion").split_once('/').unwrap_or(("", string("apiVersion")));
    if reference.api_version.is_empty() {
        reference.api_group = group.into();
        reference.api_version = version.into();
    }
    if reference.resource.is_empty() {
        let known = kinds::by_kind(group, version, string("kind"), release);
        fill(&mut reference.resource, known.map(|found| found.resource.resource));
    }
}
