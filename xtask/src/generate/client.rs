//! `client.rs`: what progenitor makes of the normalised document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, anyhow};
use progenitor::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle, TypeImpl, TypePatch,
};
use schemars::schema::{InstanceType, SchemaObject};

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

/// Puts an empty line after every item and a space before the text of doc comments, both of which the formatter
/// leaves out.
pub(crate) fn airy(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + code.len() / 50);
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        match line.trim_start().strip_prefix("///") {
            Some(text) if !text.is_empty() && !text.starts_with([' ', '/']) => {
                out.push_str(&line[..line.len() - text.len()]);
                out.push(' ');
                out.push_str(text);
            }
            _ => out.push_str(line),
        }
        out.push('\n');
        let closes = ["}", "};", "    }", "        }"].contains(&line);
        let more = lines
            .peek()
            .is_some_and(|next| !next.is_empty() && !next.trim_start().starts_with('}'));
        if closes
            && more
            && !lines
                .peek()
                .is_some_and(|next| next.trim_start().starts_with("else"))
        {
            out.push('\n');
        }
    }
    out
}
