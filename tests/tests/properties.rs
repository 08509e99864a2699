//! What holds for all policies and requests, asked of random ones near the boundaries of rules.

use std::sync::Arc;

use audit_policy::decide::matches;
use audit_policy::explain::RuleState;
use audit_policy::json::members;
use audit_policy::nearest::Change;
use audit_policy::recording::{Fate, OmittedBy};
use audit_policy::request::{Format, ReadOptions, read};
use audit_policy::{
    Attributes, CompiledPolicy, Event, Exchange, GoString, Level, Nearest, Policy, Release, Rule, Stage,
};
use audit_policy::{decide, explain, levels, load, nearest, record};
use audit_policy_tests::oracle::{policies, requests};
use fastrand::Rng;
use proptest::prelude::*;
use serde_json::json;

/// How many rules a policy has at the most in which the first match is late: several times what a compiled policy looks at at once.
const MANY: usize = 700;

/// A policy that loads, and then fields that no text could have together.
fn policy(rng: &mut Rng) -> Policy {
    let mut policy = loading_policy(rng);
    for rule in &mut policy.rules {
        disturb(rng, Arc::make_mut(rule));
    }
    policy
}

fn loading_policy(rng: &mut Rng) -> Policy {
    loop {
        if let Some(policy) = load(policies::policy(rng).to_string().as_bytes(), Release::NEWEST).policy {
            return policy;
        }
    }
}

fn disturb(rng: &mut Rng, rule: &mut Rule) {
    if rng.u8(0..8) == 0 {
        rule.non_resource_urls.push(pieces(rng, &["/", "*", "a", "/healthz"]));
    }
    for entry in &mut rule.resources {
        if rng.u8(0..3) == 0 {
            entry.resources.push(resource(rng));
        }
        if rng.u8(0..8) == 0 {
            entry.resource_names.push(pieces(rng, &["web", "db"]));
        }
    }
}

fn resource(rng: &mut Rng) -> String {
    pieces(rng, &["*", "/", "pods", "log", "/*", "*/", "pods/log"])
}

fn pieces(rng: &mut Rng, pieces: &[&str]) -> String {
    (0..rng.usize(0..4)).filter_map(|_| rng.choice(pieces).copied()).collect()
}

/// A request, some with resources that no URL has.
fn attributes(rng: &mut Rng) -> Attributes {
    let mut attributes = requests::attributes(rng);
    match rng.u8(0..8) {
        0 => attributes.resource = resource(rng).into(),
        1 => attributes.subresource = resource(rng).into(),
        2 => attributes.path = pieces(rng, &["/", "*", "a", "/healthz", "b/"]).into(),
        3 => attributes.name = vec![0xff, b'a'].into(),
        _ => {}
    }
    attributes
}

fn release(rng: &mut Rng) -> Release {
    let minors = Release::OLDEST.minor()..=Release::NEWEST.minor();
    Release::new(rng.u8(minors)).unwrap_or_default()
}

/// The policy with many rules before its own, none of which matches the request.
fn late(rng: &mut Rng, mut policy: Policy, attributes: &Attributes, release: Release) -> Policy {
    let wanted = rng.usize(1..MANY);
    let mut rules = Vec::new();
    // Some requests are matched by nearly every rule.
    for _ in 0..2 * wanted {
        let mut rule = self::policy(rng).rules.swap_remove(0);
        if rng.u8(0..4) > 0 {
            Arc::make_mut(&mut rule).users.push(format!("somebody-{}", rules.len()));
        }
        if !matches(&rule, attributes, release) && rules.len() < wanted {
            rules.push(rule);
        }
    }
    rules.append(&mut policy.rules);
    Policy { rules, ..policy }
}

/// An exchange with a request that the API server hears.
fn exchange(rng: &mut Rng) -> Exchange {
    loop {
        let (method, target) = requests::method_and_target(rng);
        let bodies = [
            "",
            r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","namespace":"prod"}}"#,
            r#"{"kind":"ConfigMap","apiVersion":"v1","data":{"a":"<b>"}}"#,
            r#"{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Foreground"}"#,
            "[{}]",
            "no JSON",
        ];
        let body = rng.choice(bodies).unwrap_or_default();
        let answers = [
            "",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}",
            "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n{\"kind\":\"Status\",\"apiVersion\":\"v1\",\
             \"metadata\":{},\"status\":\"Failure\",\"message\":\"gone\",\"reason\":\"NotFound\",\"code\":404}",
        ];
        let mut text = format!("{method} ").into_bytes();
        text.extend(target);
        text.extend(format!(" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\r\n{body}").bytes());
        text.extend(format!("\n{}", rng.choice(answers).unwrap_or_default()).bytes());
        let options = ReadOptions { format: Some(Format::Http), ..ReadOptions::default() };
        if let Ok(mut reading) = read(&text, &options)
            && !reading.requests.is_empty()
        {
            return reading.requests.swap_remove(0).exchange;
        }
    }
}

fn everything_at(level: Level) -> Policy {
    Policy::of_rules([Rule { level, ..Rule::default() }])
}

fn events(level: Level, exchange: &Exchange, release: Release) -> Vec<Option<Event>> {
    let stages = record(&everything_at(level), exchange, release).stages.into_iter();
    let event = |fate| match fate {
        Fate::Recorded { event, .. } => Some(*event),
        _ => None,
    };
    stages.map(|stage| event(stage.fate)).collect()
}

/// Whether no method and URL make such attributes: the verb is of the other kind, or does not go with the name, one namespace is
/// read outside of itself, or there is a slash inside of a part of the path.
fn is_incoherent(attributes: &Attributes) -> bool {
    let verb = attributes.verb.to_string();
    if !attributes.resource_request {
        return verb.is_empty() || verb.bytes().any(|byte| byte.is_ascii_uppercase());
    }
    let of_one = ["get", "delete"].contains(&&*verb);
    let known = ["", "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "proxy"];
    let has_slash = |text: &GoString| text.as_bytes().contains(&b'/');
    !known.contains(&&*verb)
        || has_slash(&attributes.resource)
        || has_slash(&attributes.subresource)
        || of_one && attributes.name.is_empty()
        || verb == "deletecollection" && !attributes.name.is_empty()
        || attributes.resource == "namespaces" && attributes.namespace.is_empty() && !attributes.name.is_empty()
}

fn with_changes<'a>(attributes: &Attributes, changes: impl Iterator<Item = &'a Change>) -> Attributes {
    let mut changed = attributes.clone();
    changes.for_each(|change| change.apply(&mut changed));
    changed
}

proptest! {
    #[test]
    fn the_nearest_request_matches_and_no_nearer_one_does(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        let (policy, mut attributes, release) = (policy(&mut rng), attributes(&mut rng), release(&mut rng));
        if !attributes.resource_request {
            let Attributes { user, verb, path, .. } = attributes;
            attributes = Attributes { user, verb, path, ..Attributes::default() };
        }
        for (index, rule) in policy.rules.iter().enumerate() {
            match nearest(&policy, index, &attributes, release) {
                None => prop_assert!(matches(rule, &attributes, release)),
                Some(Nearest::Changed { changes, taken_by }) => {
                    prop_assert!(!matches(rule, &attributes, release));
                    let changed = with_changes(&attributes, changes.iter());
                    prop_assert!(matches(rule, &changed, release), "{:?} {:?} {:?}", rule, attributes, changes);
                    let trace = explain(&policy, &changed, release);
                    prop_assert!(trace.rules[index].matches);
                    prop_assert_eq!(trace.decision.rule, Some(taken_by.unwrap_or(index)));
                    for some in 0..(1_u32 << changes.len()) - 1 {
                        let subset = changes.iter().enumerate().filter(|(bit, _)| some >> bit & 1 == 1);
                        let nearer = with_changes(&attributes, subset.map(|(_, change)| change));
                        let suffices = matches(rule, &nearer, release) && !is_incoherent(&nearer);
                        prop_assert!(!suffices, "{:?} {:?} {:?}", rule, attributes, changes);
                    }
                }
                Some(Nearest::Never(_)) => {
                    for _ in 0..50 {
                        let other = self::attributes(&mut rng);
                        let possible = !is_incoherent(&other)
                            && (other.resource_request || other.path.as_bytes().starts_with(b"/"));
                        prop_assert!(!possible || !matches(rule, &other, release), "{:?} {:?}", rule, other);
                    }
                }
            }
        }
    }

    /// The levels are what is recorded under a rule of each level, the applied one is what is recorded, and none has less than the one below.
    #[test]
    fn the_levels_are_what_each_would_record(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        let (mut policy, exchange, release) = (policy(&mut rng), exchange(&mut rng), release(&mut rng));
        let recording = record(&policy, &exchange, release);
        let Some(levels) = levels(&policy, &exchange, &recording, release) else {
            prop_assert_eq!(recording.decision, None);
            return Ok(());
        };
        let decision = recording.decision.unwrap();
        prop_assert_eq!(levels.applied, decision.level);
        let stages = |level| levels.at(level).unwrap().stages.iter();
        prop_assert!(stages(levels.applied).map(|stage| &stage.record).eq(&recording.stages));
        for pair in Level::ALL.windows(2) {
            for (below, above) in stages(pair[0]).zip(stages(pair[1])) {
                let (Fate::Recorded { line, .. }, false) = (&above.record.fate, above.adds.is_empty()) else { continue };
                let names: Vec<&str> = members(line).into_iter().map(|(name, _)| name).collect();
                let has = |fate: &Fate| match fate {
                    Fate::Recorded { line, .. } => members(line).into_iter().map(|(name, _)| name.to_owned()).collect(),
                    _ => Vec::new(),
                };
                let below = has(&below.record.fate);
                prop_assert!(below.iter().all(|name| names.contains(&&**name)));
                prop_assert_eq!(below.len() + above.adds.len(), names.len());
            }
        }
        // The same under a rule that has the level.
        for level in Level::ALL {
            match decision.rule {
                Some(rule) => Arc::make_mut(&mut policy.rules[rule]).level = level,
                None => continue,
            }
            let recorded = record(&policy, &exchange, release);
            prop_assert!(stages(level).map(|stage| &stage.record).eq(&recorded.stages));
        }
    }

    #[test]
    fn a_compiled_policy_decides_as_the_policy(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        let (mut policy, release) = (policy(&mut rng), release(&mut rng));
        // The first rules are asked one by one: most policies begin with some that match nothing.
        let never = Rule { verbs: vec!["never".to_owned()], ..Rule::default() };
        policy.rules.splice(..0, std::iter::repeat_n(Arc::new(never), rng.usize(0..10)));
        let compiled = CompiledPolicy::new(&policy, release);
        for _ in 0..50 {
            let attributes = attributes(&mut rng);
            let (got, wanted) = (compiled.decide(&attributes), decide(&policy, &attributes, release));
            prop_assert_eq!(got, wanted, "{} {:?} {:?}", release, attributes, policy);
        }
    }

    #[test]
    fn explaining_agrees_with_deciding(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        let (policy, attributes, release) = (policy(&mut rng), attributes(&mut rng), release(&mut rng));
        let trace = explain(&policy, &attributes, release);
        prop_assert_eq!(trace.decision, decide(&policy, &attributes, release));
        for (rule, trace) in policy.rules.iter().zip(&trace.rules) {
            prop_assert_eq!(trace.matches, matches(rule, &attributes, release));
            prop_assert_eq!(trace.matches, trace.fields.iter().all(|field| field.matches));
        }
        let matched = trace.rules.iter().position(|rule| rule.state == RuleState::Matched);
        prop_assert_eq!(matched, trace.decision.rule);
        prop_assert_eq!(matched, trace.rules.iter().position(|rule| rule.matches));
    }

    /// What a level records, the next one does too, and besides only the objects.
    #[test]
    fn a_higher_level_records_no_less(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        let (exchange, release) = (exchange(&mut rng), release(&mut rng));
        prop_assert!(events(Level::None, &exchange, release).iter().all(Option::is_none));
        for levels in Level::ALL.windows(2).skip(1) {
            let (lower, higher) = (events(levels[0], &exchange, release), events(levels[1], &exchange, release));
            for (lower, higher) in lower.into_iter().zip(higher) {
                // An event that cannot be written for its object is lost from Request up.
                let (Some(lower), Some(mut higher)) = (lower, higher) else { continue };
                prop_assert!(lower.request_object.is_none() || lower.request_object == higher.request_object);
                prop_assert!(lower.response_object.is_none() || lower.response_object == higher.response_object);
                higher.level.clone_from(&lower.level);
                higher.request_object.clone_from(&lower.request_object);
                higher.response_object.clone_from(&lower.response_object);
                prop_assert_eq!(lower, higher);
            }
        }
    }

    #[test]
    fn omitting_a_stage_takes_away_its_event_only(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        let (exchange, release) = (exchange(&mut rng), release(&mut rng));
        let policy = everything_at(rng.choice(Level::ALL).unwrap_or_default());
        let all = record(&policy, &exchange, release).stages;
        for omitted in Stage::ALL {
            let policy = Policy { omit_stages: vec![omitted], ..policy.clone() };
            for (before, after) in all.iter().zip(record(&policy, &exchange, release).stages) {
                if before.stage != omitted || matches!(before.fate, Fate::NotProduced { .. }) {
                    prop_assert_eq!(before, &after);
                } else {
                    prop_assert_eq!(after.fate, Fate::Omitted { by: OmittedBy::Policy });
                }
            }
        }
    }

    #[test]
    fn a_policy_that_is_printed_loads_as_itself(seed: u64) {
        let policy = loading_policy(&mut Rng::with_seed(seed));
        let mut printed = json!({"apiVersion": "audit.k8s.io/v1", "kind": "Policy"});
        let fields = serde_json::to_value(&policy).unwrap();
        printed.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let loaded = load(printed.to_string().as_bytes(), Release::NEWEST);
        prop_assert_eq!(&loaded.warnings, &Vec::<String>::new());
        prop_assert_eq!(loaded.policy, Some(policy));
    }

    #[test]
    fn findings_have_places_in_the_text(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        let (text, release) = (policies::text(&mut rng), release(&mut rng));
        let loaded = load(text.as_bytes(), release);
        for finding in &loaded.findings {
            let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            for span in finding.span.into_iter().chain(edits) {
                prop_assert!(text.get(span.start..span.end).is_some(), "{:?} in {:?}", finding, text);
            }
        }
        for place in &loaded.places.rules {
            prop_assert!(text.get(place.span.start..place.span.end).is_some(), "{:?} in {:?}", place, text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_compiled_policy_decides_as_the_policy_where_the_match_is_late(seed: u64) {
        let mut rng = Rng::with_seed(seed);
        let (policy, attributes, release) = (policy(&mut rng), attributes(&mut rng), release(&mut rng));
        let policy = late(&mut rng, policy, &attributes, release);
        let compiled = CompiledPolicy::new(&policy, release);
        let others = (0..20).map(|_| self::attributes(&mut rng));
        for attributes in others.chain([attributes]) {
            let (got, wanted) = (compiled.decide(&attributes), decide(&policy, &attributes, release));
            prop_assert_eq!(got, wanted, "{} {:?}", release, attributes);
        }
    }
}
