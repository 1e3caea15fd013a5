//! `package`: whether what would be published builds outside the workspace, with every choice of features.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::document::workspace;
use crate::sh::{self, Steps};

/// The crates that are published, each after those it needs.
const PUBLISHED: &[&str] = &[
    "aerostack-api",
    "aerostack-emulator",
    "aerostack-realtime",
    "aerostack",
];

/// What must not reach a published manifest: a crate that is not published itself.
const UNPUBLISHED: &str = "aerostack-test-support";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Package with uncommitted changes
    #[arg(long)]
    allow_dirty: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let metadata = metadata()?;
    let target = PathBuf::from(
        metadata["target_directory"]
            .as_str()
            .context("cargo metadata names no target")?,
    );
    let mut steps = Steps::default();
    let mut unpacked = Vec::new();
    steps.step("package", || {
        unpacked = package(&metadata, &target, options)?;
        Ok(())
    })?;

    // Outside of the workspace, so that nothing of it is inherited.
    let stranger = std::env::temp_dir().join(format!("aerostack-stranger-{}", std::process::id()));
    let checked = choices(&metadata)?.into_iter().try_for_each(|choice| {
        steps.step(&format!("a stranger's crate with {choice}"), || {
            write(&stranger, &unpacked, &choice)?;
            let mut check = sh::cargo(&["check", "--quiet", "--manifest-path"]);
            check
                .arg(stranger.join("Cargo.toml"))
                .env("CARGO_TARGET_DIR", target.join("stranger"));
            sh::run(check)
        })
    });
    // Left behind when it failed, to be looked at.
    checked.with_context(|| format!("the crate is in {}", stranger.display()))?;
    fs::remove_dir_all(&stranger)?;
    steps.summary();
    Ok(())
}

/// A choice of features of `aerostack`.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) default: bool,
    pub(crate) features: Vec<String>,
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.default, self.features.as_slice()) {
            (true, _) => f.write_str("the default features"),
            (false, []) => f.write_str("no features"),
            (false, features) => write!(f, "only {}", features.join(", ")),
        }
    }
}

/// The default features, none, and each alone.
pub(crate) fn choices(metadata: &Value) -> Result<Vec<Choice>> {
    let package = find(metadata, "aerostack")?;
    let features = package["features"]
        .as_object()
        .context("cargo metadata names no features")?;
    let alone = features
        .keys()
        .filter(|name| *name != "default")
        .map(|name| vec![name.clone()]);
    let mut choices = vec![Choice {
        default: true,
        features: Vec::new(),
    }];
    choices.extend(
        std::iter::once(Vec::new())
            .chain(alone)
            .map(|features| Choice {
                default: false,
                features,
            }),
    );
    Ok(choices)
}

/// Builds the archives and unpacks them; returns where each crate is.
fn package(
    metadata: &Value,
    target: &Path,
    options: &Options,
) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut command = sh::cargo(&["package", "--no-verify", "--quiet"]);
    command.args(PUBLISHED.iter().flat_map(|name| ["--package", name]));
    command.args(options.allow_dirty.then_some("--allow-dirty"));
    sh::run(command)?;

    let folder = target.join("package").join("unpacked");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    PUBLISHED
        .iter()
        .map(|name| {
            let version = find(metadata, name)?["version"].as_str().context("a package without a version")?;
            let stem = format!("{name}-{version}");
            // The archive gives every file the same age, by which cargo could not tell old from new.
            let mut tar = sh::command("tar", &["-xzmf"]);
            tar.arg(target.join("package").join(format!("{stem}.crate"))).arg("-C").arg(&folder);
            sh::run(tar)?;
            let path = folder.join(stem);
            let manifest = fs::read_to_string(path.join("Cargo.toml"))?;
            if manifest.contains(UNPUBLISHED) {
                bail!("the published manifest of {name} names {UNPUBLISHED}, which nobody can download");
            }
            Ok((*name, path))
        })
        .collect()
}

/// Writes a crate that depends on the unpacked ones.
fn write(folder: &Path, unpacked: &[(&str, PathBuf)], choice: &Choice) -> Result<()> {
    let patches: String = unpacked
        .iter()
        .map(|(name, path)| {
            format!(
                "{name} = {{ path = {} }}\n",
                text(&path.display().to_string())
            )
        })
        .collect();
    let version = env!("CARGO_PKG_RUST_VERSION");
    let features: BTreeSet<String> = choice.features.iter().map(|name| text(name)).collect();
    let manifest = format!(
        "[package]\nname = \"stranger\"\nversion = \"0.0.0\"\nedition = \"2024\"\nrust-version = \"{version}\"\n\n\
         [dependencies]\naerostack = {{ version = \"*\", default-features = {}, features = [{}] }}\n\
         aerostack-emulator = \"*\"\n\n\
         [patch.crates-io]\n{patches}\n[workspace]\n",
        choice.default,
        features.into_iter().collect::<Vec<_>>().join(", "),
    );
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), PROGRAM)?;
    // The versions this workspace was tested with.
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

const PROGRAM: &str = r#"fn main() {
    let client = aerostack::Client::builder().api_key("sk_test").base_url("http://127.0.0.1:8787").build();
    let emulator = aerostack_emulator::Emulator::builder();
    println!("{} {emulator:?}", client.is_ok());
}
"#;

/// A TOML string.
fn text(value: &str) -> String {
    format!("{value:?}")
}

pub(crate) fn metadata() -> Result<Value> {
    let mut command = sh::cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let output = command.output().context("cannot start cargo")?;
    serde_json::from_slice(&output.stdout).context("cargo metadata did not answer with JSON")
}

fn find<'a>(metadata: &'a Value, name: &str) -> Result<&'a Value> {
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .find(|package| package["name"] == name)
        .with_context(|| format!("the workspace has no package {name}"))
}
