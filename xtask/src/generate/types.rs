//! `types.rs`: the bodies of requests and responses, made by typify, with constructors.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use quote::ToTokens;
use serde_json::Value;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Fields, Item, ItemStruct, Meta, Token};

use super::layout;
use super::names;
use super::{Normalised, progenitor};

/// The file.
pub(crate) fn render(normalised: &Normalised, output: &progenitor::Output) -> Result<String> {
    let uses = uses(normalised);
    let schemas: BTreeMap<String, &Value> = super::schemas(normalised)
        .map(|name| {
            (
                names::pascal(name),
                &normalised.openapi["components"]["schemas"][name],
            )
        })
        .collect();
    let mut source = String::from(
        "//! Bodies of requests and responses.\n//!\n\
         //! All are `#[non_exhaustive]`, so that a new optional field breaks nothing. Those of requests have `new`, \
         which takes\n//! what is required in the order in which the document lists it, and a setter per other field.\n\n",
    );
    let converts = output.types.iter().any(|item| {
        !matches!(item, Item::Mod(_))
            && item
                .to_token_stream()
                .to_string()
                .contains("ConversionError")
    });
    for item in &output.types {
        let Item::Struct(item) = item else {
            // typify always brings the error of its conversions; few documents need one.
            if converts || !matches!(item, Item::Mod(_)) {
                let _ = writeln!(source, "{}", item.to_token_stream());
            }
            continue;
        };
        let mut item = item.clone();
        let name = item.ident.to_string();
        document(&mut item, uses.get(&name));
        if let Some(schema) = schemas.get(&name) {
            annotate(&mut item, schema);
        }
        reveal(&mut item);
        let _ = writeln!(source, "{}", item.to_token_stream());
        if let Some(schema) = schemas.get(&name)
            && normalised.sent.contains(&name)
        {
            constructor(&mut source, &item, schema);
        }
    }
    let names = schemas.keys().map(String::as_str);
    let text = layout::short_paths(&layout::source(&source)?, names);
    Ok(super::header() + &layout::source(&text)?)
}

/// Lets secrets be sent. They do not serialize by themselves, so that a type of the user's cannot write one out.
fn reveal(item: &mut ItemStruct) {
    for field in &mut item.fields {
        let kind = field.ty.to_token_stream().to_string().replace(' ', "");
        if kind.contains("crate::Secret") {
            field
                .attrs
                .push(syn::parse_quote!(#[serde(serialize_with = "crate::secret::reveal")]));
        }
    }
}

/// Says what a type is for, where the document does not.
fn document(item: &mut ItemStruct, purpose: Option<&String>) {
    let name = item.ident.to_string();
    for attribute in &mut item.attrs {
        if let syn::Meta::NameValue(meta) = &mut attribute.meta
            && meta.path.is_ident("doc")
            && let syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) = &mut meta.value
            && text.value().trim() == format!("`{name}`")
            && let Some(purpose) = purpose
        {
            *text = syn::LitStr::new(&format!(" {purpose}"), text.span());
        }
    }
}

/// The purpose of each type that is the body of a request or of a response.
fn uses(normalised: &Normalised) -> BTreeMap<String, String> {
    let mut uses = BTreeMap::new();
    let operations = normalised.openapi["paths"]
        .as_object()
        .into_iter()
        .flatten();
    for (_, item) in operations {
        for (_, operation) in item.as_object().into_iter().flatten() {
            let request = names::pascal(operation["operationId"].as_str().unwrap_or_default());
            let link = format!("[`{request}`](crate::requests::{request})");
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            if let Some(name) = referred(body) {
                uses.entry(name)
                    .or_insert(format!("Body of the request {link}."));
            }
            for (_, response) in operation["responses"].as_object().into_iter().flatten() {
                if let Some(name) = referred(&response["content"]["application/json"]["schema"]) {
                    uses.entry(name)
                        .or_insert(format!("Body of the response to {link}."));
                }
            }
        }
    }
    uses
}

fn referred(schema: &Value) -> Option<String> {
    let target = schema["$ref"].as_str()?;
    target.rsplit('/').next().map(names::pascal)
}

/// `new` for what is required, and a setter for each other field.
fn constructor(source: &mut String, item: &ItemStruct, schema: &Value) {
    let fields = match &item.fields {
        Fields::Named(fields) => fields,
        Fields::Unnamed(fields) => return wrapper(source, item, fields.unnamed.first()),
        Fields::Unit => return,
    };
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let position = |field: &Field| {
        let name = wire_name(field);
        required.iter().position(|required| *required == name)
    };
    let mut members: Vec<Member> = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else { return };
        members.push(Member {
            name: ident.to_string(),
            kind: field.ty.to_token_stream().to_string(),
            required: position(field),
            doc: doc(field),
            deprecated: field
                .attrs
                .iter()
                .any(|it| it.path().is_ident("deprecated")),
        });
    }
    builder(source, &item.ident.to_string(), &members);
}

/// A way to make a body that is a list or a map.
fn wrapper(source: &mut String, item: &ItemStruct, inner: Option<&Field>) {
    let Some(inner) = inner else { return };
    let _ = write!(
        source,
        "impl From<{kind}> for {name} {{ fn from(value: {kind}) -> Self {{ Self(value) }} }}",
        kind = inner.ty.to_token_stream(),
        name = item.ident,
    );
}

/// Gives fields their name on the wire, where Rust could not spell it, and says which are deprecated.
fn annotate(item: &mut ItemStruct, schema: &Value) {
    for field in &mut item.fields {
        let property = &schema["properties"][wire_name(field)];
        if let Some(wire) = property["x-wire-name"].as_str() {
            rename(field, wire);
        }
        if property["deprecated"] == true {
            field.attrs.push(syn::parse_quote!(#[deprecated]));
        }
    }
}

/// Sets what serde calls a field, among the other things it is told.
fn rename(field: &mut Field, wire: &str) {
    let mut told: Vec<String> = vec![format!("rename = {wire:?}")];
    field.attrs.retain(|attribute| {
        if !attribute.path().is_ident("serde") {
            return true;
        }
        if let Meta::List(list) = &attribute.meta {
            let others = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            let others = others
                .into_iter()
                .flatten()
                .filter(|meta| !meta.path().is_ident("rename"));
            told.extend(others.map(|meta| meta.to_token_stream().to_string()));
        }
        false
    });
    let attribute = format!("#[serde({})]", told.join(", "));
    let attribute = Attribute::parse_outer.parse_str(&attribute);
    field.attrs.extend(attribute.into_iter().flatten());
}

/// A field of a body or of a request.
pub(crate) struct Member {
    pub(crate) name: String,
    /// Its type.
    pub(crate) kind: String,
    /// Its place among the required ones.
    pub(crate) required: Option<usize>,
    pub(crate) doc: String,
    pub(crate) deprecated: bool,
}

/// The `impl` with `new` and the setters.
pub(crate) fn builder(source: &mut String, name: &str, members: &[Member]) {
    let mut required: Vec<&Member> = members.iter().filter(|it| it.required.is_some()).collect();
    required.sort_by_key(|member| member.required);
    let arguments: String = required
        .iter()
        .map(|member| format!("{}: {},", member.name, argument(&member.kind)))
        .collect();
    let values: String = members
        .iter()
        .map(|member| match member.required {
            Some(_) if argument(&member.kind) != member.kind => {
                format!("{0}: {0}.into(),", member.name)
            }
            Some(_) => format!("{},", member.name),
            None => format!("{}: Default::default(),", member.name),
        })
        .collect();
    let doc = match (required.is_empty(), required.len() == members.len()) {
        (true, _) => "Creates an empty value.",
        (_, true) => "Creates a value.",
        _ => "Creates a value from its required fields.",
    };
    let _ = write!(
        source,
        "impl {name} {{ /// {doc}\n pub fn new({arguments}) -> Self {{ Self {{ {values} }} }}"
    );
    for member in members.iter().filter(|it| it.required.is_none()) {
        let field = &member.name;
        let setter = match field.as_str() {
            "new" => "with_new",
            other => other,
        };
        let doc = match member.doc.as_str() {
            "" => format!("/// Sets `{field}`.\n"),
            doc => doc.lines().map(|line| format!("///{line}\n")).collect(),
        };
        let _ = write!(
            source,
            "{doc}{deprecated}#[must_use]\npub fn {setter}(mut self, {field}: impl Into<{kind}>) -> Self \
             {{ self.{field} = {field}.into(); self }}",
            kind = member.kind,
            deprecated = if member.deprecated {
                "#[deprecated]\n"
            } else {
                ""
            },
        );
    }
    source.push_str("}\n");
}

/// The type of a constructor's argument for a field of this type.
fn argument(kind: &str) -> String {
    match kind.replace(' ', "").as_str() {
        "::std::string::String" | "String" | "crate::Secret" => format!("impl Into<{kind}>"),
        _ => kind.to_owned(),
    }
}

fn wire_name(field: &Field) -> String {
    let mut name = field
        .ident
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    for attribute in &field.attrs {
        if attribute.path().is_ident("serde") {
            let _ = attribute.parse_nested_meta(|meta| {
                if let Ok(value) = meta.value()
                    && let Ok(text) = value.parse::<syn::LitStr>()
                    && meta.path.is_ident("rename")
                {
                    name = text.value();
                }
                Ok(())
            });
        }
    }
    name
}

fn doc(field: &Field) -> String {
    let mut lines = Vec::new();
    for attribute in &field.attrs {
        if let syn::Meta::NameValue(meta) = &attribute.meta
            && meta.path.is_ident("doc")
            && let syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) = &meta.value
        {
            let text = text.value();
            lines.extend(text.trim_end().lines().map(|line| {
                let line = line.trim_end();
                match line.is_empty() || line.starts_with(' ') {
                    true => line.to_owned(),
                    false => format!(" {line}"),
                }
            }));
        }
    }
    lines.join("\n")
}
