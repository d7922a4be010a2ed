//! Drafts that their authors put aside on the server: saved, read again, changed, and gone when they are published.

use bauta_model::{AccountId, AsideId, Attachment, CoarseTime, Hold};
use bauta_store::{Conn, aside as rows, attachments};

use super::draft::Draft;
use super::kept;
use crate::{App, Refused, Speaker};

/// Drafts of one account.
const MOST: i64 = 50;
/// Bytes of one, as it is written.
const MOST_BYTES: usize = 64 * 1024;

/// A draft that its author put aside.
#[derive(Clone, Debug)]
pub struct Aside {
    /// Its number.
    pub id: AsideId,
    /// What was typed and chosen so far.
    pub draft: Draft,
    /// When it is to appear.
    pub when: When,
    /// What it shows, as far as it is still there.
    pub media: Vec<Attachment>,
}

/// When a draft is to appear, as far as its author chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// At this time. It may have passed when the draft is read again.
    pub at: Option<CoarseTime>,
    /// After a delay of this kind.
    pub hold: Option<Hold>,
}

/// Puts a draft aside, in place of the one that [`Draft::aside`] names. Nothing is checked but that it is not too long: it
/// need not be finished. Its media are not deleted meanwhile.
///
/// # Errors
/// [`Refused::Invalid`] for one too many, or too long; [`Refused::NotFound`] for one that is somebody else's.
pub async fn put(app: &App, speaker: &Speaker, draft: Draft, when: When) -> Result<AsideId, Refused> {
    speaker.speaks()?;
    crate::attachments::check_count(app, &draft.media)?;
    let text = kept::write_with(&draft, when);
    if text.len() > MOST_BYTES {
        return Err(Refused::invalid("status", "This is too long to be put aside."));
    }
    let me = speaker.account;
    let id = draft.aside.unwrap_or_else(AsideId::random);
    app.store
        .write("put_aside", move |conn| {
            // What the draft showed before and does not show any more goes by itself.
            let before = take(conn, me, id)?;
            if !before && rows::count(conn, me)? >= MOST {
                let why = format!("At most {MOST} drafts can be put aside: delete one.");
                return Err(Refused::invalid("status", why));
            }
            attachments::hold(conn, me, &draft.media)?;
            if rows::put(conn, me, id, &text)? {
                Ok(id)
            } else {
                Err(Refused::NotFound)
            }
        })
        .await
}

/// Takes a draft away, and lets its media go by themselves. False where there is none.
pub(super) fn take(conn: &mut Conn, account: AccountId, id: AsideId) -> bauta_store::Result<bool> {
    let Some(text) = rows::take(conn, account, id)? else {
        return Ok(false);
    };
    if let Some(draft) = kept::read(&text) {
        attachments::release(conn, account, &draft.media)?;
    }
    Ok(true)
}

/// All that the speaker put aside.
///
/// # Errors
/// [`Refused::Failed`] where the store fails.
pub async fn list(app: &App, speaker: &Speaker) -> Result<Vec<Aside>, Refused> {
    let me = speaker.account;
    let found = app.store.read("aside", move |conn| rows::list(conn, me)).await?;
    let mut all = Vec::with_capacity(found.len());
    for (id, text) in found {
        all.push(opened(app, speaker, id, &text).await?);
    }
    Ok(all)
}

/// One of what the speaker put aside.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn get(app: &App, speaker: &Speaker, id: AsideId) -> Result<Aside, Refused> {
    let me = speaker.account;
    let found = app
        .store
        .read("one_aside", move |conn| rows::get(conn, me, id))
        .await?;
    opened(app, speaker, id, &found.ok_or(Refused::NotFound)?).await
}

async fn opened(app: &App, speaker: &Speaker, id: AsideId, text: &str) -> Result<Aside, Refused> {
    let unknown = bauta_store::Error::Unknown("aside_drafts.draft");
    let (mut draft, when) = kept::read_with(text).ok_or(unknown)?;
    // Nobody has looked at it yet.
    draft.confirmed = false;
    draft.aside = Some(id);
    let media = crate::attachments::waiting(app, speaker, &draft.media).await?;
    Ok(Aside {
        id,
        draft,
        when,
        media,
    })
}

/// Deletes one. Its media go as uploads that nobody posts.
///
/// # Errors
/// [`Refused::NotFound`].
pub async fn delete(app: &App, speaker: &Speaker, id: AsideId) -> Result<(), Refused> {
    speaker.speaks()?;
    let me = speaker.account;
    let gone = app.store.write("delete_aside", move |conn| take(conn, me, id));
    if gone.await? {
        Ok(())
    } else {
        Err(Refused::NotFound)
    }
}
