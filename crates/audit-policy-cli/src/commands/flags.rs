//! `audit-policy flags [TEXT]`

use std::{fs, io};

use audit_policy::flags::{self, Checked, FileState};
use audit_policy::{Release, Severity};

use crate::arguments::{FlagsArguments, OutputFormat};
use crate::exit::{Answer, Exit, Failure};
use crate::input::{Input, InputOrigin, Inputs};
use crate::output::snippet::Source;
use crate::output::{ColorChoice, Paint, json, printable};

pub fn run(arguments: &FlagsArguments, color: ColorChoice) -> Result<Answer, Failure> {
    let release = arguments.kubernetes.unwrap_or_default();
    let Some(text) = &arguments.text else { return Ok(list(release, arguments.format)) };
    let mut inputs = Inputs::default();
    let mut input = inputs.request(text)?;
    if input.origin == InputOrigin::Argument {
        input.name = "flags".to_owned();
    }
    let policy = arguments.policy.as_deref().map(|file| inputs.file(file, "the policy")).transpose()?;
    let webhook =
        arguments.webhook_config.as_deref().map(|file| inputs.file(file, "the webhook's file")).transpose()?;
    let not_flags = || {
        Failure::new(
            format!(
                "no flags of kube-apiserver are in {}",
                if input.name == "flags" { "the text" } else { &input.name }
            ),
            "give a command line, a systemd unit, a static pod's manifest, or a kubeadm, k3s, RKE2 or kind configuration",
        )
    };
    let content = std::str::from_utf8(&input.bytes).map_err(|_| not_flags())?;
    let source = flags::read(content).ok_or_else(not_flags)?;
    let checked = match (&policy, &webhook) {
        (None, None) => flags::check_source(source, release, &|_| FileState::Unknown),
        _ => {
            // Which paths the two files are at, the flags tell.
            let settings = flags::check_source(source.clone(), release, &|_| FileState::Unknown).settings;
            // On the control plane itself, what the webhook's file names is there, too.
            let is_here = webhook.as_ref().and_then(Input::path) == Some(settings.webhook.config_file.as_str());
            let files = |path: &str| {
                let named = [(&settings.policy_file, &policy), (&settings.webhook.config_file, &webhook)];
                match named.into_iter().find(|(at, _)| at.as_str() == path).map(|(_, input)| input.as_ref()) {
                    Some(Some(input)) => FileState::Content(input.bytes.clone()),
                    None if is_here && source.mounts.is_none() => state(path),
                    _ => FileState::Unknown,
                }
            };
            flags::check_source(source.clone(), release, &files)
        }
    };
    let stdout = match (arguments.print, arguments.format) {
        (Some(shape), _) => flags::write(&checked, shape).into_bytes(),
        (None, OutputFormat::Json) => json::bytes(&checked),
        (None, OutputFormat::Text) => said(&checked, &input, webhook.as_ref(), color.paint(&io::stdout())).into_bytes(),
    };
    let paint = color.paint(&io::stderr());
    let stderr =
        if arguments.print.is_some() { found(&checked, &input, webhook.as_ref(), paint) } else { String::new() };
    let of_webhook = checked.start.iter().flat_map(|start| &start.webhook_findings);
    let errors = checked.findings.iter().chain(of_webhook).any(|finding| finding.severity == Severity::Error);
    let exit = if checked.accepted && !errors { Exit::Good } else { Exit::Refused };
    Ok(Answer { exit, stdout, stderr })
}

/// Whether there is a file at a path; what is in it is not looked at.
fn state(path: &str) -> FileState {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => FileState::Directory,
        Err(error) if error.kind() == io::ErrorKind::NotFound => FileState::Missing,
        _ => FileState::Unknown,
    }
}

/// What the server would do, then each finding in its place.
fn said(checked: &Checked, input: &Input, webhook: Option<&Input>, paint: Paint) -> String {
    let release = checked.release;
    let start = checked.start.as_ref();
    let error = checked.error();
    let mut text = match error {
        Some(error) => format!("{} by Kubernetes {release}:\n{}\n", paint.error("refused"), printable(error)),
        None => format!("{} by Kubernetes {release}, read as {}\n", paint.good("accepted"), checked.shape.words()),
    };
    if error.is_none() {
        for line in checked.settings.describe(release) {
            text.push_str(&format!("  {}\n", printable(&line)));
        }
    }
    let lines = start.map(|start| start.lines.as_slice()).unwrap_or_default();
    if !lines.is_empty() {
        text.push_str(&format!("{}\n", paint.heading("logged at start (-v=4):")));
        for line in lines {
            text.push_str(&format!("  {}\n", printable(line)));
        }
    }
    let found = found(checked, input, webhook, paint);
    if !found.is_empty() {
        text.push_str(&format!("\n{}\n", found.trim_end()));
    }
    text
}

fn found(checked: &Checked, input: &Input, webhook: Option<&Input>, paint: Paint) -> String {
    let mut text = Source::new(input).render(&checked.findings, paint);
    if let (Some(webhook), Some(start)) = (webhook, &checked.start) {
        text.push_str(&Source::new(webhook).render(&start.webhook_findings, paint));
    }
    text
}

/// Every flag of a release.
fn list(release: Release, format: OutputFormat) -> Answer {
    let known = flags::FLAGS.iter().filter(|flag| flag.is_in(release));
    let stdout = match format {
        OutputFormat::Json => json::bytes(&known.collect::<Vec<_>>()),
        OutputFormat::Text => {
            let lines = known.map(|flag| {
                let default = match flag.default_in(release) {
                    "" => String::new(),
                    default => format!(" (default {default})"),
                };
                let replaced = flag.replaced.filter(|(from, _)| *from <= release.minor());
                let old = replaced.map(|_| ", deprecated").unwrap_or_default();
                format!("--{}{default}\n    {}; {}{old}\n", flag.name, flag.help, flag.releases())
            });
            lines.collect::<String>().into_bytes()
        }
    };
    Answer { exit: Exit::Good, stdout, stderr: String::new() }
}
