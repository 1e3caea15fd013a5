//! The local platform as the program it is, with a project in which the document's examples succeed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::document::workspace;
use crate::sh;
use crate::soak::sheet::PROFILE;

const API_KEY: &str = "ac_secret_soak";
const CONSUMER_KEY: &str = "ask_test_soak";
/// The local platform makes it from the key.
const CONSUMER_ID: &str = "con_bab657fcb938";
const PROJECT: &str = "lisbon-notes";
const GATEWAY: &str = "support-bot";
const CONFIG: &str = "tests/soak/schemathesis.toml";

/// A running local platform. It ends with the value.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) url: String,
    pub(crate) version: String,
    process: Child,
}

impl Platform {
    /// Builds the program, starts it on a free port and signs the users of the examples up.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let program = build()?;
        let version = sh::command(&program, &["--version"]).output()?;
        let double = double()?;
        let mut command = sh::command(&program, &["--port", "0", "--api-key", API_KEY]);
        command
            .args(["--project-slug", PROJECT, "--project-id", "proj_3f9a"])
            .args(["--schema", "tests/soak/project.sql"])
            .args(["--collection", "articles", "--gateway-api", GATEWAY])
            .args(["--gateway-consumer", &format!("{CONSUMER_KEY}=1000000000")])
            .args(["--service", &format!("invoice-renderer={double}")])
            .args(["--function", &format!("shipping-quote={double}")])
            .env("AEROSTACK_SECRET_MAIL_API_KEY", "not-a-real-key")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.join("platform.log"))?);
        let mut process = command.spawn().context("cannot start the local platform")?;
        let url = announced(&mut process);
        let platform = Self {
            url: url.unwrap_or_default(),
            version: String::from_utf8_lossy(&version.stdout).trim().to_owned(),
            process,
        };
        if platform.url.is_empty() {
            bail!(
                "the local platform did not start; see {}",
                folder.join("platform.log").display()
            );
        }
        Ok(platform)
    }

    /// Fills the project and gives the settings for schemathesis, with what only a running platform knows.
    pub(crate) fn config(&self) -> Result<String> {
        let account = json!({"email": "server@example.com", "password": "correct horse 42"});
        self.post("/v1/auth/signup", &account)?;
        let item = || {
            let made = self.post("/v1/collections/articles/items", &json!({"title": "Tides"}))?;
            text(&made, "id")
        };
        let files: Vec<String> = (1..=20).map(|n| format!("soak/{n}.txt")).collect();
        for key in files.iter().map(String::as_str).chain(["soak/kept.bin"]) {
            self.upload(key, "application/octet-stream")?;
        }
        self.upload("soak/kept.txt", "text/plain")?;
        let values = [
            ("api_key", API_KEY.to_owned()),
            ("consumer_key", CONSUMER_KEY.to_owned()),
            ("consumer_id", CONSUMER_ID.to_owned()),
            ("api_id", format!("api_{GATEWAY}")),
            ("user_token", text(&self.register("staying")?, "token")?),
            ("leaving_token", text(&self.register("leaving")?, "token")?),
            (
                "refresh_token",
                text(&self.register("returning")?, "refreshToken")?,
            ),
            ("item", item()?),
            ("other_item", item()?),
            ("files", format!("\"{}\"", files.join("\", \""))),
        ];
        let template = std::fs::read_to_string(workspace().join(CONFIG))
            .with_context(|| format!("cannot read {CONFIG}"))?;
        fill(&template, &values)
    }

    /// A new end user's session.
    fn register(&self, name: &str) -> Result<Value> {
        let path = format!("/api/v1/public/projects/{PROJECT}/auth/register");
        let email = format!("{name}@example.com");
        self.post(
            &path,
            &json!({"email": email, "password": "Porto-Lisboa-2026"}),
        )
    }

    fn upload(&self, key: &str, media_type: &str) -> Result<Value> {
        let part = "content-disposition: form-data; name=";
        let body = format!(
            "--soak\r\n{part}\"key\"\r\n\r\n{key}\r\n--soak\r\n{part}\"file\"; filename=\"a\"\r\n\
             content-type: {media_type}\r\n\r\nHello from Lisbon.\r\n--soak--\r\n"
        );
        self.send(
            "/v1/storage/upload",
            "multipart/form-data; boundary=soak",
            &body,
        )
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.send(path, "application/json", &body.to_string())
    }

    fn send(&self, path: &str, media_type: &str, body: &str) -> Result<Value> {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nx-aerostack-key: {API_KEY}\r\n\
             content-type: {media_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let status = head.split(' ').nth(1).unwrap_or_default();
        if !status.starts_with('2') {
            bail!("POST {path} was answered {status}: {body}");
        }
        serde_json::from_str(body).with_context(|| format!("POST {path} was answered {body:?}"))
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A field of an answer, wherever it stands.
fn text(answer: &Value, field: &str) -> Result<String> {
    fn find<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
        match value {
            Value::Object(map) => map
                .get(field)
                .and_then(Value::as_str)
                .or_else(|| map.values().find_map(|value| find(value, field))),
            _ => None,
        }
    }
    find(answer, field)
        .map(str::to_owned)
        .ok_or_else(|| anyhow!("there is no `{field}` in {answer}"))
}

/// Puts values in place of their names in double braces.
fn fill(template: &str, values: &[(&str, String)]) -> Result<String> {
    let mut filled = template.to_owned();
    for (name, value) in values {
        filled = filled.replace(&format!("{{{{{name}}}}}"), value);
    }
    match filled.split_once("{{") {
        None => Ok(filled),
        Some((_, rest)) => {
            let name = rest.split("}}").next().unwrap_or_default();
            bail!("{CONFIG} asks for {{{{{name}}}}}, which has no value")
        }
    }
}

/// Builds the program and says where it is.
pub(crate) fn build() -> Result<String> {
    let mut build = sh::cargo(&["build", "--package", "aerostack-emulator"]);
    build.args([
        "--quiet",
        "--profile",
        PROFILE,
        "--bin",
        "aerostack-emulator",
        "--message-format=json",
    ]);
    let output = build.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("the local platform does not build");
    }
    let program = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(str::to_owned))
        .next_back();
    program.context("cargo did not say where the local platform is")
}

/// The URL that the program announces. What it prints later is read and dropped, so that it never waits for a reader.
fn announced(process: &mut Child) -> Option<String> {
    let (found, url) = mpsc::channel();
    let out = BufReader::new(process.stdout.take()?);
    std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            if let Some((_, url)) = line.split_once("running locally at ") {
                let _ = found.send(url.trim().to_owned());
            }
        }
    });
    url.recv_timeout(Duration::from_secs(60)).ok()
}

/// Stands in for what a project would bring along as its own services: it answers everything with one object.
fn double() -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}/", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    Ok(url)
}

fn answer(stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut request = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if request.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    std::io::copy(&mut request.take(length), &mut std::io::sink())?;
    let body = r#"{"pages":2}"#;
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_value_is_named() {
        let values = [("a", "1".to_owned())];
        assert_eq!(fill("x = \"{{a}}\"", &values).unwrap(), "x = \"1\"");
        let error = fill("{{a}} {{b}}", &values).unwrap_err().to_string();
        assert!(error.contains("{{b}}"), "{error}");
    }

    #[test]
    fn a_field_is_found_inside() {
        let answer = json!({"data": {"item": {"id": "art_1"}}, "ok": true});
        assert_eq!(text(&answer, "id").unwrap(), "art_1");
        assert!(text(&answer, "token").is_err());
    }

    #[test]
    fn the_double_answers_whatever_it_is_asked() {
        let url = double().unwrap();
        let address = url.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "PUT /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.ends_with('}'),
            "{answer}"
        );
    }
}
