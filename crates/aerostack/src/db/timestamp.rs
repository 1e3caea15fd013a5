//! Times as SQLite writes them, for `#[serde(with = "aerostack::db::timestamp")]`. Behind the features `chrono` and `time`.
//!
//! `CURRENT_TIMESTAMP` and `datetime(..)` give `2026-06-21 07:28:00`, in UTC and without saying so, which neither crate
//! reads by itself. This module reads that, RFC 3339 with any offset, a date alone as its midnight, and numbers: Unix
//! seconds, as `unixepoch()` gives them, or milliseconds from 100,000,000,000 on. It writes RFC 3339 in UTC, as `.bind(..)`
//! does.
//!
//! It serves `chrono::DateTime<Utc>`, `chrono::NaiveDateTime`, `time::OffsetDateTime`, `time::PrimitiveDateTime` (in UTC),
//! and each of them in an `Option`.
//!
#![cfg_attr(feature = "chrono", doc = "```")]
#![cfg_attr(not(feature = "chrono"), doc = "```ignore")]
//! #[derive(serde::Deserialize)]
//! struct Note {
//!     #[serde(with = "aerostack::db::timestamp")]
//!     created_at: chrono::DateTime<chrono::Utc>,
//! }
//!
//! let note: Note = serde_json::from_str(r#"{"created_at":"2026-06-21 07:28:00"}"#)?;
//! assert_eq!(note.created_at.to_rfc3339(), "2026-06-21T07:28:00+00:00");
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt;

use serde::{Deserializer, Serializer, de};

/// A point in time of a crate that is supported, or an `Option` of one.
pub trait Timestamp: sealed::Convert {}

impl<T: sealed::Convert> Timestamp for T {}

/// A time since the Unix epoch.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    seconds: i64,
    nanoseconds: u32,
}

mod sealed {
    use super::Instant;

    pub trait Convert: Sized {
        /// `None` for a time that the type cannot hold.
        fn from_instant(instant: Option<Instant>) -> Option<Self>;
        fn to_instant(&self) -> Option<Instant>;
    }

    impl<T: Convert> Convert for Option<T> {
        fn from_instant(instant: Option<Instant>) -> Option<Self> {
            match instant {
                None => Some(None),
                some => T::from_instant(some).map(Some),
            }
        }

        fn to_instant(&self) -> Option<Instant> {
            self.as_ref()?.to_instant()
        }
    }

    #[cfg(feature = "chrono")]
    impl Convert for chrono::DateTime<chrono::Utc> {
        fn from_instant(instant: Option<Instant>) -> Option<Self> {
            let instant = instant?;
            Self::from_timestamp(instant.seconds, instant.nanoseconds)
        }

        fn to_instant(&self) -> Option<Instant> {
            Some(Instant {
                seconds: self.timestamp(),
                nanoseconds: self.timestamp_subsec_nanos().min(999_999_999),
            })
        }
    }

    #[cfg(feature = "chrono")]
    impl Convert for chrono::NaiveDateTime {
        fn from_instant(instant: Option<Instant>) -> Option<Self> {
            chrono::DateTime::from_instant(instant).map(|time| time.naive_utc())
        }

        fn to_instant(&self) -> Option<Instant> {
            self.and_utc().to_instant()
        }
    }

    #[cfg(feature = "time")]
    impl Convert for time::OffsetDateTime {
        fn from_instant(instant: Option<Instant>) -> Option<Self> {
            let instant = instant?;
            let time = Self::from_unix_timestamp(instant.seconds).ok()?;
            time.replace_nanosecond(instant.nanoseconds).ok()
        }

        fn to_instant(&self) -> Option<Instant> {
            Some(Instant {
                seconds: self.unix_timestamp(),
                nanoseconds: self.nanosecond(),
            })
        }
    }

    #[cfg(feature = "time")]
    impl Convert for time::PrimitiveDateTime {
        fn from_instant(instant: Option<Instant>) -> Option<Self> {
            let time = time::OffsetDateTime::from_instant(instant)?;
            Some(Self::new(time.date(), time.time()))
        }

        fn to_instant(&self) -> Option<Instant> {
            self.assume_utc().to_instant()
        }
    }
}

/// Writes RFC 3339 in UTC, or null.
///
/// # Errors
/// The serializer's own.
pub fn serialize<T: Timestamp, S: Serializer>(time: &T, serializer: S) -> Result<S::Ok, S::Error> {
    match time.to_instant() {
        Some(instant) => serializer.collect_str(&instant),
        None => serializer.serialize_none(),
    }
}

/// Reads a time in any of the forms above.
///
/// # Errors
/// For anything else, and for a time that the type cannot hold.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Timestamp,
    D: Deserializer<'de>,
{
    let found = deserializer.deserialize_any(Form)?;
    T::from_instant(found).ok_or_else(|| de::Error::invalid_type(de::Unexpected::Unit, &Form))
}

struct Form;

impl de::Visitor<'_> for Form {
    type Value = Option<Instant>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as `2026-06-21 07:28:00`, or Unix seconds")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<Instant>, E> {
        Ok(None)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Option<Instant>, E> {
        const MILLISECONDS: u64 = 100_000_000_000;
        let (seconds, nanoseconds) = match number.unsigned_abs() {
            0..MILLISECONDS => (number, 0),
            _ => (
                number.div_euclid(1000),
                number.rem_euclid(1000) as u32 * 1_000_000,
            ),
        };
        Ok(Some(Instant {
            seconds,
            nanoseconds,
        }))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Option<Instant>, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::invalid_value(de::Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<Instant>, E> {
        match Instant::parse(text) {
            Some(instant) => Ok(Some(instant)),
            None => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}

impl Instant {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, rest) = text.split_at_checked(10)?;
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let rest = match rest.strip_prefix(['T', 't', ' ']) {
            None if rest.is_empty() => "00:00:00",
            None => return None,
            Some(rest) => rest,
        };
        let end = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
        let (time, offset) = rest.split_at(end);
        let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
        // `datetime` of SQLite leaves the seconds out in one of its forms.
        let [hour, minute, second] = match time.len() {
            5 => numbers(time, ':', [2, 2]).map(|[hour, minute]| [hour, minute, 0])?,
            _ => numbers(time, ':', [2, 2, 2])?,
        };
        if hour > 23 || minute > 59 || second > 59 || !fraction.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let digits: String = fraction
            .chars()
            .chain("000000000".chars())
            .take(9)
            .collect();
        let seconds = days(year, month, day)? * 86_400 + hour * 3600 + minute * 60 + second;
        Some(Self {
            seconds: seconds - offset_of(offset.trim_start())?,
            nanoseconds: digits.parse().ok()?,
        })
    }
}

/// `+02:00` in seconds; nothing, or a `Z`, is UTC.
fn offset_of(text: &str) -> Option<i64> {
    if matches!(text, "" | "Z" | "z") {
        return Some(0);
    }
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+')?),
    };
    let [hours, minutes] = numbers(text, ':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Numbers of so many digits each.
fn numbers<const N: usize>(text: &str, between: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(between);
    let mut found = [0; N];
    for (number, length) in found.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

const DAYS_OF_400_YEARS: i64 = 146_097;

/// Days since the epoch. Years begin in March here, so that a leap day is the last of its year.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * DAYS_OF_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// RFC 3339, with nine digits of a second: it sorts as the times do.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, second) = (
            self.seconds.div_euclid(86_400) + 719_468,
            self.seconds.rem_euclid(86_400),
        );
        let (era, of_era) = (
            day.div_euclid(DAYS_OF_400_YEARS),
            day.rem_euclid(DAYS_OF_400_YEARS),
        );
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = (shifted + 2) % 12 + 1;
        let year = era * 400 + year + i64::from(month <= 2);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:09}Z",
            second / 3600,
            second / 60 % 60,
            second % 60,
            self.nanoseconds
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<(i64, u32)> {
        Instant::parse(text).map(|instant| (instant.seconds, instant.nanoseconds))
    }

    #[test]
    fn times_are_read_in_the_forms_of_sqlite_and_of_rfc_3339() {
        for (text, expected) in [
            ("1970-01-01 00:00:00", Some((0, 0))),
            ("2026-06-21 07:28:00", Some((1_782_026_880, 0))),
            ("2026-06-21T07:28:00Z", Some((1_782_026_880, 0))),
            ("2026-06-21T09:28:00+02:00", Some((1_782_026_880, 0))),
            ("2026-06-21 07:28:00.5", Some((1_782_026_880, 500_000_000))),
            ("2026-06-21 07:28", Some((1_782_026_880, 0))),
            ("2026-06-21", Some((1_782_000_000, 0))),
            ("1969-12-31T23:59:59Z", Some((-1, 0))),
            ("2024-02-29", Some((1_709_164_800, 0))),
            ("2025-02-29", None),
            ("2026-13-01", None),
            ("2026-06-21 24:00:00", None),
            ("2026-06-21x", None),
            ("2026-06-21T", None),
            ("21.06.2026", None),
            ("20²6-06-21", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds in -62_135_596_800_i64..253_402_300_800, nanoseconds in 0u32..1_000_000_000) {
            let instant = Instant { seconds, nanoseconds };
            prop_assert_eq!(Instant::parse(&instant.to_string()), Some(instant));
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,30}", mangled in "[0-9:TZ .+-]{0,30}") {
            let _ = (Instant::parse(&text), Instant::parse(&mangled));
        }
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono_agrees() {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        struct Row {
            #[serde(with = "super")]
            at: chrono::DateTime<chrono::Utc>,
            #[serde(with = "super")]
            naive: chrono::NaiveDateTime,
            #[serde(with = "super", default)]
            never: Option<chrono::DateTime<chrono::Utc>>,
        }
        let row: Row = serde_json::from_str(
            r#"{"at":"2026-06-21 07:28:00.25","naive":1782026880250,"never":null}"#,
        )
        .unwrap();
        assert_eq!(row.at.to_rfc3339(), "2026-06-21T07:28:00.250+00:00");
        assert_eq!(row.naive.and_utc(), row.at);
        assert_eq!(row.never, None);
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), row);
        assert!(serde_json::from_str::<Row>(r#"{"at":null,"naive":0}"#).is_err());
    }

    #[cfg(feature = "time")]
    #[test]
    fn time_agrees() {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        struct Row {
            #[serde(with = "super")]
            at: time::OffsetDateTime,
            #[serde(with = "super")]
            plain: Option<time::PrimitiveDateTime>,
        }
        let row: Row =
            serde_json::from_str(r#"{"at":"2026-06-21 07:28:00","plain":"1999-12-31"}"#).unwrap();
        assert_eq!(row.at.unix_timestamp(), 1_782_026_880);
        assert_eq!(row.plain.unwrap().year(), 1999);
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), row);
    }
}
