//! The `auth` frame, written past the library, whose trace log would show the token.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::AsyncWrite;
use uuid::Uuid;

use crate::{protocol::frame::outbound, token::Token};

/// A frame on its way past the library.
pub(super) struct AuthFrame {
    bytes: Vec<u8>,
    written: usize,
}

impl AuthFrame {
    /// A masked text frame.
    pub(super) fn new(token: &Token) -> Self {
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

    /// Whether some of it is on the wire: nothing else may be written before the rest.
    pub(super) fn is_begun(&self) -> bool {
        self.written > 0
    }

    /// Writes and flushes it.
    pub(super) fn poll_write(
        &mut self,
        mut io: Pin<&mut impl AsyncWrite>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while let Some(rest) = self.bytes.get(self.written..)
            && !rest.is_empty()
        {
            let written = ready!(io.as_mut().poll_write(cx, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += written;
        }
        io.poll_flush(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_auth_frame_is_a_masked_text_frame_of_any_length() {
        for length in [3, 100, 125, 126, 4_000, 70_000] {
            let token = Token::new("t".repeat(length));
            let frame = AuthFrame::new(&token).bytes;
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
