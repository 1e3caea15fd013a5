//! Makes a test of every Rust block in the guide and in the README.
//!
//! A block is shown as it is: nothing in it is hidden. A whole program (with `fn main` or tests) becomes a module. Any
//! other block becomes the body of an async function with `client` and `emulator`, and runs against an emulator of its
//! own. Words behind `rust` in the block's first line:
//!
//! - `no_run`: compiled alone, because it needs more than the emulator.
//! - `continued`: follows the block before, in the same function.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

struct Block {
    line: usize,
    no_run: bool,
    continued: bool,
    code: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let folder = root.join("docs/src");
    let mut pages: Vec<PathBuf> = fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    pages.retain(|page| page.extension().is_some_and(|end| end == "md"));
    pages.push(root.join("README.md"));
    for entry in fs::read_dir(root.join("crates"))? {
        pages.push(entry?.path().join("README.md"));
    }
    pages.retain(|page| page.is_file());
    pages.sort();
    println!("cargo::rerun-if-changed={}", folder.display());

    let mut tests = String::new();
    for page in &pages {
        println!("cargo::rerun-if-changed={}", page.display());
        let name = name(page);
        let text = fs::read_to_string(page)?;
        let blocks = blocks(&text).map_err(|error| format!("{}:{error}", page.display()))?;
        write_page(&mut tests, &name, &blocks)?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("guide.rs"), tests)?;
    Ok(())
}

/// A module's name for a page: of a readme, the name of its folder.
fn name(page: &Path) -> String {
    let stem = page.file_stem().unwrap_or_default();
    let folder = page.parent().and_then(Path::file_name);
    match folder {
        // Not the name of the folder's crate, which the page imports.
        Some(folder) if stem == "README" => {
            format!(
                "readme_of_{}",
                folder.to_string_lossy().replace("..", "all")
            )
        }
        _ => stem.to_string_lossy().into_owned(),
    }
}

/// The Rust blocks of a page; an error names a line.
fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    let mut elsewhere = false;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let fence = line.strip_prefix("```");
        match (&mut open, fence) {
            (Some(block), None) => {
                if line.trim_start().starts_with("# ") || line.trim() == "#" {
                    return Err(format!("{number}: a hidden line, which GitHub shows"));
                }
                block.code.push_str(line);
                block.code.push('\n');
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(_)) if elsewhere => elsewhere = false,
            (None, Some(info)) => {
                let mut words = info.split(',');
                if words.next() != Some("rust") {
                    elsewhere = true;
                    continue;
                }
                let mut block = Block {
                    line: number,
                    no_run: false,
                    continued: false,
                    code: String::new(),
                };
                for word in words {
                    match word {
                        "no_run" => block.no_run = true,
                        "continued" => block.continued = true,
                        other => return Err(format!("{number}: unknown word {other}")),
                    }
                }
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    Ok(found)
}

fn write_page(tests: &mut String, name: &str, blocks: &[Block]) -> std::fmt::Result {
    writeln!(tests, "mod {} {{", name.replace('-', "_").to_lowercase())?;
    writeln!(
        tests,
        "use {{aerostack::Client, aerostack_emulator::Emulator}};"
    )?;
    let mut rest = blocks;
    while let Some((first, after)) = rest.split_first() {
        let follow = after.iter().take_while(|block| block.continued).count();
        let (continued, after) = after.split_at(follow);
        rest = after;
        let code: String = [first]
            .into_iter()
            .chain(continued)
            .map(|block| format!("// {name}.md, line {}\n{}", block.line, block.code))
            .collect();
        let line = first.line;
        if code.contains("fn main(") || code.contains("#[tokio::test]") {
            writeln!(tests, "mod line_{line} {{\n{code}}}")?;
            continue;
        }
        let no_run = first.no_run || continued.iter().any(|block| block.no_run);
        // The function of a block that only compiles is named, so that its future is checked as well.
        let body = if no_run {
            format!("let _ = |client, emulator| run_{line}(client, emulator);")
        } else {
            format!(
                "crate::run(async |client, emulator| run_{line}(client, emulator).await).await;"
            )
        };
        writeln!(
            tests,
            "#[tokio::test]\nasync fn line_{line}() {{\n{body}\n}}\n\
             async fn run_{line}(client: Client, emulator: &Emulator) -> crate::Outcome {{\n{code}Ok(())\n}}"
        )?;
    }
    writeln!(tests, "}}")
}
