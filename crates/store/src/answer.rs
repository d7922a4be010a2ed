//! Whoever waits for a piece of work that writes, and what it hears.

use bauta_model::Incident;
use tokio::sync::oneshot;

use crate::Error;

/// What became of a batch.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    /// It is on the disk.
    Written,
    /// Nothing of it is.
    Broken(Incident),
    /// Nothing of it is: the database went away.
    Away,
}

/// Somebody who waits, whatever the work gives.
pub(crate) trait Waiting: Send {
    /// Says that nobody knows, once, and no more to whoever asked.
    fn unsure(&mut self);
    /// Says what became of it: to memory first, then to whoever asked.
    fn hear(self: Box<Self>, fate: Fate);
}

/// Somebody who waits.
pub(crate) type Answer = Box<dyn Waiting>;

/// What a piece of work gave, for whoever asked for it.
pub(crate) struct Waits<T, E, G> {
    done: Result<T, E>,
    after: G,
    sender: Option<oneshot::Sender<Result<T, E>>>,
}

impl<T, E, G> Waits<T, E, G> {
    /// `after` sees what was written.
    pub(crate) const fn new(done: Result<T, E>, after: G, sender: oneshot::Sender<Result<T, E>>) -> Self {
        Self {
            done,
            after,
            sender: Some(sender),
        }
    }
}

impl<T, E, G> Waiting for Waits<T, E, G>
where
    T: Send,
    E: From<Error> + Send,
    G: FnOnce(&T) + Send,
{
    fn unsure(&mut self) {
        // What refused itself wrote nothing; it may have seen what came to nothing.
        let why = if self.done.is_ok() {
            Error::Unsure
        } else {
            Error::Away
        };
        if let Some(sender) = self.sender.take() {
            let _ = sender.send(Err(why.into()));
        }
    }

    fn hear(self: Box<Self>, fate: Fate) {
        let done = match (self.done, fate) {
            (_, Fate::Away) => Err(Error::Away.into()),
            (Ok(_), Fate::Broken(incident)) => Err(Error::Failed(incident).into()),
            (done, _) => done,
        };
        if let Ok(value) = &done {
            (self.after)(value);
        }
        if let Some(sender) = self.sender {
            // Whoever waited may be gone: a client that hung up. The work is done all the same.
            let _ = sender.send(done);
        }
    }
}
