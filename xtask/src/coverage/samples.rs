//! Which calls the docs of the crates show: the samples in doc comments, parsed, with local names followed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, ExprMethodCall, Lit, Local, Macro, Meta, Pat};

use crate::document::workspace;

const CRATES: [&str; 2] = ["crates/aerostack/src", "crates/aerostack-realtime/src"];

/// These say who calls, not what is called.
const CREDENTIALS: [&str; 2] = ["consumer_key", "user_token"];

/// The calls that some sample makes.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    /// Chains of calls as names, and the item whose docs hold them.
    chains: BTreeMap<Vec<String>, String>,
}

impl Samples {
    /// Reads the docs of the crates that hold the handles.
    pub(crate) fn of_the_crates() -> Result<Self> {
        let mut samples = Self::default();
        for folder in CRATES {
            samples.folder(&workspace().join(folder))?;
        }
        Ok(samples)
    }

    fn folder(&mut self, folder: &Path) -> Result<()> {
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read {}", folder.display()))?;
        let mut paths = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.folder(&path)?;
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                let module = path.file_stem().unwrap_or_default().to_string_lossy();
                self.read(&text, &module);
            }
        }
        Ok(())
    }

    /// Reads the docs of one file. One that does not parse has no samples: the compiler has more to say about it.
    pub(crate) fn read(&mut self, rust: &str, module: &str) {
        if let Ok(mut file) = syn::parse_file(rust) {
            Docs {
                samples: self,
                place: vec![module.to_owned()],
            }
            .visit_file_mut(&mut file);
        }
    }

    /// The item whose docs call a handle, such as `cache().set`.
    pub(crate) fn of(&self, handle: &str) -> Option<&str> {
        let (service, method) = handle.split_once("().")?;
        let found = self
            .chains
            .iter()
            .find(|(chain, _)| chain.windows(2).any(|pair| pair == [service, method]));
        found.map(|(_, place)| place.as_str())
    }
}

/// Goes through the doc comments of a file.
struct Docs<'a> {
    samples: &'a mut Samples,
    /// The item around, from the outside in.
    place: Vec<String>,
}

impl Docs<'_> {
    fn within(&mut self, name: String, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, vec![name]);
        visit(self);
        self.place = outer;
    }

    fn attributes(&mut self, attributes: &[Attribute]) {
        let lines: Vec<String> = attributes.iter().filter_map(doc).collect();
        for sample in blocks(&lines.join("\n")) {
            let mut calls = Calls::default();
            calls.sample(&sample);
            for chain in calls.chains {
                let place = self.place.join("::");
                self.samples.chains.entry(chain).or_insert(place);
            }
        }
    }
}

impl VisitMut for Docs<'_> {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        self.attributes(&file.attrs);
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        self.within(item.ident.to_string(), |docs| docs.attributes(&item.attrs));
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        self.within(item.ident.to_string(), |docs| docs.attributes(&item.attrs));
    }

    fn visit_item_fn_mut(&mut self, item: &mut syn::ItemFn) {
        self.within(item.sig.ident.to_string(), |docs| {
            docs.attributes(&item.attrs)
        });
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        let syn::Type::Path(of) = &*item.self_ty else {
            return;
        };
        let Some(name) = of.path.segments.last().map(|last| last.ident.to_string()) else {
            return;
        };
        self.within(name, |docs| visit_mut::visit_item_impl_mut(docs, item));
    }

    fn visit_impl_item_fn_mut(&mut self, item: &mut syn::ImplItemFn) {
        self.place.push(item.sig.ident.to_string());
        self.attributes(&item.attrs);
        self.place.pop();
    }
}

/// The text of a doc attribute.
fn doc(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(literal) if pair.path.is_ident("doc") => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The blocks of Rust in a doc comment that rustdoc compiles, hidden lines included.
fn blocks(text: &str) -> Vec<String> {
    let (mut blocks, mut open): (Vec<String>, Option<Option<String>>) = (Vec::new(), None);
    for line in text.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match (line.trim().strip_prefix("```"), &mut open) {
            (Some(words), None) => {
                let compiled = words.split([',', ' ']).all(|word| {
                    ["", "rust", "no_run", "should_panic", "compile_fail"].contains(&word)
                });
                open = Some(compiled.then(String::new));
            }
            (Some(_), Some(_)) => blocks.extend(open.take().flatten()),
            (None, Some(Some(block))) => {
                let shown = line.trim_start();
                let hidden = shown.strip_prefix("# ").or((shown == "#").then_some(""));
                block.push_str(hidden.unwrap_or(line));
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

/// Goes through a sample and keeps its chains of calls.
#[derive(Default)]
struct Calls {
    /// Local names and the chains they were made with.
    names: BTreeMap<String, Vec<String>>,
    chains: Vec<Vec<String>>,
}

impl Calls {
    fn sample(&mut self, sample: &str) {
        if let Ok(mut file) = syn::parse_file(sample) {
            self.visit_file_mut(&mut file);
        } else if let Ok(mut block) = syn::parse_str::<Block>(&format!("{{{sample}}}")) {
            self.visit_block_mut(&mut block);
        }
    }

    /// The names of a chain: `client`, `cache`, `set` of `client.cache().set(..).await?`.
    fn chain(&self, expression: &Expr) -> Vec<String> {
        match expression {
            Expr::MethodCall(call) => {
                let mut chain = self.chain(&call.receiver);
                let name = call.method.to_string();
                if !CREDENTIALS.contains(&name.as_str()) {
                    chain.push(name);
                }
                chain
            }
            Expr::Await(inner) => self.chain(&inner.base),
            Expr::Try(inner) => self.chain(&inner.expr),
            Expr::Paren(inner) => self.chain(&inner.expr),
            Expr::Reference(inner) => self.chain(&inner.expr),
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) => last(path).into_iter().collect(),
                _ => Vec::new(),
            },
            Expr::Path(path) => {
                let name = last(path);
                let bound = name.as_ref().and_then(|name| self.names.get(name));
                bound.cloned().unwrap_or_else(|| name.into_iter().collect())
            }
            _ => Vec::new(),
        }
    }
}

fn last(path: &syn::ExprPath) -> Option<String> {
    Some(path.path.segments.last()?.ident.to_string())
}

impl VisitMut for Calls {
    fn visit_local_mut(&mut self, local: &mut Local) {
        visit_mut::visit_local_mut(self, local);
        let pattern = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            other => other,
        };
        if let (Pat::Ident(name), Some(init)) = (pattern, &local.init) {
            let chain = self.chain(&init.expr);
            self.names.insert(name.ident.to_string(), chain);
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        self.chains
            .push(self.chain(&Expr::MethodCall(call.clone())));
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        type Arguments = syn::punctuated::Punctuated<Expr, syn::Token![,]>;
        if let Ok(mut arguments) = call.parse_body_with(Arguments::parse_terminated) {
            for argument in &mut arguments {
                self.visit_expr_mut(argument);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(docs: &str) -> Samples {
        let docs: String = docs.lines().map(|line| format!("/// {line}\n")).collect();
        let mut samples = Samples::default();
        samples.read(
            &format!("struct Cache;\nimpl Cache {{\n{docs}\nfn set() {{}} }}"),
            "cache",
        );
        samples
    }

    #[test]
    fn calls_are_found_however_they_are_written() {
        for sample in [
            "client.cache().set(\"a\", &1).ttl(MINUTE).await?;",
            "let cache = client.cache();\ncache.set(\"a\", &1).await?;",
            "let cache: Cache = client.cache();\nif true { cache.set(\"a\", &1).await?; }",
            "assert!(client.cache().set(\"a\", &1).await.is_ok());",
            "# async fn run(cache: Cache) {\ncache.set(\"a\", &1).await;\n# }",
            "tokio::join!(client.cache().set(\"a\", &1), other());",
        ] {
            let samples = samples(&format!("Stores.\n\n```no_run\n{sample}\n```"));
            assert_eq!(samples.of("cache().set"), Some("Cache::set"), "{sample}");
            assert_eq!(samples.of("cache().get"), None, "{sample}");
        }
    }

    #[test]
    fn who_calls_makes_no_difference() {
        let samples =
            samples("```\nclient.gateway(\"bot\").consumer_key(\"k\").wallet().await?;\n```");
        assert!(samples.of("gateway().wallet").is_some());
    }

    #[test]
    fn a_namesake_on_another_service_does_not_count() {
        let samples = samples("```\nclient.storage().list().send().await?;\n```");
        assert!(samples.of("storage().list").is_some());
        assert_eq!(samples.of("cache().list"), None);
    }

    #[test]
    fn what_is_not_compiled_does_not_count() {
        for docs in [
            "client.cache().set(1)",
            "```text\nclient.cache().set(1);\n```",
            "```ignore\nclient.cache().set(1);\n```",
            "```\n// client.cache().set(1);\n```",
        ] {
            assert_eq!(samples(docs).of("cache().set"), None, "{docs}");
        }
    }
}
