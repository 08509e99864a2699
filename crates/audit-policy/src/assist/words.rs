//! Words that Kubernetes gives a meaning, and what kube-apiserver does with them.

use super::CompletionKind;

/// A word and what it means.
pub(super) type Known = (&'static str, &'static str);

pub(super) const KIND: [Known; 1] = [("Policy", "An audit policy.")];

pub(super) const BOOLS: [Known; 2] = [
    ("true", "`metadata.managedFields` is left out of logged objects, in lists too; patches are logged as sent."),
    ("false", "`metadata.managedFields` is logged with the objects."),
];

pub(super) const LEVELS: [Known; 4] = [
    ("None", "Nothing is logged."),
    ("Metadata", "Who asked what and when, and how it was answered: neither the object sent nor the one answered."),
    ("Request", "As Metadata, and the object that was sent, a Secret's data too; not the one answered."),
    (
        "RequestResponse",
        "As Request, and the object answered: for a list all of it, with the data of every Secret in it.",
    ),
];

pub(super) const STAGES: [Known; 4] = [
    (
        "RequestReceived",
        "As the request comes in: after authentication, before impersonation, authorization and any object is read.",
    ),
    (
        "ResponseStarted",
        "When the answer's head is sent, for long-running requests only (watch, exec, log, proxy and the like). A request that fails authentication is logged at this stage alone.",
    ),
    ("ResponseComplete", "When the answer is complete: the event with all that the level logs."),
    ("Panic", "In place of ResponseComplete, where the server panicked over the request."),
];

/// Verbs of requests for resources.
pub(super) const VERBS: [Known; 8] = [
    ("get", "GET or HEAD of one object by name; on paths that are no resource, GET."),
    ("list", "GET or HEAD without a name, and no watch."),
    ("watch", "GET with `watch` in the query and no name in the path. Long-running: it has the stage ResponseStarted."),
    ("create", "POST, to subresources such as `pods/eviction` too."),
    ("update", "PUT, to subresources such as `pods/status` too."),
    ("patch", "PATCH: `kubectl apply`, `edit`, `label` and the like; on paths that are no resource, PATCH too."),
    ("delete", "DELETE of one object by name; on paths that are no resource, DELETE."),
    ("deletecollection", "DELETE without a name."),
];

/// Verbs on paths that are no resource: the methods, and only there.
pub(super) const METHODS: [Known; 7] = [
    ("get", "GET of a path that is no resource."),
    ("post", "POST to a path that is no resource; for a resource it is `create`."),
    ("put", "PUT to a path that is no resource; for a resource it is `update`."),
    ("patch", "PATCH of a path that is no resource."),
    ("delete", "DELETE of a path that is no resource."),
    ("head", "HEAD of a path that is no resource; for a resource it is `get` or `list`."),
    ("options", "OPTIONS of a path that is no resource; for a resource the verb is empty."),
];

/// What is no verb of a request, though it is one elsewhere.
pub(super) const NO_VERBS: [(&[&str], &str); 3] = [
    (
        &["connect"],
        "No request has this verb, it is an operation of admission: exec, attach, port-forward and proxy are subresources, and the verb is `get`, `create` or as the method is.",
    ),
    (
        &["proxy"],
        "The verb of the old paths `/api/v1/proxy/…` only. For the subresource `proxy` the verb is as the method is: name `pods/proxy` or `services/proxy` in `resources`.",
    ),
    (
        &["use", "bind", "escalate", "impersonate", "approve", "sign", "attest"],
        "A verb of authorization only: no request has it, so nothing matches.",
    ),
];

/// Names of users; NS and NAME are to be filled in.
pub(super) const USERS: [Known; 9] = [
    ("system:serviceaccount:NS:NAME", "The service account NAME of the namespace NS."),
    ("system:node:NAME", "The kubelet of the node NAME."),
    ("system:apiserver", "kube-apiserver itself, over its loopback connection."),
    (
        "system:kube-controller-manager",
        "kube-controller-manager; its controllers may have service accounts of their own in kube-system.",
    ),
    ("system:kube-scheduler", "kube-scheduler."),
    (
        "system:kube-proxy",
        "kube-proxy with a certificate; under kubeadm it is system:serviceaccount:kube-system:kube-proxy.",
    ),
    (
        "system:serviceaccount:kube-system:generic-garbage-collector",
        "The garbage collector, where controllers have service accounts of their own.",
    ),
    (
        "system:serviceaccount:kube-system:namespace-controller",
        "The namespace controller, which empties deleted namespaces, where controllers have service accounts of their own.",
    ),
    ("system:anonymous", "Requests without credentials, where anonymous requests are allowed."),
];

/// Groups of users, each with the first minor release that has it.
pub(super) const USER_GROUPS: [(&str, u8, &str); 8] = [
    ("system:authenticated", 0, "Everybody who is authenticated; anonymous requests are not in it."),
    (
        "system:unauthenticated",
        0,
        "Anonymous requests. A request that fails authentication (401) has no user: no rule with users or groups matches it.",
    ),
    ("system:masters", 0, "Users who may do everything, past all authorization."),
    ("system:nodes", 0, "The kubelets, as system:node:NAME."),
    ("system:serviceaccounts", 0, "All service accounts."),
    ("system:serviceaccounts:NS", 0, "The service accounts of the namespace NS."),
    ("system:bootstrappers", 0, "Nodes that are joining, with a bootstrap token."),
    ("kubeadm:cluster-admins", 29, "The administrators that kubeadm makes, such as kubernetes-admin."),
];

pub(super) const NAMESPACES: [Known; 5] = [
    ("kube-system", "Where the cluster's own components are."),
    ("default", "Where objects are that name no other namespace."),
    ("kube-public", "What everybody may read, such as the cluster-info ConfigMap."),
    ("kube-node-lease", "The nodes' leases, which each kubelet renews every few seconds."),
    (
        "",
        "A request in no namespace: for cluster-wide resources such as nodes, and for a list or watch across all namespaces.",
    ),
];

pub(super) const PATHS: [Known; 15] = [
    ("/healthz*", "`/healthz` and the single checks below it."),
    ("/livez*", "`/livez` and the single checks below it."),
    ("/readyz*", "`/readyz` and the single checks below it."),
    ("/metrics", "kube-apiserver's metrics; `/metrics/slis` and the like are paths of their own."),
    ("/metrics*", "kube-apiserver's metrics, all of them."),
    ("/version", "The version of kube-apiserver; `/version/` with a slash does not match."),
    ("/openapi*", "The OpenAPI documents that kubectl reads."),
    ("/api", "Discovery of the core group's versions."),
    ("/api*", "All of discovery, `/apis` too. Resources below it are not meant: they never match a path."),
    ("/apis", "Discovery of the API groups."),
    (
        "/apis*",
        "Discovery of groups, and of their resources. Resources below it are not meant: they never match a path.",
    ),
    ("/.well-known*", "The discovery of the issuer of service account tokens."),
    ("/debug/pprof*", "Profiling; what is below `/debug/pprof/` is long-running."),
    ("/logs*", "Files of the server's log folder."),
    ("*", "Every path that is no resource."),
];

/// What `*` is not.
pub(super) fn star(field: &str) -> Option<String> {
    let what = match field {
        "users" => "user",
        "userGroups" => "group",
        "verbs" => "verb",
        "namespaces" => "namespace",
        "resourceNames" => "name",
        _ => return None,
    };
    Some(format!("`*` is no wildcard here, only the {what} `*`. Leave `{field}` out for every one."))
}

/// The words of a field that need nothing but the field's name to be known.
pub(super) fn of_field(field: &str) -> (CompletionKind, &'static [Known]) {
    match field {
        "kind" => (CompletionKind::Keyword, &KIND),
        "omitManagedFields" => (CompletionKind::Keyword, &BOOLS),
        "level" => (CompletionKind::Keyword, &LEVELS),
        "omitStages" => (CompletionKind::Keyword, &STAGES),
        "users" => (CompletionKind::User, &USERS),
        "namespaces" => (CompletionKind::Namespace, &NAMESPACES),
        "nonResourceURLs" => (CompletionKind::Path, &PATHS),
        _ => (CompletionKind::Keyword, &[]),
    }
}
