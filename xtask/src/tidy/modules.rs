//! The modules of a crate, and what each imports from the others.
//!
//! A path counts wherever it stands: in `use` with nested braces, in a re-export, or spelled out in an expression or
//! type. Code under `#[cfg(test)]` does not count. Names are followed through re-exports to the module that defines them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::lexer::{Kind, Token, tokens};

/// A path into the own crate.
#[derive(Debug, Clone)]
struct Import {
    /// With `crate`, `self`, `super` or a child in front, and perhaps `*` behind.
    path: Vec<String>,
    line: usize,
}

/// A module: a file, or a part of one in braces.
#[derive(Debug, Default)]
struct Module {
    /// From the crate's root, without `crate`; empty for the root itself.
    path: Vec<String>,
    file: String,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    items: BTreeSet<String>,
    imports: Vec<Import>,
    /// What `use` brings in, by the name it has here.
    aliases: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    /// Other crates that a `use` without more passes on.
    crates: BTreeSet<String>,
}

/// One module needs another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) file: String,
    pub(super) line: usize,
    /// As it is written.
    pub(super) import: String,
}

/// The modules of one crate.
#[derive(Debug, Default)]
pub(super) struct Tree {
    modules: Vec<Module>,
}

impl Tree {
    /// Reads a crate from `folder` below `root`: its library, or else its program.
    pub(super) fn read(root: &Path, folder: &str) -> Result<Self> {
        let mut tree = Self::default();
        let entry = ["src/lib.rs", "src/main.rs"]
            .into_iter()
            .map(|entry| format!("{folder}/{entry}"))
            .find(|entry| root.join(entry).is_file())
            .with_context(|| format!("{folder} has neither a library nor a program"))?;
        tree.add(
            &|path| fs::read_to_string(root.join(path)).ok(),
            &entry,
            Vec::new(),
            None,
        );
        Ok(tree)
    }

    /// Reads a crate from texts by path; `src/lib.rs` is its root.
    #[cfg(test)]
    pub(super) fn of(texts: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        let read = |path: &str| {
            let text = texts.iter().find(|(name, _)| *name == path);
            text.map(|(_, text)| (*text).to_owned())
        };
        tree.add(&read, "src/lib.rs", Vec::new(), None);
        tree
    }

    /// The path of every module: `a::b`, empty for the root.
    pub(super) fn paths(&self) -> impl Iterator<Item = (String, &str)> {
        self.modules
            .iter()
            .map(|module| (module.path.join("::"), module.file.as_str()))
    }

    fn add(
        &mut self,
        read: &dyn Fn(&str) -> Option<String>,
        file: &str,
        path: Vec<String>,
        parent: Option<usize>,
    ) -> usize {
        let index = self.modules.len();
        self.modules.push(Module {
            path,
            file: file.to_owned(),
            parent,
            ..Module::default()
        });
        let tokens = without_tests(tokens(&read(file).unwrap_or_default()));
        let mut reader = Reader {
            tree: self,
            read,
            file,
            tokens: &tokens,
            at: 0,
        };
        reader.module(index);
        index
    }

    /// What each module needs of the others, itself and its own children left out: a module and the parts it is
    /// composed of are one thing to everybody else.
    pub(super) fn edges(&self) -> BTreeSet<Edge> {
        let mut edges = BTreeSet::new();
        for (from, module) in self.modules.iter().enumerate() {
            for import in &module.imports {
                let Some(to) = self.resolve(from, &import.path, 0) else {
                    continue;
                };
                let target = &self.modules[to];
                if target.path.starts_with(&module.path) {
                    continue;
                }
                edges.insert(Edge {
                    from: module.path.join("::"),
                    to: target.path.join("::"),
                    file: module.file.clone(),
                    line: import.line,
                    import: import.path.join("::"),
                });
            }
        }
        edges
    }

    /// The module that defines what `path` names, as seen from `from`.
    fn resolve(&self, from: usize, path: &[String], depth: usize) -> Option<usize> {
        // Re-exports that name each other would go on for ever.
        if depth > 16 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let mut rest = rest;
        let mut module = match first.as_str() {
            "crate" => 0,
            "self" => from,
            "super" => self.modules[from].parent?,
            child => *self.modules[from].children.get(child)?,
        };
        while let Some((next, after)) = rest.split_first() {
            let here = &self.modules[module];
            rest = after;
            if next == "super" {
                module = here.parent?;
            } else if let Some(child) = here.children.get(next) {
                module = *child;
            } else if here.items.contains(next) {
                return Some(module);
            } else if here.crates.contains(next) {
                return None;
            } else if let Some(alias) = here.aliases.get(next) {
                let path: Vec<String> = alias.iter().chain(rest).cloned().collect();
                return self.resolve(module, &path, depth + 1);
            } else {
                let through_glob = here.globs.iter().find_map(|glob| {
                    let target = self.resolve(module, glob, depth + 1)?;
                    let there = &self.modules[target];
                    let has = there.items.contains(next)
                        || there.children.contains_key(next)
                        || there.aliases.contains_key(next);
                    let path: Vec<String> = ["self", next]
                        .into_iter()
                        .map(str::to_owned)
                        .chain(rest.iter().cloned())
                        .collect();
                    has.then(|| self.resolve(target, &path, depth + 1))?
                });
                return through_glob.or(Some(module));
            }
        }
        Some(module)
    }
}

/// Walks the tokens of one file.
struct Reader<'a> {
    tree: &'a mut Tree,
    read: &'a dyn Fn(&str) -> Option<String>,
    file: &'a str,
    tokens: &'a [Token],
    at: usize,
}

const DEFINITIONS: &[&str] = &[
    "struct", "enum", "union", "fn", "trait", "type", "const", "static",
];

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn word(&self, ahead: usize) -> Option<&str> {
        self.peek(ahead)?.word()
    }

    fn is(&self, ahead: usize, punct: char) -> bool {
        self.peek(ahead).is_some_and(|token| token.is(punct))
    }

    /// Reads up to the end of the file, or to the brace that closes the module.
    fn module(&mut self, index: usize) {
        let mut depth = 0_usize;
        while let Some(token) = self.tokens.get(self.at) {
            let line = token.line;
            match &token.kind {
                Kind::Punct('{') => depth += 1,
                Kind::Punct('}') if depth == 0 => return,
                Kind::Punct('}') => depth -= 1,
                Kind::Word(word) if word == "mod" => {
                    if let Some(name) = self.word(1).map(str::to_owned) {
                        self.child(index, name);
                        continue;
                    }
                }
                Kind::Word(word) if word == "use" && !self.is(1, '<') => {
                    self.at += 1;
                    self.use_tree(index, Vec::new());
                    continue;
                }
                Kind::Word(word) if word == "macro_rules" => {
                    if let Some(name) = self.word(2).map(str::to_owned) {
                        self.tree.modules[index].items.insert(name);
                    }
                }
                Kind::Word(word) if depth == 0 && DEFINITIONS.contains(&word.as_str()) => {
                    if let Some(name) = self.word(1).map(str::to_owned) {
                        self.tree.modules[index].items.insert(name);
                    }
                }
                Kind::Word(word) if matches!(word.as_str(), "crate" | "self" | "super") => {
                    let start = self
                        .at
                        .checked_sub(1)
                        .map(|before| &self.tokens[before].kind);
                    if start != Some(&Kind::PathSep) {
                        self.path(index, line);
                        continue;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// `mod name;` or `mod name { .. }`
    fn child(&mut self, index: usize, name: String) {
        let inline = self.is(2, '{');
        if !inline && !self.is(2, ';') {
            self.at += 1;
            return;
        }
        let mut path = self.tree.modules[index].path.clone();
        path.push(name.clone());
        self.at += 3;
        let child = if inline {
            let child = self.tree.modules.len();
            self.tree.modules.push(Module {
                path,
                file: self.file.to_owned(),
                parent: Some(index),
                ..Module::default()
            });
            self.module(child);
            self.at += 1;
            child
        } else {
            let file = self.file_of(&path);
            self.tree.add(self.read, &file, path, Some(index))
        };
        self.tree.modules[index].children.insert(name, child);
    }

    /// Where the module with this path has its file, by the rules of Rust.
    fn file_of(&self, path: &[String]) -> String {
        let root = self.tree.modules[0]
            .file
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let stem = format!("{root}/{}", path.join("/"));
        let old = format!("{stem}/mod.rs");
        if (self.read)(&old).is_some() {
            old
        } else {
            format!("{stem}.rs")
        }
    }

    /// A path in an expression or type, at its first word.
    fn path(&mut self, index: usize, line: usize) {
        let mut path = Vec::new();
        while let Some(word) = self.word(0) {
            path.push(word.to_owned());
            self.at += 1;
            if self.peek(0).is_none_or(|token| token.kind != Kind::PathSep) {
                break;
            }
            self.at += 1;
        }
        // Alone, `self` is a value and `crate` a visibility.
        if path.len() > 1 {
            self.tree.modules[index].imports.push(Import { path, line });
        }
    }

    /// One tree of a `use`, `prefix` before it; stops behind it.
    fn use_tree(&mut self, index: usize, mut prefix: Vec<String>) {
        if self
            .peek(0)
            .is_some_and(|token| token.kind == Kind::PathSep)
        {
            self.at += 1;
        }
        loop {
            let Some(token) = self.peek(0) else { return };
            let line = token.line;
            match &token.kind {
                Kind::Word(word) => {
                    prefix.push(word.clone());
                    self.at += 1;
                    if self
                        .peek(0)
                        .is_some_and(|token| token.kind == Kind::PathSep)
                    {
                        self.at += 1;
                        continue;
                    }
                    let name = if self.word(0) == Some("as") {
                        let name = self.word(1).unwrap_or("_").to_owned();
                        self.at += 2;
                        Some(name)
                    } else {
                        None
                    };
                    self.found(index, prefix, name, line);
                }
                Kind::Punct('*') => {
                    self.at += 1;
                    let module = &mut self.tree.modules[index];
                    module.globs.push(prefix.clone());
                    module.imports.push(Import { path: prefix, line });
                }
                Kind::Punct('{') => {
                    self.at += 1;
                    while !self.is(0, '}') && self.peek(0).is_some() {
                        let before = self.at;
                        self.use_tree(index, prefix.clone());
                        if self.is(0, ',') || self.at == before {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
            return;
        }
    }

    fn found(&mut self, index: usize, mut path: Vec<String>, name: Option<String>, line: usize) {
        // `use a::b::{self}` names `a::b`.
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let module = &mut self.tree.modules[index];
        if let [only] = path.as_slice() {
            module.crates.insert(name.unwrap_or_else(|| only.clone()));
            return;
        }
        let name = name.or_else(|| path.last().cloned());
        if let Some(name) = name.filter(|name| name != "_") {
            module.aliases.insert(name, path.clone());
        }
        module.imports.push(Import { path, line });
    }
}

/// The tokens without attributes, and without what stands under `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    let mut test = false;
    while at < tokens.len() {
        let inner = usize::from(tokens.get(at + 1).is_some_and(|token| token.is('!')));
        if tokens[at].is('#')
            && tokens
                .get(at + 1 + inner)
                .is_some_and(|token| token.is('['))
        {
            let end = closing(&tokens, at + 1 + inner);
            let words: Vec<&str> = tokens[at..end].iter().filter_map(Token::word).collect();
            test |=
                words.first() == Some(&"cfg") && words.contains(&"test") && !words.contains(&"not");
            // A path inside of an attribute, as in `serde(with = "..")`, is a literal and no token.
            at = end;
        } else if test {
            at = end_of_item(&tokens, at);
            test = false;
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Behind the bracket that closes the one at `at`.
fn closing(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.kind {
            Kind::Punct('[' | '(' | '{') => depth += 1,
            Kind::Punct(']' | ')' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Behind the item, field or statement that starts at `at`.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let is_use = tokens.get(at).and_then(Token::word) == Some("use");
    while let Some(token) = tokens.get(at) {
        match token.kind {
            Kind::Punct(';') => return at + 1,
            Kind::Punct('{') if !is_use => return closing(tokens, at),
            Kind::Punct('[' | '(' | '{') => at = closing(tokens, at),
            Kind::Punct('}' | ')' | ']') => return at,
            _ => at += 1,
        }
    }
    at
}
