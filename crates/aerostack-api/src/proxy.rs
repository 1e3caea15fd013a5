//! Which proxy requests and sockets go through.

use std::fmt;

use crate::secret::Secret;

/// Which proxy is used, for HTTP and for WebSockets alike.
#[derive(Clone, Default)]
pub enum ProxyMode {
    /// What `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, for places other than this machine.
    #[default]
    Environment,
    /// None, whatever the environment says.
    Direct,
    /// This one, for all requests. The URL may hold a user name and a password.
    Url(Secret),
}

impl fmt::Debug for ProxyMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Direct => "Direct",
            Self::Url(_) => "Url(..)",
        })
    }
}
