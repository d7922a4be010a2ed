//! What is looked for: every value that the script sends is drawn at random, and has a fate.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4};

/// What may become of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is kept nowhere: when the request is answered, it is gone.
    Never,
    /// It was held, and then deleted: a minute later it is gone.
    Deleted,
    /// It is held for the person: in the database and in the server's memory, and nowhere else.
    Private,
    /// As private, and those who follow get it, on other servers too.
    Followers,
    /// The world may read it. It must be found, or the search proves nothing.
    Public,
}

/// One of the values.
#[derive(Clone, Debug)]
pub struct Mark {
    /// What it was, for people: "the address", "a wrong passphrase".
    pub what: String,
    /// What may become of it.
    pub fate: Fate,
    /// The value as it was sent.
    pub text: String,
    /// Other bytes that stand for it: an address packed.
    pub packed: Vec<Vec<u8>>,
}

/// All marks of a run.
#[derive(Clone, Default, Debug)]
pub struct Marks {
    /// In the order in which they were drawn.
    pub all: Vec<Mark>,
    /// The addresses that connections came from.
    pub own: Vec<Ipv4Addr>,
}

/// 128 bits and a little more, in letters of both cases and digits: nothing that a database or a page has by chance.
pub fn random() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let bytes: [u8; 24] = random_bytes();
    bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}

/// Bytes at random.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system has randomness");
    bytes
}

impl Marks {
    /// Draws a value.
    pub fn draw(&mut self, fate: Fate, what: &str) -> String {
        self.note(fate, what, &random())
    }

    /// Takes a value that somebody else has drawn.
    pub fn note(&mut self, fate: Fate, what: &str, text: &str) -> String {
        self.all.push(Mark {
            what: what.to_owned(),
            fate,
            text: text.to_owned(),
            packed: Vec::new(),
        });
        text.to_owned()
    }

    /// Draws an address of the documentation's or of a benchmark's networks, which no program has by chance.
    pub fn draw_address(&mut self, what: &str) -> Ipv4Addr {
        let [a, b, c] = random_bytes();
        let address = Ipv4Addr::new(198, 18 + a % 2, b, c.max(1));
        self.note(Fate::Never, what, &address.to_string());
        self.all.last_mut().expect("it was just noted").packed = packed(address);
        address
    }

    /// Draws an address of the documentation's network of IPv6.
    pub fn draw_long_address(&mut self, what: &str) -> Ipv6Addr {
        let mut bytes: [u8; 16] = random_bytes();
        bytes[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
        let address = Ipv6Addr::from(bytes);
        self.note(Fate::Never, what, &address.to_string());
        self.all.last_mut().expect("it was just noted").packed = vec![bytes.to_vec()];
        address
    }

    /// Draws the loopback addresses that the script's connections come from.
    pub fn draw_own(&mut self, count: usize) -> Vec<Ipv4Addr> {
        for number in 1..=count {
            let [a, b, c] = random_bytes();
            let address = Ipv4Addr::new(127, a.max(11), b.max(11), c.max(11));
            self.note(
                Fate::Never,
                &format!("the address that a connection came from ({number})"),
                &address.to_string(),
            );
            self.all.last_mut().expect("it was just noted").packed = packed(address);
            self.own.push(address);
        }
        self.own.clone()
    }

    /// With the ports that the connections had, addresses can be told from chance even where they are packed.
    pub fn note_ports(&mut self, used: &[SocketAddrV4]) {
        for socket in used {
            let text = socket.ip().to_string();
            let (address, port) = (socket.ip().octets(), socket.port());
            if let Some(mark) = self.all.iter_mut().find(|mark| mark.text == text) {
                let mut with_port = vec![2, 0];
                with_port.extend(port.to_be_bytes());
                with_port.extend(address);
                mark.packed.push(with_port);
                mark.packed.push([&address[..], &port.to_be_bytes()].concat());
                mark.packed.push([&address[..], &port.to_le_bytes()].concat());
            }
        }
    }
}

/// Forms of four bytes that are long enough not to come by chance: mapped into IPv6, and as the door's network prefix.
fn packed(address: Ipv4Addr) -> Vec<Vec<u8>> {
    let [a, b, c, d] = address.octets();
    let mapped = address.to_ipv6_mapped().octets().to_vec();
    vec![
        mapped,
        vec![4, a, b, c, 0, 0, 0, 0],
        format!("{d}.{c}.{b}.{a}.in-addr").into_bytes(),
    ]
}
