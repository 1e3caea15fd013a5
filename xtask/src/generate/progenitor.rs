//! What progenitor makes of the normalised document: the types, and the signature of each operation.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow};
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle, TypeImpl, TypePatch};
use schemars::schema::{InstanceType, SchemaObject};
use syn::{FnArg, GenericArgument, ImplItem, Item, PathArguments, ReturnType, Type};

use super::Normalised;

/// What is used of progenitor's output.
pub(crate) struct Output {
    /// The items of its module `types`.
    pub(crate) types: Vec<Item>,
    /// Its methods, by name.
    pub(crate) methods: BTreeMap<String, Method>,
}

/// The signature of a method, with owned types.
pub(crate) struct Method {
    /// Parameters and body, by name.
    pub(crate) arguments: BTreeMap<String, Type>,
    /// The body of a success; `ByteStream` if it is not JSON.
    pub(crate) response: Type,
}

/// Runs progenitor.
pub(crate) fn run(normalised: &Normalised) -> Result<Output> {
    let openapi: openapiv3::OpenAPI = serde_json::from_value(normalised.openapi.clone()).context(
        "the normalised document is not OpenAPI 3.0; the normaliser let something through",
    )?;
    // progenitor panics on much of what it does not support.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings(normalised))
            .generate_tokens(&openapi)
            .map_err(anyhow::Error::from)
    }))
    .map_err(|_| anyhow!("progenitor panicked; the normaliser must refuse what caused it"))?
    .context("progenitor refused the normalised document")?;
    let file: syn::File =
        syn::parse2(tokens).context("progenitor wrote something that is not Rust")?;
    let mut output = Output {
        types: Vec::new(),
        methods: BTreeMap::new(),
    };
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                output.types = module.content.map(|(_, items)| items).unwrap_or_default();
            }
            Item::Impl(item) if item.trait_.is_none() => {
                for item in item.items {
                    if let ImplItem::Fn(function) = item
                        && function.sig.asyncness.is_some()
                    {
                        let name = function.sig.ident.to_string();
                        output.methods.insert(name, method(&function.sig)?);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(output)
}

fn settings(normalised: &Normalised) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_derive("PartialEq")
        .with_map_type("::std::collections::BTreeMap");
    for name in &normalised.raw_json {
        settings.with_replacement(name, "crate::RawJson", std::iter::empty());
    }
    for values in &normalised.enums {
        let path = format!("crate::generated::open::{}", values.name);
        settings.with_replacement(
            &values.name,
            path,
            [TypeImpl::Display, TypeImpl::FromStr].into_iter(),
        );
    }
    for name in super::schemas(normalised) {
        let name = super::names::pascal(name);
        settings.with_patch(name, TypePatch::default().with_attr("#[non_exhaustive]"));
    }
    let password = SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some("password".to_owned()),
        ..SchemaObject::default()
    };
    settings.with_conversion(password, "crate::Secret", std::iter::empty());
    settings
}

fn method(signature: &syn::Signature) -> Result<Method> {
    let mut arguments = BTreeMap::new();
    for argument in &signature.inputs {
        let FnArg::Typed(argument) = argument else {
            continue;
        };
        let syn::Pat::Ident(name) = &*argument.pat else {
            continue;
        };
        arguments.insert(name.ident.to_string(), owned(&argument.ty)?);
    }
    let response = match &signature.output {
        // Result<ResponseValue<T>, Error<()>>
        ReturnType::Type(_, output) => first_generic(output).and_then(first_generic),
        ReturnType::Default => None,
    };
    let response = response
        .cloned()
        .with_context(|| format!("progenitor's `{}` returns another type", signature.ident))?;
    Ok(Method {
        arguments,
        response,
    })
}

/// The owned form of the type of an argument: `String` for `&str`.
fn owned(argument: &Type) -> Result<Type> {
    Ok(match argument {
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => {
                syn::parse_str("::std::string::String")?
            }
            Type::Slice(slice) => {
                let mut list: Type = syn::parse_str("::std::vec::Vec<()>")?;
                if let Some(inner) = first_generic_mut(&mut list) {
                    *inner = (*slice.elem).clone();
                }
                list
            }
            other => other.clone(),
        },
        // A body of bytes is generic.
        Type::Path(path) if path.path.is_ident("B") => syn::parse_str("::bytes::Bytes")?,
        Type::Path(path) if last_is(path, "Option") => {
            let mut optional = argument.clone();
            if let Some(inner) = first_generic_mut(&mut optional) {
                *inner = owned(inner)?;
            }
            optional
        }
        other => other.clone(),
    })
}

fn first_generic(of: &Type) -> Option<&Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn first_generic_mut(of: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &mut path.path.segments.last_mut()?.arguments
    else {
        return None;
    };
    match arguments.args.first_mut()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn last_is(path: &syn::TypePath, name: &str) -> bool {
    let last = path.path.segments.last();
    last.is_some_and(|segment| segment.ident == name)
}
