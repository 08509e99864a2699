//! Deciding takes no memory: it is asked once for each request of a whole log.

use std::hint::black_box;

use audit_policy::{CompiledPolicy, Release, decide};
use audit_policy_tests::speed::{Hit, RULES, policy, requests};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

// The only test here: what others take at the same time would be counted.
#[test]
fn deciding_takes_no_memory() {
    for rules in RULES {
        let policy = policy(rules);
        let compiled = CompiledPolicy::new(&policy, Release::NEWEST);
        for hit in Hit::ALL {
            let requests = requests(rules, hit);
            MEMORY.reset_peak_usage();
            let before = MEMORY.peak_usage();
            for attributes in black_box(&requests) {
                black_box(compiled.decide(attributes));
                black_box(decide(&policy, attributes, Release::NEWEST));
            }
            assert_eq!(MEMORY.peak_usage(), before, "{rules} rules, {}", hit.name());
        }
    }
    MEMORY.reset_peak_usage();
    let before = MEMORY.peak_usage();
    drop(black_box(vec![1_u8; 10]));
    assert!(MEMORY.peak_usage() > before, "memory that is taken is not seen");
}
