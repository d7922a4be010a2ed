//! What an edit does to the media of a post.

use bauta_model::{MediaId, Post};
use bauta_store::media::Place;
use bauta_store::{Conn, attachments as stored};

use super::Edit;
use crate::attachments::{self, Described};
use crate::{App, Refused};

/// What becomes of the media.
pub(super) struct MediaChanges {
    pub(super) media: Option<Vec<MediaId>>,
    described: Vec<(MediaId, Described)>,
}

/// What an edit wants, checked and cleaned.
pub(super) fn media_of(app: &App, wanted: &Edit) -> Result<MediaChanges, Refused> {
    if let Some(media) = &wanted.media {
        attachments::check_count(app, media)?;
    }
    let described = wanted
        .described
        .iter()
        .map(|(id, described)| Ok((*id, attachments::clean(app, described.clone())?)))
        .collect::<Result<_, Refused>>()?;
    Ok(MediaChanges {
        media: wanted.media.clone(),
        described,
    })
}

impl MediaChanges {
    /// True if it changes what `before` shows.
    pub(super) fn change(&self, before: &Post) -> bool {
        let now: Vec<MediaId> = before.media.iter().map(|one| one.id).collect();
        let others = self.media.as_ref().is_some_and(|media| *media != now);
        let words = self.described.iter().any(|(id, described)| {
            before.media.iter().any(|one| {
                let new = described
                    .description
                    .as_ref()
                    .is_some_and(|text| *text != one.description);
                one.id == *id && (new || described.focus.is_some_and(|focus| focus != one.focus))
            })
        });
        others || words
    }

    /// Writes it, after the words, and tells `after`. What is left out is deleted, from the history too: whoever takes a
    /// picture away wants it gone. Gives where the bytes to erase lie.
    pub(super) fn put(
        &self,
        conn: &mut Conn,
        before: &Post,
        after: &mut Post,
    ) -> Result<Vec<Place>, Refused> {
        let mut places = Vec::new();
        if let Some(media) = &self.media {
            after.media = stored::put(conn, before.author, before.id, media)?;
            if after.media.len() != media.len() {
                // Whoever asked says it in better words.
                return Err(Refused::invalid("media_ids", "not there"));
            }
            let gone = before.media.iter().map(|one| one.id);
            let gone: Vec<MediaId> = gone.filter(|id| !media.contains(id)).collect();
            places = stored::delete(conn, &gone)?;
        }
        for one in &mut after.media {
            if let Some((_, described)) = self.described.iter().find(|(id, _)| *id == one.id) {
                *one = attachments::put(conn, one.clone(), described)?;
            }
        }
        Ok(places)
    }
}
