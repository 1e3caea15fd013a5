//! Times of servers, in whichever form they come.

/// Unix milliseconds, from an integer, a float, either as text, RFC 3339, or SQLite's own form of it, which is in UTC.
pub(crate) fn unix_millis(json: &str) -> Option<i64> {
    let text = json.trim_matches('"');
    if let Ok(millis) = text.parse() {
        return Some(millis);
    }
    if let Ok(float) = text.parse::<f64>() {
        // Beyond this a float names no millisecond any more.
        return (float.abs() < 9.0e15).then_some(float as i64);
    }
    date_time(text)
}

/// `2026-11-18T12:30:00.123Z`, with a space for the `T`, an offset for the `Z` or nothing, and with or without fraction.
fn date_time(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers(date.splitn(3, '-'))?;
    let (time, offset) = match time.find(['Z', 'z', '+', '-']) {
        None => (time, 0),
        Some(at) => (time.get(..at)?, offset(time.get(at..)?)?),
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let [hour, minute, second] = numbers(time.splitn(3, ':'))?;
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    // A leap second is told as 60.
    if !fits || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    Some(seconds * 1_000 + millis)
}

/// Seconds by which a zone is ahead of UTC.
fn offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let [hours, minutes] = numbers(text.get(1..)?.splitn(2, ':'))?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn numbers<'t, const N: usize>(mut parts: impl Iterator<Item = &'t str>) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    for number in &mut numbers {
        let part = parts.next()?;
        let digits = (1..=4).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit());
        *number = digits.then(|| part.parse().ok())??;
    }
    Some(numbers)
}

/// Days since 1970 in the Gregorian calendar, counted in years that begin in March, so that a leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_come_in_every_form() {
        for (json, expected) in [
            ("1770000000123", Some(1_770_000_000_123)),
            ("\"1770000000123\"", Some(1_770_000_000_123)),
            ("1770000000123.9", Some(1_770_000_000_123)),
            ("\"1970-01-01T00:00:00Z\"", Some(0)),
            ("\"2026-02-02T02:40:00Z\"", Some(1_770_000_000_000)),
            ("\"2026-02-02T02:40:00.123Z\"", Some(1_770_000_000_123)),
            ("\"2026-02-02T02:40:00.1234567z\"", Some(1_770_000_000_123)),
            ("\"2026-02-02T04:40:00.5+02:00\"", Some(1_770_000_000_500)),
            ("\"2026-02-01T21:10:00-05:30\"", Some(1_770_000_000_000)),
            ("\"2026-02-02 02:40:00\"", Some(1_770_000_000_000)),
            ("\"2026-02-02 02:40:00.123\"", Some(1_770_000_000_123)),
            ("\"2024-02-29T00:00:00Z\"", Some(1_709_164_800_000)),
            ("\"2026-13-01T00:00:00Z\"", None),
            ("\"2026-02-02T24:40:00Z\"", None),
            ("\"2026-02-02\"", None),
            ("\"yesterday at noon\"", None),
            ("1e300", None),
            ("[]", None),
            ("null", None),
        ] {
            assert_eq!(unix_millis(json), expected, "{json}");
        }
    }

    proptest! {
        #[test]
        fn every_second_of_the_calendar_is_read_from_rfc_3339(seconds in 0u64..253_402_300_799) {
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            // `Sun, 06 Nov 1994 08:49:37 GMT`, written again as RFC 3339.
            let date = httpdate::fmt_http_date(time);
            let parts: Vec<&str> = date.split(' ').collect();
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let month = months.iter().position(|it| *it == parts[2]).unwrap() + 1;
            let text = format!("\"{}-{month:02}-{}T{}Z\"", parts[3], parts[1], parts[4]);
            prop_assert_eq!(unix_millis(&text), Some(seconds as i64 * 1_000));
        }

        #[test]
        fn no_text_upsets_the_reading_of_times(text in "[-0-9TZ:+. ]{0,30}|\\PC{0,20}") {
            let _ = unix_millis(&text);
        }
    }
}
