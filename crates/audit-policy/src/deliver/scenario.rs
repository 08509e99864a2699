//! What a scenario says of where events go.

use super::{Arrivals, Load, Template, typical};
use crate::request::ReadOptions;
use crate::request::scenario::Scenario;
use crate::{Policy, Release, record};

impl Load {
    /// The load of a scenario under a policy: its log's, or what its generator makes of typical requests, or else of what is recorded of every request that its
    /// own text comes to.
    ///
    /// # Errors
    ///
    /// Why the log, or the request, cannot be read.
    pub fn of_scenario(scenario: &Scenario, policy: &Policy, release: Release) -> Result<Load, String> {
        let own = scenario.sending.load.clone().unwrap_or_default();
        if let Some(log) = &own.log {
            return Load::of_log(log.as_bytes(), release)
                .map_err(|problem| format!("the load is no audit log: {problem}"));
        }
        let templates = match own.bodies {
            Some(bodies) => typical(policy, bodies, release),
            None => of_request(scenario, policy, release)?,
        };
        Ok(Load { templates, arrivals: Arrivals::Generated(own.generator()) })
    }
}

fn of_request(scenario: &Scenario, policy: &Policy, release: Release) -> Result<Vec<Template>, String> {
    let reading = scenario.read(&ReadOptions { release, ..ReadOptions::default() });
    let reading = reading.map_err(|unreadable| {
        let first = unreadable.findings.into_iter().next();
        first.map_or_else(|| "the request is not understood".to_owned(), |finding| finding.message)
    })?;
    let templates = reading.requests.iter().filter_map(|request| {
        Template::of_recording(&request.purpose, &record(policy, &request.exchange, release), release)
    });
    Ok(templates.collect())
}
