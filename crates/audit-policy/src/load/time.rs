//! Go's `time.Parse` of RFC 3339, for the times in a policy's metadata.

use crate::text::go_quote;

const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";

/// Checks a time; the error is Go's.
pub(super) fn parse_time(text: &str) -> Result<(), String> {
    let mut rest = text;
    let mut numbers = [0_u32; 6];
    let elements = [("2006", 4, 0), ("01", 2, 1), ("02", 2, 2), ("15", 2, 3), ("04", 2, 4), ("05", 2, 5)];
    let separators = ["-", "-", "T", ":", ":", ""];
    for ((element, width, slot), separator) in elements.into_iter().zip(separators) {
        let cannot = |rest: &str| cannot_parse(text, rest, element);
        let digits = rest.get(..width).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
        // Of a time's parts, the hour may be one digit.
        let digits = match (element, digits) {
            ("15", None) => rest.get(..1).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit())),
            (_, digits) => digits,
        };
        let digits = digits.ok_or_else(|| cannot(rest))?;
        let value = digits.parse().map_err(|_| cannot(rest))?;
        rest = rest.get(digits.len()..).unwrap_or_default();
        let (range, name) = match element {
            "01" => (1..=12, "month"),
            "15" => (0..=23, "hour"),
            "04" => (0..=59, "minute"),
            "05" => (0..=59, "second"),
            _ => (0..=9999, ""),
        };
        if !range.contains(&value) {
            return Err(out_of_range(text, name));
        }
        if let Some(slot) = numbers.get_mut(slot) {
            *slot = value;
        }
        match rest.strip_prefix(separator) {
            Some(after) => rest = after,
            None => return Err(cannot_parse(text, rest, separator)),
        }
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            rest = fraction.get(digits..).unwrap_or_default();
        }
    }
    rest = match rest.as_bytes() {
        [b'Z', ..] => rest.get(1..).unwrap_or_default(),
        [b'+' | b'-', a, b, b':', c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()) => {
            rest.get(6..).unwrap_or_default()
        }
        _ => return Err(cannot_parse(text, rest, "Z07:00")),
    };
    if !rest.is_empty() {
        return Err(format!("parsing time {}: extra text: {}", quote(text), quote(rest)));
    }
    let [year, month, day, ..] = numbers;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if (1..=days).contains(&day) { Ok(()) } else { Err(out_of_range(text, "day")) }
}

fn quote(text: &str) -> String {
    go_quote(text.as_bytes())
}

fn cannot_parse(text: &str, rest: &str, element: &str) -> String {
    format!("parsing time {} as {}: cannot parse {} as {}", quote(text), quote(LAYOUT), quote(rest), quote(element))
}

fn out_of_range(text: &str, name: &str) -> String {
    format!("parsing time {}: {name} out of range", quote(text))
}
