//! What the edge hands on in place of an address.

/// Stands for where a request came from: a keyed hash whose key is thrown away every ten minutes.
///
/// It can be compared and counted, and nothing else: it has no `Debug`, `Display` or `Serialize`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LimiterKey([u8; 16]);

impl LimiterKey {
    /// Wraps the hash that the edge made.
    pub const fn new(hash: [u8; 16]) -> Self {
        Self(hash)
    }
}

/// The door that a request came through.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Door {
    /// The open web: TCP, with or without TLS.
    Clearnet,
    /// The onion service.
    Onion,
}
