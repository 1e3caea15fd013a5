//! Telling a live connection about a new token.

use std::{
    pin::Pin,
    sync::atomic::Ordering::AcqRel,
    task::{Context, Poll, ready},
};

use futures_util::Sink;
use tokio::io::AsyncWrite;
use uuid::Uuid;

use super::{
    Owner,
    session::{Frame, Link, broken, disconnected},
};
use crate::{
    error::{Error, ErrorKind},
    protocol::frame::outbound,
    status::Notice,
    token::{Token, TokenRequest, check_credential},
};

impl Owner {
    pub(super) fn poll_token(&mut self, link: &mut Link, cx: &mut Context<'_>) {
        if self.common.token_changed.swap(false, AcqRel) {
            match &self.common.settings.provider {
                Some(provider) => link.refresh = Some(provider.token(TokenRequest::Current)),
                None => self.note_token(link),
            }
        }
        if let Some(refresh) = &mut link.refresh
            && let Poll::Ready(result) = refresh.as_mut().poll(cx)
        {
            link.refresh = None;
            match result {
                Ok(token) => self.tell_token(link, token),
                Err(source) => {
                    let error = Error::new(ErrorKind::TokenProvider, "the token provider failed")
                        .with_source(source);
                    self.common
                        .announcer
                        .notice(|| Notice::ServerError(error.clone()));
                }
            }
        }
    }

    pub(super) fn note_token(&mut self, link: &mut Link) {
        if self.common.settings.provider.is_none() {
            let token = self.common.current_token();
            self.tell_token(link, token);
        }
    }

    /// Sends a token that is new to the server.
    fn tell_token(&mut self, link: &mut Link, token: Option<Token>) {
        if let Some(token) = token
            && self.token.as_ref().is_none_or(|known| !known.same(&token))
            && check_credential(token.secret(), "user token").is_ok()
        {
            link.frames.push_back(Frame::Auth(token.clone()));
            self.token = Some(token);
        }
    }
}

impl Link {
    /// Writes the `auth` frame once everything before it is out.
    pub(super) fn poll_auth(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(frame) = &mut self.auth else {
            return Poll::Ready(Ok(()));
        };
        if frame.written == 0 {
            ready!(Pin::new(&mut self.socket).poll_flush(cx)).map_err(broken)?;
        }
        let failed = |source| disconnected().with_source(source);
        while let Some(rest) = frame.bytes.get(frame.written..)
            && !rest.is_empty()
        {
            let written =
                ready!(Pin::new(self.socket.get_mut()).poll_write(cx, rest)).map_err(failed)?;
            if written == 0 {
                return Poll::Ready(Err(disconnected()));
            }
            frame.written += written;
        }
        ready!(Pin::new(self.socket.get_mut()).poll_flush(cx)).map_err(failed)?;
        self.auth = None;
        Poll::Ready(Ok(()))
    }
}

/// A frame on its way past the library.
pub(super) struct RawFrame {
    bytes: Vec<u8>,
    pub(super) written: usize,
}

impl RawFrame {
    /// A masked text frame.
    pub(super) fn auth(token: &Token) -> Self {
        let text = outbound::auth(token.secret().expose());
        let length = text.len();
        let mut bytes = Vec::with_capacity(length + 14);
        bytes.push(0x81);
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(short), _) if short < 126 => bytes.push(0x80 | short),
            (_, Ok(medium)) => {
                bytes.push(0x80 | 126);
                bytes.extend(medium.to_be_bytes());
            }
            _ => {
                bytes.push(0x80 | 127);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        let random = *Uuid::new_v4().as_bytes();
        let mask = [random[0], random[1], random[2], random[3]];
        bytes.extend(mask);
        bytes.extend(
            text.bytes()
                .zip(mask.iter().cycle())
                .map(|(byte, mask)| byte ^ mask),
        );
        Self { bytes, written: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_auth_frame_is_a_masked_text_frame_of_any_length() {
        for length in [3, 100, 125, 126, 4_000, 70_000] {
            let token = Token::new("t".repeat(length));
            let frame = RawFrame::auth(&token).bytes;
            let (header, size) = match frame[1] & 0x7f {
                126 => (4, usize::from(u16::from_be_bytes([frame[2], frame[3]]))),
                127 => (
                    10,
                    u64::from_be_bytes(frame[2..10].try_into().unwrap()) as usize,
                ),
                short => (2, usize::from(short)),
            };
            let mask = &frame[header..header + 4];
            let text: Vec<u8> = frame[header + 4..]
                .iter()
                .zip(mask.iter().cycle())
                .map(|(byte, mask)| byte ^ mask)
                .collect();
            assert_eq!(frame[0], 0x81);
            assert_eq!(text.len(), size);
            assert_eq!(
                String::from_utf8(text).unwrap(),
                outbound::auth(&"t".repeat(length))
            );
        }
    }
}
