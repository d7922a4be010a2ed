//! Who is written to when: many at once, in random order, and whoever does not answer soon waits aside, so that nobody waits
//! for them.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bauta_service::Refused;
use bauta_store::outbox::{self, Activity, Delivery, Outcome};
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::time::{Instant, sleep};

use crate::keys::SERVER;
use crate::{Peers, followers, json};

/// Deliveries that are taken from the store at a time.
const STEP: i64 = 2000;
/// Deliveries that are on their way or wait for their turn.
const MOST: usize = 10_000;
/// Hosts that are written to at a time, as long as they answer soon.
const QUICK: usize = 128;
/// How long a host may take until it waits aside.
const SOON: Duration = Duration::from_secs(1);
/// Hosts at a time that did not answer soon, now or the last time. With the others fewer than the files that a process may
/// usually have open.
const SLOW: usize = 256;
/// Outcomes that are written together.
const SETTLED: usize = 500;

/// An activity on its way, with the name of the key that signs it.
pub(crate) struct Carried {
    /// The activity.
    pub activity: Activity,
    /// The name of the key.
    pub key_id: String,
    /// It is a new post for the followers of this actor alone: it goes along with what these are at each server.
    pub for_followers: Option<String>,
}

impl Carried {
    /// What the server signs may be another's activity that it passes on.
    fn of(activity: Activity, base_url: &str) -> Option<Self> {
        let (actor, for_followers) = if activity.signer == SERVER {
            (format!("{base_url}/actor"), None)
        } else {
            let body: serde_json::Value = serde_json::from_str(&activity.body).ok()?;
            let actor = json::id_of(&body, "actor")?.to_owned();
            let for_followers = followers::are_told_alone(&body, &actor).then(|| actor.clone());
            (actor, for_followers)
        };
        let key_id = format!("{actor}#main-key");
        Some(Self {
            activity,
            key_id,
            for_followers,
        })
    }
}

/// What is on its way.
pub(crate) struct Sending {
    on_the_way: Mutex<HashSet<(i64, String)>>,
    less: Notify,
    quick: Semaphore,
    slow: Semaphore,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            on_the_way: Mutex::default(),
            less: Notify::new(),
            quick: Semaphore::new(QUICK),
            slow: Semaphore::new(SLOW),
        }
    }
}

impl Sending {
    /// False if it is on its way already.
    fn begin(&self, delivery: &Delivery) -> bool {
        let key = (delivery.activity, delivery.inbox.clone());
        self.on_the_way.lock().insert(key)
    }

    fn end(&self, settled: &[(Delivery, Outcome)]) {
        let mut on_the_way = self.on_the_way.lock();
        for (delivery, _) in settled {
            on_the_way.remove(&(delivery.activity, delivery.inbox.clone()));
        }
        drop(on_the_way);
        self.less.notify_one();
    }

    fn count(&self) -> usize {
        self.on_the_way.lock().len()
    }
}

/// Where outcomes go: to the task that writes them down.
pub(crate) type Outcomes = mpsc::Sender<(Delivery, Outcome)>;

/// Starts the task that writes down what became of deliveries, many at a time.
pub(crate) fn start(peers: &Arc<Peers>) -> Outcomes {
    let (outcomes, mut coming) = mpsc::channel(SETTLED);
    let peers = Arc::clone(peers);
    tokio::spawn(async move {
        loop {
            let mut settled = Vec::with_capacity(SETTLED);
            if coming.recv_many(&mut settled, SETTLED).await == 0 {
                return;
            }
            let written = settled.clone();
            // What the store refused is logged there, and is tried again when it is due.
            let _ = peers
                .app
                .store
                .write("settle", move |conn| outbox::settle(conn, &written))
                .await;
            peers.sending.end(&settled);
        }
    });
    outcomes
}

impl Peers {
    /// Sends what is due, in random order. Does not wait for the last of it.
    pub(crate) async fn send_due(self: &Arc<Self>, outcomes: &Outcomes) -> Result<(), Refused> {
        loop {
            while self.sending.count() >= MOST {
                self.sending.less.notified().await;
            }
            // What is on its way is still due in the store.
            let most = STEP + self.sending.count() as i64;
            let (mut due, carried) = self
                .app
                .store
                .read("due", move |conn| outbox::due(conn, most))
                .await?;
            due.retain(|delivery| self.sending.begin(delivery));
            if due.is_empty() {
                return Ok(());
            }
            bauta_model::chance::shuffle(&mut due);
            for activity in &carried {
                // A new key is made once, and not by every delivery that needs it.
                let _ = self.own_key(activity.signer).await;
            }
            let base_url = &self.app.site.base_url;
            let carried: std::collections::HashMap<i64, Arc<Carried>> = carried
                .into_iter()
                .filter_map(|activity| Some((activity.id, Arc::new(Carried::of(activity, base_url)?))))
                .collect();
            for delivery in due {
                let Some(carried) = carried.get(&delivery.activity).map(Arc::clone) else {
                    self.sending.end(&[(delivery, Outcome::Done)]);
                    continue;
                };
                let (peers, outcomes) = (Arc::clone(self), outcomes.clone());
                tokio::spawn(async move {
                    let outcome = peers.in_turn(&delivery, &carried).await;
                    // Nobody listens when the server ends.
                    let _ = outcomes.send((delivery, outcome)).await;
                });
            }
        }
    }

    /// Delivers when it is this host's turn: at once, or aside where it did not answer soon the last time. Gates are never
    /// closed.
    async fn in_turn(&self, delivery: &Delivery, carried: &Carried) -> Outcome {
        let carried = (carried, Instant::now());
        if delivery.attempts > 0 {
            let Ok(_turn) = self.sending.slow.acquire().await else {
                return Outcome::Done;
            };
            return self.deliver_if_due(delivery, carried).await;
        }
        let Ok(turn) = self.sending.quick.acquire().await else {
            return Outcome::Done;
        };
        let mut going = std::pin::pin!(self.deliver_if_due(delivery, carried));
        tokio::select! {
            outcome = &mut going => return outcome,
            () = sleep(SOON) => drop(turn),
        }
        // It goes on while others have their turn; if there are too many of these, they have a turn after it.
        let _aside = self.sending.slow.acquire().await;
        going.await
    }

    /// Delivers what is still to be delivered: the post may have been deleted while it waited for its turn.
    async fn deliver_if_due(&self, delivery: &Delivery, (carried, since): (&Carried, Instant)) -> Outcome {
        if since.elapsed() > SOON {
            let (id, inbox) = (delivery.activity, delivery.inbox.clone());
            let due = self
                .app
                .store
                .read("still_due", move |conn| outbox::is_on_its_way(conn, id, &inbox))
                .await;
            if due.is_ok_and(|due| !due) {
                return Outcome::Done;
            }
        }
        self.deliver(delivery, carried).await
    }
}
