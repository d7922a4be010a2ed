//! Opening the doors, standing at them, and closing them.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use bauta_model::{Door, LimiterKey, is_loopback};
use http::StatusCode;
use tokio::io::AsyncWriteExt;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::address::Peer;
use crate::connection::{Crowd, Phase, Pulse, Seat, Socket, Wire, converse};
use crate::gate::{House, Task, Visit};
use crate::host::Hosts;
use crate::keys::{Keyring, Origin};
use crate::listener::Bound;
use crate::proxy_line;
use crate::rates::RateLimits;
use crate::{Config, Listen, Tls};

/// How often keys are looked at. They are also replaced when they are used.
const KEY_CHECK: Duration = Duration::from_secs(15);
/// How often buckets are cleared and certificate files are compared.
const ROUND: Duration = Duration::from_mins(1);
/// How long to wait when no connection can be taken, for want of file descriptors say.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Why the server can't open its doors.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// There is nothing to listen on.
    #[error("no address to listen on is set")]
    NoListener,
    /// A socket can't be opened.
    #[error("can't listen on {place}: {source}")]
    Bind {
        /// The address or path of the socket.
        place: String,
        /// Why.
        source: io::Error,
    },
    /// Limits are off where strangers can come in.
    #[error("rate limits can be off only while the server listens on loopback")]
    RateLimitsNeeded,
}

/// What is done at a door.
struct Doorway {
    tls: Option<Tls>,
    watches_for_proxy: bool,
    door: Door,
    shared: bool,
    task: Task,
    hosts: Hosts,
}

/// What all doorways share.
struct Lobby {
    house: Arc<House>,
    crowd: Arc<Crowd>,
    keys: Keyring,
}

/// Serves `router` until `shutdown`, then lets open requests finish for [`crate::Limits::drain`].
///
/// `ready` gets the address of the first listener when all are open. Requests come to the router with allow-listed
/// headers only, and with a [`bauta_model::LimiterKey`] and a [`Door`] in their extensions. Body limits are kept
/// here, so axum's own is switched off.
///
/// # Errors
/// When a socket can't be opened, or when limits are off and not all sockets are on loopback. Once the doors are
/// open it does not fail.
pub async fn serve(
    config: Config,
    router: Router,
    ready: impl FnOnce(&str),
    shutdown: impl Future<Output = ()>,
) -> Result<(), EdgeError> {
    let Config {
        listen,
        domain,
        proxied,
        rate_limits,
        quotas,
        limits,
        paths,
        clock,
        style,
    } = config;
    let onion = listen.iter().find_map(|place| match place {
        Listen::Onion { host, .. } => Some(host.clone()),
        _ => None,
    });
    let mut doorways = Vec::with_capacity(listen.len());
    for place in listen {
        doorways.push(open(place, &domain, proxied).await?);
    }
    let first = doorways.first().ok_or(EdgeError::NoListener)?;
    if !rate_limits && !doorways.iter().all(|(bound, _)| bound.is_loopback()) {
        return Err(EdgeError::RateLimitsNeeded);
    }
    let place = first.0.place().map_err(|source| EdgeError::Bind {
        place: domain.clone(),
        source,
    })?;
    let drain = limits.drain;
    let lobby = Arc::new(Lobby {
        crowd: Crowd::new(&limits),
        keys: Keyring::new(),
        house: Arc::new(House {
            router: router.layer(DefaultBodyLimit::disable()),
            rates: rate_limits.then(|| RateLimits::new(&quotas, clock)),
            limits,
            paths,
            onion,
            style,
        }),
    });
    let (phase, watcher) = watch::channel(Phase::Serving);
    let certificates = doorways
        .iter()
        .filter_map(|(_, doorway)| doorway.tls.clone())
        .collect();
    let rounds = [
        tokio::spawn(turn_keys(Arc::clone(&lobby))),
        tokio::spawn(make_rounds(Arc::clone(&lobby), certificates)),
    ];
    for (bound, doorway) in doorways {
        tokio::spawn(stand(
            bound,
            Arc::new(doorway),
            Arc::clone(&lobby),
            watcher.clone(),
        ));
    }
    drop(watcher);
    ready(&place);
    shutdown.await;
    phase.send_replace(Phase::Draining);
    if timeout(drain, phase.closed()).await.is_err() {
        phase.send_replace(Phase::Stopping);
        let _ = timeout(Duration::from_secs(1), phase.closed()).await;
    }
    for round in rounds {
        round.abort();
    }
    Ok(())
}

async fn open(place: Listen, domain: &str, proxied: bool) -> Result<(Bound, Doorway), EdgeError> {
    let plain = Doorway {
        tls: None,
        watches_for_proxy: true,
        door: Door::Clearnet,
        shared: proxied,
        task: Task::Serve,
        hosts: Hosts::of(domain),
    };
    let doorway = match &place {
        Listen::Tcp(_) => plain,
        Listen::Tls(_, tls) => Doorway {
            tls: Some(tls.clone()),
            ..plain
        },
        Listen::Redirect(_) => Doorway {
            task: Task::Redirect(domain.into()),
            ..plain
        },
        Listen::Unix { .. } => Doorway {
            shared: true,
            watches_for_proxy: false,
            ..plain
        },
        Listen::Onion { host, .. } => Doorway {
            door: Door::Onion,
            shared: false,
            watches_for_proxy: false,
            hosts: Hosts::of(host),
            ..plain
        },
    };
    let (name, bound) = match &place {
        Listen::Tcp(address) | Listen::Tls(address, _) | Listen::Redirect(address) => {
            (address.as_str().to_owned(), Bound::tcp(address.as_str()).await)
        }
        Listen::Unix { path, mode } | Listen::Onion { path, mode, .. } => {
            (path.display().to_string(), Bound::unix(path, *mode))
        }
    };
    let bound = bound.map_err(|source| EdgeError::Bind { place: name, source })?;
    let behind_a_proxy = bound.is_loopback() && doorway.door == Door::Clearnet && !is_loopback(domain);
    let doorway = Doorway {
        shared: doorway.shared || behind_a_proxy,
        ..doorway
    };
    Ok((bound, doorway))
}

/// Throws keys away when their time has come, whether or not anybody knocks.
async fn turn_keys(lobby: Arc<Lobby>) {
    loop {
        sleep(KEY_CHECK).await;
        lobby.keys.rotate();
    }
}

async fn make_rounds(lobby: Arc<Lobby>, certificates: Vec<Tls>) {
    loop {
        sleep(ROUND).await;
        if let Some(rates) = &lobby.house.rates {
            rates.forget();
        }
        for tls in certificates.clone() {
            let _ = tokio::task::spawn_blocking(move || tls.reload()).await;
        }
    }
}

/// Takes connections until the server drains; then the socket is closed.
async fn stand(bound: Bound, doorway: Arc<Doorway>, lobby: Arc<Lobby>, mut phase: watch::Receiver<Phase>) {
    loop {
        let accepted = tokio::select! {
            accepted = bound.accept(|peer| lobby.recognise(&doorway, peer)) => accepted,
            _ = phase.changed() => return,
        };
        let Ok((socket, known)) = accepted else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // A full house closes the connection at once, rather than let the queue of the operating system fill.
        if let Some(seat) = lobby.crowd.enter() {
            tokio::spawn(greet(
                Arc::clone(&doorway),
                Arc::clone(&lobby),
                socket,
                known,
                seat,
                phase.clone(),
            ));
        }
    }
}

impl Lobby {
    /// Turns an address into a limiter key. The address ends here: no future holds it, so that it is not in memory
    /// for as long as a connection lasts. Nothing where Tor still has to name the circuit.
    fn recognise(&self, doorway: &Doorway, peer: Option<Peer>) -> Option<LimiterKey> {
        match (doorway.door, doorway.shared, peer) {
            (Door::Onion, ..) => None,
            (Door::Clearnet, false, Some(peer)) => {
                Some(self.keys.limiter_key(&Origin::Network(peer.prefix().bytes())))
            }
            (Door::Clearnet, ..) => Some(self.keys.limiter_key(&Origin::Shared)),
        }
    }
}

/// Learns what may be known of a connection, and begins to talk.
async fn greet(
    doorway: Arc<Doorway>,
    lobby: Arc<Lobby>,
    mut socket: Socket,
    known: Option<LimiterKey>,
    mut seat: Seat,
    phase: watch::Receiver<Phase>,
) {
    let limits = &lobby.house.limits;
    let key = match known {
        Some(key) => key,
        None => match timeout(limits.header_read, read_circuit(&mut socket)).await {
            Ok(Some(circuit)) => lobby.keys.limiter_key(&Origin::Circuit(circuit.id())),
            Ok(None) => return turn_away(socket).await,
            Err(_too_slow) => return,
        },
    };
    if !doorway.shared && !seat.claim(key) {
        return;
    }
    let pulse = Pulse::new();
    let wire = Wire::new(socket, Arc::clone(&pulse), seat, limits.write_stall);
    let visit = Arc::new(Visit {
        key,
        door: doorway.door,
        shared: doorway.shared,
        watches_for_proxy: doorway.watches_for_proxy,
        task: doorway.task.clone(),
        hosts: doorway.hosts.clone(),
        pulse,
    });
    let house = Arc::clone(&lobby.house);
    let Some(tls) = &doorway.tls else {
        return converse(wire, house, visit, phase).await;
    };
    if let Ok(Some(stream)) = timeout(limits.header_read, tls.accept(wire)).await {
        converse(stream, house, visit, phase).await;
    }
}

async fn read_circuit(socket: &mut Socket) -> Option<proxy_line::Circuit> {
    match socket {
        Socket::Unix(stream) => proxy_line::read(stream).await,
        Socket::Tcp(stream) => proxy_line::read(stream).await,
    }
}

/// Something other than Tor is at the onion's door.
async fn turn_away(socket: Socket) {
    let answer = format!(
        "HTTP/1.1 {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        StatusCode::BAD_REQUEST
    );
    let _ = match socket {
        Socket::Unix(mut stream) => stream.write_all(answer.as_bytes()).await,
        Socket::Tcp(mut stream) => stream.write_all(answer.as_bytes()).await,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn limits_stay_on_where_strangers_come_in() {
        let listen = vec![Listen::parse("0.0.0.0:0").unwrap()];
        let mut config = Config::new(listen, "example.org");
        config.rate_limits = false;
        let served = serve(config, Router::new(), |_| {}, std::future::ready(())).await;
        assert!(matches!(served, Err(EdgeError::RateLimitsNeeded)));
    }

    #[tokio::test]
    async fn a_server_without_a_place_to_listen_does_not_start() {
        let served = serve(
            Config::new(Vec::new(), "localhost"),
            Router::new(),
            |_| {},
            std::future::ready(()),
        )
        .await;
        assert!(matches!(served, Err(EdgeError::NoListener)));
    }
}
