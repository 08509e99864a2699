//! The engine for the page's Delivery view: what the flags come to, and what becomes of the events. It is a wasm of its own, in a worker, so that a long simulation
//! neither stops the page nor makes its first wasm larger. Texts go in and come out, JSON where they hold more than a text.

mod formats;

use audit_policy::deliver::{
    BackendDelivery, Delivery, Load, LogBackend, Mode, Options, Preset, Recipients, Simulation, World,
};
use audit_policy::flags::{self, Checked, FileState};
use audit_policy::request::Unreadable;
use audit_policy::request::scenario::Scenario;
use audit_policy::suite::Lesson;
use audit_policy::{Diagnostic, Policy, Release, Rule, Severity, Span, load, sink};
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;

/// The flags where none are given: both backends as the server has them, and where there are AuditSinks, what these take.
#[wasm_bindgen]
pub fn defaults(release: &str, has_sinks: bool) -> String {
    let begin = "kube-apiserver \\\n  --audit-policy-file=/etc/kubernetes/audit-policy.yaml\n";
    let flags = preset("serverDefaults", begin, release);
    if has_sinks { allow_sinks(&flags, release) } else { flags }
}

/// The text, changed so that AuditSinks get events.
#[wasm_bindgen]
pub fn allow_sinks(text: &str, release: &str) -> String {
    flags::allow_sinks(text, of(release))
}

/// The flags of a release without policies.
const OF_BASIC_AUDIT: &str = "kube-apiserver --audit-log-path=/var/log/kubernetes/audit.log";

/// The text of flags, changed so that it comes to a preset: `serverDefaults` or `safe`.
#[wasm_bindgen]
pub fn preset(name: &str, text: &str, release: &str) -> String {
    let release = of(release);
    if !release.has_policies() {
        return OF_BASIC_AUDIT.to_owned();
    }
    let preset = if name == "safe" { Preset::Safe } else { Preset::ServerDefaults };
    flags::rewrite(text, &Options::preset(preset, release), release)
}

/// What flags come to, with the webhook's kubeconfig where there is one.
fn checked(text: &str, release: Release, kubeconfig: &str) -> Option<Checked> {
    let checked = flags::check(text, release, &|_| FileState::Unknown)?;
    if kubeconfig.is_empty() {
        return Some(checked);
    }
    let path = &checked.settings.webhook.config_file;
    flags::check(text, release, &|asked| match asked == path {
        true => FileState::Content(kubeconfig.as_bytes().to_vec()),
        false => FileState::Unknown,
    })
}

/// What a text of flags comes to: what the server says of it, findings with their lines, each flag of the backends with its value and its default, and what of backends
/// and modes the release has.
#[wasm_bindgen]
pub fn settings(text: &str, release: &str, kubeconfig: &str) -> String {
    let release = of(release);
    let backends = [
        ("log", "audit-log-path", LogBackend::new(release).path),
        ("webhook", "audit-webhook-config-file", flags::WEBHOOK_FILE.to_owned()),
    ];
    let backends =
        backends.into_iter().filter(|(_, name, _)| flags::flag(name).is_some_and(|flag| flag.is_in(release)));
    let backends = backends.map(|(name, flag, path)| {
        let modes = flags::described_modes(name, release).into_iter();
        let modes: Vec<_> = modes.map(|(name, words)| json!({"name": name, "words": words})).collect();
        let without = modes.is_empty().then(|| flags::without_modes(name));
        (name.to_owned(), json!({"flag": flag, "path": path, "modes": modes, "without": without}))
    });
    let mut told = json!({"backends": backends.collect::<Map<String, Value>>()});
    let more = match checked(text, release, kubeconfig) {
        Some(checked) => of_checked(&checked, text),
        None => {
            json!({"error": "no flags of kube-apiserver are in this text", "findings": [], "changed": [], "values": {}, "defaults": {}})
        }
    };
    if let (Value::Object(told), Value::Object(more)) = (&mut told, more) {
        told.extend(more);
    }
    told.to_string()
}

fn of_checked(checked: &Checked, text: &str) -> Value {
    let release = checked.release;
    let options = checked.settings.options(release);
    let values = |options: &Options| {
        let values = flags::values(options, release).into_iter();
        values.map(|(name, value)| (name.to_owned(), value.into())).collect::<Map<String, Value>>()
    };
    let defaults = values(&Options::preset(Preset::ServerDefaults, release));
    let mut values = values(&options);
    let findings = checked.findings.iter().map(|finding| {
        let given = checked.given.iter().find(|given| finding.span.is_some() && given.value_span == finding.span);
        let flag = given.filter(|_| finding.severity == Severity::Error);
        // As it is typed, not as what it comes to.
        if let Some(value) = flag.and_then(|given| values.get_mut(given.flag.name).zip(Some(&given.value))) {
            *value.0 = value.1.as_str().into();
        }
        told(finding, text, flag.map(|given| given.flag.name))
    });
    let findings: Vec<_> = findings.collect();
    let changed = checked.changed().into_iter().map(|(given, default)| {
        let span = given.value_span.or(given.span);
        json!({"flag": given.flag.name, "default": default, "line": span.map(|span| line(text, span))})
    });
    let basic = flags::describe_basic(&checked.settings, release);
    json!({
        "shape": checked.shape.as_str(), "error": checked.error(),
        "log": options.log.is_some(), "webhook": options.webhook.is_some(),
        "findings": findings, "changed": changed.collect::<Vec<_>>(), "values": values, "defaults": defaults,
        "basic": basic.map(|(words, text)| json!({"words": words, "text": text})),
    })
}

/// A finding, with its line and the flag that cannot have its value.
fn told(finding: &Diagnostic, text: &str, flag: Option<&str>) -> Value {
    json!({
        "flag": flag, "severity": finding.severity, "message": finding.message, "help": finding.help,
        "line": finding.span.map(|span| line(text, span)),
        "fix": finding.fix.as_ref().map(|fix| json!({"title": fix.title, "text": fix.apply(text)})),
    })
}

/// The line of a place, from 1.
fn line(text: &str, span: Span) -> usize {
    text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
}

/// What is wrong with a scenario's `load`; empty where it is taken.
#[wasm_bindgen]
pub fn load_refusal(load: &str) -> String {
    let scenario = format!(r#"{{"version":1,"request":"","load":{load}}}"#);
    let findings = Scenario::parse(scenario.as_bytes()).err().map(|unreadable| unreadable.findings).unwrap_or_default();
    let said = |finding: Diagnostic| match finding.help {
        Some(help) => format!("{}: {help}", finding.message),
        None => finding.message,
    };
    findings.into_iter().next().map(said).unwrap_or_default()
}

/// What to do about a policy that does not load; empty where it does.
#[wasm_bindgen]
pub fn policy_help(policy: &str, release: &str) -> String {
    let loaded = load(policy.as_bytes(), of(release));
    let help = loaded
        .findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .find_map(|finding| finding.help);
    help.filter(|_| !loaded.accepted).unwrap_or_default()
}

/// The text, changed so that a flag has a value; an error says why it cannot have that.
///
/// # Errors
///
/// What is wrong with the value, in pflag's words.
#[wasm_bindgen]
pub fn change(text: &str, name: &str, value: &str, release: &str) -> Result<String, String> {
    flags::change(text, name, value, of(release))
}

/// The text's flags in another shape, with what the webhook's kubeconfig needs.
#[wasm_bindgen]
pub fn shape(text: &str, name: &str, release: &str, kubeconfig: &str) -> String {
    let shape = flags::Shape::ALL.into_iter().find(|shape| shape.as_str() == name);
    match (shape, checked(text, of(release), kubeconfig)) {
        (Some(shape), Some(checked)) => flags::write(&checked, shape),
        _ => text.to_owned(),
    }
}

/// What comes of a lesson's check (by its index) for what is typed, with where events go; empty where one of the three cannot be read.
#[wasm_bindgen]
pub fn check(lesson: &str, index: usize, typed: &str) -> String {
    let (Ok(lesson), Ok(typed)) = (Lesson::parse(lesson.as_bytes()), Scenario::parse(typed.as_bytes())) else {
        return String::new();
    };
    lesson.checks.get(index).map(|check| check.ask(&typed).to_value().to_string()).unwrap_or_default()
}

/// So many events are told one by one.
const MOST_EVENTS: usize = 40;

/// A simulation that goes on step by step, so that others are heard between.
#[wasm_bindgen]
pub struct Run {
    simulation: Option<Simulation>,
    requests: f64,
    omits_received: bool,
    /// Why the scenario's AuditSinks get nothing, if so.
    no_sinks: Option<String>,
    /// Whether flags would change that.
    sinks_are_off: bool,
}

#[wasm_bindgen]
impl Run {
    /// Begins the delivery of a scenario (JSON), with its own mode or another one for both backends, and with the webhook's kubeconfig where there is one.
    ///
    /// # Errors
    ///
    /// Why there is nothing to simulate: what is wrong with the scenario, its policy, its flags, its load, or the settings.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario: &str, mode: Option<String>, kubeconfig: &str) -> Result<Run, String> {
        let scenario = Scenario::parse(scenario.as_bytes()).map_err(Unreadable::why)?;
        let release = scenario.kubernetes.unwrap_or_default();
        if !release.has_policies() {
            return Err(format!(
                "Kubernetes {release} has no events: its two lines of each request are written while the request waits"
            ));
        }
        let policy = match &scenario.policy {
            Some(text) => {
                let text = text.as_bytes();
                let loaded = sink::load(text, release).unwrap_or_else(|| load(text, release));
                let why = loaded.error.map(|error| error.message).unwrap_or_default();
                loaded.policy.ok_or_else(|| format!("the policy does not load: {why}"))?
            }
            None => Policy::of_rules([Rule { level: audit_policy::Level::Metadata, ..Rule::default() }]),
        };
        let text = scenario
            .sending
            .flags
            .clone()
            .unwrap_or_else(|| defaults(&release.to_string(), scenario.sending.sinks.is_some()));
        let checked = checked(&text, release, kubeconfig).ok_or("there are no flags of kube-apiserver")?;
        if let Some(error) = checked.error() {
            return Err(format!("kube-apiserver does not start: {error}"));
        }
        let mut options = checked.settings.options(release);
        if let Some(mode) = mode.and_then(|mode| Mode::from_name(&mode)) {
            options.log.iter_mut().for_each(|log| log.mode = mode);
            options.webhook.iter_mut().for_each(|webhook| webhook.mode = mode);
        }
        let why = options.add_sinks_of(&scenario, release);
        let sinks_are_off = why.is_some() && options.dynamic.is_none() && sink::is_in(release);
        let load = Load::of_scenario(&scenario, &policy, &Recipients::new(&options, release))?;
        let world = scenario.sending.load.as_ref().map_or_else(World::default, |load| load.world());
        let simulation =
            Simulation::new(release, &options, &load, &world).map_err(|refused| refused.messages.join("; "))?;
        let omits_received = load
            .templates
            .iter()
            .all(|template| template.events.iter().all(|event| event.stage.as_str() != Some("RequestReceived")));
        Ok(Run {
            simulation: Some(simulation),
            requests: load.requests(),
            omits_received,
            no_sinks: why,
            sinks_are_off,
        })
    }

    /// Goes on for so many steps; whether there are more.
    pub fn step(&mut self, steps: usize) -> bool {
        self.simulation.as_mut().is_some_and(|simulation| simulation.step(steps))
    }

    /// How much has arrived, from 0 to 1.
    pub fn share(&self) -> f64 {
        let arrived = self.simulation.as_ref().map_or(0, Simulation::arrived);
        (arrived as f64 / self.requests.max(1.0)).min(1.0)
    }

    /// What became of it, once: a delivery as the command prints it, and what the view says besides.
    pub fn finish(&mut self) -> String {
        let Some(simulation) = self.simulation.take() else { return String::new() };
        let mut delivery: Delivery = simulation.finish();
        delivery.notes.extend(self.no_sinks.take());
        let width = |made: &BackendDelivery| made.series.width.seconds() * 1_000.0;
        let widths = [("log", delivery.log.as_ref().map(width)), ("webhook", delivery.webhook.as_ref().map(width))];
        let of_sinks: Vec<f64> = delivery.sinks.iter().map(|sink| width(&sink.made)).collect();
        let mut told = serde_json::to_value(&delivery).unwrap_or_default();
        let Some(members) = told.as_object_mut() else { return String::new() };
        // Many are for programs.
        if delivery.events.len() > MOST_EVENTS {
            members.remove("events");
        }
        members.insert("omitsReceived".to_owned(), self.omits_received.into());
        members.insert("sinksAreOff".to_owned(), self.sinks_are_off.into());
        for (name, width) in widths {
            drawn(members.get_mut(name), width);
        }
        let sinks = members.get_mut("sinks").and_then(Value::as_array_mut);
        for (sink, width) in sinks.into_iter().flatten().zip(of_sinks) {
            drawn(Some(sink), Some(width));
        }
        told.to_string()
    }
}

/// A backend as the charts take it.
fn drawn(made: Option<&mut Value>, width: Option<f64>) {
    let Some(made) = made.and_then(Value::as_object_mut) else { return };
    made.remove("batches");
    made.insert("widthMs".to_owned(), width.into());
}

/// The release of a name; the newest where it is none.
fn of(release: &str) -> Release {
    release.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(scenario: &Value, mode: Option<&str>) -> Value {
        let mut run = Run::new(&scenario.to_string(), mode.map(str::to_owned), "").unwrap();
        while run.step(1_000) {}
        serde_json::from_str(&run.finish()).unwrap()
    }

    #[test]
    fn a_scenario_is_delivered_as_its_flags_say() {
        let policy = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n";
        let scenario = json!({
            "version": 1, "policy": policy, "request": "kubectl get pods", "load": {"rate": 10, "duration": "1s"},
            "flags": "kube-apiserver --audit-policy-file=/p --audit-log-path=/a",
        });
        let told = run(&scenario, None);
        assert_eq!(told["options"]["log"]["mode"], "blocking");
        assert_eq!(told["options"]["webhook"], Value::Null);
        assert_eq!(told["omitsReceived"], false);
        assert!(told["log"]["totals"]["written"].as_u64().unwrap() > 2, "{told}");
        assert_eq!(run(&scenario, Some("batch"))["options"]["log"]["mode"], "batch");
        let refused = Run::new(
            &json!({"version": 1, "request": "a", "flags": "kube-apiserver --audit-webhook-config=/b"}).to_string(),
            None,
            "",
        );
        assert!(refused.err().unwrap().starts_with("kube-apiserver does not start: "));
    }

    #[test]
    fn sinks_have_their_own_delivery_where_the_flags_allow_them() {
        let sink = "apiVersion: auditregistration.k8s.io/v1alpha1\nkind: AuditSink\nmetadata: {name: mine}\nspec:\n  policy: {level: Metadata, stages: [ResponseComplete]}\n  webhook: {clientConfig: {url: \"https://a.example/\"}}\n";
        let flags = "kube-apiserver --audit-policy-file=/p --audit-log-path=/a";
        let scenario = |flags: &str| {
            json!({
                "version": 1, "kubernetes": "1.18", "policy": "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: None\n",
                "request": "kubectl get pods", "load": {"rate": 10, "duration": "10s"}, "sinks": sink, "flags": flags,
            })
        };
        let without = run(&scenario(flags), None);
        assert!(without["notes"].to_string().contains("--audit-dynamic-configuration"), "{without}");
        assert_eq!(without["sinksAreOff"], true);
        let on = allow_sinks(&format!("{flags} --feature-gates=A=true,DynamicAuditing=false"), "1.18");
        assert!(on.contains("--feature-gates=A=true,DynamicAuditing=false,DynamicAuditing=true"), "{on}");
        assert_eq!(allow_sinks(flags, "1.37"), flags);
        assert!(defaults("1.18", true).contains("--audit-dynamic-configuration"));
        let told = run(&scenario(&on), None);
        assert_eq!(told["sinks"][0]["name"], "mine");
        assert_eq!(told["sinks"][0]["totals"]["written"], told["clients"]["requests"]);
        assert!(told["sinks"][0]["widthMs"].as_f64().unwrap() > 0.0);
        assert_eq!(told["log"]["totals"]["events"], 0);
        let in_place = json!({"version": 1, "kubernetes": "1.18", "policy": sink, "request": "kubectl get pods", "load": {"rate": 1, "duration": "5s"}});
        let told = run(&in_place, None);
        assert_eq!((&told["options"]["log"], &told["sinks"][0]["name"]), (&Value::Null, &json!("mine")));
    }

    #[test]
    fn flags_follow_controls_and_controls_flags() {
        let text = defaults("1.37", false);
        assert_eq!(text.lines().count(), 4, "{text}");
        let changed = change(&text, "audit-webhook-batch-buffer-size", "2000", "1.37").unwrap();
        let told: Value = serde_json::from_str(&settings(&changed, "1.37", "")).unwrap();
        assert_eq!(told["values"]["audit-webhook-batch-buffer-size"], "2000");
        assert_eq!(told["defaults"]["audit-webhook-batch-buffer-size"], "10000");
        assert!(change(&text, "audit-webhook-batch-buffer-size", "many", "1.37").is_err());
        let off = change(&changed, "audit-webhook-config-file", "", "1.37").unwrap();
        assert_eq!(serde_json::from_str::<Value>(&settings(&off, "1.37", "")).unwrap()["webhook"], false);
        let on = change(&off, "audit-webhook-config-file", flags::WEBHOOK_FILE, "1.37").unwrap();
        let told_on: Value = serde_json::from_str(&settings(&on, "1.37", "")).unwrap();
        assert_eq!((&told_on["webhook"], &told_on["values"]), (&true.into(), &told["values"]));
        let unknown: Value =
            serde_json::from_str(&settings("kube-apiserver --audit-webhook-config=/b", "1.37", "")).unwrap();
        assert_eq!(unknown["error"], "unknown flag: --audit-webhook-config");
        assert_eq!(unknown["findings"][0]["fix"]["text"], "kube-apiserver --audit-webhook-config-file=/b");
    }

    #[test]
    fn the_release_says_which_backends_and_modes_there_are() {
        let told = |text: &str, release: &str| -> Value { serde_json::from_str(&settings(text, release, "")).unwrap() };
        let modes = |release, backend: &str| {
            let told = told("", release)["backends"][backend]["modes"].clone();
            told.as_array().unwrap().iter().map(|mode| mode["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        // A backend that is off has no mode, and its modes are told all the same.
        assert_eq!(modes("1.37", "log"), ["batch", "blocking", "blocking-strict"]);
        assert_eq!((modes("1.9", "log"), modes("1.9", "webhook").len()), (Vec::new(), 2));
        let old = told(&defaults("1.5", false), "1.5");
        assert_eq!(
            (&old["backends"]["webhook"], &old["backends"]["log"]["flag"]),
            (&Value::Null, &"audit-log-path".into())
        );
        assert_eq!(old["basic"]["words"], "Two lines of each request are written to the log");
        assert_eq!(told(&defaults("1.37", false), "1.37")["basic"], Value::Null);
    }

    #[test]
    fn what_is_changed_and_what_is_refused_is_told_at_its_flag() {
        let text = "kube-apiserver --audit-policy-file=/p \\\n  --audit-webhook-config-file=/w \\\n  --audit-webhook-batch-max-size=9 --audit-webhook-batch-buffer-size=-5";
        let told: Value = serde_json::from_str(&settings(text, "1.37", "")).unwrap();
        assert_eq!(told["changed"][0], json!({"flag": "audit-webhook-batch-max-size", "default": "400", "line": 3}));
        assert_eq!(told["findings"][0]["flag"], "audit-webhook-batch-buffer-size");
        assert_eq!(told["values"]["audit-webhook-batch-buffer-size"], "-5");
        assert_eq!(load_refusal(r#"{"rate":10}"#), "");
        assert_eq!(
            load_refusal(r#"{"rate":-1}"#),
            "`load.rate` must be a number of requests a second, from 0 to 1000000000, and is -1"
        );
        assert!(load_refusal(r#"{"duration":"5x"}"#).ends_with("no duration: give one such as 200ms, 30s or 1m30s"));
        let help = policy_help("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n", "1.9");
        assert_eq!(help, "1.9 reads policies of `apiVersion: audit.k8s.io/v1beta1` and audit.k8s.io/v1alpha1");
        assert_eq!(policy_help("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n", "1.37"), "");
    }
}
