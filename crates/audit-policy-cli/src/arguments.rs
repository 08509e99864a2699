//! The command line: what can be given, and the help texts.

use std::ffi::OsString;

use audit_policy::Release;
use audit_policy::event::EventVersion;
use audit_policy::flags::Shape;
use audit_policy::request::Format as RequestFormat;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::output::ColorChoice;
use crate::simulate_arguments::SimulateArguments;

const EXAMPLES: &str = "\
Examples:
  audit-policy check policy.yaml
  audit-policy explain policy.yaml 'kubectl get secret db -n prod'
  audit-policy record policy.yaml request.http
  audit-policy record scenario.yaml | jq .level
  audit-policy simulate policy.yaml --rate 500
  audit-policy flags kube-apiserver.yaml

Exit code:
  0  good; warnings alone are good
  1  the API server refuses the policy, or a finding is an error
  2  wrong usage, or input that cannot be read";

const CHECK_EXAMPLES: &str = "\
Examples:
  audit-policy check policy.yaml
  audit-policy check --kubernetes 1.25 policy.yaml
  kubectl kustomize . | audit-policy check -
  audit-policy check --format json policy.yaml | jq .findings

Exit code: 0 it loads; 1 the API server refuses it; 2 wrong usage, or it cannot be read";

const REQUEST_HELP: &str = "\
The request: a kubectl or curl command, raw HTTP, an audit event in JSON, a SubjectAccessReview or AdmissionReview, the fields of a form, a scenario file, or a link from the playground; given as the name of a file that exists, `-` for standard input, or else as the text itself. Files that a command names are read";

const POLICY_HELP: &str = "\
The policy's file, or `-` for standard input. It may be left out where REQUEST is a scenario or a link that holds one";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  audit-policy explain policy.yaml 'kubectl get pods -n prod'
  audit-policy explain -v policy.yaml 'kubectl apply -f deployment.yaml'
  audit-policy explain policy.yaml 'kubectl delete ns prod' --user alice --group dev
  grep -m1 secrets audit.log | audit-policy explain policy.yaml -
  audit-policy explain scenario.yaml
  audit-policy explain 'https://…/#v1/…'

Exit code: 0 answered, whatever matched; 1 the API server refuses the policy; 2 wrong usage, or
input that cannot be read";

const RECORD_EXAMPLES: &str = "\
Standard output holds the events only, one a line, byte for byte as the log backend writes them.
What became of the other stages goes to standard error.

Examples:
  audit-policy record policy.yaml 'kubectl get secret db -n prod'
  audit-policy record --legacy policy.yaml request.http
  audit-policy record policy.yaml 'kubectl get pod web -n prod' --code 404
  audit-policy record -q scenario.yaml | jq .stage
  audit-policy record -q scenario.yaml --post https://audit.example.com/hook | sh

Exit code: 0 answered, also where nothing is recorded; 1 the API server refuses the policy;
2 wrong usage, or input that cannot be read";

const FLAGS_HELP: &str = "\
Flags of kube-apiserver: a command line, a systemd unit, a static pod's manifest, or a kubeadm, k3s, RKE2 or kind configuration; given as the name of a file that exists, `-` for standard input, or else as the text itself. Where it is left out, every flag is listed";

const FLAGS_EXAMPLES: &str = "\
Files that flags name are on the control plane, and not read: --policy and --webhook-config tell
what is in them. Of the files that a webhook's kubeconfig names, it is told which the server's
container does not see; and which are missing, where --webhook-config is the very path that the
flags name.

Examples:
  audit-policy flags /etc/kubernetes/manifests/kube-apiserver.yaml
  audit-policy flags 'kube-apiserver --audit-webhook-config=/etc/audit.yaml'
  audit-policy flags --print kubeadm kube-apiserver.service
  audit-policy flags --kubernetes 1.18 --policy policy.yaml kubeadm.yaml
  audit-policy flags --kubernetes 1.7

Exit code: 0 the server starts; 1 it refuses the flags, or a finding is an error; 2 wrong usage, or
input that cannot be read";

/// What kube-apiserver writes to its audit log for a request under an audit policy, at which stage, and why.
#[derive(Debug, Parser)]
#[command(name = "audit-policy", version, after_help = EXAMPLES, max_term_width = 100)]
#[command(disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours; auto is on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto, display_order = 900)]
    pub color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say whether a policy loads, in the API server's words, and what is wrong with it
    Check(CheckArguments),
    /// Say which rule a request matches, at which level, and why
    Explain(ExplainArguments),
    /// Print the events that are recorded of a request
    Record(RecordArguments),
    /// Say what each backend writes of a load, when, what is lost, and what clients feel
    Simulate(Box<SimulateArguments>),
    /// Say what kube-apiserver makes of its audit flags, and print them in another shape
    Flags(FlagsArguments),
    /// Print a completion script for a shell
    Completions(CompletionsArguments),
}

/// What every command that answers has.
#[derive(Debug, Args)]
pub struct AnswerArguments {
    /// For people, or for programs: there places are byte offsets, and rules count from 0
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
    /// The Kubernetes release that answers, such as 1.37; default a scenario's, else the newest known
    #[arg(long, value_name = "RELEASE")]
    pub kubernetes: Option<Release>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArguments {
    /// The policy's file, or `-` for standard input
    pub policy: OsString,
    #[command(flatten)]
    pub answer: AnswerArguments,
}

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES, allow_missing_positional = true)]
pub struct ExplainArguments {
    #[command(flatten)]
    pub exchange: ExchangeArguments,
    #[command(flatten)]
    pub answer: AnswerArguments,
    /// Show every rule and every field, not only what decided and what nearly did
    #[arg(long, short)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
#[command(after_help = RECORD_EXAMPLES, allow_missing_positional = true)]
pub struct RecordArguments {
    #[command(flatten)]
    pub exchange: ExchangeArguments,
    #[command(flatten)]
    pub answer: AnswerArguments,
    /// Print the lines of the legacy log format
    #[arg(long, conflicts_with = "format")]
    pub legacy: bool,
    /// The API version of the events, such as audit.k8s.io/v1beta1; default what the release writes where this flag of the server is not given
    #[arg(long, value_name = "VERSION", conflicts_with = "legacy", value_parser = event_version)]
    pub audit_log_version: Option<EventVersion>,
    /// Print the POST that a webhook at this URL gets of the events, as a curl command, or as data with --format json
    #[arg(long, value_name = "URL", conflicts_with = "legacy")]
    pub post: Option<String>,
    /// Print the two lines a request of basic audit, which needs no policy and looks at none: in 1.7, and until 1.11 where AdvancedAuditing is off
    #[arg(long, conflicts_with_all = ["format", "legacy", "post", "audit_log_version"])]
    pub basic: bool,
    /// Say what each AuditSink (1.13 to 1.18) of this file, `-` for standard input, gets beside the policy's backends, and what these miss; without a file: of the scenario
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "", conflicts_with_all = ["legacy", "post", "basic", "audit_log_version"])]
    pub sinks: Option<OsString>,
    /// Record every request that reaches the server, not only the one that the command exists for
    #[arg(long, conflicts_with = "pick")]
    pub all: bool,
    /// Do not tell on standard error what became of the other stages
    #[arg(long, short)]
    pub quiet: bool,
}

/// A policy, a request, and what is known besides.
#[derive(Debug, Args)]
pub struct ExchangeArguments {
    #[arg(help = POLICY_HELP)]
    pub policy: Option<OsString>,
    #[arg(help = REQUEST_HELP)]
    pub request: OsString,
    /// The format of REQUEST, where detection is to be overruled: kubectl, http, curl, event, review, form or scenario
    #[arg(long, value_name = "FORMAT")]
    pub request_format: Option<RequestFormat>,
    /// Which of several requests to answer for, counted from 1; default the one that the command exists for
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub pick: Option<u32>,
    /// The authenticated user; default kubernetes-admin
    #[arg(long, value_name = "NAME", conflicts_with = "nobody")]
    pub user: Option<String>,
    /// A group of that user, besides system:authenticated; give it again for more
    #[arg(long = "group", value_name = "NAME", requires = "user")]
    pub groups: Vec<String>,
    /// Authentication fails: the answer is 401
    #[arg(long)]
    pub nobody: bool,
    /// The status code that the server answers; default by verb
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u16).range(100..1000))]
    pub code: Option<u16>,
}

#[derive(Debug, Args)]
#[command(after_help = FLAGS_EXAMPLES)]
pub struct FlagsArguments {
    #[arg(help = FLAGS_HELP)]
    pub text: Option<OsString>,
    /// Print the flags as a text of this shape, with the volumes and mounts that their files need: command-line, systemd, static-pod, kubeadm, k3s, rke2 or kind
    #[arg(long, value_name = "SHAPE", conflicts_with = "format")]
    pub print: Option<Shape>,
    /// What is in the file that --audit-policy-file names
    #[arg(long, value_name = "FILE")]
    pub policy: Option<OsString>,
    /// What is in the file that --audit-webhook-config-file names
    #[arg(long, value_name = "FILE")]
    pub webhook_config: Option<OsString>,
    /// For people, or for programs: there places are byte offsets
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
    /// The Kubernetes release that answers, from 1.4 on; default the newest known
    #[arg(long, value_name = "RELEASE")]
    pub kubernetes: Option<Release>,
}

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `audit.k8s.io/v1beta1`, or only `v1beta1`.
pub fn event_version(name: &str) -> Result<EventVersion, String> {
    let found =
        EventVersion::ALL.into_iter().find(|version| version.as_str().trim_start_matches("audit.k8s.io/") == name);
    let names = || EventVersion::ALL.map(EventVersion::as_str).join(", ");
    found.or_else(|| EventVersion::from_name(name)).ok_or_else(|| format!("give one of {}", names()))
}
