//! Hashtags: what is said under one, following it, and showing it on one's profile.

use std::sync::Arc;

use bauta_model::{AccountId, FeaturedTagId};
use bauta_store::tags;

use crate::{App, Refused, Speaker, accounts};

pub use bauta_store::tags::Featured;

/// Tags that a person may follow: each is looked up when the home timeline is read.
const MOST_FOLLOWED: usize = 100;
/// Tags on a profile (Mastodon's number).
pub const MOST_FEATURED: usize = 10;
/// Tags that are suggested for a profile.
const SUGGESTED: i64 = 10;
/// Characters of a hashtag, at most.
const TAG_CHARS: usize = 100;

/// A hashtag, as one reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// In lower case and without `#`.
    pub name: String,
    /// The reader follows it.
    pub follows: bool,
    /// It is on the reader's profile.
    pub features: bool,
}

/// A hashtag's name as it is kept, with or without `#`.
///
/// # Errors
/// [`Refused::Invalid`] for what can't be a hashtag.
pub fn name(text: &str) -> Result<String, Refused> {
    let name = text.trim().trim_start_matches('#').to_lowercase();
    let fits = !name.is_empty()
        && name.chars().count() <= TAG_CHARS
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().any(char::is_alphabetic);
    if fits {
        Ok(name)
    } else {
        Err(Refused::invalid("name", "This is not a hashtag."))
    }
}

/// A hashtag, as `viewer` sees it.
///
/// # Errors
/// [`Refused::NotFound`] for what can't be a hashtag.
pub async fn about(app: &App, viewer: Option<&Speaker>, text: &str) -> Result<Tag, Refused> {
    let name = name(text).map_err(|_| Refused::NotFound)?;
    let Some(me) = viewer.map(|speaker| speaker.account) else {
        return Ok(Tag {
            name,
            follows: false,
            features: false,
        });
    };
    let (followed, featured) = app
        .store
        .read("tag_of", move |conn| {
            Ok::<_, bauta_store::Error>((tags::followed(conn, me)?, tags::featured(conn, me)?))
        })
        .await?;
    Ok(Tag {
        follows: followed.contains(&name),
        features: featured.iter().any(|featured| featured.tag == name),
        name,
    })
}

/// The hashtags that the speaker follows, by name.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn followed(app: &App, speaker: &Speaker) -> Result<Vec<String>, Refused> {
    let me = speaker.account;
    Ok(app
        .store
        .read("followed_tags", move |conn| tags::followed(conn, me))
        .await?)
}

/// Follows a hashtag: public posts with it are in the home timeline. Nobody is told.
///
/// # Errors
/// [`Refused::Invalid`] for what can't be a hashtag, or too many.
pub async fn follow(app: &App, speaker: &Speaker, text: &str) -> Result<Tag, Refused> {
    speaker.speaks()?;
    let name = name(text)?;
    let (me, tag) = (speaker.account, name.clone());
    let timelines = Arc::clone(&app.timelines);
    app.store
        .write_then(
            "follow_tag",
            move |conn| {
                if tags::follow(conn, me, &tag)? && tags::followed(conn, me)?.len() > MOST_FOLLOWED {
                    return Err(Refused::invalid(
                        "name",
                        format!("An account follows at most {MOST_FOLLOWED} hashtags."),
                    ));
                }
                Ok(())
            },
            move |()| timelines.drop_reader(me),
        )
        .await?;
    about(app, Some(speaker), &name).await
}

/// Follows a hashtag no more.
///
/// # Errors
/// [`Refused::Invalid`] for what can't be a hashtag.
pub async fn unfollow(app: &App, speaker: &Speaker, text: &str) -> Result<Tag, Refused> {
    speaker.speaks()?;
    let name = name(text)?;
    let (me, tag) = (speaker.account, name.clone());
    let timelines = Arc::clone(&app.timelines);
    app.store
        .write_then(
            "unfollow_tag",
            move |conn| tags::unfollow(conn, me, &tag),
            move |_| timelines.drop_reader(me),
        )
        .await?;
    about(app, Some(speaker), &name).await
}

/// The hashtags on the profile of `of`, by name.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn featured(app: &App, of: AccountId) -> Result<Vec<Featured>, Refused> {
    accounts::by_id(app, of).await?;
    Ok(app
        .store
        .read("featured_tags", move |conn| tags::featured(conn, of))
        .await?)
}

/// Puts a hashtag on the speaker's profile, where it may be already.
///
/// # Errors
/// [`Refused::Invalid`] for what can't be a hashtag, or too many.
pub async fn feature(app: &App, speaker: &Speaker, text: &str) -> Result<Featured, Refused> {
    speaker.speaks()?;
    let name = name(text)?;
    let (me, tag) = (speaker.account, name.clone());
    let showcases = Arc::clone(&app.showcases);
    let all = app
        .store
        .write_then(
            "feature_tag",
            move |conn| {
                tags::feature(conn, me, FeaturedTagId::random(), &tag)?;
                let all = tags::featured(conn, me)?;
                if all.len() > MOST_FEATURED {
                    return Err(Refused::invalid(
                        "name",
                        format!("A profile shows at most {MOST_FEATURED} hashtags."),
                    ));
                }
                Ok(all)
            },
            move |_| showcases.forget(me),
        )
        .await?;
    all.into_iter()
        .find(|featured| featured.tag == name)
        .ok_or(Refused::NotFound)
}

/// Takes a hashtag off the speaker's profile, by its number there.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn unfeature(app: &App, speaker: &Speaker, id: FeaturedTagId) -> Result<(), Refused> {
    speaker.speaks()?;
    let (me, showcases) = (speaker.account, Arc::clone(&app.showcases));
    let gone = app
        .store
        .write_then(
            "unfeature_tag",
            move |conn| tags::unfeature(conn, me, id),
            move |_| showcases.forget(me),
        )
        .await?;
    if gone { Ok(()) } else { Err(Refused::NotFound) }
}

/// Takes a hashtag off the speaker's profile, by its name. Nothing happens where it is not there.
///
/// # Errors
/// [`Refused::Invalid`] for what can't be a hashtag.
pub async fn unfeature_by_name(app: &App, speaker: &Speaker, text: &str) -> Result<Tag, Refused> {
    speaker.speaks()?;
    let name = name(text)?;
    let (me, tag) = (speaker.account, name.clone());
    let showcases = Arc::clone(&app.showcases);
    app.store
        .write_then(
            "unfeature_tag",
            move |conn| tags::unfeature_by_name(conn, me, &tag),
            move |_| showcases.forget(me),
        )
        .await?;
    about(app, Some(speaker), &name).await
}

/// What the speaker could put on their profile: the hashtags that they use most, and that are not on it.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn suggested(app: &App, speaker: &Speaker) -> Result<Vec<String>, Refused> {
    let me = speaker.account;
    let (used, featured) = app
        .store
        .read("suggested_tags", move |conn| {
            let most = SUGGESTED + MOST_FEATURED as i64;
            Ok::<_, bauta_store::Error>((tags::most_used(conn, me, most)?, tags::featured(conn, me)?))
        })
        .await?;
    let new = |tag: &String| !featured.iter().any(|featured| featured.tag == *tag);
    Ok(used.into_iter().filter(new).take(SUGGESTED as usize).collect())
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_hashtag_has_a_letter_and_nothing_odd() {
        assert_eq!(name(" #Rivers ").unwrap(), "rivers");
        assert_eq!(name("año_2").unwrap(), "año_2");
        for wrong in ["", "#", "2026", "a b", "a-b", "a,b", "%", &"a".repeat(101)] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }
}
