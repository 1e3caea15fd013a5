use std::path::Path;

use super::modules::Tree;
use super::rules::{Circle, Crate, Exception, Layer};
use super::{Problem, files, imports};

const LAYERED: Crate = Crate {
    name: "made-up",
    folder: ".",
    needs: &["aerostack-api"],
    layers: &[
        Layer {
            name: "face",
            rooms: &["client"],
            apart: false,
        },
        Layer {
            name: "services",
            rooms: &["cache", "db"],
            apart: true,
        },
        Layer {
            name: "store",
            rooms: &["store"],
            apart: false,
        },
    ],
    exceptions: &[],
    circles: &[],
};

/// A crate with every room, in which a file has the text given.
fn problems(rules: &Crate, changed: &[(&str, &str)]) -> Vec<String> {
    let sound = [
        (
            "src/lib.rs",
            "mod cache;\nmod client;\nmod db;\nmod store;\npub use crate::{cache::Cache, store::Rows as Table};\n",
        ),
        (
            "src/client.rs",
            "use crate::{cache::Cache, db};\npub struct Client(Cache, db::Db);\n",
        ),
        (
            "src/cache.rs",
            "use crate::store::{self, Rows};\npub struct Cache(Rows, store::Blobs);\n",
        ),
        ("src/db.rs", "pub struct Db;\n"),
        ("src/store.rs", "pub struct Rows;\npub struct Blobs;\n"),
    ];
    let texts: Vec<(&str, &str)> = changed.iter().chain(&sound).copied().collect();
    imports::check(rules, &Tree::of(&texts))
        .iter()
        .map(Problem::to_string)
        .collect()
}

#[test]
fn imports_that_go_down_pass() {
    assert_eq!(problems(&LAYERED, &[]), [""; 0]);
}

#[test]
fn an_import_that_goes_up_fails_in_every_form() {
    let forms = [
        ("use crate::client::Client;", "crate::client::Client"),
        (
            "use crate::{client::Client as Up};",
            "crate::client::Client",
        ),
        ("use {crate::client::{self}};", "crate::client"),
        ("use super::client::*;", "super::client"),
        (
            "fn up() -> crate::client::Client {}",
            "crate::client::Client",
        ),
        (
            "mod inner { use super::super::client::Client; }",
            "super::super::client::Client",
        ),
        (
            "fn up() { $crate::client::Client }",
            "crate::client::Client",
        ),
        ("fn up() { use crate::client; }", "crate::client"),
        ("pub use crate::cache::Cache;", "crate::cache::Cache"),
        ("use crate::Cache;", "crate::Cache"),
    ];
    for (form, import) in forms {
        let text = format!("pub struct Rows;\npub struct Blobs;\n{form}\n");
        let problems = problems(&LAYERED, &[("src/store.rs", &text)]);
        let direction = problems
            .iter()
            .find(|problem| problem.contains("imports go down only"))
            .unwrap_or_else(|| panic!("{form}: {problems:?}"));
        assert!(
            direction.starts_with("src/store.rs:3: `store"),
            "{direction}"
        );
        assert!(
            direction.contains(&format!("imports `{import}`")),
            "{direction}"
        );
    }
}

#[test]
fn rooms_of_a_layer_that_stands_apart_do_not_import_each_other() {
    let problems = problems(
        &LAYERED,
        &[("src/db.rs", "pub struct Db(crate::cache::Cache);")],
    );
    assert_eq!(
        problems,
        [
            "src/db.rs:1: `db` imports `crate::cache::Cache`: `db` and `cache` are rooms of the layer `services`, \
          which do not import each other"
        ]
    );
}

#[test]
fn a_name_is_followed_to_where_it_is_defined() {
    // A crate that the root passes on is of no module.
    let root = "mod cache;\nmod client;\nmod db;\nmod store;\npub use serde;\npub use crate::cache::Cache;\n";
    let text = "use crate::serde::Serialize;\npub struct Db;\n";
    let passed_on = [("src/lib.rs", root), ("src/db.rs", text)];
    assert_eq!(problems(&LAYERED, &passed_on), [""; 0]);
    // `crate::Table` is of the store, below; the root only passes it on.
    let text = "use crate::Table;\npub struct Db(Table);\n";
    assert_eq!(problems(&LAYERED, &[("src/db.rs", text)]), [""; 0]);
}

#[test]
fn text_tests_and_other_crates_are_not_imports() {
    let text = r##"pub struct Rows;
pub struct Blobs;
// use crate::client::Client;
/* use crate::client::Client; /* nested */ use crate::client::Client; */
/// [`crate::client::Client`]
const TEXT: &str = "use crate::client::Client; \" crate::client::Client";
const RAW: &str = r#"use crate::client::Client; " "#;
const QUOTE: char = '"';
fn lifetime<'a>(text: &'a str) -> &'a str { text }
use std::client::Client;
use elsewhere::{client::Client, crate_::client};
#[cfg(test)]
use crate::client::Client;
#[cfg(test)]
mod tests { use crate::client::Client; }
"##;
    assert_eq!(problems(&LAYERED, &[("src/store.rs", text)]), [""; 0]);
    let after = format!("{text}use crate::client::Client;\n");
    let problems = problems(&LAYERED, &[("src/store.rs", &after)]);
    assert!(problems[0].starts_with("src/store.rs:16: "), "{problems:?}");
}

#[test]
fn a_module_without_a_room_and_a_room_without_a_module_fail() {
    let root = "mod cache;\nmod client;\nmod store;\nmod stray;\n";
    let client = "pub struct Client;";
    let found = problems(
        &LAYERED,
        &[
            ("src/lib.rs", root),
            ("src/stray.rs", ""),
            ("src/client.rs", client),
        ],
    );
    assert_eq!(
        found,
        [
            "src/stray.rs: `stray` stands in no room of made-up",
            ".: made-up has no module `db`; remove the room"
        ]
    );
}

#[test]
fn an_exception_holds_for_its_import_alone_and_only_while_it_is_needed() {
    let rules = Crate {
        exceptions: &[Exception {
            from: "db",
            to: "cache",
            reason: "a test",
        }],
        ..LAYERED
    };
    let needed = "pub struct Db(crate::cache::Cache);";
    assert_eq!(problems(&rules, &[("src/db.rs", needed)]), [""; 0]);
    assert!(problems(&rules, &[])[0].contains("`db` -> `cache` is not needed any more"));
    let other = "pub struct Db(crate::cache::Cache, crate::client::Client);";
    assert_eq!(
        problems(&rules, &[("src/db.rs", other)]).len(),
        2,
        "the import and its circle"
    );
}

const CIRCLE: &[(&str, &str)] = &[
    ("src/lib.rs", "mod a;\nmod b;\nmod c;\n"),
    ("src/a.rs", "use crate::b::B;\npub struct A(B);\n"),
    ("src/b.rs", "use crate::c::*;\npub struct B(C);\n"),
    ("src/c.rs", "pub struct C(Box<super::a::A>);\n"),
];

const FLAT: Crate = Crate {
    layers: &[],
    ..LAYERED
};

fn circles(rules: &Crate, texts: &[(&str, &str)]) -> Vec<String> {
    let found = imports::check(rules, &Tree::of(texts));
    found.iter().map(Problem::to_string).collect()
}

#[test]
fn a_circle_is_named_with_every_import_in_it() {
    assert_eq!(
        circles(&FLAT, CIRCLE),
        [
            "src/a.rs: 3 modules of made-up need each other: a, b, c\n    \
          src/a.rs:1: `a` needs `b`\n    src/b.rs:1: `b` needs `c`\n    src/c.rs:1: `c` needs `a`"
        ]
    );
}

#[test]
fn a_circle_can_be_allowed_by_name_and_only_while_it_is_there() {
    const ALLOWED: Crate = Crate {
        circles: &[Circle {
            modules: &["a", "b", "c"],
            reason: "a test",
        }],
        ..FLAT
    };
    assert_eq!(circles(&ALLOWED, CIRCLE), [""; 0]);
    let cut = [("src/lib.rs", "mod a;\n"), ("src/a.rs", "pub struct A;\n")];
    assert!(circles(&ALLOWED, &cut)[0].contains("is not there any more"));
    let unreasoned = Crate {
        circles: &[Circle {
            modules: &["a", "b", "c"],
            reason: "",
        }],
        ..FLAT
    };
    assert!(circles(&unreasoned, CIRCLE)[0].contains("need each other"));
}

#[test]
fn a_module_and_its_own_parts_are_no_circle() {
    let texts = [
        ("src/lib.rs", "mod a;\n"),
        (
            "src/a.rs",
            "mod http;\nuse self::http::get;\npub struct A;\nfn routes() { get() }\n",
        ),
        ("src/a/http.rs", "use super::A;\npub fn get() {}\n"),
    ];
    assert_eq!(circles(&FLAT, &texts), [""; 0]);
    // But parts that need each other are.
    let texts = [
        ("src/lib.rs", "mod a;\n"),
        ("src/a.rs", "mod one;\nmod two;\n"),
        ("src/a/one.rs", "use super::two::Two;\npub struct One;\n"),
        ("src/a/two.rs", "use super::one::One;\npub struct Two;\n"),
    ];
    assert!(circles(&FLAT, &texts)[0].contains("a::one, a::two"));
}

#[test]
fn a_crate_depends_on_the_crates_below_it_alone() {
    let manifest = "[dependencies]\naerostack-api = { workspace = true }\naerostack-realtime.workspace = true\n\
                    [dev-dependencies]\naerostack-emulator.workspace = true\n";
    let found: Vec<String> = imports::manifest(&LAYERED, manifest)
        .iter()
        .map(Problem::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "./Cargo.toml:3: made-up depends on aerostack-realtime; it may depend on [\"aerostack-api\"]"
        ]
    );
}

#[test]
fn each_rule_about_files_fails_where_it_is_broken() {
    let home = format!("let path = \"/{}/someone/file\";", "home");
    let long = "// a line\n".repeat(501);
    let cases: &[(&str, &str, &str)] = &[
        ("crates/a/src/lib.rs", &long, "has 501 lines"),
        ("crates/a/src/a/mod.rs", "", "is to be crates/a/src/a.rs"),
        (
            "crates/a/src/lib.rs",
            "#[path = \"../b.rs\"]\nmod b;\n",
            "by `#[path]`",
        ),
        (
            "crates/a/src/lib.rs",
            "// -------- Types --------\n",
            "draws a line",
        ),
        ("crates/a/src/lib.rs", &home, "of one machine"),
        ("README.md", &home, "of one machine"),
        (
            "crates/a/src/lib.rs",
            "use std::fmt;\nuse std::io;\n",
            "a second `use std::`",
        ),
        (
            "crates/a/src/lib.rs",
            "pub use crate::a;\npub use crate::b;\n",
            "a second `use crate::`",
        ),
    ];
    for (path, text, expected) in cases {
        let found = files::check(path, text);
        assert_eq!(found.len(), 1, "{path} {expected}: {found:?}");
        assert!(found[0].text.contains(expected), "{found:?}");
    }
    let sound: &[(&str, &str)] = &[
        (
            "crates/a/src/generated/client.rs",
            &format!("// Generated from it\n{long}"),
        ),
        ("crates/a/benches/support/mod.rs", ""),
        ("crates/a/src/lib.rs", "//! | a | b |\n//! | --- | --- |\n"),
        (
            "crates/a/src/lib.rs",
            "#[cfg(unix)]\nuse std::os;\nuse std::fmt;\npub use std::io;\n",
        ),
        (
            "crates/a/src/lib.rs",
            "use std::fmt;\nmod b {\n    use std::io;\n}\nmod c {\n    use std::io;\n}\n",
        ),
        (
            "crates/a/src/lib.rs",
            "const URL: &str = \"https://example.com/home/page\";",
        ),
    ];
    for (path, text) in sound {
        assert_eq!(files::check(path, text), [], "{path}");
    }
}

#[test]
fn this_workspace_is_tidy() {
    let mut problems =
        super::check(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()).unwrap();
    problems.retain(|problem| !super::is_pending(problem));
    problems.sort();
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}
