//! Open streams: who listens to what, and what they hear.
//!
//! The writer's thread says what happened in a few words; one task finds who is to hear of it and hands them an id.
//! Whoever listens then reads the post by the same rules as any other request, so a stream shows nothing that a
//! request would not. Nothing is kept for somebody who is away: an app that comes back reads its timelines.

mod channel;
mod dispatch;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bauta_model::{AccountId, AnnouncementId, ListId, NotificationId, PostId};
use bauta_store::lists::Replies;
use bauta_timeline::Entry;
use parking_lot::{Mutex, RwLock};
use tokio::sync::mpsc;

use crate::{App, Refused, Speaker};

pub use channel::{Channel, Origin};
pub(crate) use dispatch::run;

/// Streams that an account may have open at a time.
const MOST_STREAMS: usize = 64;
/// Channels that a stream may have.
const MOST_CHANNELS: usize = 64;
/// What waits for a stream whose reader is slow; beyond it the stream ends.
const WAITING: usize = 256;
/// What waits to be handed out; beyond it every stream ends, since none could be whole.
const BACKLOG: usize = 16_384;

/// Something that a stream may have to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A post or a boost came.
    Posted(PostId),
    /// Something was said in a conversation.
    Conversed(PostId),
    /// A post was edited.
    Edited(PostId),
    /// A post or a boost is gone.
    Deleted(PostId),
    /// The listener was told something.
    Told(NotificationId),
    /// Moderators announced something to everybody.
    Announced(AnnouncementId),
    /// Somebody reacted to an announcement, or took it back.
    Reacted(AnnouncementId, Arc<str>),
    /// An announcement was taken down.
    TakenDown(AnnouncementId),
}

/// What comes out of a stream.
#[derive(Clone, Debug)]
pub enum Heard {
    /// Something happened, on a channel.
    News(Arc<Channel>, News),
    /// Some session ended: the listener's may be it.
    LookAgain,
    /// The server stops.
    Stop,
}

/// What was said, as far as choosing its listeners needs it.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub entry: Entry,
    pub tags: Vec<String>,
    /// Whom a direct post names; empty for the others.
    pub named: Vec<AccountId>,
}

/// Who is in a list that somebody listens to.
#[derive(Clone, Debug)]
pub(crate) struct Circle {
    pub members: Arc<HashSet<AccountId>>,
    pub replies: Replies,
}

pub(crate) enum Happening {
    Posted(Said),
    Edited(Said),
    Deleted(Said),
    Told(AccountId, NotificationId),
    /// News for everybody who listens to what is theirs.
    ForAll(News),
}

/// Every open stream of the process.
pub struct Streams {
    listeners: RwLock<HashMap<AccountId, Vec<Listener>>>,
    open: AtomicUsize,
    next: AtomicU64,
    happenings: mpsc::Sender<Happening>,
    handed_out: Mutex<Option<mpsc::Receiver<Happening>>>,
}

struct Listener {
    number: u64,
    speaker: Speaker,
    channels: Vec<Arc<Channel>>,
    /// Of the lists among the channels.
    circles: HashMap<ListId, Circle>,
    sender: mpsc::Sender<Heard>,
}

/// One open stream. It ends when this is dropped.
pub struct Stream {
    number: u64,
    account: AccountId,
    receiver: mpsc::Receiver<Heard>,
    streams: Arc<Streams>,
}

impl Default for Streams {
    fn default() -> Self {
        let (happenings, handed_out) = mpsc::channel(BACKLOG);
        Self {
            listeners: RwLock::default(),
            open: AtomicUsize::new(0),
            next: AtomicU64::new(0),
            happenings,
            handed_out: Mutex::new(Some(handed_out)),
        }
    }
}

impl Streams {
    /// Opens a stream for `speaker`, about nothing yet. Nothing where the account has too many.
    pub fn open(self: &Arc<Self>, speaker: &Speaker) -> Option<Stream> {
        let mut listeners = self.listeners.write();
        let own = listeners.entry(speaker.account).or_default();
        if own.len() >= MOST_STREAMS {
            return None;
        }
        let (sender, receiver) = mpsc::channel(WAITING);
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        own.push(Listener {
            number,
            speaker: speaker.clone(),
            channels: Vec::new(),
            circles: HashMap::new(),
            sender,
        });
        self.open.fetch_add(1, Ordering::Release);
        Some(Stream {
            number,
            account: speaker.account,
            receiver,
            streams: Arc::clone(self),
        })
    }

    /// Streams that are open.
    pub fn count(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// Says what happened, if anybody listens. Called on the writer's thread, in the order of commits.
    pub(crate) fn say(&self, happening: Happening) {
        if self.count() > 0 && self.happenings.try_send(happening).is_err() {
            self.to_all(&Heard::Stop);
        }
    }

    /// A session ended, or what an account may do changed: every stream looks whether it may still listen.
    pub(crate) fn look_again(&self) {
        self.to_all(&Heard::LookAgain);
    }

    /// Ends every stream: the server stops.
    pub fn stop(&self) {
        self.to_all(&Heard::Stop);
    }

    fn to_all(&self, heard: &Heard) {
        let mut listeners = self.listeners.write();
        for listener in listeners.values_mut().flatten() {
            listener.hand(heard.clone());
        }
    }

    /// Who is in a list of `owner`'s has changed; nothing: the list is gone, and nobody hears of it any more.
    pub(crate) fn set_circle(&self, owner: AccountId, list: ListId, circle: Option<Circle>) {
        let mut listeners = self.listeners.write();
        let about = |listener: &&mut Listener| listener.is_about(list);
        for listener in listeners.get_mut(&owner).into_iter().flatten().filter(about) {
            match &circle {
                Some(circle) => {
                    listener.circles.insert(list, circle.clone());
                }
                None => {
                    listener.circles.remove(&list);
                }
            }
        }
    }

    /// `owner` does not follow `member` any more, who is therefore in none of their lists.
    pub(crate) fn leave_circles(&self, owner: AccountId, member: AccountId) {
        if self.count() == 0 {
            return;
        }
        let mut listeners = self.listeners.write();
        for listener in listeners.get_mut(&owner).into_iter().flatten() {
            for circle in listener.circles.values_mut() {
                if circle.members.contains(&member) {
                    Arc::make_mut(&mut circle.members).remove(&member);
                }
            }
        }
    }

    fn close(&self, account: AccountId, number: u64) {
        let mut listeners = self.listeners.write();
        if let Some(own) = listeners.get_mut(&account) {
            own.retain(|listener| listener.number != number);
            if own.is_empty() {
                listeners.remove(&account);
            }
        }
        self.open.fetch_sub(1, Ordering::Release);
    }

    fn change<T>(
        &self,
        account: AccountId,
        number: u64,
        change: impl FnOnce(&mut Listener) -> T,
    ) -> Option<T> {
        let mut listeners = self.listeners.write();
        let own = listeners.get_mut(&account)?;
        own.iter_mut()
            .find(|listener| listener.number == number)
            .map(change)
    }
}

impl Listener {
    fn is_about(&self, list: ListId) -> bool {
        self.channels
            .iter()
            .any(|channel| **channel == Channel::List(list))
    }

    /// What a channel's list is made of, if it is about one.
    fn circle(&self, channel: &Channel) -> Option<&Circle> {
        match channel {
            Channel::List(list) => self.circles.get(list),
            _ => None,
        }
    }

    /// Hands something over. A listener who is too slow hears no more: its stream ends once it has read what waits.
    fn hand(&mut self, heard: Heard) {
        if self.sender.try_send(heard).is_err() {
            // A sender that nobody else has: the receiver ends after what waits.
            self.sender = mpsc::channel(1).0;
            self.channels = Vec::new();
        }
    }
}

impl Stream {
    /// Listens to `channel` as well. False where the stream has too many already.
    ///
    /// # Errors
    /// [`Refused::NotFound`] for a list that is not the listener's.
    pub async fn subscribe(&self, app: &App, speaker: &Speaker, channel: Channel) -> Result<bool, Refused> {
        let list = match channel {
            Channel::List(list) => Some(list),
            _ => None,
        };
        let fits = self.take_on(channel);
        if let Some(list) = list.filter(|_| fits)
            && let Err(refused) = crate::lists::listen(app, speaker, list).await
        {
            self.unsubscribe(&Channel::List(list));
            return Err(refused);
        }
        Ok(fits)
    }

    fn take_on(&self, channel: Channel) -> bool {
        let subscribed = self.streams.change(self.account, self.number, |listener| {
            let there = listener.channels.iter().any(|known| **known == channel);
            let fits = there || listener.channels.len() < MOST_CHANNELS;
            if fits && !there {
                listener.channels.push(Arc::new(channel));
            }
            fits
        });
        subscribed.unwrap_or(false)
    }

    /// Listens to `channel` no more.
    pub fn unsubscribe(&self, channel: &Channel) {
        self.streams.change(self.account, self.number, |listener| {
            listener.channels.retain(|known| **known != *channel);
            if let Channel::List(list) = channel {
                listener.circles.remove(list);
            }
        });
    }

    /// The next of what there is to say; nothing when the stream has ended. May be dropped while it waits.
    pub async fn next(&mut self) -> Option<Heard> {
        self.receiver.recv().await
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.streams.close(self.account, self.number);
    }
}

#[cfg(test)]
mod tests {
    use bauta_model::{Role, SessionId};

    use super::*;
    use crate::{Scopes, SessionKind};

    fn speaker() -> Speaker {
        Speaker {
            account: AccountId::new(1),
            keyholder: None,
            duties: bauta_model::Duties::ALL,
            role: Role::User,
            session: SessionId::new(1),
            kind: SessionKind::App,
            scopes: Scopes::all(),
        }
    }

    #[tokio::test]
    async fn a_slow_listener_gets_what_waited_and_then_the_end() {
        let streams = Arc::new(Streams::default());
        let mut slow = streams.open(&speaker()).unwrap();
        for _ in 0..WAITING + 10 {
            streams.look_again();
        }
        let mut heard = 0;
        while let Some(Heard::LookAgain) = slow.next().await {
            heard += 1;
        }
        assert_eq!(heard, WAITING);
        assert!(!slow.take_on(Channel::User) || slow.next().await.is_none());
    }

    #[tokio::test]
    async fn an_account_has_so_many_streams_and_each_so_many_channels() {
        let streams = Arc::new(Streams::default());
        let mut open: Vec<_> = (0..MOST_STREAMS)
            .map(|_| streams.open(&speaker()).unwrap())
            .collect();
        assert!(streams.open(&speaker()).is_none());
        open.pop();
        let last = streams.open(&speaker()).unwrap();
        for number in 0..MOST_CHANNELS {
            assert!(last.take_on(Channel::Tag(number.to_string(), Origin::All)));
        }
        assert!(!last.take_on(Channel::User));
        assert!(
            last.take_on(Channel::Tag("0".into(), Origin::All)),
            "one that is there stays"
        );
        last.unsubscribe(&Channel::Tag("0".into(), Origin::All));
        assert!(last.take_on(Channel::User));
        drop((open, last));
        assert_eq!(streams.count(), 0);
        assert!(streams.listeners.read().is_empty());
    }
}
