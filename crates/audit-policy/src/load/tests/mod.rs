//! Loading by examples.

mod again;
mod findings;
mod fixes;
mod messages;

use crate::Release;

fn release(minor: u8) -> Release {
    Release::new(minor).unwrap()
}

/// A policy with these lines after apiVersion and kind.
fn policy(lines: &str) -> String {
    format!("apiVersion: audit.k8s.io/v1\nkind: Policy\n{lines}")
}
