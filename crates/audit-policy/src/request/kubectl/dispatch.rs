//! Which module reads which command.

use super::commands::Command;
use super::session::{Outcome, Refused, Session};
use super::{
    apply, auth, change, command_line, create, delete, describe, exec, get, node, other, patch, proxy, rollout, run,
};

/// Makes a command into requests; `others` are the commands that stand around it.
pub(super) fn run(session: &mut Session<'_>, command: &'static Command, others: &[command_line::Command]) -> Outcome {
    if session.flags.is_on("help") {
        return Err(no_request(command.path));
    }
    match command.path {
        "get" => get::run(session),
        "describe" => describe::run(session),
        "create" => create::from_files(session, command.subcommands()),
        "create token" => create::token(session),
        "create secret" | "create service" => Err(unknown_subcommand(session, command)),
        path if path.starts_with("create ") => create::generated(session),
        "apply" => apply::run(session),
        "apply view-last-applied" => apply::view_last_applied(session),
        "apply set-last-applied" => apply::set_last_applied(session),
        "replace" => apply::replace(session),
        "diff" => apply::diff(session),
        "edit" | "apply edit-last-applied" => patch::edit(session),
        "patch" => patch::run(session),
        "delete" => delete::run(session),
        "scale" => change::scale(session),
        "label" => change::label(session, "labels"),
        "annotate" => change::label(session, "annotations"),
        "set env" => change::set(session, "env"),
        "set image" => change::set(session, "image"),
        "set resources" => change::set(session, "resources"),
        "set selector" => change::set(session, "selector"),
        "set serviceaccount" => change::set(session, "serviceaccount"),
        "set subject" => change::set(session, "subject"),
        "logs" => exec::logs(session),
        "exec" => exec::exec(session),
        "attach" => exec::attach(session),
        "port-forward" => exec::port_forward(session),
        "cp" => exec::cp(session),
        "run" => run::run(session),
        "expose" => run::expose(session),
        "autoscale" => run::autoscale(session),
        "debug" => run::debug(session),
        "rollout status" => rollout::run(session, "status"),
        "rollout history" => rollout::run(session, "history"),
        "rollout restart" => rollout::run(session, "restart"),
        "rollout pause" => rollout::run(session, "pause"),
        "rollout resume" => rollout::run(session, "resume"),
        "rollout undo" => rollout::run(session, "undo"),
        "cordon" => node::cordon(session, true),
        "uncordon" => node::cordon(session, false),
        "drain" => node::drain(session),
        "taint" => node::taint(session),
        "auth can-i" => auth::can_i(session),
        "auth whoami" => auth::who_am_i(session),
        "auth reconcile" => auth::reconcile(session),
        "certificate approve" => auth::certificate(session, "approve"),
        "certificate deny" => auth::certificate(session, "deny"),
        "wait" => other::wait(session),
        "events" => other::events(session),
        "top pod" => other::top(session, "pods"),
        "top node" => other::top(session, "nodes"),
        "cluster-info" => other::cluster_info(session),
        "cluster-info dump" => other::dump(session),
        "version" => other::version(session),
        "api-resources" | "api-versions" => other::discovery(session, &["/api", "/apis"]),
        "explain" => {
            let v2 = session.flags.text("output") == Some("plaintext-openapiv2");
            other::discovery(session, &[if v2 { "/openapi/v2" } else { "/openapi/v3" }])
        }
        "proxy" => proxy::run(session, others),
        "" | "auth" | "certificate" | "rollout" | "set" | "top" if !session.arguments().is_empty() => {
            Err(unknown_subcommand(session, command))
        }
        path => {
            let below: Vec<&str> = command.subcommands().map(Command::last_word).collect();
            let refused = no_request(path);
            Err(if path.is_empty() || below.is_empty() {
                refused
            } else {
                refused.help(format!("it has {}", below.join(", ")))
            })
        }
    }
}

fn no_request(path: &str) -> Refused {
    let command = if path.is_empty() { "kubectl".to_owned() } else { format!("kubectl {path}") };
    Refused::no_request(format!("`{command}` here sends no request to the API server"))
        .help("give a command that does, such as `kubectl get pods`")
}

/// In kubectl's words; the commands that there are as help, the nearest one first.
fn unknown_subcommand(session: &Session<'_>, command: &'static Command) -> Refused {
    let name = session.arguments().first().cloned().unwrap_or_default();
    let of = if command.path.is_empty() { "kubectl".to_owned() } else { format!("kubectl {}", command.path) };
    let known: Vec<&str> = command.subcommands().map(Command::last_word).collect();
    let refused =
        Refused { code: "unknown-command", ..Refused::usage(format!("unknown command \"{name}\" for \"{of}\"")) };
    match crate::near::nearest(&name, known.iter().copied()) {
        Some(near) => refused.meant(&name, near),
        None => refused.help(format!("{of} has {}", known.join(", "))),
    }
}
