//! Options of a delivery, written as flags in any shape, come back as they were.

use audit_policy::Release;
use audit_policy::deliver::{
    Batch, Duration, LogBackend, LogFormat, Mode, Options, Rotation, Truncate, WebhookBackend,
};
use audit_policy::event::EventVersion;
use audit_policy::flags::{self, FileState, Shape};
use proptest::prelude::*;

fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(Mode::ALL.to_vec())
}

fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        (0..10_000_u64).prop_map(Duration::from_millis),
        (0..i64::MAX as u64).prop_map(Duration::from_nanos)
    ]
}

fn batch(async_delegate: bool) -> impl Strategy<Value = Batch> {
    (any::<u32>(), any::<u32>(), span(), any::<bool>(), 0.0_f32..1e9, any::<u32>()).prop_map(
        move |(buffer_size, max_batch_size, max_batch_wait, throttle_enable, throttle_qps, throttle_burst)| Batch {
            buffer_size,
            max_batch_size,
            max_batch_wait,
            throttle_enable,
            throttle_qps,
            throttle_burst,
            async_delegate,
        },
    )
}

fn truncate() -> impl Strategy<Value = Truncate> {
    (any::<bool>(), any::<i64>(), any::<i64>()).prop_map(|(enabled, max_event_size, max_batch_size)| Truncate {
        enabled,
        max_event_size,
        max_batch_size,
    })
}

fn log(release: Release) -> impl Strategy<Value = LogBackend> {
    let path = prop::sample::select(vec!["-", "/var/log/audit.log", "/a b/c'd.log", "/a%b$c", "rel", "/\u{e4}: #x"]);
    let rotation = (any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(max_size, max_age, max_backups)| Rotation {
        max_size,
        max_age,
        max_backups,
    });
    let default = LogBackend::new(release).batch.async_delegate;
    (path, version(release), mode(), batch(default), truncate(), any::<bool>(), rotation).prop_map(
        |(path, version, mode, batch, truncate, legacy, rotation)| LogBackend {
            path: path.to_owned(),
            version,
            mode,
            batch,
            truncate,
            format: if legacy { LogFormat::Legacy } else { LogFormat::Json },
            rotation,
        },
    )
}

/// Any version where a flag says it.
fn version(release: Release) -> impl Strategy<Value = EventVersion> {
    let all = if release.minor() < 11 { vec![EventVersion::of(release)] } else { EventVersion::ALL.to_vec() };
    prop::sample::select(all)
}

fn webhook(release: Release) -> impl Strategy<Value = WebhookBackend> {
    let parts = (version(release), mode(), batch(true), truncate(), span());
    parts.prop_map(|(version, mode, batch, truncate, initial_backoff)| WebhookBackend {
        version,
        mode,
        batch,
        truncate,
        initial_backoff,
    })
}

/// A release that has every flag of the options, and options.
fn options() -> impl Strategy<Value = (Release, Options)> {
    let release = (10_u8..=37).prop_filter_map("a release", Release::new);
    release.prop_flat_map(|release| {
        let both = (prop::option::of(log(release)), prop::option::of(webhook(release)));
        (Just(release), both.prop_map(|(log, webhook)| Options { log, webhook, dynamic: None }))
    })
}

fn come_to(text: &str, release: Release) -> Option<(Shape, Options)> {
    let checked = flags::check(text, release, &|_| FileState::Unknown)?;
    assert_eq!(checked.usage_error, None, "{text}");
    Some((checked.shape, checked.settings.options(release)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn options_come_back_from_every_shape((release, first) in options(), (_, second) in options()) {
        let begin = flags::check("--audit-policy-file=/p.yaml --audit-log-path=/l/a", release, &|_| FileState::Unknown).unwrap();
        // A batch of another release may go otherwise side by side, and its events be of a version, which no flag says.
        let of = |version| if release.minor() < 11 { EventVersion::of(release) } else { version };
        let second = Options {
            log: second.log.map(|mut log| {
                log.batch.async_delegate = LogBackend::new(release).batch.async_delegate;
                LogBackend { version: of(log.version), ..log }
            }),
            webhook: second.webhook.map(|webhook| WebhookBackend { version: of(webhook.version), ..webhook }),
            ..second
        };
        for shape in Shape::ALL {
            let mut text = flags::write(&begin, shape);
            text.push_str("# mine\n");
            for wanted in [&first, &second, &first] {
                text = flags::rewrite(&text, wanted, release);
                prop_assert_eq!(come_to(&text, release), Some((shape, wanted.clone())), "{}", text);
                // Asked again, nothing is left to do.
                prop_assert_eq!(&flags::rewrite(&text, wanted, release), &text);
            }
            prop_assert!(text.contains("# mine") || text.contains("'# mine"), "{}", text);
        }
    }

    #[test]
    fn any_text_is_rewritten(text in "(--audit-(log-path|log-mode|webhook-mode)[ =]?['\"/a-z\n\\\\{}:-]{0,9} ?|kube-apiserver-arg: \\[|- |ExecStart=|\n){0,8}", (release, wanted) in options()) {
        let written = flags::rewrite(&text, &wanted, release);
        let checked = flags::check(&written, release, &|_| FileState::Unknown);
        prop_assert!(checked.is_some() || wanted == Options::default(), "{written}");
    }
}
