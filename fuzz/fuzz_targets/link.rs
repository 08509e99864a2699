#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| audit_policy_tests::fuzz::follows(input));
