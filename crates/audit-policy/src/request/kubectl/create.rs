//! `kubectl create`: of files, and of flags.

use crate::go_base64;
use crate::json::{Map, Value, json};

use super::apply::with_last_applied;
use super::bodies::{containers, data, file_base64, ingress_spec, int_or_string, pairs, rules, subject, tcp_ports};
use super::call::{Accept, Call};
use super::commands::Command;
use super::manifest::words_of;
use super::resources::Resource;
use super::session::{DryRun, Outcome, Refused, Session};
use crate::near::nearest;

/// `kubectl create -f`
pub(super) fn from_files(session: &mut Session<'_>, generators: impl Iterator<Item = &'static Command>) -> Outcome {
    if let Some(path) = session.flags.value("raw").map(str::to_owned) {
        return super::raw::run(session, "POST", &path);
    }
    if let Some(first) = session.arguments().first() {
        let kinds: Vec<&str> = generators.map(Command::last_word).collect();
        let refused = Refused::usage(format!("Unexpected args: [{first}]"));
        return Err(match nearest(first, kinds.iter().copied()) {
            Some(near) => refused.meant(first, near),
            None => refused.help(format!("it makes {} of flags, and anything else of a file: `-f`", kinds.join(", "))),
        });
    }
    if !session.flags.has("filename") && !session.flags.has("kustomize") {
        return Err(Refused::usage("must specify one of -f and -k"));
    }
    session.fetch_schema();
    let objects = session.objects()?;
    for object in &objects {
        session.understand(format!("Create {}", words_of(&objects)));
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        let body =
            if session.flags.is_on("save-config") { with_last_applied(&object.body) } else { object.body.clone() };
        let post = Call::new("POST", object.list_path(), "the new object").json(&body);
        let post = session.write_query(post, Some("kubectl-create"), true)?;
        session.send_first_main(post)?;
    }
    if session.requests.is_empty() {
        return Err(Refused::no_request("`kubectl create -f --dry-run=client` sends no request but discovery"));
    }
    Ok(())
}

/// `kubectl create KIND`
pub(super) fn generated(session: &mut Session<'_>) -> Outcome {
    let (resource, object) = object(session)?;
    if session.dry_run()? == DryRun::Client {
        return Err(Refused::no_request(format!("`kubectl {} --dry-run=client` sends no request", session.command)));
    }
    let namespace = session.namespace_for(&resource);
    let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let place = namespace.iter().map(|namespace| format!(" in namespace {namespace}")).collect::<String>();
    session.understand(format!("Create {} {name}{place}", resource.singular()));
    session.assume("body", "as kubectl makes it, shown as JSON; on the wire it is protobuf");
    let post = Call::new("POST", resource.path(namespace.as_deref(), None), "the new object").protobuf(&object);
    let post = session.write_query(post, Some("kubectl-create"), true)?;
    session.send_main(post)
}

/// The object that `kubectl create KIND` makes, and its resource.
pub(super) fn object(session: &mut Session<'_>) -> Outcome<(Resource, Value)> {
    let what = session.command.trim_start_matches("create ");
    let (resource, mut object) = match what {
        "namespace" => ("namespaces", with(session, json!({"spec": {}, "status": {}}))?),
        "configmap" => ("configmaps", config_map(session)?),
        "secret generic" | "secret docker-registry" | "secret tls" => ("secrets", secret(session, what)?),
        "serviceaccount" => ("serviceaccounts", with(session, json!({}))?),
        "deployment" => ("deployments.apps", deployment(session)?),
        "job" => ("jobs.batch", job(session)?),
        "cronjob" => ("cronjobs.batch", cron_job(session)?),
        "role" => ("roles", role(session)?),
        "clusterrole" => ("clusterroles", cluster_role(session)?),
        "rolebinding" | "clusterrolebinding" => {
            (if what == "rolebinding" { "rolebindings" } else { "clusterrolebindings" }, binding(session, what)?)
        }
        "quota" => ("resourcequotas", quota(session)?),
        "ingress" => {
            let spec = ingress_spec(session)?;
            ("ingresses.networking.k8s.io", with(session, json!({"spec": spec, "status": {"loadBalancer": {}}}))?)
        }
        "poddisruptionbudget" => ("poddisruptionbudgets", disruption_budget(session)?),
        "priorityclass" => ("priorityclasses", priority_class(session)?),
        _ => ("services", service(session, what)?),
    };
    let resource = Resource::built_in(resource, session.release).map_or_else(|| session.resource(resource), Ok)?;
    // kind and apiVersion come first in what kubectl writes.
    let mut members = Map::new();
    members.put("kind", &resource.kind);
    members.put("apiVersion", &resource.api_version());
    if let Some(own) = object.as_object_mut() {
        members.extend(std::mem::take(own));
    }
    let object = Value::Object(members);
    Ok((resource, if session.flags.is_on("save-config") { annotated(object) } else { object }))
}

/// The object with itself in the annotation of apply, in the order of its own members.
fn annotated(mut object: Value) -> Value {
    let text = format!("{}\n", super::call::json_text(&object));
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.put("annotations", &json!({(super::apply::LAST_APPLIED): text}));
    }
    object
}

/// The members with metadata before them: the name from the arguments, the namespace where the command gives one.
fn with(session: &mut Session<'_>, members: Value) -> Outcome<Value> {
    labelled(session, None, members)
}

fn labelled(session: &mut Session<'_>, label: Option<&str>, members: Value) -> Outcome<Value> {
    let arguments = session.arguments();
    let [name] = arguments.as_slice() else {
        return Err(Refused::usage(format!("exactly one NAME is required, got {}", arguments.len()))
            .help(format!("`kubectl {} NAME`", session.command)));
    };
    let mut metadata = Map::new();
    metadata.put("name", &name);
    let is_in_cluster = ["clusterrole", "clusterrolebinding", "namespace", "priorityclass"];
    let is_in_cluster = is_in_cluster.iter().any(|kind| session.command.ends_with(kind));
    if let Some(namespace) = session.given_namespace().filter(|_| !is_in_cluster) {
        metadata.put("namespace", &namespace);
    }
    metadata.put_some("labels", label.map(|key| json!({key: name})));
    let annotations = session.flags.all("annotation");
    if !annotations.is_empty() {
        metadata.insert("annotations", pairs(annotations));
    }
    let mut object = Map::new();
    object.insert("metadata", Value::Object(metadata));
    if let Value::Object(members) = members {
        object.extend(members);
    }
    Ok(Value::Object(object))
}

fn config_map(session: &mut Session<'_>) -> Outcome<Value> {
    let mut members = Map::new();
    let mut binary = Vec::new();
    let mut texts = Vec::new();
    for (key, bytes) in data(session)? {
        match String::from_utf8(bytes) {
            Ok(text) => texts.push((key, Value::String(text))),
            Err(error) => binary.push((key, Value::String(go_base64::encode(error.as_bytes())))),
        }
    }
    for (key, values) in [("data", texts), ("binaryData", binary)] {
        if !values.is_empty() {
            members.insert(key, Value::Object(values.into_iter().collect()));
        }
    }
    with(session, Value::Object(members))
}

fn secret(session: &mut Session<'_>, what: &str) -> Outcome<Value> {
    let mut members = Map::new();
    let mut values = Map::new();
    let mut kind = session.flags.text("type").map(str::to_owned);
    match what {
        "secret tls" => {
            for flag in ["cert", "key"] {
                if session.flags.text(flag).is_none() {
                    return Err(Refused::usage("key and cert must be specified"));
                }
            }
            values.put("tls.crt", &file_base64(session, "cert"));
            values.put("tls.key", &file_base64(session, "key"));
            kind = Some("kubernetes.io/tls".to_owned());
        }
        "secret docker-registry" => {
            let flags = &session.flags;
            let text = |flag| flags.text(flag).unwrap_or_default().to_owned();
            let (user, password, email) = (text("docker-username"), text("docker-password"), text("docker-email"));
            let server = flags.text("docker-server").unwrap_or("https://index.docker.io/v1/").to_owned();
            if flags.text("from-file").is_none() && (user.is_empty() || password.is_empty()) {
                return Err(Refused::usage(
                    "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
                ));
            }
            let mut account = Map::new();
            for (key, value) in [("username", &user), ("password", &password), ("email", &email)] {
                if !value.is_empty() {
                    account.put(key, &value);
                }
            }
            account.put("auth", &go_base64::encode(format!("{user}:{password}").as_bytes()));
            let config = json!({"auths": {server: account}});
            values.put(".dockerconfigjson", &go_base64::encode(config.to_string().as_bytes()));
            kind = Some("kubernetes.io/dockerconfigjson".to_owned());
        }
        _ => values.extend(data(session)?.into_iter().map(|(key, bytes)| (key, json!(go_base64::encode(&bytes))))),
    }
    if !values.is_empty() {
        members.insert("data", Value::Object(values));
    }
    members.put_some("type", kind);
    with(session, Value::Object(members))
}

fn images(session: &Session<'_>) -> Outcome<Vec<String>> {
    let images = session.flags.list("image");
    if images.is_empty() {
        return Err(Refused::usage("required flag(s) \"image\" not set").help("add `--image=nginx`"));
    }
    Ok(images)
}

fn deployment(session: &mut Session<'_>) -> Outcome<Value> {
    let images = images(session)?;
    let port = session.flags.number("port").filter(|port| *port > 0);
    let containers = containers(&images, session.flags.command_arguments(), port);
    let name = session.arguments().first().cloned().unwrap_or_default();
    let replicas = session.flags.number("replicas").unwrap_or(1);
    let members = json!({
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers}},
            "strategy": {},
        },
        "status": {},
    });
    labelled(session, Some("app"), members)
}

/// A container of a job, named as the job.
fn job_container(session: &Session<'_>, name: &str) -> Outcome<Value> {
    let images = images(session)?;
    let mut containers = containers(&images, session.flags.command_arguments(), None);
    let mut container = if containers.is_empty() { json!({}) } else { containers.swap_remove(0) };
    if let Some(members) = container.as_object_mut() {
        members.put("name", &name);
    }
    Ok(container)
}

fn job(session: &mut Session<'_>) -> Outcome<Value> {
    let name = session.arguments().first().cloned().unwrap_or_default();
    if let Some(from) = session.flags.text("from").map(str::to_owned) {
        let targets = session.targets(&[from])?;
        for target in &targets {
            session.send(Call::get(target.path(), "the cron job to take it from").accept(Accept::Any))?;
        }
        session.assume("job", "the cron job's template is not known: only its name is given");
        return with(
            session,
            json!({"spec": {"template": {"metadata": {}, "spec": {"containers": null}}}, "status": {}}),
        );
    }
    let container = job_container(session, &name)?;
    let spec = json!({"template": {"metadata": {}, "spec": {"containers": [container], "restartPolicy": "Never"}}});
    with(session, json!({"spec": spec, "status": {}}))
}

fn cron_job(session: &mut Session<'_>) -> Outcome<Value> {
    let name = session.arguments().first().cloned().unwrap_or_default();
    let Some(schedule) = session.flags.text("schedule").map(str::to_owned) else {
        return Err(Refused::usage("required flag(s) \"schedule\" not set").help("add `--schedule='0 3 * * *'`"));
    };
    let container = job_container(session, &name)?;
    let restart = session.flags.text("restart").unwrap_or("OnFailure").to_owned();
    let pod = json!({"containers": [container], "restartPolicy": restart});
    let template = json!({"metadata": {"name": name}, "spec": {"template": {"metadata": {}, "spec": pod}}});
    with(session, json!({"spec": {"schedule": schedule, "jobTemplate": template}, "status": {}}))
}

fn role(session: &mut Session<'_>) -> Outcome<Value> {
    let rules = rules(session)?;
    with(session, json!({"rules": rules}))
}

fn cluster_role(session: &mut Session<'_>) -> Outcome<Value> {
    let aggregation = session.flags.all("aggregation-rule").to_vec();
    if aggregation.is_empty() {
        return role(session);
    }
    let labels: Vec<String> = session.flags.list("aggregation-rule");
    let selectors = json!({"clusterRoleSelectors": [{"matchLabels": pairs(&labels)}]});
    with(session, json!({"rules": null, "aggregationRule": selectors}))
}

fn binding(session: &mut Session<'_>, what: &str) -> Outcome<Value> {
    let role = match (session.flags.text("clusterrole"), session.flags.text("role")) {
        (Some(name), None) => json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}),
        (None, Some(name)) if what == "rolebinding" => {
            json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name})
        }
        _ if what == "rolebinding" => {
            return Err(Refused::usage("exactly one of clusterrole or role must be specified"));
        }
        _ => return Err(Refused::usage("required flag(s) \"clusterrole\" not set")),
    };
    let of = |flag: &str, kind: &str| -> Vec<Value> {
        session.flags.list(flag).iter().map(|name| subject(kind, name)).collect()
    };
    let subjects = [of("user", "User"), of("group", "Group"), of("serviceaccount", "ServiceAccount")].concat();
    with(session, json!({"subjects": subjects, "roleRef": role}))
}

fn quota(session: &mut Session<'_>) -> Outcome<Value> {
    let mut spec = Map::new();
    let hard = session.flags.list("hard");
    if !hard.is_empty() {
        spec.insert("hard", pairs(&hard));
    }
    let scopes = session.flags.list("scopes");
    if !scopes.is_empty() {
        spec.put("scopes", &scopes);
    }
    with(session, json!({"spec": spec, "status": {}}))
}

fn disruption_budget(session: &mut Session<'_>) -> Outcome<Value> {
    let flags = &session.flags;
    let mut spec = Map::new();
    match (flags.text("min-available"), flags.text("max-unavailable")) {
        (Some(least), None) => spec.insert("minAvailable", int_or_string(least)),
        (None, Some(most)) => spec.insert("maxUnavailable", int_or_string(most)),
        _ => return Err(Refused::usage("one of min-available or max-unavailable must be specified")),
    };
    let selector = flags.list("selector");
    if selector.is_empty() {
        return Err(Refused::usage("a selector must be specified"));
    }
    spec.put("selector", &json!({"matchLabels": pairs(&selector)}));
    let status = json!({"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0});
    with(session, json!({"spec": spec, "status": status}))
}

fn priority_class(session: &mut Session<'_>) -> Outcome<Value> {
    let flags = &session.flags;
    let mut members = Map::new();
    members.put("value", &flags.number("value").unwrap_or_default());
    if flags.is_on("global-default") {
        members.put("globalDefault", &true);
    }
    members.put_some("description", flags.text("description"));
    let preemption = flags.text("preemption-policy").unwrap_or("PreemptLowerPriority");
    members.put("preemptionPolicy", &preemption);
    with(session, Value::Object(members))
}

fn service(session: &mut Session<'_>, what: &str) -> Outcome<Value> {
    let kind = match what {
        "service nodeport" => "NodePort",
        "service loadbalancer" => "LoadBalancer",
        "service externalname" => "ExternalName",
        "service clusterip" => "ClusterIP",
        _ => return Err(Refused::usage(format!("unknown command: kubectl {}", session.command))),
    };
    let ports = tcp_ports(session);
    let headless = session.flags.text("clusterip") == Some("None");
    if ports.is_empty() && !headless && kind != "ExternalName" {
        return Err(Refused::usage("at least one tcp port specifier must be provided").help("add `--tcp=80:8080`"));
    }
    let name = session.arguments().first().cloned().unwrap_or_default();
    let mut spec = Map::new();
    if !ports.is_empty() {
        spec.put("ports", &ports);
    }
    spec.put("selector", &json!({"app": name}));
    if let Some(address) = session.flags.text("clusterip").filter(|_| kind == "ClusterIP") {
        spec.put("clusterIP", &address);
    }
    spec.put("type", &kind);
    if kind == "ExternalName" {
        let external = session
            .flags
            .text("external-name")
            .ok_or_else(|| Refused::usage("required flag(s) \"external-name\" not set"))?;
        spec.put("externalName", &external);
    }
    labelled(session, Some("app"), json!({"spec": spec, "status": {"loadBalancer": {}}}))
}

/// `kubectl create token`
pub(super) fn token(session: &mut Session<'_>) -> Outcome {
    let arguments = session.arguments();
    let [name] = arguments.as_slice() else {
        return Err(Refused::usage(format!("exactly one NAME is required, got {}", arguments.len()))
            .help("name the service account: `kubectl create token default`"));
    };
    let namespace = session.namespace();
    let audiences = session.flags.list("audience");
    let mut spec = Map::new();
    spec.insert("audiences", if audiences.is_empty() { Value::Null } else { json!(audiences) });
    let duration = session.flags.text("duration").and_then(super::exec::seconds);
    spec.put("expirationSeconds", &duration.filter(|seconds| *seconds > 0));
    let bound = match session.flags.text("bound-object-kind") {
        Some(kind) => {
            let mut bound = Map::new();
            bound.put("kind", &kind);
            bound.put("apiVersion", &"v1");
            bound.put("name", &session.flags.text("bound-object-name").unwrap_or_default());
            bound.put_some("uid", session.flags.text("bound-object-uid"));
            Value::Object(bound)
        }
        None => Value::Null,
    };
    spec.insert("boundObjectRef", bound);
    let body = json!({
        "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": {}, "spec": spec,
        "status": {"token": "", "expirationTimestamp": null},
    });
    session.understand(format!("Ask for a token of service account {name} in namespace {namespace}"));
    let path = format!("/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token");
    session.send_main(Call::new("POST", path, "the token").protobuf(&body))
}
