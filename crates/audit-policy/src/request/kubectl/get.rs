//! `kubectl get`

use super::call::{Accept, Call};
use super::resource_args::{Target, words_of};
use super::session::{Outcome, Refused, Session};

/// The resource version that the list of a watch is assumed to have.
const LISTED_VERSION: &str = "1000";

pub(super) fn run(session: &mut Session<'_>) -> Outcome {
    if let Some(path) = session.flags.value("raw").map(str::to_owned) {
        return super::raw::run(session, "GET", &path);
    }
    let targets = session.targets(&session.arguments())?;
    let accept = accept(session);
    let watches = session.flags.is_on("watch") || session.flags.is_on("watch-only");
    if watches && targets.len() != 1 {
        return Err(Refused::usage("you may only specify a single resource type"));
    }
    for target in &targets {
        let read = if target.name.is_some() { "Get" } else { "List" };
        session.understand(format!("{read} {}{}", words_of(&targets), how(session, accept)));
        let call = read_call(session, target, accept)?;
        session.send(call)?;
    }
    if let ([target], true) = (targets.as_slice(), watches) {
        watch(session, target, accept)?;
    }
    Ok(())
}

/// What is accepted: a table for people, objects for everything else.
fn accept(session: &Session<'_>) -> Accept {
    let for_people = matches!(session.flags.value("output"), None | Some("" | "wide"));
    let by_server = session.flags.value("server-print").is_none() || session.flags.is_on("server-print");
    if for_people && by_server { Accept::Table } else { Accept::Json }
}

fn how(session: &Session<'_>, accept: Accept) -> String {
    let mut how = match (accept, session.flags.text("output")) {
        (Accept::Table, _) => ", as a table".to_owned(),
        (_, Some("name")) => ", for their names".to_owned(),
        (_, Some(output)) => format!(", as {}", output.split('=').next().unwrap_or(output)),
        (_, None) => String::new(),
    };
    if session.flags.is_on("watch") || session.flags.is_on("watch-only") {
        how.push_str(", then watch");
    }
    how
}

fn read_call(session: &Session<'_>, target: &Target, accept: Accept) -> Outcome<Call> {
    let mut path = target.path();
    if let Some(subresource) = session.flags.text("subresource") {
        if target.name.is_none() && target.body.is_none() {
            return Err(Refused::usage("you must specify a resource name when --subresource is set"));
        }
        path = format!("{path}/{subresource}");
    }
    let purpose = if target.name.is_some() { "the object" } else { "the list" };
    let mut call = Call::get(path, purpose).accept(accept);
    let sorts = session.flags.text("sort-by").is_some();
    if sorts && accept == Accept::Table {
        call = call.query("includeObject", "Object");
    }
    if target.name.is_some() {
        return Ok(call);
    }
    call = session.selectors(call);
    let chunk = match session.flags.value("chunk-size") {
        Some(text) => text.parse::<i64>().map_err(|_| {
            Refused::usage(format!(
                "invalid argument \"{text}\" for \"--chunk-size\" flag: strconv.ParseInt: parsing \"{text}\": invalid syntax"
            ))
        })?,
        None => 500,
    };
    if chunk < 0 {
        return Err(Refused::usage("--chunk-size must be zero or positive"));
    }
    Ok(if chunk > 0 && !sorts { call.query("limit", chunk.to_string()) } else { call })
}

fn watch(session: &mut Session<'_>, target: &Target, accept: Accept) -> Outcome {
    let list = target.resource.path(target.namespace.as_deref(), None);
    let call = Call::get(list, "the changes from then on").accept(accept).query("watch", "true");
    let call = match &target.name {
        Some(name) => call.query("fieldSelector", format!("metadata.name={name}")).query("resourceVersion", "0"),
        None => {
            session.assume("resource version", format!("{LISTED_VERSION}, that of the list"));
            session.selectors(call).query("resourceVersion", LISTED_VERSION)
        }
    };
    session.send(call)
}
