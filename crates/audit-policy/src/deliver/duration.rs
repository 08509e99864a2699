//! Spans and moments of virtual time.

use std::fmt::{self, Write as _};
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::request::deadline::parse_duration;

/// A span of time, or a moment as what has passed since the simulation's begin: whole nanoseconds, never negative, up to 584 years (sums stop there).
/// As text it is a Go duration such as `30s`, as in the server's flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

impl Duration {
    /// No time.
    pub const ZERO: Duration = Duration(0);
    /// What never comes.
    pub const FOREVER: Duration = Duration(u64::MAX);

    /// Nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Duration {
        Duration(nanos)
    }

    /// Milliseconds.
    pub const fn from_millis(millis: u64) -> Duration {
        Duration(millis.saturating_mul(1_000_000))
    }

    /// Seconds.
    pub const fn from_secs(seconds: u64) -> Duration {
        Duration(seconds.saturating_mul(1_000_000_000))
    }

    /// Seconds and parts of them; negative and what is no number is none, too much is [`Duration::FOREVER`].
    pub fn from_seconds(seconds: f64) -> Duration {
        // Casts of floats stop at the ends.
        Duration((seconds * 1e9) as u64)
    }

    /// Nanoseconds.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Milliseconds and parts of them.
    pub fn millis(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// Seconds and parts of them.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Whether it is no time.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// So many times this span, in whole nanoseconds, as Go's `Duration(float64(d) * factor)`.
    pub fn times(self, factor: f64) -> Duration {
        Duration((self.0 as f64 * factor) as u64)
    }

    /// The first moment at or after `moment` that is whole spans of this after `begin`; the moment itself where this is no time.
    pub(crate) fn next_tick(self, begin: Duration, moment: Duration) -> Duration {
        let passed = moment.0.saturating_sub(begin.0);
        match passed.checked_rem(self.0) {
            None | Some(0) => moment,
            Some(over) => Duration(moment.0.saturating_add(self.0 - over)),
        }
    }
}

impl Add for Duration {
    type Output = Duration;

    fn add(self, other: Duration) -> Duration {
        Duration(self.0.saturating_add(other.0))
    }
}

/// What lies between; none where the other is later.
impl Sub for Duration {
    type Output = Duration;

    fn sub(self, other: Duration) -> Duration {
        Duration(self.0.saturating_sub(other.0))
    }
}

/// As Go prints it: `1m30s`, `1.5s`, `200ms`, `0s`.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SECOND: u64 = 1_000_000_000;
        match self.0 {
            0 => f.write_str("0s"),
            nanos if nanos < 1_000 => write!(f, "{nanos}ns"),
            nanos if nanos < 1_000_000 => decimal(f, nanos, 1_000, "µs"),
            nanos if nanos < SECOND => decimal(f, nanos, 1_000_000, "ms"),
            nanos => {
                let minutes = nanos / SECOND / 60;
                if minutes >= 60 {
                    write!(f, "{}h", minutes / 60)?;
                }
                if minutes > 0 {
                    write!(f, "{}m", minutes % 60)?;
                }
                decimal(f, nanos % (60 * SECOND), SECOND, "s")
            }
        }
    }
}

/// So many units, without zeros at the end.
fn decimal(f: &mut fmt::Formatter<'_>, nanos: u64, unit: u64, name: &str) -> fmt::Result {
    write!(f, "{}", nanos / unit)?;
    let (mut rest, mut place) = (nanos % unit, unit / 10);
    if rest > 0 {
        f.write_char('.')?;
    }
    while rest > 0 && place > 0 {
        write!(f, "{}", rest / place)?;
        rest %= place;
        place /= 10;
    }
    f.write_str(name)
}

impl FromStr for Duration {
    type Err = String;

    /// A Go duration: `30s`, `1m30s`, `1.5h`, `0`.
    fn from_str(text: &str) -> Result<Duration, String> {
        let nanos = parse_duration(text.as_bytes())
            .map_err(|problem| format!("{problem} `{text}`: give one such as 200ms, 30s or 1m30s"))?;
        let nanos = u64::try_from(nanos);
        nanos.map(Duration).map_err(|_| format!("`{text}` is negative: give a duration of 0 or more"))
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_go_does_and_read_again() {
        for (nanos, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_100, "1.1µs"),
            (200_000_000, "200ms"),
            (1_500_000_000, "1.5s"),
            (60_000_000_000, "1m0s"),
            (3_600_000_000_000, "1h0m0s"),
            (5_025_000_000_001, "1h23m45.000000001s"),
        ] {
            assert_eq!(Duration(nanos).to_string(), text);
            assert_eq!(text.parse(), Ok(Duration(nanos)));
        }
        for bad in ["", "30", "-1s", "1x"] {
            assert!(bad.parse::<Duration>().is_err(), "{bad}");
        }
    }

    #[test]
    fn ticks_follow_one_another() {
        let tick = |moment| Duration(300).next_tick(Duration(100), Duration(moment)).0;
        assert_eq!([tick(100), tick(101), tick(400), tick(401)], [100, 400, 400, 700]);
        assert_eq!(Duration(0).next_tick(Duration(100), Duration(150)).0, 150);
    }
}
