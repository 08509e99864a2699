//! `kubectl rollout`

use crate::json::{Value, json};

use super::call::{Accept, Call, JSON_PATCH, STRATEGIC_PATCH, json_text};
use super::delete::watch;
use super::resource_args::Named;
use super::session::{DryRun, Outcome, Refused, Session};

/// The time that a restart is assumed to be at.
const RESTARTED_AT: &str = "2026-01-01T00:00:00Z";

pub(super) fn run(session: &mut Session<'_>, action: &'static str) -> Outcome {
    let targets = session.targets(&session.arguments())?;
    let mut objects = Vec::new();
    for target in &targets {
        let what = match action {
            "status" => "Watch the rollout of",
            "history" => "Read the revisions of",
            "restart" => "Restart",
            "pause" => "Pause",
            "resume" => "Resume",
            _ => "Undo the last rollout of",
        };
        session.understand(format!("{what} {}", target.words()));
        objects.push(session.visit(target, Accept::Any, true)?);
    }
    for object in &objects {
        let kind = object.resource.kind.as_str();
        if !["Deployment", "DaemonSet", "StatefulSet"].contains(&kind) {
            let message = format!("kubectl has no rollout {action} of kind {kind}: it reads the object and stops");
            session.find("no-rollout", crate::Severity::Warning, message, None);
            continue;
        }
        match action {
            "status" => {
                let call = watch(session, object, "until it is rolled out");
                session.send(call)?;
            }
            "history" => revisions(session, object)?,
            "undo" => undo(session, object)?,
            _ => change(session, object, action)?,
        }
    }
    Ok(())
}

/// Where the revisions of a workload are kept.
fn revisions(session: &mut Session<'_>, object: &Named) -> Outcome {
    session.send(Call::get(object.path(), "the workload again").accept(Accept::Protobuf))?;
    let plural = if object.resource.kind == "Deployment" { "replicasets" } else { "controllerrevisions" };
    let label = format!("app={}", object.name);
    session.assume("selector", format!("{label}, of the {}", object.resource.singular()));
    let path = format!("/apis/apps/v1/namespaces/{}/{plural}", object.namespace.clone().unwrap_or_default());
    session.send(Call::get(path, "its revisions").accept(Accept::Protobuf).query("labelSelector", label))
}

fn undo(session: &mut Session<'_>, object: &Named) -> Outcome {
    revisions(session, object)?;
    if session.dry_run()? == DryRun::Client {
        return Ok(());
    }
    session.assume("revision", "there is an earlier one; its template is not known and left empty");
    let (content_type, body): (_, Value) = if object.resource.kind == "Deployment" {
        (JSON_PATCH, json!([{"op": "replace", "path": "/spec/template", "value": {}}]))
    } else {
        (STRATEGIC_PATCH, json!({"spec": {"template": {"$patch": "replace"}}}))
    };
    let call = Call::new("PATCH", object.path(), "the earlier template").accept(Accept::Protobuf);
    let call = session.write_query(call.patch(content_type, json_text(&body)), None, false)?;
    session.send_first_main(call)
}

fn change(session: &mut Session<'_>, object: &Named, action: &str) -> Outcome {
    if action != "restart" && object.resource.kind != "Deployment" {
        return Err(Refused::usage(format!("{} is not supported for {action}", object.resource.qualified())));
    }
    let body = match action {
        "restart" => {
            session.assume("restart", format!("at {RESTARTED_AT}"));
            let annotation = json!({"kubectl.kubernetes.io/restartedAt": RESTARTED_AT});
            json!({"spec": {"template": {"metadata": {"annotations": annotation}}}})
        }
        "pause" => json!({"spec": {"paused": true}}),
        _ => json!({"spec": {"paused": null}}),
    };
    let call = Call::new("PATCH", object.path(), "the change").accept(Accept::Any);
    let call = session.write_query(call.patch(STRATEGIC_PATCH, json_text(&body)), Some("kubectl-rollout"), false)?;
    session.send_first_main(call)
}
