//! What a project supplies: workers, services, functions, collections, secrets, gateways, and the AI endpoint behind
//! them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use serde_json::Value;

use crate::http::outbound::check_url;
use crate::services::ai::Upstream;
use crate::services::callbacks::{Backend, FunctionCall, FunctionReply};
use crate::services::gateway::{GatewayApi, GatewayConsumer, Published};
use crate::services::queue::Workers;
use crate::services::secrets;
use crate::start_error::StartError;

/// What the builder collects.
#[derive(Default)]
pub(crate) struct ProjectConfig {
    pub(crate) workers: Workers,
    pub(crate) services: HashMap<String, Backend<Value, Value>>,
    pub(crate) functions: HashMap<String, Backend<FunctionCall, FunctionReply>>,
    pub(crate) collections: BTreeSet<String>,
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) secrets_files: Vec<PathBuf>,
    pub(crate) gateway_apis: Vec<GatewayApi>,
    pub(crate) gateway_consumers: Vec<GatewayConsumer>,
    pub(crate) ai: Option<Upstream>,
    pub(crate) ai_model: Option<String>,
}

/// The same, checked and ready for the services.
pub(crate) struct ProjectParts {
    pub(crate) workers: Workers,
    pub(crate) services: HashMap<String, Backend<Value, Value>>,
    pub(crate) functions: HashMap<String, Backend<FunctionCall, FunctionReply>>,
    pub(crate) collections: BTreeSet<String>,
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) published: Published,
    pub(crate) ai: Option<Upstream>,
}

impl ProjectConfig {
    pub(crate) fn build(self) -> Result<ProjectParts, StartError> {
        let refuse = |what: &str, why: String| StartError::Setting {
            message: format!("{what} cannot be used: {why}"),
        };
        let urls = self.workers.url().map(|url| ("the worker's URL", url));
        let urls = urls.into_iter().chain(
            self.ai
                .iter()
                .map(|ai| ("the AI endpoint's URL", ai.url.as_str())),
        );
        let services = self.services.values().filter_map(Backend::url);
        let functions = self.functions.values().filter_map(Backend::url);
        for (what, url) in urls
            .chain(services.map(|url| ("a service's URL", url)))
            .chain(functions.map(|url| ("a function's URL", url)))
        {
            check_url(url).map_err(|why| refuse(what, why))?;
        }
        let mut secrets = BTreeMap::new();
        for file in &self.secrets_files {
            let found = secrets::read_file(file)
                .map_err(|why| refuse(&format!("the secrets file {}", file.display()), why))?;
            secrets.extend(found);
        }
        // A value from code is nearer to the test than a file.
        secrets.extend(self.secrets);
        Ok(ProjectParts {
            workers: self.workers,
            services: self.services,
            functions: self.functions,
            collections: self.collections,
            secrets,
            published: Published::new(self.gateway_apis, self.gateway_consumers)
                .map_err(|why| refuse("the gateway's setting", why))?,
            ai: self.ai.map(|ai| Upstream {
                model: self.ai_model,
                ..ai
            }),
        })
    }
}
