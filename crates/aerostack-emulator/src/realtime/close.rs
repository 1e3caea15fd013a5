//! Close codes. Those from 4000 on are the emulator's own choice: the platform's are not known.

pub(super) const MALFORMED: u16 = 1002;
pub(super) const NOT_UTF8: u16 = 1007;
pub(super) const TOO_BIG: u16 = 1009;
pub(super) const RESTART: u16 = 1012;
pub(super) const TOKEN_EXPIRED: u16 = 4401;
pub(super) const OVER_LIMIT: u16 = 4429;
