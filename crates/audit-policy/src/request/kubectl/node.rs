//! Commands for nodes: cordon, uncordon, drain, taint.

use crate::json::{Map, Value, json};

use super::call::{Accept, Call, PROTOBUF, STRATEGIC_PATCH, json_text};
use super::resource_args::{Named, Target};
use super::session::{DryRun, Outcome, Refused, Session};

fn nodes(session: &mut Session<'_>, names: &[String]) -> Outcome<Vec<Target>> {
    let all = ["selector", "all"].iter().any(|flag| session.flags.has(flag));
    if names.is_empty() && !all {
        return Err(Refused::usage(format!("USAGE: {} NODE [flags]", session.command)));
    }
    let mut arguments = vec!["nodes".to_owned()];
    arguments.extend(names.iter().map(|name| name.trim_start_matches("node/").trim_start_matches("nodes/").to_owned()));
    session.targets(&arguments)
}

/// Reads the nodes, and marks them as schedulable or not.
fn mark(session: &mut Session<'_>, cordon: bool) -> Outcome<Vec<Named>> {
    let targets = nodes(session, &session.arguments())?;
    let mut marked = Vec::new();
    for target in &targets {
        let verb = match (session.command, cordon) {
            ("drain", _) => "Drain",
            (_, true) => "Cordon",
            (_, false) => "Uncordon",
        };
        session.understand(format!("{verb} {}", target.words()));
        let call = Call::get(target.path(), "the node, as it is").accept(Accept::Any);
        let call = if target.name.is_none() { session.selectors(call).query("limit", "500") } else { call };
        session.send(call)?;
        marked.push(session.one_of(target));
    }
    for node in &marked {
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        session.assume("object", "the node is not marked so yet: kubectl sends no patch where it is");
        let value = if cordon { json!(true) } else { Value::Null };
        let body = json_text(&json!({"spec": {"unschedulable": value}}));
        let call = Call::new("PATCH", node.path(), "the mark").accept(Accept::Protobuf).patch(STRATEGIC_PATCH, body);
        let call = session.write_query(call, None, false)?;
        session.send_first_main(call)?;
    }
    Ok(marked)
}

/// `kubectl cordon` and `kubectl uncordon`
pub(super) fn cordon(session: &mut Session<'_>, cordon: bool) -> Outcome {
    mark(session, cordon).map(|_| ())
}

/// `kubectl drain`
pub(super) fn drain(session: &mut Session<'_>) -> Outcome {
    let evicts = !session.flags.is_on("disable-eviction");
    if evicts {
        session.discover("/api/v1");
    }
    for node in mark(session, true)? {
        let pods = Call::get("/api/v1/pods", "the pods on it").accept(Accept::Protobuf);
        let pods = pods.query("fieldSelector", format!("spec.nodeName={}", node.name)).query("limit", "500");
        session.send(pods.query_if("labelSelector", session.flags.text("pod-selector")))?;
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        session.assume("pods", "one, example in namespace default, that no daemon set owns");
        let path = "/api/v1/namespaces/default/pods/example";
        let grace = session.flags.number("grace-period").filter(|seconds| *seconds >= 0);
        let mut options = Map::new();
        options.put_some("gracePeriodSeconds", grace);
        let dry_run = session.dry_run()? == DryRun::Server;
        if dry_run {
            options.put("dryRun", &json!(["All"]));
        }
        if evicts {
            let body = json!({
                "kind": "Eviction", "apiVersion": "policy/v1", "metadata": {"name": "example", "namespace": "default"},
                "deleteOptions": options,
            });
            let post = Call::new("POST", format!("{path}/eviction"), "its eviction").json(&body).accept(Accept::Any);
            session.send(post)?;
        } else {
            let mut body = Map::new();
            body.put("kind", &"DeleteOptions");
            body.put("apiVersion", &"v1");
            body.extend(options);
            let call = Call::new("DELETE", path, "its deletion").protobuf(&Value::Object(body));
            session.send(Call { content_type: Some(PROTOBUF), ..call })?;
        }
        if !dry_run {
            session.send(Call::get(path, "whether it is gone").accept(Accept::Protobuf).answered(404))?;
        }
    }
    Ok(())
}

/// `kubectl taint`
pub(super) fn taint(session: &mut Session<'_>) -> Outcome {
    let arguments = session.arguments();
    let rest = match arguments.split_first() {
        Some((kind, rest)) if ["node", "nodes", "no"].contains(&kind.as_str()) => rest,
        _ => return Err(Refused::usage("invalid resource type: only node(s) is supported")),
    };
    let is_taint = |argument: &String| argument.contains(':') || argument.contains('=') || argument.ends_with('-');
    let split = rest.iter().position(is_taint).unwrap_or(rest.len());
    let (names, taints) = rest.split_at_checked(split).unwrap_or((&[], &[]));
    if taints.is_empty() {
        return Err(Refused::usage("at least one taint update is required"));
    }
    let added = taints.iter().filter(|taint| !taint.ends_with('-')).map(|taint| {
        let (key, effect) = taint.rsplit_once(':').unwrap_or((taint, ""));
        let (key, value) = key.split_once('=').unwrap_or((key, ""));
        let mut members = Map::new();
        members.put("effect", &effect);
        members.put("key", &key);
        if !value.is_empty() {
            members.put("value", &value);
        }
        Value::Object(members)
    });
    let body = json!({"spec": {"taints": added.collect::<Vec<_>>()}});
    let targets = nodes(session, names)?;
    session.assume("object", "the node has no other taints; kubectl sends the whole list");
    for target in &targets {
        session.understand(format!("Taint {}", target.words()));
        let node = session.visit(target, Accept::Any, false)?;
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        let call =
            Call::new("PATCH", node.path(), "the taints").accept(Accept::Any).patch(STRATEGIC_PATCH, json_text(&body));
        let call = session.write_query(call, Some("kubectl-taint"), true)?;
        session.send_first_main(call)?;
    }
    Ok(())
}
