//! headers: which addresses and which user agent events take from a request's headers.

use anyhow::Result;
use audit_policy::GoString;
use audit_policy::exchange::HttpRequest;
use audit_policy::request::headers::{source_ips, user_agent};
use serde_json::{Value, json};

use super::Report;
use super::vectors::{Case, answers, text};

pub(super) fn run(name: &str, cases: &[Case], report: &mut Report) -> Result<()> {
    for case in cases {
        report.count(name, text(case, "id"), check(case));
    }
    Ok(())
}

fn check(case: &Case) -> Result<(), String> {
    let request = HttpRequest { headers: headers(case), ..HttpRequest::default() };
    let got = json!({
        "sourceIPs": source_ips(&request, text(case, "remoteAddr")),
        "userAgent": user_agent(&request),
    });
    for answer in answers(case) {
        if got != answer.out {
            return Err(format!("{}: wanted {}\n      got {got}", answer.version, answer.out));
        }
    }
    Ok(())
}

fn headers(case: &Case) -> Vec<(String, GoString)> {
    let pairs = case.get("headers").and_then(Value::as_array).into_iter().flatten();
    let string = |pair: &Value, index: usize| pair.get(index).and_then(Value::as_str).unwrap_or_default().to_owned();
    pairs.map(|pair| (string(pair, 0), string(pair, 1).into())).collect()
}
