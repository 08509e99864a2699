//! Form → request.

use crate::json::json;

use super::line::{Line, line, method_of_verb, name_is_in_path};
use super::{Form, Format, HttpRequest, ReadOptions, Reading, Unreadable, error};
use crate::request::info::RequestInfo;
use crate::request::url::{Part, escape};
use crate::request::{Assumption, fields, http, mend};
use crate::{Diagnostic, GoString, Release, Severity, kinds};

/// The verbs of resource requests that have a method.
pub(in crate::request) const VERBS: [&str; 8] =
    ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/// Verbs that the authorizer is asked about besides, and that no request has.
const ASKED_ONLY: [&str; 7] = ["use", "bind", "escalate", "impersonate", "approve", "sign", "attest"];

/// The request of a form, and what was not in it. An edit of a finding is of the field's value; [`mend::put`] brings it to the text.
pub(in crate::request) struct Made {
    pub(in crate::request) request: HttpRequest,
    pub(in crate::request) assumed: Vec<Assumption>,
    /// What is odd, the field in `path`.
    pub(in crate::request) findings: Vec<Diagnostic>,
}

pub(super) fn read(form: &Form, options: &ReadOptions) -> Result<Reading, Unreadable> {
    let made = make(form, options.release).map_err(|findings| Unreadable { format: Some(Format::Form), findings })?;
    let mut reading = http::reading(Format::Form, made.request, &options.given, options.release);
    reading.assumed.splice(..0, made.assumed);
    reading.findings = made.findings;
    Ok(reading)
}

/// The request of a form.
///
/// # Errors
///
/// Why it makes none, the field in `path`.
pub(in crate::request) fn make(form: &Form, release: Release) -> Result<Made, Vec<Diagnostic>> {
    let problems = problems(form);
    if !problems.is_empty() {
        return Err(problems);
    }
    let (mut form, mut assumed) = fill_in(form, release);
    let mut findings = Vec::new();
    if form.path.is_empty() {
        look_at_names(&form, release, &mut findings);
        name_in_body(&mut form, release, &mut assumed, &mut findings);
    } else if !form.path.starts_with('/') && form.path != "*" && !form.path.contains("://") {
        findings.push(warning("path", "relative-path", "a path begins with `/`".to_owned(), String::new()));
    }
    let Line { method, target } = line(&form);
    let headers = headers(&form, release, &mut assumed);
    let request = HttpRequest {
        method: method.into(),
        target: target.into(),
        headers,
        body: GoString::from(std::mem::take(&mut form.body)),
    };
    if form.path.is_empty() {
        compare(&form, &request, release, &mut findings);
    }
    Ok(Made { request, assumed, findings })
}

fn refusal(field: &str, code: &'static str, message: String, help: &str) -> Diagnostic {
    Diagnostic { path: (!field.is_empty()).then(|| field.to_owned()), ..error(code, &message, None, help) }
}

fn warning(field: &str, code: &'static str, message: String, help: String) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..refusal(field, code, message, &help) }
}

/// Why the form makes no request.
fn problems(form: &Form) -> Vec<Diagnostic> {
    let names = [
        ("group", &form.group),
        ("version", &form.version),
        ("resource", &form.resource),
        ("subresource", &form.subresource),
        ("namespace", &form.namespace),
        ("name", &form.name),
    ];
    let named = names.iter().find(|(_, value)| !value.is_empty());
    let mut problems = Vec::new();
    match (form.path.is_empty(), named) {
        (false, Some((field, _))) => {
            let message = format!("a request is for a path or for a resource: `path` and `{field}` are both given");
            problems.push(refusal("path", "path-and-resource", message, "remove one of them"));
        }
        (true, _) if form.resource.is_empty() => {
            let message = "the form does not say what is asked for".to_owned();
            problems.push(refusal("resource", "no-resource", message, "give `resource`, such as `pods`, or `path`"));
        }
        _ => {}
    }
    if form.path.is_empty() && form.verb.is_empty() && form.method.is_empty() && problems.is_empty() {
        let help = format!("give one of {}", VERBS.join(", "));
        problems.push(refusal("verb", "no-verb", "the form has no verb".to_owned(), &help));
    }
    for (field, value) in [("verb", &form.verb), ("resource", &form.resource), ("subresource", &form.subresource)] {
        if value == "*" {
            let message = format!("`*` stands for every {field}: no single request is meant");
            let help = if field == "verb" { "give one verb, such as `get`" } else { "give one, such as `pods`" };
            problems.push(refusal(field, "wildcard", message, help));
        }
    }
    let is_path = !form.path.is_empty();
    if !form.verb.is_empty() && form.verb != "*" && !is_path && method_of_verb(&form.verb).is_none() {
        problems.push(unknown_verb(&form.verb));
    }
    problems
}

fn unknown_verb(verb: &str) -> Diagnostic {
    let shown = fields::shorten(verb);
    if ASKED_ONLY.contains(&verb) || verb.starts_with("impersonate") {
        let message =
            format!("no request has verb `{shown}`: the authorizer is asked about it while another request is handled");
        let help = "give the request it is about; the verb of an audit event follows from method and path";
        return refusal("verb", "no-request-has-verb", message, help);
    }
    let refusal = |help: &str| refusal("verb", "unknown-verb", format!("no request has verb `{shown}`"), help);
    match verb.to_ascii_lowercase().as_str() {
        "post" => mend::changed(refusal("a POST is `create`"), verb, "create"),
        "put" => mend::changed(refusal("a PUT is `update`"), verb, "update"),
        "head" => refusal("a HEAD is `get`, with `method: HEAD`"),
        "proxy" | "connect" | "exec" => {
            refusal("a subresource such as `proxy` or `exec` is asked for with `get` or `create`")
        }
        _ => mend::nearest_meant(refusal(&format!("give one of {}", VERBS.join(", "))), verb, &VERBS),
    }
}

/// The form with group and version where it has none, as far as the release's resources tell; and a resource that is written with its
/// subresource taken apart.
fn fill_in(form: &Form, release: Release) -> (Form, Vec<Assumption>) {
    let (mut form, mut assumed) = (form.clone(), Vec::new());
    if !form.path.is_empty() || form.resource.is_empty() {
        return (form, assumed);
    }
    if form.subresource.is_empty()
        && let Some((resource, subresource)) = form.resource.split_once('/')
        && !resource.is_empty()
        && !subresource.is_empty()
    {
        (form.resource, form.subresource) = (resource.to_owned(), subresource.to_owned());
    }
    let in_group = kinds::by_resource(&form.group, &form.resource, release);
    let elsewhere = || kinds::served(release).find(|found| found.resource.resource == form.resource);
    let found = match in_group {
        None if form.group.is_empty() => elsewhere(),
        found => found,
    };
    let mut tell = |about: &str, text: &str| {
        assumed.push(Assumption { about: about.to_owned(), text: text.to_owned() });
    };
    if let Some(found) = found {
        if form.group != found.resource.group {
            tell("group", found.resource.group);
            form.group = found.resource.group.to_owned();
        }
        if form.version.is_empty() {
            tell("version", found.version);
            form.version = found.version.to_owned();
        }
    } else if form.version.is_empty() {
        tell("version", "v1");
        form.version = "v1".to_owned();
    }
    (form, assumed)
}

/// Warns of a resource that the release does not have by this name, and of a namespace too many or too few.
fn look_at_names(form: &Form, release: Release, findings: &mut Vec<Diagnostic>) {
    let resource = fields::shorten(&form.resource);
    let Some(found) = kinds::by_resource(&form.group, &form.resource, release) else {
        let meant = kinds::find(&form.resource, release).filter(|found| found.resource.resource != form.resource);
        if let Some(meant) = meant {
            let message = format!("`{resource}` is no resource: URLs have the plural");
            let found = warning("resource", "not-a-resource", message, String::new());
            findings.push(mend::meant(found, &form.resource, meant.resource.resource));
        }
        return;
    };
    let is_many = matches!(form.verb.as_str(), "list" | "watch" | "deletecollection");
    // Reviews of one's own rights and the like are created without a namespace whatever discovery says.
    if found.resource.namespaced && form.namespace.is_empty() && !is_many {
        let message = format!("{resource} are in namespaces, and no namespace is given");
        findings.push(warning("namespace", "no-namespace", message, "give `namespace`".to_owned()));
    }
    let is_own = form.resource == "namespaces" && form.namespace == form.name;
    if !found.resource.namespaced && !form.namespace.is_empty() && !is_own {
        let message = format!("{resource} are in no namespace");
        findings.push(warning("namespace", "cluster-scoped", message, "leave `namespace` out".to_owned()));
    }
}

/// The name of an object that is created stands in its body: the least one where none is given.
fn name_in_body(form: &mut Form, release: Release, assumed: &mut Vec<Assumption>, findings: &mut Vec<Diagnostic>) {
    if form.name.is_empty() || name_is_in_path(form) {
        return;
    }
    let found = kinds::by_resource(&form.group, &form.resource, release);
    match found {
        Some(found) if form.body.is_empty() => {
            let mut metadata = json!({"name": form.name});
            if let (Some(members), false) = (metadata.as_object_mut(), form.namespace.is_empty()) {
                members.put("namespace", &form.namespace);
            }
            let api_version = found.resource.api_version(&form.version);
            form.body =
                json!({"kind": found.resource.kind, "apiVersion": api_version, "metadata": metadata}).to_string();
            let text = "only kind, apiVersion and metadata".to_owned();
            assumed.push(Assumption { about: "request object".to_owned(), text });
        }
        _ => {
            let message = "the name of a new object stands in its body: `name` is not sent".to_owned();
            findings.push(warning(
                "name",
                "name-of-new-object",
                message,
                "write it in `metadata.name` of `body`".to_owned(),
            ));
        }
    }
}

fn headers(form: &Form, release: Release, assumed: &mut Vec<Assumption>) -> Vec<(String, GoString)> {
    let mut headers: Vec<(String, GoString)> = Vec::new();
    let mut add = |name: &str, value: &str| headers.push((name.to_owned(), GoString::from(value)));
    if !form.user_agent.is_empty() {
        add("User-Agent", &form.user_agent);
    }
    let has_type = form.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("Content-Type"));
    if !form.content_type.is_empty() {
        add("Content-Type", &form.content_type);
    } else if line(form).method == "PATCH" && !form.body.is_empty() && !has_type {
        let built_in = kinds::by_resource(&form.group, &form.resource, release).is_some();
        let kind = if built_in { "strategic-merge-patch" } else { "merge-patch" };
        let content_type = format!("application/{kind}+json");
        add("Content-Type", &content_type);
        assumed.push(Assumption { about: "content type".to_owned(), text: content_type });
    }
    let super::Impersonate { user, uid, groups, extra } = &form.impersonate;
    for (name, value) in [("Impersonate-User", user), ("Impersonate-Uid", uid)] {
        if !value.is_empty() {
            add(name, value);
        }
    }
    for group in groups {
        add("Impersonate-Group", group);
    }
    for (key, values) in extra {
        let name = format!("Impersonate-Extra-{}", extra_key(key));
        values.iter().for_each(|value| add(&name, value));
    }
    for (name, value) in &form.headers {
        add(name, value);
    }
    headers
}

/// A key of extra as a header's name has it. The server reads names in lower case and then unescapes them.
fn extra_key(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for byte in escape(key.as_bytes(), Part::PathSegment) {
        // Escapes are in upper case already, and names may hold neither of the others.
        match byte {
            b':' | b'=' | b'@' => out.push_str(&format!("%{byte:02X}")),
            _ => out.push(char::from(byte)),
        }
    }
    let mut rest = out.chars();
    let mut lower = String::with_capacity(out.len());
    while let Some(letter) = rest.next() {
        match letter {
            '%' => lower.extend(std::iter::once(letter).chain(rest.by_ref().take(2))),
            'A'..='Z' => lower.push_str(&format!("%{:02X}", u32::from(letter))),
            _ => lower.push(letter),
        }
    }
    lower
}

/// Warns where rules see something else than what the fields say.
fn compare(form: &Form, request: &HttpRequest, release: Release, findings: &mut Vec<Diagnostic>) {
    let Ok(info) = RequestInfo::new(&request.method, &request.target, release) else { return };
    let name = if name_is_in_path(form) { form.name.as_str() } else { "" };
    // A list has the name that its field selector asks for.
    let name_selected = name.is_empty() && matches!(info.verb.as_bytes(), b"list" | b"watch");
    let own_namespace = form.resource == "namespaces" && info.namespace == *name;
    for (field, wanted, seen) in [
        ("verb", form.verb.as_str(), &info.verb),
        ("resource", form.resource.as_str(), &info.resource),
        ("subresource", form.subresource.as_str(), &info.subresource),
        ("namespace", form.namespace.as_str(), &info.namespace),
        ("name", name, &info.name),
    ] {
        let skipped = match field {
            "verb" => wanted.is_empty(),
            "namespace" => own_namespace,
            "name" => name_selected,
            _ => false,
        };
        if skipped || *seen == wanted {
            continue;
        }
        let sees =
            if seen.is_empty() { "none".to_owned() } else { format!("`{}`", fields::shorten(&seen.to_str_lossy())) };
        let message = format!("`{field}` is `{}`, and rules see {sees}", fields::shorten(wanted));
        let help = match (field, wanted) {
            ("verb", "get" | "delete") => "a request without a name is about many objects: give `name`",
            ("verb", "list" | "watch" | "deletecollection") => {
                "a request with a name is about one object: leave `name` out"
            }
            ("subresource", _) if name.is_empty() => "a subresource is of one object: give `name`",
            _ => "what rules see follows from method and path",
        };
        findings.push(warning(field, "rules-see-another", message, help.to_owned()));
    }
}
