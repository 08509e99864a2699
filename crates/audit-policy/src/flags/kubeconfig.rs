//! The kubeconfig file of the webhook backend: read and checked as the server does when it starts, and made from its parts.
//!
//! Mirrors `client-go/tools/clientcmd` (`loader.go`, `client_config.go`, `validation.go`) as far as auditing comes by it, and
//! `client-go/transport` for certificates: that a text is PEM is checked, and not what the certificate says.

use serde::Serialize;

use super::shape::{Mount, holds};
use super::start::{FileState, Files};
use crate::json::{Kind, Node};
use crate::load::compose::compose;
use crate::text::go_quote;
use crate::{Diagnostic, Release, Severity, Span};

/// What a webhook's kubeconfig file comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kubeconfig {
    /// Where events are posted.
    pub server: String,
    /// How the server's certificate is checked: `system roots`, `certificate-authority-data`, a file's path, or `not checked`.
    pub authority: String,
    /// How the API server says who it is: `token`, `client certificate`, `password`, `exec` or `nobody`.
    pub user: String,
}

/// A file that a kubeconfig file names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedFile {
    /// The field that names it: `certificate-authority`, `client-certificate`, `client-key`, `tokenFile` or `exec`.
    pub field: &'static str,
    /// Its path; one that is relative is in the kubeconfig file's folder.
    pub path: String,
    /// Whether the server opens it when it starts, and stops where it is not there.
    pub needed: bool,
    /// Where the path is in the kubeconfig file.
    #[serde(skip)]
    pub span: Span,
}

/// A kubeconfig file as the server reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What it comes to, or the server's words after `initializing audit webhook: `.
    pub outcome: Result<Kubeconfig, String>,
    /// The files that it names and the server uses.
    pub files: Vec<NamedFile>,
    /// What is likely not meant.
    pub findings: Vec<Diagnostic>,
}

/// What a webhook's kubeconfig file is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KubeconfigParts {
    /// The URL: `https://audit.example/events`.
    pub server: String,
    /// The authorities for the server's certificate.
    pub authority: Authority,
    /// How the API server says who it is.
    pub credentials: Credentials,
}

/// The authorities for a server's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Authority {
    /// Those of the system.
    #[default]
    System,
    /// Those in a file.
    File(String),
    /// Those in a PEM text.
    Pem(String),
}

/// How the API server says who it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// It does not.
    #[default]
    None,
    /// A bearer token.
    Token(String),
    /// A client certificate and its key, in files.
    Files {
        /// The certificate's file.
        certificate: String,
        /// The key's file.
        key: String,
    },
    /// A client certificate and its key, as PEM texts.
    Pem {
        /// The certificate.
        certificate: String,
        /// The key.
        key: String,
    },
}

/// A kubeconfig file of these parts.
pub fn write(parts: &KubeconfigParts) -> String {
    use crate::request::yaml_text::scalar;
    let packed = |text: &str| crate::go_base64::encode(text.as_bytes());
    let mut cluster = format!("    server: {}\n", scalar(&parts.server));
    match &parts.authority {
        Authority::System => {}
        Authority::File(path) => cluster.push_str(&format!("    certificate-authority: {}\n", scalar(path))),
        Authority::Pem(pem) => cluster.push_str(&format!("    certificate-authority-data: {}\n", packed(pem))),
    }
    let user = match &parts.credentials {
        Credentials::None => "  user: {}\n".to_owned(),
        Credentials::Token(token) => format!("  user:\n    token: {}\n", scalar(token)),
        Credentials::Files { certificate, key } => {
            format!("  user:\n    client-certificate: {}\n    client-key: {}\n", scalar(certificate), scalar(key))
        }
        Credentials::Pem { certificate, key } => format!(
            "  user:\n    client-certificate-data: {}\n    client-key-data: {}\n",
            packed(certificate),
            packed(key)
        ),
    };
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: audit\n  cluster:\n{cluster}users:\n- name: kube-apiserver\n{user}contexts:\n- name: audit\n  context:\n    cluster: audit\n    user: kube-apiserver\ncurrent-context: audit\n"
    )
}

/// Reads the kubeconfig file at `path`; `files` says of other files whether they can be read.
pub fn read(text: &[u8], path: &str, files: Files<'_>) -> Read {
    let mut reader = Reader { path, files, named: Vec::new(), findings: Vec::new() };
    let outcome = reader.read(text);
    Read { outcome, files: reader.named, findings: reader.findings }
}

/// Of the files that a kubeconfig file names, those that the server's container does not see; places are in the kubeconfig file.
pub fn not_mounted(files: &[NamedFile], mounts: &[Mount]) -> Vec<Diagnostic> {
    let unseen = files
        .iter()
        .filter(|file| file.path.starts_with('/') && !mounts.iter().any(|mount| holds(&mount.path, &file.path)));
    let told = unseen.map(|file| {
        let (severity, then) = match file.field {
            _ if file.needed => (Severity::Error, "the server does not find the file in its container, and stops"),
            "exec" => (Severity::Warning, "the server does not find the program in its container, and posts nothing"),
            _ => (Severity::Warning, "the token is not read again when the file changes"),
        };
        let message = format!("{} is not mounted: {then}", file.path);
        let help = Some("mount the file from the host".to_owned());
        finding("not-mounted", severity, message, Some(file.span), help)
    });
    told.collect()
}

struct Reader<'f> {
    path: &'f str,
    files: Files<'f>,
    named: Vec<NamedFile>,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&mut self, text: &[u8]) -> Result<Kubeconfig, String> {
        let wrap = |message: &str| format!("error loading config file \"{}\": {message}", self.path);
        if text.is_empty() {
            return Err(NO_CONFIGURATION.to_owned());
        }
        let composed = compose(text, Release::NEWEST).map_err(|error| {
            self.findings.push(finding("kubeconfig-syntax", Severity::Error, error.message.clone(), error.span, None));
            wrap(&error.message)
        })?;
        let Some(root) = composed.document.root() else { return Err(NO_CONFIGURATION.to_owned()) };
        if !matches!(root.kind(), Kind::Object | Kind::Null) {
            let message = "json: cannot unmarshal into Go value: it is no object".to_owned();
            self.findings.push(finding("kubeconfig-syntax", Severity::Error, message.clone(), Some(root.span()), None));
            return Err(wrap(&message));
        }
        let context_name = string(root, "current-context");
        let context = named(root, "contexts", "context", context_name);
        let mut errors = Vec::new();
        if !context_name.is_empty() && context.is_none() {
            let message = format!("context was not found for specified context: {context_name}");
            let span = root.get("current-context").map(Node::span);
            let help = Some("name one of `contexts`".to_owned());
            self.findings.push(finding("kubeconfig-context", Severity::Error, message.clone(), span, help));
            errors.push(message);
        }
        if context_name.is_empty() {
            let help = Some("give `current-context` the name of a context: the server chooses none itself".to_owned());
            let message = "no current-context is given".to_owned();
            self.findings.push(finding("kubeconfig-context", Severity::Error, message, Some(first_key(root)), help));
        }
        let of_context = |name| context.map(|context| string(context, name)).unwrap_or_default();
        let (cluster_name, user_name) = (of_context("cluster"), of_context("user"));
        let user = named(root, "users", "user", user_name);
        let cluster = named(root, "clusters", "cluster", cluster_name);
        self.name_files(cluster, user);
        if let Some(user) = user {
            errors.extend(self.user_errors(user, user_name));
        } else if !user_name.is_empty() {
            let message = format!("user {user_name} is not among `users`: events are posted without credentials");
            let span = context.and_then(|context| context.get("user")).map(Node::span);
            self.findings.push(finding("kubeconfig-user", Severity::Warning, message, span, None));
        }
        match cluster {
            Some(cluster) => errors.extend(self.cluster_errors(cluster, cluster_name)),
            None => {
                if context.is_some() {
                    let message = format!("cluster {cluster_name} is not among `clusters`");
                    let span = context.and_then(|context| context.get("cluster")).map(Node::span);
                    self.findings.push(finding("kubeconfig-cluster", Severity::Error, message, span, None));
                }
                errors.push(NO_SERVER.to_owned());
            }
        }
        match errors.as_slice() {
            [] => {}
            [only] if only == NO_SERVER => return Err(NO_CONFIGURATION.to_owned()),
            errors => return Err(format!("invalid configuration: {}", aggregate(errors))),
        }
        let Some(cluster) = cluster else { return Err(NO_CONFIGURATION.to_owned()) };
        self.token()?;
        self.transport(cluster, user)
    }

    /// `GetClusterFileReferences` and `GetAuthInfoFileReferences`, as far as the server opens or runs them.
    fn name_files(&mut self, cluster: Option<Node<'_>>, user: Option<Node<'_>>) {
        let mut name = |field, of: Option<Node<'_>>, key, needed| {
            let Some(value) = of.and_then(|of| of.get(key)) else { return };
            let path = value.as_str().unwrap_or_default();
            if !path.is_empty() {
                self.named.push(NamedFile { field, path: resolved(self.path, path), needed, span: value.span() });
            }
        };
        let has = |key| user.is_some_and(|user| !string(user, key).is_empty());
        name("certificate-authority", cluster, "certificate-authority", true);
        if has("client-certificate") || has("client-certificate-data") {
            name("client-certificate", user, "client-certificate", true);
            name("client-key", user, "client-key", true);
        }
        if cluster.is_some_and(|cluster| is_https(string(cluster, "server"))) {
            name("tokenFile", user, "tokenFile", !has("token"));
            let exec = user.and_then(|user| user.get("exec"));
            // What has no slash is looked for in PATH.
            name("exec", exec.filter(|exec| string(*exec, "command").contains('/')), "command", false);
        }
    }

    /// `getUserIdentificationPartialConfig`: the token's file is read where no token is given.
    fn token(&mut self) -> Result<(), String> {
        let Some(file) = self.named.iter().find(|file| file.field == "tokenFile" && file.needed) else { return Ok(()) };
        let problem = match (self.files)(&file.path) {
            FileState::Missing => format!("open {}: no such file or directory", file.path),
            FileState::Directory => format!("read {}: is a directory", file.path),
            FileState::Content(_) | FileState::Unknown => return Ok(()),
        };
        self.findings.push(finding("kubeconfig-user", Severity::Error, problem.clone(), Some(file.span), None));
        Err(problem)
    }

    /// `validateClusterInfo`
    fn cluster_errors(&mut self, cluster: Node<'_>, name: &str) -> Vec<String> {
        let mut errors = Vec::new();
        let at = cluster.span();
        if string(cluster, "server").is_empty() {
            errors.push((
                at,
                match name {
                    "" => "default cluster has no server defined".to_owned(),
                    _ => format!("no server found for cluster {}", go_quote(name.as_bytes())),
                },
            ));
        }
        let (file, data) = (string(cluster, "certificate-authority"), string(cluster, "certificate-authority-data"));
        if !file.is_empty() && !data.is_empty() {
            errors.push((at, format!("certificate-authority-data and certificate-authority are both specified for {name}. certificate-authority-data will override.")));
        }
        errors.extend(self.unreadable("certificate-authority", "certificate-authority", name));
        self.tell("kubeconfig-cluster", errors)
    }

    /// `validateAuthInfo`
    fn user_errors(&mut self, user: Node<'_>, name: &str) -> Vec<String> {
        let has = |key| !string(user, key).is_empty();
        let mut errors = Vec::new();
        let at = user.span();
        if has("client-certificate") || has("client-certificate-data") {
            if has("client-certificate") && has("client-certificate-data") {
                errors.push((at, format!(
                    "client-cert-data and client-cert are both specified for {name}. client-cert-data will override."
                )));
            }
            if has("client-key") && has("client-key-data") {
                errors.push((
                    at,
                    format!(
                        "client-key-data and client-key are both specified for {name}; client-key-data will override"
                    ),
                ));
            }
            if !has("client-key") && !has("client-key-data") {
                errors.push((at, format!("client-key-data or client-key must be specified for {name} to use the clientCert authentication method.")));
            }
            errors.extend(self.unreadable("client-certificate", "client-cert", name));
            errors.extend(self.unreadable("client-key", "client-key", name));
        }
        if has("token") && (has("username") || has("password")) {
            errors.push((
                at,
                format!(
                    "more than one authentication method found for {name}; found [token basicAuth], only one is allowed"
                ),
            ));
        }
        self.tell("kubeconfig-user", errors)
    }

    /// A file that is not there; `what` is what validation calls it.
    fn unreadable(&self, field: &str, what: &str, name: &str) -> Option<(Span, String)> {
        let NamedFile { path, span, .. } = self.named.iter().find(|file| file.field == field)?;
        let missing = matches!((self.files)(path), FileState::Missing);
        missing.then(|| {
            let error =
                format!("unable to read {what} {path} for {name} due to open {path}: no such file or directory");
            (*span, error)
        })
    }

    /// Makes a finding of each error.
    fn tell(&mut self, code: &'static str, errors: Vec<(Span, String)>) -> Vec<String> {
        let found = errors.iter().map(|(at, error)| finding(code, Severity::Error, error.clone(), Some(*at), None));
        self.findings.extend(found);
        errors.into_iter().map(|(_, error)| error).collect()
    }

    /// What the client is made of: `rest.UnversionedRESTClientFor`.
    fn transport(&mut self, cluster: Node<'_>, user: Option<Node<'_>>) -> Result<Kubeconfig, String> {
        let server = string(cluster, "server");
        let insecure = cluster.get("insecure-skip-tls-verify").is_some_and(|value| value.kind() == Kind::Bool(true));
        let (file, data) = (string(cluster, "certificate-authority"), string(cluster, "certificate-authority-data"));
        let span = |name| cluster.get(name).map(Node::span);
        let server_span = span("server");
        let https = is_https(server);
        if !https {
            let rest = server.strip_prefix("http://").unwrap_or(server);
            let message = format!("events go to {rest} unencrypted, and no credentials are sent");
            let help = Some("use https".to_owned());
            self.findings.push(finding("kubeconfig-http", Severity::Warning, message, server_span, help));
        }
        if !data.is_empty() {
            let decoded = crate::go_base64::decode(data.as_bytes());
            let problem = match &decoded {
                None => Some("certificate-authority-data is not base64".to_owned()),
                Some(bytes) if !is_pem(bytes, "CERTIFICATE") => {
                    Some("unable to load root certificates: unable to parse bytes as PEM block".to_owned())
                }
                Some(_) => None,
            };
            if let Some(problem) = problem {
                let help = Some("give the PEM text of the authority's certificate in base64, on one line".to_owned());
                let at = span("certificate-authority-data");
                self.findings.push(finding("kubeconfig-certificate", Severity::Error, problem.clone(), at, help));
                return Err(match decoded {
                    None => format!("error loading config file \"{}\": {problem}", self.path),
                    Some(_) => problem,
                });
            }
        }
        if insecure && !(data.is_empty() && file.is_empty()) {
            let message = "specifying a root certificates file with the insecure flag is not allowed".to_owned();
            let at = span("insecure-skip-tls-verify");
            self.findings.push(finding("kubeconfig-certificate", Severity::Error, message.clone(), at, None));
            return Err(message);
        }
        if insecure {
            let message = "whoever answers at this address gets the events: its certificate is not checked".to_owned();
            let at = span("insecure-skip-tls-verify");
            self.findings.push(finding("kubeconfig-insecure", Severity::Warning, message, at, None));
        }
        let authority = match (insecure || !https, data.is_empty(), file.is_empty()) {
            (true, ..) => "not checked".to_owned(),
            (_, false, _) => "certificate-authority-data".to_owned(),
            (_, true, false) => resolved(self.path, file),
            (_, true, true) => "system roots".to_owned(),
        };
        let has = |key| user.is_some_and(|user| user.get(key).is_some_and(|value| value.kind() != Kind::Null));
        let user = match () {
            () if !https => "nobody",
            () if has("client-certificate") || has("client-certificate-data") => "client certificate",
            () if has("token") || has("tokenFile") => "token",
            () if has("username") => "password",
            () if has("exec") => "exec",
            () => "nobody",
        };
        Ok(Kubeconfig { server: server.to_owned(), authority, user: user.to_owned() })
    }
}

const NO_SERVER: &str = "cluster has no server defined";
const NO_CONFIGURATION: &str =
    "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable";

/// `utilerrors.NewAggregate`: one as it is, several in brackets.
pub(super) fn aggregate(errors: &[String]) -> String {
    match errors {
        [only] => only.clone(),
        errors => format!("[{}]", errors.join(", ")),
    }
}

/// Whether credentials and certificates count: `IsConfigTransportTLS`.
fn is_https(server: &str) -> bool {
    server.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
}

/// A path in a kubeconfig file is relative to the file's folder: Go's `filepath.Join` of both.
fn resolved(kubeconfig: &str, path: &str) -> String {
    let Some((folder, _)) = kubeconfig.rsplit_once('/').filter(|_| !path.is_empty() && !path.starts_with('/')) else {
        return path.to_owned();
    };
    let is_absolute = kubeconfig.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if is_absolute || parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("{}{}", if is_absolute { "/" } else { "" }, parts.join("/"))
}

fn is_pem(bytes: &[u8], what: &str) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains(&format!("-----BEGIN {what}-----")) && text.contains(&format!("-----END {what}-----"))
}

fn string<'n>(node: Node<'n>, name: &str) -> &'n str {
    node.get(name).and_then(Node::as_str).unwrap_or_default()
}

/// The item of this name in a list of named things, less its name.
fn named<'n>(root: Node<'n>, list: &str, inner: &str, name: &str) -> Option<Node<'n>> {
    let list = root.get(list).filter(|list| list.kind() == Kind::Array)?;
    let item = list.items().find(|item| item.get("name").and_then(Node::as_str) == Some(name))?;
    item.get(inner)
}

fn first_key(root: Node<'_>) -> Span {
    root.members().map(|(key, _)| key.span()).min().unwrap_or(root.span())
}

fn finding(
    code: &'static str,
    severity: Severity,
    message: String,
    span: Option<Span>,
    help: Option<String>,
) -> Diagnostic {
    Diagnostic { code, severity, message, path: None, span, help, fix: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Kubeconfig, String> {
        super::read(text.as_bytes(), "/etc/audit/webhook.yaml", &|_| FileState::Unknown).outcome
    }

    #[test]
    fn what_is_made_is_read() {
        let pem = "-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n".to_owned();
        for (authority, credentials, read_authority, read_user) in [
            (Authority::System, Credentials::None, "system roots", "nobody"),
            (Authority::File("ca.pem".to_owned()), Credentials::Token("t: #".to_owned()), "/etc/audit/ca.pem", "token"),
            (
                Authority::Pem(pem.clone()),
                Credentials::Pem { certificate: pem.clone(), key: pem.clone() },
                "certificate-authority-data",
                "client certificate",
            ),
        ] {
            let parts = KubeconfigParts { server: "https://audit.example/k8s".to_owned(), authority, credentials };
            let read = read(&write(&parts)).unwrap();
            assert_eq!(
                (read.server.as_str(), read.authority.as_str(), read.user.as_str()),
                ("https://audit.example/k8s", read_authority, read_user)
            );
        }
    }

    #[test]
    fn mistakes_are_told_in_the_servers_words() {
        let good = write(&KubeconfigParts { server: "https://a".to_owned(), ..KubeconfigParts::default() });
        for (from, to, message) in [
            ("current-context: audit\n", "", NO_CONFIGURATION),
            (
                "current-context: audit",
                "current-context: other",
                "invalid configuration: [context was not found for specified context: other, cluster has no server defined]",
            ),
            ("    cluster: audit", "    cluster: other", NO_CONFIGURATION),
            ("    server: \"https://a\"", "    x: y", "invalid configuration: no server found for cluster \"audit\""),
            (
                "  user: {}",
                "  user: {token: a, username: b}",
                "invalid configuration: more than one authentication method found for kube-apiserver; found [token basicAuth], only one is allowed",
            ),
            (
                "    server: \"https://a\"",
                "    server: https://a\n    certificate-authority-data: YQ==",
                "unable to load root certificates: unable to parse bytes as PEM block",
            ),
            (
                "    server: \"https://a\"",
                "    server: https://a\n    certificate-authority: x\n    insecure-skip-tls-verify: true",
                "specifying a root certificates file with the insecure flag is not allowed",
            ),
            (
                "apiVersion: v1",
                "apiVersion: {",
                "error loading config file \"/etc/audit/webhook.yaml\": yaml: line 2: did not find expected ',' or '}'",
            ),
        ] {
            assert!(good.contains(from), "{from}");
            assert_eq!(read(&good.replace(from, to)), Err(message.to_owned()), "{to}");
        }
    }

    #[test]
    fn files_that_it_names_are_told_and_looked_for() {
        let of = |server: &str, cluster: &str, user: &str, files: Files<'_>| {
            let text = format!(
                "current-context: c\ncontexts: [{{name: c, context: {{cluster: a, user: u}}}}]\nclusters: [{{name: a, cluster: {{server: {server}, {cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n"
            );
            let read = super::read(text.as_bytes(), "/etc/audit/webhook.yaml", files);
            for file in &read.files {
                assert!(text.get(file.span.start..file.span.end).is_some(), "{text}");
            }
            read
        };
        let named = |server: &str, cluster: &str, user: &str| {
            let files = of(server, cluster, user, &|_| FileState::Unknown).files;
            files.into_iter().map(|file| (file.field, file.path, file.needed)).collect::<Vec<_>>()
        };
        let file = |field, path: &str, needed| (field, path.to_owned(), needed);
        assert_eq!(
            named(
                "https://a",
                "certificate-authority: ../pki/./ca.pem",
                "client-certificate: /c.pem, client-key: k.pem"
            ),
            [
                file("certificate-authority", "/etc/pki/ca.pem", true),
                file("client-certificate", "/c.pem", true),
                file("client-key", "/etc/audit/k.pem", true)
            ]
        );
        assert_eq!(named("https://a", "", "tokenFile: tok"), [file("tokenFile", "/etc/audit/tok", true)]);
        assert_eq!(named("HTTPS://a", "", "token: x, tokenFile: tok"), [file("tokenFile", "/etc/audit/tok", false)]);
        assert_eq!(named("http://a", "", "tokenFile: tok, client-key: k.pem"), []);
        let open = of("a.example", "certificate-authority: /ca.pem", "token: x", &|_| FileState::Unknown);
        let open = open.outcome.unwrap();
        assert_eq!((open.authority.as_str(), open.user.as_str()), ("not checked", "nobody"));
        assert_eq!(named("https://a", "", "exec: {command: bin/x}"), [file("exec", "/etc/audit/bin/x", false)]);
        assert_eq!(named("https://a", "", "exec: {command: x}"), []);
        // As client-go of 1.37 answers.
        let refused = |server: &str, user: &str, state: FileState| {
            of(server, "", user, &|_| state.clone()).outcome.err().unwrap_or_default()
        };
        assert_eq!(
            refused("https://a", "tokenFile: tok", FileState::Missing),
            "open /etc/audit/tok: no such file or directory"
        );
        assert_eq!(refused("https://a", "tokenFile: tok", FileState::Directory), "read /etc/audit/tok: is a directory");
        assert_eq!(refused("http://a", "tokenFile: tok", FileState::Missing), "");
        assert_eq!(refused("https://a", "token: x, tokenFile: tok", FileState::Missing), "");
        assert_eq!(
            refused("https://a", "client-certificate-data: YQ==, client-key: k.pem", FileState::Missing),
            "invalid configuration: unable to read client-key /etc/audit/k.pem for u due to open /etc/audit/k.pem: no such file or directory"
        );
    }

    #[test]
    fn relative_paths_are_joined_as_go_does() {
        for (kubeconfig, path, joined) in [
            ("/a/b/c.yaml", "d", "/a/b/d"),
            ("/a/b/c.yaml", "../../../d", "/d"),
            ("/c.yaml", "./d//e", "/d/e"),
            ("a/c.yaml", "../../d", "../d"),
            ("c.yaml", "d", "d"),
            ("/a/c.yaml", "/d/../e", "/d/../e"),
        ] {
            assert_eq!(resolved(kubeconfig, path), joined, "{kubeconfig} {path}");
        }
    }

    #[test]
    fn any_text_gets_an_answer() {
        let deep = "{".repeat(5_000);
        for text in [
            "",
            "\0",
            "{",
            "- a",
            "3",
            "é: ü",
            "contexts: 3\ncurrent-context: c",
            "current-context: c\ncontexts: [3, {name: c}, {name: c, context: é}]",
            "current-context: c\ncontexts: [{name: c, context: {cluster: [], user: {}}}]\nclusters: [{name: '', cluster: 3}]",
            "current-context: c\ncontexts: [{name: c, context: {cluster: a, user: u}}]\nclusters: [{name: a, cluster: {server: é, certificate-authority: ../../é}}]\nusers: [{name: u, user: {tokenFile: 3, exec: é}}]",
            &deep,
        ] {
            for path in ["/a/b", "a", ""] {
                let read = super::read(text.as_bytes(), path, &|_| FileState::Missing);
                for span in read.findings.iter().filter_map(|finding| finding.span) {
                    assert!(text.get(span.start..span.end).is_some(), "{text}");
                }
            }
        }
    }
}
