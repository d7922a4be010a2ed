//! Uploads that are being worked on: only in memory, until their row is written.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bauta_model::{AccountId, AttachmentKind, MediaId};
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::Refused;

/// How long the reason of a failed upload can be asked for.
const REMEMBER: Duration = Duration::from_mins(10);

#[derive(Clone, PartialEq, Eq)]
enum State {
    Working,
    Done,
    Failed(String),
}

struct Entry {
    account: AccountId,
    kind: AttachmentKind,
    seen: watch::Receiver<State>,
}

type All = Mutex<HashMap<MediaId, Entry>>;

/// What is being worked on.
#[derive(Default)]
pub(crate) struct Working(Arc<All>);

/// An upload that has begun.
pub(super) struct Begun {
    id: MediaId,
    state: watch::Sender<State>,
    all: Arc<All>,
}

impl Working {
    pub(super) fn begin(&self, account: AccountId, id: MediaId, kind: AttachmentKind) -> Begun {
        let (state, seen) = watch::channel(State::Working);
        self.0.lock().insert(id, Entry { account, kind, seen });
        let all = Arc::clone(&self.0);
        Begun { id, state, all }
    }

    fn seen(&self, account: AccountId, id: MediaId) -> Option<watch::Receiver<State>> {
        let all = self.0.lock();
        let entry = all.get(&id)?;
        (entry.account == account).then(|| entry.seen.clone())
    }

    /// What it will be.
    pub(super) fn kind(&self, account: AccountId, id: MediaId) -> Option<AttachmentKind> {
        let all = self.0.lock();
        let entry = all.get(&id)?;
        (entry.account == account).then_some(entry.kind)
    }

    /// True while it is being worked on.
    pub(super) fn is_working(&self, account: AccountId, id: MediaId) -> Result<bool, Refused> {
        let Some(seen) = self.seen(account, id) else {
            return Ok(false);
        };
        let state = seen.borrow().clone();
        match state {
            State::Working => Ok(true),
            State::Done => Ok(false),
            State::Failed(why) => Err(Refused::invalid("file", why)),
        }
    }

    /// Waits for the end of the work.
    pub(super) async fn finished(&self, account: AccountId, id: MediaId) -> Result<(), Refused> {
        if let Some(mut seen) = self.seen(account, id) {
            // An error means that the work has ended.
            let _ = seen.wait_for(|state| *state != State::Working).await;
            self.is_working(account, id)?;
        }
        Ok(())
    }
}

impl Begun {
    /// Ends the work: well, or with a sentence for whoever sent the file.
    pub(super) fn end(self, failed: Option<String>) {
        let all = Arc::clone(&self.all);
        let id = self.id;
        let Some(why) = failed else {
            let _ = self.state.send(State::Done);
            all.lock().remove(&id);
            return;
        };
        let _ = self.state.send(State::Failed(why));
        tokio::spawn(async move {
            tokio::time::sleep(REMEMBER).await;
            all.lock().remove(&id);
        });
    }
}
