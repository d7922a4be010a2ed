//! A peer's address, in the one form that can't be shown.

use std::net::{IpAddr, SocketAddr};

/// Where a connection came from. It lives from accepting a connection to hashing its prefix.
///
/// It has no `Debug`, `Display`, `Serialize` or `Clone`, and nothing outside this crate can make or open one.
pub struct Peer(IpAddr);

impl Peer {
    /// Takes the address of a socket; the port is not kept. An IPv4 address inside IPv6 is unwrapped.
    pub(crate) fn of(socket: SocketAddr) -> Self {
        Self(socket.ip().to_canonical())
    }

    /// The network that is limited as one: IPv4 /24, IPv6 /56.
    ///
    /// /24 and not /32, although it puts up to 256 strangers into one bucket: the limits are wide enough for that,
    /// and whoever reads the key out of memory learns a network and not a line. /56 is what providers hand to a
    /// household.
    pub(crate) fn prefix(&self) -> Prefix {
        match self.0 {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Prefix([4, a, b, c, 0, 0, 0, 0])
            }
            IpAddr::V6(address) => {
                let mut prefix = [6; 8];
                prefix[1..].copy_from_slice(&address.octets()[..7]);
                Prefix(prefix)
            }
        }
    }
}

/// The family and the leading bytes of an address.
pub(crate) struct Prefix([u8; 8]);

impl Prefix {
    pub(crate) const fn bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// The type can be named,
/// ```
/// assert!(std::mem::size_of::<bauta_edge::Peer>() > 0);
/// ```
/// but neither shown
/// ```compile_fail
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<bauta_edge::Peer>();
/// ```
/// ```compile_fail
/// fn shown<T: std::fmt::Display>() {}
/// shown::<bauta_edge::Peer>();
/// ```
/// nor copied.
/// ```compile_fail
/// fn copied<T: Clone>() {}
/// copied::<bauta_edge::Peer>();
/// ```
#[cfg(doctest)]
pub struct PeersCannotBeShown;

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(text: &str) -> [u8; 8] {
        let ip: IpAddr = text.parse().unwrap();
        *Peer::of(SocketAddr::new(ip, 1)).prefix().bytes()
    }

    #[test]
    fn neighbours_share_a_prefix_and_strangers_do_not() {
        assert_eq!(prefix("192.0.2.1"), prefix("192.0.2.254"));
        assert_ne!(prefix("192.0.2.1"), prefix("192.0.3.1"));
        assert_eq!(prefix("2001:db8:1:2a00::1"), prefix("2001:db8:1:2aff:9::7"));
        assert_ne!(prefix("2001:db8:1:2a00::1"), prefix("2001:db8:1:2b00::1"));
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_the_same_neighbour() {
        assert_eq!(prefix("::ffff:192.0.2.1"), prefix("192.0.2.9"));
    }
}
