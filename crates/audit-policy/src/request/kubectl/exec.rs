//! Commands that work through a pod: logs, exec, attach, port-forward, cp.

use super::call::{Accept, Call};
use super::resource_args::Named;
use super::resources::Resource;
use super::session::{Outcome, Refused, Session};
use crate::{Release, Severity};

/// From this release on exec, attach and port-forward are a WebSocket GET.
const WEB_SOCKETS: u8 = 31;

impl Session<'_> {
    /// The container that a request names: the one given, else one assumed.
    pub fn container(&mut self, pod: &Named) -> String {
        if let Some(given) = self.flags.text("container") {
            return given.to_owned();
        }
        if let Some(known) = pod_container(self) {
            return known;
        }
        let name = self.container_of.clone().unwrap_or_else(|| pod.name.clone());
        self.assume("container", format!("{name}, the pod's first"));
        name
    }

    /// The pod of an argument: a pod, or one of those that a workload or service selects.
    pub fn pod_of(&mut self, argument: &str) -> Outcome<Named> {
        let target = match argument.split_once('/') {
            Some(_) => self.targets(&[argument.to_owned()])?,
            None => self.targets(&["pods".to_owned(), argument.to_owned()])?,
        };
        let target = target.into_iter().next().ok_or_else(|| Refused::usage("no pod is named"))?;
        let purpose = format!("the {}", target.resource.singular());
        self.send(Call::get(target.path(), purpose).accept(Accept::Any))?;
        let named = self.one_of(&target);
        if named.resource.plural == "pods" && named.resource.group.is_empty() {
            return Ok(named);
        }
        self.pods_behind(&named)
    }

    /// One of the pods that a workload or a service selects.
    fn pods_behind(&mut self, owner: &Named) -> Outcome<Named> {
        let label = format!("app={}", owner.name);
        self.assume("selector", format!("{label}, of the {}", owner.resource.singular()));
        let pods = Resource::built_in("pods", self.release).unwrap_or_else(|| Resource::custom("pods"));
        let path = pods.path(owner.namespace.as_deref(), None);
        let list = Call::get(path, "its pods").accept(Accept::Protobuf).query("labelSelector", label);
        self.send(list)?;
        let name = match owner.resource.kind.as_str() {
            "StatefulSet" => format!("{}-0", owner.name),
            "Deployment" => format!("{}-6d4b75cb6d-x7kqp", owner.name),
            _ => format!("{}-x7kqp", owner.name),
        };
        self.assume("pod", name.clone());
        self.container_of = Some(owner.name.clone());
        Ok(Named { resource: pods, namespace: owner.namespace.clone(), name })
    }
}

/// The first container of a pod, where a file tells it.
fn pod_container(session: &mut Session<'_>) -> Option<String> {
    let files = session.flags.list("filename");
    let file = files.first()?;
    let (_, bytes) = session.file(file).into_iter().next()?;
    let documents = super::manifest::documents(file, &bytes?, session.release).ok()?;
    documents.first()?.pointer("/spec/containers/0/name")?.as_str().map(str::to_owned)
}

/// `kubectl logs`
pub(super) fn logs(session: &mut Session<'_>) -> Outcome {
    let arguments = session.arguments();
    let selector = session.flags.text("selector").is_some();
    let pods = match (arguments.as_slice(), selector) {
        ([], true) => {
            let pods = Resource::built_in("pods", session.release).unwrap_or_else(|| Resource::custom("pods"));
            let namespace = session.namespace_for(&pods);
            let target = super::resource_args::Target { resource: pods, namespace, name: None, body: None };
            session.understand(format!("Read the logs of {}", target.words()));
            let list = Call::get(target.path(), "which pods there are").accept(Accept::Any);
            session.send(session.selectors(list))?;
            session.one_of(&target)
        }
        ([_, ..], true) => return Err(Refused::usage("only a selector (-l) or a POD name is allowed")),
        ([], false) => {
            return Err(Refused::usage(
                "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the \
                 logs command",
            ));
        }
        ([pod, rest @ ..], false) => {
            if rest.len() > 1 || (!rest.is_empty() && session.flags.text("container").is_some()) {
                return Err(Refused::usage("expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'"));
            }
            session.understand(format!("Read the log of {pod}"));
            session.pod_of(pod)?
        }
    };
    let container = match arguments.get(1) {
        Some(container) => container.clone(),
        None => session.container(&pods),
    };
    if session.flags.is_on("all-containers") {
        session.assume("containers", format!("only {container}; kubectl asks for the log of each"));
    }
    let mut call = Call::get(pods.subpath("log"), "the log").accept(Accept::Any).query("container", container);
    for (flag, name) in [
        ("follow", "follow"),
        ("previous", "previous"),
        ("timestamps", "timestamps"),
        ("insecure-skip-tls-verify-backend", "insecureSkipTLSVerifyBackend"),
    ] {
        if session.flags.is_on(flag) {
            call = call.query(name, "true");
        }
    }
    let tail = session
        .flags
        .number("tail")
        .filter(|lines| *lines >= 0)
        .or_else(|| (selector && !session.flags.has("tail")).then_some(10));
    call = call.query_if("tailLines", tail.map(|lines| lines.to_string()).as_deref());
    call = call.query_if("limitBytes", session.flags.text("limit-bytes").filter(|bytes| *bytes != "0"));
    call = call.query_if("sinceTime", session.flags.text("since-time"));
    let since = session.flags.text("since").and_then(seconds).filter(|seconds| *seconds > 0);
    call = call.query_if("sinceSeconds", since.map(|seconds| seconds.to_string()).as_deref());
    session.send_main(call)
}

/// A Go duration of one unit, in seconds, rounded up.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let number = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = text.get(number.len()..)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// `kubectl exec`
pub(super) fn exec(session: &mut Session<'_>) -> Outcome {
    let arguments = session.arguments();
    let command = session.flags.command_arguments().to_vec();
    let from_file = session.flags.has("filename");
    if arguments.is_empty() && !from_file {
        return Err(Refused::usage("pod, type/name or --filename must be specified"));
    }
    if arguments.len() > 1 || (from_file && !arguments.is_empty()) {
        return Err(Refused::usage(
            "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead",
        ));
    }
    if command.is_empty() {
        return Err(Refused::usage("you must specify at least one command for the container")
            .help("give it after `--`: `kubectl exec POD -- date`"));
    }
    let pod = match arguments.first() {
        Some(pod) => session.pod_of(pod)?,
        None => {
            let targets = session.targets(&[])?;
            let target = targets.into_iter().next().ok_or_else(|| Refused::usage("the file holds no object"))?;
            let named = session.one_of(&target);
            if named.resource.plural == "pods" { named } else { session.pods_behind(&named)? }
        }
    };
    session.understand(format!("Run `{}` in pod {}", command.join(" "), pod.name));
    let container = session.container(&pod);
    let mut call = Call::get(pod.subpath("exec"), "the command").query("container", container);
    for word in &command {
        call = call.query("command", word.clone());
    }
    let stream = streams(session, call);
    upgrade(session, stream, "exec")
}

/// `kubectl attach`
pub(super) fn attach(session: &mut Session<'_>) -> Outcome {
    let arguments = session.arguments();
    let [name] = arguments.as_slice() else {
        return Err(Refused::usage("at least 1 argument is required for attach"));
    };
    let pod = session.pod_of(name)?;
    session.understand(format!("Attach to pod {}", pod.name));
    let container = session.container(&pod);
    let call = Call::get(pod.subpath("attach"), "the streams").query("container", container);
    let stream = streams(session, call);
    upgrade(session, stream, "attach")
}

/// The streams that are asked for: standard error is left out where there is a terminal.
fn streams(session: &mut Session<'_>, call: Call) -> Call {
    let stdin = session.flags.is_on("stdin");
    // Without standard input there is no terminal to speak of.
    let tty = session.flags.is_on("tty") && stdin;
    if tty {
        session.assume("terminal", "kubectl has one");
    }
    let call = if stdin { call.query("stdin", "true") } else { call };
    let call = call.query("stdout", "true");
    if tty { call.query("tty", "true") } else { call.query("stderr", "true") }
}

/// Whether kubectl of the release, with these variables set, opens a WebSocket.
fn web_sockets(release: Release, variables: &[(String, String)], variable: &str) -> bool {
    release.minor() >= WEB_SOCKETS && !variables.iter().any(|(name, value)| name == variable && value == "false")
}

/// The request whose connection is upgraded: a WebSocket GET, or the POST of older kubectls.
pub(super) fn upgrade(session: &mut Session<'_>, call: Call, subresource: &'static str) -> Outcome {
    let is_forward = subresource == "portforward";
    let variable = if is_forward { "KUBECTL_PORT_FORWARD_WEBSOCKETS" } else { "KUBECTL_REMOTE_COMMAND_WEBSOCKETS" };
    let call = call.accept(Accept::Nothing).answered(101);
    let protocols = if is_forward {
        "portforward.k8s.io"
    } else {
        "v5.channel.k8s.io, v4.channel.k8s.io, v3.channel.k8s.io, v2.channel.k8s.io, channel.k8s.io"
    };
    let post = Call {
        method: "POST",
        headers: vec![("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"), ("X-Stream-Protocol-Version", protocols)],
        ..call.clone()
    };
    if !web_sockets(session.release, &session.variables, variable) {
        return session.send_main(post);
    }
    let socket = if is_forward { "SPDY/3.1+portforward.k8s.io" } else { "v5.channel.k8s.io" };
    let get = Call {
        headers: vec![
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Protocol", socket),
            ("Sec-WebSocket-Version", "13"),
            ("Upgrade", "websocket"),
        ],
        ..call
    };
    session.find(
        "websocket-get",
        Severity::Note,
        format!("{subresource} is a WebSocket GET from kubectl 1.{WEB_SOCKETS} on: its verb is `get`, and rules on verb `create` miss it"),
        Some("the server still asks whether the user may `create` it".to_owned()),
    );
    session.send_main(get)?;
    let purpose = format!("{} again, as older kubectls do", post.purpose);
    session.send(Call { purpose, ..post }.answered(403).when("the WebSocket is refused"))
}

/// `kubectl port-forward`
pub(super) fn port_forward(session: &mut Session<'_>) -> Outcome {
    let arguments = session.arguments();
    let [name, ports @ ..] = arguments.as_slice() else {
        return Err(Refused::usage("TYPE/NAME and list of ports are required for port-forward"));
    };
    if ports.is_empty() {
        return Err(Refused::usage("TYPE/NAME and list of ports are required for port-forward"));
    }
    let pod = session.pod_of(name)?;
    session.understand(format!("Forward ports to pod {}", pod.name));
    session.send(Call::get(pod.path(), "the pod, whether it runs").accept(Accept::Protobuf))?;
    session.assume("connection", "one is made through the forwarded port");
    upgrade(session, Call::get(pod.subpath("portforward"), "the forwarded connection"), "portforward")
}

/// `kubectl cp`: exec of tar, and before a copy into the container exec of test.
pub(super) fn cp(session: &mut Session<'_>) -> Outcome {
    let arguments = session.arguments();
    let [from, to] = arguments.as_slice() else {
        return Err(Refused::usage("source and destination are required"));
    };
    let remote = |text: &str| text.split_once(':').map(|(pod, path)| (pod.to_owned(), path.to_owned()));
    let (place, into) = match (remote(from), remote(to)) {
        (Some(_), Some(_)) => return Err(Refused::usage("one of src or dest must be a local file specification")),
        (None, None) => return Err(Refused::usage("one of src or dest must be a remote file specification")),
        (Some(place), None) => (place, false),
        (None, Some(place)) => (place, true),
    };
    let (name, path) = place;
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (namespace.to_owned(), name.to_owned()),
        None => (session.namespace(), name),
    };
    let pods = Resource::built_in("pods", session.release).unwrap_or_else(|| Resource::custom("pods"));
    let pod = Named { resource: pods, namespace: Some(namespace), name };
    session.understand(format!("Copy files {} pod {}", if into { "into" } else { "from" }, pod.name));
    let container = session.container(&pod);
    let run = |session: &mut Session<'_>, command: &[&str], stdin: bool, purpose: &str| {
        session.send(Call::get(pod.path(), "the pod").accept(Accept::Protobuf))?;
        let mut call = Call::get(pod.subpath("exec"), purpose).query("container", container.clone());
        for word in command {
            call = call.query("command", *word);
        }
        call = call.query("stderr", "true").query("stdout", "true");
        upgrade(session, if stdin { call.query("stdin", "true") } else { call }, "exec")
    };
    if !into {
        return run(session, &["tar", "cf", "-", &path], false, "tar, of the files");
    }
    session.assume("destination", "no folder of that name is there, or the path ends with `/`");
    let trimmed = path.trim_end_matches('/');
    run(
        session,
        &["test", "-d", if trimmed.is_empty() { "/" } else { trimmed }],
        false,
        "whether the destination is a folder",
    )?;
    let pick = session.pick;
    let folder = if path.ends_with('/') { trimmed } else { trimmed.rsplit_once('/').map_or(".", |(folder, _)| folder) };
    run(
        session,
        &["tar", "-xmf", "-", "-C", if folder.is_empty() { "/" } else { folder }],
        true,
        "tar, with the files",
    )?;
    session.pick = pick;
    Ok(())
}
