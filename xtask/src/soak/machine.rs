//! What the figures were taken on.

use std::num::NonZero;

/// Processors, their kind where the system tells, and the system.
pub(crate) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let kind = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| model(&text).map(|model| format!(" ({model})")))
        .unwrap_or_default();
    format!(
        "{cores} cores{kind}, {} {}",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

fn model(cpuinfo: &str) -> Option<&str> {
    let line = cpuinfo
        .lines()
        .find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_named_where_the_system_names_it() {
        assert_eq!(
            model("processor\t: 0\nmodel name\t: Some CPU @ 2.5\n"),
            Some("Some CPU @ 2.5")
        );
        assert_eq!(model("Hardware\t: Board\n"), None);
    }
}
