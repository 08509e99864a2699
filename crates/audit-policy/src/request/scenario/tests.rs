use expect_test::{Expect, expect};

use super::*;
use crate::deliver::{Bodies, Bursts, Duration, Outage, OutageKind, Peer};
use crate::event::UserInfo;
use crate::exchange::{Authentication, LoggedObject, Objects, Outcome, Times};
use crate::json::JsonText;
use crate::{Stage, Timestamp};

fn full() -> Scenario {
    let mut user = UserInfo::new("alice", &["dev", "system:authenticated"]);
    user.uid = "7".into();
    user.extra.insert("scopes".into(), vec!["a".into(), "yes".into()]);
    Scenario {
        kubernetes: Release::new(30),
        policy: Some("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n".to_owned()),
        request: "GET /api/v1/pods".to_owned(),
        format: Some(Format::Http),
        pick: Some(0),
        given: Given {
            user: Some(Authentication::User(user)),
            impersonation_allowed: Some(false),
            from: Some(vec!["192.0.2.10".to_owned(), "::1".to_owned()]),
            code: Some(403),
            body: Some("{\n  \"kind\": \"Status\"\n}".into()),
            outcome: Some(Outcome::Panic("boom".into())),
            objects: Objects {
                request: LoggedObject::Decoded(JsonText::from_compact(
                    b"{\"b\":[1,{\"c\":null}],\"a\":\"x: y\"}".to_vec(),
                )),
                response: LoggedObject::Absent,
            },
            annotations: Some([(Stage::Panic, [("a/b".to_owned(), "".into())].into())].into()),
            times: Some(Times {
                request_received: Timestamp::from_unix(0, 1),
                stages: [(Stage::Panic, Timestamp::from_unix(1, 500_000_000))].into(),
            }),
            audit_id: Some("00000000-0000-0000-0000-000000000000".into()),
        },
        sending: Sending {
            flags: Some("kube-apiserver --audit-log-path=/a\n  --audit-log-mode batch".to_owned()),
            load: Some(Load {
                log: None,
                rate: Some(0.1),
                duration: Some(Duration::from_secs(90)),
                bursts: Some(Bursts {
                    every: Duration::from_secs(10),
                    length: Duration::from_millis(1_500),
                    rate: 1e6,
                }),
                watch_share: Some(1.0 / 3.0),
                bodies: Some(Bodies { min: 0, max: 1_000_000 }),
                seed: Some(7),
                receiver: Peer {
                    latency: Duration::from_millis(20),
                    outages: vec![
                        outage(1, 5, OutageKind::Down),
                        outage(5, 9, OutageKind::Failing),
                        outage(10, 11, OutageKind::Hanging),
                    ],
                },
                disk: Peer { latency: Duration::from_nanos(1), ..Peer::default() },
                jitter: Some(0),
                stop: Some(Duration::from_secs(3600)),
            }),
            sinks: Some("kind: AuditSink\n---\nkind: AuditSink\n".to_owned()),
        },
    }
}

fn outage(from: u64, to: u64, kind: OutageKind) -> Outage {
    Outage { from: Duration::from_secs(from), to: Duration::from_secs(to), kind }
}

/// A scenario whose load is a log.
fn with_log() -> Scenario {
    let load = Load { log: Some("{\"kind\":\"Event\"}\n".to_owned()), ..Load::default() };
    let sending = Sending { load: Some(load), flags: Some(String::new()), sinks: Some(String::new()) };
    Scenario { sending, ..Scenario::default() }
}

#[test]
fn json_comes_back() {
    let nobodys = |groups| {
        let user = Some(Authentication::User(UserInfo { groups, ..UserInfo::default() }));
        Scenario { given: Given { user, ..Given::default() }, ..Scenario::default() }
    };
    for scenario in [full(), with_log(), Scenario::default(), nobodys(None), nobodys(Some(Vec::new()))] {
        assert_eq!(Scenario::parse(scenario.to_json().as_bytes()).unwrap(), scenario);
    }
}

#[test]
fn yaml_comes_back() {
    for scenario in [full(), with_log(), Scenario::default()] {
        assert_eq!(Scenario::parse(scenario.to_yaml().as_bytes()).unwrap(), scenario, "{}", scenario.to_yaml());
    }
    for text in [
        "",
        " ",
        "\n",
        "\n\n",
        "a",
        "a\n",
        "a\n\n\n",
        "\na",
        " a\nb",
        "\ta\nb",
        "a\n  \n",
        "a\n\tb\n \n",
        "  \n a\n",
        "\n\n  a\nb",
        "a\r\nb",
        "a\u{85}b\nc",
        "a\u{2028}\nb",
        "\u{feff}a\nb",
        "\u{7f}\n\0x",
        "😀\né\n",
        "y",
        "No",
        "null",
        "~",
        "1",
        "1.5",
        "0x1f",
        "1_0",
        "2026-01-01",
        "a: b",
        "a #b",
        "#a\n#b",
        "- a\n- b",
        "{a",
        "[a",
        "\"a",
        "'a",
        "*a",
        "&a",
        "!a",
        "%a\n---\n...\n",
        "---",
        "a\n---\nb",
        "|",
        ">",
        "?",
        "a,b",
        "@a",
        "`a",
        "=",
        "<<",
        "\\n",
        "a ",
        "a \nb \n",
        ".inf",
        "\u{ffff}",
    ] {
        let scenario = Scenario {
            request: text.to_owned(),
            policy: Some(text.to_owned()),
            sending: Sending { flags: Some(text.to_owned()), load: None, sinks: Some(text.to_owned()) },
            given: Given {
                body: Some(text.into()),
                from: Some(vec![text.to_owned()]),
                annotations: Some([(Stage::Panic, [(text.to_owned(), text.into())].into())].into()),
                ..Given::default()
            },
            ..Scenario::default()
        };
        let yaml = scenario.to_yaml();
        assert_eq!(Scenario::parse(yaml.as_bytes()).as_ref(), Ok(&scenario), "{text:?}\n{yaml}");
    }
}

#[test]
fn yaml_is_for_people() {
    expect![[r#"
        version: 1
        kubernetes: "1.30"
        policy: |
          apiVersion: audit.k8s.io/v1
          kind: Policy
          rules:
          - level: Metadata
        request: "GET /api/v1/pods"
        format: http
        pick: 1
        as:
          user: alice
          uid: "7"
          groups: [dev, "system:authenticated"]
          extra:
            scopes: [a, "yes"]
        impersonation: refused
        from: ["192.0.2.10", "::1"]
        response:
          code: 403
          body: |-
            {
              "kind": "Status"
            }
          objects:
            request: |-
              {"b":[1,{"c":null}],"a":"x: y"}
            response: null
          outcome: panic
          panic: boom
        annotations:
          Panic:
            a/b: ""
        times:
          requestReceived: "1970-01-01T00:00:00.000000001Z"
          Panic: "1970-01-01T00:00:01.500000000Z"
        auditID: "00000000-0000-0000-0000-000000000000"
        flags: |-
          kube-apiserver --audit-log-path=/a
            --audit-log-mode batch
        load:
          rate: 0.1
          duration: "1m30s"
          bursts:
            every: "10s"
            length: "1.5s"
            rate: 1000000
          watchShare: 0.3333333333333333
          bodies:
            min: 0
            max: 1000000
          seed: 7
          receiver:
            latency: "20ms"
            outages: [{"from":"1s","to":"5s","kind":"down"},{"from":"5s","to":"9s","kind":"failing"},{"from":"10s","to":"11s","kind":"hanging"}]
          disk:
            latency: "1ns"
          jitter: 0
          stop: "1h0m0s"
        sinks: |
          kind: AuditSink
          ---
          kind: AuditSink
    "#]]
    .assert_eq(&full().to_yaml());
}

fn errors(text: &str, expected: Expect) {
    let unreadable = Scenario::parse(text.as_bytes()).unwrap_err();
    let lines = unreadable.findings.iter().map(|finding| {
        let place = finding.span.and_then(|span| text.get(span.start..span.end)).unwrap_or_default();
        format!("{} at {place} ({})\n", finding.message, finding.help.as_deref().unwrap_or_default())
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    errors(
        r#"{"version":2,"requst":"x","kubernetes":1.3,"format":"frob","cluster":[],"as":"alice","pick":0}"#,
        expect![[r#"
            a scenario has no `requst` at "requst" (did you mean `request`?)
            a scenario has no `cluster` at "cluster" (it is kept for a later version)
            this version of scenarios is not known at 2 (write `version: 1`)
            `kubernetes` must be a string, and is a number at 1.3 (put it in quotes)
            `format` is `frob`, which is not known at "frob" (give one of kubectl, http, curl, event, review, form)
            `as` is `alice`, which is not known at "alice" (write `as: {user: alice}`, or the word `nobody`)
            `pick` must be a number from 1 to 9999, and is 0 at 0 ()
        "#]],
    );
    errors(
        r#"{"version":1,"request":"x","from":"::1","response":{"cod":1,"panic":"x"},"times":{"requestReceived":"now"},"version":1,"annotations":{"Foo":{}}}"#,
        expect![[r#"
            `version` stands twice at "version" (remove one of them)
            `from` must be a list of strings, and is a string at "::1" ()
            `response` has no `cod` at "cod" (did you mean `code`?)
            `response.panic` is given, and the outcome is no panic at "x" (write `outcome: panic` too)
            `now` is no time at "now" (write it as `2026-01-01T00:00:00.000000000Z`)
            `annotations` has no `Foo` at "Foo" (it may have RequestReceived, ResponseStarted, ResponseComplete, Panic)
        "#]],
    );
    errors(
        "{\"version\":1}",
        expect![[r#"
        the scenario has no `request` at {"version":1} (give a kubectl command, raw HTTP or an audit event as a string)
    "#]],
    );
    errors(
        "{\"version\":1,",
        expect![[r#"
        unexpected end of JSON input at  ()
    "#]],
    );
    errors(
        "{}{",
        expect![[r#"
        invalid character '{' after top-level value at { ()
    "#]],
    );
}

#[test]
fn what_is_wrong_in_yaml_is_told_with_its_place() {
    errors(
        "version: 1\nkubernetes: 1.30\nrequest: GET /\nas:\n  name: a\n  groups: dev\n",
        expect![[r#"
            `as` has no `name` at name (it may have user, uid, groups, extra)
            `as.groups` must be a list of strings, and is a string at dev ()
            `kubernetes` must be a string, and is a number at 1.30 (put it in quotes)
        "#]],
    );
    errors(
        "version: 1\nrequest: a\nversion: 1\n",
        expect![[r#"
        `version` stands twice at version (remove one of them)
    "#]],
    );
    errors(
        "version: 1\nrequest: a\n---\nb",
        expect![[r#"
        a scenario is one document at --- (remove what follows)
    "#]],
    );
    errors(
        "version: 1\n  request: a",
        expect![[r#"
        yaml: line 2: mapping values are not allowed in this context at : ()
    "#]],
    );
    errors(
        "version: 1\nrequest: a\nresponse: {objects: {request: '{'}}",
        expect![[r#"
        unexpected end of JSON input at '{' (give the object, or its JSON as a string)
    "#]],
    );
}

#[test]
fn what_is_wrong_in_a_load_is_told_with_its_place() {
    errors(
        "version: 1\nrequest: a\nflags: [--a]\nsinks: 1\nload:\n  rat: 1\n  rate: -1\n  duration: 30\n  watchShare: 1.5\n  seed: 0.5\n  \
         bodies: {min: big}\n  bursts: {every: 1s, length: x}\n  stop: soon\n  receiver: {outages: [{from: 2s, to: 1s, kind: down}, {kind: up}, 1]}\n  disk: []\n",
        expect![[r#"
            `flags` must be a string, and is a list at [--a] ()
            `load` has no `rat` at rat (did you mean `rate`?)
            `load.bodies.min` must be a whole number from 0 to 4294967295, and is a string at big ()
            `load.bursts.length` is `x`, which is no duration at x (give one such as 200ms, 30s or 1m30s)
            `load.disk` must be a mapping, and is a list at [] ()
            `load.duration` must be a string, and is a number at 30 (put it in quotes)
            `load.rate` must be a number of requests a second, from 0 to 1000000000, and is -1 at -1 ()
            `load.receiver.outages[0]` ends at 1s, which is not after 2s at {from: 2s, to: 1s, kind: down} ()
            `load.receiver.outages[1].kind` is `up`, which is not known at up (give one of down, failing, hanging)
            `load.receiver.outages[2]` must be a mapping, and is a number at 1 ()
            `load.seed` must be a whole number from 0 to 9007199254740992, and is 0.5 at 0.5 ()
            `load.stop` is `soon`, which is no duration at soon (give one such as 200ms, 30s or 1m30s)
            `load.watchShare` must be a number from 0 to 1, and is 1.5 at 1.5 ()
            `sinks` must be a string, and is a number at 1 (put it in quotes)
        "#]],
    );
    errors(
        "version: 1\nrequest: a\nload: {log: '', rate: 1, bursts: {every: 1s}}\n",
        expect![[r#"
            `load` has a `log` and a `bursts`: requests arrive as a log says, or are generated at {every: 1s} (remove one of them)
            `load` has a `log` and a `rate`: requests arrive as a log says, or are generated at 1 (remove one of them)
        "#]],
    );
    errors(
        "version: 1\nrequest: a\nload: {bursts: {every: 1s}}\n",
        expect![[r#"
        `load.bursts` says not all of when bursts come, how long they are, and how many requests come at {every: 1s} (give `every`, `length` and `rate`)
    "#]],
    );
    errors(
        "version: 1\nrequest: a\nload: {disk: {outages: [{from: 1s, to: 3s, kind: down}, {from: 2s, to: 4s, kind: hanging}]}}\n",
        expect![[r#"
            `load.disk.outages[1]` begins before the one above it ends at {from: 2s, to: 4s, kind: hanging} (give outages in order of time)
        "#]],
    );
    errors(
        "version: 1\nrequest: a\nload: {disk: {outages: [{from: 1s}]}}\n",
        expect![[r#"
        `load.disk.outages[0]` says not all of when it begins and ends, and what happens at {from: 1s} (give `from`, `to` and `kind`)
    "#]],
    );
    errors(
        "version: 1\nrequest: a\nload: 100\n",
        expect![[r#"
        `load` must be a mapping, and is a number at 100 ()
    "#]],
    );
}

#[test]
fn a_load_that_says_nothing_has_the_defaults_of_the_command() {
    let load = Load::default();
    assert_eq!(load.world(), crate::deliver::World::default());
    let generator = load.generator();
    assert_eq!((generator.rate, generator.duration, generator.seed), (100.0, Duration::from_secs(60), 1));
}

#[test]
fn a_request_is_read_with_what_is_given() {
    let text = r#"{"version":1,"kubernetes":"1.30","request":"GET /api/v1/pods","as":"nobody"}"#;
    let reading = super::super::read(text.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!(
        (reading.format, reading.understood.as_str()),
        (Format::Scenario, "GET /api/v1/pods: list pods in all namespaces")
    );
    assert_eq!(reading.requests[0].exchange.response.code, Some(401));

    let options = ReadOptions {
        given: Given { user: Some(Authentication::User(UserInfo::new("bob", &[]))), ..Given::default() },
        ..ReadOptions::default()
    };
    let scenario = Scenario::parse(text.as_bytes()).unwrap();
    let exchange = scenario.read(&options).unwrap().requests.remove(0).exchange;
    assert_eq!(exchange.authentication, Authentication::User(UserInfo::new("bob", &[])));

    let picked = Scenario { pick: Some(1), ..scenario };
    assert_eq!(picked.read(&options).unwrap_err().findings[0].message, "`pick` is 2, past the last request, 1");
}

#[test]
fn a_discovery_call_can_be_picked() {
    let scenario = Scenario { request: "kubectl top nodes".to_owned(), ..Scenario::default() };
    let reading = scenario.read(&ReadOptions::default()).unwrap();
    let (requests, discovery) = (reading.requests.len(), reading.discovery.len());
    assert!(discovery > 0);
    let pick = requests + discovery - 1;
    let picked = Scenario { pick: Some(pick), ..scenario.clone() }.read(&ReadOptions::default()).unwrap();
    assert_eq!((picked.pick, picked.requests.get(pick)), (pick, reading.discovery.last()));
    assert!(Scenario { pick: Some(pick + 1), ..scenario }.read(&ReadOptions::default()).is_err());
}

#[test]
fn an_error_in_the_request_is_placed_in_the_scenario() {
    let text = r#"{"version":1,"request":"nonsense"}"#;
    let unreadable = super::super::read(text.as_bytes(), &ReadOptions::default()).unwrap_err();
    let span = unreadable.findings[0].span.unwrap();
    assert_eq!(text.get(span.start..span.end), Some("\"nonsense\""));
}
