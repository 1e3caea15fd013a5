//! What the platform would have sent by mail or text message.

use std::collections::VecDeque;

use parking_lot::Mutex;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailKind {
    /// A one-time code.
    Code,
    /// A token that confirms an address.
    Verification,
    /// A token that sets a new password.
    Reset,
}

struct Mail {
    kind: MailKind,
    to: String,
    secret: String,
}

/// The latest messages, for tests to read; nothing is really sent.
pub(crate) struct Mailbox {
    sent: Mutex<VecDeque<Mail>>,
    shown: bool,
}

const KEPT: usize = 1000;

impl Mailbox {
    /// `shown` writes codes and tokens to the log, where a person at a terminal finds them.
    pub(crate) fn new(shown: bool) -> Self {
        Self {
            sent: Mutex::default(),
            shown,
        }
    }

    pub(crate) fn send(&self, kind: MailKind, to: &str, secret: &str) {
        if self.shown {
            match kind {
                MailKind::Code => tracing::info!("one-time code for {to}: {secret}"),
                MailKind::Verification => tracing::info!("verification token for {to}: {secret}"),
                MailKind::Reset => tracing::info!("password reset token for {to}: {secret}"),
            }
        }
        let mut sent = self.sent.lock();
        if sent.len() >= KEPT {
            sent.pop_front();
        }
        sent.push_back(Mail {
            kind,
            to: to.to_owned(),
            secret: secret.to_owned(),
        });
    }

    /// The secret of the latest message of one of these kinds.
    pub(crate) fn last(&self, to: &str, kinds: &[MailKind]) -> Option<String> {
        let sent = self.sent.lock();
        let mail = sent
            .iter()
            .rev()
            .find(|mail| mail.to.eq_ignore_ascii_case(to) && kinds.contains(&mail.kind));
        mail.map(|mail| mail.secret.clone())
    }
}
