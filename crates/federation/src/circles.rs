//! Who follows an account of ours and whom it follows, as other servers may know it: how many, and who only where the account
//! shows that.

use bauta_model::{Account, AccountId};
use bauta_service::{Refused, peers, relations};
use bauta_store::Window;
use bauta_store::remote::RemoteAccount;
use serde_json::{Value, json};

use crate::Peers;

/// Names of one page.
const PAGE: usize = 80;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Circle {
    /// Who follows the account.
    Followers,
    /// Whom it follows.
    Following,
}

/// The name of the first page. Others are called by the account above which they begin.
const FIRST: &str = "true";

impl Peers {
    /// The list, or a page of it, for `asker`.
    pub(crate) async fn circle(
        &self,
        account: &Account,
        circle: Circle,
        (page, asker): (Option<&str>, Option<&RemoteAccount>),
    ) -> Result<Value, Refused> {
        let (what, count) = match circle {
            Circle::Followers => ("followers", account.followers_count),
            Circle::Following => ("following", account.following_count),
        };
        let mut list = self.collection(&format!("@{}/{what}", account.handle), count);
        let name = format!("{}/{what}", self.actor_uri(&account.handle));
        match page {
            None if account.hide_collections => Ok(list),
            None => {
                list["first"] = json!(format!("{name}?page={FIRST}"));
                Ok(list)
            }
            Some(_) if account.hide_collections => Err(Refused::NotFound),
            Some(page) => self.page_of(account.id, circle, (&name, page), asker).await,
        }
    }

    async fn page_of(
        &self,
        of: AccountId,
        circle: Circle,
        (name, page): (&str, &str),
        asker: Option<&RemoteAccount>,
    ) -> Result<Value, Refused> {
        let below = match page {
            FIRST => None,
            number => Some(number.parse().map_err(|_| Refused::NotFound)?),
        };
        let window = Window {
            below,
            ..Window::first(PAGE)
        };
        let speaker = asker.map(|asker| peers::speaks(asker.account));
        let found = match circle {
            Circle::Followers => relations::followers(&self.app, speaker.as_ref(), of, window).await?,
            Circle::Following => relations::following(&self.app, speaker.as_ref(), of, window).await?,
        };
        let ids = found.items.iter().map(|card| card.account.id).collect();
        let elsewhere = self.elsewhere(ids).await?;
        let names = found.items.iter().map(|card| {
            let remote = elsewhere.iter().find(|remote| remote.account == card.account.id);
            remote.map_or_else(
                || self.actor_uri(&card.account.handle),
                |remote| remote.uri.clone(),
            )
        });
        let mut list = json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": format!("{name}?page={page}"),
            "type": "OrderedCollectionPage",
            "partOf": name,
            "orderedItems": names.collect::<Vec<_>>(),
        });
        if let (true, Some(lowest)) = (found.more, found.lowest) {
            list["next"] = json!(format!("{name}?page={lowest}"));
        }
        Ok(list)
    }
}
