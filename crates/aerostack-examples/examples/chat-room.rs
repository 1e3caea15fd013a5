//! A chat room in the terminal: history, who is here, and what they say.
//!
//! ```text
//! cargo run --example chat-room                          # a room of your own, with a local Aerostack
//! cargo run --example chat-room -- lobby Ines --remote   # a room of the platform's
//! ```
//!
//! Lines are said to the room; `/who` lists who is here, `/quit` or the end of the input leaves.

#![allow(clippy::print_stdout, reason = "an example shows")]

use std::error::Error;

use aerostack::realtime::{Channel, Event, Item};
use aerostack_examples::{arguments, open};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};

#[derive(Serialize, Deserialize)]
struct Line {
    name: String,
    text: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = open("").await?;
    let arguments = arguments();
    let [room, name] = [(0, "lobby"), (1, "Ines")]
        .map(|(index, other)| arguments.get(index).cloned().unwrap_or(other.to_owned()));
    let realtime = project.client.realtime()?;
    let channel = realtime.channel(&format!("chat/{room}"))?;
    for message in channel.history().collect(20).await?.iter().rev() {
        if let Ok(line) = message.decode::<Line>() {
            println!("  {}: {}", line.name, line.text);
        }
    }
    let said = channel.events::<Line>("line").recover().subscribe().await?;
    let presence = channel.presence().subscribe().await?;
    channel.track(&json!({ "name": name })).await?;
    println!("*** {name} is in {room}; /who, /quit");
    let listening = tokio::spawn(listen(said, name.clone()));

    let mut input = BufReader::new(tokio::io::stdin()).lines();
    while let Some(text) = input.next_line().await? {
        match text.trim() {
            "" => {}
            "/quit" => break,
            "/who" => {
                let members = presence.members();
                println!("*** {} here", members.len());
            }
            text => say(&channel, &name, text).await?,
        }
    }
    channel.untrack().await?;
    listening.abort();
    realtime.close().await;
    if let Some(emulator) = project.emulator {
        emulator.shutdown().await;
    }
    Ok(())
}

/// Says a line and waits until the room has it.
async fn say(channel: &Channel, name: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let line = Line {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    channel.publish("line", &line).persist().acked().await?;
    println!("  {name}: {text}");
    Ok(())
}

async fn listen(
    mut said: impl StreamExt<Item = Result<Item<Event<Line>>, aerostack::realtime::Error>> + Unpin,
    own: String,
) {
    while let Some(item) = said.next().await {
        match item {
            // Whether the platform sends one's own lines back is not known; they are shown when they are said.
            Ok(Item::Message(event)) if event.data.name != own => {
                println!("  {}: {}", event.data.name, event.data.text);
            }
            Ok(Item::Gap(_)) => println!("*** the connection was lost and is back"),
            Ok(_) => {}
            Err(error) => println!("*** {error}"),
        }
    }
}
