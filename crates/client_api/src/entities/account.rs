//! An account in Mastodon's JSON.

use std::sync::Arc;

use bauta_model::{Account, Preferences, Role, Standing};
use bauta_service::App;
use bauta_timeline::{AccountCard, Piece};
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Value, json};

use super::emoji;
use crate::media;

/// An account as everybody may know it.
pub(crate) fn account(app: &App, account: &Account) -> Value {
    let base = &app.site.base_url;
    let url = format!("{base}/@{}", account.handle);
    let avatar = media::avatar_url(base, account);
    let header = media::header_url(base, account);
    let fields: Vec<Value> = account
        .fields
        .iter()
        .map(|field| json!({"name": field.name, "value": field.value_html, "verified_at": null}))
        .collect();
    let mut entity = json!({
        "id": account.id.to_string(),
        "username": account.handle.name(),
        "acct": account.handle.as_str(),
        "display_name": account.display_name,
        "locked": account.locked,
        "bot": account.bot,
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "group": false,
        // A month is the finest that is known.
        "created_at": account.joined.start().rfc3339(),
        "note": account.bio_html,
        "url": url,
        "uri": url,
        "avatar": avatar,
        "avatar_static": avatar,
        "header": header,
        "header_static": header,
        "followers_count": account.followers_count,
        "following_count": account.following_count,
        "statuses_count": account.posts_count,
        // When somebody was last here is not kept.
        "last_status_at": null,
        "hide_collections": account.hide_collections,
        "noindex": !account.indexable,
        "emojis": emoji::used(app, account, texts(account)),
        "roles": [],
        "fields": fields,
    });
    if account.standing == Standing::Limited {
        entity["limited"] = json!(true);
    }
    entity
}

/// Where the names of small pictures may stand in a profile.
fn texts(account: &Account) -> impl Iterator<Item = &str> {
    let fields = account.fields.iter();
    [account.display_name.as_str(), account.bio.as_str()]
        .into_iter()
        .chain(fields.flat_map(|field| [field.name.as_str(), field.value.as_str()]))
}

/// The same for every reader, so it is rendered once and kept with the account's card.
pub(crate) fn rendered(app: &App, card: &AccountCard) -> Bytes {
    card.piece(Piece::JsonHead, || {
        Bytes::from(account(app, &card.account).to_string())
    })
    .clone()
}

/// A list of accounts.
pub(crate) fn list(app: &App, cards: &[Arc<AccountCard>]) -> Bytes {
    let mut out = BytesMut::new();
    out.put_u8(b'[');
    for (nth, card) in cards.iter().enumerate() {
        if nth > 0 {
            out.put_u8(b',');
        }
        out.put(rendered(app, card));
    }
    out.put_u8(b']');
    out.freeze()
}

/// What the owner alone sees besides.
pub(crate) struct Owned<'a> {
    /// What the owner prefers.
    pub(crate) preferences: &'a Preferences,
    /// How many wait to be let in as followers.
    pub(crate) follow_requests: i64,
}

/// An account as its owner sees it.
pub(crate) fn credential_account(app: &App, of: &Account, owned: &Owned<'_>) -> Value {
    let mut entity = account(app, of);
    let fields: Vec<Value> = of
        .fields
        .iter()
        .map(|field| json!({"name": field.name, "value": field.value, "verified_at": null}))
        .collect();
    let preferences = owned.preferences;
    entity["source"] = json!({
        "privacy": preferences.default_visibility.as_api(),
        "sensitive": preferences.default_sensitive,
        "language": preferences.default_language,
        "note": of.bio,
        "fields": fields,
        "follow_requests_count": owned.follow_requests,
        "hide_collections": of.hide_collections,
        "discoverable": of.discoverable,
        "indexable": of.indexable,
        "attribution_domains": [],
        "quote_policy": preferences.default_quote_policy.as_api(),
        "reply_policy": preferences.default_reply_policy.as_api(),
    });
    entity["role"] = role(of.role);
    entity
}

/// Bits of Mastodon's `UserRole::FLAGS`: administrator; reports and users.
const OPERATES: u64 = 1;
const MODERATES: u64 = (1 << 4) | (1 << 10);
/// What everybody may: invite.
const INVITES: u64 = 1 << 16;

pub(crate) fn role(role: Role) -> Value {
    let (id, name, permissions) = match role {
        Role::User => ("-99", "", INVITES),
        Role::Moderator => ("1", "Moderator", MODERATES | INVITES),
        Role::Operator => ("3", "Operator", OPERATES),
    };
    json!({
        "id": id,
        "name": name,
        "color": "",
        "permissions": permissions.to_string(),
        "highlighted": role.moderates(),
        "collection_limit": 0,
    })
}
