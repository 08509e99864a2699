//! The `timeout` parameter of a request: one that cannot be read is answered 400 before authentication, and audited so.
//!
//! Mirrors `staging/src/k8s.io/apiserver/pkg/endpoints/filters/request_deadline.go` and Go's `time.ParseDuration`.

use super::info::RequestInfo;
use super::url::{Url, first};
use crate::Release;
use crate::exchange::HttpRequest;
use crate::release::Change;
use crate::text::go_time_quote;

/// The message with which the server refuses the request's timeout, if it does. Long-running requests may have any.
pub fn refused_timeout(request: &HttpRequest, info: &RequestInfo, release: Release) -> Option<String> {
    if !release.has(Change::RequestDeadline) || info.is_long_running() {
        return None;
    }
    let url = Url::of_request(request.method.as_bytes(), request.target.as_bytes()).ok()?;
    let query = url.query();
    let value = first(&query, "timeout").filter(|value| !value.is_empty())?;
    let problem = parse_duration(value).err()?;
    Some(format!("invalid timeout specified in the request URL - time: {problem} {}", go_time_quote(value)))
}

/// The nanoseconds of a text that Go reads as a duration, or what is wrong with it: Go's words without `time: ` and the text.
pub(crate) fn parse_duration(text: &[u8]) -> Result<i64, String> {
    let invalid = || "invalid duration".to_owned();
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if rest == b"0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    const LIMIT: u64 = 1 << 63;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = leading_digits(rest);
        let (fraction, after) = after.strip_prefix(b".").map_or((&b""[..], after), leading_digits);
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let value = decimal(whole).filter(|value| *value <= LIMIT).ok_or_else(invalid)?;
        let end = after.iter().position(|byte| byte.is_ascii_digit() || *byte == b'.').unwrap_or(after.len());
        let (name, after) = after.split_at_checked(end).unwrap_or((after, b""));
        if name.is_empty() {
            return Err("missing unit in duration".to_owned());
        }
        let unit = unit(name).ok_or_else(|| format!("unknown unit {} in duration", go_time_quote(name)))?;
        let whole = value.checked_mul(unit).filter(|value| *value <= LIMIT).ok_or_else(invalid)?;
        total = total
            .checked_add(whole + fraction_of(fraction, unit))
            .filter(|total| *total <= LIMIT)
            .ok_or_else(invalid)?;
        rest = after;
    }
    match (i64::try_from(total), negative) {
        (Ok(total), false) => Ok(total),
        (Ok(total), true) => Ok(-total),
        (Err(_), true) => Ok(i64::MIN),
        (Err(_), false) => Err(invalid()),
    }
}

fn leading_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, b""))
}

fn decimal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0u64, |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

/// The decimals of a unit in nanoseconds; digits that 64 bits do not hold are cut.
fn fraction_of(digits: &[u8], unit: u64) -> u64 {
    let (mut value, mut scale) = (0u64, 1f64);
    for digit in digits {
        let Some(next) = value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0'))) else {
            break;
        };
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (unit as f64 / scale)) as u64
}

/// Nanoseconds in a unit.
fn unit(name: &[u8]) -> Option<u64> {
    match std::str::from_utf8(name).ok()? {
        "ns" => Some(1),
        "us" | "µs" | "μs" => Some(1_000),
        "ms" => Some(1_000_000),
        "s" => Some(1_000_000_000),
        "m" => Some(60_000_000_000),
        "h" => Some(3_600_000_000_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_go_does() {
        for good in
            ["0", "5s", "-5s", "+1.5h", "1h2m3.5s", ".5s", "5.s", "1us", "1µs", "2562047h", "-9223372036854775808ns"]
        {
            assert!(parse_duration(good.as_bytes()).is_ok(), "{good}");
        }
        for (bad, problem) in [
            ("5", "missing unit in duration"),
            ("foo", "invalid duration"),
            ("-", "invalid duration"),
            (".s", "invalid duration"),
            ("5x", "unknown unit \"x\" in duration"),
            ("5 s", "unknown unit \" s\" in duration"),
            ("99999999999999999999s", "invalid duration"),
            ("2562048h", "invalid duration"),
            ("9223372036854775808ns", "invalid duration"),
        ] {
            assert_eq!(parse_duration(bad.as_bytes()), Err(problem.to_owned()), "{bad}");
        }
    }

    #[test]
    fn long_running_requests_may_have_any_timeout() {
        let refused = |target: &str| {
            let request = HttpRequest { method: "GET".into(), target: target.into(), ..HttpRequest::default() };
            let info = RequestInfo::new(&request.method, &request.target, Release::NEWEST).unwrap();
            refused_timeout(&request, &info, Release::NEWEST)
        };
        assert_eq!(
            refused("/api/v1/pods?timeout=5").as_deref(),
            Some("invalid timeout specified in the request URL - time: missing unit in duration \"5\"")
        );
        assert_eq!(refused("/api/v1/pods?watch=1&timeout=5"), None);
        assert_eq!(refused("/api/v1/pods?timeout="), None);
    }
}
