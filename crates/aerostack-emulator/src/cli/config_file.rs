//! The file of `--config`: TOML whose keys are the flags without the dashes.
//!
//! ```toml
//! port = 8787
//! schema = ["schema.sql"]
//! rate-limits = true
//! service = { mail = "http://localhost:3000/mail" }
//! ```
//!
//! It becomes arguments that stand before those of the command line, which therefore win.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use toml::{Table, Value};

use crate::cli::args::Cli;

const FLAG: &str = "--config";
const VARIABLE: &str = "AEROSTACK_EMULATOR_CONFIG";

/// The arguments with those of the config file, where one is named.
///
/// # Errors
/// When the file cannot be read or holds what is no setting.
pub(crate) fn expand(arguments: Vec<OsString>) -> Result<Vec<OsString>, String> {
    let Some(file) = named(&arguments) else {
        return Ok(arguments);
    };
    let text = std::fs::read_to_string(&file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let settings = settings(&file, &text)?;
    let command = arguments.get(1).is_some_and(|first| {
        ["start", "exec", "export", "import"]
            .iter()
            .any(|it| first == *it)
    });
    let mut expanded = arguments;
    let place = if command { 2 } else { 1 };
    expanded.splice(place..place, settings);
    Ok(expanded)
}

/// The file that the command line or the environment names.
fn named(arguments: &[OsString]) -> Option<PathBuf> {
    let own = arguments.iter().take_while(|argument| *argument != "--");
    let mut own = own.skip(1);
    while let Some(argument) = own.next() {
        if argument == FLAG {
            return own.next().map(PathBuf::from);
        }
        let text = argument.to_string_lossy();
        if let Some(file) = text.strip_prefix("--config=") {
            return Some(file.into());
        }
    }
    std::env::var_os(VARIABLE).map(PathBuf::from)
}

fn settings(file: &Path, text: &str) -> Result<Vec<OsString>, String> {
    let shown = file.display();
    let table: Table = text
        .parse()
        .map_err(|error| format!("{shown} is not TOML: {error}"))?;
    let command = Cli::command();
    let known: Vec<&str> = command
        .get_arguments()
        .filter_map(clap::Arg::get_long)
        .filter(|name| !["config", "help", "version"].contains(name))
        .collect();
    let mut arguments = Vec::new();
    for (name, value) in &table {
        if !known.contains(&name.as_str()) {
            return Err(format!(
                "{shown}: there is no setting {name:?}; the settings are {}",
                known.join(", ")
            ));
        }
        add(&mut arguments, name, value).map_err(|why| format!("{shown}: {name} {why}"))?;
    }
    Ok(arguments)
}

fn add(arguments: &mut Vec<OsString>, name: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Boolean(false) => {}
        Value::Boolean(true) => arguments.push(format!("--{name}").into()),
        Value::String(text) => arguments.push(format!("--{name}={text}").into()),
        Value::Integer(number) => arguments.push(format!("--{name}={number}").into()),
        Value::Array(values) => {
            for value in values {
                add(arguments, name, value)?;
            }
        }
        Value::Table(pairs) => {
            for (key, value) in pairs {
                let value = match value {
                    Value::String(text) => text.clone(),
                    Value::Integer(number) => number.to_string(),
                    _ => return Err(format!("has a value for {key:?} that is no text")),
                };
                arguments.push(format!("--{name}={key}={value}").into());
            }
        }
        Value::Float(_) | Value::Datetime(_) => {
            return Err("has a value of a kind that no setting takes".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let arguments = settings(Path::new("aerostack-emulator.toml"), text)?;
        Ok(arguments
            .into_iter()
            .map(|argument| argument.into_string().unwrap())
            .collect())
    }

    #[test]
    fn every_kind_of_setting_becomes_its_flags() {
        let text = r#"
            port = 0
            rate-limits = true
            allow-network = false
            schema = ["a.sql", "b.sql"]
            service = { mail = "http://localhost:3000" }
            quiet = true
        "#;
        let expected = [
            "--port=0",
            "--rate-limits",
            "--schema=a.sql",
            "--schema=b.sql",
            "--service=mail=http://localhost:3000",
            "--quiet",
        ];
        let mut found = read(text).unwrap();
        found.sort();
        let mut expected: Vec<String> = expected.map(str::to_owned).into();
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_setting_is_named_with_the_file() {
        for (text, named) in [
            ("prot = 1", "\"prot\""),
            ("config = \"x\"", "\"config\""),
            ("latency = 1.5", "latency"),
            ("port = ", "TOML"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(named), "{message}");
            assert!(message.contains("aerostack-emulator.toml"), "{message}");
        }
    }

    #[test]
    fn the_file_is_found_before_the_command_of_exec() {
        let arguments = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (line, file) in [
            ("emulator --config a.toml", Some("a.toml")),
            (
                "emulator exec --config=a.toml -- cargo test",
                Some("a.toml"),
            ),
            ("emulator exec -- cargo --config a.toml", None),
        ] {
            assert_eq!(named(&arguments(line)), file.map(PathBuf::from), "{line}");
        }
    }
}
