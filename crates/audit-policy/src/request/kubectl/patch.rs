//! `kubectl patch` and `kubectl edit`: GET, then PATCH.

use crate::json::Value;

use super::call::{Accept, Call, JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, json_text};
use super::manifest::documents;
use super::resource_args::words_of;
use super::session::{DryRun, Outcome, Refused, Session};

/// `kubectl patch`
pub(super) fn run(session: &mut Session<'_>) -> Outcome {
    let content_type = match session.flags.value("type").map(str::to_ascii_lowercase).as_deref() {
        None | Some("strategic") => STRATEGIC_PATCH,
        Some("merge") => MERGE_PATCH,
        Some("json") => JSON_PATCH,
        Some(other) => {
            return Err(Refused::usage(format!("--type must be one of [json merge strategic], not \"{other}\"")));
        }
    };
    let body = body(session)?;
    let targets = session.targets(&session.arguments())?;
    if targets.iter().any(|target| target.name.is_none()) {
        return Err(Refused::usage("resource(s) were provided, but no name was specified"));
    }
    if session.flags.is_on("local") {
        return Err(Refused::no_request("`kubectl patch --local` sends no request"));
    }
    for target in &targets {
        session.understand(format!("Patch {}", words_of(&targets)));
        let mut path = target.path();
        if let Some(subresource) = session.flags.text("subresource") {
            path = format!("{path}/{subresource}");
        }
        if target.body.is_none() {
            session.send(Call::get(path.clone(), "the object as it is"))?;
        }
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        let refused = content_type == STRATEGIC_PATCH && target.resource.is_custom;
        if refused {
            session.find(
                "strategic-patch",
                crate::Severity::Warning,
                "custom resources take no strategic merge patch: the answer is 415",
                Some("add `--type=merge`".to_owned()),
            );
        }
        let call = Call::new("PATCH", path, "the patch").patch(content_type, body.clone());
        let call = session.write_query(call, Some("kubectl-patch"), false)?;
        let call = if refused { call.answered(415) } else { call };
        session.send_first_main(call)?;
    }
    if session.requests.is_empty() {
        return Err(Refused::no_request("`kubectl patch --dry-run=client` of a file sends no request"));
    }
    Ok(())
}

/// The patch as it is sent: JSON; YAML is made JSON.
fn body(session: &mut Session<'_>) -> Outcome<Vec<u8>> {
    let given = match (session.flags.text("patch"), session.flags.text("patch-file")) {
        (Some(patch), None) => Some(patch.as_bytes().to_vec()),
        (None, Some(file)) => {
            let file = file.to_owned();
            let bytes = session.file(&file).into_iter().next().and_then(|(_, bytes)| bytes);
            if bytes.is_none() {
                session.assume("patch", format!("{{}}, as what `{file}` holds is not known here"));
            }
            Some(bytes.unwrap_or_else(|| b"{}".to_vec()))
        }
        (None, None) => None,
        (Some(_), Some(_)) => return Err(Refused::usage("cannot specify --patch and --patch-file together")),
    };
    let Some(bytes) = given else {
        return Err(Refused::usage("must specify --patch or --patch-file containing the contents of the patch"));
    };
    if bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[") {
        return Ok(bytes);
    }
    match documents("the patch", &bytes, session.release) {
        Ok(documents) => {
            let document = documents.into_iter().next().unwrap_or(Value::Null);
            Ok(json_text(&super::manifest::sorted(document)).into_bytes())
        }
        Err(_) => Ok(bytes),
    }
}

/// `kubectl edit`: what is changed is up to whoever edits.
pub(super) fn edit(session: &mut Session<'_>) -> Outcome {
    let targets = session.targets(&session.arguments())?;
    session.need_names(&targets)?;
    // Several objects are edited as a List, which only the older schema has.
    if targets.len() > 1 {
        session.discover("/openapi/v2")
    } else {
        session.fetch_schema()
    }
    let subresource = session.flags.text("subresource").map(str::to_owned);
    let mut edited = Vec::new();
    for target in &targets {
        session.understand(format!("Edit {}", words_of(&targets)));
        let path = match &subresource {
            Some(subresource) => format!("{}/{subresource}", target.path()),
            None => target.path(),
        };
        session
            .send(session.selectors_where_list(Call::get(path, "the object, to be edited"), target.name.is_none()))?;
        edited.push(session.one_of(target));
    }
    if subresource.as_deref() == Some("scale") {
        let message = "kubectl cannot send an edited scale: it knows no kind Scale among the resources";
        session.find("edit-scale", crate::Severity::Warning, message, Some("use `kubectl scale`".to_owned()));
        return Ok(());
    }
    for object in edited {
        let path = match &subresource {
            Some(subresource) => object.subpath(subresource),
            None => object.path(),
        };
        let content_type = if object.resource.is_custom { MERGE_PATCH } else { STRATEGIC_PATCH };
        session.assume("edit", "something is changed; what, is not known: the patch holds an annotation");
        let body = r#"{"metadata":{"annotations":{"example.com/edited":"true"}}}"#;
        let call = Call::new("PATCH", path, "what was changed").accept(Accept::Json).patch(content_type, body);
        let call = session.write_query(call, Some("kubectl-edit"), true)?;
        session.send_first_main(call)?;
    }
    Ok(())
}
