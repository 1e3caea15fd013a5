//! Starting an emulator.

mod project;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::config::{BatchMode, Limits, PasswordHashing, Project};
use crate::emulator::Emulator;
use crate::http::keys::Keys;
use crate::http::latency::Latency;
use crate::http::origins::Origins;
use crate::http::server;
use crate::platform::{Config, Platform};
use crate::project::ProjectConfig;
use crate::realtime::Switches;
use crate::services::auth;
use crate::start_error::StartError;
use crate::store::scripts::Source;

const DEFAULT_KEY: &str = "ac_secret_local";
const DEFAULT_PUBLIC_KEY: &str = "ac_public_local";

/// The settings of an emulator, made by [`Emulator::builder`].
#[must_use = "an emulator runs only after start().await"]
pub struct EmulatorBuilder {
    config: Config,
    address: IpAddr,
    port: u16,
    hosts: Vec<String>,
    origins: Vec<String>,
    project: ProjectConfig,
}

/// Without its settings, which hold keys.
impl fmt::Debug for EmulatorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorBuilder").finish_non_exhaustive()
    }
}

impl EmulatorBuilder {
    pub(crate) fn new() -> Self {
        Self {
            config: Config {
                project: Project {
                    id: "proj_local".to_owned(),
                    slug: "local".to_owned(),
                },
                keys: Keys {
                    secret: DEFAULT_KEY.to_owned(),
                    public: DEFAULT_PUBLIC_KEY.to_owned(),
                },
                data_dir: None,
                schema: Vec::new(),
                fresh: false,
                batch_mode: BatchMode::default(),
                limits: Limits::default(),
                latency: Latency::default(),
                auth: auth::Settings {
                    jwt_secret: Vec::new(),
                    password_hashing: PasswordHashing::default(),
                    show_mail: false,
                    require_verification: false,
                    custom_fields: None,
                },
                rate_limits: false,
                control: false,
                realtime: Switches::default(),
                origins: Origins::default(),
            },
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            hosts: Vec::new(),
            origins: Vec::new(),
            project: ProjectConfig::default(),
        }
    }

    /// The project's id; `proj_local` by default.
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.config.project.id = id.into();
        self
    }

    /// The project's slug, as end-user auth names the project in paths; `local` by default.
    pub fn project_slug(mut self, slug: impl Into<String>) -> Self {
        self.config.project.slug = slug.into();
        self
    }

    /// The secret API key; `ac_secret_local` by default.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.config.keys.secret = key.into();
        self
    }

    /// The public API key, which opens realtime only; `ac_public_local` by default.
    pub fn public_key(mut self, key: impl Into<String>) -> Self {
        self.config.keys.public = key.into();
        self
    }

    /// The port to listen on; a free one by default.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The address to listen on; 127.0.0.1 by default. Any other than a loopback address opens the emulator to the
    /// network and needs an [`api_key`](Self::api_key) and a [`public_key`](Self::public_key) of its own, since the
    /// default ones are well known.
    pub fn listen_on(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// Also serves requests whose `Host` header has this name, such as `aerostack.test` or the name of a container. By
    /// default the host has to be an IP address, `localhost` or a name below it, so that a page whose name was rebound
    /// to this machine gets 403.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Also lets web pages of this origin call, such as `https://app.example`. By default pages of loopback origins
    /// may, on every port, and those of all other origins get 403. The controls are closed to all of them.
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.push(origin.into());
        self
    }

    /// Keeps the data in this folder, which is made when it does not exist, for the current user alone. In memory by
    /// default.
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.config.data_dir = Some(folder.into());
        self
    }

    /// SQL that makes the project's tables. Each statement runs once for a data folder: those that ran before are
    /// skipped next time. Can be called several times.
    pub fn schema(mut self, sql: impl Into<String>) -> Self {
        self.config.schema.push(Source::Text(sql.into()));
        self
    }

    /// The same from a file, which errors name with the line.
    pub fn schema_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.config.schema.push(Source::File(file.into()));
        self
    }

    /// Applies the `.sql` files of a folder in the order of their names, each once for a data folder and in a
    /// transaction of its own. A file that changed after it was applied is an error.
    pub fn migrations(mut self, folder: impl Into<PathBuf>) -> Self {
        self.config.schema.push(Source::Migrations(folder.into()));
        self
    }

    /// Throws the data in the folder away before anything is read from it; `false` by default.
    pub fn fresh(mut self, fresh: bool) -> Self {
        self.config.fresh = fresh;
        self
    }

    /// Applies the limits that D1 publishes for SQL; `false` by default. The same as [`Limits::d1`].
    pub fn d1_limits(mut self, applied: bool) -> Self {
        self.config.limits.d1 = applied;
        self
    }

    /// Whether a batch is one transaction; [`BatchMode::Atomic`] by default.
    pub fn batch_mode(mut self, mode: BatchMode) -> Self {
        self.config.batch_mode = mode;
        self
    }

    /// Sizes and times the services enforce.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.config.limits = limits;
        self
    }

    /// Lets every call take at least this long, in real time; zero by default.
    pub fn latency(self, latency: Duration) -> Self {
        self.config.latency.set(latency);
        self
    }

    /// Whether end users must confirm their address before they can log in; `false` by default.
    pub fn require_email_verification(mut self, required: bool) -> Self {
        self.config.auth.require_verification = required;
        self
    }

    /// How strongly passwords are hashed; [`PasswordHashing::Fast`] by default.
    pub fn password_hashing(mut self, hashing: PasswordHashing) -> Self {
        self.config.auth.password_hashing = hashing;
        self
    }

    /// Keeps only these custom fields of end users, as a project that has configured them does. All by default.
    pub fn custom_fields<I>(mut self, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.config.auth.custom_fields = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The secret that signs user tokens. Made up by default, and kept in the data folder.
    pub fn jwt_secret(mut self, secret: impl Into<Vec<u8>>) -> Self {
        self.config.auth.jwt_secret = secret.into();
        self
    }

    /// Applies the platform's rate limits; `false` by default.
    pub fn rate_limits(mut self, applied: bool) -> Self {
        self.config.rate_limits = applied;
        self
    }

    /// Serves the web console and the controls over HTTP under `/__emulator`, for the holder of the secret key or of
    /// [`Emulator::console_url`]; `false` by default. The program always serves them. The paths are in the
    /// [documentation of the crate](crate#over-http).
    pub fn control(mut self, served: bool) -> Self {
        self.config.control = served;
        self
    }

    /// Writes one-time codes and mailed tokens to the log at level info; `false` by default.
    pub fn show_mail(mut self, shown: bool) -> Self {
        self.config.auth.show_mail = shown;
        self
    }

    /// How realtime behaves where the platform's own behavior is not known.
    pub fn realtime(mut self, switches: Switches) -> Self {
        self.config.realtime = switches;
        self
    }

    /// Opens the databases and starts listening. It runs on the current tokio runtime until it is shut down or
    /// dropped.
    ///
    /// # Errors
    /// When a setting cannot be used, the data folder or a database cannot be opened, the schema is refused, or the
    /// port is taken.
    pub async fn start(self) -> Result<Emulator, StartError> {
        let Self {
            mut config,
            address,
            port,
            hosts,
            origins,
            project,
        } = self;
        let refuse = |message| StartError::Setting { message };
        for host in &hosts {
            config.origins.allow_host(host).map_err(refuse)?;
        }
        for origin in &origins {
            config.origins.allow_origin(origin).map_err(refuse)?;
        }
        let keys = &config.keys;
        if keys.secret.is_empty() || keys.secret == keys.public {
            return Err(StartError::Setting {
                message: "the secret API key must not be empty nor equal to the public key"
                    .to_owned(),
            });
        }
        if !address.is_loopback()
            && (keys.secret == DEFAULT_KEY || keys.public == DEFAULT_PUBLIC_KEY)
        {
            return Err(StartError::Setting {
                message: format!(
                    "{address} is reachable from other machines, and the default API keys are well known; set an \
                     api_key and a public_key of your own, or listen on a loopback address"
                ),
            });
        }
        let address = SocketAddr::new(address, port);
        let cannot_listen = |source| StartError::Listen {
            address: address.to_string(),
            source,
        };
        let listener = TcpListener::bind(address).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        // Opening a database waits for the disk.
        let header_time = config.limits.header_time;
        let opened =
            tokio::task::spawn_blocking(move || Platform::open(config, project.build()?)).await;
        let (platform, router) = opened.map_err(|error| StartError::Database {
            database: "project",
            message: error.to_string(),
        })??;
        let tasks = platform.tasks.clone();
        tasks.spawn(platform.queue.clone().run(tasks.clone()));
        let server = server::serve(router, listener, header_time, tasks.stop);
        Ok(Emulator::new(platform, address, tokio::spawn(server)))
    }
}
