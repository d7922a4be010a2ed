//! The part of the configuration that says how other servers are met.

use std::path::PathBuf;

use bauta_outbound::{Authorities, Options, Proxy, Reach};
use bauta_service::Site;
use serde::Deserialize;

use crate::failure::{Failure, Outcome};

/// Keys of `[peers]`, as docs/configuration.md lists them.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct PeersFile {
    on: Option<bool>,
    proxy: Option<String>,
    proxy_for: Option<ReachArg>,
    authorities: Option<PathBuf>,
    media_cache_mb: Option<u32>,
    previews: Option<bool>,
    #[serde(default)]
    blocked: Vec<String>,
}

/// What goes through the proxy.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReachArg {
    Everything,
    Onions,
}

/// Every key of `[peers]`.
pub const PEERS_KEYS: &[&str] = &[
    "on",
    "proxy",
    "proxy_for",
    "authorities",
    "media_cache_mb",
    "previews",
    "blocked",
];

/// How other servers are met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peers {
    on: bool,
    outbound: Options,
    media_bytes: i64,
    previews: bool,
    blocked: Vec<String>,
}

/// Megabytes of copies of others' pictures that are kept.
const MEDIA_CACHE_MB: u32 = 2048;

impl Peers {
    /// Merges the file with `BAUTA_PEERS`: `off`, or `loopback` for peers on the same machine, over plain HTTP.
    pub fn of(file: PeersFile, variable: Option<&str>, site: &Site) -> Outcome<Self> {
        let local = match variable {
            None | Some("off") => false,
            Some("loopback") if site.is_loopback() => true,
            Some("loopback") => {
                return Err(Failure::new("peers on loopback are only for a loopback domain"));
            }
            Some(_) => return Err(Failure::new("BAUTA_PEERS is off or loopback")),
        };
        let reach = match file.proxy_for {
            None | Some(ReachArg::Everything) => Reach::Everything,
            Some(ReachArg::Onions) => Reach::Onions,
        };
        let proxy = file
            .proxy
            .map(|text| Proxy::parse(&text, reach))
            .transpose()
            .map_err(|error| Failure::new(format!("peers.proxy: {error}")))?;
        // A loopback domain means nothing to others: it meets nobody unless it is told to.
        let on = variable != Some("off") && file.on.unwrap_or(local || !site.is_loopback());
        Ok(Self {
            on,
            outbound: Options {
                local,
                proxy,
                authorities: file.authorities.map_or(Authorities::System, Authorities::File),
                own: None,
            },
            media_bytes: i64::from(file.media_cache_mb.unwrap_or(MEDIA_CACHE_MB)) << 20,
            previews: on && file.previews.unwrap_or(true),
            blocked: file.blocked,
        })
    }

    /// What requests to the outside go through; nothing where they go straight.
    pub fn proxy(&self) -> Option<Proxy> {
        self.outbound.proxy.clone()
    }

    /// How requests to the outside leave, whoever is asked.
    pub const fn outbound(&self) -> &Options {
        &self.outbound
    }

    /// Pages that posts link to are asked what they are.
    pub const fn previews(&self) -> bool {
        self.previews
    }

    /// What crate federation needs; nothing where this server meets no other.
    pub fn setup(&self) -> Option<bauta_federation::Setup> {
        self.on.then(|| bauta_federation::Setup {
            outbound: self.outbound.clone(),
            media_bytes: self.media_bytes,
            blocked: self.blocked.clone(),
        })
    }
}
