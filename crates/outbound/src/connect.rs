//! From a target to a connection: resolved once, checked, connected to as checked.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::address::{is_loopback, is_public};
use crate::hosts::Host;
use crate::pool::Connection;
use crate::proxy::Proxy;
use crate::resolve::Resolve;
use crate::target::Target;
use crate::{Error, socks};

/// How many addresses of a name are tried.
const MOST_ADDRESSES: usize = 4;

/// How long one of several addresses may take.
const ONE_ADDRESS: Duration = Duration::from_secs(3);

/// More headers than this are not read.
const MOST_HEADERS: usize = 64;

/// More bytes of headers than this are not read.
const HEADER_BYTES: usize = 32 * 1024;

/// Makes connections.
pub struct Connector {
    pub local: bool,
    /// The origin of the operator's own service, where this connects to nothing else.
    pub own: Option<String>,
    pub proxy: Option<Proxy>,
    pub tls: Arc<ClientConfig>,
    pub resolver: Box<dyn Resolve>,
}

impl Connector {
    /// Takes a URL apart, and refuses what this may not connect to.
    pub fn target(&self, url: &Url) -> Result<Target, Error> {
        let Some(own) = &self.own else {
            return Target::of(url, self.local);
        };
        let target = Target::of_own(url)?;
        if target.origin() == *own {
            Ok(target)
        } else {
            Err(Error::NotAllowed)
        }
    }

    /// A fresh connection to `target`.
    pub async fn connect(&self, target: &Target, host: &Host) -> Result<Connection, Error> {
        let stream = self.stream(target, host).await?;
        let _ = stream.set_nodelay(true);
        if !target.tls {
            return handshake(TokioIo::new(stream)).await;
        }
        let name = ServerName::try_from(target.bare_host().to_owned()).map_err(|_| Error::NotAllowed)?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let stream = connector.connect(name, stream).await.map_err(|_| Error::Tls)?;
        handshake(TokioIo::new(stream)).await
    }

    async fn stream(&self, target: &Target, host: &Host) -> Result<TcpStream, Error> {
        if let Some(literal) = target.literal {
            self.check(literal)?;
        }
        let proxy = self.proxy.as_ref().filter(|proxy| proxy.takes(target.onion));
        // A test's own loopback is not behind the proxy, nor is the operator's own network.
        let beside = target
            .literal
            .is_some_and(|literal| is_loopback(literal) || !is_public(literal));
        if let Some(proxy) = proxy.filter(|_| !beside) {
            let mut stream = TcpStream::connect((proxy.host.as_str(), proxy.port))
                .await
                .map_err(|_| Error::Proxy)?;
            socks::connect(&mut stream, target.bare_host(), target.port, &host.isolation).await?;
            return Ok(stream);
        }
        if target.onion {
            return Err(Error::NotAllowed);
        }
        self.direct(&self.addresses(target).await?, target.port).await
    }

    /// The public addresses of a target, IPv6 and IPv4 by turns as the resolver gave them.
    async fn addresses(&self, target: &Target) -> Result<Vec<IpAddr>, Error> {
        if let Some(literal) = target.literal {
            return Ok(vec![literal]);
        }
        let found = self.resolver.resolve(&target.host).await?;
        if found.is_empty() {
            return Err(Error::NoSuchHost);
        }
        let mut public: Vec<IpAddr> = found.into_iter().filter(|one| self.check(*one).is_ok()).collect();
        if public.is_empty() {
            return Err(Error::NotPublic);
        }
        public.dedup();
        // Both kinds come among the few that are tried: a machine may have but one of them.
        if let Some(other) = public.iter().position(|one| one.is_ipv4() != public[0].is_ipv4()) {
            public.swap(1, other);
        }
        public.truncate(MOST_ADDRESSES);
        Ok(public)
    }

    fn check(&self, address: IpAddr) -> Result<(), Error> {
        if is_public(address) || self.own.is_some() || (self.local && is_loopback(address)) {
            Ok(())
        } else {
            Err(Error::NotPublic)
        }
    }

    async fn direct(&self, addresses: &[IpAddr], port: u16) -> Result<TcpStream, Error> {
        for address in addresses {
            let socket = SocketAddr::new(*address, port);
            if let Ok(Ok(stream)) = timeout(ONE_ADDRESS, TcpStream::connect(socket)).await {
                return Ok(stream);
            }
        }
        Err(Error::Unreachable)
    }
}

async fn handshake<S: Read + Write + Unpin + Send + 'static>(stream: S) -> Result<Connection, Error> {
    let (sender, connection) = http1::Builder::new()
        .max_headers(MOST_HEADERS)
        .max_buf_size(HEADER_BYTES)
        .handshake(stream)
        .await
        .map_err(|_| Error::Unreadable)?;
    let task = tokio::spawn(async move {
        // Its errors reach whoever waits for the answer.
        let _ = connection.await;
    });
    Ok(Connection {
        sender,
        task: task.abort_handle(),
    })
}
