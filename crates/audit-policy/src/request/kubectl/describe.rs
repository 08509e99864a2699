//! `kubectl describe`: the object, the object again as its own type, and what belongs to it.
//!
//! Mirrors k8s.io/kubectl/pkg/describe/describe.go.

use super::call::{Accept, Call};
use super::resource_args::{Named, Target, words_of};
use super::session::{Outcome, Session};

/// The uid that an object is assumed to have.
const UID: &str = "00000000-0000-0000-0000-000000000000";

pub(super) fn run(session: &mut Session<'_>) -> Outcome {
    let targets = session.targets(&session.arguments())?;
    let mut objects = Vec::new();
    for target in &targets {
        session.understand(format!("Describe {}", words_of(&targets)));
        let call = Call::get(target.path(), if target.name.is_some() { "the object" } else { "the list" });
        let call = if target.name.is_some() { call } else { limited(session, session.selectors(call)) };
        session.send(call)?;
        objects.push((session.one_of(target), target.clone()));
    }
    let single = targets.len() == 1;
    for (object, target) in &objects {
        describe(session, object, target, single)?;
    }
    Ok(())
}

fn limited(session: &Session<'_>, call: Call) -> Call {
    match session.flags.number("chunk-size") {
        Some(0) => call,
        Some(limit) => call.query("limit", limit.to_string()),
        None => call.query("limit", "500"),
    }
}

/// A list of things that belong to an object.
fn related(session: &Session<'_>, path: String, what: &str) -> Call {
    limited(session, Call::get(path, what).accept(Accept::Protobuf))
}

fn describe(session: &mut Session<'_>, object: &Named, target: &Target, single: bool) -> Outcome {
    let described = described(&object.resource.group, &object.resource.kind);
    let accept = if described.is_some() { Accept::Protobuf } else { Accept::Json };
    session.send(Call::get(object.path(), "the object again, for its description").accept(accept))?;
    let namespace = object.namespace.clone().unwrap_or_default();
    let in_namespace = |group: &str, plural: &str| {
        let prefix = if group.is_empty() { "/api/v1".to_owned() } else { format!("/apis/{group}") };
        format!("{prefix}/namespaces/{namespace}/{plural}")
    };
    let selector = |session: &mut Session<'_>| {
        let label = format!("app={}", object.name);
        session.assume("selector", format!("{label}, of the {}", object.resource.singular()));
        label
    };
    match object.resource.kind.as_str() {
        "Namespace" => {
            let of = |plural: &str| format!("/api/v1/namespaces/{}/{plural}", object.name);
            session.send(related(session, of("resourcequotas"), "its quotas"))?;
            session.send(related(session, of("limitranges"), "its limits"))?;
        }
        "Deployment" if described.is_some() => {
            let label = selector(session);
            let call = related(session, in_namespace("apps/v1", "replicasets"), "its replica sets");
            session.send(call.query("labelSelector", label))?;
        }
        "DaemonSet" | "StatefulSet" | "ReplicaSet" | "ReplicationController" if described.is_some() => {
            let label = selector(session);
            let call = related(session, in_namespace("", "pods"), "its pods");
            session.send(call.query("labelSelector", label))?;
        }
        "PersistentVolumeClaim" => {
            session.send(related(session, in_namespace("", "pods"), "the pods that may use it"))?
        }
        "Service" if described.is_some() => {
            slices(session, in_namespace("discovery.k8s.io/v1", "endpointslices"), &object.name)?
        }
        "Node" => node(session, &object.name)?,
        _ => {}
    }
    if described != Some(Events::No) && wants_events(session) {
        events(session, object, target, single)?;
    }
    if object.resource.kind == "Ingress" && described.is_some() {
        session.assume("backend", format!("service {}", object.name));
        slices(session, in_namespace("discovery.k8s.io/v1", "endpointslices"), &object.name)?;
        let path = format!("{}/{}", in_namespace("", "services"), object.name);
        session.send(Call::get(path, "its backend").accept(Accept::Protobuf))?;
    }
    Ok(())
}

fn wants_events(session: &Session<'_>) -> bool {
    session.flags.value("show-events").is_none() || session.flags.is_on("show-events")
}

fn slices(session: &mut Session<'_>, path: String, service: &str) -> Outcome {
    let call = Call::get(path, "the endpoints of the service").accept(Accept::Protobuf);
    session.send(call.query("labelSelector", format!("kubernetes.io/service-name={service}")))
}

fn node(session: &mut Session<'_>, name: &str) -> Outcome {
    let pods = related(session, "/api/v1/pods".to_owned(), "its pods");
    let selector = format!("spec.nodeName={name},status.phase!=Failed,status.phase!=Succeeded");
    session.send(pods.query("fieldSelector", selector))?;
    let slices = Call::get("/apis/resource.k8s.io/v1/resourceslices", "its devices").accept(Accept::Protobuf);
    session.send(slices.query("fieldSelector", format!("spec.nodeName={name}")))?;
    let lease = format!("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}");
    session.send(Call::get(lease, "its lease").accept(Accept::Protobuf))
}

/// The events about an object: kubectl asks for them where it describes one object only.
fn events(session: &mut Session<'_>, object: &Named, target: &Target, single: bool) -> Outcome {
    if !single && !session.flags.is_on("show-events") {
        return Ok(());
    }
    session.assume("uid", format!("{UID}, in the selector of the events"));
    let mut terms = vec![format!("involvedObject.name={}", object.name)];
    terms.push(format!("involvedObject.namespace={}", object.namespace.as_deref().unwrap_or_default()));
    if object.resource.kind != "Pod" {
        terms.push(format!("involvedObject.kind={}", object.resource.kind));
    }
    let namespace = object.namespace.clone();
    let path = match &namespace {
        Some(namespace) => format!("/api/v1/namespaces/{namespace}/events"),
        None => "/api/v1/events".to_owned(),
    };
    let uids: &[&str] = if object.resource.kind == "Node" { &[UID, &object.name] } else { &[UID] };
    for uid in uids {
        let terms = format!("{},involvedObject.uid={uid}", terms.join(","));
        let mut call = related(session, path.clone(), "its events").query("fieldSelector", terms);
        if target.name.is_none() && !session.flags.is_on("show-events") {
            call = call.when("only one object matches");
        }
        session.send(call)?;
    }
    Ok(())
}

/// Whether a description shows events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Events {
    Yes,
    No,
}

/// How kubectl describes a kind that it knows; others are described as they are, with events.
fn described(group: &str, kind: &str) -> Option<Events> {
    Some(match (group, kind) {
        ("", "Secret" | "LimitRange" | "ResourceQuota" | "Namespace")
        | ("rbac.authorization.k8s.io", "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding")
        | ("networking.k8s.io", "NetworkPolicy") => Events::No,
        (
            "",
            "Pod"
            | "ReplicationController"
            | "Service"
            | "ServiceAccount"
            | "Node"
            | "PersistentVolume"
            | "PersistentVolumeClaim"
            | "Endpoints"
            | "ConfigMap",
        )
        | ("discovery.k8s.io", "EndpointSlice")
        | ("autoscaling", "HorizontalPodAutoscaler")
        | ("networking.k8s.io", "Ingress" | "IngressClass" | "ServiceCIDR" | "IPAddress")
        | ("batch", "Job" | "CronJob")
        | ("apps", "StatefulSet" | "Deployment" | "DaemonSet" | "ReplicaSet")
        | ("certificates.k8s.io", "CertificateSigningRequest")
        | ("storage.k8s.io", "StorageClass" | "CSINode" | "VolumeAttributesClass")
        | ("policy", "PodDisruptionBudget")
        | ("scheduling.k8s.io", "PriorityClass") => Events::Yes,
        _ => return None,
    })
}
