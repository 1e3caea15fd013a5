//! Whether generated code compiles, tried on a sample: the tables of constructs and documents of the fuzzer in one crate.

use std::fmt::Write as _;
use std::fs;

use super::{files, fuzz, read};
use crate::document::{self, workspace};
use crate::fixture::changes;
use crate::sh;

#[test]
#[ignore = "compiles a crate, which takes a minute: cargo test -p xtask -- --ignored compiles"]
fn the_code_of_every_construct_compiles() {
    let mut documents: Vec<_> = changes(include_str!("../../fixtures/constructs.yaml"))
        .into_iter()
        .map(|row| row.document)
        .collect();
    documents
        .extend((0..60u64).map(|seed| fuzz::document(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15), 4)));
    documents.push(document::load().unwrap());
    let folder = sh::target().join("generated-sample");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    let mut lib =
        String::from("#![allow(dead_code, deprecated, unused)]\npub use aerostack_api::*;\n");
    for (index, document) in documents.iter().enumerate() {
        let Ok(normalised) = read(document) else {
            continue;
        };
        let name = format!("document{index}");
        let place = folder.join("src").join(&name);
        fs::create_dir_all(&place).unwrap();
        let mut module = String::new();
        for file in files(&normalised).unwrap() {
            let stem = file.path.rsplit('/').next().unwrap();
            // The modules that hold these are private; their items are at the root.
            let text = file
                .text
                .replace("crate::generated::", &format!("crate::{name}::"))
                .replace(
                    "generated::{operations, types}",
                    &format!("{name}::{{operations, types}}"),
                )
                .replace("request::{Encoder, Request}", "Encoder, Request")
                .replace("crate::operation::{", "crate::{");
            fs::write(place.join(stem), text).unwrap();
            let _ = writeln!(module, "pub mod {};", stem.trim_end_matches(".rs"));
        }
        fs::write(place.join("mod.rs"), module).unwrap();
        let _ = writeln!(lib, "pub mod {name};");
    }
    fs::write(folder.join("src/lib.rs"), lib).unwrap();
    let api = workspace().join("crates/aerostack-api");
    let manifest = format!(
        "[package]\nname = \"sample\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         aerostack-api = {{ path = {:?}, default-features = false }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n\
         bytes = \"1\"\n\n[workspace]\n",
        api
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut check = sh::cargo(&["check", "--quiet", "--message-format=short"]);
    check
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", sh::target());
    let output = check.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> = text.lines().filter(|line| line.contains("error")).collect();
    assert!(output.status.success(), "{}", errors.join("\n"));
}
