//! The certificate of a server where TLS ends: read, fetched, read again.

use bauta_acme::Proof;
use bauta_edge::Tls;
use bauta_model::Clock;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::Config;
use crate::config_tls;
use crate::failure::{Failure, Outcome};

/// Reads what is there. Where an authority is asked, there may be nothing yet.
pub fn load(source: &config_tls::Tls) -> Outcome<Tls> {
    let loaded = match source {
        config_tls::Tls::Files { certificate, key } => Tls::load(certificate, key),
        config_tls::Tls::Acme(acme) => Tls::load_when_there(acme.folder.certificate()),
    };
    loaded.map_err(|error| Failure::new(error.to_string()))
}

/// Work that fetches certificates for as long as the server runs, where an authority is asked. It begins once the door
/// is open: the authority looks at once.
pub fn keeper(
    config: &Config,
    clock: Clock,
    tls: &Tls,
) -> Outcome<Option<impl Future<Output = ()> + Send + 'static>> {
    let Some(config_tls::Tls::Acme(acme)) = &config.tls else {
        return Ok(None);
    };
    let options = bauta_outbound::Options {
        local: config.site.is_loopback(),
        proxy: config.peers.proxy(),
        authorities: acme.authorities.clone(),
        own: None,
    };
    let client = bauta_outbound::Client::new(&options).map_err(|error| Failure::new(error.to_string()))?;
    let setup = bauta_acme::Setup {
        folder: acme.folder.clone(),
        directory: acme.directory.clone(),
        name: acme.name.clone(),
        client,
        clock,
    };
    let (shown, read) = (tls.clone(), tls.clone());
    let show = move |proof: Option<Proof>| {
        // A proof that can't be shown is one that the authority doesn't find: that is said when it answers.
        let _ = shown.show(
            proof
                .as_ref()
                .map(|one| (&one.certificate[..], &one.key.expose()[..])),
        );
    };
    Ok(Some(bauta_acme::keep(setup, show, move || read.reload())))
}

/// Reads the TLS files again whenever SIGHUP asks for it.
pub fn reload_on_hangup(tls: Tls) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        return;
    };
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            let tls = tls.clone();
            let _ = tokio::task::spawn_blocking(move || tls.reload()).await;
        }
    });
}
