//! A real peer: a receiver on loopback gets the POSTs of a delivery, and reads from them the events that were recorded. Every event of the committed vectors
//! goes there, and of the corpus beside the project where that is here.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that fails panics")]

use std::path::{Path, PathBuf};

use audit_policy::deliver::{Batch, Buffer, Duration, Offer, Post};
use audit_policy::text::Encoding;
use audit_policy::text::json_item;
use audit_policy::{Event, Release, event};
use audit_policy_tests::conform::{events_of_post, read_lines};
use audit_policy_tests::oracle::Peer;
use audit_policy_tests::receiver::{Received, Receiver};
use serde_json::{Value, json};

/// Every event that decodes, as our own reader says: of the vectors, and of the corpus.
fn events() -> Vec<Event> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let vectors = root.join("tests/vectors");
    let of = |name: &str| vectors.join(format!("{name}.jsonl.gz"));
    let mut files: Vec<PathBuf> = ["text", "truncate", "live", "live-truncate"].map(of).to_vec();
    let corpus = root.join("../shared/vectors/corpus-text.jsonl");
    if corpus.exists() {
        files.push(corpus);
    }
    let mut texts: Vec<Vec<u8>> = Vec::new();
    for case in files.iter().flat_map(|file| read_lines(file).unwrap()) {
        let own = case.get("event").map(Value::to_string);
        let list = case.get("events").and_then(Value::as_array).into_iter().flatten().map(Value::to_string);
        let lines = case.get("lines").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        texts.extend(own.into_iter().chain(list).chain(lines.map(str::to_owned)).map(String::into_bytes));
    }
    texts.iter().filter_map(|text| event::parse(text, Release::NEWEST).ok()).collect()
}

/// The batches that the server makes of events that come all at once.
fn batches(events: &[Event]) -> Vec<Vec<usize>> {
    let mut buffer = Buffer::new(&Batch { buffer_size: u32::MAX, ..Batch::webhook() });
    buffer.run(Duration::ZERO);
    let mut batches = Vec::new();
    for index in 0..events.len() {
        assert_eq!(buffer.offer(Duration::ZERO, index), Offer::Taken);
    }
    buffer.stop(Duration::ZERO);
    let mut now = Duration::ZERO;
    loop {
        while let Some(ready) = buffer.take(now) {
            batches.push(ready.events);
        }
        let Some(next) = buffer.wakes() else { return batches };
        now = next;
    }
}

/// Posts all events to a receiver on loopback.
fn post_all(events: &[Event]) -> Vec<(Vec<usize>, Received)> {
    let batches = batches(events);
    let receiver = Receiver::start(batches.len()).unwrap();
    for batch in &batches {
        let events: Vec<&Event> = batch.iter().filter_map(|index| events.get(*index)).collect();
        let status =
            receiver.send(&Post::new(&events, &receiver.url(), Encoding::of(Release::NEWEST)).bytes()).unwrap();
        assert_eq!(status, "HTTP/1.1 200 OK");
    }
    batches.into_iter().zip(receiver.finish().unwrap()).collect()
}

#[test]
fn a_receiver_gets_every_event_as_it_was_recorded() {
    let events = events();
    assert!(events.len() > 3_000, "{}", events.len());
    let posts = post_all(&events);
    assert_eq!(posts.len(), events.len().div_ceil(400));
    for (batch, received) in &posts {
        assert_eq!(received.request_line, "POST /hook?timeout=30s HTTP/1.1");
        let got = events_of_post(&received.body).unwrap();
        assert_eq!(got.len(), batch.len());
        for (index, got) in batch.iter().zip(&got) {
            let (got, sent) = (json_item(got), json_item(&events[*index]));
            assert_eq!(got, sent, "{}\n{}", String::from_utf8_lossy(&got), String::from_utf8_lossy(&sent));
        }
    }
}

/// Kubernetes' own types, strictly: `cargo xtask test` runs this where there is a Go, and says so where there is none.
#[test]
#[ignore = "needs the oracle, a Go program: AUDIT_POLICY_ORACLE names it"]
fn kubernetes_reads_every_event_that_a_receiver_gets() {
    let oracle = std::env::var_os("AUDIT_POLICY_ORACLE").expect("AUDIT_POLICY_ORACLE names the oracle");
    let mut peer = Peer::start(Path::new(&oracle)).unwrap();
    let events = events();
    let mut read = 0;
    for (batch, received) in post_all(&events) {
        let body = String::from_utf8(received.body).expect("the vectors' events are UTF-8");
        let answer = peer.ask(&[json!({ "ask": "eventlist", "body": body })]).unwrap().remove(0);
        assert_eq!(answer, json!({ "items": batch.len(), "same": true }), "{body}");
        read += batch.len();
    }
    println!("receiver: Kubernetes' types read {read} events strictly, and wrote each POST again byte for byte");
}
