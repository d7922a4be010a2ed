//! Asking other servers for a handle or an address, or what an account there says of itself. Only somebody who is signed in
//! makes us ask, by searching for it or moving to it.

use std::sync::OnceLock;
use std::time::Duration;

use bauta_model::{AccountId, Handle, PostId};
use tokio::sync::{mpsc, oneshot};

use crate::App;

/// What was found on another server; it is here by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// A person.
    Account(AccountId),
    /// A post.
    Post(PostId),
    /// A page there, where a visitor goes on.
    Page(String),
}

/// What a visitor with an account elsewhere wants to do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Follow an account.
    Follow,
    /// See a post, to answer or boost it.
    Open,
}

/// What other servers are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Who or what lies under `name@domain`, or an address.
    Find(String),
    /// Whether the actor says now that it is another one too. It is found if it does.
    SaysThatItIs {
        /// The actor that is asked.
        actor: String,
        /// The name of the other.
        other: String,
    },
    /// Where somebody who says to be `handle` acts on an account or post of ours.
    Way {
        /// `name@domain`.
        handle: Handle,
        /// What they want.
        act: Act,
        /// The address of ours.
        object: String,
    },
}

/// A question, and where its answer goes.
pub struct Question {
    /// What is asked.
    pub asked: Asked,
    /// Where the answer goes.
    pub answer: oneshot::Sender<Option<Elsewhere>>,
}

/// The way to whoever can look things up elsewhere; nobody, where this server speaks with no other.
#[derive(Default)]
pub struct Finder(OnceLock<mpsc::Sender<Question>>);

/// Questions that wait.
const WAITING: usize = 32;
/// How long somebody waits for an answer.
const LONGEST: Duration = Duration::from_secs(15);

impl Finder {
    /// Takes questions from now on. Only the first who listens hears them.
    pub fn listen(&self) -> mpsc::Receiver<Question> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let _ = self.0.set(sender);
        receiver
    }

    /// Whether `actor` says that it is `other` too; not, where its server can't be asked.
    pub(crate) async fn says_that_it_is(&self, actor: String, other: String) -> bool {
        self.ask(Asked::SaysThatItIs { actor, other }).await.is_some()
    }

    async fn ask(&self, asked: Asked) -> Option<Elsewhere> {
        let (answer, answered) = oneshot::channel();
        self.0.get()?.try_send(Question { asked, answer }).ok()?;
        tokio::time::timeout(LONGEST, answered).await.ok()?.ok()?
    }
}

/// Where a visitor who types a handle goes on to act on `object`, an address of ours; nothing where that can't be found
/// out. It is the visitor who makes us ask, and nothing of it is kept.
pub async fn way_from(app: &App, typed: &str, act: Act, object: String) -> Option<String> {
    let handle = Handle::parse_any(typed.trim().trim_start_matches('@')).ok()?;
    let elsewhere = !handle.domain()?.eq_ignore_ascii_case(&app.site.domain);
    let asked = Asked::Way { handle, act, object };
    if !elsewhere {
        return None;
    }
    match app.elsewhere.ask(asked).await? {
        Elsewhere::Page(address) => Some(address),
        _ => None,
    }
}

/// What lies elsewhere under `text`, if it is the handle or the address of another server.
pub(crate) async fn find(app: &App, text: &str) -> Option<Elsewhere> {
    if text.starts_with("https://") || text.starts_with("http://") {
        return app.elsewhere.ask(Asked::Find(text.to_owned())).await;
    }
    let handle = Handle::parse_any(text).ok()?;
    let domain = handle.domain()?;
    if domain.eq_ignore_ascii_case(&app.site.domain) {
        return None;
    }
    app.elsewhere.ask(Asked::Find(handle.to_string())).await
}
