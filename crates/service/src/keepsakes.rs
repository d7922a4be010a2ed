//! What a person keeps about others: notes for themselves, recommendations on their profile, servers left out.

use std::collections::HashMap;
use std::sync::Arc;

use bauta_model::AccountId;
use bauta_store::{Window, keepsakes, relations as ties};
use bauta_timeline::AccountCard;

use crate::reading::reader;
use crate::{App, Listed, Refused, Speaker, accounts, relations};

/// Characters of a note, at most (Mastodon's number).
const NOTE_CHARS: usize = 2000;
/// Servers that a person may leave out.
const MOST_DOMAINS: usize = 1000;

/// What a person keeps about an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// What they noted about it.
    pub note: String,
    /// They recommend it on their profile.
    pub endorsed: bool,
    /// They leave out its server.
    pub domain_left_out: bool,
}

/// What the speaker keeps about each of `others`.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn about(
    app: &App,
    speaker: &Speaker,
    others: &[AccountId],
) -> Result<HashMap<AccountId, Kept>, Refused> {
    let (me, others) = (speaker.account, others.to_vec());
    let kept = app
        .store
        .read("kept", move |conn| {
            let mut notes = keepsakes::notes(conn, me, &others)?;
            let endorsed = keepsakes::endorsed_among(conn, me, &others)?;
            let far = keepsakes::of_blocked_domains(conn, me, &others)?;
            let kept = |id: AccountId| Kept {
                note: notes.remove(&id).unwrap_or_default(),
                endorsed: endorsed.contains(&id),
                domain_left_out: far.contains(&id),
            };
            let mut kept = kept;
            Ok::<_, bauta_store::Error>(others.iter().map(|id| (*id, kept(*id))).collect())
        })
        .await?;
    Ok(kept)
}

/// Notes something about an account, for the speaker alone. An empty text takes the note away.
///
/// # Errors
/// [`Refused::NotFound`]; [`Refused::Invalid`] above 2,000 characters.
pub async fn note(app: &App, speaker: &Speaker, of: AccountId, text: &str) -> Result<(), Refused> {
    speaker.speaks()?;
    accounts::by_id(app, of).await?;
    let text = bauta_text::clean_text(text);
    if text.chars().count() > NOTE_CHARS {
        return Err(Refused::invalid(
            "comment",
            format!("A note has at most {NOTE_CHARS} characters."),
        ));
    }
    let me = speaker.account;
    app.store
        .write("note", move |conn| keepsakes::set_note(conn, me, of, &text))
        .await?;
    Ok(())
}

/// Recommends an account on the speaker's profile, for everybody to see.
///
/// # Errors
/// [`Refused::NotFound`]; [`Refused::Invalid`] for somebody whom the speaker does not follow.
pub async fn endorse(app: &App, speaker: &Speaker, of: AccountId) -> Result<(), Refused> {
    speaker.speaks()?;
    accounts::by_id(app, of).await?;
    let (me, showcases) = (speaker.account, Arc::clone(&app.showcases));
    app.store
        .write_then(
            "endorse",
            move |conn| {
                if !ties::between(conn, me, of)?.follows {
                    let why = "You can recommend only people whom you follow.";
                    return Err(Refused::invalid("account", why));
                }
                keepsakes::endorse(conn, me, of)?;
                Ok(())
            },
            move |()| showcases.forget(me),
        )
        .await
}

/// Recommends an account no more.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn unendorse(app: &App, speaker: &Speaker, of: AccountId) -> Result<(), Refused> {
    speaker.speaks()?;
    accounts::by_id(app, of).await?;
    let (me, showcases) = (speaker.account, Arc::clone(&app.showcases));
    app.store
        .write_then(
            "unendorse",
            move |conn| keepsakes::unendorse(conn, me, of),
            move |_| showcases.forget(me),
        )
        .await?;
    Ok(())
}

/// Whom `of` recommends, without those whom the viewer hides.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn endorsed(
    app: &App,
    viewer: Option<&Speaker>,
    of: AccountId,
    window: Window<AccountId>,
) -> Result<Listed<Arc<AccountCard>, AccountId>, Refused> {
    accounts::by_id(app, of).await?;
    let ids = app
        .store
        .read("endorsed", move |conn| keepsakes::endorsed(conn, of, &window))
        .await?;
    let mut cards = accounts::many(app, &ids).await?;
    if let Some(viewer) = viewer {
        let reader = reader(app, viewer.account).await?;
        cards.retain(|card| !reader.hides(card.account.id));
    }
    Ok(Listed::new(cards, &ids, &window))
}

/// The name of a server as it is kept.
fn domain(app: &App, text: &str) -> Result<String, Refused> {
    let name = text
        .trim()
        .trim_start_matches('@')
        .trim_end_matches('.')
        .to_ascii_lowercase();
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let (host, port) = name
        .split_once(':')
        .map_or((name.as_str(), None), |(host, port)| (host, Some(port)));
    let fits =
        name.len() <= 253 && host.split('.').all(part) && port.is_none_or(|port| port.parse::<u16>().is_ok());
    if !fits {
        return Err(Refused::invalid("domain", "This is not the name of a server."));
    }
    if name == app.site.domain {
        return Err(Refused::invalid("domain", "This server can't be left out."));
    }
    Ok(name)
}

/// Leaves a server out: nothing from there is shown or told, and nobody there follows or is followed any more.
///
/// # Errors
/// [`Refused::Invalid`] for what is no server's name, or too many.
pub async fn block_domain(app: &App, speaker: &Speaker, text: &str) -> Result<(), Refused> {
    speaker.speaks()?;
    let name = domain(app, text)?;
    let (me, timelines) = (speaker.account, Arc::clone(&app.timelines));
    let (followed, followers) = app
        .store
        .write_then(
            "block_domain",
            move |conn| {
                keepsakes::block_domain(conn, me, &name)?;
                if keepsakes::blocked_domains(conn, me)?.len() > MOST_DOMAINS {
                    let why = format!("An account leaves out at most {MOST_DOMAINS} servers.");
                    return Err(Refused::invalid("domain", why));
                }
                Ok(keepsakes::tied_to(conn, me, &name)?)
            },
            move |_| timelines.drop_reader(me),
        )
        .await?;
    for other in followed {
        relations::unfollow(app, speaker, other).await?;
    }
    for other in followers {
        relations::remove_follower(app, speaker, other).await?;
    }
    Ok(())
}

/// Lets what comes from a server in again. Nobody is followed because of it.
///
/// # Errors
/// [`Refused::Invalid`] for what is no server's name.
pub async fn unblock_domain(app: &App, speaker: &Speaker, text: &str) -> Result<(), Refused> {
    speaker.speaks()?;
    let name = domain(app, text)?;
    let (me, timelines) = (speaker.account, Arc::clone(&app.timelines));
    app.store
        .write_then(
            "unblock_domain",
            move |conn| keepsakes::unblock_domain(conn, me, &name),
            move |_| timelines.drop_reader(me),
        )
        .await?;
    Ok(())
}

/// The servers that the speaker leaves out, by name.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn blocked_domains(app: &App, speaker: &Speaker) -> Result<Vec<String>, Refused> {
    let me = speaker.account;
    Ok(app
        .store
        .read("blocked_domains", move |conn| {
            keepsakes::blocked_domains(conn, me)
        })
        .await?)
}
