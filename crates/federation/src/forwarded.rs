//! What one server passes on of another: it says that there is something new, and what that is the origin is asked. And what
//! we pass on.

use bauta_model::PostId;
use bauta_service::{Refused, posts::PassedOn};
use bauta_store::outbox::{Change, Kind};
use serde_json::Value;

use crate::fetch::Failed;
use crate::incoming::Incoming;
use crate::outgoing::Outgoing;
use crate::{Peers, json};

/// Bytes of an activity that is passed on.
const MOST_BYTES: usize = 64 * 1024;

/// An activity as text, to be passed on; nothing where it is too long for that, or names whom nobody should know of.
pub(crate) fn as_it_came(activity: &Value) -> Option<String> {
    let hides = |value: &Value| !value["bto"].is_null() || !value["bcc"].is_null();
    if hides(activity) || json::list(activity, "object").into_iter().any(hides) {
        return None;
    }
    Some(activity.to_string()).filter(|text| text.len() <= MOST_BYTES)
}

impl Peers {
    /// The activity that tells of `note`, if it may have to be passed on: it answers a post of ours.
    pub(crate) fn may_pass_on(&self, note: &Value, told: Option<&Value>) -> Option<String> {
        let ours = json::id_of(note, "inReplyTo").is_some_and(|uri| uri.starts_with(&self.app.site.base_url));
        told.filter(|_| ours).and_then(as_it_came)
    }

    /// Passes on what somebody elsewhere answered to a post of ours, to the servers of those who follow whom it answers, but
    /// not back to its own. It is signed by the server, and unchanged, so that a signature within it still holds.
    pub(crate) async fn pass_on(&self, change: &Change) -> Result<Option<Outgoing>, Refused> {
        let Some(told) = PassedOn::read(&change.detail) else {
            return Ok(None);
        };
        let Ok(body) = serde_json::from_str::<Value>(&told.activity) else {
            return Ok(None);
        };
        let post = PostId::new(change.object);
        let gone = change.kind == Kind::AnswerGone;
        // It may be gone by now: that is passed on by another change.
        if !gone && self.post(post).await.is_err() {
            return Ok(None);
        }
        let origin = json::id_of(&body, "actor").and_then(json::authority);
        let mut inboxes = self.followers_of(told.answered).await?;
        inboxes.retain(|inbox| json::authority(inbox) != origin);
        Ok(Some(Outgoing {
            body,
            post: (!gone).then_some(post),
            inboxes,
        }))
    }

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
                self.change(actor, &note, None).await
            }
            Some("Delete") if self.post_here(uri).await?.is_some() && self.may_ask_again(&host) => {
                match self.document(uri).await {
                    Err(Failed::Gone) => self.erase(actor, uri, None).await,
                    Ok(found) if json::is(&found, "Tombstone") => self.erase(actor, uri, None).await,
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
        self.take(actor, &note, None).await.map(|_| ())
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_passed_on_is_short_and_names_nobody_in_secret() {
        let told = json!({"type": "Create", "object": {"type": "Note", "content": "x"}});
        assert_eq!(as_it_came(&told), Some(told.to_string()));
        for (place, hidden) in [("bcc", json!("y")), ("bto", json!(["y"]))] {
            let mut outside = told.clone();
            outside[place] = hidden.clone();
            let mut inside = told.clone();
            inside["object"][place] = hidden;
            let mut several = told.clone();
            several["object"] = json!([inside["object"]]);
            for one in [outside, inside, several] {
                assert_eq!(as_it_came(&one), None, "{one}");
            }
        }
        let long = json!({"object": {"content": "x".repeat(MOST_BYTES)}});
        assert_eq!(as_it_came(&long), None);
    }
}
