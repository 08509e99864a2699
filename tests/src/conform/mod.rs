//! Runs recorded vectors against the engine: one adapter a file format, which turns a case into the engine's public types and compares.
//! Nothing in the engine is written for the vectors.

mod auditsink;
mod buffered;
mod encodings;
mod events;
mod handler;
mod headers;
mod kubectl;
mod live;
mod load;
mod matching;
mod posts;
mod raw_http;
mod report;
mod requestinfo;
mod startup;
mod startup_flags;
mod text;
mod truncate;
mod vectors;

use std::path::Path;

use anyhow::{Context as _, Result};

pub use posts::events as events_of_post;
pub use report::{Differences, Report, Tally};
pub use vectors::{Answer, Case, answers, read_lines};

/// Runs one vector file and adds its counts to the report. Which format it is, its name says.
///
/// # Errors
///
/// Where a file cannot be read, is not JSON Lines, or has a name that is no vector file's.
pub fn run_file(path: &Path, report: &mut Report) -> Result<()> {
    let name = vectors::name_of(path).with_context(|| format!("{} is no .jsonl or .jsonl.gz file", path.display()))?;
    let cases = || read_lines(path);
    match name.strip_prefix("corpus-").unwrap_or(&name) {
        "match" => matching::run(&name, &cases()?, &vectors::policies_beside(path)?, report),
        "text" => {
            text::run(&name, &cases()?, report);
            Ok(())
        }
        "encodings" => {
            encodings::run(&name, &cases()?, report);
            Ok(())
        }
        "events" => events::run(&name, &cases()?, report),
        "live" => live::run(path, &name, &cases()?, report),
        "live-truncate" => live::run_truncated(path, &name, &cases()?, report),
        "truncate" => {
            truncate::run(&name, &cases()?, report);
            Ok(())
        }
        "buffered" => {
            buffered::run(&name, &cases()?, report);
            Ok(())
        }
        "requestinfo" => requestinfo::run(&name, &cases()?, report),
        "kubectl" => kubectl::run(&name, &cases()?, report),
        "headers" => headers::run(&name, &cases()?, report),
        "load" => load::run(&name, &cases()?, report),
        "startup" => startup::run(&name, &cases()?, report),
        "auditsink" => {
            auditsink::run(&name, &cases()?, report);
            Ok(())
        }
        "startup-flags" => startup_flags::run(&name, &cases()?, report),
        // Policies that other files name; no cases of their own.
        "policies" | "live-policies" => Ok(()),
        "posts" => {
            posts::run(&name, &cases()?, report);
            Ok(())
        }
        _ => anyhow::bail!("{}: no vector file is named {name}", path.display()),
    }
}
