//! Followers whom two servers both keep, compared (FEP-8fcf): what is for followers alone is told with a digest of those at the
//! server that it goes to, and who is not among them any more does not read it there.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use axum::http::request::Parts;
use bauta_model::{Account, AccountId};
use bauta_service::{Refused, peers};
use bauta_store::outbox::{self, Change, Kind};
use bauta_store::shared_followers;
use http::HeaderName;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::fetch::Failed;
use crate::sending::Carried;
use crate::{Peers, json};

/// The header by which followers are compared.
const HEADER: &str = "collection-synchronization";
/// Accounts whose followers are to be compared; more are left out until their authors speak again.
const MOST: usize = 1000;
/// Followers here of one account, up to which they are compared.
const MOST_FOLLOWERS: i64 = 10_000;
/// Follows that are ended elsewhere in one go.
const MOST_ENDED: usize = 100;
/// How long comparing the followers of one account may take.
const LONGEST: Duration = Duration::from_secs(15);

/// What a header says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    collection: String,
    url: String,
    digest: String,
}

impl Told {
    fn read(header: &str) -> Option<Self> {
        let mut parts = BTreeMap::new();
        for part in header.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            parts.insert(name, value.strip_prefix('"')?.strip_suffix('"')?);
        }
        let part = |name: &str| parts.get(name).map(|value| (*value).to_owned());
        Some(Self {
            collection: part("collectionId")?,
            url: part("url")?,
            digest: part("digest")?.to_ascii_lowercase(),
        })
    }
}

/// The SHA-256 of each name, all of them together by exclusive or, in hexadecimal.
fn digest_of<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut all = [0; SHA256_OUTPUT_LEN];
    for name in names {
        let one = digest(&SHA256, name.as_bytes());
        all.iter_mut()
            .zip(one.as_ref())
            .for_each(|(all, one)| *all ^= one);
    }
    let hex = String::with_capacity(2 * all.len());
    all.iter().fold(hex, |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Accounts whose followers are to be compared, by the names of their actors.
#[derive(Default)]
pub(crate) struct Waiting {
    told: Mutex<BTreeMap<String, Told>>,
    more: Notify,
}

impl Waiting {
    async fn next(&self) -> (String, Told) {
        loop {
            if let Some(told) = self.told.lock().pop_first() {
                return told;
            }
            self.more.notified().await;
        }
    }
}

/// Starts the worker that compares: one account after the other, so that no server keeps an inbox waiting.
pub(crate) fn start(peers: &Arc<Peers>) {
    let peers = Arc::clone(peers);
    tokio::spawn(async move {
        loop {
            let (actor, told) = peers.followers.next().await;
            // Late or refused, what is known stays.
            let _ = tokio::time::timeout(LONGEST, peers.compare(&actor, &told)).await;
        }
    });
}

impl Peers {
    /// Notes that the followers here of `actor`, who signed a request, are to be compared, if it says so. A header that was not
    /// signed does not come this far.
    pub(crate) fn hear_of_followers(&self, actor: &str, parts: &Parts) {
        let mut values = parts.headers.get_all(HEADER).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return;
        };
        let Some(told) = value.to_str().ok().and_then(Told::read) else {
            return;
        };
        let mut waiting = self.followers.told.lock();
        if waiting.len() < MOST && json::same_origin(&told.url, actor) {
            waiting.insert(actor.to_owned(), told);
            self.followers.more.notify_one();
        }
    }

    /// Compares who follows `actor` here with what its server says, which decides: whoever it does not list follows no more,
    /// and of whom it lists and nobody here knows, it is told so.
    async fn compare(&self, actor: &str, told: &Told) -> Result<(), Failed> {
        let followed = self.known(actor).await?.ok_or(Failed::Gone)?;
        if followed.followers_uri.is_empty() || followed.followers_uri != told.collection {
            return Err(Failed::Refused);
        }
        let account = followed.account;
        let here = self.app.store.read("followers_here", move |conn| {
            shared_followers::here(conn, account, MOST_FOLLOWERS)
        });
        let here = here.await.map_err(Refused::from)?.ok_or(Failed::Refused)?;
        let here: Vec<(String, AccountId)> = here
            .iter()
            .map(|(id, handle)| (self.actor_uri(handle), *id))
            .collect();
        let host = json::authority(actor).unwrap_or_default();
        let same = digest_of(here.iter().map(|(name, _)| name.as_str())) == told.digest;
        if same || !self.may_ask_again(&host) {
            return Ok(());
        }
        let listed = listed(&self.document(&told.url).await?, &told.url)?;
        for (name, follower) in &here {
            if !listed.contains(name) {
                peers::answered(&self.app, *follower, account, false).await?;
            }
        }
        let unknown = listed
            .iter()
            .filter(|name| here.iter().all(|(known, _)| known != *name));
        for name in unknown.take(MOST_ENDED) {
            if let Some(own) = self.own_account(name).await {
                let change = Change::new(Kind::Follow, own.id, account.get());
                let noted = self
                    .app
                    .store
                    .write("follow_ended", move |conn| outbox::note(conn, &change));
                noted.await.map_err(Refused::from)?;
            }
        }
        Ok(())
    }

    /// The followers of an account of ours at the host of whoever asks: nobody else's.
    pub(crate) async fn followers_at(&self, account: &Account, host: &str) -> Result<Value, Refused> {
        let names = self.followers_of_at(account.id, host).await?;
        let place = format!("@{}/{PLACE}", account.handle);
        let mut list = self.collection(&place, names.len() as i64);
        list["orderedItems"] = json!(names);
        Ok(list)
    }

    async fn followers_of_at(&self, account: AccountId, host: &str) -> Result<Vec<String>, Refused> {
        let host = host.to_owned();
        let read = self.app.store.read("followers_at", move |conn| {
            shared_followers::at_host(conn, account, &host)
        });
        Ok(read.await?)
    }

    /// The header that goes along with what is for followers alone, to `host`.
    pub(crate) async fn compared_at(&self, carried: &Carried, host: &str) -> Option<(HeaderName, String)> {
        let actor = carried.for_followers.as_ref()?;
        // The comparison is left out where the store fails: the next post has it.
        let names = self.followers_of_at(carried.signer, host).await.ok()?;
        let digest = digest_of(names.iter().map(String::as_str));
        let value =
            format!("collectionId=\"{actor}/followers\", url=\"{actor}/{PLACE}\", digest=\"{digest}\"");
        Some((HeaderName::from_static(HEADER), value))
    }
}

/// What follows the name of an actor of ours in the name of the list of its followers at one host.
pub(crate) const PLACE: &str = "followers_synchronization";

/// True for a new post that is for the followers of its `actor` alone.
pub(crate) fn are_told_alone(activity: &Value, actor: &str) -> bool {
    let to = [json::addressed(activity, "to"), json::addressed(activity, "cc")].concat();
    let followers = format!("{actor}/followers");
    json::is(activity, "Create") && to.contains(&followers.as_str()) && !to.into_iter().any(json::is_public)
}

/// The names in a list that is whole: of one that goes on elsewhere nobody is missing.
fn listed(list: &Value, url: &str) -> Result<Vec<String>, Failed> {
    let name = ["orderedItems", "items"]
        .into_iter()
        .find(|name| list[name].is_array());
    let whole = json::id(list) == Some(url) && list["first"].is_null() && list["next"].is_null();
    let items = name.and_then(|name| list[name].as_array()).filter(|_| whole);
    let items = items.ok_or(Failed::Refused)?;
    let names = items.iter().map(|item| json::id(item).map(str::to_owned));
    names.collect::<Option<Vec<_>>>().ok_or(Failed::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_proposal() {
        let names = [
            "https://testing.example.org/users/1",
            "https://testing.example.org/users/2",
        ];
        let digest = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f";
        assert_eq!(digest_of(names.into_iter()), digest);
        assert_eq!(digest_of(std::iter::empty()), "0".repeat(64));
    }

    #[test]
    fn a_header_is_read_whole_or_not() {
        let told =
            Told::read("collectionId=\"https://a.example/f\", url=\"https://a.example/s\", digest=\"AB\"")
                .unwrap();
        assert_eq!(
            (told.collection.as_str(), told.url.as_str(), told.digest.as_str()),
            ("https://a.example/f", "https://a.example/s", "ab")
        );
        for odd in [
            "",
            "digest=\"ab\"",
            "url=x",
            "collectionId=\"x\", url=\"x\", digest=",
            "=,=,\"",
        ] {
            assert_eq!(Told::read(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_list_that_is_not_whole_ends_no_follow() {
        let url = "https://a.example/s";
        let list = json!({"id": url, "orderedItems": ["https://b.example/1"]});
        assert_eq!(listed(&list, url), Ok(vec!["https://b.example/1".to_owned()]));
        for change in [
            json!({"first": "https://a.example/s?page=1"}),
            json!({"orderedItems": null}),
            json!({"orderedItems": [7]}),
            json!({"id": "https://a.example/other"}),
        ] {
            let mut list = list.clone();
            for (name, value) in change.as_object().unwrap() {
                list[name] = value.clone();
            }
            assert_eq!(listed(&list, url), Err(Failed::Refused), "{list}");
        }
    }
}
