use super::*;
use crate::request::scenario::Scenario;
use crate::{Level, Stage};

const LESSON: &str = r#"version: 1
title: One rule
text: Make it *Request*.
start:
  policy: |
    apiVersion: audit.k8s.io/v1
    kind: Policy
    rules:
    - level: Metadata
      omitStages: [RequestReceived]
  request: kubectl get pods
checks:
- text: Pods are created with their body
  request: kubectl create configmap a --from-literal=k=v
  expect:
    level: Request
    rule: 1
    stages: {RequestReceived: omitted, ResponseStarted: notProduced, ResponseComplete: recorded}
    has: [/requestObject/data/k, /user/groups/0]
    lacks: [/responseObject]
- text: Loads
  expect: {accepted: true, warnings: 0}
hints: [Change the level]
solution:
  policy: |
    apiVersion: audit.k8s.io/v1
    kind: Policy
    rules:
    - level: Request
      omitStages: [RequestReceived]
"#;

fn told(text: &str) -> Vec<(String, &str)> {
    let findings = Lesson::parse(text.as_bytes()).unwrap_err().findings;
    let place = |span: crate::Span| text.get(span.start..span.end).unwrap().lines().next().unwrap_or_default();
    findings.into_iter().map(|finding| (finding.message, finding.span.map(place).unwrap_or_default())).collect()
}

#[test]
fn a_lesson_is_read_and_solved() {
    let lesson = Lesson::parse(LESSON.as_bytes()).unwrap();
    assert_eq!(lesson.title, "One rule");
    assert_eq!(lesson.solution.request, "kubectl get pods");
    assert_eq!(lesson.checks[1].request, None);
    let [first, second] = [&lesson.checks[0], &lesson.checks[1]];
    assert!(first.ask(&lesson.solution).holds() && second.ask(&lesson.solution).holds());
    let checked = first.ask(&lesson.start);
    assert_eq!((checked.level, checked.rule), (Some(Level::Metadata), Some(0)));
    let failed: Vec<_> = checked.parts.iter().filter(|part| !part.holds).collect();
    assert_eq!((failed[0].wanted.as_str(), failed[0].came.as_str()), ("Request", "Metadata"));
    assert_eq!(failed[1].wanted, "an event with /requestObject/data/k");
    assert_eq!(failed[1].came, "no event has it");
    assert_eq!(failed.len(), 2);
}

#[test]
fn what_cannot_be_checked_does_not_hold_and_says_why() {
    let lesson = Lesson::parse(LESSON.as_bytes()).unwrap();
    let came = |check: &Check, typed: &Scenario| {
        let part = check.ask(typed).parts.into_iter().find(|part| !part.holds).unwrap();
        (part.about, part.came)
    };
    let broken = Scenario { policy: Some("rules: [".to_owned()), ..Scenario::default() };
    assert_eq!(came(&lesson.checks[0], &broken), (Expected::Accepted, "the policy does not load".to_owned()));
    assert_eq!(came(&lesson.checks[1], &broken), (Expected::Accepted, "the policy does not load".to_owned()));
    let typed = Check { request: None, ..lesson.checks[0].clone() };
    let no_request = Scenario { request: "nonsense".to_owned(), ..lesson.start.clone() };
    assert_eq!(came(&typed, &no_request).0, Expected::Request);
    let warned = lesson.start.policy.as_deref().unwrap().replace("level: Metadata", "level: Metadata\n  verb: [get]");
    let warned = Scenario { policy: Some(warned), ..lesson.start };
    assert_eq!(came(&lesson.checks[1], &warned), (Expected::Warnings, "1 warning".to_owned()));
}

#[test]
fn an_expectation_of_an_omitted_stage_and_of_no_rule() {
    let expect = Expectation {
        rule: Some(None),
        stages: vec![(Stage::Panic, StageFate::Recorded)],
        lacks: vec!["/user".to_owned()],
        ..Expectation::default()
    };
    let scenario = Lesson::parse(LESSON.as_bytes()).unwrap().start;
    let checked = check(&expect, &scenario);
    let came: Vec<_> = checked.parts.iter().map(|part| (part.wanted.as_str(), part.came.as_str())).collect();
    assert_eq!(
        came,
        [
            ("no rule", "rule 1"),
            ("Panic recorded", "not produced"),
            ("no event with /user", "the event at ResponseComplete has it"),
        ]
    );
}

#[test]
fn a_bad_lesson_says_what_is_wrong_and_where() {
    for (old, new, message, place) in [
        ("version: 1\n", "version: 2\n", "this version of lessons is not known", "2"),
        ("version: 1\n", "", "the lesson has no `version`", ""),
        ("hints:", "tips:", "a lesson has no `tips`", "tips"),
        ("  request: kubectl get pods\n", "  requests: a\n", "`start` has no `requests`", "requests"),
        ("  expect:\n    level", "  expected:\n    level", "`checks[0]` has no `expected`", "expected"),
        ("rule: 1", "rule: one", "this names no rule", "one"),
        ("rule: 1", "rules: 1", "`checks[0].expect` has no `rules`", "rules"),
        (
            "level: Request\n    rule",
            "level: request\n    rule",
            "`checks[0].expect.level` is `request`, which is not known",
            "request",
        ),
        ("[/responseObject]", "[responseObject]", "`responseObject` is no JSON pointer", "responseObject"),
        ("{accepted: true, warnings: 0}", "{}", "nothing is expected", "{}"),
        (
            "- text: Loads\n",
            "- as: nobody\n  text: Loads\n",
            "`checks[1]` says more of a request, and has no `request`",
            "as: nobody",
        ),
        ("title: One rule", "title: [", "did not find expected ',' or ']'", ":"),
    ] {
        assert!(LESSON.contains(old), "{old}");
        let text = LESSON.replacen(old, new, 1);
        let told = told(&text);
        assert!(told.iter().any(|(said, at)| said.contains(message) && *at == place), "{message}: {told:?}");
    }
}

#[test]
fn an_example_holds_what_it_says() {
    let example = |rule| {
        let policy = r#"{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": [{"level": "None"}]}"#;
        let text = format!(
            "version: 1\ntitle: a\ntext: b\nteaches: c\nscenario: {{policy: '{policy}', request: GET /healthz}}\n\
             expect: {{rule: {rule}, level: None}}\n"
        );
        Example::parse(text.as_bytes()).unwrap().ask()
    };
    assert_eq!(example("1").parts.iter().find(|part| !part.holds), None);
    assert!(!example("none").holds());
    assert!(Example::parse(b"version: 1\ntitle: a\n").is_err());
}

#[test]
fn where_events_go_is_expected_too() {
    let of = |expect: &str, sending: &str| {
        let text = format!(
            "version: 1\ntitle: t\ntext: t\nteaches: t\nscenario:\n  kubernetes: \"1.18\"\n  policy: |\n    apiVersion: audit.k8s.io/v1\n    kind: Policy\n    rules: [{{level: Metadata}}]\n  request: kubectl get pods\n{sending}expect:\n{expect}"
        );
        let example = Example::parse(text.as_bytes()).unwrap_or_else(|unreadable| panic!("{:?}", unreadable.findings));
        let checked = example.ask();
        checked.parts.iter().map(|part| (part.holds, part.wanted.clone(), part.came.clone())).collect::<Vec<_>>()
    };
    let lossy = "  flags: kube-apiserver --audit-policy-file=/p --audit-webhook-config-file=/k --audit-webhook-batch-buffer-size=10 --audit-webhook-batch-throttle-qps=1 --audit-webhook-batch-throttle-burst=1\n  load: {rate: 1000, duration: 5s}\n";
    let told =
        of("  flags: {accepted: true}\n  delivery: {webhook: {dropped: some, lost: none}, refused500: none}\n", lossy);
    assert!(told.iter().all(|(holds, ..)| *holds), "{told:?}");
    let told = of("  delivery: {webhook: {dropped: none}, log: {delivered: some}, limit: nothing}\n", lossy);
    assert!(told.iter().all(|(holds, ..)| !holds), "{told:?}");
    assert_eq!((told[1].1.as_str(), told[0].2.as_str()), ("webhook: none dropped", "no such backend"));
    let refused = "  flags: kube-apiserver --audit-policy-file=/p --audit-log-path=/l/a --audit-log-mode=bulk\n";
    let told = of("  flags: {accepted: false, finding: unknown-mode}\n  delivery: {log: {delivered: some}}\n", refused);
    assert_eq!((told[0].0, told[1].0, told[2].0), (true, true, false), "{told:?}");
    assert!(told[2].2.starts_with("invalid audit log mode bulk"), "{told:?}");
    let sinks = "  sinks: |\n    apiVersion: auditregistration.k8s.io/v1alpha1\n    kind: AuditSink\n    metadata: {name: mine}\n    spec:\n      policy: {level: Metadata, stages: [ResponseComplete]}\n      webhook: {clientConfig: {url: \"https://a.example/\"}}\n";
    let told = of("  sinks: {accepted: true, gets: {mine: [ResponseComplete]}}\n", sinks);
    assert!(told.iter().all(|(holds, ..)| *holds), "{told:?}");
    let told = of("  sinks: {gets: {mine: [], other: [Panic]}}\n", sinks);
    assert_eq!((told[0].2.as_str(), told[1].2.as_str()), ("mine gets ResponseComplete", "no sink other"));
    let huge = "  load: {rate: 1000000, duration: 1h}\n";
    assert_eq!(of("  delivery: {limit: nothing}\n", huge)[0].2, "more requests than a check simulates");
}
