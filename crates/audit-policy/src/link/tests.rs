use super::*;
use crate::Release;
use crate::event::UserInfo;
use crate::exchange::Authentication;
use crate::request::Given;
use crate::request::scenario::{Load, Sending};

fn first() -> Scenario {
    Scenario {
        kubernetes: Release::new(37),
        policy: Some("rules:\n- level: None\n".repeat(40)),
        request: "kubectl get secret db -n prod".to_owned(),
        ..Scenario::default()
    }
}

fn other() -> Scenario {
    Scenario {
        kubernetes: Release::new(30),
        policy: Some(
            "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata # \u{e4}\u{1f600}\n".to_owned(),
        ),
        request: "GET /api/v1/pods\n".to_owned(),
        format: Some(Format::Http),
        pick: Some(0),
        given: Given {
            user: Some(Authentication::User(UserInfo::new("alice", &["dev"]))),
            code: Some(404),
            ..Given::default()
        },
        sending: Sending {
            flags: Some("--audit-log-path=-".to_owned()),
            load: Some(Load { rate: Some(6_000.0), ..Load::default() }),
            sinks: Some("kind: AuditSink\n".to_owned()),
        },
    }
}

fn link(json: &[u8]) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(compress_to_vec(json, 6)))
}

#[test]
fn scenarios_come_back_and_are_always_the_same_link() {
    for scenario in [Scenario::default(), first(), other()] {
        let fragment = write(&scenario).unwrap();
        assert_eq!(read(&fragment), Ok(scenario.clone()));
        assert_eq!(write(&scenario), Some(fragment));
    }
}

#[test]
fn what_is_no_link_is_told() {
    let whole = write(&other()).unwrap();
    let bomb = link(&vec![b' '; MOST_BYTES + 1]);
    assert!(bomb.len() < 10_000);
    for (fragment, code) in [
        ("v2/AAAA", "unknown-link-version"),
        ("example/none", "unknown-link-version"),
        ("", "unknown-link-version"),
        ("v1/", "cut-link"),
        ("v1/not base64", "bad-link-characters"),
        ("v1/AAA=", "bad-link-characters"),
        ("v1/A", "bad-link-characters"),
        ("v1/____", "broken-link"),
        (whole.get(..whole.len() - 8).unwrap(), "cut-link"),
        (&bomb, "link-too-large"),
        (&link(b""), "link-without-scenario"),
        (&link(b"[]"), "link-without-scenario"),
        (&link(b"{\"version\":2,\"request\":\"\"}"), "link-without-scenario"),
        (&link(b"{\"version\":1,\"request\":\"\",\"later\":1}"), "link-without-scenario"),
    ] {
        let error = read(fragment).unwrap_err().findings.remove(0);
        assert_eq!(error.code, code, "{fragment}: {}", error.message);
        assert!(error.help.is_some());
    }
}

#[test]
fn what_is_too_large_is_no_link() {
    let of = |length| Scenario { request: "a".repeat(length), ..Scenario::default() };
    let frame = Scenario::default().to_json().len();
    let largest = write(&of(MOST_BYTES - frame)).unwrap();
    assert_eq!(read(&largest).unwrap().request.len(), MOST_BYTES - frame);
    assert_eq!(write(&of(MOST_BYTES - frame + 1)), None);
}

#[test]
fn links_are_found() {
    for (text, fragment) in [
        ("https://example.com/play/#v1/abc", Some("v1/abc")),
        (" http://localhost:8080/?embed#v1/abc\n", Some("v1/abc")),
        ("#v1/abc", Some("v1/abc")),
        ("v1/abc", Some("v1/abc")),
        ("#v27/abc", Some("v27/abc")),
        ("#v1", None),
        ("#example/abc", None),
        ("https://example.com/", None),
        ("GET /a#v1/abc", None),
        ("# v1/abc", None),
        ("see https://example.com/#v1/abc", None),
        ("/v1/abc", None),
        ("a#v1/abc", None),
        ("", None),
    ] {
        assert_eq!(find(text.as_bytes()), fragment, "{text}");
    }
}

/// Links of version 1 that were made once, each with its scenario: they open for ever. Never change a line, only add some.
#[test]
fn links_of_version_1_open_for_ever() {
    let lines: Vec<_> = include_str!("v1.txt").lines().collect();
    assert!(lines.len() >= 6);
    for line in lines {
        let (fragment, json) = line.split_once(' ').unwrap();
        assert_eq!(read(fragment), Ok(Scenario::parse(json.as_bytes()).unwrap()), "{fragment}");
    }
}
