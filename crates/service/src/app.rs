//! The running server as the verbs see it.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bauta_credentials::csrf::Csrf;
use bauta_credentials::{Confirmations, Cost, Hasher};
use bauta_inventory::Inventory;
use bauta_media::{Segments, Worker};
use bauta_model::Clock;
use bauta_store::search::Search;
use bauta_store::{Keyring, Options, Store, Where};
use bauta_timeline::{Accounts, CacheLimits, Cards, Limits, Timelines};
use zeroize::Zeroizing;

use crate::Site;
use crate::accounts::FirstOperator;
use crate::accounts::authenticate::SessionCache;
use crate::accounts::onion_only::OnionOnly;
use crate::accounts::preferences::PreferencesCache;
use crate::apps::authorise::PendingCodes;
use crate::figures::FiguresCache;
use crate::filters::FiltersCache;
use crate::gates::Gates;
use crate::posts::{Ballots, Idempotency};
use crate::reach::Reach;
use crate::relations::MuteEnds;
use crate::showcase::Showcases;
use crate::streams::{Happening, Streams};

/// What opening an [`App`] needs to know.
pub struct Setup {
    /// What the operator decided.
    pub site: Site,
    /// The only source of time.
    pub clock: Clock,
    /// The data directory. It is there, and only its owner can read it.
    pub data: PathBuf,
    /// Where the rows live.
    pub database: Where,
    /// The keys under which values are sealed; none where they are written as they are.
    pub keyring: Option<Arc<Keyring>>,
    /// The program to start as the media worker.
    pub program: PathBuf,
}

/// Everything that a verb may need. One per process, shared.
///
/// What a write must tell memory is behind an [`Arc`], because it is told on the writer's thread: whoever asked may
/// have hung up by then.
pub struct App {
    /// What the operator decided.
    pub site: Site,
    /// The only source of time.
    pub clock: Clock,
    /// What is held, declared.
    pub inventory: &'static Inventory,
    /// The database.
    pub store: Arc<Store>,
    /// Home and public timelines.
    pub timelines: Arc<Timelines>,
    /// Posts with their rendered pieces.
    pub cards: Arc<Cards>,
    /// Accounts with their rendered pieces.
    pub accounts: Arc<Accounts>,
    /// What can be found by its words.
    pub search: Arc<Search>,
    /// Which posts came of which idempotency keys.
    pub idempotency: Idempotency,
    /// Hashes and verifies passphrases.
    pub hasher: Hasher,
    /// Texts that wait for their author's second word.
    pub confirmations: Confirmations,
    /// Tokens of forms.
    pub csrf: Csrf,
    /// The legal desk.
    pub desk: Arc<bauta_desk::Desk>,
    /// The bytes of pictures.
    pub media: Arc<Segments>,
    /// The bucket that media are carried to, where there is one.
    pub depot: Arc<crate::depot::Depot>,
    /// Where the public log lies.
    pub log_folder: PathBuf,
    /// Rebuilds pictures in a sandbox.
    pub worker: Worker,
    /// Streams that are open.
    pub streams: Arc<Streams>,
    /// What was decided about other servers.
    pub domains: Arc<crate::domains::Domains>,
    /// Small pictures that texts name.
    pub emojis: Arc<crate::emojis::Emojis>,
    /// Whoever can look up handles and addresses of other servers.
    pub elsewhere: crate::search::Finder,
    /// Whoever wakes apps, and whose are to be woken.
    pub pushes: Arc<crate::push::Pushes>,
    pub(crate) onion_only: Arc<OnionOnly>,
    pub(crate) sessions: Arc<SessionCache>,
    pub(crate) preferences: Arc<PreferencesCache>,
    pub(crate) gates: Gates,
    pub(crate) codes: Arc<PendingCodes>,
    pub(crate) first_operator: Arc<FirstOperator>,
    pub(crate) figures: FiguresCache,
    pub(crate) imports: crate::exchange::Imports,
    pub(crate) trends: crate::discovery::TrendsCache,
    pub(crate) reach: Reach,
    pub(crate) showcases: Arc<Showcases>,
    pub(crate) filters: Arc<FiltersCache>,
    pub(crate) mute_ends: Arc<MuteEnds>,
    pub(crate) working: crate::attachments::Working,
    pub(crate) ballots: Ballots,
}

/// Posts kept with their pieces: some 4 KB each.
const CARDS: CacheLimits = CacheLimits {
    count: 20_000,
    bytes: 128 * 1024 * 1024,
};
/// Accounts kept with their pieces.
const ACCOUNTS: CacheLimits = CacheLimits {
    count: 20_000,
    bytes: 64 * 1024 * 1024,
};
/// Connections that read.
const READERS: usize = 3;
/// How often what is remembered for minutes is looked through.
const FORGET: Duration = Duration::from_mins(1);
/// Texts that the leak check remembers at a time.
const CONFIRMATIONS: usize = 10_000;

impl App {
    /// Opens the data. Blocks: call it outside an asynchronous task.
    ///
    /// # Errors
    /// What [`Store::open`] refuses, and files that can't be used.
    pub fn open(setup: Setup) -> Result<Self, bauta_store::Error> {
        Self::open_with_cost(setup, Cost::USUAL)
    }

    /// As [`App::open`], with another cost of a passphrase's hash: tests take the least.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn open_with_cost(setup: Setup, cost: Cost) -> Result<Self, bauta_store::Error> {
        let inventory = Inventory::builtin();
        let options = Options {
            database: setup.database,
            clock: setup.clock.clone(),
            readers: READERS,
            keyring: setup.keyring,
        };
        let store = Store::open(&options, inventory)?;
        let key = server_key(&setup.data.join("server.key"))?;
        let media = Segments::open(&setup.data.join("media"), setup.clock.clone())
            .map(Arc::new)
            .map_err(|error| bauta_store::Error::File(std::io::Error::other(error)))?;
        crate::pictures::erase_nameless(&store, &media)?;
        let depot = Arc::<crate::depot::Depot>::default();
        let domains = Arc::new(crate::domains::Domains::open(&store)?);
        let emojis = Arc::new(crate::emojis::Emojis::open(&store)?);
        let onion_only = Arc::new(OnionOnly::open(&store)?);
        let streams = Arc::new(Streams::default());
        let told = Arc::clone(&streams);
        let pushes = Arc::<crate::push::Pushes>::default();
        let woken = Arc::clone(&pushes);
        store.on_told(move |all| {
            woken.note(all);
            for (account, notification) in all {
                told.say(Happening::Told(*account, *notification));
            }
        });
        let store = Arc::new(store);
        let timelines = Arc::new(Timelines::new(Limits::default()));
        let cards = Arc::new(Cards::new(CARDS));
        let accounts = Arc::new(Accounts::new(ACCOUNTS));
        let search = Arc::new(Search::start()?);
        let heard = crate::posts::heard(&timelines, &cards, &accounts, &search, &streams);
        let worker = Worker::new(setup.program).with_ffmpeg(setup.site.ffmpeg.clone());
        let desk = bauta_desk::Desk::new(bauta_desk::Setup {
            store: Arc::clone(&store),
            clock: setup.clock.clone(),
            inventory,
            domain: setup.site.domain.clone(),
            base_url: setup.site.base_url.clone(),
            entities: setup.site.entities(),
            sender: setup.site.sender(),
            rules: setup.site.legal.rules.pack(),
            keys: setup.data.join("keys"),
            record: setup.data.join("record"),
            worker: worker.clone(),
            pictures: crate::pictures::reader(&media, &depot),
            heard,
        });
        Ok(Self {
            desk: Arc::new(desk),
            domains,
            emojis,
            onion_only,
            gates: Gates::new(setup.site.rate_limits),
            reach: Reach::new(setup.site.rate_limits),
            mute_ends: Arc::default(),
            showcases: Arc::default(),
            filters: Arc::default(),
            site: setup.site,
            clock: setup.clock,
            inventory,
            store,
            timelines,
            cards,
            accounts,
            search,
            idempotency: Idempotency::default(),
            hasher: Hasher::new(cost),
            confirmations: Confirmations::new(CONFIRMATIONS),
            csrf: Csrf::from_key(&key),
            elsewhere: crate::search::Finder::default(),
            pushes,
            media,
            depot,
            log_folder: setup.data.join("log"),
            worker,
            sessions: Arc::new(SessionCache::new(Arc::clone(&streams))),
            streams,
            preferences: Arc::default(),
            codes: Arc::new(PendingCodes::new()),
            first_operator: Arc::new(FirstOperator::default()),
            figures: FiguresCache::default(),
            imports: crate::exchange::Imports::default(),
            trends: crate::discovery::TrendsCache::default(),
            working: crate::attachments::Working::default(),
            ballots: Ballots::default(),
        })
    }

    /// Starts what goes on behind the answers. Needs a runtime; ends with it.
    pub fn start_background(app: &Arc<Self>) {
        let warmed = Arc::clone(app);
        tokio::spawn(async move {
            // The store has logged what failed; timelines are then read by SQL.
            let _ = crate::timelines::warm(&warmed).await;
            let _ = warmed
                .store
                .write("server_account", bauta_desk::ensure_server_account)
                .await;
            loop {
                tokio::time::sleep(FORGET).await;
                warmed.idempotency.sweep();
                warmed.confirmations.sweep();
                crate::accounts::sweep(&warmed);
                warmed.ballots.sweep(warmed.clock.now()).await;
            }
        });
        let listened = Arc::clone(app);
        tokio::spawn(async move { crate::streams::run(&listened).await });
        let media = Arc::clone(&app.media);
        let slot = app.clock.slot();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(slot).await;
                let media = Arc::clone(&media);
                // A folder that can't be touched shows itself when a picture is written.
                let _ = tokio::task::spawn_blocking(move || media.settle()).await;
            }
        });
        let swept = Arc::clone(app);
        tokio::spawn(async move { crate::by_slot::run(&swept).await });
        let carried = Arc::clone(app);
        tokio::spawn(async move { crate::depot::run(&carried).await });
        let turning = Arc::clone(app);
        tokio::spawn(async move { crate::turning::run(&turning).await });
        let kept = Arc::clone(app);
        tokio::spawn(async move { crate::housekeeping::run(&kept).await });
    }
}

/// The key of forms, made at the first start: a page that was open over a restart still works.
fn server_key(path: &Path) -> Result<Zeroizing<[u8; 32]>, std::io::Error> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let key: [u8; 32] = bytes.try_into().map_err(|_| {
                std::io::Error::new(
                    std::io::ErrorKind::InvalidData,
                    "server.key is not 32 bytes; delete it, a new one is made",
                )
            })?;
            Ok(Zeroizing::new(key))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = Zeroizing::new([0; 32]);
            getrandom::fill(key.as_mut_slice()).map_err(std::io::Error::other)?;
            let mut file = std::fs::OpenOptions::new()
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(path)?;
            file.write_all(key.as_slice())?;
            file.sync_all()?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}
