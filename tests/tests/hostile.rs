//! Input made to hurt: whatever it is, it is answered or refused, without a panic, on a small stack, in bounded memory, and in time.
//!
//! Inputs are made by code. `cargo xtask bench --hostile [WORDS]` runs them (those that are named so) at full size, optimised, tells what
//! each took, and lists the worst; among the other tests they are a tenth of that, since the engine is slow there.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

#[path = "hostile/formats.rs"]
mod formats;
#[path = "hostile/inputs.rs"]
mod inputs;
#[path = "hostile/opened.rs"]
mod opened;
#[path = "hostile/policies.rs"]
mod policies;
#[path = "hostile/requests.rs"]
mod requests;
#[path = "hostile/run.rs"]
mod run;

use std::sync::mpsc;
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// As much as wasm gives and less: what works here works in the page.
const STACK: usize = 512 << 10;
/// What an input may take besides itself, in bytes: less than a browser tab has. At full size the worst take 900 MB.
const MOST_MEMORY: usize = if cfg!(debug_assertions) { 512 << 20 } else { 1 << 30 };
/// Beyond every doubt, even unoptimised on a busy machine: a hang.
const MOST_SECONDS: u64 = 120;

#[test]
fn hostile_input_is_answered_in_bounded_memory_and_time() {
    let only = std::env::var("HOSTILE").unwrap_or_default();
    let mut failures = Vec::new();
    let mut rows = Vec::new();
    for (name, make) in inputs::all() {
        if !name.contains(&only) {
            continue;
        }
        let input = make();
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let start = Instant::now();
        let (done, answered) = mpsc::channel();
        let work = move || {
            let answer = run::run(&input);
            done.send((answer, processor_time()))
        };
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap();
        let (answer, took) = match answered.recv_timeout(Duration::from_secs(MOST_SECONDS)) {
            Ok((answer, took)) => (answer, took),
            Err(mpsc::RecvTimeoutError::Disconnected) => (Err("panicked".to_owned()), None),
            // The thread goes on, so that nothing after it could be measured.
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name}: hangs; before it: {failures:#?}"),
        };
        let took = took.unwrap_or_else(|| start.elapsed());
        let _ = thread.join();
        let memory = MEMORY.peak_usage().saturating_sub(before);
        let said: String = answer.as_ref().unwrap_or_else(|said| said).chars().take(110).collect();
        println!("{:7} ms {:6} MB  {name}: {said}", took.as_millis(), memory >> 20);
        rows.push((took.as_millis(), memory >> 20, name.clone()));
        if answer.is_err() || memory > MOST_MEMORY {
            failures.push(format!("{name}: {said} ({} ms, {} MB)", took.as_millis(), memory >> 20));
        }
    }
    println!("the longest:");
    rows.sort_by_key(|(took, _, _)| std::cmp::Reverse(*took));
    rows.iter().take(20).for_each(|(took, memory, name)| println!("{took:7} ms {memory:6} MB  {name}"));
    println!("the largest:");
    rows.sort_by_key(|(_, memory, _)| std::cmp::Reverse(*memory));
    rows.iter().take(20).for_each(|(took, memory, name)| println!("{took:7} ms {memory:6} MB  {name}"));
    assert!(failures.is_empty(), "{failures:#?}");
}

/// What the thread has computed so far, without what it waited for others: Linux tells.
fn processor_time() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(told.split(' ').next()?.parse().ok()?))
}
