//! Reads `metav1.MicroTime`: Go's `time.Parse` for the one layout it uses, which wants exactly six decimals.

use crate::Timestamp;
use crate::text::go_time_quote;

const LAYOUT: &str = "2006-01-02T15:04:05.000000Z07:00";

/// Reads a time as `metav1.MicroTime` does.
///
/// # Errors
///
/// Go's message, such as `parsing time "x" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "x" as "2006"`.
pub(super) fn parse_micro_time(text: &str) -> Result<Timestamp, String> {
    Reader { all: text.as_bytes(), rest: text.as_bytes() }.read()
}

struct Reader<'a> {
    all: &'a [u8],
    rest: &'a [u8],
}

impl Reader<'_> {
    fn read(&mut self) -> Result<Timestamp, String> {
        let year = self.year()?;
        self.literal("-")?;
        let month = self.two_digits("01", true)?;
        if !(1..=12).contains(&month) {
            return Err(self.out_of_range("month"));
        }
        self.literal("-")?;
        let day = self.two_digits("02", true)?;
        self.literal("T")?;
        // Go takes an hour of one digit.
        let hour = self.two_digits("15", false)?;
        if hour > 23 {
            return Err(self.out_of_range("hour"));
        }
        self.literal(":")?;
        let minute = self.two_digits("04", true)?;
        if minute > 59 {
            return Err(self.out_of_range("minute"));
        }
        self.literal(":")?;
        let second = self.two_digits("05", true)?;
        if second > 59 {
            return Err(self.out_of_range("second"));
        }
        let micros = self.micros()?;
        let offset = self.offset()?;
        if !self.rest.is_empty() {
            return Err(format!("parsing time {}: extra text: {}", go_time_quote(self.all), go_time_quote(self.rest)));
        }
        let midnight = Timestamp::from_date(year, month, day).ok_or_else(|| self.out_of_range("day"))?;
        let seconds = midnight.unix_seconds() + hour * 3600 + minute * 60 + second - offset;
        Ok(Timestamp::from_unix(seconds, micros * 1000))
    }

    fn bad(&self, at: &[u8], element: &str) -> String {
        format!(
            "parsing time {} as \"{LAYOUT}\": cannot parse {} as \"{element}\"",
            go_time_quote(self.all),
            go_time_quote(at)
        )
    }

    fn out_of_range(&self, what: &str) -> String {
        format!("parsing time {}: {what} out of range", go_time_quote(self.all))
    }

    fn literal(&mut self, expected: &str) -> Result<(), String> {
        match self.rest.strip_prefix(expected.as_bytes()) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(self.bad(self.rest, expected)),
        }
    }

    fn year(&mut self) -> Result<i64, String> {
        let digits = self.rest.get(..4).and_then(number);
        match digits {
            Some(year) => {
                self.rest = self.rest.get(4..).unwrap_or_default();
                Ok(year)
            }
            None => Err(self.bad(self.rest, "2006")),
        }
    }

    /// Two digits, or where `fixed` is false also one.
    fn two_digits(&mut self, element: &str, fixed: bool) -> Result<i64, String> {
        let width = if fixed || self.rest.get(1).is_some_and(u8::is_ascii_digit) { 2 } else { 1 };
        let digits = self.rest.get(..width).and_then(number);
        match digits {
            Some(value) => {
                self.rest = self.rest.get(width..).unwrap_or_default();
                Ok(value)
            }
            None => Err(self.bad(self.rest, element)),
        }
    }

    fn micros(&mut self) -> Result<u32, String> {
        let element = ".000000";
        let Some(([b'.' | b',', digits @ ..], rest)) = self.rest.split_at_checked(7) else {
            return Err(self.bad(self.rest, element));
        };
        // Go reads the decimals with a sign, and refuses a negative number only.
        let (negative, plain) = match digits {
            [b'-', plain @ ..] => (true, plain),
            [b'+', plain @ ..] => (false, plain),
            plain => (false, plain),
        };
        let value = number(plain).ok_or_else(|| self.bad(self.rest, element))?;
        if negative && value > 0 {
            return Err(self.out_of_range("fractional second"));
        }
        self.rest = rest;
        Ok(u32::try_from(value).unwrap_or_default())
    }

    /// The offset from UTC in seconds.
    fn offset(&mut self) -> Result<i64, String> {
        let element = "Z07:00";
        if let Some(rest) = self.rest.strip_prefix(b"Z") {
            self.rest = rest;
            return Ok(0);
        }
        let Some(([sign, h1, h2, b':', m1, m2], rest)) = self.rest.split_at_checked(6) else {
            return Err(self.bad(self.rest, element));
        };
        let (hours, minutes) = (number(&[*h1, *h2]), number(&[*m1, *m2]));
        if hours.is_some_and(|hours| hours > 24) {
            return Err(self.out_of_range("time zone offset hour"));
        }
        if hours.is_some() && minutes.is_some_and(|minutes| minutes > 60) {
            return Err(self.out_of_range("time zone offset minute"));
        }
        let (Some(hours), Some(minutes), b'+' | b'-') = (hours, minutes, sign) else {
            return Err(self.bad(self.rest, element));
        };
        self.rest = rest;
        Ok((hours * 3600 + minutes * 60) * if *sign == b'-' { -1 } else { 1 })
    }
}

/// A number of decimal digits and nothing else.
fn number(digits: &[u8]) -> Option<i64> {
    let all_digits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    all_digits.then(|| digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_go_does() {
        for (text, expected) in [
            ("2024-01-02T03:04:05.123456Z", "2024-01-02T03:04:05.123456Z"),
            ("2024-02-29T12:00:00.120000-07:30", "2024-02-29T19:30:00.12Z"),
            ("2024-01-02T3:04:05,000001Z", "2024-01-02T03:04:05.000001Z"),
            ("2024-01-02T03:04:05.000000+24:60", "2024-01-01T02:04:05Z"),
        ] {
            assert_eq!(parse_micro_time(text).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn refuses_as_go_does() {
        for (text, expected) in [
            ("", "cannot parse \"\" as \"2006\""),
            ("%s", "cannot parse \"%s\" as \"2006\""),
            ("2024-13-01T00:00:00.000000Z", "month out of range"),
            ("2024-02-30T00:00:00.000000Z", "day out of range"),
            ("2024-01-02 18:34:10.595141000", "cannot parse \" 18:34:10.595141000\" as \"T\""),
            ("2024-01-02T24:00:00.000000Z", "hour out of range"),
            ("2024-01-02T03:04:05Z", "cannot parse \"Z\" as \".000000\""),
            ("2024-01-02T03:04:05.5+02:00", "cannot parse \".5+02:00\" as \".000000\""),
            ("2024-01-02T03:04:05.123456789Z", "cannot parse \"789Z\" as \"Z07:00\""),
            ("2024-01-02T03:04:05.000000Zé", "extra text: \"\\xc3\\xa9\""),
            ("2024-01-02T03:04:05.000000+25:00", "time zone offset hour out of range"),
        ] {
            let error = parse_micro_time(text).unwrap_err();
            assert!(error.ends_with(expected), "{text}: {error}");
        }
    }
}
