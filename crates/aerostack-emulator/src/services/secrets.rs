//! The secrets service: values from code, a file or the environment, never written to the log or the data folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, Reply};
use crate::http::extract::Json;
use crate::http::operation::Routes;
use crate::http::operations::SECRETS_GET;

#[derive(Clone)]
pub(crate) struct Secrets(Arc<BTreeMap<String, String>>);

impl Secrets {
    pub(crate) fn new(values: BTreeMap<String, String>) -> Self {
        Self(Arc::new(values))
    }

    /// The names of the secrets, and whether each is empty.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.is_empty()))
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new().on(&SECRETS_GET, get).with_state(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GetRequest {
    key: String,
}

#[derive(Serialize)]
struct GetReply {
    value: Option<String>,
    exists: bool,
}

async fn get(State(secrets): State<Secrets>, Json(request): Json<GetRequest>) -> Reply<GetReply> {
    if request.key.is_empty() {
        return Err(ApiError::validation("key must not be empty"));
    }
    let value = secrets.0.get(&request.key).cloned();
    Ok(axum::Json(GetReply {
        exists: value.is_some(),
        value,
    }))
}

/// Reads a JSON object of strings, or lines of the form `NAME=value`. No message shows a value.
pub(crate) fn read_file(file: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    parse(&text)
}

fn parse(text: &str) -> Result<BTreeMap<String, String>, String> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| {
            format!(
                "it is not a JSON object of strings (line {}, column {})",
                error.line(),
                error.column()
            )
        });
    }
    let mut secrets = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let pair = line
            .split_once('=')
            .map(|(name, value)| (name.trim(), value.trim()))
            .filter(|(name, _)| !name.is_empty());
        let Some((name, value)) = pair else {
            return Err(format!("line {} is not NAME=value", number + 1));
        };
        secrets.insert(name.to_owned(), unquoted(value).to_owned());
    }
    Ok(secrets)
}

fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_file_are_read() {
        for text in [
            r#"{ "MAIL_KEY": "a=b", "EMPTY": "" }"#,
            "# mail\nMAIL_KEY=a=b\n\nEMPTY=\n",
            "  MAIL_KEY = \"a=b\"\r\nEMPTY=''\r\n",
        ] {
            let secrets = parse(text).unwrap();
            let found: Vec<_> = secrets
                .iter()
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect();
            assert_eq!(found, [("EMPTY", ""), ("MAIL_KEY", "a=b")], "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_the_value() {
        for text in [
            "{ \"A\": s3cret }",
            "{ \"A\": [\"s3cret\"] }",
            "A=1\ns3cret",
            "=s3cret",
        ] {
            let message = parse(text).unwrap_err();
            assert!(!message.contains("s3cret"), "{message}");
        }
    }
}
