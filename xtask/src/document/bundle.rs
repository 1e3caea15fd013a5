//! A document of several files as one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::source::{Source, Spots};
use super::{Place, Problem, Problems, workspace};

/// Puts what other files hold in the place of the references to it: schemas as components, everything else itself.
pub(crate) fn bundle(source: Source, folder: &Path) -> Result<Source> {
    if !has_foreign(&source.value) {
        return Ok(source);
    }
    let Source { mut value, spots } = source;
    let mut bundle = Bundle {
        files: BTreeMap::new(),
        schemas: BTreeMap::new(),
        components: Vec::new(),
        spots,
        problems: Problems::default(),
        depth: 0,
    };
    bundle.walk(&mut value, &Place::root(), folder, None);
    bundle.problems.finish()?;
    for (name, schema) in bundle.components {
        value["components"]["schemas"][name] = schema;
    }
    Ok(Source {
        value,
        spots: bundle.spots,
    })
}

fn has_foreign(value: &Value) -> bool {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str);
            own.is_some_and(|target| !target.starts_with('#')) || map.values().any(has_foreign)
        }
        Value::Array(items) => items.iter().any(has_foreign),
        _ => false,
    }
}

struct Bundle {
    files: BTreeMap<PathBuf, Source>,
    /// Names of components, by file and pointer.
    schemas: BTreeMap<(PathBuf, String), String>,
    components: Vec<(String, Value)>,
    spots: Spots,
    problems: Problems,
    depth: usize,
}

impl Bundle {
    /// Replaces references below a value that was written in `own`, or in the document itself.
    fn walk(&mut self, value: &mut Value, place: &Place, folder: &Path, own: Option<&Path>) {
        let target = value.get("$ref").and_then(Value::as_str).map(str::to_owned);
        if let Some(target) = target {
            let (file, pointer) = target.split_once('#').unwrap_or((&target, ""));
            let path = match (file, own) {
                ("", None) => return,
                ("", Some(own)) => own.to_path_buf(),
                (file, _) => folder.join(file),
            };
            let replaced = self.foreign(&path, pointer, place);
            match self.problems.keep(replaced.with_context(|| {
                format!("`{target}` cannot be read; put the file beside the document")
            })) {
                Some(new) => *value = new,
                None => value["$ref"] = json!("#"),
            }
            return;
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    self.walk(value, &place.at(key), folder, own);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter_mut().enumerate() {
                    self.walk(value, &place.at(index), folder, own);
                }
            }
            _ => {}
        }
    }

    /// What another file holds: a reference to the component it becomes, or itself.
    fn foreign(&mut self, path: &Path, pointer: &str, place: &Place) -> Result<Value> {
        let key = (path.to_path_buf(), pointer.to_owned());
        if let Some(name) = self.schemas.get(&key) {
            return Ok(json!({ "$ref": format!("#/components/schemas/{name}") }));
        }
        if !self.files.contains_key(path) {
            self.files.insert(path.to_path_buf(), Source::read(path)?);
        }
        let source = &self.files[path];
        let mut value = source
            .value
            .pointer(pointer)
            .cloned()
            .with_context(|| format!("there is nothing at {pointer}"))?;
        let written = source.spots.clone();
        let folder = path
            .parent()
            .unwrap_or_else(|| Path::new("."))
            .to_path_buf();
        let is_schema = is_schema(place);
        let here = if is_schema {
            let stem = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let last = pointer
                .rsplit('/')
                .next()
                .filter(|last| !last.is_empty())
                .unwrap_or(&stem)
                .to_owned();
            let taken = |name: &str| self.schemas.values().any(|other| other == name);
            let name = if taken(&last) {
                format!("{stem}_{last}")
            } else {
                last
            };
            self.schemas.insert(key, name.clone());
            Place::component("schemas", &name)
        } else {
            place.clone()
        };
        self.spots.adopt(here.pointer(), &written, pointer);
        self.depth += 1;
        if self.depth > 200 {
            return Err(Problem::new(
                place.clone(),
                "its references lead in a circle; break it in one of the files",
            )
            .into());
        }
        self.walk(&mut value, &here, &folder, Some(path));
        self.depth -= 1;
        if is_schema {
            let name = here
                .pointer()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            self.components.push((name.clone(), value));
            return Ok(json!({ "$ref": format!("#/components/schemas/{name}") }));
        }
        Ok(value)
    }
}

/// Whether a schema stands at a place.
fn is_schema(place: &Place) -> bool {
    const INSIDE: &[&str] = &[
        "schema",
        "items",
        "additionalProperties",
        "not",
        "allOf",
        "oneOf",
        "anyOf",
        "properties",
        "schemas",
    ];
    let parts: Vec<&str> = place.pointer().rsplit('/').take(2).collect();
    parts.iter().any(|part| INSIDE.contains(part))
}

/// The folder of a document that is named from the workspace root.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    workspace()
        .join(path)
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_several_files_becomes_one_and_keeps_its_lines() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("users.yaml"),
            "User:\n  type: object\n  properties:\n    boss: { $ref: '#/User' }\n    team: { $ref: 'teams.yaml#/Team' }\n",
        )
        .unwrap();
        std::fs::write(
            folder.path().join("teams.yaml"),
            "Team:\n  type: object\n  properties: { name: { type: string } }\n",
        )
        .unwrap();
        std::fs::write(folder.path().join("path.yaml"), "get:\n  responses: {}\n").unwrap();
        let text = "paths:\n  /a: { $ref: path.yaml }\ncomponents:\n  schemas:\n    Page:\n      properties:\n        users: { type: array, items: { $ref: 'users.yaml#/User' } }\n";
        let bundled = bundle(Source::parse("main.yaml", text).unwrap(), folder.path()).unwrap();
        let user = json!({ "$ref": "#/components/schemas/User" });
        assert_eq!(
            bundled.value["components"]["schemas"]["Page"]["properties"]["users"]["items"],
            user
        );
        assert_eq!(
            bundled.value["components"]["schemas"]["User"]["properties"]["boss"],
            user
        );
        assert_eq!(
            bundled.value["components"]["schemas"]["Team"]["type"],
            "object"
        );
        assert!(bundled.value["paths"]["/a"]["get"].is_object());
        let spot = bundled
            .spots
            .get("/components/schemas/User/properties/team")
            .unwrap()
            .to_string();
        assert!(spot.ends_with("users.yaml:5:5"), "{spot}");
    }

    #[test]
    fn a_file_that_is_not_there_is_told_with_the_reference() {
        let source = Source::parse(
            "main.yaml",
            "components: { schemas: { A: { $ref: gone.yaml } } }",
        )
        .unwrap();
        let error = bundle(source, Path::new("/nowhere"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`gone.yaml` cannot be read; put the file beside the document"),
            "{error}"
        );
    }
}
