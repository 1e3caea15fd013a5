//! The text of the skeletons.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use quote::ToTokens;
use serde_json::Value;

use super::MARK;
use crate::lint::model::{Model, Operation};

/// What the skeletons of one operation are made of.
#[derive(Debug)]
pub(super) struct Skeleton {
    id: String,
    service: String,
    /// The method: the id without the name of its service.
    pub(super) name: String,
    summary: String,
    description: String,
    reads: bool,
    /// The arguments of the constructors, body and all.
    arguments: Vec<(String, String)>,
    /// The expression that makes the request.
    request: String,
    /// Fields of the body, with whether they are required.
    fields: Vec<(String, Value, bool)>,
    /// The arguments as an example writes them.
    example: String,
}

impl Skeleton {
    pub(super) fn new(
        model: &Model<'_>,
        operation: &Operation<'_>,
        service: &str,
        requests: &str,
        types: &str,
    ) -> Result<Self> {
        let id = operation.id.to_owned();
        let request = id.to_pascal_case();
        let own = constructor(requests, &request).with_context(|| {
            format!(
                "the generated code has no request `{request}`; run `cargo xtask generate` first"
            )
        })?;
        let (mut arguments, mut values) = (Vec::new(), Vec::new());
        for (name, kind) in own {
            match kind
                .strip_prefix("types::")
                .map(|body| (body, constructor(types, body)))
            {
                Some((body, Some(inner))) => {
                    let names: Vec<&str> = inner.iter().map(|(name, _)| name.as_str()).collect();
                    values.push(format!(
                        "aerostack_api::types::{body}::new({})",
                        names.join(", ")
                    ));
                    arguments.extend(inner);
                }
                _ => {
                    values.push(name.clone());
                    arguments.push((name, kind));
                }
            }
        }
        let text = |key: &str| {
            operation
                .node
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let body = operation.request.first();
        let sample = body
            .and_then(|media| media.node.get("example"))
            .cloned()
            .unwrap_or_default();
        let example: Vec<String> = arguments
            .iter()
            .map(|(name, kind)| literal(name, kind, &sample))
            .collect();
        let prefix = shared_prefix(&id, service);
        let name = id[prefix..].to_snake_case();
        Ok(Self {
            name: if name.is_empty() || syn::parse_str::<syn::Ident>(&name).is_err() {
                id.to_snake_case()
            } else {
                name
            },
            service: service.to_owned(),
            summary: text("summary"),
            description: text("description"),
            reads: operation.node.get("x-idempotent").and_then(Value::as_str) == Some("read"),
            request: format!(
                "aerostack_api::requests::{request}::new({})",
                values.join(", ")
            ),
            arguments,
            fields: fields(model, operation),
            example: example.join(", "),
            id,
        })
    }

    fn mark(&self, what: &str) -> String {
        format!("// {MARK} {}: {what}, then delete this line.\n", self.id)
    }

    /// An `impl` of the handle with the method.
    pub(super) fn method(&self, handle: &str) -> String {
        let mut out =
            self.mark("move the method beside the others and give it the types its users want");
        let _ = write!(
            out,
            "impl {handle} {{\n    /// {}.\n    ///\n",
            self.summary.trim_end_matches('.')
        );
        for line in self.description.lines() {
            out.push_str(format!("    /// {line}").trim_end());
            out.push('\n');
        }
        let accessor = self.service.to_snake_case();
        let after = match self.reads {
            true => "Changes nothing, so dropping the future is harmless.",
            false => {
                "Dropping the future abandons the call; whether it took effect is then unknown."
            }
        };
        let arguments: String = self
            .arguments
            .iter()
            .map(|(name, kind)| format!(", {name}: {}", rooted(kind)))
            .collect();
        let _ = write!(
            out,
            "    ///\n    /// ```no_run\n    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {{\n    \
             /// client.{accessor}().{name}({example}).await?;\n    /// # Ok(())\n    /// # }}\n    /// ```\n    ///\n    \
             /// # Cancel safety\n    /// {after}\n    \
             pub fn {name}(&self{arguments}) -> crate::call::Call<()> {{\n        \
             let request = {request};\n        \
             crate::call::Call::new(&self.client, move |client, options| async move {{\n            \
             client.send(&request, &options).await?;\n            Ok(())\n        }})\n    }}\n}}\n",
            name = self.name,
            example = self.example,
            request = self.request,
        );
        out
    }

    /// The module of a service that is new.
    pub(super) fn service(&self) -> String {
        let handle = self.service.to_pascal_case();
        format!(
            "//! {service}.\n\nuse crate::Client;\n\n/// {service}. From `Client::{accessor}`.\n#[derive(Debug, Clone)]\n\
             pub struct {handle} {{\n    client: Client,\n}}\n\nimpl {handle} {{\n    \
             pub(crate) fn new(client: &Client) -> Self {{\n        Self {{ client: client.clone() }}\n    }}\n}}\n\n{method}",
            service = self.service,
            accessor = self.service.to_snake_case(),
            method = self.method(&handle),
        )
    }

    /// The emulator's service with a route and a handler.
    pub(super) fn handler(&self, text: &str) -> Option<String> {
        let at = text.rfind(".with_state(")?;
        let name = self.id.to_snake_case();
        let route = format!(
            ".on(&crate::http::operations::{}, {name})\n            ",
            self.id.to_shouty_snake_case()
        );
        let mut out = format!("{}{route}{}", &text[..at], &text[at..]);
        out.truncate(out.trim_end().len());
        let names: Vec<String> = self.fields.iter().map(|(field, ..)| snake(field)).collect();
        let (extract, request) = if names.is_empty() {
            (String::new(), String::new())
        } else {
            let request = self.id.to_pascal_case();
            let mut fields = String::new();
            for (field, schema, required) in &self.fields {
                if snake(field) != *field {
                    let _ = writeln!(fields, "    #[serde(rename = {field:?})]");
                }
                let kind = kind(schema);
                let kind = if *required {
                    kind
                } else {
                    format!("Option<{kind}>")
                };
                let _ = writeln!(fields, "    {}: {kind},", snake(field));
            }
            (
                format!(
                    "\n    crate::http::extract::Json({request}Request {{ {} }}): crate::http::extract::Json<{request}Request>,\n",
                    names.join(", ")
                ),
                format!(
                    "#[derive(serde::Deserialize)]\n#[serde(deny_unknown_fields)]\nstruct {request}Request {{\n{fields}}}\n\n"
                ),
            )
        };
        let unused: String = names
            .iter()
            .map(|name| format!("    let _ = {name};\n"))
            .collect();
        let _ = write!(
            out,
            "\n\n{mark}{request}async fn {name}({extract}) -> crate::error::Reply<serde_json::Value> {{\n{unused}    \
             Err(crate::error::ApiError::internal(\"{id} is not written yet\"))\n}}\n",
            mark = self.mark("answer as the platform does"),
            id = self.id,
        );
        Some(out)
    }

    /// The table of cases with a row behind those of the same service.
    pub(super) fn case(&self, text: &str, siblings: &[&str]) -> Result<String> {
        let row = format!(
            "    {}    \"{}\": c.{}().{}({}) => [];\n",
            self.mark("show something of the example"),
            self.id,
            self.service.to_snake_case(),
            self.name,
            self.example,
        );
        let is_sibling = |line: &str| {
            siblings
                .iter()
                .any(|id| line.trim_start().starts_with(&format!("\"{id}\"")))
        };
        let mut at = 0;
        let mut behind = None;
        for line in text.split_inclusive('\n') {
            at += line.len();
            if is_sibling(line) {
                behind = Some(at);
            }
        }
        let end = || {
            let table = text.find("CASES: &[Case]")?;
            text[table..].find("\n};").map(|end| table + end + 1)
        };
        let at = behind
            .or_else(end)
            .context("tests/src/cases.rs has no table; write the row by hand")?;
        Ok(format!("{}{row}{}", &text[..at], &text[at..]))
    }
}

/// The arguments of a type's `new`, as the generated code declares them.
fn constructor(source: &str, name: &str) -> Option<Vec<(String, String)>> {
    let file = syn::parse_file(source).ok()?;
    let is_it = |of: &syn::Type| matches!(of, syn::Type::Path(path) if path.path.is_ident(name));
    let impls = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Impl(item) if item.trait_.is_none() && is_it(&item.self_ty) => Some(item),
        _ => None,
    });
    let function = impls
        .flat_map(|item| item.items)
        .find_map(|item| match item {
            syn::ImplItem::Fn(function) if function.sig.ident == "new" => Some(function),
            _ => None,
        })?;
    let arguments = function
        .sig
        .inputs
        .iter()
        .filter_map(|argument| match argument {
            syn::FnArg::Typed(argument) => {
                let kind = argument
                    .ty
                    .to_token_stream()
                    .to_string()
                    .replace(" :: ", "::");
                Some((
                    argument.pat.to_token_stream().to_string(),
                    kind.replace("< ", "<")
                        .replace(" >", ">")
                        .replace(" <", "<"),
                ))
            }
            syn::FnArg::Receiver(_) => None,
        });
    Some(arguments.collect())
}

/// A type as it is named outside of the generated code.
fn rooted(kind: &str) -> String {
    kind.replace("crate::", "aerostack_api::")
        .split_inclusive(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
        .map(|part| match part.strip_prefix("types::") {
            Some(_) => format!("aerostack_api::{part}"),
            None => part.to_owned(),
        })
        .collect()
}

/// The fields of a JSON body.
fn fields(model: &Model<'_>, operation: &Operation<'_>) -> Vec<(String, Value, bool)> {
    let Some(media) = operation
        .request
        .first()
        .filter(|media| media.name == "application/json")
    else {
        return Vec::new();
    };
    let schema = media.node.get("schema").cloned().unwrap_or_default();
    let named = media.component().and_then(|name| model.schemas.get(name));
    let schema = named.unwrap_or(&schema);
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let properties = schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let field = |(name, schema): (String, Value)| {
        let is_required = required.iter().any(|it| *it == *name);
        (name, schema, is_required)
    };
    properties.into_iter().map(field).collect()
}

/// How the emulator reads a value.
fn kind(schema: &Value) -> String {
    match schema["type"].as_str() {
        Some("string") => "String",
        Some("integer") => "i64",
        Some("number") => "f64",
        Some("boolean") => "bool",
        _ => "serde_json::Value",
    }
    .to_owned()
}

fn snake(name: &str) -> String {
    let snake = name.to_snake_case();
    if syn::parse_str::<syn::Ident>(&snake).is_ok() {
        snake
    } else {
        format!("{snake}_")
    }
}

/// An argument as an example writes it.
fn literal(name: &str, kind: &str, example: &Value) -> String {
    let key = example
        .as_object()
        .into_iter()
        .flatten()
        .find(|(key, _)| snake(key) == name);
    let value = key.map(|(_, value)| value.clone()).unwrap_or_default();
    match (&value, kind) {
        (Value::String(text), _) => format!("{text:?}"),
        (Value::Number(_) | Value::Bool(_), _) => value.to_string(),
        (_, kind) if kind.contains("String") => format!("{name:?}"),
        (_, "i64") => "1".to_owned(),
        (_, "bool") => "true".to_owned(),
        _ => "Default::default()".to_owned(),
    }
}

/// How much of an id is the name of its service.
fn shared_prefix(id: &str, service: &str) -> usize {
    let service = service.to_lowercase().replace(' ', "");
    let common = id
        .to_lowercase()
        .chars()
        .zip(service.chars())
        .take_while(|(one, other)| one == other)
        .count();
    let is_word = id[common..].starts_with(|c: char| c.is_uppercase());
    if is_word { common } else { 0 }
}
