//! `exec -- COMMAND`: an emulator for as long as a command runs.

use std::ffi::OsString;
use std::process::{ExitCode, ExitStatus};

use aerostack_emulator::Emulator;
use tokio::process::{Child, Command};

use crate::cli::args::StartArgs;
use crate::cli::start::{self, PortFile};

/// Starts an emulator, runs the command with the environment that clients read, stops, and returns the command's status.
///
/// # Errors
/// When the emulator or the command cannot start.
pub(crate) async fn run(args: StartArgs, command: &[OsString]) -> Result<ExitCode, String> {
    let [program, arguments @ ..] = command else {
        return Err("exec needs a command: aerostack-emulator exec -- cargo test".to_owned());
    };
    let port_file = args.port_file.clone();
    let emulator = start::launch(args.on_a_free_port()).await?;
    let _port_file = port_file
        .map(|file| PortFile::write(file, emulator.port()))
        .transpose()?;
    tracing::info!("the emulator runs at {}", emulator.url());
    let started = Command::new(program)
        .args(arguments)
        .envs(environment(&emulator))
        .kill_on_drop(true)
        .spawn();
    let ended = match started {
        Ok(mut child) => wait(&mut child).await,
        Err(error) => Err(format!("cannot run {}: {error}", program.display())),
    };
    emulator.shutdown().await;
    ended
}

/// What a client needs to find the emulator, in the variables that clients read.
fn environment(emulator: &Emulator) -> [(&'static str, String); 5] {
    [
        ("AEROSTACK_BASE_URL", emulator.url()),
        ("AEROSTACK_API_KEY", emulator.api_key().to_owned()),
        ("AEROSTACK_PROJECT_ID", emulator.project_id().to_owned()),
        ("AEROSTACK_PROJECT_SLUG", emulator.project_slug().to_owned()),
        ("AEROSTACK_EMULATOR_URL", emulator.url()),
    ]
}

/// Waits for the end of the command. Ctrl-C reaches it from the terminal, as it is in the same group; a SIGTERM to the
/// emulator ends it.
async fn wait(child: &mut Child) -> Result<ExitCode, String> {
    let failed = |error: std::io::Error| format!("cannot wait for the command: {error}");
    let ended = tokio::select! {
        ended = child.wait() => ended,
        () = start::wait_for_stop() => {
            let patience = tokio::time::timeout(std::time::Duration::from_secs(5), child.wait());
            match patience.await {
                Ok(ended) => ended,
                Err(_) => {
                    child.start_kill().map_err(failed)?;
                    child.wait().await
                }
            }
        }
    };
    ended.map(code).map_err(failed)
}

/// The status as shells give it: 128 and the number of the signal for a command that a signal ended.
fn code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().or(signal.map(|signal| 128 + signal));
    let code = code.and_then(|code| u8::try_from(code & 0xff).ok());
    ExitCode::from(code.unwrap_or(1))
}
