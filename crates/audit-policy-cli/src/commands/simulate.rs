//! `audit-policy simulate [POLICY] [--load LOAD]`

use std::io;

use audit_policy::deliver::{
    self, Arrivals, Bodies, Bursts, Delivery, Load, LogBackend, LogFormat, Options, Recipients, Refused, Simulation,
    WebhookBackend, World,
};
use audit_policy::flags::{self, FileState};
use audit_policy::request::scenario::{self, Scenario};
use audit_policy::request::{self, Format};
use audit_policy::{Policy, Release, Rule, sink};

use super::ask;
use crate::arguments::OutputFormat;
use crate::exit::{Answer, Exit, Failure};
use crate::input::{Input, InputOrigin, Inputs};
use crate::output::snippet::Source;
use crate::output::{ColorChoice, Paint, delivery, json, printable};
use crate::progress::Progress;
use crate::simulate_arguments::{LineFormat, LoadArguments, LogFlags, SimulateArguments, WebhookFlags, set};

/// How many things happen between two looks at the clock.
const STEPS: usize = 20_000;

pub fn run(arguments: &SimulateArguments, color: ColorChoice) -> Result<Answer, Failure> {
    let mut stderr = String::new();
    let paint = color.paint(&io::stderr());
    let mut inputs = Inputs::default();
    let policy = arguments.policy.as_deref().map(|policy| inputs.file(policy, "the policy")).transpose()?;
    let given = arguments.load.load.as_deref().map(|load| inputs.request(load)).transpose()?;
    let scenario = match &given {
        Some(given) if !deliver::has_scenarios(&given.bytes) => {
            ask::scenario(&given.bytes, request::detect(&given.bytes)).map_err(|_| not_a_load(given))?
        }
        _ => None,
    };
    let release = ask::choose_release(arguments.answer.kubernetes, scenario.as_ref(), paint, &mut stderr);
    if !release.has_policies() {
        let message = format!("Kubernetes {release} has no events to simulate: it writes two lines of each request");
        let help =
            format!("see them with `record --basic`, or give --kubernetes {} or later", Release::OLDEST_WITH_POLICIES);
        return Err(Failure::new(message, help));
    }
    flags_of_release(arguments, release)?;
    let policy = policy.or_else(|| {
        let text = scenario.as_ref()?.policy.as_ref()?;
        Some(given.as_ref()?.part("policy", text.as_bytes()))
    });
    let policy_input = policy;
    let loaded = policy_input.as_ref().map(|policy| (policy, ask::load(policy, release)));
    let policy = match loaded {
        Some((text, loaded)) => match loaded.policy.clone() {
            Some(policy) => policy,
            None => return Ok(ask::refused(&loaded, text, arguments.answer.format, paint, stderr)),
        },
        None => Policy::of_rules([Rule { level: arguments.load.level, ..Rule::default() }]),
    };
    let flags = match &arguments.flags {
        Some(flags) => {
            let mut input = inputs.request(flags)?;
            if input.origin == InputOrigin::Argument {
                input.name = "flags".to_owned();
            }
            Some(input)
        }
        None => scenario.as_ref().and_then(|scenario| {
            let text = scenario.sending.flags.as_ref()?;
            Some(given.as_ref()?.part("flags", text.as_bytes()))
        }),
    };
    let of_flags = match flags.map(|flags| read_flags(&flags, release, paint, &mut stderr)).transpose()? {
        Some(Err(refused)) => return Ok(settings_refused(&refused, arguments.answer.format, color, stderr)),
        Some(Ok(options)) => Some(options),
        None => None,
    };
    let own = own_load(arguments, scenario.as_ref());
    let world = own.world();
    let policy_text = policy_input.as_ref().and_then(|input| std::str::from_utf8(&input.bytes).ok());
    let has_flags = of_flags.is_some();
    let mut options = options(arguments, of_flags, release);
    let why = add_sinks(&mut options, arguments, &mut inputs, policy_text, scenario.as_ref(), has_flags, release)?;
    if let Some(why) = why {
        ask::note(&why, paint, &mut stderr);
    }
    let to = Recipients::new(&options, release);
    let load = load(&arguments.load, own, given.as_ref(), scenario.as_ref(), &policy, &to)?;
    if load.templates.is_empty() {
        ask::note("the policy records nothing of this load", paint, &mut stderr);
    }
    let delivery = match simulate(release, &options, &load, &world) {
        Ok(delivery) => delivery,
        Err(refused) => return Ok(settings_refused(&refused, arguments.answer.format, color, stderr)),
    };
    let stdout = match arguments.answer.format {
        OutputFormat::Json => json::bytes(&delivery),
        OutputFormat::Text => delivery::text(&delivery, color.paint(&io::stdout())).into_bytes(),
    };
    Ok(Answer { exit: Exit::Good, stdout, stderr })
}

fn simulate(release: Release, options: &Options, load: &Load, world: &World) -> Result<Delivery, Refused> {
    let mut simulation = Simulation::new(release, options, load, world)?;
    let mut progress = Progress::new();
    while simulation.step(STEPS) {
        let share = simulation.arrived() as f64 / load.requests().max(1.0);
        progress.show(share, || format!("{} requests", deliver::number(simulation.arrived() as f64)));
    }
    Ok(simulation.finish())
}

fn settings_refused(refused: &Refused, format: OutputFormat, color: ColorChoice, mut stderr: String) -> Answer {
    let paint = color.paint(&io::stderr());
    for message in &refused.messages {
        stderr.push_str(&format!("{} {}\n", paint.error("refused:"), printable(message)));
    }
    let stdout = if format == OutputFormat::Json { json::bytes(refused) } else { Vec::new() };
    Answer { exit: Exit::Refused, stdout, stderr }
}

fn not_a_load(given: &Input) -> Failure {
    let name = match given.origin {
        InputOrigin::Argument => String::from_utf8_lossy(&given.bytes).chars().take(60).collect(),
        _ => given.name.clone(),
    };
    Failure::new(
        format!("`{name}` is no load"),
        "give an audit log, a scenario, or a request in a format that `explain` takes",
    )
}

/// The load: a log's, or what a generator makes of a request or of typical ones.
fn load(
    arguments: &LoadArguments,
    own: scenario::Load,
    given: Option<&Input>,
    scenario: Option<&Scenario>,
    policy: &Policy,
    to: &Recipients,
) -> Result<Load, Failure> {
    let is_asked = scenario.is_none() && given.is_some_and(|given| is_list(&given.bytes));
    if let Some(given) = given.filter(|_| is_asked) {
        let mut load = Load::of_list(&given.bytes, policy, to).map_err(|problem| {
            Failure::new(
                format!("{} is no list of events or scenarios: {problem}", given.name),
                "give whole lines of the audit log, or scenarios",
            )
        })?;
        if arguments.rate.is_some() {
            load.arrivals = Arrivals::Generated(own.generator());
        }
        return Ok(load);
    }
    let mut own = own;
    let mut asked = match (scenario, given) {
        (Some(scenario), _) => scenario.clone(),
        (None, Some(given)) => {
            let text = String::from_utf8(given.bytes.clone()).map_err(|_| not_a_load(given))?;
            Scenario { request: text, ..Scenario::default() }
        }
        (None, None) => {
            own.bodies = Some(Bodies { min: arguments.min_body, max: arguments.max_body });
            Scenario::default()
        }
    };
    asked.sending.load = Some(own);
    Load::of_scenario(&asked, policy, to).map_err(|problem| match given {
        Some(given) if asked.sending.load.as_ref().is_none_or(|load| load.log.is_none()) => not_a_load(given),
        _ => Failure::bare(problem),
    })
}

/// Refuses flags that the release does not have.
fn flags_of_release(arguments: &SimulateArguments, release: Release) -> Result<(), Failure> {
    let (log, webhook) = (&arguments.log, &arguments.webhook);
    let own = [
        ("audit-log-format", log.line_format.is_some()),
        ("audit-log-maxsize", log.maxsize.is_some()),
        ("audit-log-maxage", log.maxage.is_some()),
        ("audit-log-maxbackup", log.maxbackup.is_some()),
    ];
    let own = own.into_iter().filter_map(|(name, is_given)| is_given.then_some(name));
    for name in own.chain(log.shared()).chain(webhook.shared()) {
        if let Some(flag) = flags::flag(name).filter(|flag| !flag.is_in(release)) {
            let message = format!("Kubernetes {release} has no --{name}");
            return Err(Failure::new(message, format!("it is in {}", flag.releases())));
        }
    }
    Ok(())
}

/// Adds the AuditSinks: of the file, or in the policy's place, or else of the scenario. Tells why they get nothing, if so.
fn add_sinks(
    options: &mut Options,
    arguments: &SimulateArguments,
    inputs: &mut Inputs,
    policy: Option<&str>,
    scenario: Option<&Scenario>,
    has_flags: bool,
    release: Release,
) -> Result<Option<String>, Failure> {
    let in_place = options.without_policy_file(policy);
    let file = arguments.sinks.as_deref().map(|sinks| inputs.file(sinks, "the AuditSinks")).transpose()?;
    let of_file = match &file {
        Some(input) => {
            let text = std::str::from_utf8(&input.bytes).ok().filter(|text| sink::is_sink(text.as_bytes()));
            Some(text.ok_or_else(|| {
                Failure::new(format!("no AuditSink is in {}", input.name), "give one or more as YAML documents")
            })?)
        }
        None => None,
    };
    let of_scenario = scenario.and_then(|scenario| scenario.sending.sinks.as_deref());
    let text = of_file.or(in_place).or(of_scenario);
    Ok(text.and_then(|text| options.add_sinks(text, has_flags, release)))
}

/// A scenario's load, changed by what is given.
fn own_load(arguments: &SimulateArguments, scenario: Option<&Scenario>) -> scenario::Load {
    let mut own = scenario.and_then(|scenario| scenario.sending.load.clone()).unwrap_or_default();
    let (load, world) = (&arguments.load, &arguments.world);
    own.rate = load.rate.or(own.rate);
    own.duration = load.duration.or(own.duration);
    own.watch_share = load.watch_share.or(own.watch_share);
    own.seed = load.seed.or(own.seed);
    if let Some(rate) = load.burst_rate {
        own.bursts = Some(Bursts { every: load.burst_every, length: load.burst_length, rate });
    }
    set(&mut own.receiver.latency, world.receiver_latency);
    set(&mut own.disk.latency, world.disk_latency);
    let outages = [(&mut own.receiver, world.receiver_outages()), (&mut own.disk, world.disk_outages())];
    for (peer, outages) in outages {
        if !outages.is_empty() {
            peer.outages = outages;
        }
    }
    own.jitter = world.jitter.or(own.jitter);
    own.stop = world.stop.or(own.stop);
    own
}

/// Whether a text is events that were recorded, or looks like them, or is several scenarios.
fn is_list(text: &[u8]) -> bool {
    request::detect(text) == Some(Format::Event) || deliver::has_scenarios(text)
}

/// What a text's flags come to, or that a server does not start with them.
fn read_flags(
    input: &Input,
    release: Release,
    paint: Paint,
    stderr: &mut String,
) -> Result<Result<Options, Refused>, Failure> {
    let content = std::str::from_utf8(&input.bytes).ok();
    let checked = content.and_then(|text| flags::check(text, release, &|_| FileState::Unknown));
    let Some(checked) = checked else {
        return Err(Failure::new(
            format!(
                "no flags of kube-apiserver are in {}",
                if input.name == "flags" { "the text" } else { &input.name }
            ),
            "give a command line, a systemd unit, a static pod's manifest, or a kubeadm, k3s, RKE2 or kind configuration",
        ));
    };
    stderr.push_str(&Source::new(input).render(&checked.findings, paint));
    Ok(match checked.error() {
        Some(error) => Err(Refused { messages: vec![error.to_owned()] }),
        None => Ok(checked.settings.options(release)),
    })
}

/// The server's settings: those of its flags, or the preset's, changed by the flags that are given; of a preset's backends those with a flag, where there is any.
fn options(arguments: &SimulateArguments, given: Option<Options>, release: Release) -> Options {
    let preset = Options::preset(arguments.preset.into(), release);
    let is_preset = given.is_none();
    let mut options = given.unwrap_or_else(|| preset.clone());
    let (mut log, mut webhook) = (options.log.clone().or(preset.log), options.webhook.clone().or(preset.webhook));
    let has_log = log.as_mut().is_some_and(|log| change_log(log, &arguments.log));
    let has_webhook = webhook.as_mut().is_some_and(|webhook| change_webhook(webhook, &arguments.webhook));
    if has_log {
        options.log = log;
    }
    if has_webhook {
        options.webhook = webhook;
    }
    if is_preset && has_log != has_webhook {
        options.log = options.log.filter(|_| has_log);
        options.webhook = options.webhook.filter(|_| has_webhook);
    }
    options
}

fn change_log(log: &mut LogBackend, flags: &LogFlags) -> bool {
    let format = flags.line_format.map(|format| match format {
        LineFormat::Json => LogFormat::Json,
        LineFormat::Legacy => LogFormat::Legacy,
    });
    let given = [
        flags.change(&mut log.mode, &mut log.batch, &mut log.truncate),
        set(&mut log.path, flags.path.clone()),
        set(&mut log.version, flags.version),
        set(&mut log.format, format),
        set(&mut log.rotation.max_size, flags.maxsize),
        set(&mut log.rotation.max_age, flags.maxage),
        set(&mut log.rotation.max_backups, flags.maxbackup),
    ];
    given.contains(&true)
}

fn change_webhook(webhook: &mut WebhookBackend, flags: &WebhookFlags) -> bool {
    let given = [
        flags.change(&mut webhook.mode, &mut webhook.batch, &mut webhook.truncate),
        set(&mut webhook.version, flags.version),
        set(&mut webhook.initial_backoff, flags.initial_backoff),
        flags.config_file.is_some(),
    ];
    given.contains(&true)
}
