//! Small commands: wait, events, top, cluster-info, version, and those that only ask what the server serves.

use super::call::{Accept, Call};
use super::delete::watch;
use super::resource_args::words_of;
use super::session::{Outcome, Refused, Session};

/// `kubectl wait`
pub(super) fn wait(session: &mut Session<'_>) -> Outcome {
    let Some(condition) = session.flags.text("for").map(str::to_owned) else {
        return Err(Refused::usage("must specify at least one condition").help("add `--for=condition=Ready`"));
    };
    let targets = session.targets(&session.arguments())?;
    session.need_names(&targets)?;
    let condition = condition.to_ascii_lowercase();
    for target in &targets {
        session.understand(format!("Wait for {}", words_of(&targets)));
        let object = session.visit(target, Accept::Json, true)?;
        let again = Call::get(object.path(), "the object again");
        match condition.as_str() {
            "create" => session.send(again)?,
            "delete" => {
                session.send(again)?;
                let call = watch(session, &object, "until it is gone");
                session.send(call)?;
            }
            _ => {
                let call = watch(session, &object, "until it is so");
                session.send(call)?;
            }
        }
    }
    Ok(())
}

/// `kubectl events`
pub(super) fn events(session: &mut Session<'_>) -> Outcome {
    let events = session.resource("events")?;
    let namespace = session.namespace_for(&events);
    let watches = session.flags.is_on("watch");
    let place = namespace.as_ref().map_or("all namespaces".to_owned(), |namespace| format!("namespace {namespace}"));
    session.understand(format!("{} events in {place}", if watches { "Watch" } else { "List" }));
    let mut call = Call::get(
        format!("/api/v1{}/events", namespace.iter().map(|name| format!("/namespaces/{name}")).collect::<String>()),
        "the events",
    )
    .accept(Accept::Protobuf)
    .query("limit", "500");
    if let Some(object) = session.flags.text("for").map(str::to_owned) {
        let Some((kind, name)) = object.split_once('/') else {
            return Err(Refused::usage("--for must be in resource/name form"));
        };
        let resource = session.resource(kind)?;
        let terms = [
            format!("involvedObject.apiVersion={}", resource.api_version()),
            format!("involvedObject.kind={}", resource.kind),
            format!("involvedObject.name={name}"),
        ];
        call = call.query("fieldSelector", terms.join(","));
    }
    session.send_main(if watches { call.query("watch", "true") } else { call })
}

/// `kubectl top`
pub(super) fn top(session: &mut Session<'_>, plural: &'static str) -> Outcome {
    session.discovery.push(Call::get("/api", "discovery"));
    session.discovery.push(Call::get("/apis", "discovery"));
    session.assume("metrics API", "the cluster serves metrics.k8s.io/v1beta1");
    let resource = session.resource(plural)?;
    let namespace = session.namespace_for(&resource);
    let arguments = session.arguments();
    if arguments.len() > 1 {
        return Err(Refused::usage("unexpected arguments: at most one name"));
    }
    let name = arguments.first().map(String::as_str);
    session.understand(format!("Read the usage of {}", name.unwrap_or(plural)));
    let path = resource.path(namespace.as_deref(), name);
    let metrics = path.replacen("/api/v1", "/apis/metrics.k8s.io/v1beta1", 1);
    let selector = session.flags.text("selector").filter(|_| name.is_none()).map(str::to_owned);
    let fields = session.flags.text("field-selector").filter(|_| name.is_none()).map(str::to_owned);
    let call = Call::get(metrics, "the usage").accept(Accept::ProtobufOrAny);
    session.send_main(call.query_if("labelSelector", selector.as_deref()))?;
    if plural == "nodes" || fields.is_some() {
        let call = Call::get(path, format!("the {plural} themselves")).accept(Accept::Protobuf);
        session
            .send(call.query_if("labelSelector", selector.as_deref()).query_if("fieldSelector", fields.as_deref()))?;
    }
    Ok(())
}

/// `kubectl cluster-info`
pub(super) fn cluster_info(session: &mut Session<'_>) -> Outcome {
    session.understand("List the services of the cluster itself");
    let call = Call::get("/api/v1/namespaces/kube-system/services", "the services").accept(Accept::Any);
    session.send_main(call.query("labelSelector", "kubernetes.io/cluster-service=true"))
}

/// `kubectl cluster-info dump`
pub(super) fn dump(session: &mut Session<'_>) -> Outcome {
    session.understand("Dump what the cluster holds");
    session.send(Call::get("/api/v1/nodes", "the nodes").accept(Accept::Protobuf))?;
    let mut namespaces = session.flags.list("namespaces");
    if namespaces.is_empty() {
        namespaces = vec!["kube-system".to_owned(), session.namespace()];
    }
    let lists = [
        ("/api/v1", "events"),
        ("/api/v1", "replicationcontrollers"),
        ("/api/v1", "services"),
        ("/apis/apps/v1", "daemonsets"),
        ("/apis/apps/v1", "deployments"),
        ("/apis/apps/v1", "replicasets"),
        ("/api/v1", "pods"),
    ];
    for namespace in &namespaces {
        for (group, plural) in lists {
            let path = format!("{group}/namespaces/{namespace}/{plural}");
            session.send(Call::get(path, format!("the {plural}")).accept(Accept::Protobuf))?;
        }
    }
    if let Some(namespace) = namespaces.last() {
        session.assume("pods", format!("one, example in namespace {namespace}, whose container is example"));
        let path = format!("/api/v1/namespaces/{namespace}/pods/example/log");
        session.send(Call::get(path, "its log").accept(Accept::Any).query("container", "example"))?;
    }
    Ok(())
}

/// `kubectl version`
pub(super) fn version(session: &mut Session<'_>) -> Outcome {
    if session.flags.is_on("client") {
        return Err(Refused::no_request("`kubectl version --client` sends no request"));
    }
    session.understand("Read the server's version");
    let timeout = session.flags.has("request-timeout");
    let call = Call::get("/version", "the version").accept(Accept::Any);
    session.send_main(if timeout { call } else { call.query("timeout", "32s") })
}

/// Commands that only ask what the server serves.
pub(super) fn discovery(session: &mut Session<'_>, paths: &[&str]) -> Outcome {
    session.understand("Ask what the server serves");
    for path in paths {
        session.send(Call::get(*path, "what is served").query("timeout", "32s"))?;
    }
    Ok(())
}
