//! Addresses of its own for a test client: loopback has sixteen million of them, and each can be looked for later.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use socket2::{Domain, Socket, Type};

/// Loopback addresses that take turns, and what was used of them.
#[derive(Clone, Debug)]
pub struct Sources(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    addresses: Vec<Ipv4Addr>,
    next: usize,
    used: Vec<SocketAddrV4>,
}

impl Sources {
    /// Takes turns among `addresses`, which are of 127.0.0.0/8 and at least one.
    pub fn new(addresses: Vec<Ipv4Addr>) -> Self {
        Self(Arc::new(Mutex::new(State {
            addresses,
            next: 0,
            used: Vec::new(),
        })))
    }

    /// Every address and port that a connection came from.
    pub fn used(&self) -> Vec<SocketAddrV4> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).used.clone()
    }

    /// Opens a connection to `address` from the next of them.
    pub(crate) fn connect(&self, address: &str) -> io::Result<TcpStream> {
        let to: SocketAddr = address.parse().map_err(io::Error::other)?;
        let from = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let at = state.next;
            state.next = (at + 1) % state.addresses.len();
            state.addresses[at]
        };
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddrV4::new(from, 0).into())?;
        socket.connect(&to.into())?;
        let stream = TcpStream::from(socket);
        if let SocketAddr::V4(local) = stream.local_addr()? {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .used
                .push(local);
        }
        Ok(stream)
    }
}
