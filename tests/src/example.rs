//! The document's own examples as requests.

use anyhow::{Context as _, bail};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::document::{Credential, Operation};
use crate::recorder::Planted;

/// A request made of the examples that stand beside an operation, with the first alternative of its credentials.
///
/// # Errors
/// When an example that is needed is missing.
pub fn request(
    http: &reqwest::Client,
    origin: &str,
    operation: &Operation,
    planted: &Planted,
) -> anyhow::Result<reqwest::RequestBuilder> {
    let mut path = operation.path.clone();
    let mut query: Vec<(String, String)> = Vec::new();
    let mut headers: Vec<(String, String)> = Vec::new();
    for parameter in &operation.parameters {
        let name = &parameter.name;
        match (parameter.location.as_str(), &parameter.example) {
            ("path", None) => bail!("{}: the path parameter {name} has no example", operation.id),
            (_, None) => {}
            ("path", Some(value)) => path = path.replace(&format!("{{{name}}}"), &plain(value)),
            ("query", Some(Value::Object(pairs))) => {
                query.extend(
                    pairs
                        .iter()
                        .map(|(name, value)| (name.clone(), plain(value))),
                );
            }
            ("query", Some(value)) => query.push((name.clone(), plain(value))),
            ("header", Some(value)) => headers.push((name.clone(), plain(value))),
            (other, _) => bail!("{}: a parameter in {other}", operation.id),
        }
    }
    let method = operation.method.parse().context("the method")?;
    let mut request = http.request(method, format!("{origin}{path}"));
    if !query.is_empty() {
        request = request.query(&query);
    }
    for (name, value) in headers {
        request = request.header(name, value);
    }
    for credential in operation.security.first().into_iter().flatten() {
        request = match credential {
            Credential::ApiKey => request.header("X-Aerostack-Key", &planted.api_key),
            Credential::ApiKeyAsBearer => request.bearer_auth(&planted.api_key),
            Credential::UserToken => request.bearer_auth(&planted.user_token),
            Credential::ConsumerKey => request.bearer_auth(&planted.consumer_key),
        };
    }
    let Some(body) = &operation.body else {
        return Ok(request);
    };
    let example = body
        .example
        .as_ref()
        .with_context(|| format!("{}: the body has no example", operation.id))?;
    match body.media_type.as_str() {
        "application/json" => Ok(request.json(example)),
        "multipart/form-data" => Ok(request.multipart(form(example)?)),
        other => bail!("{}: a body of {other}", operation.id),
    }
}

fn form(example: &Value) -> anyhow::Result<Form> {
    let fields = example
        .as_object()
        .context("the example of a form is an object")?;
    let mut form = Form::new();
    for (name, value) in fields {
        form = if name == "file" {
            // Prism ends at once over a file part without a type.
            let file = Part::bytes(plain(value).into_bytes()).file_name("example");
            form.part("file", file.mime_str("application/octet-stream")?)
        } else {
            form.text(name.clone(), plain(value))
        };
    }
    Ok(form)
}

/// A value as it stands in a path, a query or a form.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
