//! `audit-policy check POLICY`

use std::io;

use audit_policy::{Loaded, Severity};

use super::ask;
use crate::arguments::{CheckArguments, OutputFormat};
use crate::exit::{Answer, Exit, Failure};
use crate::input::Inputs;
use crate::output::{ColorChoice, json, text};

pub fn run(arguments: &CheckArguments, color: ColorChoice) -> Result<Answer, Failure> {
    let policy = Inputs::default().file(&arguments.policy, "the policy")?;
    let release = arguments.answer.kubernetes.unwrap_or_default();
    let loaded = ask::load(&policy, release);
    let stdout = match arguments.answer.format {
        OutputFormat::Json => json::bytes(&loaded),
        OutputFormat::Text => text::loaded(&loaded, &policy, color.paint(&io::stdout())).into_bytes(),
    };
    let mut stderr = String::new();
    ask::note_unrecorded(release, color.paint(&io::stderr()), &mut stderr);
    Ok(Answer { exit: exit(&loaded), stdout, stderr })
}

/// How a policy's load exits.
pub fn exit(loaded: &Loaded) -> Exit {
    let errors = loaded.findings.iter().any(|finding| finding.severity == Severity::Error);
    if loaded.accepted && !errors { Exit::Good } else { Exit::Refused }
}
