//! What the hub does about each frame of a client.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::realtime::hub::Hub;
use crate::realtime::hub::history::Message;
use crate::realtime::hub::state::State;
use crate::realtime::protocol::close;
use crate::realtime::protocol::frame::{Frame, Published, Refused};
use crate::realtime::protocol::parse::{self, Inbound};
use crate::realtime::protocol::topic;
use crate::realtime::settings::Acks;

/// An event on its way to subscribers, and to history first if it is to be kept.
struct Delivery {
    topic: String,
    frame: Frame,
    sender: u64,
    ack: Option<Frame>,
}

impl Hub {
    /// Takes one text message. Returns when its effects are visible to the frames that follow.
    pub(crate) async fn receive(&self, id: u64, text: &str) {
        if let Err(refused) = self.act(id, text).await {
            self.answer(id, Frame::error(&refused));
        }
    }

    async fn act(&self, id: u64, text: &str) -> Result<(), Refused> {
        let now = self.now_ms();
        match parse::read(text)? {
            Inbound::Subscribe { topic, filter } => {
                self.state().subscribe(id, &topic, filter, now)?;
            }
            Inbound::Unsubscribe { topic } => self.state().unsubscribe(id, &topic, now)?,
            Inbound::Track { topic, state } => self.state().track(id, &topic, state, now)?,
            Inbound::Untrack { topic } => self.state().untrack(id, &topic, now)?,
            Inbound::Ping => self.state().send(id, Frame::pong(), now),
            Inbound::Auth { token } => self.authenticate(id, &token).await,
            Inbound::Publish {
                topic,
                event,
                data,
                persist,
                id: message_id,
            } => {
                let message_id = message_id.as_deref();
                self.publish_from(id, &topic, &event, data, persist, message_id, now)
                    .await
                    .map_err(|refused| refused.answering(message_id))?;
            }
            Inbound::Chat {
                room,
                text,
                metadata,
            } => self.chat(id, &room, &text, metadata, now).await?,
        }
        self.changed();
        Ok(())
    }

    async fn authenticate(&self, id: u64, token: &str) {
        match self.check_token(token).await {
            Some(facts) => self.state().authenticate(id, token, facts),
            None => {
                let error = Refused::new("AUTH_INVALID_TOKEN", "The token is not valid.");
                self.answer(id, Frame::error(&error));
                self.close_with(id, close::TOKEN_EXPIRED, "the token is not valid");
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    async fn publish_from(
        &self,
        sender: u64,
        name: &str,
        event: &str,
        data: &RawValue,
        persist: bool,
        message_id: Option<&str>,
        now: i64,
    ) -> Result<(), Refused> {
        let (delivery, message) = {
            let mut state = self.state();
            let topic = state.topic_for(name)?;
            let ack = match state.switches.acks {
                Acks::WithId => Some(Frame::ack(message_id, &topic)),
                Acks::WithoutId => Some(Frame::ack(None, &topic)),
                Acks::Off => None,
            };
            if state.switches.dedupe && message_id.is_some_and(|id| state.is_repeated(id)) {
                if let Some(ack) = ack {
                    state.send(sender, ack, now);
                }
                return Ok(());
            }
            let user = state.user_of(sender);
            let published = Published {
                topic: &topic,
                event,
                data,
                user: user.as_deref(),
                timestamp: now,
            };
            let message = persist.then(|| Message::new(&published));
            let frame = Frame::event(&published);
            let delivery = Delivery {
                topic,
                frame,
                sender,
                ack,
            };
            match message {
                None => {
                    delivery.deliver(&mut state, now);
                    return Ok(());
                }
                Some(message) => (delivery, message),
            }
        };
        self.keep(delivery, message, now).await;
        Ok(())
    }

    async fn chat(
        &self,
        sender: u64,
        room: &str,
        text: &str,
        metadata: Option<&RawValue>,
        now: i64,
    ) -> Result<(), Refused> {
        #[derive(Serialize)]
        struct Chat<'a> {
            text: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            metadata: Option<&'a RawValue>,
        }
        let topic = topic::chat(room, self.project_id())
            .map_err(|reason| Refused::new("INVALID_TOPIC", reason).about(room))?;
        let topic = self.state().topic_for(&topic)?;
        let data = serde_json::value::to_raw_value(&Chat { text, metadata })
            .map_err(|error| Refused::new("INVALID_FRAME", error.to_string()))?;
        let user = self.state().user_of(sender);
        let published = Published {
            topic: &topic,
            event: "message",
            data: &data,
            user: user.as_deref(),
            timestamp: now,
        };
        let message = Message::new(&published);
        let frame = Frame::chat_message(&published);
        let delivery = Delivery {
            frame,
            topic,
            sender,
            ack: None,
        };
        self.keep(delivery, message, now).await;
        Ok(())
    }

    /// Keeps a message and delivers it once it is kept, so that history has whatever a subscriber has seen.
    async fn keep(&self, delivery: Delivery, message: Message, now: i64) {
        let hub = self.clone();
        let stored = Box::new(move |result: Result<(), String>| {
            let mut state = hub.state();
            match result {
                Ok(()) => delivery.deliver(&mut state, now),
                Err(reason) => {
                    let error = Refused::new("INTERNAL_ERROR", reason).about(delivery.topic);
                    state.send(delivery.sender, Frame::error(&error), now);
                }
            }
            drop(state);
            hub.changed();
        });
        let kept_since = self.kept_since();
        self.history_store()
            .append(message, kept_since, stored)
            .await;
    }

    /// Messages older than this have expired.
    pub(crate) fn kept_since(&self) -> Option<i64> {
        let retention = self.state().switches.history_retention?;
        let ms = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
        Some(self.now_ms().saturating_sub(ms))
    }
}

impl Delivery {
    fn deliver(self, state: &mut State, now: i64) {
        let except = (!state.switches.echo).then_some(self.sender);
        state.fan_out(&self.topic, &self.frame, except, now);
        if let Some(ack) = self.ack {
            state.send(self.sender, ack, now);
        }
    }
}

impl Message {
    fn new(published: &Published<'_>) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            room_id: published.topic.to_owned(),
            user_id: published.user.map(str::to_owned),
            event: published.event.to_owned(),
            data: published.data.to_owned(),
            created_at: published.timestamp,
        }
    }
}
