//! The frames a realtime client sends, and a model of those it gets for its tests, from `openapi/realtime.schema.json`.

use anyhow::{Context, Result, anyhow};
use serde_json::{Map, Value};
use syn::visit_mut::VisitMut;
use typify::{TypeSpace, TypeSpaceSettings};

use super::COMMAND;
use crate::{document::workspace, output::File};

/// The description of the frames, from the workspace root.
const SCHEMA: &str = "openapi/realtime.schema.json";

/// What comes of it.
const TARGET: &str = "crates/aerostack-realtime/src/protocol/frame/generated.rs";

/// The definitions that are generated, besides free JSON.
const ROOT: &str = "ClientFrame";

/// What the tests read the frames of servers with, independent of how the client reads them.
const MODEL: &str = "crates/aerostack-test-support/src/model.rs";

/// The definition that the model begins with.
const MODEL_ROOT: &str = "ServerFrame";

/// The file of generated frames, and the model.
pub(super) fn files() -> Result<[File; 2]> {
    let path = workspace().join(SCHEMA);
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {SCHEMA}"))?;
    let schema: Value =
        serde_json::from_str(&text).with_context(|| format!("{SCHEMA} is not JSON"))?;
    let definitions = schema["definitions"]
        .as_object()
        .with_context(|| format!("{SCHEMA} has no definitions"))?;
    let file = |path: &str, code: &syn::File| File {
        path: path.to_owned(),
        text: format!(
            "// Generated from {SCHEMA} by `{COMMAND}`. Do not edit: change the schema and run it again.\n\n{}",
            prettyplease::unparse(code)
        ),
    };
    Ok([
        file(TARGET, &frames(definitions)?),
        file(MODEL, &model(definitions)?),
    ])
}

/// Types of all definitions in `root`.
fn types(root: Value, settings: &TypeSpaceSettings) -> Result<syn::File> {
    let root = serde_json::from_value(root).with_context(|| format!("{SCHEMA} is no schema"))?;
    let mut types = TypeSpace::new(settings);
    types
        .add_root_schema(root)
        .map_err(|error| anyhow!("{SCHEMA}: {error}"))?;
    syn::parse2(types.to_stream()).context("typify wrote something else than Rust")
}

/// Every definition as typify makes it, without conversions, and without what only a client sends.
fn model(definitions: &Map<String, Value>) -> Result<syn::File> {
    let mut root = serde_json::json!({ "definitions": {} });
    for (name, definition) in definitions {
        if name != ROOT && definition["x-raw-json"] != Value::Bool(true) {
            root["definitions"][name] = modelled(definition);
        }
    }
    // The types of frames exclude one another, which makes them an enum.
    if let Some(server) = root["definitions"][MODEL_ROOT].as_object_mut()
        && let Some(choices) = server.remove("anyOf")
    {
        server.insert("oneOf".to_owned(), choices);
    }
    let mut file = types(root, &TypeSpaceSettings::default())?;
    file.items
        .retain(|item| matches!(item, syn::Item::Enum(_) | syn::Item::Struct(_)));
    ShortDocs.visit_file_mut(&mut file);
    Ok(file)
}

/// The schema without what would make a checked type of a string.
fn modelled(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => map
            .iter()
            .filter(|(key, value)| !(*key == "minLength" && value.is_number()))
            .map(|(key, value)| (key.clone(), modelled(value)))
            .collect(),
        Value::Array(list) => list.iter().map(modelled).collect(),
        other => other.clone(),
    }
}

struct ShortDocs;

impl VisitMut for ShortDocs {
    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        shorten(attribute);
    }
}

fn frames(definitions: &Map<String, Value>) -> Result<syn::File> {
    let mut settings = TypeSpaceSettings::default();
    let mut root = serde_json::json!({ "definitions": {} });
    for (name, definition) in definitions {
        let raw = definition["x-raw-json"] == Value::Bool(true);
        if raw {
            settings.with_replacement(name, "::aerostack_api::RawJson", std::iter::empty());
        }
        if raw || name == ROOT {
            root["definitions"][name] = lenient(definition, definitions);
        }
    }
    let mut file = types(root, &settings)?;
    KeepFrames.visit_file_mut(&mut file);
    Ok(file)
}

/// The schema without what would make a checked type of every string: names are checked before they get here, and
/// secrets are text on the wire. Named strings are put in place of their names for the same reason.
fn lenient(schema: &Value, definitions: &Map<String, Value>) -> Value {
    match schema {
        Value::Object(map) => {
            let named = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|path| definitions.get(path.strip_prefix("#/definitions/")?))
                .filter(|named| named["x-raw-json"] != Value::Bool(true));
            if let Some(named) = named {
                return lenient(named, definitions);
            }
            map.iter()
                .filter(|(key, value)| {
                    !(*key == "minLength" && value.is_number()
                        || *key == "format" && value.is_string())
                })
                .map(|(key, value)| (key.clone(), lenient(value, definitions)))
                .collect()
        }
        Value::Array(list) => list
            .iter()
            .map(|value| lenient(value, definitions))
            .collect(),
        other => other.clone(),
    }
}

/// Leaves what is needed to write frames: visible within the crate, without conversions, and without a `Debug` that
/// would show a token. Fields borrow, so that a payload of any type goes straight into its frame.
struct KeepFrames;

impl VisitMut for KeepFrames {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items
            .retain(|item| matches!(item, syn::Item::Enum(item) if item.ident == ROOT));
        syn::visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        item.vis = syn::parse_quote!(pub(crate));
        item.attrs
            .retain(|attribute| !attribute.path().is_ident("derive"));
        let docs = item
            .attrs
            .iter()
            .take_while(|attribute| attribute.path().is_ident("doc"))
            .count();
        item.attrs
            .insert(docs, syn::parse_quote!(#[derive(::serde::Serialize)]));
        item.generics = syn::parse_quote!(<'f, J: ?Sized>);
        for attribute in item.attrs.iter_mut() {
            shorten(attribute);
        }
        syn::visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_variant_mut(&mut self, variant: &mut syn::Variant) {
        variant.attrs.iter_mut().for_each(shorten);
        for field in &mut variant.fields {
            field.attrs.iter_mut().for_each(shorten);
            field.attrs.retain(|attribute| !is_default_only(attribute));
            self.visit_type_mut(&mut field.ty);
        }
    }

    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        let name = match ty {
            syn::Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        match name.as_deref() {
            Some("String") => *ty = syn::parse_quote!(&'f str),
            Some("RawJson") => *ty = syn::parse_quote!(&'f J),
            _ => syn::visit_mut::visit_type_mut(self, ty),
        }
    }
}

/// typify puts the whole schema into the documentation of each type; its first line says what it is.
fn shorten(attribute: &mut syn::Attribute) {
    if let syn::Meta::NameValue(meta) = &mut attribute.meta
        && meta.path.is_ident("doc")
        && let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) = &mut meta.value
    {
        let value = text.value();
        let first = value.lines().next().unwrap_or_default().trim();
        *text = syn::LitStr::new(&format!(" {first}"), text.span());
    }
}

/// `#[serde(default)]`, which has no meaning where nothing is read.
fn is_default_only(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("serde")
        && attribute
            .parse_args::<syn::Path>()
            .is_ok_and(|path| path.is_ident("default"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_a_client_sends_is_generated() {
        let [frames, _] = files().unwrap();
        let text = frames.text;
        for frame in [
            "subscribe",
            "unsubscribe",
            "publish",
            "track",
            "untrack",
            "auth",
            "chat",
            "ping",
        ] {
            assert!(
                text.contains(&format!("rename = \"{frame}\"")),
                "{frame}:\n{text}"
            );
        }
        assert!(!text.contains("Debug"));
    }
}
