//! Values of flags as Go reads them, with its words for those that it does not.

use crate::Release;
use crate::deliver::Duration;
use crate::text::{go_quote, go_time_quote};

/// Go's `strconv.ParseBool`.
pub(super) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(syntax("ParseBool", text)),
    }
}

fn syntax(function: &str, text: &str) -> String {
    format!("strconv.{function}: parsing {}: invalid syntax", go_quote(text.as_bytes()))
}

fn range(function: &str, text: &str) -> String {
    format!("strconv.{function}: parsing {}: value out of range", go_quote(text.as_bytes()))
}

/// Go's `strconv.ParseInt(text, 0, 64)`: a prefix says the base.
pub(super) fn parse_int(text: &str) -> Result<i64, String> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, text.get(1..).unwrap_or_default()),
        [b'+', ..] => (false, text.get(1..).unwrap_or_default()),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (base, body, prefixed) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest, true)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest, true)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest, true)
    } else if lower.len() > 1
        && let Some(rest) = lower.strip_prefix('0')
    {
        (8, rest, true)
    } else {
        (10, lower.as_str(), false)
    };
    if !underscores_are_good(body, prefixed) {
        return Err(syntax("ParseInt", text));
    }
    let mut value: Option<i128> = None;
    for digit in body.chars().filter(|character| *character != '_') {
        let Some(digit) = digit.to_digit(base) else { return Err(syntax("ParseInt", text)) };
        let next = value.unwrap_or(0) * i128::from(base) + i128::from(digit);
        // Beyond 64 bits only that it is too large counts.
        value = Some(next.min(1 << 65));
    }
    let Some(value) = value else { return Err(syntax("ParseInt", text)) };
    i64::try_from(if negative { -value } else { value }).map_err(|_| range("ParseInt", text))
}

/// Underscores stand between digits, or after the prefix.
fn underscores_are_good(body: &str, prefixed: bool) -> bool {
    if !body.contains('_') {
        return true;
    }
    prefixed && !body.ends_with('_') && !body.contains("__")
}

/// Go's `strconv.ParseFloat(text, 32)`; numbers in hexadecimal are not read.
pub(super) fn parse_float32(text: &str) -> Result<f32, String> {
    let lower = text.to_ascii_lowercase();
    let is_word = lower.contains("inf") || lower.contains("nan");
    let signed_nan = lower.contains("nan") && lower.len() != 3;
    match text.parse::<f32>() {
        Ok(_) if signed_nan => Err(syntax("ParseFloat", text)),
        Ok(value) if value.is_infinite() && !is_word => Err(range("ParseFloat", text)),
        Ok(value) => Ok(value),
        Err(_) => Err(syntax("ParseFloat", text)),
    }
}

/// A float32 as Go's `%v` has it.
pub(super) fn show_float32(value: f32) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..1e21).contains(&size) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let (sign, number) = exponent.strip_prefix('-').map_or(('+', exponent), |number| ('-', number));
            format!("{digits}e{sign}{number:0>2}")
        }
        None => text,
    }
}

/// Go's `time.ParseDuration`, in nanoseconds. Go quotes in the message from 1.15 on, which builds Kubernetes 1.19 and later.
pub(super) fn parse_duration(text: &str, release: Release) -> Result<i64, String> {
    crate::request::deadline::parse_duration(text.as_bytes()).map_err(|problem| {
        let quoted = |text: &str| if release.minor() >= 19 { go_time_quote(text.as_bytes()) } else { text.to_owned() };
        let problem = match (release.minor() >= 19, problem.split_once('"')) {
            (false, Some((before, rest))) => {
                let (unit, after) = rest.rsplit_once('"').unwrap_or((rest, ""));
                format!("{before}{unit}{after}")
            }
            _ => problem,
        };
        format!("time: {problem} {}", quoted(text))
    })
}

/// A duration as Go's `String` has it: `1m30s`, `500ms`, `0s`.
pub fn show_duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    format!("{sign}{}", Duration::from_nanos(nanoseconds.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_as_go_reads_them() {
        for (text, value) in [
            ("7", 7),
            ("-7", -7),
            ("+7", 7),
            ("0x10", 16),
            ("010", 8),
            ("0o10", 8),
            ("0b11", 3),
            ("0", 0),
            ("0x_1f", 31),
            ("-0x1", -1),
        ] {
            assert_eq!(parse_int(text), Ok(value), "{text}");
        }
        for bad in ["", "x", "1_000", "08", "1.5", "0x", "--1", " 1", "1k"] {
            assert_eq!(parse_int(bad), Err(format!("strconv.ParseInt: parsing \"{bad}\": invalid syntax")));
        }
        let large = "9223372036854775808";
        assert_eq!(parse_int(large), Err(format!("strconv.ParseInt: parsing \"{large}\": value out of range")));
        assert_eq!(parse_int("-9223372036854775808"), Ok(i64::MIN));
    }

    #[test]
    fn floats_are_read_and_shown_as_go_does() {
        for (text, shown) in [
            ("10", "10"),
            ("-1", "-1"),
            (".5", "0.5"),
            ("1e-7", "1e-07"),
            ("1e21", "1e+21"),
            ("inf", "+Inf"),
            ("0.1", "0.1"),
        ] {
            assert_eq!(show_float32(parse_float32(text).unwrap()), shown, "{text}");
        }
        assert_eq!(parse_float32("1e99"), Err("strconv.ParseFloat: parsing \"1e99\": value out of range".to_owned()));
        assert_eq!(parse_float32("x"), Err("strconv.ParseFloat: parsing \"x\": invalid syntax".to_owned()));
    }

    #[test]
    fn durations_are_read_and_shown_as_go_does() {
        let (new, old) = (Release::NEWEST, Release::new(18).unwrap());
        for (text, shown) in [
            ("30s", "30s"),
            ("90s", "1m30s"),
            ("1h", "1h0m0s"),
            ("500ms", "500ms"),
            ("-1s", "-1s"),
            ("1.5s", "1.5s"),
            ("0", "0s"),
            ("1500us", "1.5ms"),
            ("7ns", "7ns"),
        ] {
            assert_eq!(show_duration(parse_duration(text, new).unwrap()), shown, "{text}");
        }
        assert_eq!(parse_duration("abc", new), Err("time: invalid duration \"abc\"".to_owned()));
        assert_eq!(parse_duration("abc", old), Err("time: invalid duration abc".to_owned()));
        assert_eq!(parse_duration("5x", new), Err("time: unknown unit \"x\" in duration \"5x\"".to_owned()));
        assert_eq!(parse_duration("5x", old), Err("time: unknown unit x in duration 5x".to_owned()));
        assert_eq!(parse_duration("5", old), Err("time: missing unit in duration 5".to_owned()));
    }
}
