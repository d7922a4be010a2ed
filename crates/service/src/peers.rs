//! People of other servers, as far as somebody here has to do with them.

use std::sync::Arc;

use bauta_model::{Account, AccountId, Field, Handle, Role, SessionId, Standing};
use bauta_store::media::Kind;
use bauta_store::remote::{self, RemoteAccount};

use crate::by_slot;
use crate::remote_emojis::{self, Named};
use crate::remote_media::{self, Shown};
use crate::{App, Refused, Scopes, SessionKind, Speaker};

/// A profile as its server tells it. Texts are as they came.
#[derive(Clone, Debug)]
pub struct Profile {
    /// `name@domain`.
    pub handle: Handle,
    /// The actor.
    pub uri: String,
    /// Its page for people.
    pub url: String,
    /// The host of the actor.
    pub domain: String,
    /// Where it is written to.
    pub inbox: String,
    /// Where its whole server is written to.
    pub shared_inbox: String,
    /// The name of its followers as an audience.
    pub followers_uri: String,
    /// The name of the list of what it pinned.
    pub featured_uri: String,
    /// The display name.
    pub display_name: String,
    /// HTML.
    pub bio: String,
    /// The avatar.
    pub avatar: Option<Shown>,
    /// The banner.
    pub header: Option<Shown>,
    /// Labels, and values in HTML.
    pub fields: Vec<(String, String)>,
    /// Small pictures that its texts name.
    pub emojis: Vec<Named>,
    /// Follows need its consent.
    pub locked: bool,
    /// A program posts.
    pub bot: bool,
    /// May be suggested.
    pub discoverable: bool,
    /// Its public posts may be found.
    pub indexable: bool,
}

/// Lines of a profile.
const MOST_FIELDS: usize = 8;
/// Characters of a display name, a label; ten times as many of other texts.
const MOST_CHARS: usize = 100;

/// An account of another server, as one who acts here: with the rights of anybody, and the limits of anybody.
pub fn speaks(account: AccountId) -> Speaker {
    Speaker {
        account,
        keyholder: None,
        duties: bauta_model::Duties::ALL,
        role: Role::User,
        session: SessionId::random(),
        kind: SessionKind::App,
        scopes: Scopes::all(),
    }
}

/// Takes a profile in, or what changed of it.
///
/// # Errors
/// [`Refused::Forbidden`] when another actor has the handle.
pub async fn learn(app: &App, profile: Profile) -> Result<AccountId, Refused> {
    let accounts = Arc::clone(&app.accounts);
    let today = app.clock.today();
    let month = app.clock.month();
    let rules = app.domains.rules();
    let hosts = [
        profile.domain.as_str(),
        profile.handle.domain().unwrap_or_default(),
    ];
    let [first, second] = hosts.map(|host| rules.standing(host));
    let standing = if first.code() > second.code() {
        first
    } else {
        second
    };
    let (avatar, header) = (profile.avatar.clone(), profile.header.clone());
    let due = by_slot::soon(&app.clock);
    let mut memory = remote_media::Memory::of(app);
    let (id, _) = app
        .store
        .write_then(
            "learn_profile",
            move |conn| {
                let known = remote::by_uri(conn, &profile.uri)?;
                let id = known
                    .as_ref()
                    .map_or_else(AccountId::random, |known| known.account);
                let before = bauta_store::accounts::by_id(conn, id)?;
                if bauta_store::accounts::by_handle(conn, &profile.handle)?
                    .is_some_and(|other| other.id != id)
                {
                    return Err(Refused::Forbidden("Another account has this handle."));
                }
                let account = account(&profile, id, before.as_ref(), (month, standing));
                if before.is_some() {
                    bauta_store::accounts::update_profile(conn, &account)?;
                } else {
                    bauta_store::accounts::insert(conn, &account)?;
                }
                remote::set(
                    conn,
                    &RemoteAccount {
                        account: id,
                        uri: profile.uri,
                        url: profile.url,
                        domain: profile.domain,
                        inbox: profile.inbox,
                        shared_inbox: profile.shared_inbox,
                        followers_uri: profile.followers_uri,
                        featured_uri: profile.featured_uri,
                        fetched: today,
                    },
                )?;
                remote_emojis::name(conn, id, account.handle.domain(), &profile.emojis)?;
                let pictures = [(Kind::Avatar, avatar.as_ref()), (Kind::Header, header.as_ref())];
                Ok((id, remote_media::show_profile(conn, id, pictures, due)?))
            },
            move |(id, dropped)| {
                accounts.invalidate(*id);
                memory.tell(&mut dropped.clone());
            },
        )
        .await?;
    Ok(id)
}

fn account(
    profile: &Profile,
    id: AccountId,
    before: Option<&Account>,
    (month, standing): (bauta_model::Month, Standing),
) -> Account {
    let bio_html = bauta_text::sanitise(&cut(&profile.bio, 20 * MOST_CHARS));
    let fields = profile.fields.iter().take(MOST_FIELDS).map(|(name, value)| {
        let value_html = bauta_text::sanitise(&cut(value, 10 * MOST_CHARS));
        Field {
            name: cut(&bauta_text::clean_line(name), MOST_CHARS),
            value: bauta_text::plain(&value_html),
            value_html,
        }
    });
    Account {
        // A handle stays as it was first told.,
        display_name: cut(&bauta_text::clean_name(&profile.display_name), MOST_CHARS),
        bio: bauta_text::plain(&bio_html),
        bio_html,
        fields: fields.collect(),
        locked: profile.locked,
        bot: profile.bot,
        discoverable: profile.discoverable,
        indexable: profile.indexable,
        standing: before.map_or(standing, |before| before.standing),
        // Others take their place once they were got.
        avatar: before.and_then(|before| before.avatar),
        header: before.and_then(|before| before.header),
        ..Account::new(
            id,
            before.map_or_else(|| profile.handle.clone(), |before| before.handle.clone()),
            before.map_or(month, |before| before.joined),
        )
    }
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// Forgets an account of another server, when that says that it is gone.
///
/// # Errors
/// [`Refused::NotFound`] where it is not known.
pub async fn forget(app: &App, uri: &str) -> Result<(), Refused> {
    let known = {
        let uri = uri.to_owned();
        app.store
            .read("by_uri", move |conn| remote::by_uri(conn, &uri))
            .await?
    };
    let uri = uri.to_owned();
    app.store
        .write("forget_keys", move |conn| remote::forget_keys(conn, &uri))
        .await?;
    let known = known.ok_or(Refused::NotFound)?;
    crate::accounts::erase_account(app, known.account).await
}

/// Keeps by which name another server calls a follow, before it is made.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn name_follow(
    app: &App,
    follower: AccountId,
    followee: AccountId,
    uri: &str,
) -> Result<(), Refused> {
    let uri = uri.to_owned();
    app.store
        .write("name_follow", move |conn| {
            remote::name_follow(conn, follower, followee, &uri)
        })
        .await?;
    Ok(())
}

/// The answer of `followee`, of another server, to a follow of `follower`.
///
/// # Errors
/// [`Refused::NotFound`] where nobody asked: a follow that nobody asked for is not made by an answer.
pub async fn answered(
    app: &App,
    follower: AccountId,
    followee: AccountId,
    accepted: bool,
) -> Result<(), Refused> {
    let speaker = speaks(followee);
    if accepted {
        crate::relations::accept_request(app, &speaker, follower).await?;
        return Ok(());
    }
    match crate::relations::reject_request(app, &speaker, follower).await {
        Err(Refused::NotFound) => crate::relations::remove_follower(app, &speaker, follower).await,
        other => other,
    }
    .map(|_| ())
}
