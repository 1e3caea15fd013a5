//! Values of other crates, each behind the feature of its name.
//!
//! Times are bound as RFC 3339 text in UTC with nine digits of a second: it sorts as the times do, SQLite's date
//! functions read it, and it reads back into the same type.

use super::{IntoValue, Value};

macro_rules! as_text {
    ($($type:ty => |$value:ident| $text:expr;)*) => {$(
        impl IntoValue for $type {
            fn into_value(self) -> Value {
                let $value = self;
                $text.into_value()
            }
        }

        impl IntoValue for &$type {
            fn into_value(self) -> Value {
                self.clone().into_value()
            }
        }
    )*};
}

#[cfg(feature = "uuid")]
as_text! {
    uuid::Uuid => |id| id.to_string();
}

#[cfg(feature = "rust_decimal")]
as_text! {
    rust_decimal::Decimal => |number| number.to_string();
}

#[cfg(feature = "chrono")]
as_text! {
    chrono::NaiveDate => |date| date.format("%Y-%m-%d").to_string();
    chrono::NaiveTime => |time| time.format("%H:%M:%S%.9f").to_string();
    chrono::NaiveDateTime => |time| time.format("%Y-%m-%dT%H:%M:%S%.9f").to_string();
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> IntoValue for chrono::DateTime<Z> {
    fn into_value(self) -> Value {
        self.to_utc()
            .format("%Y-%m-%dT%H:%M:%S%.9fZ")
            .to_string()
            .into_value()
    }
}

#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> IntoValue for &chrono::DateTime<Z> {
    fn into_value(self) -> Value {
        self.clone().into_value()
    }
}

#[cfg(feature = "time")]
mod time_crate {
    use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

    use super::*;

    fn date(date: Date) -> String {
        format!(
            "{:04}-{:02}-{:02}",
            date.year(),
            u8::from(date.month()),
            date.day()
        )
    }

    fn time(time: Time) -> String {
        let (hour, minute, second, nanosecond) = time.as_hms_nano();
        format!("{hour:02}:{minute:02}:{second:02}.{nanosecond:09}")
    }

    as_text! {
        Date => |day| date(day);
        Time => |instant| time(instant);
        PrimitiveDateTime => |instant| format!("{}T{}", date(instant.date()), time(instant.time()));
        OffsetDateTime => |instant| {
            let utc = instant.to_offset(time::UtcOffset::UTC);
            format!("{}T{}Z", date(utc.date()), time(utc.time()))
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: impl IntoValue) -> String {
        serde_json::from_str(&serde_json::to_string(&value.into_value()).unwrap()).unwrap()
    }

    #[cfg(feature = "uuid")]
    #[test]
    fn a_uuid_is_its_hyphenated_text() {
        let id = uuid::Uuid::from_u128(7);
        assert_eq!(text(id), "00000000-0000-0000-0000-000000000007");
        assert_eq!(text(Some(&id)), text(id));
    }

    #[cfg(feature = "rust_decimal")]
    #[test]
    fn a_decimal_keeps_its_digits() {
        let price: rust_decimal::Decimal = "0.10000000000000000000000000".parse().unwrap();
        assert_eq!(text(price), "0.10000000000000000000000000");
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn times_of_chrono_sort_as_text_and_read_back() {
        use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveDateTime, Utc};
        let at: DateTime<FixedOffset> = "2026-03-01T02:00:05+02:00".parse().unwrap();
        assert_eq!(text(at), "2026-03-01T00:00:05.000000000Z");
        assert!(text(at) < text(at + Duration::milliseconds(500)));
        assert_eq!(text(at).parse::<DateTime<Utc>>().unwrap(), at);
        let naive = at.naive_utc();
        assert_eq!(text(naive).parse::<NaiveDateTime>().unwrap(), naive);
        assert_eq!(
            text(naive.date()).parse::<NaiveDate>().unwrap(),
            naive.date()
        );
        assert_eq!(text(naive.time()), "00:00:05.000000000");
    }

    #[cfg(feature = "time")]
    #[test]
    fn times_of_time_are_in_utc() {
        use time::{Duration, OffsetDateTime, UtcOffset};
        let at = OffsetDateTime::from_unix_timestamp(1_772_323_205)
            .unwrap()
            .to_offset(UtcOffset::from_hms(2, 0, 0).unwrap());
        assert_eq!(text(at), "2026-03-01T00:00:05.000000000Z");
        assert!(text(at) < text(at + Duration::milliseconds(500)));
        assert_eq!(text(at.date()), "2026-03-01");
    }
}
