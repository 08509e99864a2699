//! What a scalar is by YAML 1.1: `yes` is true, `0777` a number, `~` null. Mirrors `resolve.go`.

use crate::go_base64;

/// A scalar's value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// More than an `Int` holds.
    Uint(u64),
    Float(f64),
    /// The text itself.
    Text,
    /// `!!binary`: what it encodes.
    Binary(Vec<u8>),
}

const PREFIX: &str = "tag:yaml.org,2002:";

/// Resolves a plain or tagged scalar; the error is the message after `yaml: `.
pub(crate) fn resolve(tag: &str, text: &str) -> Result<Resolved, String> {
    let short = match tag.strip_prefix(PREFIX) {
        _ if tag.is_empty() => "",
        Some("str") => return Ok(Resolved::Text),
        Some(name @ ("bool" | "int" | "float" | "null" | "timestamp")) => name,
        Some("binary") => {
            return match go_base64::decode(text.as_bytes()) {
                Some(bytes) => Ok(Resolved::Binary(bytes)),
                None => Err("!!binary value contains invalid base64 data".to_owned()),
            };
        }
        _ => return Ok(Resolved::Text),
    };
    let resolved = if short == "timestamp" && is_timestamp(text) { Resolved::Text } else { by_looks(text) };
    let found = match &resolved {
        Resolved::Null => "null",
        Resolved::Bool(_) => "bool",
        Resolved::Int(_) | Resolved::Uint(_) => "int",
        Resolved::Float(_) => "float",
        _ if short == "timestamp" && is_timestamp(text) => "timestamp",
        _ => "str",
    };
    match (short, resolved) {
        ("", resolved) => Ok(resolved),
        ("float", Resolved::Int(value)) => Ok(Resolved::Float(value as f64)),
        (wanted, resolved) if wanted == found => Ok(resolved),
        (wanted, _) => Err(format!("cannot decode !!{found} `{text}` as a !!{wanted}")),
    }
}

fn by_looks(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Resolved::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Resolved::Bool(false);
        }
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        ".nan" | ".NaN" | ".NAN" => return Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    match text.as_bytes().first() {
        // Go's float parser allows underscores between digits.
        Some(b'.') if underscores_between_digits(text) => {
            parse_float(&text.replace('_', "")).map_or(Resolved::Text, Resolved::Float)
        }
        Some(b'0'..=b'9' | b'+' | b'-') => {
            let plain = text.replace('_', "");
            parse_int(&plain)
                .or_else(|| parse_float(&plain).map(Resolved::Float))
                .or_else(|| parse_binary(&plain))
                .unwrap_or(Resolved::Text)
        }
        _ => Resolved::Text,
    }
}

/// Go's `strconv.ParseInt(text, 0, 64)`, then `ParseUint`: `0x`, `0o`, `0b` and a leading zero say the base.
fn parse_int(text: &str) -> Option<Resolved> {
    let (negative, signed, digits) = match text.as_bytes().first()? {
        b'-' => (true, true, text.get(1..)?),
        b'+' => (false, true, text.get(1..)?),
        _ => (false, false, text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    int_of(negative, signed, digits, base)
}

fn int_of(negative: bool, signed: bool, digits: &str, base: u32) -> Option<Resolved> {
    if digits.is_empty() || !digits.bytes().all(|digit| char::from(digit).is_digit(base)) {
        return None;
    }
    let value = i128::from_str_radix(digits, base).ok()?;
    let value = if negative { -value } else { value };
    match i64::try_from(value) {
        Ok(value) => Some(Resolved::Int(value)),
        Err(_) if signed => None,
        Err(_) => u64::try_from(value).ok().map(Resolved::Uint),
    }
}

/// A sign after `0b`, which only this way of reading allows.
fn parse_binary(text: &str) -> Option<Resolved> {
    match text.strip_prefix("0b")?.as_bytes() {
        [b'-', ..] => int_of(true, true, text.get(3..)?, 2),
        [b'+', ..] => int_of(false, true, text.get(3..)?, 2),
        _ => None,
    }
}

fn underscores_between_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |index: Option<usize>| index.and_then(|index| bytes.get(index)).is_some_and(u8::is_ascii_digit);
    bytes.iter().enumerate().all(|(at, &byte)| byte != b'_' || digit(at.checked_sub(1)) && digit(Some(at + 1)))
}

/// A decimal number with a point or an exponent, if it is finite.
fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, Some(unsigned.get(at + 1..)?)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !digits(whole) || !digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || !digits(exponent) {
            return None;
        }
    }
    crate::float::parse(text)
}

/// Whether an explicit `!!timestamp` is one: a date, and perhaps a time.
fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = split_date(text) else { return false };
    match time.as_bytes().first() {
        None => true,
        Some(b'T' | b't') => time.get(1..).is_some_and(|time| is_time(time, true)),
        Some(b' ') => time.get(1..).is_some_and(|time| is_time(time, false)),
        _ => false,
    }
    .then_some(date)
    .is_some()
}

fn split_date(text: &str) -> Option<(&str, &str)> {
    let (year, rest) = text.split_once('-')?;
    let (month, rest) = rest.split_once('-')?;
    let length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let day = rest.get(..length)?;
    let number = |text: &str| (1..=2).contains(&text.len()).then(|| text.parse::<u32>().ok()).flatten();
    let (month, day) = (number(month)?, number(day)?);
    if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: u32 = year.parse().ok()?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some((text, rest.get(length..)?))
}

fn is_time(text: &str, zoned: bool) -> bool {
    let clock_end = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = (text.get(..clock_end).unwrap_or_default(), text.get(clock_end..).unwrap_or_default());
    let mut parts = clock.splitn(3, ':');
    let mut field = |limit: u32| {
        let part = parts.next().unwrap_or_default();
        let whole = if limit == 60 { part.split(['.', ',']).next().unwrap_or_default() } else { part };
        let fraction = part.get(whole.len()..).unwrap_or_default();
        let fraction_good =
            fraction.is_empty() || fraction.len() > 1 && fraction.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        (1..=2).contains(&whole.len()) && whole.parse::<u32>().is_ok_and(|value| value < limit) && fraction_good
    };
    let clock_good = field(24) && field(60) && field(60);
    let zone_good = match zone.as_bytes() {
        [] => !zoned,
        [b'Z'] => zoned,
        [b'+' | b'-', a, b, b':', c, d] => zoned && [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    clock_good && zone_good
}
