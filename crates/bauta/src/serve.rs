//! Wiring: from a configuration to a running server.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bauta_edge::{BindAddress, Listen, PathRule, Scope, Tls};

use bauta_model::{Clock, Event, Incident, emit};
use bauta_public_log::PublicLog;
use bauta_service::App;
use bauta_store::{DataLock, Keyring};
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use tower_http::catch_panic::CatchPanicLayer;

use crate::certificate;
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::{admin, config_bucket, guard, keys, log, output, resident};

/// The runtime of the server and of subcommands that work without one.
pub fn runtime() -> Outcome<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("no threads could be started: {error}")))
}

/// Opens the data: the lock first, then the keys, then everything that a verb needs.
pub fn open(config: &Config) -> Outcome<(App, DataLock)> {
    let lock = prepare(config)?;
    open_with(config, lock, keys::open(config)?)
}

/// Makes the data directory and takes its lock.
pub fn prepare(config: &Config) -> Outcome<DataLock> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.data)
        .map_err(|error| {
            Failure::new(format!(
                "the data directory {} could not be made: {error}",
                config.data.display()
            ))
        })?;
    Ok(DataLock::take(&config.data)?)
}

/// Opens the data of a directory whose lock and keys are there.
pub fn open_with(config: &Config, lock: DataLock, keyring: Option<Arc<Keyring>>) -> Outcome<(App, DataLock)> {
    let clock = Clock::with_slot(config.slot);
    let program = std::env::current_exe()
        .map_err(|error| Failure::new(format!("the program is not found: {error}")))?;
    let app = App::open(bauta_service::Setup {
        site: config.site.clone(),
        clock,
        keyring,
        data: config.data.clone(),
        database: config.database.clone(),
        program,
    })?;
    if let Some(bucket) = config_bucket::open(config)? {
        app.depot.use_bucket(bucket);
    }
    Ok((app, lock))
}

/// Runs the server until it is asked to stop.
pub fn run(config: &Config) -> Outcome<()> {
    guard::keep_panics_quiet(true);
    log::install();
    emit(Event::Started {
        version: env!("CARGO_PKG_VERSION"),
    });
    // Before there is a second thread: what is given up here is given up by those that come after.
    guard::serve(config.strict, config.site.ffmpeg.as_deref())?;
    let runtime = runtime()?;
    log::start(&Clock::with_slot(config.slot));
    let lock = prepare(config)?;
    let Some(keyring) = runtime.block_on(keys::open_or_wait(config))? else {
        return Ok(());
    };
    let (app, lock) = open_with(config, lock, keyring)?;
    with_app(config, runtime, Arc::new(app), lock, async |router| Ok(router))
}

/// Serves an open app; `extend` may add to the router.
pub fn with_app(
    config: &Config,
    runtime: Runtime,
    app: Arc<App>,
    lock: DataLock,
    extend: impl AsyncFnOnce(Router) -> Outcome<Router>,
) -> Outcome<()> {
    let served = runtime.block_on(async {
        config_bucket::refuse_without(&app).await?;
        // What was cut off when the server was sealed goes on before anybody is answered.
        bauta_service::pictures::seal_files(&app)
            .await
            .map_err(|error| Failure::new(error.to_string()))?;
        admin::listen(Arc::clone(&app), &config.admin_socket())?;
        App::start_background(&app);
        offer_first_link(config, &app).await?;
        let proxy = if config.proxied {
            || true
        } else {
            bauta_edge::proxy_seen
        };
        let pages = bauta_web::router(Arc::clone(&app))
            .layer(Extension(bauta_web::ProxySeen(proxy)))
            .layer(Extension(bauta_web::RecordFolder(config.data.clone())));
        let router = pages.merge(bauta_client_api::router(Arc::clone(&app)));
        let router = Router::new()
            .route("/health", get(health).with_state(Arc::clone(&app)))
            .merge(router);
        let router = router.merge(public_log(config, &app)?);
        let router = extend(router).await?;
        let router = meet_others(config, &app, router)?;
        if config.push {
            bauta_push::start(&app, &config.data.join("push.key"), config.peers.outbound())
                .map_err(|error| Failure::new(error.to_string()))?;
        }
        #[cfg(feature = "weaken")]
        let router = crate::weaken::with_access_log(router);
        let domain = config.site.domain.clone();
        let (door, tls) = door(config)?;
        let mut keeper = None;
        if let Some(tls) = tls {
            keeper = certificate::keeper(config, app.clock.clone(), &tls)?;
            certificate::reload_on_hangup(tls);
        }
        drop(tokio::spawn(resident::let_go_of_start()));
        bauta_edge::serve(
            door,
            router.layer(CatchPanicLayer::custom(panicked)),
            move |address| {
                ready(&domain, address);
                drop(keeper.map(tokio::spawn));
            },
            stopping(Arc::clone(&app)),
        )
        .await
        .map_err(|error| Failure::new(error.to_string()))
    });
    let _ = std::fs::remove_file(config.admin_socket());
    // Background work ends before the store does, so that the last write is on the disk.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    drop(app);
    drop(lock);
    emit(Event::Stopped);
    log::flush();
    served
}

/// Starts the worker of the public log, and serves its files. A log that can't be continued doesn't keep people from
/// speaking: the server runs, `bauta ledger status` says what is wrong, and nothing is signed.
fn public_log(config: &Config, app: &App) -> Outcome<Router> {
    match open_log(config, app)? {
        Some(log) => {
            app.desk.join_log(Arc::clone(&log));
            drop(tokio::spawn(log.run()));
        }
        None => emit(Event::LogStopped),
    }
    Ok(bauta_web::log_files(config.log_folder()))
}

/// The public log, for promises and receipts; nothing where it can't be continued. Within a runtime.
pub fn open_log(config: &Config, app: &App) -> Outcome<Option<Arc<PublicLog>>> {
    let policy = config.log_policy()?;
    let asks = policy.witnesses().iter().any(|witness| witness.url.is_some());
    let options = bauta_outbound::Options {
        local: config.site.is_loopback(),
        ..bauta_outbound::Options::default()
    };
    let client = asks.then(|| bauta_outbound::Client::new(&options)).transpose();
    let opened = PublicLog::open(bauta_public_log::Setup {
        folder: config.log_folder(),
        keys: config.keys(),
        origin: config.log_origin()?,
        policy,
        store: Arc::clone(&app.store),
        clock: app.clock.clone(),
        client: client.map_err(|error| Failure::new(error.to_string()))?,
    });
    Ok(opened.ok().map(Arc::new))
}

/// Speaks with other servers, unless the operator wants none.
fn meet_others(config: &Config, app: &Arc<App>, router: Router) -> Outcome<Router> {
    let Some(setup) = config.peers.setup() else {
        return Ok(router);
    };
    let peers = bauta_federation::Peers::new(Arc::clone(app), &setup)
        .map_err(|error| Failure::new(format!("federation: {error}")))?;
    bauta_federation::Peers::start(&peers);
    Ok(bauta_federation::Peers::serve(&peers, router))
}

/// For monitors: whether a request that needs the database would be answered.
async fn health(State(app): State<Arc<App>>) -> Response {
    match app.store.answers().await {
        Ok(()) => "ok\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// A handler panicked: the page says so with a number, and the log has the number.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    let incident = Incident::random();
    emit(Event::RequestFailed { incident });
    let text = format!("Something failed on our side. Number: {incident}.\n");
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}

fn ready(domain: &str, address: &str) {
    output::line(&format!("listening on {address}"));
    if output::is_terminal() {
        output::line(&format!("open http://{domain}/ in a browser"));
    }
}

/// How the door is set up, and the TLS files to read again when SIGHUP asks for it.
fn door(config: &Config) -> Outcome<(bauta_edge::Config, Option<Tls>)> {
    let address = |text: &str| Listen::parse(text).map_err(|error| Failure::new(format!("{text:?} {error}")));
    let mut first = address(&config.listen)?;
    let mut tls = None;
    if let Some(source) = &config.tls {
        let loaded = certificate::load(source)?;
        first = first.with_tls(loaded.clone());
        tls = Some(loaded);
    }
    let mut listen = vec![first];
    if let Some(redirect) = &config.redirect {
        let at =
            BindAddress::parse(redirect).map_err(|error| Failure::new(format!("{redirect:?} {error}")))?;
        listen.push(Listen::Redirect(at));
    }
    if let Some(onion) = &config.onion {
        listen.push(Listen::Onion {
            path: onion.socket.clone(),
            mode: 0o660,
            host: onion.host.clone(),
        });
    }
    let mut door = bauta_edge::Config::new(listen, config.site.domain.clone());
    door.proxied = config.proxied;
    door.rate_limits = config.site.rate_limits;
    door.clock = Clock::with_slot(config.slot);
    bauta_web::style_path().clone_into(&mut door.style);
    door.paths = path_rules(config.site.limits.picture_bytes, config.site.upload_bytes());
    Ok((door, tls))
}

/// Paths that differ from the rule for their method.
fn path_rules(picture_bytes: usize, upload_bytes: usize) -> Vec<PathRule> {
    // Two pictures, and what a multipart form puts around them.
    let most = 2 * picture_bytes as u64 + 64 * 1024;
    let uploads = ["/api/v1/accounts/update_credentials", "/settings/profile"]
        .map(|path| PathRule::new(path, Scope::Upload).body_bytes(most));
    // A film, or as before two pictures.
    let longer = most.max(upload_bytes as u64 + 64 * 1024);
    let media =
        ["/api/v1/media", "/api/v2/media"].map(|path| PathRule::new(path, Scope::Upload).body_bytes(longer));
    let sign_in = ["/sign-in", "/recover", "/oauth/token"].map(|path| PathRule::new(path, Scope::SignIn));
    // The steps of /join are pages like others; what makes an account at their end has a gate of its own.
    let sign_up = [PathRule::new("/api/v1/accounts", Scope::SignUp)];
    let papers = [PathRule::new("/desk/*", Scope::Upload).body_bytes(most)];
    // Four pictures and the words.
    let compose = [PathRule::new("/compose", Scope::Write).body_bytes(2 * longer)];
    let most = bauta_service::exchange::MOST_ARCHIVE_BYTES as u64 + 64 * 1024;
    let archives = [PathRule::new("/settings/import", Scope::Upload).body_bytes(most)];
    let inbox = [PathRule::new("/inbox", Scope::Peer)];
    [
        uploads.as_slice(),
        &media,
        &sign_in,
        &sign_up,
        &papers,
        &compose,
        &archives,
        &inbox,
    ]
    .concat()
}

/// The one-time link that makes the operator's account: on a terminal, or in a file that only its owner reads.
async fn offer_first_link(config: &Config, app: &Arc<App>) -> Outcome<()> {
    let file = config.data.join("operator-link");
    let Some(path) = bauta_service::accounts::first_operator_link(app).await? else {
        let _ = std::fs::remove_file(&file);
        return Ok(());
    };
    let link = format!("{}{}", config.site.base_url, path.expose());
    if output::is_terminal() {
        output::line(&format!("Make the operator's account (works once): {link}"));
        return Ok(());
    }
    write_private(&file, &link)
        .map_err(|error| Failure::new(format!("{} could not be written: {error}", file.display())))
}

fn write_private(path: &Path, line: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{line}")
}

/// Waits until the server is to stop, and ends the streams, which would never end by themselves.
async fn stopping(app: Arc<App>) {
    stop_asked().await;
    app.streams.stop();
}

/// Waits for SIGTERM or SIGINT.
pub async fn stop_asked() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    emit(Event::Draining);
}
