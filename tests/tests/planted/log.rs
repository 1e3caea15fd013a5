//! Everything that is logged on the threads of the client, by anybody, at any level.

use std::cell::Cell;
use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

thread_local! {
    /// The platform runs in this process as well, and what it logs is its own affair.
    static PLATFORM: Cell<bool> = const { Cell::new(true) };
}

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Makes it the log of the process, for what is written through `tracing` and through `log`.
    pub(crate) fn install() -> Self {
        let all = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new("trace"))
            .with_ansi(false)
            // Digits of a time could be taken for a code.
            .without_time()
            .with_span_events(FmtSpan::FULL)
            .with_writer(all.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log::set_boxed_logger(Box::new(all.clone())).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        all
    }

    /// Hears this thread from now on, which has to be the one that the client's tasks run on.
    pub(crate) fn listen(&self) {
        PLATFORM.set(false);
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !PLATFORM.get() {
            self.0.lock().unwrap().extend(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(self.clone(), "{} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}
