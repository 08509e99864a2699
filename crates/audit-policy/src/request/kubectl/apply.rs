//! `kubectl apply`, and what else works on manifests: replace, diff, and `apply view-last-applied`.

use crate::json::{Value, json};

use super::call::{APPLY_PATCH, Call, MERGE_PATCH, STRATEGIC_PATCH, json_text};
use super::delete::wait_until_gone;
use super::manifest::{Object, sorted, words_of};
use super::resource_args::Named;
use super::session::{DryRun, Outcome, Refused, Session};

pub(super) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

pub(super) fn run(session: &mut Session<'_>) -> Outcome {
    if !session.flags.has("filename") && !session.flags.has("kustomize") {
        return Err(Refused::usage("must specify one of -f and -k"));
    }
    session.fetch_schema();
    let objects = session.objects()?;
    for object in &objects {
        let named = object.named();
        if named.name.is_empty() {
            return Err(
                Refused::usage("resource name may not be empty").help("apply needs `metadata.name`; `create` does not")
            );
        }
        session.understand(format!("Apply {}", words_of(&objects)));
        if session.flags.is_on("server-side") {
            server_side(session, object)?;
        } else {
            client_side(session, object)?;
        }
    }
    if session.flags.is_on("prune") {
        session.find(
            "prune",
            crate::Severity::Warning,
            "what `--prune` lists and deletes besides is not shown",
            Some("it depends on what was applied before".to_owned()),
        );
    }
    Ok(())
}

impl Object {
    pub fn named(&self) -> Named {
        Named { resource: self.resource.clone(), namespace: self.namespace.clone(), name: self.name.clone() }
    }

    /// The path of its list, to which new objects are posted.
    pub fn list_path(&self) -> String {
        self.resource.path(self.namespace.as_deref(), None)
    }
}

fn server_side(session: &mut Session<'_>, object: &Object) -> Outcome {
    if session.dry_run()? == DryRun::Client {
        return Err(Refused::usage(
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
        ));
    }
    let call = Call::new("PATCH", object.named().path(), "the object as it shall be");
    let force = if session.flags.is_on("force-conflicts") { "true" } else { "false" };
    let call = session.write_query(call, Some("kubectl"), true)?.query("force", force);
    let mut body = json_text(&object.body).into_bytes();
    body.push(b'\n');
    session.assume("object", format!("{} does not exist yet, so that it is created", object.named().words()));
    session.send_first_main(call.patch(APPLY_PATCH, body).answered(201))
}

/// GET, then POST where the object is new, or PATCH where it is there and differs.
fn client_side(session: &mut Session<'_>, object: &Object) -> Outcome {
    let named = object.named();
    let get = Call::get(named.path(), "whether it is there");
    if session.dry_run()? == DryRun::Client {
        return session.send_first_main(get);
    }
    session.assume("object", format!("{} does not exist yet, so that it is created", named.words()));
    session.send(get.answered(404))?;
    let applied = with_last_applied(&object.body);
    let post = Call::new("POST", object.list_path(), "the new object").json(&applied);
    let post = session.write_query(post, Some("kubectl-client-side-apply"), true)?;
    session.send_first_main(post)?;
    let (content_type, body) = assumed_patch(object, &applied);
    let patch = Call::new("PATCH", named.path(), "or the change, in place of the new object")
        .patch(content_type, json_text(&body));
    let patch = session.write_query(patch, Some("kubectl-client-side-apply"), true)?;
    session.assume("patch", "every field of the manifest; kubectl sends those that differ");
    session.send(patch.when("the object exists and differs"))
}

/// A patch as if everything but the object's identity differed.
fn assumed_patch(object: &Object, applied: &Value) -> (&'static str, Value) {
    let mut body = applied.clone();
    if let Some(members) = body.as_object_mut() {
        members.remove("apiVersion");
        members.remove("kind");
        if let Some(metadata) = members.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("name");
            metadata.remove("namespace");
        }
    }
    (if object.resource.is_custom { MERGE_PATCH } else { STRATEGIC_PATCH }, body)
}

/// The object with itself in the annotation that client-side apply keeps.
pub(super) fn with_last_applied(body: &Value) -> Value {
    let mut applied = body.clone();
    let mut annotated = body.clone();
    for object in [&mut applied, &mut annotated] {
        let metadata = object.as_object_mut().map(|members| members.entry("metadata", || json!({})));
        if let Some(metadata) = metadata.and_then(Value::as_object_mut) {
            let annotations = metadata.entry("annotations", || json!({}));
            if let Some(annotations) = annotations.as_object_mut() {
                annotations.remove(LAST_APPLIED);
            }
        }
    }
    let text = format!("{}\n", json_text(&sorted(applied)));
    if let Some(annotations) = annotated.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.insert(LAST_APPLIED, json!(text));
    }
    sorted(annotated)
}

impl Session<'_> {
    /// Sends a request of several that the command exists for: the first of them is picked.
    pub fn send_first_main(&mut self, call: Call) -> Outcome {
        let none_yet = self.requests.iter().all(|earlier| earlier.method == "GET");
        if none_yet && (self.pick == 0) { self.send_main(call) } else { self.send(call) }
    }
}

/// `kubectl apply view-last-applied`
pub(super) fn view_last_applied(session: &mut Session<'_>) -> Outcome {
    let targets = session.targets(&session.arguments())?;
    for target in &targets {
        session.understand(format!("Read what was last applied to {}", target.words()));
        session.send(session.selectors_where_list(Call::get(target.path(), "the object"), target.name.is_none()))?;
    }
    Ok(())
}

impl Session<'_> {
    /// The selectors, where the request is a list.
    pub fn selectors_where_list(&self, call: Call, is_list: bool) -> Call {
        if is_list { self.selectors(call) } else { call }
    }
}

/// `kubectl apply set-last-applied`: GET, and where the annotation differs a patch of it.
pub(super) fn set_last_applied(session: &mut Session<'_>) -> Outcome {
    let objects = session.objects()?;
    if objects.is_empty() {
        return Err(Refused::usage("must specify one of -f"));
    }
    for object in &objects {
        session.understand(format!("Set what was last applied to {}", object.named().words()));
        session.send(Call::get(object.named().path(), "the object"))?;
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        let annotated = with_last_applied(&object.body);
        let text = annotated
            .pointer("/metadata/annotations")
            .and_then(|all| all.get(LAST_APPLIED))
            .cloned()
            .unwrap_or_default();
        let mut patch = json!({"metadata": {"annotations": {}}});
        if let Some(annotations) = patch.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
            annotations.insert(LAST_APPLIED, text);
        }
        let call = Call::new("PATCH", object.named().path(), "the annotation").patch(MERGE_PATCH, json_text(&patch));
        let call = session.write_query(call, None, false)?;
        session.send_first_main(call)?;
    }
    Ok(())
}

/// `kubectl replace`: GET and PUT; with `--force` DELETE, GET, POST.
pub(super) fn replace(session: &mut Session<'_>) -> Outcome {
    if let Some(path) = session.flags.value("raw").map(str::to_owned) {
        return super::raw::run(session, "PUT", &path);
    }
    if !session.flags.has("filename") && !session.flags.has("kustomize") {
        return Err(Refused::usage("must specify --filename to replace"));
    }
    session.fetch_schema();
    let objects = session.objects()?;
    for object in &objects {
        let named = object.named();
        session.understand(format!("Replace {}", words_of(&objects)));
        let body =
            if session.flags.is_on("save-config") { with_last_applied(&object.body) } else { object.body.clone() };
        if session.flags.is_on("force") || session.flags.text("grace-period").is_some() {
            if session.dry_run()? == DryRun::Client {
                continue;
            }
            let options = json!({"propagationPolicy": "Background"});
            let call = session.delete_call(named.path(), "the deletion".to_owned(), &options);
            session.send_first_main(call)?;
            wait_until_gone(session, &named)?;
            let post = Call::new("POST", object.list_path(), "the new object").json(&body);
            let post = session.write_query(post, Some("kubectl-replace"), true)?;
            session.send(post)?;
            continue;
        }
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        let path = match session.flags.text("subresource") {
            Some(subresource) => named.subpath(subresource),
            None => named.path(),
        };
        session.send(Call::get(path.clone(), "its resource version"))?;
        let mut body = body;
        if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.entry("resourceVersion", || json!("1000"));
        }
        session.assume("resource version", "1000, that of the object");
        let put = Call::new("PUT", path, "the object as it shall be").json(&sorted(body));
        let put = session.write_query(put, Some("kubectl-replace"), true)?;
        session.send_first_main(put)?;
    }
    if session.requests.is_empty() {
        return Err(Refused::no_request("`kubectl replace --dry-run=client` sends no request but discovery"));
    }
    Ok(())
}

/// `kubectl diff`: GET, and what apply would send as a dry run.
pub(super) fn diff(session: &mut Session<'_>) -> Outcome {
    if !session.flags.has("filename") && !session.flags.has("kustomize") {
        return Err(Refused::usage("must specify one of -f and -k"));
    }
    session.discover("/openapi/v3");
    let objects = session.objects()?;
    for object in &objects {
        let named = object.named();
        session.understand(format!("Compare {} with the manifest", words_of(&objects)));
        let manager = session.flags.text("field-manager").unwrap_or("kubectl-client-side-apply").to_owned();
        let query = |call: Call| call.query("dryRun", "All").query("fieldManager", manager.clone());
        if session.flags.is_on("server-side") {
            session.send(Call::get(named.path(), "the object as it is"))?;
            let force = if session.flags.is_on("force-conflicts") { "true" } else { "false" };
            let call = Call::new("PATCH", named.path(), "the object as it would be")
                .patch(APPLY_PATCH, json_text(&object.body));
            let manager = session.flags.text("field-manager").unwrap_or("kubectl").to_owned();
            let call = call.query("dryRun", "All").query("fieldManager", manager).query("force", force);
            session.send_first_main(call)?;
            continue;
        }
        session.assume("object", format!("{} exists and differs", named.words()));
        session.send(Call::get(named.path(), "the object as it is"))?;
        let (content_type, body) = assumed_patch(object, &object.body);
        session.assume("patch", "every field of the manifest; kubectl sends those that differ");
        let patch = Call::new("PATCH", named.path(), "the change, tried").patch(content_type, json_text(&body));
        session.send_first_main(query(patch))?;
        let post = Call::new("POST", object.list_path(), "or the new object, tried").json(&object.body);
        session.send(query(post).when("the object does not exist"))?;
    }
    Ok(())
}
