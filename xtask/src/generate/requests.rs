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
    let mut add = |name: &str, kind: &str, required: bool, doc: &str| {
        members.push(Member {
            name: name.to_owned(),
            kind: kind.to_owned(),
            required: required.then_some(members.len()),
            doc: doc.lines().map(|line| format!(" {line}\n")).collect(),
        });
    };
    for name in super::normalise::placeholders(&operation.path) {
        let parameter = parameters
            .iter()
            .find(|it| it["in"] == "path" && it["name"] == name)
            .with_context(|| format!("the path parameter `{name}` is not declared"))?;
        let (field, kind) = argument(name)?;
        add(&field, &kind, true, text(parameter));
        let _ = write!(encode, "encoder.path(&self.{field});");
    }
    for parameter in parameters.iter().filter(|it| it["in"] == "query") {
        let name = parameter["name"].as_str().unwrap_or_default();
        let (field, kind) = argument(name)?;
        let required = parameter["required"] == true;
        add(&field, &kind, required, text(parameter));
        let _ = write!(encode, "encoder.query({name:?}, &self.{field});");
    }
    let mut comparable = true;
    for field in &operation.form {
        let FormField {
            name,
            file,
            required,
            doc,
        } = field;
        let member = names::snake(name);
        let kind = match (file, required) {
            (true, true) => "crate::FilePart",
            (true, false) => "Option<crate::FilePart>",
            (false, true) => "::std::string::String",
            (false, false) => "Option<::std::string::String>",
        };
        add(&member, kind, *required, doc);
        let _ = match file {
            true => write!(encode, "encoder.form_file({name:?}, &self.{member});"),
            false => write!(encode, "encoder.form_text({name:?}, &self.{member});"),
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
        add(&field, &kind, true, doc);
        let write = if is_bytes { "bytes" } else { "json" };
        let _ = write!(encode, "encoder.{write}(&self.{field});");
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
            format!("{doc}pub {}: {},", member.name, member.kind)
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
        "{about}#[derive({derives})]\n#[non_exhaustive]\npub struct {name} {body}{end}"
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
