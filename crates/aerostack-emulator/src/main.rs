//! The local platform as a program.

mod cli;

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use aerostack_emulator::{BatchMode, Emulator, EmulatorBuilder, PasswordHashing};
use clap::{Parser, ValueEnum};
use tracing_subscriber::EnvFilter;

use cli::project_args::ProjectArgs;

/// A local Aerostack for development: real SQLite, real sockets, no account.
#[derive(Parser)]
#[command(name = "aerostack-emulator", version)]
struct Args {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8787, env = "AEROSTACK_EMULATOR_PORT")]
    port: u16,

    /// The address to listen on. Another than a loopback address needs --allow-network.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    listen: IpAddr,

    /// Lets other machines reach the emulator; needs an --api-key and a --public-key of your own.
    #[arg(long)]
    allow_network: bool,

    /// Serves requests under this host name too, such as the name of a container. Can be given several times.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,

    /// Lets web pages of this origin call too, such as https://app.example; loopback origins always may. Can be given
    /// several times.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,

    /// SQL that makes the project's tables. Can be given several times; each file runs once for a data folder.
    #[arg(long, value_name = "FILE")]
    schema: Vec<PathBuf>,

    /// Keeps the data in this folder instead of in memory.
    #[arg(long, value_name = "FOLDER", env = "AEROSTACK_EMULATOR_DATA")]
    data_dir: Option<PathBuf>,

    /// The secret API key. AEROSTACK_API_KEY, which may hold the key of a real project, is never read.
    #[arg(
        long,
        value_name = "KEY",
        env = "AEROSTACK_EMULATOR_API_KEY",
        hide_env_values = true
    )]
    api_key: Option<String>,

    /// The public API key, which opens realtime only.
    #[arg(
        long,
        value_name = "KEY",
        env = "AEROSTACK_EMULATOR_PUBLIC_KEY",
        hide_env_values = true
    )]
    public_key: Option<String>,

    /// The project's id.
    #[arg(
        long,
        env = "AEROSTACK_EMULATOR_PROJECT_ID",
        default_value = "proj_local"
    )]
    project_id: String,

    /// The project's slug.
    #[arg(long, env = "AEROSTACK_EMULATOR_PROJECT_SLUG", default_value = "local")]
    project_slug: String,

    /// Whether the statements of a batch succeed or fail together.
    #[arg(long, value_enum, default_value = "atomic")]
    batch_mode: BatchModeArg,

    /// End users must confirm their address before they can log in.
    #[arg(long)]
    require_email_verification: bool,

    /// Applies the platform's rate limits.
    #[arg(long)]
    rate_limits: bool,

    /// Lets every call take at least this long.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency: u64,

    /// The secret that signs user tokens; made up, and kept in the data folder, by default.
    #[arg(long, env = "AEROSTACK_EMULATOR_JWT_SECRET", hide_env_values = true)]
    jwt_secret: Option<String>,

    #[command(flatten)]
    project: ProjectArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum BatchModeArg {
    Atomic,
    Partial,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(std::io::stderr)
        .init();
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "aerostack-emulator: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), String> {
    let data = args
        .data_dir
        .as_ref()
        .map_or("in memory".to_owned(), |folder| {
            folder.display().to_string()
        });
    let own_key = args.api_key.is_some();
    let emulator = builder(args)?
        .start()
        .await
        .map_err(|error| report(&error))?;
    welcome(&emulator, &data, own_key).map_err(|error| error.to_string())?;
    wait_for_stop().await;
    // A second signal does not wait.
    tokio::select! {
        () = emulator.shutdown() => {}
        () = wait_for_stop() => std::process::exit(130),
    }
    Ok(())
}

fn builder(args: Args) -> Result<EmulatorBuilder, String> {
    if !args.listen.is_loopback() {
        if !args.allow_network {
            return Err(format!(
                "{} is reachable from other machines; add --allow-network if that is what you want",
                args.listen
            ));
        }
        if args.api_key.is_none() || args.public_key.is_none() {
            return Err(
                "--allow-network needs an --api-key and a --public-key of your own; the default ones are well known"
                    .to_owned(),
            );
        }
    }
    let mut builder = Emulator::builder()
        .port(args.port)
        .listen_on(args.listen)
        .project_id(args.project_id)
        .project_slug(args.project_slug)
        .batch_mode(match args.batch_mode {
            BatchModeArg::Atomic => BatchMode::Atomic,
            BatchModeArg::Partial => BatchMode::Partial,
        })
        .require_email_verification(args.require_email_verification)
        .rate_limits(args.rate_limits)
        .latency(Duration::from_millis(args.latency))
        .password_hashing(PasswordHashing::Standard)
        .show_mail(true)
        .control(true);
    for file in args.schema {
        let sql = std::fs::read_to_string(&file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        builder = builder.schema(sql);
    }
    if let Some(folder) = args.data_dir {
        builder = builder.data_dir(folder);
    }
    if let Some(key) = args.api_key {
        builder = builder.api_key(key);
    }
    if let Some(key) = args.public_key {
        builder = builder.public_key(key);
    }
    for host in args.allow_host {
        builder = builder.allow_host(host);
    }
    for origin in args.allow_origin {
        builder = builder.allow_origin(origin);
    }
    if let Some(secret) = args.jwt_secret {
        builder = builder.jwt_secret(secret);
    }
    args.project.apply(builder, std::env::vars_os())
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

async fn wait_for_stop() {
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
