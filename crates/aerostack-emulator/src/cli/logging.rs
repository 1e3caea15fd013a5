//! The log on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::cli::args::{LogArgs, LogFormat};

/// Starts the log. `usual` is the level without -q and -v, counted from 0: errors, warnings, information.
///
/// # Errors
/// When RUST_LOG is set and cannot be read.
pub(crate) fn start(args: &LogArgs, usual: i8) -> Result<(), String> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(text) if !text.is_empty() => EnvFilter::try_new(&text)
            .map_err(|error| format!("RUST_LOG={text} cannot be used: {error}"))?,
        _ => EnvFilter::new(level(usual, args)),
    };
    let colors = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(colors)
        .with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}

fn level(usual: i8, args: &LogArgs) -> &'static str {
    let change = |count: u8| i8::try_from(count).unwrap_or(i8::MAX);
    match usual
        .saturating_add(change(args.verbose))
        .saturating_sub(change(args.quiet))
    {
        i8::MIN..=0 => "error",
        1 => "warn",
        2 => "info",
        // Libraries say more than anyone wants at their lower levels.
        3 => "info,aerostack_emulator=debug",
        4.. => "trace",
    }
}
