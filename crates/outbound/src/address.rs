//! Which addresses are public: what a request may connect to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// True for an address that the whole internet can reach.
///
/// Source: the IANA special-purpose registries for IPv4 and IPv6. IPv6 is an allow-list (2000::/3 without the special
/// blocks in it), so that mapped, compatible, unspecified, loopback, link-local, unique-local and multicast addresses
/// need no line of their own. NAT64 (64:ff9b::/96) counts as the IPv4 address within.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4_is_public(v4),
        IpAddr::V6(v6) => v6_is_public(v6),
    }
}

/// True for an address of this machine's own loopback, as tests use it.
pub fn is_loopback(address: IpAddr) -> bool {
    address == IpAddr::V6(Ipv6Addr::LOCALHOST) || matches!(address, IpAddr::V4(v4) if v4.octets()[0] == 127)
}

/// Blocks of IPv4 that are not public: first address, length of the prefix.
const V4_SPECIAL: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Blocks within 2000::/3 that are not public: IETF assignments with Teredo and benchmarking, documentation, 6to4,
/// documentation again.
const V6_SPECIAL: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

const NAT64: u128 = 0x0064_ff9b << 96;

fn v4_is_public(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !V4_SPECIAL
        .iter()
        .any(|(first, length)| (bits ^ first.to_bits()) >> (32 - length) == 0)
}

fn v6_is_public(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    if bits >> 32 == NAT64 >> 32 {
        return v4_is_public(Ipv4Addr::from_bits(bits as u32));
    }
    let global = bits >> 125 == 0b001;
    let special = V6_SPECIAL
        .iter()
        .any(|(first, length)| (bits ^ first.to_bits()) >> (128 - length) == 0);
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn what_only_this_network_reaches_is_not_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!public(address), "{address}");
        }
    }

    #[test]
    fn what_everybody_reaches_is_public() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.0.1",
            "100.128.0.1",
            "128.0.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450::1",
            "3ffe::1",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(public(address), "{address}");
        }
    }

    proptest! {
        #[test]
        fn an_address_inside_another_is_never_more_public(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from_bits(bits);
            prop_assert!(!is_public(IpAddr::V6(v4.to_ipv6_mapped())));
            prop_assert!(!is_public(IpAddr::V6(Ipv6Addr::from_bits(u128::from(bits)))));
            let nat64 = Ipv6Addr::from_bits(NAT64 | u128::from(bits));
            prop_assert_eq!(is_public(IpAddr::V6(nat64)), v4_is_public(v4));
            if is_loopback(IpAddr::V4(v4)) {
                prop_assert!(!v4_is_public(v4));
            }
        }

        #[test]
        fn the_standard_library_finds_nothing_private_in_what_is_public(bits in any::<u128>()) {
            let address = Ipv6Addr::from_bits(bits);
            if v6_is_public(address) {
                prop_assert!(!address.is_loopback() && !address.is_unspecified() && !address.is_multicast());
                prop_assert!(!address.is_unique_local() && !address.is_unicast_link_local());
            }
        }
    }
}
