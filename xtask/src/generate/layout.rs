//! How generated code is printed.

use anyhow::{Context, Result};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta};

/// Formats a source text.
pub(crate) fn source(text: &str) -> Result<String> {
    let mut file =
        syn::parse_file(text).context("the generator wrote something that is not Rust")?;
    LineComments.visit_file_mut(&mut file);
    Ok(spaced(&prettyplease::unparse(&file)))
}

/// Shortens the paths of the prelude, unless the document has a type of the same name.
pub(crate) fn short_paths<'a>(text: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let mut text = text.to_owned();
    for (path, name) in [
        ("::std::option::Option", "Option"),
        ("::std::string::String", "String"),
        ("::std::vec::Vec", "Vec"),
        ("::std::boxed::Box", "Box"),
    ] {
        if names.clone().all(|taken| taken != name) {
            text = text.replace(path, name);
        }
    }
    text.replace("::serde::", "serde::")
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
    let text = text.value();
    match text.trim_end() {
        "" => vec![line("")],
        text => text.lines().map(line).collect(),
    }
}

/// Puts an empty line between items, which the formatter leaves out.
fn spaced(code: &str) -> String {
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
        if line.starts_with("//!") && !next.starts_with("//!") && !next.is_empty() {
            out.push('\n');
            continue;
        }
        let is_comment = line.trim_start().starts_with("//");
        let begins = ["///", "impl ", "fn encode"]
            .iter()
            .any(|start| next.starts_with(start));
        if !next.is_empty() && (closes || (line.ends_with(';') && begins && !is_comment)) {
            out.push('\n');
        }
    }
    out
}
