//! Random requests: attributes near the boundaries of rules, and URLs near the edges of RequestInfo.

use audit_policy::event::UserInfo;
use audit_policy::{Attributes, GoString};
use fastrand::Rng;

use super::policies::{API_GROUPS, GROUPS, NAMES, NAMESPACES, PATHS, RESOURCES, SUBRESOURCES, USERS, VERBS, pick};

/// What a policy may be asked.
pub fn attributes(rng: &mut Rng) -> Attributes {
    let mut word = |list: &[&str]| GoString::from(pick(rng, list));
    let mut attributes = Attributes {
        user: None,
        verb: word(VERBS),
        resource_request: true,
        namespace: word(NAMESPACES),
        api_group: word(API_GROUPS),
        api_version: "v1".into(),
        resource: word(RESOURCES),
        subresource: word(SUBRESOURCES),
        name: word(NAMES),
        path: word(PATHS),
    };
    attributes.resource_request = rng.u8(0..3) > 0;
    if rng.u8(0..8) > 0 {
        let groups: Vec<&str> = (0..rng.usize(0..3)).map(|_| pick(rng, GROUPS)).collect();
        attributes.user = Some(UserInfo::new(pick(rng, USERS), &groups));
    }
    attributes
}

const METHODS: &[&str] = &[
    "GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE", "get", "FROB", "Get",
];

const SEGMENTS: &[&str] = &[
    "api",
    "apis",
    "v1",
    "apps",
    "namespaces",
    "ns",
    "pods",
    "web",
    "log",
    "status",
    "finalize",
    "watch",
    "proxy",
    "exec",
    "",
    "",
    "nodes",
    "a%2Fb",
    "%20",
    "..",
    ".",
    "*",
    "é",
    "%C3%A9",
    "%ff",
    "%",
    "%zz",
    "a:b",
    "http:a:80",
    "a;b",
    "a,b",
    "<a>",
    "{x}",
    "a+b",
    "%2B",
    "~",
    "$",
    "@",
    "debug",
    "pprof",
    "services",
];

const PARAMETERS: &[&str] = &[
    "watch",
    "watch=1",
    "watch=true",
    "watch=false",
    "watch=0",
    "watch=False",
    "watch=",
    "watch=no",
    "limit=5",
    "limit=x",
    "limit=",
    "timeoutSeconds=1",
    "fieldSelector=metadata.name=x",
    "fieldSelector=metadata.name%3Dx",
    "fieldSelector=metadata.name==y",
    "fieldSelector=metadata.name!=x",
    "fieldSelector=metadata.name=a/b",
    "fieldSelector=metadata.name=",
    "fieldSelector=a=b,metadata.name=z",
    "fieldSelector=metadata.name=x\\,y",
    "fieldSelector=%",
    "fieldSelector=a",
    "labelSelector=a=b",
    "labelSelector=a in (b",
    "labelSelector=!a",
    "resourceVersion=0",
    "allowWatchBookmarks=x",
    "a;b",
    "watch=1;x",
    "continue=%zz",
    "resourceVersionMatch=Exact",
    "sendInitialEvents=maybe",
    "&",
    "=",
    "watch&watch=false",
    "timeout=1s",
    "+",
    "é",
];

/// A method and a request target.
pub fn method_and_target(rng: &mut Rng) -> (String, Vec<u8>) {
    let mut target = String::new();
    if rng.u8(0..25) == 0 {
        target
            .push_str(pick(rng, &["http://h", "https://u:p@h:1", "//h", "http:", "h:443", "*", "?", "http://h?x=1#f"]));
    }
    let start = pick(
        rng,
        &["/api/v1", "/apis/apps/v1", "/api", "/apis", "", "/api/v1/namespaces/ns", "/apis/apps/v1/namespaces/ns"],
    );
    target.push_str(start);
    for _ in 0..rng.usize(0..6) {
        target.push('/');
        target.push_str(pick(rng, SEGMENTS));
    }
    if target.is_empty() {
        target.push('/');
    }
    if rng.u8(0..2) == 0 {
        target.push('?');
        for index in 0..rng.usize(0..4) {
            if index > 0 {
                target.push('&');
            }
            target.push_str(pick(rng, PARAMETERS));
        }
    }
    if rng.u8(0..30) == 0 {
        target.push_str("#frag");
    }
    let mut target = target.into_bytes();
    target.retain(|byte| *byte != b' ');
    if rng.u8(0..25) == 0 && !target.is_empty() {
        let at = rng.usize(0..target.len());
        if let Some(byte) = target.get_mut(at) {
            *byte = rng.u8(0x21..=0xff);
        }
    }
    (pick(rng, METHODS).to_owned(), target)
}
