//! What holds for every delivery: nothing is counted twice or forgotten, and the same question has the same answer.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that fails panics")]

use audit_policy::deliver::{
    Arrivals, BackendDelivery, Bodies, Bursts, Delivery, Duration, Generator, Load, Mode, Options, Outage, OutageKind,
    Peer, Preset, Recipients, Rotation, Truncate, World, simulate, typical,
};
use audit_policy::{Level, Policy, Release, Rule};
use fastrand::Rng;
use proptest::prelude::*;

fn any_duration(rng: &mut Rng) -> Duration {
    *rng.choice([0, 1, 7, 100, 2_500, 30_000].map(Duration::from_millis).iter()).unwrap()
}

fn any_peer(rng: &mut Rng) -> Peer {
    let mut outages = Vec::new();
    let mut begin = 0;
    for _ in 0..rng.usize(0..3) {
        let from = begin + rng.u64(0..8_000);
        begin = from + rng.u64(1..60_000);
        let kind = *rng.choice([OutageKind::Down, OutageKind::Failing, OutageKind::Hanging].iter()).unwrap();
        outages.push(Outage { from: Duration::from_millis(from), to: Duration::from_millis(begin), kind });
    }
    Peer { latency: any_duration(rng), outages }
}

fn any_mode(rng: &mut Rng) -> Mode {
    *rng.choice(Mode::ALL.iter()).unwrap()
}

fn any_options(rng: &mut Rng, release: Release) -> Options {
    let mut options = Options::preset(Preset::ServerDefaults, release);
    let (log, webhook) = (options.log.as_mut().unwrap(), options.webhook.as_mut().unwrap());
    (log.mode, webhook.mode) = (any_mode(rng), any_mode(rng));
    log.rotation = Rotation { max_size: rng.u32(0..3), max_age: rng.u32(0..2), max_backups: rng.u32(0..3) };
    for batch in [&mut log.batch, &mut webhook.batch] {
        batch.buffer_size = *rng.choice([1, 3, 50, 10_000].iter()).unwrap();
        batch.max_batch_size = *rng.choice([1, 2, 40, 400].iter()).unwrap();
        batch.max_batch_wait = any_duration(rng);
        batch.throttle_enable = rng.bool();
        batch.throttle_qps = *rng.choice([0.01, 1.0, 2.5, 100.0].iter()).unwrap();
        batch.throttle_burst = rng.u32(1..20);
    }
    for truncate in [&mut log.truncate, &mut webhook.truncate] {
        let max_event_size = *rng.choice([500, 700, 1_500, 100_000].iter()).unwrap();
        *truncate = Truncate { enabled: rng.bool(), max_event_size, max_batch_size: max_event_size };
    }
    webhook.initial_backoff = any_duration(rng);
    match rng.u8(0..4) {
        0 => options.log = None,
        1 => options.webhook = None,
        _ => {}
    }
    options
}

fn any_load(rng: &mut Rng, release: Release) -> Load {
    let level = *rng.choice(Level::ALL.iter()).unwrap();
    let policy = Policy::of_rules([Rule { level, ..Rule::default() }]);
    let bursts = Bursts { every: Duration::from_secs(2), length: Duration::from_millis(300), rate: 500.0 };
    let generator = Generator {
        rate: *rng.choice([0.0, 1.0, 40.0, 300.0].iter()).unwrap(),
        duration: Duration::from_secs(rng.u64(0..10)),
        bursts: rng.bool().then_some(bursts),
        watch_share: rng.f64(),
        seed: rng.u64(..),
    };
    let to = Recipients::new(&Options::preset(Preset::ServerDefaults, release), release);
    Load { templates: typical(&policy, Bodies::default(), &to), arrivals: Arrivals::Generated(generator) }
}

fn adds_up(made: &BackendDelivery, delivery: &Delivery) {
    let totals = &made.totals;
    assert!(totals.events <= delivery.clients.events);
    assert_eq!(totals.written + totals.missing() + totals.waiting, totals.events, "{totals:?}");
    let sum = |of: fn(&audit_policy::deliver::Bucket) -> u64| made.series.buckets.iter().map(of).sum::<u64>();
    assert_eq!(sum(|bucket| bucket.arrived), totals.events);
    assert_eq!(sum(|bucket| bucket.written), totals.written);
    assert_eq!(sum(|bucket| bucket.lost), totals.lost);
    assert_eq!(sum(|bucket| bucket.dropped) + totals.lost, totals.missing());
    assert_eq!(sum(|bucket| bucket.requests), totals.requests);
    assert_eq!(sum(|bucket| bucket.retries), totals.retries);
    assert_eq!(sum(|bucket| bucket.bytes), totals.bytes);
    assert_eq!(sum(|bucket| bucket.batches), totals.batches);
    if let Some(files) = made.files {
        assert_eq!(files.bytes + files.removed_bytes, totals.bytes);
    }
    let taken: u64 = made.batches.iter().map(|batch| batch.events).sum();
    assert!(taken <= totals.events);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_event_is_accounted_for(seed: u64) {
        let rng = &mut Rng::with_seed(seed);
        let release = *rng.choice(Release::all().collect::<Vec<_>>().iter()).unwrap();
        let (options, load) = (any_options(rng, release), any_load(rng, release));
        let world = World {
            receiver: any_peer(rng),
            disk: any_peer(rng),
            jitter: rng.bool().then(|| rng.u64(..)),
            stop: rng.bool().then(|| Duration::from_millis(rng.u64(0..20_000))),
        };
        let delivery = simulate(release, &options, &load, &world).unwrap();
        for made in [&delivery.log, &delivery.webhook].into_iter().flatten() {
            adds_up(made, &delivery);
        }
        prop_assert!(!delivery.limits.is_empty());
        prop_assert!(delivery.events.is_empty() || delivery.events.len() as u64 == delivery.clients.events);
        prop_assert_eq!(&delivery, &simulate(release, &options, &load, &world).unwrap());
    }
}
