//! What moderators announce to everybody here. Each waves it away for themselves, and may react with an emoji.

use std::collections::HashSet;
use std::sync::Arc;

use bauta_model::{AnnouncementId, CoarseTime};
pub use bauta_store::announcements::Reaction;
use bauta_store::announcements::{self as rows, Announcement};

use crate::streams::{Happening, News};
use crate::{App, Refused, Speaker};

/// An announcement as somebody sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What is announced.
    pub announcement: Announcement,
    /// They waved it away.
    pub dismissed: bool,
    /// The reactions, the most given first.
    pub reactions: Vec<Reaction>,
    /// Hashtags in it.
    pub tags: Vec<String>,
}

/// Different reactions to one announcement, at most (Mastodon's number).
const MOST_REACTIONS: usize = 8;
/// Characters of an announcement.
pub const MOST_CHARS: usize = 2000;
/// Days that one may be shown.
const MOST_DAYS: u16 = 365;
/// How many may be shown at a time.
const MOST_SHOWN: usize = 20;

/// What is announced now, the newest first.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn list(app: &App, speaker: &Speaker) -> Result<Vec<Seen>, Refused> {
    let me = speaker.account;
    let (shown, dismissed, reactions) = app
        .store
        .read("announcements", move |conn| {
            let shown = rows::shown(conn)?;
            if shown.is_empty() {
                return Ok::<_, bauta_store::Error>((shown, HashSet::default(), Vec::new()));
            }
            Ok((shown, rows::dismissed(conn, me)?, rows::reactions(conn, me)?))
        })
        .await?;
    let seen = |announcement: Announcement| Seen {
        dismissed: dismissed.contains(&announcement.id),
        reactions: reactions
            .iter()
            .filter(|one| one.announcement == announcement.id)
            .cloned()
            .collect(),
        tags: bauta_text::render(&announcement.text, app.site.text(), |_| None).tags,
        announcement,
    };
    Ok(shown.into_iter().map(seen).collect())
}

/// The speaker waves one away.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn dismiss(app: &App, speaker: &Speaker, id: AnnouncementId) -> Result<(), Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    app.store
        .write("dismiss_announcement", move |conn| {
            if !rows::exists(conn, id)? {
                return Err(Refused::NotFound);
            }
            Ok(rows::dismiss(conn, me, id)?)
        })
        .await
}

/// The speaker reacts, with an emoji or the name of a small picture.
///
/// # Errors
/// [`Refused::NotFound`]; [`Refused::Invalid`] for what is neither, and for a ninth different one.
pub async fn react(app: &App, speaker: &Speaker, id: AnnouncementId, name: &str) -> Result<(), Refused> {
    speaker.speaks()?;
    if app.emojis.get(name).is_none() && !bauta_text::is_emoji(name) {
        return Err(Refused::invalid("name", "Name is not a recognized emoji"));
    }
    let (me, name) = (speaker.account, name.to_owned());
    let news = News::Reacted(id, name.as_str().into());
    app.store
        .write_then(
            "react",
            move |conn| {
                if !rows::exists(conn, id)? {
                    return Err(Refused::NotFound);
                }
                if rows::react(conn, me, id, &name, MOST_REACTIONS)? {
                    Ok(())
                } else {
                    Err(Refused::invalid(
                        "name",
                        "There are eight different reactions already.",
                    ))
                }
            },
            say(app, news),
        )
        .await
}

/// The speaker takes a reaction back.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn unreact(app: &App, speaker: &Speaker, id: AnnouncementId, name: &str) -> Result<(), Refused> {
    speaker.speaks()?;
    let (me, name) = (speaker.account, name.to_owned());
    let news = News::Reacted(id, name.as_str().into());
    app.store
        .write_then(
            "unreact",
            move |conn| {
                if !rows::exists(conn, id)? {
                    return Err(Refused::NotFound);
                }
                Ok(rows::unreact(conn, me, id, &name)?)
            },
            say(app, news),
        )
        .await
}

/// Announces something, for so many days or until it is taken down.
///
/// # Errors
/// [`Refused::Forbidden`] for everybody but moderators; [`Refused::Invalid`] names `text` or `days`.
pub async fn publish(app: &App, speaker: &Speaker, text: &str, days: Option<u16>) -> Result<(), Refused> {
    speaker.speaks()?;
    moderates(speaker)?;
    let text = bauta_text::clean_text(text);
    if text.is_empty() {
        return Err(Refused::invalid("text", "Write what is to be announced."));
    }
    if text.chars().count() > MOST_CHARS {
        let why = format!("An announcement has at most {MOST_CHARS} characters.");
        return Err(Refused::invalid("text", why));
    }
    if days.is_some_and(|days| days == 0 || days > MOST_DAYS) {
        return Err(Refused::invalid("days", "One day at least, a year at most."));
    }
    let now = app.clock.now();
    let announcement = Announcement {
        id: AnnouncementId::random(),
        html: bauta_text::render(&text, app.site.text(), |_| None).html,
        text,
        published: now,
        ends: days.map(|days| end(now, days)),
    };
    let news = News::Announced(announcement.id);
    app.store
        .write_then(
            "announce",
            move |conn| {
                if rows::shown(conn)?.len() >= MOST_SHOWN {
                    return Err(Refused::invalid(
                        "text",
                        "Twenty are shown already: take one down.",
                    ));
                }
                Ok(rows::insert(conn, &announcement)?)
            },
            say(app, news),
        )
        .await
}

/// Says it to streams, once it is written.
fn say(app: &App, news: News) -> impl FnOnce(&()) + Send + use<> {
    let streams = Arc::clone(&app.streams);
    move |()| streams.say(Happening::ForAll(news))
}

fn end(now: CoarseTime, days: u16) -> CoarseTime {
    now.plus(std::time::Duration::from_hours(24 * u64::from(days)))
}

/// Takes one down.
///
/// # Errors
/// [`Refused::Forbidden`] for everybody but moderators; [`Refused::NotFound`].
pub async fn remove(app: &App, speaker: &Speaker, id: AnnouncementId) -> Result<(), Refused> {
    speaker.speaks()?;
    moderates(speaker)?;
    let say = say(app, News::TakenDown(id));
    let gone = app
        .store
        .write_then(
            "take_down",
            move |conn| rows::delete(conn, id),
            move |gone| {
                if *gone {
                    say(&());
                }
            },
        )
        .await?;
    if gone { Ok(()) } else { Err(Refused::NotFound) }
}

const fn moderates(speaker: &Speaker) -> Result<(), Refused> {
    if speaker.role.moderates() {
        Ok(())
    } else {
        Err(Refused::Forbidden("This is for moderators."))
    }
}
