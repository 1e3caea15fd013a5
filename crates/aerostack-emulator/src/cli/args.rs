//! The flags, and the settings they stand for.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use aerostack_emulator::realtime::Switches;
use aerostack_emulator::{BatchMode, Emulator, EmulatorBuilder, PasswordHashing};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cli::project_args::ProjectArgs;

/// The port where the platform's own tools expect a local one.
const USUAL_PORT: u16 = 8787;

/// A local Aerostack for development: real SQLite, real sockets, no account.
///
/// Without a command it starts and serves until Ctrl-C.
#[derive(Parser)]
#[command(
    name = "aerostack-emulator",
    version,
    args_conflicts_with_subcommands = true,
    args_override_self = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) start: StartArgs,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serves until Ctrl-C; the same as no command.
    #[command(args_override_self = true)]
    Start(StartArgs),
    /// Starts, runs a command with the environment that clients read, stops, and ends with the command's status.
    #[command(args_override_self = true)]
    Exec {
        #[command(flatten)]
        start: StartArgs,

        /// The command and its arguments.
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<std::ffi::OsString>,
    },
    /// Writes all data of a data folder to a file. No emulator may be using the folder.
    #[command(args_override_self = true)]
    Export {
        /// The file to write.
        file: PathBuf,

        #[command(flatten)]
        start: StartArgs,
    },
    /// Puts the data of an export into a data folder, in the place of what is there. No emulator may be using it.
    #[command(args_override_self = true)]
    Import {
        /// The file to read.
        file: PathBuf,

        #[command(flatten)]
        start: StartArgs,
    },
}

#[derive(Args)]
pub(crate) struct StartArgs {
    /// Reads settings from a TOML file, whose keys are these flags without the dashes. Flags given beside it win.
    #[arg(long, value_name = "FILE", env = "AEROSTACK_EMULATOR_CONFIG")]
    pub(crate) config: Option<PathBuf>,

    /// The port to listen on; 0 takes a free one. 8787 by default, a free one for exec.
    #[arg(long, env = "AEROSTACK_EMULATOR_PORT")]
    port: Option<u16>,

    /// Writes the port to this file once the emulator can be called.
    #[arg(long, value_name = "FILE")]
    pub(crate) port_file: Option<PathBuf>,

    /// The address to listen on, or localhost. Another than a loopback address needs --allow-network.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = address)]
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

    /// SQL that makes the project's tables. Can be given several times; each statement runs once for a data folder.
    #[arg(long, value_name = "FILE")]
    schema: Vec<PathBuf>,

    /// Applies the .sql files of a folder in the order of their names, each once for a data folder.
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,

    /// Throws the data in --data-dir away first.
    #[arg(long)]
    fresh: bool,

    /// Applies the limits that D1 publishes for SQL, such as 100 parameters.
    #[arg(long)]
    d1_limits: bool,

    /// Keeps the data in this folder instead of in memory.
    #[arg(long, value_name = "FOLDER", env = "AEROSTACK_EMULATOR_DATA")]
    data_dir: Option<PathBuf>,

    /// Puts the data of an export in place before anything is served.
    #[arg(long, value_name = "FILE")]
    pub(crate) import: Option<PathBuf>,

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

    /// Takes the credentials of realtime clients from the URL too, as old clients send them.
    #[arg(long)]
    legacy_query_auth: bool,

    /// The secret that signs user tokens; made up, and kept in the data folder, by default.
    #[arg(
        long,
        value_name = "SECRET",
        env = "AEROSTACK_EMULATOR_JWT_SECRET",
        hide_env_values = true
    )]
    jwt_secret: Option<String>,

    #[command(flatten)]
    project: ProjectArgs,

    #[command(flatten)]
    pub(crate) log: LogArgs,
}

#[derive(Args)]
#[command(next_help_heading = "What it says")]
pub(crate) struct LogArgs {
    /// The form of the log, which goes to standard error.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) log_format: LogFormat,

    /// Says less: only what failed. Twice: only what went wrong in the emulator itself.
    #[arg(short, long, action = clap::ArgAction::Count, conflicts_with = "verbose")]
    pub(crate) quiet: u8,

    /// Says more. Twice: everything. RUST_LOG, where it is set, decides in its place.
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum BatchModeArg {
    Atomic,
    Partial,
}

impl StartArgs {
    /// Whether the data outlives the emulator.
    pub(crate) fn has_data_dir(&self) -> bool {
        self.data_dir.is_some()
    }

    /// Where the data is, in words.
    pub(crate) fn data(&self) -> String {
        self.data_dir
            .as_ref()
            .map_or("in memory".to_owned(), |folder| {
                folder.display().to_string()
            })
    }

    /// Whether the user chose the secret key: then it is not printed.
    pub(crate) fn has_own_key(&self) -> bool {
        self.api_key.is_some()
    }

    /// The settings for a command that needs an emulator to itself.
    pub(crate) fn on_a_free_port(mut self) -> Self {
        self.port.get_or_insert(0);
        self
    }

    /// The settings these flags stand for.
    ///
    /// # Errors
    /// When flags contradict each other or a file cannot be read.
    pub(crate) fn builder(self) -> Result<EmulatorBuilder, String> {
        if !self.listen.is_loopback() {
            if !self.allow_network {
                return Err(format!(
                    "{} is reachable from other machines; add --allow-network if that is what you want",
                    self.listen
                ));
            }
            if self.api_key.is_none() || self.public_key.is_none() {
                return Err(
                    "--allow-network needs an --api-key and a --public-key of your own; the default ones are well known"
                        .to_owned(),
                );
            }
        }
        let mut switches = Switches::default();
        switches.legacy_query_auth = self.legacy_query_auth;
        let mut builder = Emulator::builder()
            .port(self.port.unwrap_or(USUAL_PORT))
            .listen_on(self.listen)
            .project_id(self.project_id)
            .project_slug(self.project_slug)
            .batch_mode(match self.batch_mode {
                BatchModeArg::Atomic => BatchMode::Atomic,
                BatchModeArg::Partial => BatchMode::Partial,
            })
            .require_email_verification(self.require_email_verification)
            .rate_limits(self.rate_limits)
            .latency(Duration::from_millis(self.latency))
            .password_hashing(PasswordHashing::Standard)
            .realtime(switches)
            .show_mail(true)
            .control(true);
        for file in self.schema {
            builder = builder.schema_file(file);
        }
        if let Some(folder) = self.migrations {
            builder = builder.migrations(folder);
        }
        builder = builder.fresh(self.fresh).d1_limits(self.d1_limits);
        if let Some(folder) = self.data_dir {
            builder = builder.data_dir(folder);
        }
        if let Some(key) = self.api_key {
            builder = builder.api_key(key);
        }
        if let Some(key) = self.public_key {
            builder = builder.public_key(key);
        }
        for host in self.allow_host {
            builder = builder.allow_host(host);
        }
        for origin in self.allow_origin {
            builder = builder.allow_origin(origin);
        }
        if let Some(secret) = self.jwt_secret {
            builder = builder.jwt_secret(secret);
        }
        self.project.apply(builder, std::env::vars_os())
    }
}

fn address(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text
            .parse()
            .map_err(|_| "it is neither an IP address nor localhost".to_owned()),
    }
}
