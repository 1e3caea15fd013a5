//! What is printed: one table in Markdown, a row for each measurement, and where it comes from.

use std::time::{Duration, SystemTime};

/// The promises a row speaks of; none for a figure beside them.
#[derive(Clone, Copy)]
pub struct Promise(pub u8);

pub const NO_PROMISE: Promise = Promise(0);

/// A measurement.
pub struct Row {
    pub promise: Promise,
    pub what: String,
    pub measured: String,
    /// What it is measured by, in the same run.
    pub beside: String,
    pub ratio: String,
    pub target: String,
}

impl Row {
    pub fn new(promise: Promise, what: impl Into<String>) -> Self {
        Self {
            promise,
            what: what.into(),
            measured: String::new(),
            beside: String::new(),
            ratio: String::new(),
            target: String::new(),
        }
    }

    pub fn measured(mut self, measured: impl Into<String>) -> Self {
        self.measured = measured.into();
        self
    }

    pub fn beside(mut self, beside: impl Into<String>) -> Self {
        self.beside = beside.into();
        self
    }

    pub fn ratio(mut self, ratio: impl Into<String>) -> Self {
        self.ratio = ratio.into();
        self
    }

    /// What was wanted, and whether it is so.
    pub fn target(mut self, target: &str, met: bool) -> Self {
        self.target = format!("{target}: {}", if met { "met" } else { "**missed**" });
        self
    }

    pub fn print(self) {
        let Promise(number) = self.promise;
        let number = if number == 0 {
            String::new()
        } else {
            number.to_string()
        };
        let Self {
            what,
            measured,
            beside,
            ratio,
            target,
            ..
        } = self;
        println!("| {number} | {what} | {measured} | {beside} | {ratio} | {target} |");
    }
}

/// Prints the date, the machine and the table's head.
pub fn heading(title: &str) {
    println!("### {title}\n\n{}; {}\n", today(), machine());
    println!("| promise | what | measured | beside it | ratio | target |");
    println!("|{}", " --- |".repeat(6));
}

/// The middle one, and the range.
pub struct Spread {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

pub fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    Spread {
        median: values[values.len() / 2],
        low: values[0],
        high: values[values.len() - 1],
    }
}

/// The value below which this share of all lies.
pub fn percentile(times: &mut [Duration], share: f64) -> Duration {
    times.sort();
    times[((times.len() - 1) as f64 * share) as usize]
}

pub fn millions(rate: f64) -> String {
    format!("{:.2} M/s", rate / 1e6)
}

pub fn micros(time: Duration) -> String {
    format!("{:.1} us", time.as_secs_f64() * 1e6)
}

pub fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (os, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{cores} cores of {model}, {os} {architecture}, plain TCP over loopback")
}

/// The date by the civil calendar, from days since 1970-01-01.
fn today() -> String {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let days = (since.as_secs() / 86_400) as i64 + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
