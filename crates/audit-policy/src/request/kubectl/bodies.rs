//! Objects that `kubectl create` makes from flags, as it sends them: without the server's defaults.
//!
//! Mirrors k8s.io/kubectl/pkg/cmd/create.

use crate::go_base64;
use crate::json::{Map, Value, json};

use super::resource_args::MOST_ARGUMENTS;
use super::session::{Outcome, Refused, Session};

/// A subject of a role binding: a ServiceAccount is named `NAMESPACE:NAME`.
pub(super) fn subject(kind: &str, name: &str) -> Value {
    match (kind, name.split_once(':')) {
        ("ServiceAccount", Some((namespace, name))) => json!({"kind": kind, "name": name, "namespace": namespace}),
        ("ServiceAccount", None) => json!({"kind": kind, "name": name}),
        _ => json!({"kind": kind, "apiGroup": "rbac.authorization.k8s.io", "name": name}),
    }
}

/// `key=value` pairs as an object, in order of keys.
pub(super) fn pairs(pairs: &[String]) -> Value {
    let mut pairs: Vec<_> = pairs.iter().map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    crate::sort::sort(&mut pairs);
    Value::Object(pairs.into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect())
}

/// A number where it is one, else a string: as IntOrString.
pub(super) fn int_or_string(text: &str) -> Value {
    text.parse::<i32>().map_or_else(|_| json!(text), |number| json!(number))
}

/// The data of a ConfigMap or Secret from `--from-literal`, `--from-file` and `--from-env-file`, keys and texts.
pub(super) fn data(session: &mut Session<'_>) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut data = Vec::new();
    for literal in session.flags.all("from-literal").to_vec() {
        let Some((key, value)) = literal.split_once('=') else {
            return Err(Refused::usage(format!("invalid literal source {literal}, expected key=value")));
        };
        data.push((key.to_owned(), value.trim_matches(['"', '\'']).as_bytes().to_vec()));
    }
    for source in session.flags.list("from-file") {
        let (key, file) = match source.split_once('=') {
            Some((key, file)) => (key.to_owned(), file.to_owned()),
            None => (source.rsplit('/').next().unwrap_or(&source).to_owned(), source.clone()),
        };
        for (path, bytes) in session.file(&file) {
            let key = if path == file { key.clone() } else { path.rsplit('/').next().unwrap_or(&path).to_owned() };
            let bytes = content(session, &path, bytes);
            data.push((key, bytes));
        }
    }
    for file in session.flags.list("from-env-file") {
        for (path, bytes) in session.file(&file) {
            let bytes = content(session, &path, bytes);
            let text = String::from_utf8_lossy(&bytes);
            let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let lines = lines.filter_map(|line| line.split_once('='));
            data.extend(lines.map(|(key, value)| (key.to_owned(), value.as_bytes().to_vec())));
        }
    }
    crate::sort::sort(&mut data);
    Ok(data)
}

/// What a file holds, or that it is not known.
fn content(session: &mut Session<'_>, path: &str, bytes: Option<Vec<u8>>) -> Vec<u8> {
    bytes.unwrap_or_else(|| {
        session.assume("file", format!("`{path}` is empty, as what it holds is not known here"));
        Vec::new()
    })
}

/// The content of the file that a flag names, in base64.
pub(super) fn file_base64(session: &mut Session<'_>, flag: &str) -> String {
    let Some(path) = session.flags.text(flag).map(str::to_owned) else { return String::new() };
    let bytes = session.file(&path).into_iter().next().and_then(|(_, bytes)| bytes);
    let bytes = content(session, &path, bytes);
    go_base64::encode(&bytes)
}

/// The containers of `--image`: named by their images.
pub(super) fn containers(images: &[String], command: &[String], port: Option<i64>) -> Vec<Value> {
    let container = |image: &String| {
        let last = image.rsplit('/').next().unwrap_or(image);
        let name = last.split([':', '@']).next().unwrap_or(last);
        let mut container = Map::new();
        container.put("name", &name);
        container.put("image", &image);
        if !command.is_empty() {
            container.put("command", &command);
        }
        if let Some(port) = port {
            container.put("ports", &json!([{"containerPort": port}]));
        }
        container.put("resources", &json!({}));
        Value::Object(container)
    };
    images.iter().map(container).collect()
}

/// The rules of `create role` and `create clusterrole`: one a group.
pub(super) fn rules(session: &mut Session<'_>) -> Outcome<Vec<Value>> {
    let verbs = session.flags.list("verb");
    let resources = session.flags.list("resource");
    let urls = session.flags.list("non-resource-url");
    if verbs.is_empty() {
        return Err(Refused::usage("at least one verb must be specified"));
    }
    if !urls.is_empty() {
        return Ok(vec![json!({"verbs": verbs, "nonResourceURLs": urls})]);
    }
    if resources.is_empty() {
        return Err(Refused::usage("at least one resource must be specified"));
    }
    if resources.len() > MOST_ARGUMENTS {
        return Err(Refused::usage(format!("a role of more than {MOST_ARGUMENTS} resources is not read here")));
    }
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for given in &resources {
        let (plain, subresource) =
            given.split_once('/').map_or((given.as_str(), None), |(plain, sub)| (plain, Some(sub)));
        let (group, plural) = if plain == "*" {
            (String::new(), "*".to_owned())
        } else {
            let resource = session.resource(plain)?;
            (resource.group, resource.plural)
        };
        let name = subresource.map_or(plural.clone(), |subresource| format!("{plural}/{subresource}"));
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, names)) => names.push(name),
            None => groups.push((group, vec![name])),
        }
    }
    let names = session.flags.list("resource-name");
    let rule = |(group, resources): (String, Vec<String>)| {
        let mut rule = json!({"verbs": verbs, "apiGroups": [group], "resources": resources});
        if let (false, Some(members)) = (names.is_empty(), rule.as_object_mut()) {
            members.put("resourceNames", &names);
        }
        rule
    };
    Ok(groups.into_iter().map(rule).collect())
}

/// The ports of `--tcp`.
pub(super) fn tcp_ports(session: &Session<'_>) -> Vec<Value> {
    let node_port = session.flags.number("node-port").filter(|port| *port > 0);
    let port = |given: String| {
        let (port, target) = given.split_once(':').unwrap_or((&given, &given));
        let mut members = Map::new();
        members.put("name", &given.replace(':', "-"));
        members.put("protocol", &"TCP");
        members.insert("port", int_or_string(port));
        members.insert("targetPort", int_or_string(target));
        members.put_some("nodePort", node_port);
        Value::Object(members)
    };
    session.flags.list("tcp").into_iter().map(port).collect()
}

/// The spec of `create ingress`.
pub(super) fn ingress_spec(session: &Session<'_>) -> Outcome<Value> {
    let backend = |service: &str| {
        let (name, port) = service.split_once(':').unwrap_or((service, ""));
        let port = match port.parse::<i32>() {
            Ok(number) => json!({"number": number}),
            Err(_) => json!({"name": port}),
        };
        json!({"service": {"name": name, "port": port}})
    };
    let given = session.flags.all("rule");
    let mut spec = Map::new();
    if let Some(class) = session.flags.text("class") {
        spec.put("ingressClassName", &class);
    }
    if let Some(default) = session.flags.text("default-backend") {
        spec.insert("defaultBackend", backend(default));
    } else if given.is_empty() {
        return Err(Refused::usage(
            "not enough information provided: every ingress has to either specify a default-backend (which catches all \
             traffic) or a list of rules (which catch specific paths)",
        ));
    }
    let mut tls: Vec<(String, Vec<String>)> = Vec::new();
    let mut rules: Vec<(String, Vec<Value>)> = Vec::new();
    for rule in given {
        let (routing, secured) = rule.split_once(',').map_or((rule.as_str(), None), |(rule, tls)| (rule, Some(tls)));
        let parsed = routing.split_once('/').and_then(|(host, rest)| Some((host, rest.split_once('=')?)));
        let Some((host, (path, service))) = parsed else {
            return Err(Refused::usage(format!(
                "rule {rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"
            )));
        };
        let (path, kind) = path.strip_suffix('*').map_or((path, "Exact"), |path| (path, "Prefix"));
        let path = json!({"path": format!("/{path}"), "pathType": kind, "backend": backend(service)});
        match rules.iter_mut().find(|(known, _)| known == host) {
            Some((_, paths)) => paths.push(path),
            None => rules.push((host.to_owned(), vec![path])),
        }
        if let Some(secured) = secured {
            let secret = secured.split_once('=').map_or("", |(_, secret)| secret);
            let known_host = tls.iter().any(|(_, hosts)| hosts.iter().any(|known| known == host));
            match tls.iter_mut().find(|(known, _)| known == secret) {
                _ if known_host => {}
                Some((_, hosts)) => hosts.push(host.to_owned()),
                None => tls.push((secret.to_owned(), vec![host.to_owned()])),
            }
        }
    }
    let member = |key: &str, value: &str| (!value.is_empty()).then(|| (key.to_owned(), json!(value)));
    if !tls.is_empty() {
        let entry = |(secret, hosts): (String, Vec<String>)| {
            let mut entry = Map::new();
            if hosts.iter().any(|host| !host.is_empty()) {
                entry.put("hosts", &hosts);
            }
            entry.extend(member("secretName", &secret));
            Value::Object(entry)
        };
        spec.insert("tls", tls.into_iter().map(entry).collect());
    }
    let entry = |(host, paths): (String, Vec<Value>)| {
        let mut entry = Map::new();
        entry.extend(member("host", &host));
        entry.put("http", &json!({"paths": paths}));
        Value::Object(entry)
    };
    if !rules.is_empty() {
        spec.insert("rules", rules.into_iter().map(entry).collect());
    }
    Ok(Value::Object(spec))
}
