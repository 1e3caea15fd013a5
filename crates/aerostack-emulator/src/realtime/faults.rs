//! Faults: what a connection meets on a bad day.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as WireFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::realtime::hub::Hub;
use crate::realtime::hub::state::Out;
use crate::realtime::protocol::close;
use crate::realtime::protocol::frame::FrameKind;
use crate::realtime::protocol::topic;

/// How upgrades are refused.
///
/// ```
/// use aerostack_emulator::realtime::Refusal;
///
/// let twice = Refusal::status(429).header("Retry-After", "3").times(2);
/// let never_answered = Refusal::silence();
/// ```
#[derive(Clone, Debug)]
#[must_use = "a refusal does nothing until it is handed to Hub::refuse"]
pub struct Refusal {
    /// `None` for no answer at all.
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<(String, Vec<u8>)>,
    times: usize,
}

impl Refusal {
    /// Answers with this status and the platform's error body, until the faults are cleared.
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status),
            headers: Vec::new(),
            body: None,
            times: usize::MAX,
        }
    }

    /// Accepts the connection and never answers the upgrade.
    pub fn silence() -> Self {
        Self {
            status: None,
            headers: Vec::new(),
            body: None,
            times: usize::MAX,
        }
    }

    /// Adds a header to the answer.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Answers with this body in place of the platform's.
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some((content_type.into(), body.into()));
        self
    }

    /// Refuses this many upgrades only.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }
}

/// A frame of the WebSocket protocol in any form, valid or not.
#[derive(Clone, Debug)]
#[must_use = "a raw frame does nothing until it is handed to Hub::send_raw"]
pub struct RawFrame(Vec<WireFrame>);

impl RawFrame {
    /// A text message of any bytes, valid UTF-8 or not, JSON or not.
    pub fn text(payload: impl Into<Vec<u8>>) -> Self {
        Self::one(OpCode::Data(Data::Text), payload.into(), true)
    }

    /// A binary message.
    pub fn binary(payload: impl Into<Vec<u8>>) -> Self {
        Self::one(OpCode::Data(Data::Binary), payload.into(), true)
    }

    /// A text message in several frames.
    pub fn fragments<I: IntoIterator<Item = P>, P: Into<Vec<u8>>>(payloads: I) -> Self {
        let mut payloads = payloads.into_iter().map(Into::into).peekable();
        let (mut frames, mut opcode) = (Vec::new(), Data::Text);
        while let Some(payload) = payloads.next() {
            let last = payloads.peek().is_none();
            frames.push(WireFrame::message(
                Bytes::from(payload),
                OpCode::Data(opcode),
                last,
            ));
            opcode = Data::Continue;
        }
        Self(frames)
    }

    /// A message whose end never comes.
    pub fn unfinished(payload: impl Into<Vec<u8>>) -> Self {
        Self::one(OpCode::Data(Data::Text), payload.into(), false)
    }

    /// A ping of the WebSocket protocol.
    pub fn ping(payload: impl Into<Vec<u8>>) -> Self {
        Self(vec![WireFrame::ping(Bytes::from(payload.into()))])
    }

    /// A frame with an opcode nobody has defined: a violation of the protocol.
    pub fn undefined_opcode() -> Self {
        Self::one(OpCode::Data(Data::Reserved(3)), Vec::new(), true)
    }

    /// A text frame that claims an extension nobody agreed on: a violation of the protocol.
    pub fn reserved_bit() -> Self {
        let mut frame = Self::text("{}");
        for frame in &mut frame.0 {
            frame.header_mut().rsv1 = true;
        }
        frame
    }

    fn one(opcode: OpCode, payload: Vec<u8>, last: bool) -> Self {
        Self(vec![WireFrame::message(Bytes::from(payload), opcode, last)])
    }
}

/// What a writer does to its next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trick {
    Duplicate,
    /// Send it after the one that follows.
    HoldBack,
}

/// Tricks that wait for a frame. `None` takes any.
#[derive(Debug, Default)]
pub(crate) struct Tricks(VecDeque<(Trick, Option<FrameKind>)>);

impl Tricks {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn take(&mut self, kind: FrameKind) -> Option<Trick> {
        let index = self
            .0
            .iter()
            .position(|(_, wanted)| wanted.is_none_or(|wanted| wanted == kind))?;
        self.0.remove(index).map(|(trick, _)| trick)
    }
}

#[derive(Debug, Default)]
pub(crate) struct FaultState {
    pub(crate) refusals: VecDeque<Refusal>,
    /// Connections to close right after the upgrade, and the code.
    pub(crate) turn_away: Option<(usize, Option<u16>)>,
    pub(crate) delay: Duration,
    delays: HashMap<FrameKind, Duration>,
    withheld: HashSet<FrameKind>,
    pub(crate) rejected: HashSet<String>,
}

impl FaultState {
    pub(crate) fn withholds(&self, kind: FrameKind) -> bool {
        self.withheld.contains(&kind)
    }

    pub(crate) fn delay_of(&self, kind: FrameKind) -> Duration {
        self.delays.get(&kind).copied().unwrap_or_default()
    }

    /// The refusal that meets the next upgrade, if one does.
    pub(crate) fn refusal(&mut self) -> Option<Refusal> {
        let next = self.refusals.front_mut()?;
        next.times = next.times.saturating_sub(1);
        let refusal = next.clone();
        if next.times == 0 {
            self.refusals.pop_front();
        }
        Some(refusal)
    }

    /// Whether the next connection is closed right after its upgrade.
    pub(crate) fn turns_away(&mut self) -> Option<Option<u16>> {
        let (left, code) = self.turn_away.as_mut()?;
        let code = *code;
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.turn_away = None;
        }
        Some(code)
    }
}

/// Faults. They last until [`Hub::clear_faults`] unless they say otherwise.
impl Hub {
    /// Cuts every connection without a close frame.
    pub fn drop_all(&self) {
        self.state().drop_all();
        self.changed();
    }

    /// Resets every connection, as a machine that crashed does. Over a transport that is no TCP socket this is
    /// [`Hub::drop_all`].
    pub fn reset_all(&self) {
        let mut state = self.state();
        for connection in state.connections.values() {
            connection.reset.store(true, Ordering::Release);
        }
        state.drop_all();
        drop(state);
        self.changed();
    }

    /// Cuts one connection without a close frame.
    pub fn drop_connection(&self, connection: u64) {
        let now = self.now_ms();
        let mut state = self.state();
        if let Some(connection) = state.connections.get(&connection) {
            connection.kill.cancel();
        }
        state.leave(connection, now);
        drop(state);
        self.changed();
    }

    /// Closes every connection with this code.
    pub fn close_all(&self, code: u16) {
        self.state().close_all(code, "closed by a fault");
        self.changed();
    }

    /// Closes one connection with this code.
    pub fn close_connection(&self, connection: u64, code: u16) {
        let now = self.now_ms();
        self.state()
            .close(connection, code, "closed by a fault", now);
        self.changed();
    }

    /// Closes every connection with 1012, as a deployment of the platform does.
    pub fn deploy(&self) {
        self.state().close_all(close::RESTART, "a deployment");
        self.changed();
    }

    /// Refuses upgrades. Refusals are used in the order they were set.
    pub fn refuse(&self, refusal: Refusal) {
        self.state().faults.refusals.push_back(refusal);
    }

    /// Closes the next `times` connections right after their upgrade: with a code, or without a close frame.
    pub fn accept_then_close(&self, times: usize, code: Option<u16>) {
        self.state().faults.turn_away = (times > 0).then_some((times, code));
    }

    /// While on, frames are read and recorded but nothing is done about them, and nothing is sent, not even pongs and
    /// close frames.
    pub fn mute(&self, on: bool) {
        self.valves().mute.store(on, Ordering::Release);
    }

    /// While on, nothing is read from any connection.
    pub fn stall_reads(&self, on: bool) {
        self.valves().stall.store(on, Ordering::Release);
        for connection in self.state().connections.values() {
            connection.reader.wake();
        }
    }

    /// Sends every frame this much later, in order. Zero ends it.
    pub fn delay(&self, by: Duration) {
        self.state().faults.delay = by;
    }

    /// Sends frames of one kind this much later; others overtake them. Zero ends it.
    pub fn delay_kind(&self, kind: FrameKind, by: Duration) {
        self.state().faults.delays.insert(kind, by);
    }

    /// While on, frames of one kind are not sent at all.
    pub fn withhold(&self, kind: FrameKind, on: bool) {
        let withheld = &mut self.state().faults.withheld;
        if on {
            withheld.insert(kind);
        } else {
            withheld.remove(&kind);
        }
    }

    /// Sends the next frame, of this kind if one is given, twice.
    pub fn duplicate_next(&self, kind: impl Into<Option<FrameKind>>) {
        let kind = kind.into();
        self.with_tricks(|tricks| tricks.0.push_back((Trick::Duplicate, kind)));
    }

    /// Sends the next frame, of this kind if one is given, after the one that follows it on the same connection.
    pub fn reorder_next(&self, kind: impl Into<Option<FrameKind>>) {
        let kind = kind.into();
        self.with_tricks(|tricks| tricks.0.push_back((Trick::HoldBack, kind)));
    }

    /// Answers everything that names this topic with an error frame. Short names are expanded.
    pub fn reject_topic(&self, name: &str) {
        let topic = topic::full(name, self.project_id()).unwrap_or_else(|_| name.to_owned());
        self.state().faults.rejected.insert(topic);
    }

    /// Declares a user token expired: connections that use it are closed with 4401, and it is not accepted again.
    /// Clearing the faults does not bring it back.
    pub fn expire_token(&self, token: &str) {
        let now = self.now_ms();
        let mut state = self.state();
        state.expired.insert(token.to_owned());
        let users: Vec<u64> = state
            .connections
            .iter()
            .filter(|(_, connection)| connection.token.as_deref() == Some(token))
            .map(|(id, _)| *id)
            .collect();
        for id in users {
            state.close(id, close::TOKEN_EXPIRED, "the token has expired", now);
        }
        drop(state);
        self.changed();
    }

    /// Sends a frame to every connection as it is.
    pub fn send_raw(&self, frame: &RawFrame) {
        let state = self.state();
        for connection in state.connections.values() {
            for frame in &frame.0 {
                let _ = connection.outbox.send(Out::Raw(frame.clone()));
            }
        }
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.state().faults = FaultState::default();
        self.with_tricks(|tricks| tricks.0.clear());
        self.mute(false);
        self.stall_reads(false);
    }
}
