//! `TYPE NAME…`, `TYPE/NAME…`, `-f FILE` → what a command is about.
//!
//! Mirrors k8s.io/cli-runtime/pkg/resource/builder.go.

use crate::json::Value;

use super::call::{Accept, Call};
use super::resources::Resource;
use super::session::{MOST_BYTES, Outcome, Refused, Session};
use crate::near::nearest;
use crate::{Severity, kinds};

/// More objects than this, no command may name: each makes a request at least.
pub(super) const MOST_ARGUMENTS: usize = 500;

/// What a command is about: an object, or every object of a resource that its selectors match.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub resource: Resource,
    pub namespace: Option<String>,
    /// None: all of them.
    pub name: Option<String>,
    /// The object, where it comes from a file.
    pub body: Option<Value>,
}

/// One object, named, as the server or a file told it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub resource: Resource,
    pub namespace: Option<String>,
    pub name: String,
}

impl Named {
    /// Its path.
    pub fn path(&self) -> String {
        self.resource.path(self.namespace.as_deref(), Some(&self.name))
    }

    /// The path of a subresource.
    pub fn subpath(&self, subresource: &str) -> String {
        format!("{}/{subresource}", self.path())
    }

    /// `pod nginx`
    pub fn words(&self) -> String {
        format!("{} {}", self.resource.singular(), self.name)
    }
}

/// Several in words: the first, and how many more.
pub(super) fn words_of(targets: &[Target]) -> String {
    let first = targets.first().map(Target::words).unwrap_or_default();
    if targets.len() > 1 { format!("{first}, and {} more", targets.len() - 1) } else { first }
}

impl Target {
    /// Its path: of the object, or of the list.
    pub fn path(&self) -> String {
        self.resource.path(self.namespace.as_deref(), self.name.as_deref())
    }

    /// In words: `pod nginx in namespace prod`, `pods in all namespaces`.
    pub fn words(&self) -> String {
        let what = match &self.name {
            Some(name) => format!("{} {name}", self.resource.singular()),
            None => self.resource.qualified(),
        };
        match &self.namespace {
            Some(namespace) => format!("{what} in namespace {namespace}"),
            None if self.resource.namespaced && self.name.is_none() => format!("{what} in all namespaces"),
            None => what,
        }
    }

    /// The object, where one is named.
    pub fn named(&self) -> Option<Named> {
        let Target { resource, namespace, name, .. } = self.clone();
        Some(Named { resource, namespace, name: name? })
    }
}

impl Session<'_> {
    /// The resource that a name stands for; a name that no release has is taken for a custom resource.
    pub fn resource(&mut self, name: &str) -> Outcome<Resource> {
        // A name of two dots is tried as TYPE.VERSION.GROUP first, which asks again what the server serves.
        if name.splitn(3, '.').count() == 3
            && !kinds::find(name, self.release).is_some_and(|found| names_version(name, found))
        {
            self.discover_again();
        }
        if let Some(found) = kinds::find(name, self.release) {
            if !found.resource.served_by_default(self.release) {
                let message = format!("{} serves {} only where a flag says so", self.release, found.resource.resource);
                self.find(
                    "not-served",
                    Severity::Warning,
                    message,
                    Some("see `--runtime-config` and `--feature-gates`".to_owned()),
                );
            }
            return Ok(Resource::found(found));
        }
        let unknown = || match name.split_once('.') {
            Some((plain, group)) => format!("the server doesn't have a resource type \"{plain}\" in group \"{group}\""),
            None => format!("the server doesn't have a resource type \"{name}\""),
        };
        if let Some(known) = kinds::of_any_release(name).max_by_key(|known| known.served().last) {
            let (served, qualified) = (known.served(), format!("{}.{}", known.resource, known.group));
            return Err(Refused::usage(unknown()).help(format!(
                "{} is served from 1.{} to 1.{}: choose one of these releases",
                qualified.trim_end_matches('.'),
                served.first,
                served.last
            )));
        }
        let is_name = |name: &str| {
            !name.is_empty()
                && name.len() <= 253
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        };
        // The group of a custom resource has a dot.
        let group = name.split_once('.').map(|(_, group)| group);
        if group.is_some_and(|group| !group.contains('.'))
            || !is_name(name)
            || name.starts_with('.')
            || name.ends_with('.')
            || name.contains("..")
        {
            return Err(Refused::usage(unknown()));
        }
        let resource = Resource::custom(name);
        let known = kinds::served(self.release).map(|found| found.resource.resource);
        let near = nearest(name, known);
        let found = self.findings.len();
        self.find(
            "custom-resource",
            Severity::Note,
            format!("`{name}` is no built-in resource of {}: it is taken for a custom resource", self.release),
            near.map(|near| format!("did you mean `{near}`?")),
        );
        let near = near.filter(|_| self.findings.len() > found);
        self.meant.extend(near.map(|near| (found, (name.to_owned(), near.to_owned()))));
        let in_group = format!("{} in {}, in namespaces", resource.plural, resource.api_version());
        self.assume("resource", in_group);
        Ok(resource)
    }

    /// The resources of a list such as `pods,svc` or `all`.
    pub fn resources(&mut self, list: &str) -> Outcome<Vec<Resource>> {
        let mut resources = Vec::new();
        if list.split(',').count() > MOST_ARGUMENTS {
            return Err(Refused::too_many());
        }
        for name in list.split(',').filter(|name| !name.is_empty()) {
            let category = Resource::in_category(name, self.release);
            if category.is_empty() {
                resources.push(self.resource(name)?);
            } else {
                self.discover_again();
                self.assume("custom resources", format!("none in category {name}"));
                resources.extend(category);
            }
        }
        Ok(resources)
    }

    /// What these arguments and the files are about.
    pub fn targets(&mut self, arguments: &[String]) -> Outcome<Vec<Target>> {
        if arguments.len() > MOST_ARGUMENTS {
            return Err(Refused::too_many());
        }
        if self.flags.size("namespace").saturating_mul(arguments.len()) > MOST_BYTES {
            return Err(Refused::too_much());
        }
        let objects = self.objects()?;
        if !objects.is_empty() {
            if !arguments.is_empty() {
                return Err(Refused::usage(
                    "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
                ));
            }
            let target = |object: super::manifest::Object| Target {
                resource: object.resource,
                namespace: object.namespace,
                name: Some(object.name),
                body: Some(object.body),
            };
            return Ok(objects.into_iter().map(target).collect());
        }
        let (first, names) = match arguments {
            [] => {
                return Err(Refused::usage("You must provide one or more resources by argument or filename.")
                    .help("such as `pods`, `pods nginx` or `deployment/web`"));
            }
            [first, names @ ..] => (first, names),
        };
        if arguments.iter().any(|argument| argument.contains('/')) {
            return arguments.iter().map(|argument| self.slashed(argument)).collect();
        }
        let mut targets = Vec::new();
        for resource in self.resources(first)? {
            let all_namespaces = resource.namespaced && self.flags.is_on("all-namespaces");
            if all_namespaces && !names.is_empty() {
                return Err(Refused::usage("a resource cannot be retrieved by name across all namespaces"));
            }
            let namespace = self.namespace_for(&resource);
            let target = |name: Option<&String>| Target {
                resource: resource.clone(),
                namespace: namespace.clone(),
                name: name.cloned(),
                body: None,
            };
            if names.is_empty() {
                targets.push(target(None));
            } else if targets.len() + names.len() > MOST_ARGUMENTS {
                return Err(Refused::too_many());
            }
            targets.extend(names.iter().map(|name| target(Some(name))));
        }
        let selects = ["selector", "field-selector"].iter().any(|flag| self.flags.text(flag).is_some());
        if selects && !names.is_empty() {
            return Err(Refused::usage("name cannot be provided when a selector is specified"));
        }
        Ok(targets)
    }

    /// `TYPE/NAME`
    fn slashed(&mut self, argument: &str) -> Outcome<Target> {
        let Some((kind, name)) = argument.split_once('/') else {
            return Err(Refused::usage(format!(
                "there is no need to specify a resource type as a separate argument when passing arguments in \
                 resource/name form (e.g. 'kubectl {0} resource/<resource_name>' instead of 'kubectl {0} resource \
                 resource/<resource_name>'",
                self.command
            )));
        };
        if kind.is_empty() || name.is_empty() || name.contains('/') {
            return Err(Refused::usage("arguments in resource/name form may not have more than one slash"));
        }
        let resource = self.resource(kind)?;
        let namespace = self.namespace_for(&resource);
        Ok(Target { resource, namespace, name: Some(name.to_owned()), body: None })
    }

    /// Refuses targets that no name, selector or `--all` narrows.
    pub fn need_names(&self, targets: &[Target]) -> Outcome {
        let narrowed = ["selector", "field-selector", "all"].iter().any(|flag| self.flags.has(flag));
        if !narrowed && targets.iter().any(|target| target.name.is_none()) {
            return Err(Refused::usage("resource(s) were provided, but no name was specified")
                .help("name the objects, or select them with `-l` or `--all`"));
        }
        Ok(())
    }

    /// The query of a list: the selectors.
    pub fn selectors(&self, call: Call) -> Call {
        call.query_if("labelSelector", self.flags.text("selector"))
            .query_if("fieldSelector", self.flags.text("field-selector"))
    }

    /// Reads what a target stands for, and answers with the objects: the one named, or one that is assumed to be in the list. What
    /// comes from a file is taken as it is there, unless `latest`.
    pub fn visit(&mut self, target: &Target, accept: Accept, latest: bool) -> Outcome<Named> {
        match (&target.name, &target.body) {
            (Some(_), Some(_)) if !latest => {}
            (Some(_), _) => {
                let purpose = format!("the {}, as it is", target.resource.singular());
                self.send(Call::get(target.path(), purpose).accept(accept))?;
            }
            (None, _) => {
                let call =
                    Call::get(target.path(), format!("which {} there are", target.resource.plural)).accept(accept);
                self.send(self.selectors(call))?;
            }
        }
        Ok(self.one_of(target))
    }

    /// The object that a target names, or one assumed among those it matches.
    pub fn one_of(&mut self, target: &Target) -> Named {
        if let Some(named) = target.named() {
            return named;
        }
        let selected = self.flags.text("field-selector").and_then(|selector| selector.split_once("metadata.name="));
        let selected = selected.and_then(|(_, name)| name.trim_start_matches('=').split(',').next());
        let name = selected.filter(|name| !name.is_empty()).unwrap_or("example").to_owned();
        let resource = target.resource.clone();
        let namespace = target.namespace.clone().or_else(|| resource.namespaced.then(|| "default".to_owned()));
        let place = match &target.namespace {
            None if resource.namespaced => " in namespace default",
            _ => "",
        };
        self.assume("objects", format!("one of the {} matches: {name}{place}", resource.plural));
        Named { resource, namespace, name }
    }
}

/// Whether a name's second part is the version that was found.
fn names_version(name: &str, found: kinds::Found) -> bool {
    name.split('.').nth(1) == Some(found.version)
}
