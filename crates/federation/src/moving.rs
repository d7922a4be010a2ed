//! Accounts that move: a move counts where both say it, the old account by its signature and the new one in its document.

use bauta_model::{Account, AccountId};
use bauta_service::Refused;
use bauta_service::accounts::moving;
use bauta_store::moves;
use bauta_store::remote::RemoteAccount;
use serde_json::{Value, json};

use crate::fetch::Failed;
use crate::outgoing::Outgoing;
use crate::{Peers, envelope, json};

/// Other names of an actor that are looked at.
const MOST_NAMES: usize = 50;

impl Peers {
    /// The account of `actor`, if it says now that it is `other` too.
    ///
    /// # Errors
    /// [`Failed::Refused`] where it does not.
    pub(crate) async fn names_as_itself(&self, actor: &str, other: &str) -> Result<RemoteAccount, Failed> {
        let document = self.document(actor).await?;
        let named = json::addressed(&document, "alsoKnownAs");
        if json::id(&document) != Some(actor) || !named.into_iter().take(MOST_NAMES).any(|name| name == other)
        {
            return Err(Failed::Refused);
        }
        self.learn_from(&document).await
    }

    /// An account of another server went away: to one here, or to one elsewhere.
    pub(crate) async fn moved(&self, actor: &str, activity: &Value) -> Result<(), Failed> {
        if json::id_of(activity, "object") != Some(actor) {
            return Err(Failed::Refused);
        }
        let old = self.known(actor).await?.ok_or(Failed::Gone)?;
        let target = json::id_of(activity, "target").ok_or(Failed::Refused)?;
        if target == actor {
            return Err(Failed::Refused);
        }
        let new = match self.own_account(target).await {
            Some(own) => self.own_that_is(&own, old.account).await?,
            None if target.starts_with(&self.app.site.base_url) => return Err(Failed::Gone),
            // Nobody here follows the old one: there is nobody to lead.
            None if !self.is_followed(old.account).await? => return Err(Failed::Gone),
            None => self.names_as_itself(target, actor).await?.account,
        };
        Ok(moving::receive_move(&self.app, old.account, new).await?)
    }

    /// An account of ours, if it says that it is `other` too.
    async fn own_that_is(&self, own: &Account, other: AccountId) -> Result<AccountId, Failed> {
        if self
            .other_names(own.id)
            .await
            .map_err(Failed::from)?
            .0
            .contains(&other)
        {
            Ok(own.id)
        } else {
            Err(Failed::Refused)
        }
    }

    /// Who else an account of ours says that it is, and where it went.
    async fn other_names(&self, account: AccountId) -> Result<(Vec<AccountId>, Option<AccountId>), Refused> {
        Ok(self
            .app
            .store
            .read("other_names", move |conn| {
                Ok::<_, bauta_store::Error>((moves::aliases(conn, account)?, moves::of(conn, account)?))
            })
            .await?)
    }

    /// Puts into the document of an actor of ours who else it is, and where it went.
    pub(crate) async fn add_other_names(&self, actor: &mut Value, account: AccountId) -> Result<(), Refused> {
        let (others, went) = self.other_names(account).await?;
        let mut uris = Vec::new();
        for other in &others {
            uris.extend(self.uri_of_account(*other).await?);
        }
        actor["alsoKnownAs"] = json!(uris);
        if let Some(went) = went
            && let Some(uri) = self.uri_of_account(went).await?
        {
            actor["movedTo"] = json!(uri);
        }
        Ok(())
    }

    /// The name of an account, here or elsewhere.
    async fn uri_of_account(&self, id: AccountId) -> Result<Option<String>, Refused> {
        if let Some(remote) = self.elsewhere(vec![id]).await?.pop() {
            return Ok(Some(remote.uri));
        }
        let account = self
            .app
            .store
            .read("account", move |conn| bauta_store::accounts::by_id(conn, id))
            .await?;
        Ok(account.map(|account| self.actor_uri(&account.handle)))
    }

    /// That an account of ours went away, to all who follow it.
    pub(crate) async fn tell_move(
        &self,
        actor: &Account,
        target: AccountId,
    ) -> Result<Option<Outgoing>, Refused> {
        let went = self.other_names(actor.id).await?.1;
        let (Some(new), true) = (self.uri_of_account(target).await?, went == Some(target)) else {
            return Ok(None);
        };
        let uri = self.actor_uri(&actor.handle);
        let own = json!({"to": [format!("{uri}/followers")], "object": uri, "target": new});
        Ok(Some(Outgoing {
            body: envelope::activity("Move", &uri, format!("{uri}#moves/{target}"), own),
            post: None,
            inboxes: self.followers_of(actor.id).await?,
        }))
    }
}
