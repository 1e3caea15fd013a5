//! The Rust names of things in the document, and what must not share one.

use std::collections::HashMap;

use anyhow::Result;
use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

use crate::document::{Place, refuse};

/// The names of one kind in one scope, after conversion to the case Rust gives them.
#[derive(Debug)]
pub(crate) struct Names {
    what: &'static str,
    convert: fn(&str) -> String,
    taken: HashMap<String, String>,
}

impl Names {
    /// Names in `snake_case`: operations, and the properties of one schema.
    pub(crate) fn snake(what: &'static str) -> Self {
        Self {
            what,
            convert: snake,
            taken: HashMap::new(),
        }
    }

    /// Names in `PascalCase`: schemas, and the values of one enum.
    pub(crate) fn pascal(what: &'static str) -> Self {
        Self {
            what,
            convert: pascal,
            taken: HashMap::new(),
        }
    }

    /// Takes `name` and returns what Rust calls it, or fails if another name is called the same.
    pub(crate) fn take(&mut self, place: &Place, name: &str) -> Result<String> {
        let rust = (self.convert)(name);
        if rust.is_empty() || rust.starts_with(|first: char| first.is_ascii_digit()) {
            refuse!(
                place,
                "the {} `{name}` has no Rust name; start it with a letter",
                self.what
            );
        }
        if let Some(other) = self.taken.insert(rust.clone(), name.to_owned()) {
            let (one, other) = if *name < *other {
                (name, &*other)
            } else {
                (&*other, name)
            };
            refuse!(
                place,
                "the {} `{one}` and `{other}` would both be called `{rust}` in Rust",
                plural(self.what)
            );
        }
        Ok(rust)
    }
}

fn plural(what: &str) -> String {
    match what.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{what}s"),
    }
}

/// What progenitor calls a method, a parameter or a field, before it escapes keywords.
pub(crate) fn snake(name: &str) -> String {
    words(name).to_snake_case()
}

/// What progenitor calls a type.
pub(crate) fn pascal(name: &str) -> String {
    words(name).to_pascal_case()
}

/// What a static is called.
pub(crate) fn shouty(name: &str) -> String {
    words(name).to_shouty_snake_case()
}

fn words(name: &str) -> String {
    name.replace('\'', "")
        .replace(|c: char| !c.is_alphanumeric() && c != '_', "-")
}
