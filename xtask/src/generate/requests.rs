//! `requests.rs`: one request type per operation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use quote::ToTokens;
use serde_json::Value;

use super::facts::{FormField, Operation};
use super::layout;
use super::names;
use super::types::{Member, builder};
use super::{Normalised, progenitor};

/// The file.
pub(crate) fn render(normalised: &Normalised, output: &progenitor::Output) -> Result<String> {
    let mut source = String::from(
        "//! One request per operation, to be sent with [`Transport::send`](crate::Transport::send).\n//!\n\
         //! All are `#[non_exhaustive]`: `new` takes what is required, a setter per field the rest.\n\n\
         use crate::{generated::{operations, types}, request::{Encoder, Request}, Operation};\n",
    );
    for operation in &normalised.operations {
        let method = operation.method.to_lowercase();
        let node = &normalised.openapi["paths"][&operation.path][method];
        if !node.is_null() {
            request(&mut source, operation, node, output)
                .with_context(|| format!("rendering the request of {}", operation.id))?;
        }
    }
    let names = normalised.operations.iter().map(|it| names::pascal(&it.id));
    let names: Vec<String> = names.collect();
    let text = layout::short_paths(&layout::source(&source)?, names.iter().map(String::as_str));
    Ok(super::header() + &layout::source(&text)?)
}

fn request(
    source: &mut String,
    operation: &Operation,
    node: &Value,
    output: &progenitor::Output,
) -> Result<()> {
    let method = names::snake(&operation.id);
    let method = output
        .methods
        .get(&method)
        .or_else(|| output.methods.get(&format!("{method}_")))
        .with_context(|| format!("progenitor made no method `{method}`"))?;
    let arguments: BTreeMap<&str, String> = method
        .arguments
        .iter()
        .map(|(name, kind)| (name.as_str(), kind.to_token_stream().to_string()))
        .collect();
    let argument = |name: &str| {
        let name = names::snake(name);
        [name.clone(), format!("{name}_"), format!("r#{name}")]
            .into_iter()
            .find_map(|name| Some((name.clone(), arguments.get(name.as_str())?.clone())))
            .with_context(|| format!("progenitor's method has no argument `{name}`"))
    };

    let mut members: Vec<Member> = Vec::new();
    let mut encode = String::new();
    let parameters: Vec<&Value> = node["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    let mut add = |name: &str, kind: &str, required: bool, doc: &str, deprecated: bool| {
        members.push(Member {
            name: name.to_owned(),
            kind: kind.to_owned(),
            required: required.then_some(members.len()),
            doc: doc.lines().map(|line| format!(" {line}\n")).collect(),
            deprecated,
        });
    };
    let in_path = super::normalise::placeholders(&operation.path).map(|name| {
        parameters
            .iter()
            .find(|it| it["x-in"] == "path" && it["x-wire-name"] == name)
            .with_context(|| format!("the path parameter `{name}` is not declared"))
    });
    let elsewhere = parameters.iter().filter(|it| it["x-in"] != "path").map(Ok);
    for parameter in in_path.chain(elsewhere) {
        let parameter = parameter?;
        let (field, kind) = argument(parameter["name"].as_str().unwrap_or_default())?;
        let required = parameter["required"] == true;
        add(
            &field,
            &kind,
            required,
            text(parameter),
            parameter["deprecated"] == true,
        );
        let wire = parameter["x-wire-name"].as_str().unwrap_or_default();
        let _ = match (parameter["x-in"].as_str(), parameter["x-joined"].as_str()) {
            (Some("path"), None) => write!(encode, "encoder.path(&self.{field});"),
            (Some("path"), Some(_)) => write!(encode, "encoder.path_joined(&self.{field});"),
            (Some("query"), Some(by)) => write!(
                encode,
                "encoder.query_joined({wire:?}, {by:?}, &self.{field});"
            ),
            (Some("query"), None) if parameter["x-style"] == "deepObject" => {
                write!(encode, "encoder.query_deep({wire:?}, &self.{field});")
            }
            (Some("query"), None) => write!(encode, "encoder.query({wire:?}, &self.{field});"),
            (Some("cookie"), _) => write!(encode, "encoder.cookie({wire:?}, &self.{field});"),
            _ => write!(encode, "encoder.header({wire:?}, &self.{field});"),
        };
    }
    let mut comparable = true;
    for field in &operation.form {
        let FormField {
            name,
            wire,
            kind,
            list,
            file,
            multipart,
            required,
            doc,
        } = field;
        let member = argument_name(name);
        let whole = match (list, required) {
            (true, _) => format!("::std::vec::Vec<{kind}>"),
            (false, true) => (*kind).to_owned(),
            (false, false) => format!("::std::option::Option<{kind}>"),
        };
        add(&member, &whole, *required, doc, false);
        let _ = match (file, multipart) {
            (true, _) if *required && !list => {
                write!(encode, "encoder.form_files({wire:?}, [&self.{member}]);")
            }
            (true, _) => write!(encode, "encoder.form_files({wire:?}, &self.{member});"),
            (false, true) => write!(encode, "encoder.form_text({wire:?}, &self.{member});"),
            (false, false) => write!(encode, "encoder.urlencoded({wire:?}, &self.{member});"),
        };
        comparable &= !file;
    }
    if node.get("requestBody").is_some() {
        let (field, kind) = argument("body")?;
        let is_bytes = node["requestBody"]["content"]
            .get("application/octet-stream")
            .is_some();
        let doc = match is_bytes {
            true => "The bytes.",
            false => "The body.",
        };
        add(&field, &kind, true, doc, false);
        let write = if is_bytes { "bytes" } else { "json" };
        let _ = write!(encode, "encoder.{write}(&self.{field});");
        if let Some(media) = node["requestBody"]["x-media-type"].as_str() {
            let _ = write!(encode, "encoder.content_type({media:?});");
        }
    }
    let mut response = method.response.to_token_stream().to_string();
    if response == "ByteStream" {
        response = "::bytes::Bytes".to_owned();
        encode.push_str("encoder.accept_any();");
    }

    let name = names::pascal(&operation.id);
    let fields: String = members
        .iter()
        .map(|member| {
            let doc: String = member
                .doc
                .lines()
                .map(|line| format!("///{line}\n"))
                .collect();
            let doc = if doc.is_empty() {
                format!("/// `{}`\n", member.name)
            } else {
                doc
            };
            let deprecated = if member.deprecated {
                "#[deprecated]\n"
            } else {
                ""
            };
            format!("{doc}{deprecated}pub {}: {},", member.name, member.kind)
        })
        .collect();
    let derives = match comparable {
        true => "Clone, Debug, PartialEq",
        false => "Clone, Debug",
    };
    let derives = match members.iter().all(|member| member.required.is_none()) {
        true => format!("{derives}, Default"),
        false => derives.to_owned(),
    };
    if members.iter().any(|member| member.name == "encoder") {
        bail!("a parameter is called `encoder`");
    }
    let about: String = summary(operation, node)
        .lines()
        .map(|line| format!("/// {line}\n"))
        .collect();
    let body = match members.is_empty() {
        true => String::new(),
        false => format!("{{ {fields} }}"),
    };
    let end = if members.is_empty() { ";" } else { "" };
    let _ = writeln!(
        source,
        "{about}{deprecated}#[derive({derives})]\n#[non_exhaustive]\npub struct {name} {body}{end}",
        deprecated = if node["deprecated"] == true {
            "#[deprecated]\n"
        } else {
            ""
        },
    );
    builder(source, &name, &members);
    let argument = if encode.is_empty() { "_" } else { "encoder" };
    let _ = writeln!(
        source,
        "impl Request for {name} {{ const OPERATION: &'static Operation = &operations::{row}; \
         type Response = {response}; \
         fn encode<'a>(&'a self, {argument}: &mut Encoder<'a>) {{ {encode} }} }}",
        row = names::shouty(&operation.id),
    );
    Ok(())
}

/// The name of a member that progenitor does not name.
fn argument_name(name: &str) -> String {
    let name = names::snake(name);
    match syn::parse_str::<syn::Ident>(&name) {
        Ok(_) => name,
        Err(_) => format!("{name}_"),
    }
}

/// Summary, description, method and path.
fn summary(operation: &Operation, node: &Value) -> String {
    let mut text = String::new();
    for key in ["summary", "description"] {
        if let Some(part) = node[key].as_str() {
            text.push_str(part.trim_end());
            text.push_str("\n\n");
        }
    }
    let _ = write!(text, "`{} {}`", operation.method, operation.path);
    text
}

fn text(parameter: &Value) -> &str {
    parameter["description"].as_str().unwrap_or_default()
}
