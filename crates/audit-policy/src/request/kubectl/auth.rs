//! `kubectl auth` and `kubectl certificate`

use crate::json::{Map, Value, json};

use super::call::{Accept, Call};
use super::resources::Resource;
use super::session::{DryRun, Outcome, Refused, Session};

/// `kubectl auth can-i`
pub(super) fn can_i(session: &mut Session<'_>) -> Outcome {
    let all_namespaces = session.flags.is_on("all-namespaces");
    let namespace = if all_namespaces { String::new() } else { session.namespace() };
    let review = |session: &mut Session<'_>, kind: &str, plural: &str, spec: Value, status: Value| {
        let body = json!({
            "kind": kind, "apiVersion": "authorization.k8s.io/v1", "metadata": {}, "spec": spec, "status": status,
        });
        let path = format!("/apis/authorization.k8s.io/v1/{plural}");
        session.send_main(Call::new("POST", path, "the question").protobuf(&body))
    };
    if session.flags.is_on("list") {
        session.understand(format!("Ask what one may do in namespace {namespace}"));
        let status = json!({"resourceRules": null, "nonResourceRules": null, "incomplete": false});
        return review(
            session,
            "SelfSubjectRulesReview",
            "selfsubjectrulesreviews",
            json!({"namespace": namespace}),
            status,
        );
    }
    let arguments = session.arguments();
    let (verb, what, name) = match arguments.as_slice() {
        [verb, what] => (verb, what, None),
        [verb, what, name] => (verb, what, Some(name.as_str())),
        _ => {
            return Err(Refused::usage(
                "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' \
                 for help and examples.",
            ));
        }
    };
    session.understand(format!("Ask whether one may {verb} {what}"));
    let spec = if what.starts_with('/') {
        json!({"nonResourceAttributes": {"path": what, "verb": verb}})
    } else {
        let (plain, slashed) = what.split_once('/').map_or((what.as_str(), None), |(plain, name)| (plain, Some(name)));
        let (group, plural) = asked_resource(session, plain, all_namespaces)?;
        let mut attributes = Map::new();
        let mut insert = |key: &str, value: &str| {
            if !value.is_empty() {
                attributes.put(key, &value);
            }
        };
        insert("namespace", &namespace);
        insert("verb", verb);
        insert("group", &group);
        insert("resource", &plural);
        insert("subresource", session.flags.text("subresource").unwrap_or_default());
        insert("name", slashed.or(name).unwrap_or_default());
        json!({"resourceAttributes": attributes})
    };
    review(session, "SelfSubjectAccessReview", "selfsubjectaccessreviews", spec, json!({"allowed": false}))
}

/// The group and plural that `can-i` asks about: `*` and what is not known as they are written.
fn asked_resource(session: &mut Session<'_>, name: &str, all_namespaces: bool) -> Outcome<(String, String)> {
    if name == "*" {
        return Ok((String::new(), name.to_owned()));
    }
    match Resource::built_in(name, session.release) {
        Some(resource) => {
            if !all_namespaces {
                let path = if resource.group.is_empty() {
                    "/api/v1".to_owned()
                } else {
                    format!("/apis/{}", resource.api_version())
                };
                session.discover(&path);
            }
            Ok((resource.group, resource.plural))
        }
        None => {
            session.discover_again();
            let (plural, group) = name.split_once('.').unwrap_or((name, ""));
            Ok((group.to_owned(), plural.to_owned()))
        }
    }
}

/// `kubectl auth whoami`
pub(super) fn who_am_i(session: &mut Session<'_>) -> Outcome {
    session.understand("Ask who one is");
    let body = json!({
        "kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "metadata": {}, "status": {"userInfo": {}},
    });
    session.send_main(
        Call::new("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", "the question").protobuf(&body),
    )
}

/// `kubectl auth reconcile`: GET, and PUT where rules or subjects are missing.
pub(super) fn reconcile(session: &mut Session<'_>) -> Outcome {
    let objects = session.objects()?;
    if objects.is_empty() {
        return Err(Refused::usage("must specify --filename to reconcile"));
    }
    let dry_run = session.dry_run()?;
    for object in &objects {
        let named = object.named();
        session.understand(format!("Reconcile {}", named.words()));
        session.send(Call::get(named.path(), "whether it is there").accept(Accept::Protobuf))?;
        if dry_run != DryRun::Client {
            let put = Call::new("PUT", named.path(), "what is missing").protobuf(&object.body);
            let put = session.write_query(put, None, false)?.when("it is there and lacks something");
            session.send(put)?;
            if let Some(namespace) = &object.namespace {
                let body = json!({"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": namespace}, "spec": {}, "status": {}});
                let post = Call::new("POST", "/api/v1/namespaces", "its namespace").protobuf(&body).answered(409);
                session.send(post.when("it is not there"))?;
            }
            let post = Call::new("POST", object.list_path(), "the new object").protobuf(&object.body);
            let post = session.write_query(post, None, false)?.when("it is not there");
            session.send(post)?;
        }
    }
    session.assume("object", "all is there already, with these rules and subjects");
    Ok(())
}

/// `kubectl certificate approve` and `deny`
pub(super) fn certificate(session: &mut Session<'_>, action: &'static str) -> Outcome {
    let arguments = session.arguments();
    let mut names = vec!["certificatesigningrequests".to_owned()];
    names.extend(arguments.iter().map(|name| name.trim_start_matches("csr/").to_owned()));
    if names.len() == 1 && !session.flags.has("filename") {
        return Err(Refused::usage("one or more CSRs must be specified as <name> or -f <filename>"));
    }
    let targets = if session.flags.has("filename") { session.targets(&[])? } else { session.targets(&names)? };
    for target in &targets {
        let verb = if action == "approve" { "Approve" } else { "Deny" };
        session.understand(format!("{verb} {}", target.words()));
        let object = session.visit(target, Accept::Json, false)?;
        session.send(Call::get(object.path(), "the request again").accept(Accept::Protobuf))?;
        let kind = if action == "approve" { "Approved" } else { "Denied" };
        let (reason, message) = if action == "approve" {
            ("KubectlApprove", "This CSR was approved by kubectl certificate approve.")
        } else {
            ("KubectlDeny", "This CSR was denied by kubectl certificate deny.")
        };
        let condition = json!({"type": kind, "status": "True", "reason": reason, "message": message});
        let body = json!({
            "kind": "CertificateSigningRequest", "apiVersion": "certificates.k8s.io/v1", "metadata": {"name": object.name},
            "status": {"conditions": [condition]},
        });
        session.assume(
            "body",
            "the request with its new condition, shortened and shown as JSON; on the wire it is protobuf",
        );
        session.assume("object", "the request is not decided yet");
        session.send_first_main(Call::new("PUT", object.subpath("approval"), "the decision").protobuf(&body))?;
    }
    Ok(())
}
