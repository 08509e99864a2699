//! A decision's time against Kubernetes' own `EvaluatePolicyRule`, on the same policies and requests, one after the other: `cargo xtask bench --go`.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use audit_policy::{Attributes, CompiledPolicy, Decision, Release, decide};
use audit_policy_tests::oracle::Peer;
use audit_policy_tests::speed::{Hit, RULES, policy, policy_text, requests};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const RELEASE: Release = Release::NEWEST;

/// How often each measurement is made; the shortest counts, since what disturbs only lengthens.
const TIMES: usize = 5;

/// How many stretches a measurement has, of which the shortest counts.
const STRETCHES: usize = 50;

/// How many nanoseconds a stretch takes at least: less than what the machine gives to one program at a time.
const LONG_ENOUGH: f64 = 300e3;

fn main() -> Result<()> {
    let program = std::env::var_os("AUDIT_POLICY_ORACLE").context("run this as `cargo xtask bench --go`")?;
    let mut peer = Peer::start(Path::new(&program))?;
    println!("nanoseconds a decision, and how many times Go's time is ours");
    println!("rules  hit    plain  compiled       Go  Go/plain  Go/compiled");
    for rules in RULES {
        for hit in Hit::ALL {
            let (plain, compiled, go) = measure(&mut peer, rules, hit)?;
            let (hit, over_plain, over_compiled) = (hit.name(), go / plain, go / compiled);
            println!("{rules:5}  {hit:5}{plain:7.1}  {compiled:8.1} {go:8.1} {over_plain:8.1}x {over_compiled:11.1}x");
        }
    }
    Ok(())
}

/// The times of `decide`, `CompiledPolicy::decide` and Go.
fn measure(peer: &mut Peer, rules: usize, hit: Hit) -> Result<(f64, f64, f64)> {
    let policy = policy(rules);
    let compiled = CompiledPolicy::new(&policy, RELEASE);
    let requests = requests(rules, hit);
    let question = |ask| json!({"ask": ask, "policy": STANDARD.encode(policy_text(rules)), "attributes": requests});
    let levels: Vec<Value> = requests.iter().map(|request| json!(compiled.decide(request).level)).collect();
    let theirs = ask(peer, &question("match"))?;
    let their_levels = theirs.as_array().into_iter().flatten().map(|decision| decision.get(0).cloned());
    ensure!(their_levels.eq(levels.into_iter().map(Some)), "Kubernetes decides otherwise: {theirs}");

    // Each measures in turn, so that what else the machine does meets all of them.
    let mut best = (f64::MAX, f64::MAX, f64::MAX);
    for _ in 0..TIMES {
        best.0 = best.0.min(time(&requests, |attributes| decide(&policy, attributes, RELEASE)));
        best.1 = best.1.min(time(&requests, |attributes| compiled.decide(attributes)));
        let go = ask(peer, &question("bench"))?;
        best.2 = best.2.min(go.as_f64().with_context(|| format!("the oracle answered {go}"))?);
    }
    Ok(best)
}

fn ask(peer: &mut Peer, question: &Value) -> Result<Value> {
    peer.ask(std::slice::from_ref(question))?.pop().context("the oracle did not answer")
}

/// Nanoseconds a decision, measured as bench.go in tests/oracle does.
fn time(requests: &[Attributes], decide: impl Fn(&Attributes) -> Decision) -> f64 {
    let (mut rounds, mut stretches, mut best) = (1_u32, 0, f64::MAX);
    while stretches < STRETCHES {
        let begin = Instant::now();
        for _ in 0..rounds {
            for attributes in black_box(requests) {
                black_box(decide(attributes));
            }
        }
        let nanoseconds = begin.elapsed().as_nanos() as f64;
        if nanoseconds < LONG_ENOUGH {
            rounds *= 2;
        } else {
            stretches += 1;
            best = best.min(nanoseconds / f64::from(rounds) / requests.len() as f64);
        }
    }
    best
}
