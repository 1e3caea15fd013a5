//! A server with canned responses, in a process of its own so that its work is not measured.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
};

use anyhow::{Context, Result};

/// Size of the file that is downloaded, in bytes.
pub const FILE: usize = 100 * 1024 * 1024;

/// Deltas of the chat that is streamed.
pub const DELTAS: usize = 100_000;

/// The responses.
struct Canned {
    one_row: Vec<u8>,
    rows: Vec<(usize, Vec<u8>)>,
    value: Vec<u8>,
    values: Vec<u8>,
    batch: Vec<u8>,
    chat: Vec<u8>,
    upload: Vec<u8>,
    file: Vec<u8>,
}

impl Canned {
    fn new() -> Self {
        Self {
            one_row: json(
                r#"{"success":true,"results":[{"id":7,"name":"Ferry to Cacilhas"}],"count":1}"#,
            ),
            rows: [(1_000, 4), (10_000, 4), (100_000, 6)]
                .map(|(count, width)| (count, json(&rows(count, width))))
                .to_vec(),
            value: json(r#"{"success":true,"value":{"id":7,"name":"Ferry"},"exists":true}"#),
            values: json(&values(100)),
            batch: json(&batch(25)),
            chat: response("text/event-stream", chat().as_bytes()),
            upload: json(r#"{"url":"https://cdn.example/f","key":"f","size":1}"#),
            file: response("application/octet-stream", &vec![7; FILE]),
        }
    }

    fn answer(&self, path: &str, body: &[u8]) -> &[u8] {
        match path {
            "/v1/db/query" => {
                let asked = String::from_utf8_lossy(body);
                let limit = asked
                    .split_once("LIMIT ")
                    .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next())
                    .and_then(|digits| digits.parse::<usize>().ok());
                self.rows
                    .iter()
                    .find(|(count, _)| Some(*count) == limit)
                    .map_or(&self.one_row, |(_, rows)| rows)
            }
            "/v1/db/batch" => &self.batch,
            "/v1/cache/get" => &self.value,
            "/v1/cache/getMany" => &self.values,
            "/v1/ai/chat" => &self.chat,
            "/v1/storage/get" => &self.file,
            _ => &self.upload,
        }
    }
}

fn json(text: &str) -> Vec<u8> {
    response("application/json", text.as_bytes())
}

fn response(content_type: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    out.extend_from_slice(body);
    out
}

fn rows(count: usize, width: usize) -> String {
    let mut text = String::from(r#"{"success":true,"results":["#);
    for id in 0..count {
        let comma = if id == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"id":{id},"name":"Stop {id}","price":{id}.25,"active":{}"#,
            id % 2
        );
        if width > 4 {
            let _ = write!(
                text,
                r#","zone":"Z{}","note":"line {id} of the north bank""#,
                id % 9
            );
        }
        text.push('}');
    }
    let _ = write!(text, r#"],"count":{count}}}"#);
    text
}

fn values(count: usize) -> String {
    let entries: Vec<String> = (0..count)
        .map(|id| format!(r#"{{"key":"k{id}","value":{id},"exists":true}}"#))
        .collect();
    format!(r#"{{"success":true,"results":[{}]}}"#, entries.join(","))
}

fn batch(count: usize) -> String {
    let entries = vec![r#"{"success":true,"results":[{"id":1,"name":"a"}]}"#; count];
    format!(r#"{{"success":true,"results":[{}]}}"#, entries.join(","))
}

fn chat() -> String {
    let mut text = String::new();
    for _ in 0..DELTAS {
        text.push_str(
            "data: {\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"}}]}\n\n",
        );
    }
    text.push_str("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    text
}

/// Serves until the process is killed. Prints its address first.
///
/// # Errors
/// When no port can be bound.
pub fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{}", listener.local_addr()?)?;
    stdout.flush()?;
    let canned = Arc::new(Canned::new());
    for stream in listener.incoming() {
        let (stream, canned) = (stream?, Arc::clone(&canned));
        thread::spawn(move || converse(stream, &canned));
    }
    Ok(())
}

fn converse(stream: TcpStream, canned: &Canned) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::with_capacity(64 * 1024, stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let (mut length, mut chunked) = (0_u64, false);
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let field = line.trim_end().to_ascii_lowercase();
            if field.is_empty() {
                break;
            }
            if let Some(value) = field.strip_prefix("content-length: ") {
                length = value.parse().unwrap_or(0);
            }
            chunked |= field == "transfer-encoding: chunked";
        }
        body.clear();
        if chunked {
            skip_chunks(&mut reader)?;
        } else if length > 1024 * 1024 {
            std::io::copy(&mut (&mut reader).take(length), &mut std::io::sink())?;
        } else {
            (&mut reader).take(length).read_to_end(&mut body)?;
        }
        writer.write_all(canned.answer(&path, &body))?;
    }
}

fn skip_chunks(reader: &mut impl BufRead) -> std::io::Result<()> {
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let length = u64::from_str_radix(line.trim_end(), 16).unwrap_or(0);
        std::io::copy(&mut reader.take(length + 2), &mut std::io::sink())?;
        if length == 0 {
            return Ok(());
        }
    }
}

/// The server as a child process, killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Its base URL.
    pub url: String,
}

impl Server {
    /// Starts `program serve`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(program: &std::path::Path) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("the server has no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        Ok(Self {
            child,
            url: format!("http://{}", line.trim()),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
