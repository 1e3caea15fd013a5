//! The asynchronous methods of the SDK, read from its source.

use std::collections::{BTreeMap, BTreeSet};

use aerostack_contract::{Case, here, rust_files};
use syn::{Attribute, Expr, ImplItem, Item, Lit, Meta, ReturnType, Type, Visibility};

const CRATES: [&str; 2] = ["aerostack", "aerostack-realtime"];

/// The macros that make a type awaitable, the name of which comes first.
const MACROS: [&str; 2] = ["awaitable", "paging"];

/// What the macro `paging` gives every list.
const OF_LISTS: [&str; 2] = ["items", "pages"];

/// A method whose result is awaited.
pub(crate) struct Method {
    /// `Type::method`.
    pub(crate) name: String,
    pub(crate) tells_of_dropping: bool,
    /// How a client comes by the type, such as `cache` for `Cache`, where one call does.
    accessor: Option<String>,
    method: String,
}

impl Method {
    pub(crate) fn is_called_in(&self, case: &Case) -> bool {
        if let Some(accessor) = &self.accessor {
            return case.handle() == format!("{accessor}().{}", self.method);
        }
        ["(", "::<", " ("].iter().any(|end| {
            let call = format!(".{}{end}", self.method);
            case.call_text.contains(&call)
        })
    }
}

#[derive(Default)]
struct Source {
    items: Vec<Item>,
}

/// All of them.
pub(crate) fn all() -> Vec<Method> {
    CRATES.iter().flat_map(|name| of(name)).collect()
}

fn of(name: &str) -> Vec<Method> {
    let folder = here().join("../crates").join(name).join("src");
    let mut source = Source::default();
    for path in rust_files(&folder).unwrap() {
        let text = std::fs::read_to_string(&path).unwrap();
        source.items.extend(syn::parse_file(&text).unwrap().items);
    }
    let builders = builders(&source);
    let told = told(&source);
    let accessors = accessors(&source);
    let mut methods = Vec::new();
    for item in &source.items {
        let Item::Impl(block) = item else { continue };
        let (None, Some(owner)) = (&block.trait_, named(&block.self_ty)) else {
            continue;
        };
        for item in &block.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            let Visibility::Public(_) = function.vis else {
                continue;
            };
            // Names of other libraries, each for a method that is here under its own.
            if is_hidden(&block.attrs) || is_hidden(&function.attrs) {
                continue;
            }
            let builder = match &function.sig.output {
                ReturnType::Type(_, output) => named(output).filter(|it| builders.contains(it)),
                ReturnType::Default => None,
            };
            let is_async = function.sig.asyncness.is_some();
            if !is_async && builder.is_none() {
                continue;
            }
            let by_builder = builder.is_some_and(|builder| told.contains(&builder));
            let method = function.sig.ident.to_string();
            methods.push(Method {
                name: format!("{owner}::{method}"),
                tells_of_dropping: tells(&function.attrs) || by_builder,
                accessor: accessors.get(&owner).cloned(),
                method,
            });
        }
    }
    if builders.iter().any(|builder| builder.starts_with("List")) {
        methods.extend(OF_LISTS.map(|method| Method {
            name: format!("Lists::{method}"),
            tells_of_dropping: true,
            accessor: None,
            method: method.to_owned(),
        }));
    }
    methods
}

/// The types that are awaited.
fn builders(source: &Source) -> BTreeSet<String> {
    source.items.iter().filter_map(awaited).collect()
}

fn awaited(item: &Item) -> Option<String> {
    match item {
        Item::Impl(block) => {
            let (path, _) = block.trait_.as_ref()?;
            let is_future = path.segments.last()?.ident == "IntoFuture";
            is_future.then(|| named(&block.self_ty))?
        }
        Item::Macro(call) => {
            let name = call.mac.path.segments.last()?.ident.to_string();
            let is_ours = MACROS.contains(&name.as_str());
            let first = call.mac.tokens.clone().into_iter().next()?;
            is_ours.then(|| first.to_string())
        }
        _ => None,
    }
}

/// The types whose docs say what dropping does.
fn told(source: &Source) -> BTreeSet<String> {
    let of = |item: &Item| match item {
        Item::Struct(item) if tells(&item.attrs) => Some(item.ident.to_string()),
        Item::Impl(block) if tells(&block.attrs) => named(&block.self_ty),
        _ => None,
    };
    source.items.iter().filter_map(of).collect()
}

/// By which method of the client each handle is reached.
fn accessors(source: &Source) -> BTreeMap<String, String> {
    let mut accessors = BTreeMap::new();
    for item in &source.items {
        let Item::Impl(block) = item else { continue };
        if block.trait_.is_some() || named(&block.self_ty).as_deref() != Some("Client") {
            continue;
        }
        for item in &block.items {
            if let ImplItem::Fn(function) = item
                && let ReturnType::Type(_, output) = &function.sig.output
                && let Some(handle) = named(output)
            {
                accessors.insert(handle, function.sig.ident.to_string());
            }
        }
    }
    accessors
}

fn tells(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(text) => {
                matches!(&text.lit, Lit::Str(text) if text.value().trim() == "# Cancel safety")
            }
            _ => false,
        },
        _ => false,
    })
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("doc") => list.tokens.to_string() == "hidden",
        _ => false,
    })
}

/// The last word of a type's name.
fn named(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}
