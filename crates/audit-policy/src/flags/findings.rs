//! What is wrong with flags, and what is likely not meant.

use super::parse::{Given, ParseError, Parsed, Wrong};
use super::settings::{Settings, modes, versions};
use super::shape::{Mount, holds};
use super::start::Start;
use super::table::{FLAGS, FlagKind, MISTAKEN, flag};
use crate::near::nearest;
use crate::{Diagnostic, Edit, Fix, Release, Severity, Span};

pub(super) fn findings(
    parsed: &Parsed,
    mounts: Option<&[Mount]>,
    start: Option<&Start>,
    release: Release,
) -> Vec<Diagnostic> {
    let mut list = List { parsed, release, found: Vec::new() };
    for error in &parsed.errors {
        list.misread(error);
    }
    list.words();
    if let Some(error) = start.and_then(|start| start.error.as_ref()) {
        list.refused(error);
    }
    list.backends();
    list.no_effect();
    list.rotation();
    list.dynamic();
    if let Some(mounts) = mounts {
        list.mounts(mounts);
    }
    list.found
}

struct List<'p> {
    parsed: &'p Parsed,
    release: Release,
    found: Vec<Diagnostic>,
}

impl List<'_> {
    fn settings(&self) -> &Settings {
        &self.parsed.settings
    }

    /// The last time that a flag is given.
    fn last(&self, name: &str) -> Option<&Given> {
        self.parsed.given.iter().rev().find(|given| given.flag.name == name)
    }

    fn is_given(&self, name: &str) -> bool {
        self.last(name).is_some()
    }

    fn say(&mut self, code: &'static str, severity: Severity, message: String, span: Option<Span>, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.found.push(Diagnostic { code, severity, message, path: None, span, help, fix: None });
    }

    /// At the value of a flag.
    fn say_at(&mut self, name: &str, code: &'static str, severity: Severity, message: String, help: &str) {
        let span = self.last(name).and_then(|given| given.value_span.or(given.span));
        self.say(code, severity, message, span, help);
    }

    fn misread(&mut self, error: &ParseError) {
        let (code, help, fix) = match &error.wrong {
            Wrong::Unknown(name) => {
                let (help, meant) = unknown_flag(name, self.release);
                let fix = meant.zip(error.span).map(|(meant, span)| Fix {
                    title: format!("Rename to --{meant}"),
                    edits: vec![Edit {
                        span,
                        text: if self.has_dashes(span, name) { format!("--{meant}") } else { meant.to_owned() },
                    }],
                });
                ("unknown-flag", help, fix)
            }
            Wrong::NoValue(flag) => ("missing-value", format!("--{} {}", flag.name, flag.help), None),
            Wrong::Value(given) => ("invalid-value", expected(given.flag.kind).to_owned(), None),
            Wrong::Syntax => ("bad-flag-syntax", "a flag is `--name=value` or `--name value`".to_owned(), None),
        };
        self.found.push(Diagnostic {
            code,
            severity: Severity::Error,
            message: error.message.clone(),
            path: None,
            span: error.span,
            help: (!help.is_empty()).then_some(help),
            fix,
        });
    }

    /// Whether a flag's name stands there with its dashes; in maps it stands without.
    fn has_dashes(&self, span: Span, name: &str) -> bool {
        span.end - span.start == name.len() + 2
    }

    fn words(&mut self) {
        for word in &self.parsed.stray {
            if word.text.is_empty() {
                continue;
            }
            let is_bool = matches!(word.text.as_str(), "true" | "false");
            let help = if is_bool { "a flag that is on or off takes its value after `=`: `--flag=false`" } else { "" };
            let message = format!("`{}` is no flag and no flag's value", word.text);
            self.say("stray-word", Severity::Warning, message, word.span, help);
        }
        let parsed = self.parsed;
        for (index, given) in parsed.given.iter().enumerate() {
            let name = given.flag.name;
            if let Some((from, instead)) = given.flag.replaced.filter(|(from, _)| *from <= self.release.minor()) {
                let message = format!("Flag --{name} has been deprecated, Deprecated, use --{instead} instead.");
                self.say(
                    "deprecated-flag",
                    Severity::Note,
                    message,
                    given.span,
                    &format!("since 1.{from} it is --{instead}"),
                );
            }
            let again = parsed.given.iter().skip(index + 1).any(|later| later.flag.name == name);
            if again && !matches!(name, "feature-gates" | "runtime-config") {
                let message = format!("--{name} is given again further on, and only the last counts");
                self.say("repeated-flag", Severity::Warning, message, given.span, "");
            }
        }
    }

    /// The server's own words, at the flag that they are about.
    fn refused(&mut self, error: &str) {
        let errors = self.settings().errors(self.release);
        if errors.is_empty() {
            let name = match () {
                () if error.starts_with("loading audit policy file") => "audit-policy-file",
                () if error.starts_with("initializing audit webhook") => "audit-webhook-config-file",
                () if error.starts_with("ensureLogFile") => "audit-log-path",
                () => "feature-gates",
            };
            self.say_at(name, "refused", Severity::Error, error.to_owned(), "");
            return;
        }
        for error in errors {
            let plugin = if error.contains(" webhook ") { "webhook" } else { "log" };
            let named = error.strip_prefix("--").and_then(|rest| rest.split(' ').next()).and_then(flag);
            let suffix = [
                ("mode ", "mode"),
                ("buffer size", "batch-buffer-size"),
                ("throttle QPS", "batch-throttle-qps"),
                ("throttle burst", "batch-throttle-burst"),
                ("max event size ", "truncate-max-event-size"),
                ("log format", "format"),
                (
                    "max batch size",
                    if error.contains("truncate") { "truncate-max-batch-size" } else { "batch-max-size" },
                ),
            ];
            let suffix = suffix.iter().find(|(part, _)| error.contains(part)).map(|(_, suffix)| *suffix);
            let name = match (named, suffix) {
                (Some(flag), _) => flag.name.to_owned(),
                (None, Some(suffix)) => format!("audit-{plugin}-{suffix}"),
                _ if error.contains("GroupVersion") || error.contains("group version") => {
                    let log_is_good = versions(self.release).contains(&self.settings().log.version.as_str());
                    let plugin = if log_is_good || self.settings().log.path.is_empty() { "webhook" } else { "log" };
                    format!("audit-{plugin}-version")
                }
                _ => "feature-gates".to_owned(),
            };
            let value = self.last(&name).map(|given| given.value.clone()).unwrap_or_default();
            let near = match suffix {
                Some("mode") => nearest(&value, modes(self.release).iter().copied()),
                Some("format") => nearest(&value, ["json", "legacy"]),
                _ => None,
            };
            let help = near.map(|near| format!("write `{near}`")).unwrap_or_default();
            let code = if suffix == Some("mode") { "unknown-mode" } else { "refused" };
            self.say_at(&name, code, Severity::Error, error, &help);
            let fix = near.zip(self.found.last().and_then(|found| found.span));
            if let (Some((near, span)), Some(found)) = (fix, self.found.last_mut()) {
                let edits = vec![Edit { span, text: near.to_owned() }];
                found.fix = Some(Fix { title: format!("Change to {near}"), edits });
            }
        }
    }

    fn backends(&mut self) {
        let settings = self.settings().clone();
        if !self.release.has_policies() {
            return;
        }
        let (policy, log, webhook) = (&settings.policy_file, &settings.log.path, &settings.webhook.config_file);
        let dynamic = settings.dynamic && settings.dynamic_auditing;
        let basic = self.release.minor() < 12 && !settings.advanced_auditing;
        if policy.is_empty() && !basic {
            for (path, name) in [(log, "audit-log-path"), (webhook, "audit-webhook-config-file")] {
                if !path.is_empty() {
                    let message =
                        "there is a backend and no policy: nothing is recorded, and the server starts all the same"
                            .to_owned();
                    self.say_at(name, "no-policy", Severity::Warning, message, "give --audit-policy-file as well");
                }
            }
        }
        if !policy.is_empty() && log.is_empty() && webhook.is_empty() && !dynamic {
            let message =
                "there is a policy and no backend: nothing is recorded, and the server starts all the same".to_owned();
            self.say_at(
                "audit-policy-file",
                "no-backend",
                Severity::Warning,
                message,
                "give --audit-log-path or --audit-webhook-config-file as well",
            );
        }
        if log == "-" {
            let message = "events go to standard output, among what else the server prints".to_owned();
            self.say_at("audit-log-path", "standard-output", Severity::Note, message, "");
        }
        for (path, name) in
            [(policy, "audit-policy-file"), (log, "audit-log-path"), (webhook, "audit-webhook-config-file")]
        {
            if !path.is_empty() && !path.starts_with('/') && path != "-" {
                let message = format!("{path} is relative to the folder that the server runs in");
                self.say_at(name, "relative-path", Severity::Warning, message, "give a path that begins with `/`");
            }
        }
        let waits = settings.webhook.batch.mode.starts_with("blocking");
        if !webhook.is_empty() && waits && !policy.is_empty() {
            let message = "every audited request waits until its event is posted, retries included".to_owned();
            self.say_at("audit-webhook-mode", "blocking-webhook", Severity::Note, message, "");
        }
    }

    /// Flags that are given and do nothing.
    fn no_effect(&mut self) {
        let settings = self.settings().clone();
        let given: Vec<Given> = self.parsed.given.clone();
        for one in &given {
            let name = one.flag.name;
            let (plugin, path, batch, truncate) = if name.starts_with("audit-log-") {
                ("log", &settings.log.path, &settings.log.batch, &settings.log.truncate)
            } else if name.starts_with("audit-webhook-") {
                ("webhook", &settings.webhook.config_file, &settings.webhook.batch, &settings.webhook.truncate)
            } else {
                continue;
            };
            let needed = if plugin == "log" { "audit-log-path" } else { "audit-webhook-config-file" };
            if name == needed {
                continue;
            }
            let is_batch = name.contains("-batch-") && !name.contains("truncate") && !name.ends_with("backoff");
            let is_throttle = name.ends_with("-throttle-qps") || name.ends_with("-throttle-burst");
            let rotates =
                matches!(name, "audit-log-maxsize" | "audit-log-maxage" | "audit-log-maxbackup" | "audit-log-compress");
            let dynamic = settings.dynamic && name.contains("webhook-truncate");
            let why = if path.is_empty() && !dynamic {
                format!("--{needed} is not given")
            } else if is_batch && batch.mode != "batch" {
                format!("the mode is {}, and batches are made in mode batch only", batch.mode)
            } else if is_throttle && !batch.throttle_enable {
                format!("--audit-{plugin}-batch-throttle-enable is not on")
            } else if name.contains("-truncate-max-") && !truncate.enabled {
                format!("--audit-{plugin}-truncate-enabled is not on")
            } else if rotates && path == "-" {
                "standard output is not rotated".to_owned()
            } else if rotates && name != "audit-log-maxsize" && settings.log.max_size == 0 && self.release.minor() >= 36
            {
                "--audit-log-maxsize is 0, so the file is not rotated".to_owned()
            } else {
                continue;
            };
            let message = format!("--{name} has no effect: {why}");
            self.say("no-effect", Severity::Warning, message, one.span, "");
        }
    }

    fn rotation(&mut self) {
        let log = self.settings().log.clone();
        if log.path.is_empty() || log.path == "-" {
            return;
        }
        let minor = self.release.minor();
        if minor >= 36 && log.max_size == 0 {
            let message = "the log is never rotated: it grows until the disk is full".to_owned();
            self.say_at("audit-log-maxsize", "no-rotation", Severity::Warning, message, "give a size in megabytes");
        } else if log.max_age == 0 && log.max_backup == 0 {
            let message = "rotated files are kept for ever: they grow until the disk is full".to_owned();
            self.say_at(
                "audit-log-path",
                "no-retention",
                Severity::Warning,
                message,
                "give --audit-log-maxage or --audit-log-maxbackup",
            );
        }
        if minor < 36 && log.max_size == 0 && self.is_given("audit-log-maxsize") {
            let message = "0 is not no rotation in this release: the file is rotated at 100 megabytes".to_owned();
            self.say_at("audit-log-maxsize", "rotation-size", Severity::Note, message, "");
        }
    }

    fn dynamic(&mut self) {
        let settings = self.settings().clone();
        if !(settings.dynamic && settings.dynamic_auditing) {
            return;
        }
        let api = "auditregistration.k8s.io/v1alpha1";
        let served = self.last("runtime-config").is_some_and(|given| {
            given.value.split(',').any(|item| {
                let (name, value) = item.split_once('=').unwrap_or((item, "true"));
                matches!(name.trim(), "api/all" | "auditregistration.k8s.io/v1alpha1") && value.trim() != "false"
            })
        });
        if !served {
            let message = format!("AuditSink objects cannot be made: the API {api} is not served");
            self.say_at(
                "audit-dynamic-configuration",
                "dynamic-api",
                Severity::Warning,
                message,
                &format!("give --runtime-config={api}=true as well"),
            );
        }
    }

    /// What the server reads or writes and its container does not see.
    fn mounts(&mut self, mounts: &[Mount]) {
        let settings = self.settings().clone();
        let paths = [
            ("audit-policy-file", settings.policy_file, false),
            ("audit-webhook-config-file", settings.webhook.config_file, false),
            ("audit-log-path", settings.log.path, true),
        ];
        for (name, path, written) in paths {
            if path.is_empty() || path == "-" || !path.starts_with('/') {
                continue;
            }
            match mounts.iter().filter(|mount| holds(&mount.path, &path)).max_by_key(|mount| mount.path.len()) {
                None if written => {
                    let message = format!("{path} is not mounted: the log is inside the container, and lost with it");
                    self.say_at(
                        name,
                        "not-mounted",
                        Severity::Warning,
                        message,
                        "mount the log's folder from the host",
                    );
                }
                None => {
                    let message =
                        format!("{path} is not mounted: the server does not find the file in its container, and stops");
                    self.say_at(name, "not-mounted", Severity::Error, message, "mount the file from the host");
                }
                Some(mount) if written && mount.read_only => {
                    let message =
                        format!("{} is mounted read-only: the server cannot write its log, and stops", mount.path);
                    self.say_at(name, "read-only-log", Severity::Error, message, "mount it with `readOnly: false`");
                }
                Some(mount) if written && mount.path == path => {
                    let message = format!(
                        "{path} is mounted by itself, so it cannot be rotated: a file that is mounted cannot be renamed"
                    );
                    self.say_at(name, "log-file-mounted", Severity::Warning, message, "mount its folder");
                }
                Some(_) => {}
            }
        }
    }
}

/// What a name that is no flag was meant to be: a sentence, and the flag's name.
fn unknown_flag(name: &str, release: Release) -> (String, Option<&'static str>) {
    let plain = name.replace('_', "-");
    if let Some(known) = flag(&plain) {
        let mut help = format!("Kubernetes {release} has no such flag; {} has", known.releases());
        if plain == "audit-dynamic-configuration" && release.minor() > 18 {
            help.push_str(
                ". AuditSink went away with it: run a webhook backend, and let its receiver choose and pass on",
            );
        }
        let older =
            FLAGS.iter().find(|older| older.is_in(release) && older.replaced.is_some_and(|(_, new)| new == plain));
        if let Some(older) = older {
            help.push_str(&format!(". Here it is --{}", older.name));
        }
        return (help, older.map(|older| older.name));
    }
    let mistaken = MISTAKEN.iter().find(|(wrong, _)| *wrong == plain).map(|(_, right)| *right);
    let near = || nearest(&plain, FLAGS.iter().filter(|flag| flag.is_in(release)).map(|flag| flag.name));
    match mistaken.filter(|right| flag(right).is_some_and(|flag| flag.is_in(release))).or_else(near) {
        Some(meant) => (format!("it is --{meant}"), Some(meant)),
        None => (format!("Kubernetes {release} has no flag of this name"), None),
    }
}

fn expected(kind: FlagKind) -> &'static str {
    match kind {
        FlagKind::String => "",
        FlagKind::Int | FlagKind::Int64 => "give a whole number",
        FlagKind::Float32 => "give a number",
        FlagKind::Duration => "give a number with a unit, such as `30s`, `500ms` or `1m30s`",
        FlagKind::Bool => "give `true` or `false`",
        FlagKind::Gates => "give `Gate=true`, more of them after commas",
    }
}
