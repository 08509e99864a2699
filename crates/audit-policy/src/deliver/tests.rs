//! Deliveries whose outcome is known from the server's sources, worked out by hand.

use super::*;
use crate::{GoString, Level, Policy, Release, Rule};

const NEWEST: Release = Release::NEWEST;

fn event(stage: &str, after: Duration) -> Sized {
    let forms = Some(Forms { full: 1_000, cut: Some(400), marked: Some(1_030) });
    Sized {
        stage: GoString::from(stage),
        after,
        log: forms,
        webhook: forms,
        made: None,
        sinks: Vec::new(),
        legacy: 300,
    }
}

/// A request of two events, 5 ms apart, at each of these moments.
fn requests(at: impl IntoIterator<Item = Duration>) -> Load {
    let events = vec![event("RequestReceived", Duration::ZERO), event("ResponseComplete", Duration::from_millis(5))];
    let template = Template { name: "request".to_owned(), long_running: false, events };
    let arrivals = at.into_iter().map(|at| Arrival { at, template: 0 }).collect();
    Load { templates: vec![template], arrivals: Arrivals::Listed(arrivals) }
}

fn seconds(times: &[u64]) -> Load {
    requests(times.iter().map(|second| Duration::from_secs(*second)))
}

fn webhook(change: impl FnOnce(&mut WebhookBackend)) -> Options {
    let mut webhook = WebhookBackend::new(NEWEST);
    change(&mut webhook);
    Options { webhook: Some(webhook), ..Options::default() }
}

fn log(change: impl FnOnce(&mut LogBackend)) -> Options {
    let mut log = LogBackend::new(NEWEST);
    change(&mut log);
    Options { log: Some(log), ..Options::default() }
}

fn everyone() -> Recipients {
    Recipients::new(&Options::preset(Preset::ServerDefaults, NEWEST), NEWEST)
}

fn receiver(kind: OutageKind, from: u64, to: u64) -> World {
    let outages = vec![Outage { from: Duration::from_secs(from), to: Duration::from_secs(to), kind }];
    World { receiver: Peer { latency: Duration::from_millis(20), outages }, ..World::default() }
}

fn disk(kind: OutageKind, from: u64, to: u64) -> World {
    World { disk: receiver(kind, from, to).receiver, ..World::default() }
}

fn of_webhook(options: &Options, load: &Load, world: &World) -> BackendDelivery {
    simulate(NEWEST, options, load, world).unwrap().webhook.unwrap()
}

#[test]
fn a_batch_is_tried_five_times_at_growing_intervals() {
    let made = of_webhook(&webhook(|_| {}), &seconds(&[0]), &receiver(OutageKind::Down, 0, 1_000));
    // Collected for 30 s, then 10 + 15 + 22.5 + 33.75 s between tries.
    assert_eq!(made.batches[0].done, Some(Duration::from_millis(111_250)));
    assert_eq!((made.totals.lost, made.totals.requests, made.totals.retries), (2, 5, 4));

    let back = of_webhook(&webhook(|_| {}), &seconds(&[0]), &receiver(OutageKind::Down, 0, 60));
    assert_eq!(back.batches[0].done, Some(Duration::from_millis(77_520)));
    assert_eq!((back.totals.written, back.batches[0].tries), (2, 4));
}

#[test]
fn a_receiver_that_hangs_is_given_30_seconds_each_time() {
    let made = of_webhook(&webhook(|_| {}), &seconds(&[0]), &receiver(OutageKind::Hanging, 0, 65));
    // Sent at 30, timed out at 60, sent again at 70.
    assert_eq!(made.batches[0].done, Some(Duration::from_millis(70_020)));
}

#[test]
fn a_refused_connection_was_no_reason_to_try_again_once() {
    let release = Release::new(16).unwrap();
    for (kind, requests) in [(OutageKind::Down, 1), (OutageKind::Failing, 5)] {
        let delivery = simulate(release, &webhook(|_| {}), &seconds(&[0]), &receiver(kind, 0, 1_000)).unwrap();
        assert_eq!(delivery.webhook.unwrap().totals.requests, requests, "{kind:?}");
    }
}

#[test]
fn jitter_makes_waits_longer_by_up_to_a_fifth_and_is_always_the_same() {
    let world = World { jitter: Some(3), ..receiver(OutageKind::Down, 0, 1_000) };
    let done = || of_webhook(&webhook(|_| {}), &seconds(&[0]), &world).batches[0].done.unwrap();
    assert!((111.25..111.25 + 0.2 * 81.25).contains(&done().seconds()), "{}", done());
    assert_ne!(done(), Duration::from_millis(111_250));
    assert_eq!(done(), done());
}

#[test]
fn the_token_bucket_lets_400_events_through_ten_times_a_second() {
    // 10,000 events a second for ten seconds.
    let load = requests((0..50_000).map(|index| Duration::from_nanos(index * 200_000)));
    let delivery = simulate(NEWEST, &webhook(|_| {}), &load, &World::default()).unwrap();
    let totals = delivery.webhook.unwrap().totals;
    assert_eq!(totals.events, 100_000);
    // 15 at once, 10 a second afterwards, and what is in the buffer at the end.
    let through = (15 + 100) * 400 + 10_000 + 400;
    assert!(totals.written.abs_diff(through) <= 1_000, "{}", totals.written);
    assert_eq!(totals.dropped_by_buffer + totals.written, totals.events);
    let limit = &delivery.limits[0];
    assert_eq!((limit.kind, limit.per_second), (LimitKind::TokenBucket, Some(4_000.0)));
    assert!(limit.text.starts_with("the token bucket: 400 events × 10 per second"), "{}", limit.text);
    // In batch mode nobody waits.
    assert_eq!(delivery.clients.added_latency.max, 0.0);
}

#[test]
fn a_blocking_webhook_makes_clients_wait_for_each_event() {
    let options = webhook(|webhook| webhook.mode = Mode::Blocking);
    let delivery = simulate(NEWEST, &options, &seconds(&[0, 10]), &receiver(OutageKind::Down, 10, 15)).unwrap();
    // 20 ms for each of two events; and for the second request 10 s more for its first event.
    assert_eq!(delivery.clients.added_latency.p50, 40.0);
    assert_eq!(delivery.clients.added_latency.max, 10_040.0);
    assert_eq!((delivery.clients.answered_500, delivery.clients.timed_out), (0, 0));
    let gone = simulate(NEWEST, &options, &seconds(&[0]), &receiver(OutageKind::Down, 0, 500)).unwrap();
    assert_eq!((gone.clients.timed_out, gone.clients.added_latency.max), (1, 162_500.0));
}

#[test]
fn blocking_strict_refuses_a_request_whose_first_event_is_not_taken() {
    for (mode, refused, events) in [(Mode::BlockingStrict, 1, 3), (Mode::Blocking, 0, 4), (Mode::Batch, 0, 4)] {
        let options = log(|log| log.mode = mode);
        let delivery = simulate(NEWEST, &options, &seconds(&[0, 10]), &disk(OutageKind::Down, 5, 20)).unwrap();
        assert_eq!((delivery.clients.answered_500, delivery.clients.events), (refused, events), "{mode}");
        assert_eq!(delivery.log.unwrap().totals.written, 2, "{mode}");
    }
}

#[test]
fn blocking_strict_without_a_first_event_refuses_nothing_and_says_so() {
    let mut load = seconds(&[10]);
    load.templates[0].events.remove(0);
    let strict = log(|log| log.mode = Mode::BlockingStrict);
    let delivery = simulate(NEWEST, &strict, &load, &disk(OutageKind::Down, 0, 20)).unwrap();
    assert_eq!((delivery.clients.answered_500, delivery.log.unwrap().totals.lost), (0, 1));
    assert!(delivery.notes[0].starts_with("no RequestReceived event is recorded"), "{:?}", delivery.notes);
}

#[test]
fn lines_are_written_one_after_another() {
    let world = World { disk: Peer { latency: Duration::from_millis(1), outages: Vec::new() }, ..World::default() };
    let load = requests((0..10).map(|_| Duration::ZERO));
    let blocking = simulate(NEWEST, &log(|_| {}), &load, &world).unwrap();
    // The tenth waits for nine others; all second events come later than that.
    assert_eq!(blocking.events[9].log, Some(Fate::Written { at: Duration::from_millis(10), truncated: false }));
    assert!(blocking.clients.added_latency.max >= 10.0);
    let batch = |buffer_size| {
        log(|log| {
            log.mode = Mode::Batch;
            log.batch.buffer_size = buffer_size;
        })
    };
    let totals = simulate(NEWEST, &batch(3), &load, &world).unwrap().log.unwrap().totals;
    // Of the first ten one is being written, three wait, and six are dropped.
    assert!(totals.dropped_by_buffer >= 6, "{totals:?}");
    assert_eq!(totals.written + totals.dropped_by_buffer, 20);
}

#[test]
fn truncation_by_the_log_leaves_its_mark_on_what_the_webhook_gets() {
    let mut options = log(|log| {
        log.truncate = Truncate { enabled: true, max_event_size: 999, max_batch_size: 999 };
    });
    options.webhook = webhook(|webhook| webhook.mode = Mode::Blocking).webhook;
    let delivery = simulate(NEWEST, &options, &seconds(&[0]), &World::default()).unwrap();
    let (log, webhook) = (delivery.log.unwrap().totals, delivery.webhook.unwrap().totals);
    assert_eq!((log.truncated, log.bytes), (2, 800));
    // The line less the newline, kind and apiVersion, in an EventList of its own.
    let list = r#"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[]}"#.len() as u64 + 1;
    let item = 1_030 - 1 - r#""kind":"Event","apiVersion":"audit.k8s.io/v1","#.len() as u64;
    assert_eq!((webhook.truncated, webhook.bytes), (0, 2 * (list + item)));

    let options = webhook_of_size(399);
    let totals = of_webhook(&options, &seconds(&[0]), &World::default()).totals;
    assert_eq!((totals.dropped_by_size, totals.written), (2, 0));
}

fn webhook_of_size(size: i64) -> Options {
    webhook(|webhook| webhook.truncate = Truncate { enabled: true, max_event_size: size, max_batch_size: size })
}

#[test]
fn a_stop_sends_what_waits_and_takes_nothing_more() {
    let world = World { stop: Some(Duration::from_millis(10_002)), ..World::default() };
    let delivery = simulate(NEWEST, &webhook(|_| {}), &seconds(&[0, 10, 20]), &world).unwrap();
    let totals = delivery.webhook.unwrap().totals;
    // The third request does not come, and the last event of the second comes too late.
    assert_eq!((delivery.clients.requests, totals.written, totals.dropped_at_stop), (2, 3, 1));
    assert_eq!(totals.delay.max, 10_002.0);
}

#[test]
fn rotation_keeps_what_it_is_told_to() {
    let options = log(|log| log.rotation = Rotation { max_size: 1, max_age: 0, max_backups: 2 });
    // 10,000 events of 1,000 bytes: 1,048 to a file.
    let delivery = simulate(NEWEST, &options, &seconds(&(0..5_000).collect::<Vec<_>>()), &World::default()).unwrap();
    let files = delivery.log.unwrap().files.unwrap();
    assert_eq!((files.rotations, files.files, files.removed_events), (9, 3, 7 * 1_048));
    assert_eq!(delivery.limits[0].kind, LimitKind::Rotation);
}

#[test]
fn defaults_are_those_of_the_release() {
    let of = |minor| LogBackend::new(Release::new(minor).unwrap());
    assert_eq!((of(35).rotation.max_size, of(36).rotation.max_size), (0, 100));
    assert_eq!(of(35).rotation.limit(Release::new(35).unwrap()), Some(100 * 1024 * 1024));
    assert_eq!(of(35).rotation.limit(Release::new(36).unwrap()), None);
    assert_eq!((of(11).batch.max_batch_size, of(12).batch.max_batch_size), (400, 1));
    for release in Release::all() {
        assert_eq!(Options::preset(Preset::ServerDefaults, release).refusals(), Vec::<String>::new());
        assert_eq!(Options::preset(Preset::Safe, release).refusals(), Vec::<String>::new());
    }
}

#[test]
fn settings_that_the_server_refuses_are_refused_in_its_words() {
    let refused =
        |options: Options| simulate(NEWEST, &options, &seconds(&[0]), &World::default()).unwrap_err().messages;
    assert_eq!(
        refused(webhook(|webhook| webhook.batch.buffer_size = 0)),
        ["invalid audit batch webhook buffer size 0, must be a positive number"]
    );
    assert_eq!(
        refused(webhook_of_size(0)),
        ["invalid audit truncate webhook max event size 0, must be a positive number"]
    );
    // What is not used is not looked at.
    let unused = webhook(|webhook| {
        webhook.mode = Mode::Blocking;
        webhook.batch.buffer_size = 0;
    });
    assert!(simulate(NEWEST, &unused, &seconds(&[0]), &World::default()).is_ok());
}

#[test]
fn extremes_come_to_an_end() {
    let slow = webhook(|webhook| webhook.batch.throttle_qps = f32::MIN_POSITIVE);
    let load = requests((0..2_000).map(|_| Duration::ZERO));
    let burst = of_webhook(&slow, &load, &World::default()).totals;
    assert!(burst.written > 0 || burst.waiting > 0);
    let never = webhook(|webhook| {
        webhook.batch.max_batch_wait = Duration::FOREVER;
        webhook.initial_backoff = Duration::FOREVER;
    });
    assert_eq!(of_webhook(&never, &seconds(&[5]), &World::default()).totals.waiting, 2);
    let at_once = webhook(|webhook| webhook.batch.max_batch_wait = Duration::ZERO);
    assert_eq!(of_webhook(&at_once, &seconds(&[5, 6]), &World::default()).totals.delay.max, 0.0);
    let endless = Load {
        arrivals: Arrivals::Generated(Generator {
            rate: f64::INFINITY,
            duration: Duration::FOREVER,
            bursts: None,
            watch_share: 0.0,
            seed: 0,
        }),
        ..seconds(&[])
    };
    assert!(simulate(NEWEST, &never, &endless, &World::default()).is_err());
    let nothing = simulate(NEWEST, &Options::default(), &seconds(&[0]), &World::default()).unwrap();
    assert_eq!(nothing.limits[0].kind, LimitKind::NoBackend);
}

#[test]
fn typical_requests_are_recorded_as_the_policy_says() {
    let policy = |level| Policy::of_rules([Rule { level, ..Rule::default() }]);
    assert!(typical(&policy(Level::None), Bodies::default(), &everyone()).is_empty());
    let all = typical(&policy(Level::RequestResponse), Bodies { min: 200, max: 20_000 }, &everyone());
    let largest = all.iter().flat_map(|template| &template.events).map(|event| event.log.unwrap().full).max().unwrap();
    assert!((40_000..42_000).contains(&largest), "{largest}");
    assert_eq!(all.iter().filter(|template| template.long_running).count(), 1);
    let metadata = typical(&policy(Level::Metadata), Bodies { min: 200, max: 20_000 }, &everyone());
    assert!(
        metadata
            .iter()
            .flat_map(|template| &template.events)
            .all(|event| event.log.is_some_and(|log| log.full < 1_500 && log.cut.is_none()))
    );
}

mod sinks {
    use super::*;
    use crate::sink::{Sink, SinkPolicy, SinkWebhook};
    use crate::{Policy, Rule};

    const RELEASE: Release = Release::new(18).unwrap();

    fn sink(name: &str, level: &str, qps: i64) -> Sink {
        let stages = vec!["ResponseComplete".to_owned()];
        Sink {
            name: name.to_owned(),
            policy: SinkPolicy { level: level.to_owned(), stages },
            webhook: SinkWebhook { qps, burst: 1, ..SinkWebhook::default() },
        }
    }

    fn with_sinks(sinks: &[Sink]) -> Options {
        let backends = sinks.iter().map(SinkBackend::new).collect();
        let dynamic = Dynamic { truncate: Truncate::default(), sinks: backends };
        Options { dynamic: Some(dynamic), ..Options::preset(Preset::ServerDefaults, RELEASE) }
    }

    /// Creations of an object of 20 kB, so many a second for ten seconds, under a policy of one level.
    fn creations(level: Level, a_second: u64, options: &Options) -> Load {
        let policy = Policy::of_rules([Rule { level, ..Rule::default() }]);
        let to = Recipients::new(options, RELEASE);
        let mut templates = typical(&policy, Bodies { min: 20_000, max: 20_000 }, &to);
        templates.retain(|template| template.name.starts_with("create"));
        let at = |index| Arrival { at: Duration::from_nanos(index * 1_000_000_000 / a_second), template: 0 };
        Load { templates, arrivals: Arrivals::Listed((0..a_second * 10).map(at).collect()) }
    }

    #[test]
    fn each_sink_has_a_buffer_and_a_throttle_of_its_own() {
        let options = with_sinks(&[sink("slow", "Metadata", 1), sink("quick", "Metadata", 10)]);
        let load = creations(Level::Metadata, 2_000, &options);
        let delivery = simulate(RELEASE, &options, &load, &World::default()).unwrap();
        let [slow, quick] = &delivery.sinks[..] else { panic!("two sinks") };
        // 20,000 events of one stage; one batch of 400 a second, and 5,000 that wait at the end.
        assert_eq!((slow.made.totals.events, quick.made.totals.events), (20_000, 20_000));
        assert_eq!((quick.made.totals.dropped_by_buffer, quick.made.totals.written), (0, 20_000));
        assert!(slow.made.totals.written.abs_diff(10 * 400 + 5_000) <= 1_200, "{:?}", slow.made.totals);
        // The static policy's backends get both stages, whatever becomes of the sinks' events.
        assert_eq!(
            (delivery.webhook.unwrap().totals.dropped_by_buffer, delivery.log.unwrap().totals.written),
            (0, 40_000)
        );
        let limit = &delivery.limits[0];
        assert_eq!((limit.kind, limit.backend.as_deref()), (LimitKind::TokenBucket, Some("AuditSink slow")));
        assert_eq!(limit.flags, ["spec.webhook.throttle.qps"]);
        assert_eq!(delivery.clients.added_latency.max, 0.0);
    }

    #[test]
    fn a_sink_gets_what_its_level_says_and_the_static_policy_not_more_than_its_own() {
        let options = with_sinks(&[sink("whole", "RequestResponse", 10), sink("short", "Metadata", 10)]);
        for (level, of_log) in [(Level::Metadata, 2), (Level::None, 0)] {
            let load = creations(level, 1, &options);
            let delivery = simulate(RELEASE, &options, &load, &World::default()).unwrap();
            let bytes = |index: usize| delivery.sinks[index].made.totals.bytes / 10;
            assert!(bytes(0) > 20_000 && bytes(1) < 1_500, "{} {}", bytes(0), bytes(1));
            assert_eq!(delivery.log.as_ref().unwrap().totals.events, of_log * 10);
            assert_eq!(delivery.events[0].log.is_some(), level == Level::Metadata);
        }
    }

    #[test]
    fn the_webhooks_limits_look_at_the_whole_event_whatever_is_left_of_it() {
        let mut options = with_sinks(&[sink("short", "Metadata", 10)]);
        let truncate = Truncate { enabled: true, max_event_size: 10_000, max_batch_size: 10_000 };
        options.webhook.as_mut().unwrap().truncate = truncate;
        let load = creations(Level::Metadata, 1, &options);
        let delivery = simulate(RELEASE, &options, &load, &World::default()).unwrap();
        // ResponseComplete has the objects, RequestReceived none; the log's own limits are off.
        let truncated = |totals: &Totals| (totals.events, totals.truncated);
        assert_eq!(truncated(&delivery.sinks[0].made.totals), (10, 10));
        assert_eq!(truncated(&delivery.webhook.unwrap().totals), (20, 10));
        assert_eq!(truncated(&delivery.log.unwrap().totals), (20, 0));
    }

    #[test]
    fn no_request_is_refused_for_an_event() {
        let mut options = with_sinks(&[]);
        options.log.as_mut().unwrap().mode = Mode::BlockingStrict;
        let load = creations(Level::Metadata, 1, &options);
        let down = disk(OutageKind::Down, 0, 100);
        let delivery = simulate(RELEASE, &options, &load, &down).unwrap();
        assert_eq!((delivery.clients.answered_500, delivery.log.unwrap().totals.lost), (0, 20));
        assert!(delivery.notes[0].contains("no request is refused"), "{:?}", delivery.notes);
        options.dynamic = None;
        let load = creations(Level::Metadata, 1, &options);
        assert_eq!(simulate(RELEASE, &options, &load, &down).unwrap().clients.answered_500, 10);
    }

    #[test]
    fn sinks_of_a_text_take_dynamic_configuration() {
        let text = "apiVersion: auditregistration.k8s.io/v1alpha1\nkind: AuditSink\nmetadata: {name: mine}\nspec: {policy: {level: Metadata, stages: [ResponseComplete]}, webhook: {clientConfig: {url: 'https://a.example/'}}}\n";
        let mut options = Options::preset(Preset::ServerDefaults, RELEASE);
        assert!(options.clone().add_sinks(text, true, RELEASE).unwrap().contains("--audit-dynamic-configuration"));
        assert_eq!(options.add_sinks(text, false, RELEASE), None);
        assert_eq!(options.dynamic.unwrap().sinks[0].name, "mine");
        let mut newer = Options::preset(Preset::ServerDefaults, NEWEST);
        assert!(newer.add_sinks(text, false, NEWEST).unwrap().contains("no matches for kind"));
        assert_eq!(newer.dynamic, None);
    }
}
