//! The depot: media that lie in a bucket in place of the media folder (docs/decisions/0080).
//!
//! What is taken in lies in the media folder first. When a slot ends, what lies there is carried to the bucket in random
//! order, and what was deleted is deleted there. Killed at any step nothing is lost: a row names the old place until the
//! object is there, the bytes of the old place go a slot later, and objects that no row names go at the next start.

use std::collections::HashSet;
use std::mem::take;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use bauta_bucket::{Bucket, Failed, Name};
use bauta_model::{Event, MediaId, chance, emit};
use bauta_store::media::{self as rows, Place};
use parking_lot::Mutex;
use tokio::runtime::Handle as Runtime;
use tokio::sync::MutexGuard;

use crate::pictures::Eraser;
use crate::{App, Refused};

/// Files that are carried in one slot: a backup waits no longer than these take.
const MOST_CARRIED: i64 = 1000;
/// Deletions that are remembered; with more of them the whole bucket is looked through.
const MOST_REMEMBERED: usize = 10_000;

/// The bucket, where there is one, and what is still to be done there.
#[derive(Default)]
pub struct Depot {
    bucket: OnceLock<Bucket>,
    runtime: OnceLock<Runtime>,
    to_erase: Mutex<Vec<Name>>,
    looks_through: AtomicBool,
    away: AtomicBool,
    moving: tokio::sync::Mutex<()>,
}

/// The object that a place names; nothing for a place in the media folder.
pub(crate) const fn name_of(at: Place) -> Option<Name> {
    Name::of(at.segment, at.offset)
}

const fn place_of(name: Name, length: i32) -> Place {
    let (segment, offset) = name.numbers();
    Place {
        segment,
        offset,
        length,
    }
}

impl Depot {
    /// From now on media are carried to this bucket. Before anything is read.
    pub fn use_bucket(&self, bucket: Bucket) {
        let _ = self.bucket.set(bucket);
    }

    /// True where there is a bucket.
    pub fn is_used(&self) -> bool {
        self.bucket.get().is_some()
    }

    /// While this is held, nothing is carried and nothing deleted: for a backup.
    pub async fn hold_still(&self) -> MutexGuard<'_, ()> {
        self.moving.lock().await
    }

    /// The bytes at a place as they lie there, sealed or not.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where nothing lies there, [`Refused::Busy`] while the bucket is away.
    pub async fn raw(&self, at: Place) -> Result<Vec<u8>, Refused> {
        let name = name_of(at).ok_or(Refused::NotFound)?;
        self.part(name, 0, at.length.unsigned_abs().into()).await
    }

    pub(crate) async fn part(&self, name: Name, from: u64, length: u64) -> Result<Vec<u8>, Refused> {
        let bucket = self.bucket.get().ok_or(Refused::NotFound)?;
        match self.note(bucket.get(name, from, length).await) {
            Ok(bytes) => Ok(bytes),
            Err(Failed::Gone) => Err(Refused::NotFound),
            Err(Failed::Away) => Err(Refused::Busy),
        }
    }

    /// As [`Self::raw`], on a thread that may wait.
    pub(crate) fn raw_waiting(&self, at: Place) -> Option<Vec<u8>> {
        self.runtime.get()?.block_on(self.raw(at)).ok()
    }

    /// At the end of the slot they are deleted.
    pub(crate) fn let_go(&self, names: Vec<Name>) {
        let mut to_erase = self.to_erase.lock();
        to_erase.extend(names);
        if to_erase.len() > MOST_REMEMBERED {
            to_erase.clear();
            self.looks_through.store(true, Ordering::Relaxed);
        }
    }

    fn note<T>(&self, done: Result<T, Failed>) -> Result<T, Failed> {
        let away = matches!(done, Err(Failed::Away));
        self.away.store(away, Ordering::Relaxed);
        done
    }
}

/// Carries for as long as the server runs.
pub(crate) async fn run(app: &App) {
    let Some(bucket) = app.depot.bucket.get() else {
        return;
    };
    let _ = app.depot.runtime.set(Runtime::current());
    // The process may have ended between an object and its row, or before a deletion.
    app.depot.looks_through.store(true, Ordering::Relaxed);
    let mut carrier = Carrier {
        app,
        bucket,
        left: Vec::new(),
        doubtful: HashSet::new(),
    };
    let mut said_away = false;
    loop {
        crate::by_slot::next(app.clock.slot()).await;
        let moving = app.depot.moving.lock().await;
        // What failed is tried again in the next slot.
        let _ = carrier.round().await;
        drop(moving);
        let away = app.depot.away.load(Ordering::Relaxed);
        if away != said_away {
            emit(if away {
                Event::BucketAway
            } else {
                Event::BucketBack
            });
            said_away = away;
        }
    }
}

struct Carrier<'a> {
    app: &'a App,
    bucket: &'a Bucket,
    /// Places in the media folder that were left in the slot before: whoever looked one up has read it by now.
    left: Vec<Place>,
    /// Objects of which nobody knows whether a row names them: the next start does.
    doubtful: HashSet<Name>,
}

impl Carrier<'_> {
    async fn round(&mut self) -> Result<(), Refused> {
        Eraser::of(self.app).erase(take(&mut self.left));
        if self.app.depot.looks_through.load(Ordering::Relaxed) {
            self.look_through().await?;
            self.app.depot.looks_through.store(false, Ordering::Relaxed);
        }
        self.delete().await?;
        self.carry().await
    }

    /// Deletes every object that no row names, a page of names at a time.
    async fn look_through(&self) -> Result<(), Refused> {
        let mut next = None;
        loop {
            let page = self.noted(self.bucket.page(next).await)?;
            let numbers = page.names.iter().map(|name| name.numbers().0);
            if let (Some(first), Some(last)) = (numbers.clone().min(), numbers.max()) {
                let named = self
                    .app
                    .store
                    .read("named_objects", move |conn| rows::between(conn, first, last))
                    .await?;
                let named: HashSet<Name> = named.into_iter().filter_map(name_of).collect();
                for name in page.names {
                    if !named.contains(&name) && !self.doubtful.contains(&name) {
                        self.noted(self.bucket.erase(name).await)?;
                    }
                }
            }
            next = page.next;
            if next.is_none() {
                return Ok(());
            }
        }
    }

    async fn delete(&self) -> Result<(), Refused> {
        let mut names = take(&mut *self.app.depot.to_erase.lock());
        chance::shuffle(&mut names);
        while let Some(name) = names.pop() {
            if let Err(refused) = self.noted(self.bucket.erase(name).await) {
                names.push(name);
                self.app.depot.let_go(names);
                return Err(refused);
            }
        }
        Ok(())
    }

    /// Carries what lay in the media folder when the slot ended.
    async fn carry(&mut self) -> Result<(), Refused> {
        let sealed = self.app.store.keyring().is_some();
        let here = self
            .app
            .store
            .read("media_to_carry", move |conn| {
                rows::lying_here(conn, sealed, MOST_CARRIED)
            })
            .await?;
        let mut here: Vec<(MediaId, Place)> = here;
        chance::shuffle(&mut here);
        for (id, from) in here {
            let bytes = match crate::pictures::raw(self.app, from).await {
                Ok(bytes) => bytes,
                // It was deleted in this moment.
                Err(Refused::NotFound) => continue,
                Err(refused) => return Err(refused),
            };
            let name = Name::random();
            if let Err(refused) = self.noted(self.bucket.put(name, bytes).await) {
                // It may be there all the same.
                self.app.depot.let_go(vec![name]);
                return Err(refused);
            }
            self.change_row(id, from, name).await?;
        }
        Ok(())
    }

    async fn change_row(&mut self, id: MediaId, from: Place, name: Name) -> Result<(), Refused> {
        let to = place_of(name, from.length);
        let changed = self
            .app
            .store
            .write("carry_media", move |conn| rows::set_carried(conn, id, from, to))
            .await;
        match changed {
            Ok(true) => self.left.push(from),
            Ok(false) => self.app.depot.let_go(vec![name]),
            Err(error) => {
                self.doubtful.insert(name);
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn noted<T>(&self, done: Result<T, Failed>) -> Result<T, Refused> {
        self.app.depot.note(done).map_err(|_| Refused::Busy)
    }
}

/// Parts places into those of the media folder and the objects of the bucket.
pub(crate) fn parted(places: Vec<Place>) -> (Vec<Place>, Vec<Name>) {
    let (mut here, mut there) = (Vec::new(), Vec::new());
    for at in places {
        match name_of(at) {
            None => here.push(at),
            Some(name) => there.push(name),
        }
    }
    (here, there)
}

/// Refuses a server whose media lie in a bucket that nobody named.
///
/// # Errors
/// Those of the database.
pub async fn misses_its_bucket(app: &App) -> Result<bool, Refused> {
    if app.depot.is_used() {
        return Ok(false);
    }
    Ok(app.store.read("media_in_bucket", rows::any_in_bucket).await?)
}
