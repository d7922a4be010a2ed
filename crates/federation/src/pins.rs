//! What people pinned (ActivityStreams `Add` and `Remove`, and Mastodon's collection `featured`): told and served, taken in
//! and got.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bauta_model::{Account, PostId, Visibility};
use bauta_service::posts::{self, Pins};
use bauta_service::timelines::{self, Of, Page};
use bauta_service::{Refused, peers};
use bauta_store::remote::RemoteAccount;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::fetch::Failed;
use crate::outgoing::Outgoing;
use crate::{Peers, envelope, json};

/// Accounts whose pins are to be looked at; more are left out until their authors act again.
const MOST: usize = 1000;
/// How long getting the pins of one account may take.
const LONGEST: Duration = Duration::from_secs(15);

/// Accounts whose pins are to be looked at, by the names of their actors.
#[derive(Default)]
pub(crate) struct Waiting {
    actors: Mutex<BTreeSet<String>>,
    more: Notify,
}

impl Waiting {
    /// The pins of `account` are to be looked at, if somebody here follows it.
    pub fn look_at(&self, account: &RemoteAccount) {
        if account.featured_uri.is_empty() {
            return;
        }
        let mut actors = self.actors.lock();
        if actors.len() < MOST {
            actors.insert(account.uri.clone());
            self.more.notify_one();
        }
    }

    async fn next(&self) -> String {
        loop {
            if let Some(actor) = self.actors.lock().pop_first() {
                return actor;
            }
            self.more.notified().await;
        }
    }
}

/// Starts the worker that gets pins: one account after the other, so that no server keeps an inbox waiting.
pub(crate) fn start(peers: &Arc<Peers>) {
    let peers = Arc::clone(peers);
    tokio::spawn(async move {
        loop {
            let actor = peers.pins.next().await;
            // Late or refused, what is known stays.
            let _ = tokio::time::timeout(LONGEST, peers.bring_pins(&actor)).await;
        }
    });
}

impl Peers {
    /// Gets what `actor` pinned, if somebody here follows them.
    async fn bring_pins(&self, actor: &str) -> Result<(), Failed> {
        let author = self.known(actor).await?.ok_or(Failed::Gone)?;
        let host = json::authority(&author.featured_uri).ok_or(Failed::Refused)?;
        if !self.is_followed(author.account).await? || !self.may_ask_again(&host) {
            return Ok(());
        }
        let list = self.document(&author.featured_uri).await?;
        if json::id(&list) != Some(&author.featured_uri) {
            return Err(Failed::Refused);
        }
        let name = ["orderedItems", "items"]
            .into_iter()
            .find(|name| !list[name].is_null());
        let mut pinned = Vec::new();
        let items = name.map(|name| json::list(&list, name)).unwrap_or_default();
        for uri in items
            .into_iter()
            .filter_map(json::id)
            .take(self.app.site.limits.pinned_posts)
        {
            match self.own_post(&author, uri).await {
                Ok(post) => pinned.push(post),
                Err(Failed::Later) => return Err(Failed::Later),
                Err(_) => {}
            }
        }
        Ok(posts::receive_pins(&self.app, author.account, Pins::All(pinned)).await?)
    }

    /// A post of `author`, got from its origin if it is not here.
    async fn own_post(&self, author: &RemoteAccount, uri: &str) -> Result<PostId, Failed> {
        if let Some(post) = self.post_here(uri).await? {
            return Ok(post);
        }
        let host = json::authority(uri).ok_or(Failed::Refused)?;
        if !json::same_origin(uri, &author.uri) || !self.may_ask_again(&host) {
            return Err(Failed::Refused);
        }
        let note = self.of_author(&author.uri, uri).await?;
        self.take_open(&note).await
    }

    /// `Add` to what its author pinned, or `Remove`: other lists are nobody's business here.
    pub(crate) async fn pinned(&self, actor: &str, activity: &Value, added: bool) -> Result<(), Failed> {
        let author = self.known(actor).await?.ok_or(Failed::Gone)?;
        let target = json::id_of(activity, "target").ok_or(Failed::Refused)?;
        let uri = json::id_of(activity, "object").ok_or(Failed::Refused)?;
        if author.featured_uri.is_empty() || target != author.featured_uri {
            return Err(Failed::Gone);
        }
        let pins = if !added {
            Pins::Not(self.post_here(uri).await?.ok_or(Failed::Gone)?)
        } else if self.is_followed(author.account).await? {
            Pins::One(self.own_post(&author, uri).await?)
        } else {
            Pins::One(self.post_here(uri).await?.ok_or(Failed::Gone)?)
        };
        Ok(posts::receive_pins(&self.app, author.account, pins).await?)
    }

    /// That a post of ours was pinned, or is not any more, to all who follow its author.
    pub(crate) async fn tell_pin(&self, actor: &Account, id: PostId) -> Result<Option<Outgoing>, Refused> {
        let (post, _) = self.post(id).await?;
        let uri = self.actor_uri(&actor.handle);
        let (kind, now) = (if post.pinned { "Add" } else { "Remove" }, self.app.clock.now());
        let name = format!("{uri}/{id}#pins/{}/{kind}", now.unix_seconds());
        let own = json!({
            "to": [format!("{uri}/followers")],
            "object": format!("{uri}/{id}"),
            "target": format!("{uri}/featured"),
        });
        Ok(Some(Outgoing {
            body: envelope::activity(kind, &uri, name, own),
            post: Some(id),
            inboxes: self.followers_of(actor.id).await?,
        }))
    }

    /// The hashtags on the profile of `account`, as Mastodon's collection `featuredTags`.
    pub(crate) async fn featured_tags(&self, account: &Account) -> Result<Value, Refused> {
        let tags = bauta_service::tags::featured(&self.app, account.id).await?;
        let items: Vec<Value> = tags.iter().map(|featured| self.hashtag(&featured.tag)).collect();
        let mut list = self.collection(&format!("@{}/tags", account.handle), items.len() as i64);
        list["items"] = json!(items);
        list["type"] = json!("Collection");
        list["@context"] = json!([list["@context"], {"Hashtag": "as:Hashtag"}]);
        Ok(list)
    }

    /// The names of what `account` pinned, as far as everybody may read it, and `asker` at all.
    pub(crate) async fn featured(
        &self,
        account: &Account,
        asker: Option<&RemoteAccount>,
    ) -> Result<Value, Refused> {
        let speaker = asker.map(|asker| peers::speaks(asker.account));
        let page = Page::newest(self.app.site.limits.pinned_posts);
        let shown = timelines::profile(&self.app, speaker.as_ref(), account.id, &Of::Pinned, &page).await?;
        let uri = self.actor_uri(&account.handle);
        let names: Vec<String> = shown
            .iter()
            .map(|shown| &shown.card.post)
            .filter(|post| matches!(post.visibility, Visibility::Public | Visibility::Unlisted))
            .map(|post| format!("{uri}/{}", post.id))
            .collect();
        let mut list = self.collection(&format!("@{}/featured", account.handle), names.len() as i64);
        list["orderedItems"] = json!(names);
        Ok(list)
    }
}
