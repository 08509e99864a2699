//! What a scenario says of where events go.

use super::{Arrivals, Dynamic, Load, Options, Recipients, SinkBackend, Template, typical};
use crate::request::scenario::Scenario;
use crate::request::{ReadOptions, Unreadable};
use crate::{Policy, Release, sink};

impl Load {
    /// The load of a scenario under a policy, for those whom the events go to: its log's, or what its generator makes of typical requests, or else of what is recorded of every request that its
    /// own text comes to.
    ///
    /// # Errors
    ///
    /// Why the log, or the request, cannot be read.
    pub fn of_scenario(scenario: &Scenario, policy: &Policy, to: &Recipients) -> Result<Load, String> {
        let own = scenario.sending.load.clone().unwrap_or_default();
        if let Some(log) = &own.log {
            return Load::of_list(log.as_bytes(), policy, to)
                .map_err(|problem| format!("the load is no list of events or scenarios: {problem}"));
        }
        let templates = match own.bodies {
            Some(bodies) => typical(policy, bodies, to),
            None => of_request(scenario, policy, to)?,
        };
        Ok(Load { templates, arrivals: Arrivals::Generated(own.generator()) })
    }
}

impl Options {
    /// Adds the AuditSinks of a text. There are some with dynamic configuration only; where no flags say otherwise, a server of a release that has it is taken to have
    /// it on. Tells why they get nothing, if so.
    pub fn add_sinks(&mut self, text: &str, has_flags: bool, release: Release) -> Option<String> {
        let read = sink::read(text.as_bytes(), release)?;
        if let Some(error) = sink::load(text.as_bytes(), release).and_then(|loaded| loaded.error) {
            return Some(format!("the AuditSinks get nothing: {}", error.message));
        }
        if !has_flags {
            let truncate = self.webhook.as_ref().map(|webhook| webhook.truncate).unwrap_or_default();
            self.dynamic.get_or_insert(Dynamic { truncate, sinks: Vec::new() });
        }
        let Some(dynamic) = &mut self.dynamic else {
            let why = "the AuditSinks get nothing: that takes --audit-dynamic-configuration and --feature-gates=DynamicAuditing=true";
            return Some(why.to_owned());
        };
        dynamic.sinks = read.sinks.iter().map(SinkBackend::new).collect();
        None
    }

    /// Adds a scenario's AuditSinks, which may be in the policy's place: [`Self::add_sinks`], [`Self::without_policy_file`].
    pub fn add_sinks_of(&mut self, scenario: &Scenario, release: Release) -> Option<String> {
        let has_flags = scenario.sending.flags.is_some();
        let in_place = self.without_policy_file(scenario.policy.as_deref());
        self.add_sinks(scenario.sending.sinks.as_deref().or(in_place)?, has_flags, release)
    }

    /// Where a policy's text is an AuditSink, there is no policy file, and so no log and no webhook, which go by one: tells the text, if so.
    pub fn without_policy_file<'a>(&mut self, policy: Option<&'a str>) -> Option<&'a str> {
        let in_place = policy.filter(|policy| sink::is_sink(policy.as_bytes()))?;
        self.log = None;
        self.webhook = None;
        Some(in_place)
    }
}

fn of_request(scenario: &Scenario, policy: &Policy, to: &Recipients) -> Result<Vec<Template>, String> {
    let reading = scenario.read(&ReadOptions { release: to.release(), ..ReadOptions::default() });
    let reading = reading.map_err(Unreadable::why)?;
    let requests = reading.requests.iter();
    let templates =
        requests.filter_map(|request| Template::of_request(&request.purpose, policy, &request.exchange, to));
    Ok(templates.collect())
}
