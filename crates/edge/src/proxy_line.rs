//! The line by which Tor names a circuit: PROXY protocol version 1, as `HiddenServiceExportCircuitID haproxy`
//! writes it. It is read on the onion's own socket and nowhere else.

use std::net::Ipv6Addr;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The longest line that the protocol allows, with its CR LF.
const LONGEST: usize = 107;

/// The circuit's number: the last 32 bits of the source address `fc00:dead:beef:4dad::…`.
pub(crate) struct Circuit(u32);

impl Circuit {
    pub(crate) const fn id(&self) -> u32 {
        self.0
    }
}

/// Reads the line, and not a byte more, from the beginning of a connection. Nothing where there is no such line.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Circuit> {
    let mut line = Vec::with_capacity(LONGEST);
    while line.len() < LONGEST {
        // Byte by byte: what follows belongs to HTTP, and the line comes once a connection.
        line.push(stream.read_u8().await.ok()?);
        if line.ends_with(b"\r\n") {
            return parse(&line[..line.len() - 2]);
        }
        if !b"PROXY TCP6 ".starts_with(&line[..line.len().min(11)]) {
            return None;
        }
    }
    None
}

fn parse(line: &[u8]) -> Option<Circuit> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    if words.next()? != "PROXY" || words.next()? != "TCP6" {
        return None;
    }
    let source: Ipv6Addr = words.next()?.parse().ok()?;
    let _destination: Ipv6Addr = words.next()?.parse().ok()?;
    let _source_port: u16 = words.next()?.parse().ok()?;
    let _destination_port: u16 = words.next()?.parse().ok()?;
    if words.next().is_some() {
        return None;
    }
    let [.., a, b, c, d] = source.octets();
    Some(Circuit(u32::from_be_bytes([a, b, c, d])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn circuit(line: &[u8]) -> Option<u32> {
        parse(line).map(|circuit| circuit.id())
    }

    #[test]
    fn the_line_of_tor_names_a_circuit() {
        let line = b"PROXY TCP6 fc00:dead:beef:4dad::ffff:1 ::1 65535 80";
        assert_eq!(circuit(line), Some(0xffff_0001));
    }

    #[test]
    fn other_lines_name_none() {
        for line in [
            "PROXY UNKNOWN",
            "PROXY TCP4 192.0.2.1 192.0.2.2 1 2",
            "PROXY TCP6 fc00::1 ::1 65535",
            "PROXY TCP6 fc00::1 ::1 65535 80 more",
            "PROXY TCP6 fc00::1 ::1 65536 80",
            "GET / HTTP/1.1",
            "",
        ] {
            assert!(circuit(line.as_bytes()).is_none(), "{line}");
        }
    }

    #[tokio::test]
    async fn reading_stops_at_the_end_of_the_line() {
        let mut stream: &[u8] = b"PROXY TCP6 fc00:dead:beef:4dad::0:9 ::1 65535 80\r\nGET / HTTP/1.1\r\n";
        assert_eq!(read(&mut stream).await.map(|circuit| circuit.id()), Some(9));
        assert_eq!(stream, b"GET / HTTP/1.1\r\n");
    }

    #[tokio::test]
    async fn a_line_without_end_is_given_up() {
        let mut endless: &[u8] = &[b"PROXY TCP6 ".as_slice(), &[b'f'; 500]].concat();
        assert!(read(&mut endless).await.is_none());
        assert!(!endless.is_empty());
    }

    proptest! {
        #[test]
        fn no_line_makes_the_parser_fall(line in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = parse(&line);
        }

        #[test]
        fn every_circuit_comes_back(id in any::<u32>()) {
            let line = format!("PROXY TCP6 fc00:dead:beef:4dad::{:x}:{:x} ::1 65535 80", id >> 16, id & 0xffff);
            prop_assert_eq!(circuit(line.as_bytes()), Some(id));
        }
    }
}
