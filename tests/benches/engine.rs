//! How long loading, deciding, recording and writing take: `cargo xtask bench`.

#![expect(clippy::expect_used, reason = "what does not work is not measured")]

use std::hint::black_box;
use std::time::Duration;

use audit_policy::recording::Fate;
use audit_policy::request::{Format, ReadOptions, read};
use audit_policy::text::{json_line, legacy_line};
use audit_policy::{CompiledPolicy, Event, Exchange, Level, Policy, Release, Rule, decide, deliver, load, record};
use audit_policy_tests::speed::{Hit, RULES, policy, policy_text, requests};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const RELEASE: Release = Release::NEWEST;

fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    for rules in RULES {
        let text = policy_text(rules);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(rules), |bencher| {
            bencher.iter(|| load(black_box(text.as_bytes()), RELEASE));
        });
    }
}

fn deciding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    for rules in RULES {
        let policy = policy(rules);
        let compiled = CompiledPolicy::new(&policy, RELEASE);
        group.bench_function(BenchmarkId::new("compile", rules), |bencher| {
            bencher.iter(|| CompiledPolicy::new(black_box(&policy), RELEASE));
        });
        for hit in Hit::ALL {
            let requests = requests(rules, hit);
            group.throughput(Throughput::Elements(requests.len() as u64));
            let name = |form| BenchmarkId::new(form, format!("{rules} {}", hit.name()));
            group.bench_function(name("plain"), |bencher| {
                bencher.iter(|| {
                    for attributes in black_box(&requests) {
                        black_box(decide(&policy, attributes, RELEASE));
                    }
                });
            });
            group.bench_function(name("compiled"), |bencher| {
                bencher.iter(|| {
                    for attributes in black_box(&requests) {
                        black_box(compiled.decide(attributes));
                    }
                });
            });
        }
    }
}

fn exchange() -> Exchange {
    let body = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"web","labels":{"app":"web"}},"data":{"a":"1","b":"<2>"}}"#;
    let request = format!(
        "POST /api/v1/namespaces/prod/configmaps HTTP/1.1\r\nHost: localhost\r\nUser-Agent: kubectl/v1.37.0\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let options = ReadOptions { format: Some(Format::Http), ..ReadOptions::default() };
    let mut reading = read(request.as_bytes(), &options).expect("the request reads");
    reading.requests.remove(reading.pick).exchange
}

/// A policy of one rule.
fn everything_at(level: Level) -> Policy {
    Policy::of_rules([Rule { level, ..Rule::default() }])
}

fn recording(criterion: &mut Criterion) {
    let exchange = exchange();
    let mut group = criterion.benchmark_group("record");
    for level in Level::ALL {
        let policy = everything_at(level);
        group.bench_function(BenchmarkId::from_parameter(level), |bencher| {
            bencher.iter(|| record(&policy, black_box(&exchange), RELEASE));
        });
    }
}

fn last_event() -> Event {
    let recording = record(&everything_at(Level::RequestResponse), &exchange(), RELEASE);
    let mut events = recording.stages.into_iter().filter_map(|stage| match stage.fate {
        Fate::Recorded { event, .. } => Some(*event),
        _ => None,
    });
    events.next_back().expect("an event is recorded")
}

fn writing(criterion: &mut Criterion) {
    let event = last_event();
    let mut group = criterion.benchmark_group("text");
    group.throughput(Throughput::Bytes(json_line(&event).len() as u64));
    group.bench_function("json", |bencher| bencher.iter(|| json_line(black_box(&event))));
    group.throughput(Throughput::Bytes(legacy_line(&event, RELEASE).len() as u64));
    group.bench_function("legacy", |bencher| bencher.iter(|| legacy_line(black_box(&event), RELEASE)));
}

/// A million events through both backends: 5,000 requests a second for 100 s, with the server's defaults and with a receiver that is down for a while.
fn delivering(criterion: &mut Criterion) {
    let options = |preset| deliver::Options::preset(preset, RELEASE);
    let to = deliver::Recipients::new(&options(deliver::Preset::ServerDefaults), RELEASE);
    let templates = deliver::typical(&everything_at(Level::RequestResponse), deliver::Bodies::default(), &to);
    let events = |template: &deliver::Template| template.events.len() as f64;
    let share = templates.iter().filter(|template| !template.long_running).map(events).sum::<f64>();
    assert_eq!(share, 2.0 * (templates.len() - 1) as f64, "each request but a watch makes two events");
    let generator = deliver::Generator {
        rate: 5_000.0,
        duration: deliver::Duration::from_secs(100),
        bursts: None,
        watch_share: 0.0,
        seed: 1,
    };
    let load = deliver::Load { templates, arrivals: deliver::Arrivals::Generated(generator) };
    let mut blocking = options(deliver::Preset::ServerDefaults);
    blocking.webhook =
        blocking.webhook.map(|webhook| deliver::WebhookBackend { mode: deliver::Mode::Blocking, ..webhook });
    let outage = deliver::Outage {
        from: deliver::Duration::from_secs(20),
        to: deliver::Duration::from_secs(60),
        kind: deliver::OutageKind::Down,
    };
    let receiver = deliver::Peer { latency: deliver::Duration::from_millis(20), outages: vec![outage] };
    let down = deliver::World { receiver, ..deliver::World::default() };
    let mut group = criterion.benchmark_group("deliver");
    group.sample_size(10).throughput(Throughput::Elements(1_000_000));
    for (name, options, world) in [
        ("server-defaults", options(deliver::Preset::ServerDefaults), deliver::World::default()),
        ("safe", options(deliver::Preset::Safe), deliver::World::default()),
        ("safe, receiver down", options(deliver::Preset::Safe), down.clone()),
        ("blocking, receiver down", blocking, down),
    ] {
        group.bench_function(BenchmarkId::new("1M", name), |bencher| {
            bencher.iter(|| deliver::simulate(RELEASE, &options, black_box(&load), &world));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1)).sample_size(30);
    targets = loading, deciding, recording, writing, delivering
}
criterion_main!(benches);
