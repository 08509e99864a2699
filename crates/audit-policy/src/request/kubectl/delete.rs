//! `kubectl delete`, and waiting for what was deleted to be gone.

use crate::json::{Map, Value, json};

use super::call::{Accept, Call};
use super::resource_args::{Named, words_of};
use super::session::{DryRun, Outcome, Refused, Session};

pub(super) fn run(session: &mut Session<'_>) -> Outcome {
    if let Some(path) = session.flags.value("raw").map(str::to_owned) {
        return super::raw::run(session, "DELETE", &path);
    }
    let targets = session.targets(&session.arguments())?;
    session.need_names(&targets)?;
    let options = options(session)?;
    let dry_run = session.dry_run()?;
    let mut deleted = Vec::new();
    for target in &targets {
        session.understand(format!("Delete {}", words_of(&targets)));
        let object = session.visit_unnamed(target)?;
        if dry_run == DryRun::Client {
            if session.requests.is_empty() {
                return Err(Refused::no_request("`kubectl delete --dry-run=client` of named objects sends no request"));
            }
            continue;
        }
        let call = session.delete_call(object.path(), "the deletion".to_owned(), &options);
        if deleted.is_empty() {
            session.send_main(call)?;
        } else {
            session.send(call)?;
        }
        deleted.push(object);
    }
    let waits = session.flags.value("wait").is_none() || session.flags.is_on("wait");
    if waits && dry_run == DryRun::No {
        for object in &deleted {
            wait_until_gone(session, object)?;
        }
    }
    Ok(())
}

impl Session<'_> {
    /// The object that a target names; where it names none, the list is read and one object of it is assumed.
    pub fn visit_unnamed(&mut self, target: &super::resource_args::Target) -> Outcome<Named> {
        match target.named() {
            Some(named) => Ok(named),
            None => self.visit(target, Accept::Json, false),
        }
    }
}

/// DeleteOptions as the flags make them.
fn options(session: &Session<'_>) -> Outcome<Value> {
    let flags = &session.flags;
    let mut options = Map::new();
    let grace = match flags.value("grace-period") {
        Some(text) => Some(text.parse::<i64>().map_err(|_| {
            Refused::usage(format!(
                "invalid argument \"{text}\" for \"--grace-period\" flag: strconv.ParseInt: parsing \"{text}\": invalid syntax"
            ))
        })?),
        None => None,
    };
    let grace = match (grace.filter(|seconds| *seconds >= 0), flags.is_on("now"), flags.is_on("force")) {
        (Some(seconds), _, true) if seconds > 0 => {
            return Err(Refused::usage("--force and --grace-period greater than 0 cannot be specified together"));
        }
        (Some(_), true, _) => return Err(Refused::usage("--now and --grace-period cannot be specified together")),
        // Only --force makes it immediate.
        (Some(0), _, false) => Some(1),
        (Some(seconds), _, _) => Some(seconds),
        (None, true, _) => Some(1),
        (None, false, true) => Some(0),
        (None, false, false) => None,
    };
    if let Some(seconds) = grace {
        options.put("gracePeriodSeconds", &seconds);
    }
    let policy = match flags.value("cascade") {
        None | Some("" | "true" | "background") => "Background",
        Some("false" | "orphan") => "Orphan",
        Some("foreground") => "Foreground",
        Some(other) => {
            return Err(Refused::usage(format!(
                "invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""
            )));
        }
    };
    options.put("propagationPolicy", &policy);
    if session.dry_run()? == DryRun::Server {
        options.put("dryRun", &json!(["All"]));
    }
    Ok(Value::Object(options))
}

/// A GET; where the object is still there, a watch until it is gone. Pods end at their own pace and namespaces are emptied first; other
/// objects go at once, as long as nothing holds them.
pub(super) fn wait_until_gone(session: &mut Session<'_>, object: &Named) -> Outcome {
    let flags = &session.flags;
    let at_once = flags.is_on("force") && flags.number("grace-period").is_none_or(|seconds| seconds <= 0);
    let takes_time = match object.resource.plural.as_str() {
        "pods" => !at_once,
        "namespaces" => true,
        _ => flags.value("cascade") == Some("foreground"),
    };
    let get = Call::get(object.path(), "whether it is gone");
    let watch = watch(session, object, "until it is gone");
    if takes_time {
        session.assume("deletion", "takes a while, so that kubectl watches until the object is gone");
        session.send(get)?;
        return session.send(watch);
    }
    session.assume("deletion", "happens at once");
    session.send(get.answered(404))?;
    session.send(watch.when("the object is still there"))
}

/// A watch of one object that begins with what there is.
pub(super) fn watch(session: &mut Session<'_>, object: &Named, purpose: &str) -> Call {
    session.assume("timeoutSeconds", "400; kubectl takes a random number from 300 to 599");
    Call::get(object.resource.path(object.namespace.as_deref(), None), purpose)
        .query("allowWatchBookmarks", "true")
        .query("fieldSelector", format!("metadata.name={}", object.name))
        .query("resourceVersionMatch", "NotOlderThan")
        .query("sendInitialEvents", "true")
        .query("timeoutSeconds", "400")
        .query("watch", "true")
}
