//! Completing threads: what a reply answers or quotes is got when the reply arrives, and never because somebody reads.

use std::collections::HashSet;
use std::time::Duration;

use bauta_model::{Account, Post, PostId, Visibility};
use bauta_service::{Refused, peers, posts};
use bauta_store::remote::RemoteAccount;
use serde_json::{Value, json};

use crate::fetch::Failed;
use crate::incoming::Quoting;
use crate::{Peers, json};

/// Posts above a reply that are got.
const MOST_ABOVE: usize = 8;
/// How long getting them may take.
const LONGEST: Duration = Duration::from_secs(15);

impl Peers {
    /// Gets what `note` of `author` answers, and what that answers, and what it quotes, as far as it is not here, everybody
    /// may read it, and somebody here has to do with the note. What can't be had is left out.
    pub(crate) async fn complete(&self, author: &RemoteAccount, note: &Value) {
        // Late or refused, the note stands by itself.
        let _ = tokio::time::timeout(LONGEST, self.bring_above(author, note)).await;
    }

    async fn bring_above(&self, author: &RemoteAccount, note: &Value) -> Result<(), Failed> {
        let Some(uri) = json::id(note) else {
            return Ok(());
        };
        if json::id_of(note, "inReplyTo").is_none() && Quoting::read(note).is_none() {
            return Ok(());
        }
        let matters = self.is_followed(author.account).await? || self.names_somebody_here(note).await;
        if !matters || self.post_here(uri).await?.is_some() {
            return Ok(());
        }
        let _ = self.bring_quoted(note).await;
        let Some(answered) = json::id_of(note, "inReplyTo") else {
            return Ok(());
        };
        // From the top down: each is put below what it answers.
        for note in self.above(uri, answered).await?.iter().rev() {
            let _ = self.take_open(note).await;
        }
        Ok(())
    }

    /// The notes from `answered` upwards that are not here; nothing comes twice.
    async fn above(&self, uri: &str, answered: &str) -> Result<Vec<Value>, Failed> {
        let mut seen = HashSet::from([uri.to_owned()]);
        let (mut notes, mut next) = (Vec::new(), Some(answered.to_owned()));
        while let Some(uri) = next.take() {
            let is_new = seen.insert(uri.clone()) && self.post_here(&uri).await?.is_none();
            let host = json::authority(&uri).unwrap_or_default();
            if !is_new || notes.len() >= MOST_ABOVE || !self.may_ask_again(&host) {
                break;
            }
            let Ok(note) = self.document(&uri).await else {
                break;
            };
            next = json::id_of(&note, "inReplyTo").map(str::to_owned);
            notes.push(note);
        }
        Ok(notes)
    }

    async fn names_somebody_here(&self, note: &Value) -> bool {
        for uri in [json::addressed(note, "to"), json::addressed(note, "cc")].concat() {
            if uri.starts_with(&self.app.site.base_url) && self.own_account(uri).await.is_some() {
                return true;
            }
        }
        false
    }

    /// The name of the conversation that a post of ours is in (FEP-7888): only of one that began here, and that everybody may
    /// read.
    pub(crate) async fn context_of(&self, post: &Post) -> Option<String> {
        if !post.visibility.is_open() {
            return None;
        }
        let (root, author) = self.post(post.thread).await.ok()?;
        let ours = author.domain().is_none() && root.visibility.is_open();
        ours.then(|| format!("{}/{}/context", self.actor_uri(&author), root.id))
    }

    /// What was said in the conversation that a post of ours began (FEP-f228), as strangers read it: names alone, in the
    /// order of their time.
    pub(crate) async fn context(&self, account: &Account, root: PostId) -> Result<Value, Refused> {
        let thread = posts::thread(&self.app, None, root).await?;
        let post = &thread.post.card.post;
        let begins = post.author == account.id && post.thread == post.id && post.id == root;
        if !begins || !post.visibility.is_open() {
            return Err(Refused::NotFound);
        }
        let mut said: Vec<_> = std::iter::once(&thread.post)
            .chain(&thread.descendants)
            .filter(|shown| shown.card.post.visibility.is_open())
            .collect();
        said.sort_unstable_by_key(|shown| shown.card.post.id);
        let mut names = Vec::new();
        for shown in said {
            names.extend(
                self.post_uri(&shown.card.post, &shown.author.account.handle)
                    .await
                    .ok(),
            );
        }
        let place = format!("@{}/{root}/context", account.handle);
        let mut list = self.collection(&place, names.len() as i64);
        list["attributedTo"] = json!(self.actor_uri(&account.handle));
        list["orderedItems"] = json!(names);
        Ok(list)
    }

    /// Takes in a note that was got from its origin, if everybody may read it.
    pub(crate) async fn take_open(&self, note: &Value) -> Result<PostId, Failed> {
        let author = json::id_of(note, "attributedTo").ok_or(Failed::Refused)?;
        let author = self.account_of(author).await?;
        let received = self.received(note, &author).await?;
        if !matches!(received.visibility, Visibility::Public | Visibility::Unlisted) {
            return Err(Failed::Refused);
        }
        Ok(posts::receive_for_boost(&self.app, &peers::speaks(author.account), received).await?)
    }
}
