//! Who is written to when: many at once, in random order, and whoever does not answer soon waits aside, so that nobody waits
//! for them.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use bauta_model::AccountId;
use bauta_service::Refused;
use bauta_store::outbox::{self, Activity, Delivery, Outcome};
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore, SemaphorePermit, mpsc};
use tokio::time::{Instant, timeout};

use crate::keys::SERVER;
use crate::signature::digest::BodyDigest;
use crate::{Peers, followers, json};

/// Deliveries that are taken from the store at a time.
const STEP: i64 = 5000;
/// Deliveries to one host that go one after the other, over one connection, in one turn of it.
const LANE: usize = 32;
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

/// An activity on its way: what all its deliveries share.
pub(crate) struct Carried {
    /// Who signs it.
    pub signer: AccountId,
    /// The name of the key.
    pub key_id: String,
    /// The JSON.
    pub body: Bytes,
    /// Its digest.
    pub digest: BodyDigest,
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
        Some(Self {
            signer: activity.signer,
            key_id: format!("{actor}#main-key"),
            digest: BodyDigest::of(activity.body.as_bytes()),
            body: activity.body.into(),
            for_followers,
        })
    }
}

/// One delivery with what it carries.
type Going = (Delivery, Arc<Carried>);

/// Deliveries to one host, in the order in which they go.
struct Lane {
    /// They were tried before, and the host did not answer soon or rightly.
    tried: bool,
    /// When it was last certain that they are still to be made.
    sure: Instant,
    going: VecDeque<Going>,
}

/// The turn of a lane: among the quick ones or aside.
#[derive(Default)]
struct Turn<'a> {
    quick: bool,
    permit: Option<SemaphorePermit<'a>>,
}

/// Deliveries in lanes, each of one host. What was in random order stays so: within a lane, and the lanes themselves.
fn lanes(due: Vec<Going>) -> Vec<Lane> {
    let mut by_host: HashMap<(bool, Option<String>), VecDeque<Going>> = HashMap::new();
    for one in due {
        let key = (one.0.attempts > 0, json::authority(&one.0.inbox));
        by_host.entry(key).or_default().push_back(one);
    }
    let mut lanes = Vec::with_capacity(by_host.len());
    for ((tried, _), mut going) in by_host {
        while !going.is_empty() {
            let rest = going.split_off(LANE.min(going.len()));
            lanes.push(Lane {
                tried,
                sure: Instant::now(),
                going: std::mem::replace(&mut going, rest),
            });
        }
    }
    bauta_model::chance::shuffle(&mut lanes);
    lanes
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
            let carried: HashMap<i64, Arc<Carried>> = carried
                .into_iter()
                .filter_map(|activity| Some((activity.id, Arc::new(Carried::of(activity, base_url)?))))
                .collect();
            let mut going = Vec::with_capacity(due.len());
            for delivery in due {
                match carried.get(&delivery.activity) {
                    Some(carried) => going.push((delivery, Arc::clone(carried))),
                    None => self.sending.end(&[(delivery, Outcome::Done)]),
                }
            }
            for lane in lanes(going) {
                let (peers, outcomes) = (Arc::clone(self), outcomes.clone());
                tokio::spawn(async move { peers.go_along(lane, &outcomes).await });
            }
        }
    }

    /// Delivers what is in a lane when it is its turn: at once, or aside where its host does not answer soon. Gates are
    /// never closed, and nobody listens to outcomes when the server ends.
    async fn go_along(&self, mut lane: Lane, outcomes: &Outcomes) {
        let gate = if lane.tried {
            &self.sending.slow
        } else {
            &self.sending.quick
        };
        let mut turn = Turn {
            quick: !lane.tried,
            permit: gate.acquire().await.ok(),
        };
        while let Some((delivery, carried)) = lane.going.pop_front() {
            let stale = lane.sure.elapsed() > SOON;
            let outcome = if stale && !self.still_due(&mut lane, &delivery, outcomes).await {
                Outcome::Done
            } else {
                self.deliver_in(&mut turn, &delivery, &carried).await
            };
            let _ = outcomes.send((delivery, outcome)).await;
        }
    }

    /// Delivers; a host that does not answer soon loses its turn among the quick ones.
    async fn deliver_in<'a>(
        &'a self,
        turn: &mut Turn<'a>,
        delivery: &Delivery,
        carried: &Carried,
    ) -> Outcome {
        let mut going = std::pin::pin!(self.deliver(delivery, carried));
        if turn.quick {
            if let Ok(outcome) = timeout(SOON, &mut going).await {
                return outcome;
            }
            // It goes on while others have their turn; if there are too many of these, they have one after it.
            *turn = Turn::default();
            turn.permit = self.sending.slow.acquire().await.ok();
        }
        going.await
    }

    /// Whether `next` is still to be delivered: posts may have been deleted while a lane waited for its turn. What else in
    /// it is not goes out of it.
    async fn still_due(&self, lane: &mut Lane, next: &Delivery, outcomes: &Outcomes) -> bool {
        let wanted: Vec<(i64, String)> = std::iter::once(next)
            .chain(lane.going.iter().map(|(delivery, _)| delivery))
            .map(|delivery| (delivery.activity, delivery.inbox.clone()))
            .collect();
        let read = self
            .app
            .store
            .read("still_due", move |conn| outbox::on_their_way(conn, &wanted));
        lane.sure = Instant::now();
        let Ok(due) = read.await else {
            return true;
        };
        let is_due = |delivery: &Delivery| due.contains(&(delivery.activity, delivery.inbox.clone()));
        let (going, gone) = std::mem::take(&mut lane.going)
            .into_iter()
            .partition(|(delivery, _)| is_due(delivery));
        lane.going = going;
        let gone: VecDeque<Going> = gone;
        for (delivery, _) in gone {
            let _ = outcomes.send((delivery, Outcome::Done)).await;
        }
        is_due(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_of_one_host_and_nothing_is_lost_or_doubled() {
        let carried = Arc::new(Carried {
            signer: AccountId::new(1),
            key_id: String::new(),
            body: Bytes::new(),
            digest: BodyDigest::of(b""),
            for_followers: None,
        });
        let due: Vec<Going> = (0..200)
            .map(|number| {
                let delivery = Delivery {
                    activity: number,
                    inbox: format!("https://{}.example/inbox/{number}", number % 3),
                    attempts: i32::from(number % 5 == 0),
                };
                (delivery, Arc::clone(&carried))
            })
            .collect();
        let mut seen = HashSet::new();
        for lane in lanes(due) {
            assert!((1..=LANE).contains(&lane.going.len()));
            let host = json::authority(&lane.going[0].0.inbox);
            for (delivery, _) in lane.going {
                assert_eq!(json::authority(&delivery.inbox), host);
                assert_eq!(delivery.attempts > 0, lane.tried);
                assert!(seen.insert(delivery.activity));
            }
        }
        assert_eq!(seen.len(), 200);
    }
}
