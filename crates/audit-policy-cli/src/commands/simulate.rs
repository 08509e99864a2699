//! `audit-policy simulate [POLICY] [--load LOAD]`

use std::io;

use audit_policy::deliver::{
    self, Arrivals, Bodies, Bursts, Delivery, Generator, Load, LogBackend, LogFormat, Options, Peer, Refused,
    Simulation, Template, WebhookBackend, World,
};
use audit_policy::request::scenario::Scenario;
use audit_policy::request::{self, Format, ReadOptions};
use audit_policy::{Policy, Release, Rule, record};

use super::ask;
use crate::arguments::OutputFormat;
use crate::exit::{Answer, Exit, Failure};
use crate::input::{Input, InputOrigin, Inputs};
use crate::output::{ColorChoice, delivery, json, printable};
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
        Some(given) => ask::scenario(&given.bytes, request::detect(&given.bytes)).map_err(|_| not_a_load(given))?,
        None => None,
    };
    let release = ask::choose_release(arguments.answer.kubernetes, scenario.as_ref(), paint, &mut stderr);
    let policy = policy.or_else(|| {
        let text = scenario.as_ref()?.policy.as_ref()?;
        Some(given.as_ref()?.part("policy", text.as_bytes()))
    });
    let loaded = policy.as_ref().map(|policy| (policy, ask::load(policy, release)));
    let policy = match loaded {
        Some((text, loaded)) => match loaded.policy.clone() {
            Some(policy) => policy,
            None => return Ok(ask::refused(&loaded, text, arguments.answer.format, paint, stderr)),
        },
        None => Policy { rules: vec![Rule { level: arguments.load.level, ..Rule::default() }], ..Policy::default() },
    };
    let load = load(&arguments.load, given.as_ref(), scenario.as_ref(), &policy, release)?;
    if load.templates.is_empty() {
        ask::note("the policy records nothing of this load", paint, &mut stderr);
    }
    let delivery = match simulate(release, &options(arguments, release), &load, &world(arguments)) {
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
    given: Option<&Input>,
    scenario: Option<&Scenario>,
    policy: &Policy,
    release: Release,
) -> Result<Load, Failure> {
    let mut load = match given {
        None => {
            let bodies = Bodies { min: arguments.min_body, max: arguments.max_body };
            Load { templates: deliver::typical(policy, bodies, release), ..Load::default() }
        }
        Some(given) if scenario.is_none() && is_log(&given.bytes) => {
            let load = Load::of_log(&given.bytes, release).map_err(|problem| {
                Failure::new(format!("{} is no audit log: {problem}", given.name), "give whole lines of the audit log")
            })?;
            if arguments.rate.is_none() {
                return Ok(load);
            }
            load
        }
        Some(given) => Load { templates: of_request(given, scenario, policy, release)?, ..Load::default() },
    };
    load.arrivals = Arrivals::Generated(Generator {
        rate: arguments.rate.unwrap_or(100.0),
        duration: arguments.duration,
        bursts: arguments.burst_rate.map(|rate| Bursts {
            every: arguments.burst_every,
            length: arguments.burst_length,
            rate,
        }),
        watch_share: arguments.watch_share,
        seed: arguments.seed,
    });
    Ok(load)
}

/// Whether a text is events that were recorded, or looks like them.
fn is_log(text: &[u8]) -> bool {
    request::detect(text) == Some(Format::Event)
}

/// What is recorded of every request of a text.
fn of_request(
    given: &Input,
    scenario: Option<&Scenario>,
    policy: &Policy,
    release: Release,
) -> Result<Vec<Template>, Failure> {
    let options = ReadOptions { release, ..ReadOptions::default() };
    let reading = match scenario {
        Some(scenario) => scenario.read(&options),
        None => request::read(&given.bytes, &options),
    };
    let reading = reading.map_err(|_| not_a_load(given))?;
    let templates = reading.requests.iter().filter_map(|request| {
        Template::of_recording(&request.purpose, &record(policy, &request.exchange, release), release)
    });
    Ok(templates.collect())
}

fn world(arguments: &SimulateArguments) -> World {
    let world = &arguments.world;
    World {
        receiver: Peer { latency: world.receiver_latency, outages: world.receiver_outages() },
        disk: Peer { latency: world.disk_latency, outages: world.disk_outages() },
        jitter: world.jitter,
        stop: world.stop,
    }
}

/// The server's settings: the preset's, changed by the flags; and of the backends those with a flag, where there is any.
fn options(arguments: &SimulateArguments, release: Release) -> Options {
    let mut options = Options::preset(arguments.preset.into(), release);
    let has_log = options.log.as_mut().is_some_and(|log| change_log(log, &arguments.log));
    let has_webhook = options.webhook.as_mut().is_some_and(|webhook| change_webhook(webhook, &arguments.webhook));
    if has_log != has_webhook {
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
        set(&mut webhook.initial_backoff, flags.initial_backoff),
        flags.config_file.is_some(),
    ];
    given.contains(&true)
}
