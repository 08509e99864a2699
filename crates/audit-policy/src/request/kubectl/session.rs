//! What a kubectl command is made into: the requests it sends, what was assumed for them, and what is odd.

use super::call::{Call, JSON};
use super::flags::Flags;
use super::manifest::Files;
use super::resources::Resource;
use crate::request::Assumption;
use crate::{Diagnostic, GoString, Release, Severity, Span};

/// More requests than this, one line does not make.
const MOST_REQUESTS: usize = 500;
/// What the commands of a text send altogether at most: one body may be sent to each of many objects.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// Why a command makes no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub code: &'static str,
    /// kubectl's own words, where it says something.
    pub message: String,
    pub help: Option<String>,
    /// A word of the command, and the one that was likely meant.
    pub meant: Option<(String, String)>,
}

impl Refused {
    /// kubectl refuses the command, in these words.
    pub fn usage(message: impl Into<String>) -> Refused {
        Refused { code: "kubectl-usage", message: message.into(), help: None, meant: None }
    }

    /// The command is good and sends nothing to the API server.
    pub fn no_request(message: impl Into<String>) -> Refused {
        Refused { code: "no-request", message: message.into(), help: None, meant: None }
    }

    /// The command makes more requests than are read here.
    pub fn too_many() -> Refused {
        Refused {
            code: "too-many-requests",
            message: format!("the command sends more than {MOST_REQUESTS} requests"),
            help: Some("name fewer objects".to_owned()),
            meant: None,
        }
    }

    /// The command makes longer requests than are read here.
    pub fn too_much() -> Refused {
        Refused {
            code: "too-much-sent",
            message: format!("the commands send more than {} MiB", MOST_BYTES >> 20),
            help: Some("name fewer objects, or give a shorter body".to_owned()),
            meant: None,
        }
    }

    /// The same, with the word that was likely meant.
    pub fn meant(mut self, word: &str, near: &str) -> Refused {
        self.meant = Some((word.to_owned(), near.to_owned()));
        self.help(format!("did you mean `{near}`?"))
    }

    /// The same, with what to do.
    pub fn help(mut self, help: impl Into<String>) -> Refused {
        self.help = Some(help.into());
        self
    }
}

pub(super) type Outcome<T = ()> = Result<T, Refused>;

/// Whether a change is only tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DryRun {
    No,
    /// In kubectl: nothing is changed, and mostly nothing is sent.
    Client,
    /// On the server.
    Server,
}

/// A command that is being made into requests.
pub(super) struct Session<'a> {
    pub release: Release,
    /// The command's words, such as `create deployment`.
    pub command: &'static str,
    pub flags: Flags,
    pub variables: Vec<(String, String)>,
    pub files: Files<'a>,
    pub requests: Vec<Call>,
    pub discovery: Vec<Call>,
    pub assumed: Vec<Assumption>,
    pub findings: Vec<Diagnostic>,
    /// Which of the findings are about a word, and what was likely meant by it.
    pub meant: Vec<(usize, (String, String))>,
    /// The index in `requests` of the one that the command exists for.
    pub pick: usize,
    pub understood: String,
    /// Where the command stands in the text.
    pub span: Span,
    namespace_told: bool,
    /// How many bytes of files were read.
    pub bytes_read: usize,
    /// How many more bytes may be sent.
    pub bytes_left: usize,
    /// The container that pods of a workload are assumed to have.
    pub container_of: Option<String>,
}

impl<'a> Session<'a> {
    pub fn new(
        release: Release,
        command: &'static str,
        flags: Flags,
        variables: Vec<(String, String)>,
        files: Files<'a>,
        span: Span,
    ) -> Session<'a> {
        Session {
            release,
            command,
            flags,
            variables,
            files,
            requests: Vec::new(),
            discovery: Vec::new(),
            assumed: Vec::new(),
            findings: Vec::new(),
            meant: Vec::new(),
            pick: 0,
            understood: String::new(),
            span,
            namespace_told: false,
            bytes_read: 0,
            bytes_left: MOST_BYTES,
            container_of: None,
        }
    }

    /// Sends a request.
    pub fn send(&mut self, call: Call) -> Outcome {
        if self.requests.len() >= MOST_REQUESTS {
            return Err(Refused::too_many());
        }
        let impersonation = ["as", "as-uid", "as-group", "as-user-extra"].map(|flag| self.flags.size(flag));
        let size = call.size() + impersonation.iter().sum::<usize>();
        self.bytes_left = self.bytes_left.checked_sub(size).ok_or_else(Refused::too_much)?;
        self.requests.push(call);
        Ok(())
    }

    /// Sends the request that the command exists for.
    pub fn send_main(&mut self, call: Call) -> Outcome {
        self.pick = self.requests.len();
        self.send(call)
    }

    /// Tells an assumption, once.
    pub fn assume(&mut self, about: &str, text: impl Into<String>) {
        let assumption = Assumption { about: about.to_owned(), text: text.into() };
        if !self.assumed.contains(&assumption) {
            self.assumed.push(assumption);
        }
    }

    /// Tells something odd or worth knowing.
    pub fn find(&mut self, code: &'static str, severity: Severity, message: impl Into<String>, help: Option<String>) {
        let (message, path) = (message.into(), None);
        let finding = Diagnostic { code, severity, message, path, span: Some(self.span), help, fix: None };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Says what was understood; the first sentence of several stays.
    pub fn understand(&mut self, sentence: impl Into<String>) {
        if self.understood.is_empty() {
            self.understood = sentence.into();
        }
    }

    /// The arguments before `--`.
    pub fn arguments(&self) -> Vec<String> {
        self.flags.plain_arguments().to_vec()
    }

    /// The namespace that `--namespace` names.
    pub fn given_namespace(&self) -> Option<&str> {
        self.flags.text("namespace")
    }

    /// The namespace that the command works in.
    pub fn namespace(&mut self) -> String {
        if let Some(given) = self.given_namespace() {
            return given.to_owned();
        }
        if !self.namespace_told {
            self.namespace_told = true;
            let text = match (self.flags.text("context"), self.flags.text("kubeconfig")) {
                (Some(context), _) => format!("default; context {context} may name another"),
                (None, Some(_)) => "default; the kubeconfig may name another".to_owned(),
                (None, None) => "default, as the command names none".to_owned(),
            };
            self.assume("namespace", text);
        }
        "default".to_owned()
    }

    /// The namespace of requests for a resource: none for cluster resources and with `--all-namespaces`.
    pub fn namespace_for(&mut self, resource: &Resource) -> Option<String> {
        (resource.namespaced && !self.flags.is_on("all-namespaces")).then(|| self.namespace())
    }

    /// What `--dry-run` says.
    pub fn dry_run(&self) -> Outcome<DryRun> {
        match self.flags.value("dry-run") {
            None | Some("none") => Ok(DryRun::No),
            Some("client" | "unchanged" | "true") => Ok(DryRun::Client),
            Some("server") => Ok(DryRun::Server),
            Some("false") => Ok(DryRun::No),
            Some(other) => Err(Refused::usage(format!(
                "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
            ))),
        }
    }

    /// The query of writes: dry run, manager of fields, validation of fields.
    pub fn write_query(&self, call: Call, manager: Option<&str>, validate: bool) -> Outcome<Call> {
        let mut call = call;
        if self.dry_run()? == DryRun::Server {
            call = call.query("dryRun", "All");
        }
        if let Some(default) = manager {
            call = call.query("fieldManager", self.flags.text("field-manager").unwrap_or(default));
        }
        if validate {
            let validation = match self.flags.value("validate") {
                None | Some("" | "true" | "strict") => "Strict",
                Some("warn") => "Warn",
                Some("false" | "ignore") => "Ignore",
                Some(other) => {
                    return Err(Refused::usage(format!(
                        "invalid - validate option \"{other}\"; must be one of: strict (or true), warn, ignore (or false)"
                    )));
                }
            };
            call = call.query("fieldValidation", validation);
        }
        Ok(call)
    }

    /// Fetches the OpenAPI schema, as commands do that check a manifest.
    pub fn fetch_schema(&mut self) {
        let skipped = matches!(self.flags.value("validate"), Some("false" | "ignore"));
        if !skipped && self.discovery.is_empty() {
            self.discover("/openapi/v3");
        }
    }

    /// A discovery call.
    pub fn discover(&mut self, path: &str) {
        let query = if path.starts_with("/api") && path.len() > 5 { None } else { Some("32s") };
        self.discovery.push(Call::get(path, "discovery").query_if("timeout", query));
    }

    /// Asks again what the server serves, as for names that the cache does not know.
    pub fn discover_again(&mut self) {
        if self.discovery.is_empty() {
            self.discover("/api");
            self.discover("/apis");
        }
    }

    /// The headers that every request of the command has.
    pub fn common_headers(&self) -> Vec<(String, GoString)> {
        // The proxy passes on what its caller says.
        if self.command == "proxy" {
            return vec![("User-Agent".to_owned(), GoString::from("curl/8.5.0"))];
        }
        let mut headers = vec![("User-Agent".to_owned(), GoString::from(user_agent(self.release)))];
        let mut add = |name: &str, value: &str| headers.push((name.to_owned(), GoString::from(value)));
        if let Some(user) = self.flags.text("as") {
            add("Impersonate-User", user);
            if let Some(uid) = self.flags.text("as-uid") {
                add("Impersonate-Uid", uid);
            }
            for group in self.flags.list("as-group") {
                add("Impersonate-Group", &group);
            }
            for extra in self.flags.all("as-user-extra") {
                let (key, value) = extra.split_once('=').unwrap_or((extra, ""));
                add(&format!("Impersonate-Extra-{}", header_key(key)), value);
            }
        }
        let command = if self.command.is_empty() { "kubectl".to_owned() } else { format!("kubectl {}", self.command) };
        add("Kubectl-Command", &command);
        add("Kubectl-Session", "00000000-0000-4000-8000-000000000000");
        headers
    }

    /// What `--request-timeout` adds to every query.
    pub fn timeout(&self) -> Outcome<Option<String>> {
        let Some(text) = self.flags.text("request-timeout") else { return Ok(None) };
        if text == "0" {
            return Ok(None);
        }
        if let Ok(seconds) = text.parse::<u64>() {
            return Ok(Some(duration(seconds)));
        }
        let unit = text.trim_start_matches(|digit: char| digit.is_ascii_digit() || digit == '.');
        if unit.len() == text.len() || !["ns", "us", "ms", "s", "m", "h"].contains(&unit) {
            return Err(Refused::usage(
                "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a \
                 corresponding time unit (e.g. 1s | 2m | 3h)",
            ));
        }
        let number = text.get(..text.len() - unit.len()).and_then(|number| number.parse::<u64>().ok());
        Ok(Some(match (number, unit) {
            (Some(number), "s") => duration(number),
            (Some(number), "m") => duration(number.saturating_mul(60)),
            (Some(number), "h") => duration(number.saturating_mul(3600)),
            _ => text.to_owned(),
        }))
    }

    /// A DELETE with the options that kubectl sends, as JSON.
    pub fn delete_call(&self, path: String, purpose: String, options: &crate::json::Value) -> Call {
        Call { content_type: Some(JSON), ..Call::new("DELETE", path, purpose) }.json(options)
    }
}

/// A key of extra in a header's name: what no name may hold as escapes, then letters as Go's `CanonicalMIMEHeaderKey` has them.
///
/// Mirrors `headerKeyEscape` of `staging/src/k8s.io/client-go/transport/round_trippers.go`.
fn header_key(key: &str) -> String {
    let mut escaped = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    let mut upper = true;
    let mut canonical = String::with_capacity(escaped.len());
    for letter in escaped.chars() {
        canonical.push(if upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() });
        upper = letter == '-';
    }
    canonical
}

/// Seconds as Go writes a duration: `5s`, `1m0s`, `1h0m0s`.
fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m{seconds}s"),
        (hours, minutes, seconds) => format!("{hours}h{minutes}m{seconds}s"),
    }
}

/// The release's kubectl on Linux. The commit is made up: it does not matter, and no policy can look at it.
fn user_agent(release: Release) -> String {
    let patch = if release == Release::NEWEST { 2 } else { 0 };
    format!("kubectl/v{release}.{patch} (linux/amd64) kubernetes/5ab1c9f")
}
