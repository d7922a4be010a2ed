//! What one server passes on of another: it says that there is something new, and what that is the origin is asked.

use serde_json::Value;

use crate::fetch::Failed;
use crate::incoming::Incoming;
use crate::{Peers, json};

impl Peers {
    /// Looks at what somebody else than its actor has signed. Nothing of it is believed: if it is about what is here, its
    /// object is got from its origin.
    ///
    /// # Errors
    /// As [`Peers::perform`].
    pub(crate) async fn forwarded(&self, incoming: &Incoming) -> Result<(), Failed> {
        let actor = incoming.actor.as_str();
        let Some(uri) = incoming.object().and_then(json::id) else {
            return Ok(());
        };
        let host = json::authority(uri).ok_or(Failed::Refused)?;
        if !json::same_origin(uri, actor) || self.blocks(&host) {
            return Ok(());
        }
        let done = match incoming.kind() {
            Some("Create") if self.concerns_us(incoming).await? && self.may_ask_again(&host) => {
                self.take_from_origin(actor, uri).await
            }
            Some("Update") if self.post_here(uri).await?.is_some() && self.may_ask_again(&host) => {
                let note = self.of_author(actor, uri).await?;
                self.change(actor, &note).await
            }
            Some("Delete") if self.post_here(uri).await?.is_some() && self.may_ask_again(&host) => {
                match self.document(uri).await {
                    Err(Failed::Gone) => self.erase(actor, uri).await,
                    Ok(found) if json::is(&found, "Tombstone") => self.erase(actor, uri).await,
                    other => other.map(|_| ()),
                }
            }
            _ => Ok(()),
        };
        match done {
            Err(Failed::Gone | Failed::Refused) => Ok(()),
            other => other,
        }
    }

    async fn take_from_origin(&self, actor: &str, uri: &str) -> Result<(), Failed> {
        let note = self.of_author(actor, uri).await?;
        self.take(actor, &note).await.map(|_| ())
    }

    /// A note as its origin has it, if it is by `actor`.
    pub(crate) async fn of_author(&self, actor: &str, uri: &str) -> Result<Value, Failed> {
        let note = self.document(uri).await?;
        if json::id_of(&note, "attributedTo") == Some(actor) {
            Ok(note)
        } else {
            Err(Failed::Refused)
        }
    }

    /// A new post concerns us if it answers what is here, or somebody here follows its author: otherwise a stranger could
    /// make us ask whom they like.
    async fn concerns_us(&self, incoming: &Incoming) -> Result<bool, Failed> {
        let Some(object) = incoming.object() else {
            return Ok(false);
        };
        let answered = match json::id_of(object, "inReplyTo") {
            Some(uri) => self.post_here(uri).await?.is_some(),
            None => false,
        };
        if answered {
            return Ok(true);
        }
        match self.known(&incoming.actor).await? {
            Some(author) => self.is_followed(author.account).await,
            None => Ok(false),
        }
    }
}
