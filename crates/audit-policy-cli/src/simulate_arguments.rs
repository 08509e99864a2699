//! What `simulate` can be given: the server's own flags, the load, and what the server stands in.

use std::ffi::OsString;

use audit_policy::Level;
use audit_policy::deliver::{Batch, Duration, Mode, Outage, OutageKind, Preset, Truncate};
use audit_policy::event::EventVersion;
use clap::{Args, ValueEnum};

use crate::arguments::{AnswerArguments, event_version};

const EXAMPLES: &str = "\
The server's flags have its names and defaults. A backend is simulated where one of its flags is
given; without any, both are. A scenario's flags and load count where none are given here.

Examples:
  audit-policy simulate --rate 6000 --audit-webhook-batch-max-size 400
  audit-policy simulate policy.yaml --load audit.log
  audit-policy simulate policy.yaml --load 'kubectl apply -f deployment.yaml' --rate 50
  audit-policy simulate policy.yaml --flags /etc/kubernetes/manifests/kube-apiserver.yaml --rate 500
  audit-policy simulate --preset safe --receiver-down 10s..1m --receiver-latency 20ms
  audit-policy simulate --audit-log-mode blocking-strict --disk-down 5s..10s
  audit-policy simulate policy.yaml --kubernetes 1.18 --sinks sinks.yaml --rate 6000

Exit code: 0 simulated, whatever was lost; 1 the API server refuses the policy or the settings;
2 wrong usage, or input that cannot be read";

const LOAD_HELP: &str = "\
What arrives: an audit log (events as they were made, or by chance where --rate is given), a list of scenarios with times (a JSON array, one a line, or YAML documents), a scenario, or a request in any format, as `explain` takes it; given as the name of a file that exists, `-` for standard input, or else as the text itself. Without it, typical requests: gets, creations and updates of ConfigMaps of several sizes, and watches";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SimulateArguments {
    /// The policy's file, or `-` for standard input; default a scenario's, else one of a single rule of --level
    pub policy: Option<OsString>,
    #[command(flatten)]
    pub answer: AnswerArguments,
    #[command(flatten)]
    pub load: LoadArguments,
    #[command(flatten)]
    pub world: WorldArguments,
    /// kube-apiserver's flags as `flags` takes them: a command line, a unit, a manifest or a configuration, a file, `-` for standard input, or the text itself; what the server refuses is not simulated; default a scenario's. The flags below change them
    #[arg(long, value_name = "FLAGS", conflicts_with = "preset", allow_hyphen_values = true, help_heading = "Server")]
    pub flags: Option<OsString>,
    /// Settings to begin with, which the server's flags change
    #[arg(long, value_enum, value_name = "NAME", default_value_t = PresetName::Server, help_heading = "Server")]
    pub preset: PresetName,
    /// AuditSink objects (1.13 to 1.18) beside the policy's backends, each with its own buffer and throttle: a file, or `-` for standard input; default a scenario's
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    pub sinks: Option<OsString>,
    #[command(flatten)]
    pub log: LogFlags,
    #[command(flatten)]
    pub webhook: WebhookFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PresetName {
    /// As the server sets them where no flag does
    Server,
    /// A larger buffer and more batches a second for the webhook, and a log of at most 10 GB
    Safe,
}

impl From<PresetName> for Preset {
    fn from(name: PresetName) -> Preset {
        match name {
            PresetName::Server => Preset::ServerDefaults,
            PresetName::Safe => Preset::Safe,
        }
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Load")]
pub struct LoadArguments {
    #[arg(long, value_name = "LOAD", help = LOAD_HELP)]
    pub load: Option<OsString>,
    /// Requests a second, at random times [default: 100, but for a log]
    #[arg(long, value_name = "NUMBER")]
    pub rate: Option<f64>,
    /// For how long they arrive [default: 1m]
    #[arg(long, value_name = "DURATION")]
    pub duration: Option<Duration>,
    /// Requests a second during a burst
    #[arg(long, value_name = "NUMBER")]
    pub burst_rate: Option<f64>,
    /// From the begin of a burst to that of the next
    #[arg(long, value_name = "DURATION", default_value_t = Duration::from_secs(30), requires = "burst_rate")]
    pub burst_every: Duration,
    /// How long a burst is
    #[arg(long, value_name = "DURATION", default_value_t = Duration::from_secs(5), requires = "burst_rate")]
    pub burst_length: Duration,
    /// How many requests are watches, from 0 to 1 [default: 0.2]
    #[arg(long, value_name = "SHARE")]
    pub watch_share: Option<f64>,
    /// The smallest object of typical requests, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 200)]
    pub min_body: u32,
    /// The largest
    #[arg(long, value_name = "BYTES", default_value_t = 20_000)]
    pub max_body: u32,
    /// The level of everything, where no policy is given
    #[arg(long, value_name = "LEVEL", default_value = "Metadata", value_parser = level)]
    pub level: Level,
    /// What chance begins with: the same seed, the same load [default: 1]
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "What the server stands in")]
pub struct WorldArguments {
    /// How long the webhook's receiver takes for a POST [default: 0s]
    #[arg(long, value_name = "DURATION")]
    pub receiver_latency: Option<Duration>,
    /// When the receiver refuses connections, such as 10s..1m; give it again for more
    #[arg(long, value_name = "FROM..TO", value_parser = span)]
    pub receiver_down: Vec<(Duration, Duration)>,
    /// When it answers 500
    #[arg(long, value_name = "FROM..TO", value_parser = span)]
    pub receiver_failing: Vec<(Duration, Duration)>,
    /// When it does not answer
    #[arg(long, value_name = "FROM..TO", value_parser = span)]
    pub receiver_hanging: Vec<(Duration, Duration)>,
    /// How long the log's disk takes for a line [default: 0s]
    #[arg(long, value_name = "DURATION")]
    pub disk_latency: Option<Duration>,
    /// When the disk is full
    #[arg(long, value_name = "FROM..TO", value_parser = span)]
    pub disk_down: Vec<(Duration, Duration)>,
    /// When writes wait
    #[arg(long, value_name = "FROM..TO", value_parser = span)]
    pub disk_hanging: Vec<(Duration, Duration)>,
    /// Make waits between tries up to 20 % longer, as the server does, by chance that begins with this
    #[arg(long, value_name = "NUMBER")]
    pub jitter: Option<u64>,
    /// When the server is shut down; default never: all is sent that can be
    #[arg(long, value_name = "DURATION")]
    pub stop: Option<Duration>,
}

macro_rules! backend_flags {
    ($name:ident, $plugin:literal, { $($own:tt)* }) => {
        #[derive(Debug, Default, Args)]
        #[command(next_help_heading = concat!("Server: --audit-", $plugin, "-…"))]
        pub struct $name {
            $($own)*
            /// batch, blocking or blocking-strict
            #[arg(id = concat!($plugin, "-mode"), long = concat!("audit-", $plugin, "-mode"), value_name = "MODE", value_parser = |name: &str| mode($plugin, name))]
            pub mode: Option<Mode>,
            /// How many events wait at most
            #[arg(id = concat!($plugin, "-buffer"), long = concat!("audit-", $plugin, "-batch-buffer-size"), value_name = "EVENTS")]
            pub batch_buffer_size: Option<u32>,
            /// The most events of a batch
            #[arg(id = concat!($plugin, "-size"), long = concat!("audit-", $plugin, "-batch-max-size"), value_name = "EVENTS")]
            pub batch_max_size: Option<u32>,
            /// How long a batch is collected at most
            #[arg(id = concat!($plugin, "-wait"), long = concat!("audit-", $plugin, "-batch-max-wait"), value_name = "DURATION")]
            pub batch_max_wait: Option<Duration>,
            /// Whether batches are throttled
            #[arg(id = concat!($plugin, "-throttle"), long = concat!("audit-", $plugin, "-batch-throttle-enable"), value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
            pub batch_throttle_enable: Option<bool>,
            /// Batches a second
            #[arg(id = concat!($plugin, "-qps"), long = concat!("audit-", $plugin, "-batch-throttle-qps"), value_name = "NUMBER")]
            pub batch_throttle_qps: Option<f32>,
            /// Batches that may go at once after a pause
            #[arg(id = concat!($plugin, "-burst"), long = concat!("audit-", $plugin, "-batch-throttle-burst"), value_name = "BATCHES")]
            pub batch_throttle_burst: Option<u32>,
            /// Whether events that are too large lose their objects
            #[arg(id = concat!($plugin, "-truncate"), long = concat!("audit-", $plugin, "-truncate-enabled"), value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
            pub truncate_enabled: Option<bool>,
            /// How large an event may be
            #[arg(id = concat!($plugin, "-event"), long = concat!("audit-", $plugin, "-truncate-max-event-size"), value_name = "BYTES", allow_negative_numbers = true)]
            pub truncate_max_event_size: Option<i64>,
            /// How large a batch may be
            #[arg(id = concat!($plugin, "-bytes"), long = concat!("audit-", $plugin, "-truncate-max-batch-size"), value_name = "BYTES", allow_negative_numbers = true)]
            pub truncate_max_batch_size: Option<i64>,
        }

        impl $name {
            /// The flags that are given, of those that the log and the webhook share.
            pub fn shared(&self) -> impl Iterator<Item = &'static str> {
                [
                    (concat!("audit-", $plugin, "-version"), self.version.is_some()),
                    (concat!("audit-", $plugin, "-mode"), self.mode.is_some()),
                    (concat!("audit-", $plugin, "-batch-buffer-size"), self.batch_buffer_size.is_some()),
                    (concat!("audit-", $plugin, "-batch-max-size"), self.batch_max_size.is_some()),
                    (concat!("audit-", $plugin, "-batch-max-wait"), self.batch_max_wait.is_some()),
                    (concat!("audit-", $plugin, "-batch-throttle-enable"), self.batch_throttle_enable.is_some()),
                    (concat!("audit-", $plugin, "-batch-throttle-qps"), self.batch_throttle_qps.is_some()),
                    (concat!("audit-", $plugin, "-batch-throttle-burst"), self.batch_throttle_burst.is_some()),
                    (concat!("audit-", $plugin, "-truncate-enabled"), self.truncate_enabled.is_some()),
                    (concat!("audit-", $plugin, "-truncate-max-event-size"), self.truncate_max_event_size.is_some()),
                    (concat!("audit-", $plugin, "-truncate-max-batch-size"), self.truncate_max_batch_size.is_some()),
                ]
                .into_iter()
                .filter_map(|(name, is_given)| is_given.then_some(name))
            }

            /// Changes what is given, and says whether anything is.
            pub fn change(&self, mode: &mut Mode, batch: &mut Batch, truncate: &mut Truncate) -> bool {
                let given = [
                    set(mode, self.mode),
                    set(&mut batch.buffer_size, self.batch_buffer_size),
                    set(&mut batch.max_batch_size, self.batch_max_size),
                    set(&mut batch.max_batch_wait, self.batch_max_wait),
                    set(&mut batch.throttle_enable, self.batch_throttle_enable),
                    set(&mut batch.throttle_qps, self.batch_throttle_qps),
                    set(&mut batch.throttle_burst, self.batch_throttle_burst),
                    set(&mut truncate.enabled, self.truncate_enabled),
                    set(&mut truncate.max_event_size, self.truncate_max_event_size),
                    set(&mut truncate.max_batch_size, self.truncate_max_batch_size),
                ];
                given.contains(&true)
            }
        }
    };
}

/// Changes a setting that is given, and says whether it is.
pub fn set<T>(setting: &mut T, given: Option<T>) -> bool {
    match given {
        Some(given) => {
            *setting = given;
            true
        }
        None => false,
    }
}

backend_flags!(LogFlags, "log", {
    /// The log's file; `-` is standard output, which is not rotated
    #[arg(long = "audit-log-path", value_name = "PATH")]
    pub path: Option<String>,
    /// The API version of events, such as audit.k8s.io/v1beta1
    #[arg(long = "audit-log-version", value_name = "VERSION", value_parser = event_version)]
    pub version: Option<EventVersion>,
    /// json or legacy
    #[arg(long = "audit-log-format", value_name = "FORMAT", value_enum)]
    pub line_format: Option<LineFormat>,
    /// MiB of a file before it is rotated
    #[arg(long = "audit-log-maxsize", value_name = "MIB")]
    pub maxsize: Option<u32>,
    /// Days after which old files are removed; 0: never
    #[arg(long = "audit-log-maxage", value_name = "DAYS")]
    pub maxage: Option<u32>,
    /// How many old files are kept; 0: all
    #[arg(long = "audit-log-maxbackup", value_name = "FILES")]
    pub maxbackup: Option<u32>,
});

backend_flags!(WebhookFlags, "webhook", {
    /// The webhook's kubeconfig, which is not read: that it is given adds the backend
    #[arg(long = "audit-webhook-config-file", value_name = "PATH")]
    pub config_file: Option<String>,
    /// The API version of events, such as audit.k8s.io/v1beta1
    #[arg(id = "webhook-version", long = "audit-webhook-version", value_name = "VERSION", value_parser = event_version)]
    pub version: Option<EventVersion>,
    /// The wait before the first retry
    #[arg(long = "audit-webhook-initial-backoff", alias = "audit-webhook-batch-initial-backoff", value_name = "DURATION")]
    pub initial_backoff: Option<Duration>,
});

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LineFormat {
    Json,
    Legacy,
}

impl WorldArguments {
    /// When the receiver does not work, in order of time.
    pub fn receiver_outages(&self) -> Vec<Outage> {
        outages(&[
            (OutageKind::Down, &self.receiver_down),
            (OutageKind::Failing, &self.receiver_failing),
            (OutageKind::Hanging, &self.receiver_hanging),
        ])
    }

    /// When the disk does not.
    pub fn disk_outages(&self) -> Vec<Outage> {
        outages(&[(OutageKind::Down, &self.disk_down), (OutageKind::Hanging, &self.disk_hanging)])
    }
}

fn outages(kinds: &[(OutageKind, &Vec<(Duration, Duration)>)]) -> Vec<Outage> {
    let of_kind = |(kind, spans): &(OutageKind, &Vec<(Duration, Duration)>)| {
        let kind = *kind;
        spans.iter().map(move |(from, to)| Outage { from: *from, to: *to, kind }).collect::<Vec<_>>()
    };
    let mut outages: Vec<Outage> = kinds.iter().flat_map(of_kind).collect();
    outages.sort_by_key(|outage| outage.from);
    outages
}

fn span(text: &str) -> Result<(Duration, Duration), String> {
    let (from, to) = text.split_once("..").ok_or("give two moments, such as 10s..1m")?;
    let (from, to) = (from.parse::<Duration>()?, to.parse::<Duration>()?);
    if from < to { Ok((from, to)) } else { Err(format!("{from} is not before {to}")) }
}

fn mode(plugin: &str, name: &str) -> Result<Mode, String> {
    let words = Mode::ALL.map(Mode::as_str).join(",");
    Mode::from_name(name).ok_or_else(|| format!("invalid audit {plugin} mode {name}, allowed modes are {words:?}"))
}

fn level(name: &str) -> Result<Level, String> {
    Level::from_name(name).ok_or_else(|| format!("give one of {}", Level::ALL.map(Level::as_str).join(", ")))
}
