//! Moments in time, as numbers and as Kubernetes writes them. No clock: every moment comes in as an argument.

use std::fmt;

use serde::{Serialize, Serializer};

/// A moment in UTC with nanoseconds, of the years 0 to 9999 (what Go can write as JSON).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

impl Timestamp {
    /// The first moment of year 1: the zero value of Go's `time.Time`.
    pub const ZERO: Timestamp = Timestamp { seconds: -62_135_596_800, nanos: 0 };

    /// `seconds` since 1970-01-01T00:00:00Z, and `nanos` (0 to 999,999,999) after that.
    pub const fn from_unix(seconds: i64, nanos: u32) -> Timestamp {
        Timestamp { seconds, nanos }
    }

    /// The beginning of a day of the years 0 to 9999; none where there is no such day.
    pub fn from_date(year: i64, month: i64, day: i64) -> Option<Timestamp> {
        let exists =
            (0..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        exists.then(|| Timestamp::from_unix(days_from_civil(year, month, day) * 86_400, 0))
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past.
    pub const fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`Self::unix_seconds`], 0 to 999,999,999.
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Reads RFC 3339 with any number of decimals and any offset, such as `2026-01-01T00:00:00.5+01:00`; decimals after the
    /// ninth are cut.
    pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
        let bytes = text.as_bytes();
        let number = |range: std::ops::Range<usize>| -> Option<i64> {
            let digits = bytes.get(range)?;
            if !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            Some(digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
        };
        let literal = |index: usize, expected: u8| (bytes.get(index) == Some(&expected)).then_some(());
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        literal(4, b'-')?;
        literal(7, b'-')?;
        literal(10, b'T')?;
        literal(13, b':')?;
        literal(16, b':')?;
        if !(1..=12).contains(&month)
            || day < 1
            || day > days_in_month(year, month)
            || hour > 23
            || minute > 59
            || second > 59
        {
            return None;
        }
        let mut index = 19;
        let mut nanos: u32 = 0;
        if bytes.get(index) == Some(&b'.') {
            index += 1;
            let mut scale = 100_000_000;
            let first = index;
            while let Some(digit) = bytes.get(index).filter(|byte| byte.is_ascii_digit()) {
                nanos += u32::from(digit - b'0') * scale;
                scale /= 10;
                index += 1;
            }
            if index == first {
                return None;
            }
        }
        let offset = match bytes.get(index..)? {
            b"Z" => 0,
            [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
                let (hours, minutes) = (number(index + 1..index + 3)?, number(index + 4..index + 6)?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                (if *sign == b'-' { -1 } else { 1 }) * (hours * 3600 + minutes * 60)
            }
            _ => return None,
        };
        let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
        Some(Timestamp { seconds, nanos })
    }

    /// `2026-01-01T00:00:00.123456Z`: microseconds, cut and not rounded, always six digits. As `metav1.MicroTime` in JSON.
    pub fn to_micro_time(self) -> String {
        format!("{}.{:06}Z", self.date_and_time(), self.nanos / 1000)
    }

    /// `2026-01-01T00:00:00.12Z`: nanoseconds without trailing zeros. As Go's `time.RFC3339Nano`.
    pub fn to_rfc3339_nano(self) -> String {
        if self.nanos == 0 {
            return format!("{}Z", self.date_and_time());
        }
        let decimals = format!("{:09}", self.nanos);
        format!("{}.{}Z", self.date_and_time(), decimals.trim_end_matches('0'))
    }

    /// `2026-01-01T00:00:00Z`: seconds, cut and not rounded. As `metav1.Time` in JSON.
    pub fn to_rfc3339(self) -> String {
        format!("{}Z", self.date_and_time())
    }

    fn date_and_time(self) -> String {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(86_400));
        let second = self.seconds.rem_euclid(86_400);
        format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar. Years are counted from March, so that the leap
/// day is a year's last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date (year, month, day) so many days after 1970-01-01: [`days_from_civil`] backwards.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// As in the scenario file: [`Timestamp::to_rfc3339_nano`].
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339_nano())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for (text, micro, nano) in [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z"),
            ("2024-02-29T12:00:00.120000-07:30", "2024-02-29T19:30:00.120000Z", "2024-02-29T19:30:00.12Z"),
            ("2026-12-31T23:59:59.999999999Z", "2026-12-31T23:59:59.999999Z", "2026-12-31T23:59:59.999999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z", "0001-01-01T00:00:00Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z", "1969-12-31T23:59:59.5Z"),
        ] {
            let time = Timestamp::parse_rfc3339(text).unwrap();
            assert_eq!((time.to_micro_time().as_str(), time.to_rfc3339_nano().as_str()), (micro, nano));
        }
    }

    #[test]
    fn refuses_what_is_no_moment() {
        for text in [
            "",
            "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+0100",
            "2024-1-1T00:00:00Z",
            "日本語日本語日本語",
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_survives() {
        for day in -200_000..200_000 {
            let (year, month, date) = civil_from_days(day);
            assert_eq!(days_from_civil(year, month, date), day);
        }
    }
}
