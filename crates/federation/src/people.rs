//! Actors: theirs as profiles, with their keys, and ours as documents.

use bauta_model::{Account, AccountId, Handle, Standing};
use bauta_service::{Refused, peers};
use bauta_store::remote::{self, RemoteAccount, RemoteKey};
use bauta_store::waiting;
use serde_json::{Value, json};

use crate::fetch::Failed;
use crate::keys::OwnKey;
use crate::{Peers, envelope, json};

/// Days after which a profile is got again when its owner acts.
const STALE_DAYS: i32 = 7;

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Self::Gone,
            Refused::Forbidden(_) | Refused::Invalid { .. } => Self::Refused,
            _ => Self::Later,
        }
    }
}

impl Peers {
    /// The account here of an actor elsewhere; got from its server when it is new or old.
    pub(crate) async fn account_of(&self, uri: &str) -> Result<RemoteAccount, Failed> {
        let today = self.app.clock.today();
        if let Some(known) = self.known(uri).await? {
            if known.fetched.plus(STALE_DAYS) < today {
                // What is known serves as long as nothing newer can be had.
                let _ = self.learn(uri).await;
            }
            return Ok(known);
        }
        self.learn(uri).await
    }

    /// What is known of an actor, without asking anybody.
    pub(crate) async fn known(&self, uri: &str) -> Result<Option<RemoteAccount>, Failed> {
        let uri = uri.to_owned();
        Ok(self
            .app
            .store
            .read("by_uri", move |conn| remote::by_uri(conn, &uri))
            .await
            .map_err(Refused::from)?)
    }

    /// Gets an actor from its server.
    pub(crate) async fn learn(&self, uri: &str) -> Result<RemoteAccount, Failed> {
        let actor = self.document(uri).await?;
        self.learn_from(&actor).await
    }

    /// Takes the document of an actor in, as its server gave it.
    pub(crate) async fn learn_from(&self, actor: &Value) -> Result<RemoteAccount, Failed> {
        let id = json::id(actor).ok_or(Failed::Refused)?.to_owned();
        let profile = self.profile(actor, &id).await?;
        if let Some((key_id, key)) = key_in(actor, &id) {
            self.keep_key(key_id, key).await?;
        }
        peers::learn(&self.app, profile).await?;
        let known = self.known(&id).await?.ok_or(Failed::Later)?;
        self.pins.look_at(&known);
        Ok(known)
    }

    async fn profile(&self, actor: &Value, id: &str) -> Result<peers::Profile, Failed> {
        let person = ["Person", "Service", "Application", "Group", "Organization"]
            .iter()
            .any(|kind| json::is(actor, kind));
        let inbox = json::text(actor, "inbox");
        let domain = json::authority(id).ok_or(Failed::Refused)?;
        if !person || !json::same_origin(inbox, id) {
            return Err(Failed::Refused);
        }
        let own = |name: &str| {
            let found = json::id_of(actor, name).filter(|found| json::same_origin(found, id));
            found.unwrap_or_default().to_owned()
        };
        let shared = json::text(&actor["endpoints"], "sharedInbox");
        let shared = if json::same_origin(shared, id) {
            shared
        } else {
            inbox
        };
        let url = json::id_of(actor, "url")
            .filter(|url| json::origin(url).is_some())
            .unwrap_or(id);
        let fields = json::list(actor, "attachment")
            .into_iter()
            .filter(|field| json::is(field, "PropertyValue"))
            .map(|field| {
                (
                    json::text(field, "name").to_owned(),
                    json::text(field, "value").to_owned(),
                )
            });
        let handle = self
            .handle(json::text(actor, "preferredUsername"), &domain, id)
            .await?;
        if self.blocks(&domain) || handle.domain().is_some_and(|named| self.blocks(named)) {
            return Err(Failed::Refused);
        }
        Ok(peers::Profile {
            handle,
            uri: id.to_owned(),
            url: url.to_owned(),
            inbox: inbox.to_owned(),
            shared_inbox: shared.to_owned(),
            followers_uri: own("followers"),
            featured_uri: own("featured"),
            display_name: json::text(actor, "name").to_owned(),
            bio: json::text(actor, "summary").to_owned(),
            fields: fields.collect(),
            avatar: self.picture_of(actor, "icon", id),
            header: self.picture_of(actor, "image", id),
            emojis: self.emojis_of(actor, id),
            locked: actor["manuallyApprovesFollowers"].as_bool().unwrap_or(false),
            bot: json::is(actor, "Service") || json::is(actor, "Application"),
            discoverable: actor["discoverable"].as_bool().unwrap_or(false),
            indexable: actor["indexable"].as_bool().unwrap_or(false),
            domain,
        })
    }

    /// The handle of an actor, as the domain in it says by WebFinger: a name counts only if it leads back to the actor.
    async fn handle(&self, name: &str, host: &str, id: &str) -> Result<Handle, Failed> {
        let handle = Handle::remote(name, host).map_err(|_| Failed::Refused)?;
        let found = self.webfinger(host, &format!("acct:{handle}")).await?;
        if self_link(&found) != Some(id) {
            return Err(Failed::Refused);
        }
        let subject = json::text(&found, "subject")
            .strip_prefix("acct:")
            .unwrap_or_default();
        let named = Handle::parse_any(subject).map_err(|_| Failed::Refused)?;
        let Some(domain) = named.domain() else {
            return Err(Failed::Refused);
        };
        if named == handle {
            return Ok(handle);
        }
        // A server whose handles have another domain: that domain has to agree.
        let confirmed = self.webfinger(domain, &format!("acct:{named}")).await?;
        if self_link(&confirmed) == Some(id) {
            Ok(named)
        } else {
            Err(Failed::Refused)
        }
    }

    /// The actor that a handle names.
    pub(crate) async fn resolve(&self, handle: &Handle) -> Result<RemoteAccount, Failed> {
        let domain = handle.domain().ok_or(Failed::Refused)?;
        let found = self.webfinger(domain, &format!("acct:{handle}")).await?;
        let uri = self_link(&found).ok_or(Failed::Gone)?;
        let account = self.learn(uri).await?;
        Ok(account)
    }

    /// The key of a name, and how its owner stands here: kept, or got from its server, `fresh` where the kept one did not
    /// fit.
    pub(crate) async fn key(
        &self,
        key_id: &str,
        fresh: bool,
    ) -> Result<(RemoteKey, Option<Standing>), Failed> {
        match self.kept_key(key_id).await? {
            // Not again within the slot, or wrong signatures would make us ask without end.
            Some((key, standing)) if !fresh || key.fetched >= self.app.clock.now() => Ok((key, standing)),
            _ => {
                self.fetch_key(key_id).await?;
                self.kept_key(key_id).await?.ok_or(Failed::Later)
            }
        }
    }

    async fn kept_key(&self, key_id: &str) -> Result<Option<(RemoteKey, Option<Standing>)>, Failed> {
        let wanted = key_id.to_owned();
        let read = self
            .app
            .store
            .read("remote_key", move |conn| remote::key(conn, &wanted));
        Ok(read.await.map_err(Refused::from)?)
    }

    async fn fetch_key(&self, key_id: &str) -> Result<(), Failed> {
        let mut actor = self
            .document(key_id.split('#').next().unwrap_or_default())
            .await?;
        let owner = match actor["owner"].as_str() {
            // A document of the key alone: its owner has to name it.
            Some(owner) if json::same_origin(owner, key_id) => owner.to_owned(),
            _ => json::id(&actor).ok_or(Failed::Refused)?.to_owned(),
        };
        if json::id(&actor) != Some(owner.as_str()) {
            actor = self.document(&owner).await?;
        }
        let (named, pem) = key_in(&actor, &owner).ok_or(Failed::Refused)?;
        if named != key_id {
            return Err(Failed::Refused);
        }
        self.keep_key(named, pem).await
    }

    async fn keep_key(&self, key_id: String, (owner, pem): (String, String)) -> Result<(), Failed> {
        let key = RemoteKey {
            owner,
            pem,
            fetched: self.app.clock.now(),
        };
        self.app
            .store
            .write("remote_key", move |conn| remote::set_key(conn, &key_id, &key))
            .await
            .map_err(Refused::from)?;
        Ok(())
    }

    /// Our account of a name of this server: `base/@handle`.
    pub(crate) async fn own_account(&self, uri: &str) -> Option<Account> {
        let name = uri.strip_prefix(&self.app.site.base_url)?.strip_prefix("/@")?;
        let handle = Handle::parse(name).ok()?;
        let card = bauta_service::accounts::by_handle(&self.app, &handle)
            .await
            .ok()?;
        Some((*card.account).clone())
    }

    /// The name of one of our actors.
    pub(crate) fn actor_uri(&self, handle: &Handle) -> String {
        format!("{}/@{handle}", self.app.site.base_url)
    }

    /// The document of one of our actors.
    pub(crate) async fn actor(&self, account: &Account) -> Result<Value, Refused> {
        let key = self.own_key(account.id).await?;
        let uri = self.actor_uri(&account.handle);
        if account.standing == Standing::Suspended {
            return Ok(suspended(account, &uri, &key));
        }
        let fields: Vec<Value> = account
            .fields
            .iter()
            .map(|field| json!({"type": "PropertyValue", "name": field.name, "value": field.value_html}))
            .collect();
        let host = &self.app.site.domain;
        let mut actor = envelope::document(json!({
            "id": uri,
            "type": if account.bot { "Service" } else { "Person" },
            "preferredUsername": account.handle.as_str(),
            // FEP-2c59.
            "webfinger": format!("{}@{host}", account.handle),
            "name": account.name(),
            "summary": account.bio_html,
            "url": uri,
            "inbox": format!("{uri}/inbox"),
            "outbox": format!("{uri}/outbox"),
            "followers": format!("{uri}/followers"),
            "following": format!("{uri}/following"),
            "featured": format!("{uri}/featured"),
            "featuredTags": format!("{uri}/tags"),
            "endpoints": {"sharedInbox": format!("{}/inbox", self.app.site.base_url)},
            "manuallyApprovesFollowers": account.locked,
            "discoverable": account.discoverable,
            "indexable": account.indexable,
            // A month is the finest that is known.
            "published": account.joined.start().rfc3339(),
            "attachment": fields,
            "implements": implements(),
            // Nobody is listed among others' recommendations: there is nobody to ask whether they would let it be.
            "interactionPolicy": {"canFeature": {"automaticApproval": [uri]}},
            "publicKey": {"id": format!("{uri}#main-key"), "owner": uri, "publicKeyPem": key.public_pem()},
            "assertionMethod": [assertion_method(&uri, &key)],
        }));
        let values = account
            .fields
            .iter()
            .flat_map(|field| [field.name.as_str(), field.value.as_str()]);
        let texts = [account.display_name.as_str(), account.bio.as_str()]
            .into_iter()
            .chain(values);
        actor["tag"] = self.emoji_tags(texts).into();
        for (name, picture) in [("icon", account.avatar), ("image", account.header)] {
            if let Some(picture) = picture {
                let url = format!("{}/media/{picture}", self.app.site.base_url);
                actor[name] = json!({"type": "Image", "url": url});
            }
        }
        self.add_other_names(&mut actor, account.id).await?;
        Ok(actor)
    }

    /// The document of an account of ours that moderators suspended, if another server may know it. One that waits to be let
    /// in stands as suspended, and nobody knows it.
    pub(crate) async fn suspended_actor(&self, handle: &Handle) -> Result<Value, Refused> {
        let wanted = handle.clone();
        let read = self.app.store.read("suspended_actor", move |conn| {
            let found = bauta_store::accounts::by_handle(conn, &wanted)?.ok_or(Refused::NotFound)?;
            let is_told = found.standing == Standing::Suspended
                && found.handle.as_str() == wanted.as_str()
                && remote::is_known_elsewhere(conn, found.id)?
                && !waiting::waits(conn, found.id)?;
            if is_told {
                Ok(found)
            } else {
                Err(Refused::NotFound)
            }
        });
        self.actor(&read.await?).await
    }

    /// The document of the server itself, which signs what the server asks.
    pub(crate) async fn server_actor(&self) -> Result<Value, Refused> {
        let key = self.own_key(crate::keys::SERVER).await?;
        let base = &self.app.site.base_url;
        let uri = format!("{base}/actor");
        Ok(envelope::document(json!({
            "id": uri,
            "type": "Application",
            "preferredUsername": self.app.site.domain,
            "name": self.app.site.title,
            "url": base,
            "inbox": format!("{base}/inbox"),
            "outbox": format!("{uri}/outbox"),
            "endpoints": {"sharedInbox": format!("{base}/inbox")},
            "manuallyApprovesFollowers": true,
            "implements": implements(),
            "publicKey": {"id": format!("{uri}#main-key"), "owner": uri, "publicKeyPem": key.public_pem()},
            "assertionMethod": [assertion_method(&uri, &key)],
        })))
    }

    /// Numbers of those among `ids` that are of other servers.
    pub(crate) async fn elsewhere(&self, ids: Vec<AccountId>) -> Result<Vec<RemoteAccount>, Refused> {
        Ok(self
            .app
            .store
            .read("remote_accounts", move |conn| remote::of_many(conn, &ids))
            .await?)
    }
}

/// The key that an actor names as its own.
fn key_in(actor: &Value, id: &str) -> Option<(String, (String, String))> {
    let key = json::list(actor, "publicKey").into_iter().next()?;
    let key_id = json::id(key)?;
    let owned = key["owner"].as_str() == Some(id) && json::same_origin(key_id, id);
    let pem = key["publicKeyPem"].as_str().filter(|pem| pem.len() < 4096)?;
    owned.then(|| (key_id.to_owned(), (id.to_owned(), pem.to_owned())))
}

pub(crate) fn self_link(found: &Value) -> Option<&str> {
    json::list(found, "links")
        .into_iter()
        .find(|link| {
            let kind = link["type"].as_str().unwrap_or_default();
            link["rel"].as_str() == Some("self")
                && (kind == "application/activity+json" || kind.starts_with("application/ld+json"))
        })
        .and_then(|link| link["href"].as_str())
}

/// The key of an actor of ours once more, as FEP-521a has it.
fn assertion_method(uri: &str, key: &OwnKey) -> Value {
    json!({
        "id": format!("{uri}#multikey"),
        "type": "Multikey",
        "controller": uri,
        "publicKeyMultibase": key.public_multibase(),
    })
}

/// What is told of a suspended account: that it is, and what is needed to check that.
fn suspended(account: &Account, uri: &str, key: &OwnKey) -> Value {
    envelope::document(json!({
        "id": uri,
        "type": if account.bot { "Service" } else { "Person" },
        "preferredUsername": account.handle.as_str(),
        "inbox": format!("{uri}/inbox"),
        "outbox": format!("{uri}/outbox"),
        "suspended": true,
        "publicKey": {"id": format!("{uri}#main-key"), "owner": uri, "publicKeyPem": key.public_pem()},
    }))
}

/// FEP-844e: what this server understands beyond ActivityPub.
fn implements() -> Value {
    json!([{"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"}])
}
