//! Commands that make an object of another: run, expose, autoscale, debug.

use crate::json::{Map, Value, json};

use super::bodies::{int_or_string, pairs};
use super::call::{Accept, Call, STRATEGIC_PATCH, json_text};
use super::delete::watch;
use super::exec::upgrade;
use super::manifest::documents;
use super::resource_args::Named;
use super::session::{DryRun, Outcome, Refused, Session};

/// What typed clients add to the 400 seconds of a watch.
const WATCH_TIMEOUT: &str = "6m40s";

/// `kubectl run`
pub(super) fn run(session: &mut Session<'_>) -> Outcome {
    let arguments = session.arguments();
    let [name, rest @ ..] = arguments.as_slice() else {
        return Err(Refused::usage("NAME is required for run"));
    };
    let Some(image) = session.flags.text("image").map(str::to_owned) else {
        return Err(Refused::usage("required flag(s) \"image\" not set").help("add `--image=nginx`"));
    };
    if session.dry_run()? == DryRun::Client {
        return Err(Refused::no_request("`kubectl run --dry-run=client` sends no request"));
    }
    let pod = session.resource("pods")?;
    let namespace = session.namespace();
    session.understand(format!("Run image {image} as pod {name} in namespace {namespace}"));
    let words = [rest, session.flags.command_arguments()].concat();
    let body = pod_body(session, name, &image, &words)?;
    let post = Call::new("POST", pod.path(Some(&namespace), None), "the new pod").json(&body).accept(Accept::Any);
    let post = session.write_query(post, Some("kubectl-run"), false)?;
    session.send_main(post)?;
    if session.flags.is_on("expose") {
        let port = session.flags.text("port").map(int_or_string);
        let port = port.ok_or_else(|| Refused::usage("--port must be set when exposing a service"))?;
        let service = json!({
            "kind": "Service", "apiVersion": "v1", "metadata": {"name": name},
            "spec": {"ports": [{"protocol": "TCP", "port": port, "targetPort": port}], "selector": {"run": name}},
            "status": {"loadBalancer": {}},
        });
        let path = format!("/api/v1/namespaces/{namespace}/services");
        let post = Call::new("POST", path, "its service").json(&service).accept(Accept::Any);
        let post = session.write_query(post, Some("kubectl-run"), false)?;
        session.send(post)?;
    }
    let attaches = session.flags.is_on("stdin") || session.flags.is_on("tty") || session.flags.is_on("attach");
    let detached = session.flags.has("attach") && !session.flags.is_on("attach");
    if attaches && !detached {
        attached(session, Named { resource: pod, namespace: Some(namespace), name: name.clone() })?;
    }
    Ok(())
}

/// What `run -it` does once the pod is made.
fn attached(session: &mut Session<'_>, pod: Named) -> Outcome {
    let pick = session.pick;
    let wait = watch(session, &pod, "until it runs").accept(Accept::Protobuf);
    session.send(wait.query("timeout", WATCH_TIMEOUT))?;
    session.send(
        Call::get(pod.subpath("log"), "its log so far").accept(Accept::Any).query("container", pod.name.clone()),
    )?;
    let call = attach_call(session, &pod, &pod.name);
    upgrade(session, call, "attach")?;
    session.pick = pick;
    let wait = watch(session, &pod, "until it has ended").accept(Accept::Protobuf);
    session.send(wait.query("timeout", WATCH_TIMEOUT))?;
    if session.flags.is_on("rm") {
        session.send(Call::get(pod.path(), "the pod").accept(Accept::Any))?;
        let options = json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"});
        let call = session.delete_call(pod.path(), "its deletion".to_owned(), &options).accept(Accept::Any);
        session.send(call)?;
    }
    Ok(())
}

fn pod_body(session: &mut Session<'_>, name: &str, image: &str, words: &[String]) -> Outcome<Value> {
    let flags = &session.flags;
    let mut container = Map::new();
    container.put("name", &name);
    container.put("image", &image);
    if !words.is_empty() {
        let key = if flags.is_on("command") { "command" } else { "args" };
        container.put(key, &words);
    }
    if let Some(port) = flags.number("port") {
        container.put("ports", &json!([{"containerPort": port}]));
    }
    let env = flags.all("env").iter().filter_map(|pair| pair.split_once('='));
    let env: Vec<Value> = env.map(|(name, value)| json!({"name": name, "value": value})).collect();
    if !env.is_empty() {
        container.put("env", &env);
    }
    container.put("resources", &json!({}));
    container.put_some("imagePullPolicy", flags.text("image-pull-policy"));
    if flags.is_on("stdin") {
        container.put("stdin", &true);
        if !flags.has("leave-stdin-open") {
            container.put("stdinOnce", &true);
        }
    }
    if flags.is_on("tty") {
        container.put("tty", &true);
    }
    if flags.is_on("privileged") {
        container.put("securityContext", &json!({"privileged": true}));
    }
    let labels = flags.list("labels");
    let labels = if labels.is_empty() { json!({"run": name}) } else { pairs(&labels) };
    let restart = flags.text("restart").unwrap_or("Always").to_owned();
    let mut body = json!({
        "kind": "Pod", "apiVersion": "v1", "metadata": {"name": name, "labels": labels},
        "spec": {"containers": [container], "restartPolicy": restart, "dnsPolicy": "ClusterFirst"}, "status": {},
    });
    if let Some(overrides) = session.flags.text("overrides").map(str::to_owned) {
        for patch in documents("--overrides", overrides.as_bytes(), session.release)? {
            merge(&mut body, &patch);
        }
    }
    Ok(body)
}

/// JSON merge patch.
fn merge(target: &mut Value, patch: &Value) {
    let Some(changes) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Some(members) = target.as_object_mut() else { return };
    for (key, change) in changes.iter() {
        if change.is_null() {
            members.remove(key);
        } else {
            merge(members.entry(key, || Value::Null), change);
        }
    }
}

/// `kubectl expose`
pub(super) fn expose(session: &mut Session<'_>) -> Outcome {
    let targets = session.targets(&session.arguments())?;
    session.need_names(&targets)?;
    for target in &targets {
        session.understand(format!("Expose {} as a service", target.words()));
        let object = session.visit(target, Accept::Any, false)?;
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        let name = session.flags.text("name").unwrap_or(&object.name).to_owned();
        let labels = json!({"app": object.name});
        session.assume("labels", format!("app={}, of the {}", object.name, object.resource.singular()));
        let port = match session.flags.text("port") {
            Some(port) => int_or_string(port),
            None => {
                session.assume("port", "80, of the container");
                json!(80)
            }
        };
        let target_port = session.flags.text("target-port").map_or(port.clone(), int_or_string);
        let protocol = session.flags.text("protocol").unwrap_or("TCP").to_owned();
        let selector = session.flags.list("selector");
        let selector = if selector.is_empty() { labels.clone() } else { pairs(&selector) };
        let mut spec =
            json!({"ports": [{"port": port, "protocol": protocol, "targetPort": target_port}], "selector": selector});
        if let (Some(kind), Some(members)) = (session.flags.text("type"), spec.as_object_mut()) {
            members.put("type", &kind);
        }
        let body = json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"labels": labels, "name": name}, "spec": spec,
            "status": {"loadBalancer": {}},
        });
        let path = format!("/api/v1/namespaces/{}/services", object.namespace.clone().unwrap_or_default());
        let post = Call::new("POST", path, "the service").json(&body).accept(Accept::Any);
        let post = session.write_query(post, Some("kubectl-expose"), false)?;
        session.send_first_main(post)?;
    }
    Ok(())
}

/// `kubectl autoscale`
pub(super) fn autoscale(session: &mut Session<'_>) -> Outcome {
    let Some(most) = session.flags.number("max") else {
        return Err(Refused::usage("required flag(s) \"max\" not set").help("add `--max=5`"));
    };
    let targets = session.targets(&session.arguments())?;
    session.need_names(&targets)?;
    for target in &targets {
        session.understand(format!("Autoscale {}", target.words()));
        let object = session.visit(target, Accept::Any, false)?;
        if session.dry_run()? == DryRun::Client {
            continue;
        }
        let mut spec = Map::new();
        let kind = &object.resource.kind;
        let reference = json!({"kind": kind, "name": object.name, "apiVersion": object.resource.api_version()});
        spec.insert("scaleTargetRef", reference);
        let least = session.flags.number("min").filter(|least| *least > 0);
        spec.put_some("minReplicas", least);
        spec.put("maxReplicas", &most);
        let percent = session
            .flags
            .number("cpu-percent")
            .or_else(|| session.flags.text("cpu")?.trim_end_matches('%').parse().ok());
        if let Some(percent) = percent.filter(|percent| *percent > 0) {
            let target = json!({"type": "Utilization", "averageUtilization": percent});
            spec.put("metrics", &json!([{"type": "Resource", "resource": {"name": "cpu", "target": target}}]));
        }
        let name = session.flags.text("name").unwrap_or(&object.name).to_owned();
        let mut metadata = json!({"name": name});
        if let (Some(namespace), Some(members)) = (session.given_namespace(), metadata.as_object_mut()) {
            members.put("namespace", &namespace);
        }
        let hpa = session.resource("horizontalpodautoscalers")?;
        let body = json!({
            "kind": hpa.kind, "apiVersion": hpa.api_version(), "metadata": metadata, "spec": spec,
            "status": {"desiredReplicas": 0, "currentMetrics": null},
        });
        let post = Call::new("POST", hpa.path(object.namespace.as_deref(), None), "the autoscaler").protobuf(&body);
        let post = session.write_query(post, Some("kubectl-autoscale"), false)?;
        session.send_first_main(post)?;
    }
    Ok(())
}

/// `kubectl debug`
pub(super) fn debug(session: &mut Session<'_>) -> Outcome {
    let image = session.flags.text("image").map(str::to_owned);
    let copy = session.flags.text("copy-to").map(str::to_owned);
    if image.is_none() && copy.is_none() {
        return Err(Refused::usage("you must specify --image when not using --copy-to."));
    }
    let arguments = session.arguments();
    let [name, ..] = arguments.as_slice() else {
        return Err(Refused::usage("NAME or TYPE/NAME is required for debug"));
    };
    let target = if name.contains('/') { vec![name.clone()] } else { vec!["pods".to_owned(), name.clone()] };
    let targets = session.targets(&target)?;
    let Some(target) = targets.first() else { return Ok(()) };
    session.understand(format!("Debug {}", target.words()));
    let object = session.visit(target, Accept::Any, false)?;
    let is_node = object.resource.plural == "nodes";
    let image = image.unwrap_or_else(|| "as in the pod".to_owned());
    if !is_node && copy.is_none() {
        let given = session.flags.text("container").map(str::to_owned);
        let container = given.unwrap_or_else(|| {
            session.assume("container", "debugger-x7kqp; kubectl ends it in random letters");
            "debugger-x7kqp".to_owned()
        });
        let added: &[&str] = match session.flags.text("profile") {
            Some("netadmin") => &["NET_ADMIN", "NET_RAW"],
            _ => &["SYS_PTRACE"],
        };
        let body = json!({"spec": {"ephemeralContainers": [{
            "image": image, "name": container, "resources": {}, "securityContext": {"capabilities": {"add": added}},
            "terminationMessagePolicy": "File",
        }]}});
        let path = object.subpath("ephemeralcontainers");
        let call = Call::new("PATCH", path, "the container for debugging").accept(Accept::Protobuf);
        session.send_main(call.patch(STRATEGIC_PATCH, json_text(&body)))?;
        return debug_attached(session, &object, &container);
    }
    let namespace = match &object.namespace {
        Some(namespace) => namespace.clone(),
        None => session.namespace(),
    };
    let name = copy.unwrap_or_else(|| {
        let name = format!("node-debugger-{}-x7kqp", object.name);
        session.assume("pod", format!("{name}; kubectl ends it in random letters"));
        name
    });
    session.assume("body", "the pod for debugging, shortened and shown as JSON; on the wire it is protobuf");
    let mut spec =
        json!({"containers": [{"name": "debugger", "image": image, "resources": {}}], "restartPolicy": "Never"});
    if let (true, Some(members)) = (is_node, spec.as_object_mut()) {
        members.put("nodeName", &object.name);
        for host in ["hostNetwork", "hostPID", "hostIPC"] {
            members.put(host, &true);
        }
    }
    let body = json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name}, "spec": spec, "status": {}});
    let pods = session.resource("pods")?;
    let post = Call::new("POST", pods.path(Some(&namespace), None), "the pod for debugging").protobuf(&body);
    session.send_main(post)?;
    let container = session.flags.text("container").unwrap_or("debugger").to_owned();
    debug_attached(session, &Named { resource: pods, namespace: Some(namespace), name }, &container)
}

/// What `debug -it` does once the container is made.
fn debug_attached(session: &mut Session<'_>, pod: &Named, container: &str) -> Outcome {
    let attaches =
        if session.flags.has("attach") { session.flags.is_on("attach") } else { session.flags.is_on("stdin") };
    if !attaches {
        return Ok(());
    }
    let pick = session.pick;
    let wait = watch(session, pod, "until it runs").accept(Accept::Protobuf);
    session.send(wait.query("timeout", WATCH_TIMEOUT))?;
    let call = attach_call(session, pod, container);
    upgrade(session, call, "attach")?;
    session.pick = pick;
    Ok(())
}

/// The request for the streams of a container.
fn attach_call(session: &Session<'_>, pod: &Named, container: &str) -> Call {
    let (stdin, tty) = (session.flags.is_on("stdin"), session.flags.is_on("tty"));
    let call = Call::get(pod.subpath("attach"), "its streams").query("container", container);
    let call = if stdin { call.query("stdin", "true") } else { call };
    let call = if tty { call.query("tty", "true") } else { call.query("stderr", "true") };
    call.query("stdout", "true")
}
