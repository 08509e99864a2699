//! The engine for the page's Delivery view: what the flags come to, and what becomes of the events. It is a wasm of its own, in a worker, so that a long simulation
//! neither stops the page nor makes its first wasm larger. Texts go in and come out, JSON where they hold more than a text.

mod formats;

use audit_policy::deliver::{BackendDelivery, Delivery, Load, Mode, Options, Preset, Recipients, Simulation, World};
use audit_policy::flags::{self, FileState};
use audit_policy::request::scenario::Scenario;
use audit_policy::suite::Lesson;
use audit_policy::{Policy, Release, Rule, load, sink};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// The flags where none are given: both backends as the server has them.
#[wasm_bindgen]
pub fn defaults(release: &str) -> String {
    preset("serverDefaults", "kube-apiserver --audit-policy-file=/etc/kubernetes/audit-policy.yaml", release)
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

/// What a text of flags comes to: what the server says of it, findings with their lines, and each flag of the backends with its value and its default.
#[wasm_bindgen]
pub fn settings(text: &str, release: &str) -> String {
    let release = of(release);
    let Some(checked) = flags::check(text, release, &|_| FileState::Unknown) else {
        let message = "no flags of kube-apiserver are in this text";
        return json!({"error": message, "findings": [], "values": {}, "defaults": {}}).to_string();
    };
    let options = checked.settings.options(release);
    let values = |options: &Options| {
        let values = flags::values(options, release).into_iter();
        values.map(|(name, value)| (name.to_owned(), value.into())).collect::<serde_json::Map<String, Value>>()
    };
    let defaults = values(&Options::preset(Preset::ServerDefaults, release));
    let findings = checked.findings.iter().map(|finding| {
        let start = finding.span.map(|span| text.get(..span.start).unwrap_or_default());
        json!({
            "severity": finding.severity, "message": finding.message, "help": finding.help,
            "line": start.map(|start| start.matches('\n').count() + 1),
            "fix": finding.fix.as_ref().map(|fix| json!({"title": fix.title, "text": fix.apply(text)})),
        })
    });
    json!({
        "shape": checked.shape.as_str(), "error": checked.error(),
        "log": options.log.is_some(), "webhook": options.webhook.is_some(),
        "findings": findings.collect::<Vec<_>>(), "values": values(&options), "defaults": defaults,
    })
    .to_string()
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

/// The text's flags in another shape.
#[wasm_bindgen]
pub fn shape(text: &str, name: &str, release: &str) -> String {
    let release = of(release);
    let shape = flags::Shape::ALL.into_iter().find(|shape| shape.as_str() == name);
    let checked = flags::check(text, release, &|_| FileState::Unknown);
    match (shape, checked) {
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
}

#[wasm_bindgen]
impl Run {
    /// Begins the delivery of a scenario (JSON), with its own mode or another one for both backends.
    ///
    /// # Errors
    ///
    /// Why there is nothing to simulate: what is wrong with the scenario, its policy, its flags, its load, or the settings.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario: &str, mode: Option<String>) -> Result<Run, String> {
        let scenario = Scenario::parse(scenario.as_bytes()).map_err(first)?;
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
        let text = scenario.sending.flags.clone().unwrap_or_else(|| defaults(&release.to_string()));
        let checked =
            flags::check(&text, release, &|_| FileState::Unknown).ok_or("there are no flags of kube-apiserver")?;
        if let Some(error) = checked.error() {
            return Err(format!("kube-apiserver does not start: {error}"));
        }
        let mut options = checked.settings.options(release);
        if let Some(mode) = mode.and_then(|mode| Mode::from_name(&mode)) {
            options.log.iter_mut().for_each(|log| log.mode = mode);
            options.webhook.iter_mut().for_each(|webhook| webhook.mode = mode);
        }
        let why = options.add_sinks_of(&scenario, release);
        let load = Load::of_scenario(&scenario, &policy, &Recipients::new(&options, release))?;
        let world = scenario.sending.load.as_ref().map_or_else(World::default, |load| load.world());
        let simulation =
            Simulation::new(release, &options, &load, &world).map_err(|refused| refused.messages.join("; "))?;
        let omits_received = load
            .templates
            .iter()
            .all(|template| template.events.iter().all(|event| event.stage.as_str() != Some("RequestReceived")));
        Ok(Run { simulation: Some(simulation), requests: load.requests(), omits_received, no_sinks: why })
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

fn first(unreadable: audit_policy::request::Unreadable) -> String {
    unreadable.findings.into_iter().next().map(|finding| finding.message).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(scenario: &Value, mode: Option<&str>) -> Value {
        let mut run = Run::new(&scenario.to_string(), mode.map(str::to_owned)).unwrap();
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
        let on = format!("{flags} --audit-dynamic-configuration --feature-gates=DynamicAuditing=true");
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
        let text = defaults("1.37");
        let changed = change(&text, "audit-webhook-batch-buffer-size", "2000", "1.37").unwrap();
        let told: Value = serde_json::from_str(&settings(&changed, "1.37")).unwrap();
        assert_eq!(told["values"]["audit-webhook-batch-buffer-size"], "2000");
        assert_eq!(told["defaults"]["audit-webhook-batch-buffer-size"], "10000");
        assert!(change(&text, "audit-webhook-batch-buffer-size", "many", "1.37").is_err());
        let off = change(&changed, "audit-webhook-config-file", "", "1.37").unwrap();
        assert_eq!(serde_json::from_str::<Value>(&settings(&off, "1.37")).unwrap()["webhook"], false);
        let on = change(&off, "audit-webhook-config-file", flags::WEBHOOK_FILE, "1.37").unwrap();
        let told_on: Value = serde_json::from_str(&settings(&on, "1.37")).unwrap();
        assert_eq!((&told_on["webhook"], &told_on["values"]), (&true.into(), &told["values"]));
        let unknown: Value =
            serde_json::from_str(&settings("kube-apiserver --audit-webhook-config=/b", "1.37")).unwrap();
        assert_eq!(unknown["error"], "unknown flag: --audit-webhook-config");
        assert_eq!(unknown["findings"][0]["fix"]["text"], "kube-apiserver --audit-webhook-config-file=/b");
    }
}
