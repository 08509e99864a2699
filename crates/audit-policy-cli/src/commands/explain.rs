//! `audit-policy explain [POLICY] REQUEST`

use std::io;

use super::ask::{self, Question};
use crate::arguments::{ExplainArguments, OutputFormat};
use crate::exit::{Answer, Exit, Failure};
use crate::output::{ColorChoice, json, text};

pub fn run(arguments: &ExplainArguments, color: ColorChoice) -> Result<Answer, Failure> {
    let asked = match ask::ask(&arguments.exchange, &arguments.answer, None, false, color)? {
        Question::Asked(asked) => asked,
        Question::Answered(answer) => return Ok(answer),
    };
    let explained: Vec<_> = asked
        .reading
        .requests
        .iter()
        .map(|request| {
            let recording = audit_policy::record(&asked.policy, &request.exchange, asked.release);
            let attributes = recording.attributes.as_ref();
            let trace = attributes.map(|attributes| audit_policy::explain(&asked.policy, attributes, asked.release));
            (recording, trace)
        })
        .collect();
    let stdout = match arguments.answer.format {
        OutputFormat::Json => json::bytes(&json::explanation(asked.release, &asked.reading, asked.pick, &explained)),
        OutputFormat::Text => {
            let paint = color.paint(&io::stdout());
            let explanation = text::Explanation {
                policy: &asked.policy,
                text: &asked.policy_text,
                places: &asked.loaded.places,
                release: asked.release,
                reading: &asked.reading,
                pick: asked.pick,
                explained: &explained,
                verbose: arguments.verbose,
                paint,
            };
            explanation.to_string().into_bytes()
        }
    };
    Ok(Answer { exit: Exit::Good, stdout, stderr: asked.stderr })
}
