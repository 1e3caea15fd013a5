//! How many cases a test runs.

/// As many as usual, or with `REALTIME_CASES=long` as many as the promise speaks of. Prints the number.
pub fn cases(promise: u8, what: &str, usual: u32, long: u32) -> u32 {
    let is_long = std::env::var_os("REALTIME_CASES").is_some_and(|form| form == "long");
    let count = if is_long { long } else { usual };
    println!("promise {promise}: {count} {what}");
    count
}
