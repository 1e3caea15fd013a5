//! `client.rs`: what progenitor makes of the normalised document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow, bail};
use progenitor::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl, TypePatch,
};
use schemars::schema::{InstanceType, SchemaObject};

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, UseTree};

use super::Normalised;

/// The file.
pub(crate) fn render(normalised: &Normalised) -> Result<String> {
    let openapi: openapiv3::OpenAPI = serde_json::from_value(normalised.openapi.clone()).context(
        "the normalised document is not OpenAPI 3.0; the normaliser let something through",
    )?;
    // progenitor panics on much of what it does not support.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings(normalised)?)
            .generate_tokens(&openapi)
            .map_err(anyhow::Error::from)
    }))
    .map_err(|_| anyhow!("progenitor panicked; the normaliser must refuse what caused it"))?
    .context("progenitor refused the normalised document")?;
    let mut file = syn::parse2(tokens).context("progenitor wrote something that is not Rust")?;
    drop_constructor(&mut file);
    encode_all(&mut file)?;
    LineComments.visit_file_mut(&mut file);
    Ok(super::header() + &airy(&prettyplease::unparse(&file)))
}

fn settings(normalised: &Normalised) -> Result<GenerationSettings> {
    let inner = "crate::transport::Inner"
        .parse()
        .map_err(|error| anyhow!("{error}"))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(inner)
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
    for name in &normalised.received_only {
        settings.with_patch(name, TypePatch::default().with_attr("#[non_exhaustive]"));
    }
    let password = SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some("password".to_owned()),
        ..SchemaObject::default()
    };
    settings.with_conversion(password, "crate::Secret", std::iter::empty());
    Ok(settings)
}

/// Takes out the constructor that sets a total timeout, which would cut streams short, and panics where it fails.
fn drop_constructor(file: &mut syn::File) {
    for item in &mut file.items {
        let syn::Item::Impl(item) = item else {
            continue;
        };
        let of_client =
            matches!(&*item.self_ty, syn::Type::Path(path) if path.path.is_ident("Client"));
        if of_client && item.trait_.is_none() {
            item.items.retain(
                |item| !matches!(item, syn::ImplItem::Fn(function) if function.sig.ident == "new"),
            );
        }
    }
}

/// Lets this workspace encode the names in paths: progenitor leaves the backslash as it is, which URLs take for a slash.
fn encode_all(file: &mut syn::File) -> Result<()> {
    const NAME: &str = "encode_path";
    for item in &mut file.items {
        let syn::Item::Use(item) = item else {
            continue;
        };
        let UseTree::Path(path) = &mut item.tree else {
            continue;
        };
        let UseTree::Group(group) = &mut *path.tree else {
            continue;
        };
        let is_it = |tree: &UseTree| matches!(tree, UseTree::Name(name) if name.ident == NAME);
        if path.ident == "progenitor_client" && group.items.iter().any(is_it) {
            group.items = group
                .items
                .iter()
                .filter(|tree| !is_it(tree))
                .cloned()
                .collect();
            file.items
                .insert(0, syn::parse_str("use crate::path::encode_path;")?);
            return Ok(());
        }
    }
    bail!("progenitor no longer uses {NAME}; see how it encodes the names in paths now")
}

/// Writes documentation as line comments, one attribute per line.
struct LineComments;

impl VisitMut for LineComments {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = attributes.drain(..).flat_map(lines).collect();
    }
}

fn lines(attribute: Attribute) -> Vec<Attribute> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return vec![attribute];
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = &meta.value
    else {
        return vec![attribute];
    };
    if !meta.path.is_ident("doc") {
        return vec![attribute];
    }
    let line = |line: &str| {
        let mut meta = meta.clone();
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        meta.value = Expr::Lit(ExprLit {
            attrs: Vec::new(),
            lit: Lit::Str(LitStr::new(&line, text.span())),
        });
        Attribute {
            meta: Meta::NameValue(meta),
            ..attribute.clone()
        }
    };
    text.value().trim_end().lines().map(line).collect()
}

/// Puts an empty line between items, which the formatter leaves out.
pub(crate) fn airy(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + code.len() / 50);
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(next) = lines.peek().map(|next| next.trim_start()) else {
            break;
        };
        let closes = ["}", "};", "    }", "        }"].contains(&line)
            && !next.starts_with(['}', ')'])
            && !next.starts_with("else");
        let begins = ["///", "impl ", "pub mod "]
            .iter()
            .any(|start| next.starts_with(start));
        if !next.is_empty() && (closes || (line.ends_with(';') && begins)) {
            out.push('\n');
        }
    }
    out
}
