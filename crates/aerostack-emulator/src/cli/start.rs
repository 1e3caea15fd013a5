//! `start`: serves until it is told to stop.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aerostack_emulator::{Emulator, Snapshot};

use crate::cli::args::StartArgs;

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// When it cannot start, with what to do about it.
pub(crate) async fn run(args: StartArgs) -> Result<(), String> {
    let (data, own_key) = (args.data(), args.has_own_key());
    let port_file = args.port_file.clone();
    let emulator = launch(args).await?;
    welcome(&emulator, &data, own_key).map_err(|error| error.to_string())?;
    let _port_file = port_file
        .map(|file| PortFile::write(file, emulator.port()))
        .transpose()?;
    wait_for_stop().await;
    // A second signal does not wait.
    tokio::select! {
        () = emulator.shutdown() => {}
        () = wait_for_stop() => std::process::exit(130),
    }
    Ok(())
}

/// Starts an emulator with these flags.
///
/// # Errors
/// When it cannot start, with what to do about it.
pub(crate) async fn launch(args: StartArgs) -> Result<Emulator, String> {
    let import = args.import.clone();
    let emulator = args
        .builder()?
        .start()
        .await
        .map_err(|error| report(&error))?;
    if let Some(file) = import {
        restore(&emulator, &file).await?;
    }
    Ok(emulator)
}

/// Writes all data of a folder to a file.
///
/// # Errors
/// When no folder is named, it is in use, or the file cannot be written.
pub(crate) async fn export(args: StartArgs, file: &Path) -> Result<(), String> {
    let emulator = on_a_folder(args, "export").await?;
    let snapshot = emulator.snapshot().await.map_err(|error| report(&error))?;
    let written = snapshot
        .write(file)
        .map_err(|error| format!("cannot write {}: {error}", file.display()));
    emulator.shutdown().await;
    written
}

/// Puts the data of an export into a folder.
///
/// # Errors
/// When no folder is named, it is in use, or the file cannot be read.
pub(crate) async fn import(args: StartArgs, file: &Path) -> Result<(), String> {
    let emulator = on_a_folder(args, "import").await?;
    let restored = restore(&emulator, file).await;
    emulator.shutdown().await;
    restored
}

async fn on_a_folder(args: StartArgs, what: &str) -> Result<Emulator, String> {
    if !args.has_data_dir() {
        return Err(format!("{what} needs the --data-dir whose data is meant"));
    }
    launch(args.on_a_free_port()).await
}

async fn restore(emulator: &Emulator, file: &Path) -> Result<(), String> {
    let cannot_read = |error| format!("cannot read {}: {error}", file.display());
    let snapshot = Snapshot::read(file).map_err(cannot_read)?;
    emulator
        .restore(&snapshot)
        .await
        .map_err(|error| report(&error))
}

/// The error and what it comes from.
fn report(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", report(source)),
        None => error.to_string(),
    }
}

/// Prints what a client needs. A key that was given is not printed: output ends up in files and CI logs.
fn welcome(emulator: &Emulator, data: &str, own_key: bool) -> std::io::Result<()> {
    let key = if own_key {
        "<the --api-key you gave>"
    } else {
        emulator.api_key()
    };
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "Aerostack is running locally at {url}\n\n    project  {slug} ({id})\n    data     {data}\n\n\
         Point a client at it:\n\n    export AEROSTACK_BASE_URL={url}\n    export AEROSTACK_API_KEY={key}\n    \
         export AEROSTACK_PROJECT_ID={id}\n    export AEROSTACK_PROJECT_SLUG={slug}\n\n\
         Look at it in a browser (the link opens the console until the emulator stops):\n\n    {console}\n\n\
         One-time codes and mailed tokens appear below. Ctrl-C stops it.\n",
        url = emulator.url(),
        console = emulator.console_url(),
        slug = emulator.project_slug(),
        id = emulator.project_id(),
    )?;
    out.flush()
}

/// A file that holds the port as long as the emulator can be called.
pub(crate) struct PortFile(PathBuf);

impl PortFile {
    /// Writes it in one step, so that nobody reads half of it.
    pub(crate) fn write(file: PathBuf, port: u16) -> Result<Self, String> {
        let draft = file.with_extension("draft");
        let write = |draft: &Path| {
            std::fs::write(draft, format!("{port}\n"))?;
            std::fs::rename(draft, &file)
        };
        write(&draft)
            .map(|()| Self(file.clone()))
            .map_err(|error| format!("cannot write {}: {error}", file.display()))
    }
}

impl Drop for PortFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Returns at Ctrl-C or SIGTERM.
pub(crate) async fn wait_for_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
