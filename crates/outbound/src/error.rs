//! What can go wrong, without an address, a name or a peer's words in it.

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The URL has a scheme, port, name or user part that no request may have.
    #[error("such an address may not be asked")]
    NotAllowed,
    /// Every address of the name is of a network that is not public.
    #[error("the host is not on the public internet")]
    NotPublic,
    /// The name has no address.
    #[error("there is no such host")]
    NoSuchHost,
    /// No connection.
    #[error("the host can't be reached")]
    Unreachable,
    /// The proxy can't be reached, or refused.
    #[error("the proxy gave no connection")]
    Proxy,
    /// TLS failed: most often the certificate is not for that name.
    #[error("the host could not prove who it is")]
    Tls,
    /// The whole time was used up.
    #[error("the host took too long")]
    TimedOut,
    /// More bytes than the caller wanted.
    #[error("the answer is too long")]
    TooLarge,
    /// More redirects than the caller wanted, or one that leads nowhere.
    #[error("the host redirects too often")]
    Redirects,
    /// A redirect to another origin, where the caller wanted none.
    #[error("the host redirects to another")]
    OtherOrigin,
    /// What came is not HTTP, or ended early, or is compressed though nobody asked for that.
    #[error("the answer can't be read")]
    Unreadable,
    /// The host failed lately, or asked to be left alone for a while.
    #[error("the host is left alone for a while")]
    Resting,
}

impl Error {
    /// True when the same request may well succeed later; false when it never will.
    pub const fn may_pass(self) -> bool {
        !matches!(
            self,
            Self::NotAllowed | Self::NotPublic | Self::TooLarge | Self::OtherOrigin
        )
    }

    /// True when it says that the host is down, so that others need not try now.
    pub(crate) const fn tires(self) -> bool {
        matches!(
            self,
            Self::NoSuchHost | Self::Unreachable | Self::Tls | Self::TimedOut | Self::Unreadable
        )
    }
}

/// Why a client can't be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The system has no certificates of authorities.
    #[error("the system has no certificates of authorities: install ca-certificates or name a file")]
    NoAuthorities,
    /// The file of authorities can't be read.
    #[error("the certificates of authorities could not be read")]
    Authorities,
    /// The operator's own service is named by something that is no http or https URL.
    #[error("such a service can't be asked: name it by an http:// or https:// URL")]
    Own,
    /// The text is not `socks5://HOST:PORT`.
    #[error("a proxy is written as socks5://HOST:PORT")]
    Proxy,
}
