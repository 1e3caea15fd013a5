//! Close codes. Those from 4000 on are the emulator's own choice: the platform's are not known.

pub(crate) const MALFORMED: u16 = 1002;
pub(crate) const NOT_UTF8: u16 = 1007;
pub(crate) const TOO_BIG: u16 = 1009;
pub(crate) const RESTART: u16 = 1012;
pub(crate) const TOKEN_EXPIRED: u16 = 4401;
pub(crate) const OVER_LIMIT: u16 = 4429;
