//! What the platform would have sent by mail or text message.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use serde::Serialize;

use crate::clock::Clock;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MailKind {
    /// A one-time code.
    Code,
    /// A token that confirms an address.
    Verification,
    /// A token that sets a new password.
    Reset,
    /// A mail that the project itself sent.
    Mail,
}

/// A message that the platform would have sent by mail or text message. `Debug` shows neither code nor token.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mail {
    /// What it is for.
    pub kind: MailKind,
    /// The address or phone number.
    pub to: String,
    /// The code or token it carries; none in a mail that the project sent.
    pub secret: Option<String>,
    /// The subject of a mail that the project sent.
    pub subject: Option<String>,
    /// The text of a mail that the project sent.
    pub body: Option<String>,
    /// When it was sent, by the emulator's clock.
    pub at: SystemTime,
}

impl Mail {
    fn new(kind: MailKind, to: &str, now_ms: i64) -> Self {
        let since = Duration::from_millis(u64::try_from(now_ms).unwrap_or_default());
        Self {
            kind,
            to: to.to_owned(),
            secret: None,
            subject: None,
            body: None,
            at: UNIX_EPOCH + since,
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("kind", &self.kind)
            .field("to", &self.to)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// The latest messages, for tests and people to read; nothing is really sent.
pub(crate) struct Mailbox {
    sent: Mutex<VecDeque<Mail>>,
    clock: Clock,
    shown: bool,
}

const KEPT: usize = 1000;

impl Mailbox {
    /// `shown` writes codes and tokens to the log, where a person at a terminal finds them.
    pub(crate) fn new(shown: bool, clock: Clock) -> Self {
        Self {
            sent: Mutex::default(),
            clock,
            shown,
        }
    }

    /// Sends a code or token.
    pub(crate) fn send(&self, kind: MailKind, to: &str, secret: &str) {
        if self.shown {
            match kind {
                MailKind::Code => tracing::info!("one-time code for {to}: {secret}"),
                MailKind::Verification => tracing::info!("verification token for {to}: {secret}"),
                MailKind::Reset | MailKind::Mail => {
                    tracing::info!("password reset token for {to}: {secret}");
                }
            }
        }
        self.keep(Mail {
            secret: Some(secret.to_owned()),
            ..Mail::new(kind, to, self.clock.now_ms())
        });
    }

    /// Sends a mail of the project's own.
    pub(crate) fn send_mail(&self, to: &str, subject: &str, body: &str) {
        if self.shown {
            tracing::info!("mail to {to}: {subject}");
        }
        self.keep(Mail {
            subject: Some(subject.to_owned()),
            body: Some(body.to_owned()),
            ..Mail::new(MailKind::Mail, to, self.clock.now_ms())
        });
    }

    fn keep(&self, mail: Mail) {
        let mut sent = self.sent.lock();
        if sent.len() >= KEPT {
            sent.pop_front();
        }
        sent.push_back(mail);
    }

    /// The secret of the latest message of one of these kinds.
    pub(crate) fn last(&self, to: &str, kinds: &[MailKind]) -> Option<String> {
        let sent = self.sent.lock();
        let mail = sent
            .iter()
            .rev()
            .find(|mail| mail.to.eq_ignore_ascii_case(to) && kinds.contains(&mail.kind));
        mail.and_then(|mail| mail.secret.clone())
    }

    /// The latest messages, oldest first.
    pub(crate) fn all(&self) -> Vec<Mail> {
        self.sent.lock().iter().cloned().collect()
    }

    /// Forgets all messages.
    pub(crate) fn clear(&self) {
        self.sent.lock().clear();
    }
}
