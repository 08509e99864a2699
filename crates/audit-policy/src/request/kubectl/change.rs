//! Commands that read an object and send what differs: scale, label, annotate, set, taint, cordon.

use crate::json::{Map, Value, json};

use super::call::{Accept, Call, MERGE_PATCH, STRATEGIC_PATCH, json_text};
use super::session::{DryRun, Outcome, Refused, Session};

/// `kubectl scale`
pub(super) fn scale(session: &mut Session<'_>) -> Outcome {
    let Some(replicas) = session.flags.number("replicas").filter(|replicas| *replicas >= 0) else {
        return Err(Refused::usage("required flag(s) \"replicas\" not set").help("add `--replicas=3`"));
    };
    let targets = session.targets(&session.arguments())?;
    session.need_names(&targets)?;
    let mut objects = Vec::new();
    for target in &targets {
        session.understand(format!("Scale {} to {replicas}", target.words()));
        objects.push(session.visit(target, Accept::Json, false)?);
    }
    if session.dry_run()? == DryRun::Client {
        return if session.requests.is_empty() {
            Err(Refused::no_request("`kubectl scale --dry-run=client` of a file sends no request"))
        } else {
            Ok(())
        };
    }
    let current = session.flags.number("current-replicas").filter(|replicas| *replicas >= 0);
    let expects = current.is_some() || session.flags.text("resource-version").is_some();
    for object in objects {
        let path = object.subpath("scale");
        if expects {
            session.send(Call::get(path.clone(), "the scale as it is").accept(Accept::Any))?;
            let body = json!({
                "kind": "Scale", "apiVersion": "autoscaling/v1",
                "metadata": {"name": object.name, "namespace": object.namespace, "resourceVersion": "1000"},
                "spec": {"replicas": replicas}, "status": {"replicas": current.unwrap_or_default()},
            });
            session.assume("scale", "as the command expects it, resource version 1000");
            let call = Call::new("PUT", path, "the new scale").json(&body).accept(Accept::Any);
            let call = session.write_query(Call { content_type: None, ..call }, None, false)?;
            session.send_first_main(call)?;
            continue;
        }
        let body = json_text(&json!({"spec": {"replicas": replicas}}));
        let call = Call::new("PATCH", path, "the new scale").accept(Accept::Any).patch(MERGE_PATCH, body);
        let call = session.write_query(call, None, false)?;
        session.send_first_main(call)?;
    }
    Ok(())
}

/// `kubectl label` and `kubectl annotate`
pub(super) fn label(session: &mut Session<'_>, field: &'static str) -> Outcome {
    let arguments = session.arguments();
    let is_change = |argument: &String| argument.contains('=') || argument.ends_with('-');
    let first_change = arguments.iter().position(is_change).unwrap_or(arguments.len());
    let (names, changes) = arguments.split_at_checked(first_change).unwrap_or((&[], &[]));
    let lists = session.flags.is_on("list");
    if changes.is_empty() && !lists {
        return Err(Refused::usage(format!("at least one {} update is required", field.trim_end_matches('s'))));
    }
    let mut values = Vec::new();
    for change in changes {
        match (change.split_once('='), change.strip_suffix('-')) {
            (Some((key, value)), _) => values.push((key.to_owned(), json!(value))),
            (None, Some(key)) => values.push((key.to_owned(), Value::Null)),
            (None, None) => {
                return Err(Refused::usage(
                    "all resources must be specified before ".to_owned() + field + " changes: " + change,
                ));
            }
        }
    }
    let values = Value::Object(values.into_iter().collect::<Map>().sorted());
    let targets = session.targets(names)?;
    session.need_names(&targets)?;
    if session.flags.is_on("local") {
        return Err(Refused::no_request(format!("`kubectl {} --local` sends no request", session.command)));
    }
    for target in &targets {
        let verb = if lists { "Read" } else { "Change" };
        session.understand(format!("{verb} {field} of {}", target.words()));
        let object = session.visit(target, Accept::Json, true)?;
        if lists || session.dry_run()? == DryRun::Client {
            continue;
        }
        session.assume("object", format!("its {field} differ: kubectl sends no patch where they do not"));
        let mut metadata = json!({field: values});
        if let (Some(version), Some(members)) = (session.flags.text("resource-version"), metadata.as_object_mut()) {
            members.put("resourceVersion", &version);
        }
        let body = json_text(&json!({"metadata": metadata}));
        let call = Call::new("PATCH", object.path(), "the change").patch(MERGE_PATCH, body);
        let manager = if field == "labels" { "kubectl-label" } else { "kubectl-annotate" };
        let call = session.write_query(call, Some(manager), false)?;
        session.send_first_main(call)?;
    }
    Ok(())
}

/// `kubectl set …`
pub(super) fn set(session: &mut Session<'_>, what: &'static str) -> Outcome {
    let arguments = session.arguments();
    // `set env`, `image`: the changes hold `=`. `serviceaccount`, `selector`: the last argument.
    let is_change = |argument: &String| argument.contains('=') || (what == "env" && argument.ends_with('-'));
    let split = match what {
        "env" | "image" => arguments.iter().position(is_change).unwrap_or(arguments.len()),
        "serviceaccount" | "selector" => arguments.len().saturating_sub(1),
        _ => arguments.len(),
    };
    let (names, changes) = arguments.split_at_checked(split).unwrap_or((&[], &[]));
    let patch = set_patch(session, what, changes)?;
    if session.flags.is_on("local") {
        return Err(Refused::no_request(format!("`kubectl set {what} --local` sends no request")));
    }
    let targets = session.targets(names)?;
    let mut objects = Vec::new();
    let lists = session.flags.is_on("list");
    for target in &targets {
        let verb = if lists { "Read" } else { "Set" };
        session.understand(format!("{verb} {what} of {}", target.words()));
        objects.push(session.visit(target, Accept::Any, true)?);
    }
    if lists || session.dry_run()? == DryRun::Client {
        return Ok(());
    }
    for object in objects {
        session.assume("object", "what is set differs: kubectl sends no patch where it does not");
        let call = Call::new("PATCH", object.path(), "the change").accept(Accept::Any);
        let call = session.write_query(
            call.patch(STRATEGIC_PATCH, json_text(&super::manifest::sorted(patch.clone()))),
            Some("kubectl-set"),
            false,
        )?;
        session.send_first_main(call)?;
    }
    Ok(())
}

/// The strategic merge patch of `kubectl set`, of the containers that the command names, else of one named as assumed.
fn set_patch(session: &mut Session<'_>, what: &str, changes: &[String]) -> Outcome<Value> {
    let named = session.flags.text("containers").filter(|name| *name != "*").map(str::to_owned);
    let mut containers = Vec::new();
    let mut one = |session: &mut Session<'_>, field: &str, value: Value| {
        let name = named.clone().unwrap_or_else(|| {
            session.assume("container", "app, the only one");
            "app".to_owned()
        });
        containers.push(json!({"name": name, field: value}));
    };
    match what {
        "image" => {
            if changes.is_empty() {
                return Err(Refused::usage("at least one image update is required"));
            }
            for change in changes {
                let (name, image) = change.split_once('=').unwrap_or((change, ""));
                containers.push(json!({"image": image, "name": name}));
            }
        }
        "env" => {
            let value = |change: &String| match change.split_once('=') {
                Some((name, value)) => json!({"name": name, "value": value}),
                None => json!({"$patch": "delete", "name": change.trim_end_matches('-')}),
            };
            let values: Vec<Value> = changes.iter().map(value).collect();
            one(session, "env", Value::Array(values));
        }
        "resources" => {
            let mut resources = Map::new();
            for kind in ["limits", "requests"] {
                let pairs = session.flags.list(kind);
                let pairs = pairs.iter().filter_map(|pair| pair.split_once('='));
                let quantities: Map = pairs.map(|(name, value)| (name.to_owned(), json!(value))).collect();
                if !quantities.is_empty() {
                    resources.insert(kind, Value::Object(quantities));
                }
            }
            one(session, "resources", Value::Object(resources));
        }
        "serviceaccount" => {
            let account = changes.first().ok_or_else(|| Refused::usage("serviceaccount is required"))?;
            return Ok(json!({"spec": {"template": {"spec": {"serviceAccountName": account}}}}));
        }
        "selector" => {
            let selector = changes.first().ok_or_else(|| Refused::usage("one or more selectors is required"))?;
            let pairs = selector.split(',').filter_map(|pair| pair.split_once('='));
            let selector: Map = pairs.map(|(key, value)| (key.to_owned(), json!(value))).collect();
            return Ok(json!({"spec": {"selector": selector}}));
        }
        _ => {
            let subjects = |flag: &str, kind: &str| -> Vec<Value> {
                session.flags.list(flag).iter().map(|name| super::bodies::subject(kind, name)).collect()
            };
            let all =
                [subjects("user", "User"), subjects("group", "Group"), subjects("serviceaccount", "ServiceAccount")];
            return Ok(json!({"subjects": all.concat()}));
        }
    }
    let order: Vec<Value> = containers.iter().map(|container| json!({"name": container.get("name")})).collect();
    Ok(json!({"spec": {"template": {"spec": {"$setElementOrder/containers": order, "containers": containers}}}}))
}
