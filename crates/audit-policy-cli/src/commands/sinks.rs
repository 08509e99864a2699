//! `audit-policy record --sinks[=FILE]`: what each AuditSink gets beside the static policy's backends.

use std::io;

use audit_policy::request::Request;
use audit_policy::sink::{self, Beside, Sink};

use super::ask::{self, Asked};
use crate::arguments::OutputFormat;
use crate::exit::Exit;
use crate::exit::{Answer, Failure};
use crate::input::Input;
use crate::output::{ColorChoice, json, text};

pub fn answer(
    asked: Asked,
    input: &Input,
    requests: &[&Request],
    format: OutputFormat,
    color: ColorChoice,
) -> Result<Answer, Failure> {
    let stderr_paint = color.paint(&io::stderr());
    let none = || Failure::new(format!("no AuditSink is in {}", input.name), "give one or more as YAML documents");
    let loaded = sink::load(&input.bytes, asked.release).ok_or_else(none)?;
    if !loaded.accepted {
        return Ok(ask::refused(&loaded, input, format, stderr_paint, asked.stderr));
    }
    let sinks = sink::read(&input.bytes, asked.release).ok_or_else(none)?.sinks;
    let sides: Vec<Beside> = requests
        .iter()
        .map(|request| sink::beside(Some(&asked.policy), &sinks, &request.exchange, asked.release))
        .collect();
    let stdout = match (format, sides.as_slice()) {
        (OutputFormat::Json, [side]) => json::bytes(side),
        (OutputFormat::Json, sides) => json::bytes(&sides),
        (OutputFormat::Text, sides) => said(sides, requests, &sinks, color).into_bytes(),
    };
    Ok(Answer { exit: Exit::Good, stdout, stderr: asked.stderr })
}

fn said(sides: &[Beside], requests: &[&Request], sinks: &[Sink], color: ColorChoice) -> String {
    let paint = color.paint(&io::stdout());
    let mut said = String::new();
    for (side, request) in sides.iter().zip(requests) {
        if sides.len() > 1 {
            said.push_str(&format!("{}\n", text::plain(&request.purpose)));
        }
        said.push_str(&format!("{}\n", paint.heading("the static policy's backends")));
        said.push_str(&text::stages(side.fixed.as_deref().unwrap_or_default(), &[]));
        for (gets, sink) in side.sinks.iter().zip(sinks) {
            let delivery = sink.delivery();
            let each = format!("{} batches a second, {} at once", delivery.throttle_qps, delivery.throttle_burst);
            said.push_str(&format!(
                "{} {}: buffer {}, batches of {} within {}, {each}\n",
                paint.heading("AuditSink"),
                text::plain(&gets.name),
                delivery.buffer_size,
                delivery.max_batch_size,
                audit_policy::flags::show_duration(delivery.max_batch_wait)
            ));
            said.push_str(&text::stages(&gets.stages, &gets.beyond));
        }
    }
    said
}
