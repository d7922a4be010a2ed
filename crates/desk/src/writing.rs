//! Letters that people change: kept as drafts until somebody says that they sent one. Then it is a paper of the case, sealed
//! like the others. Nothing here sends anything.

use bauta_legal::{Document, Fact, LETTER_SENT, ProcessFact};
use bauta_letters as letters;
use bauta_letters::{Kind, Letter};
use bauta_model::{Day, DemandId, DraftId, PaperId};
use bauta_store::Conn;
use bauta_store::desk::drafts;

use crate::view::destroy_day;
use crate::{Desk, Officer, PaperKind, Refused, papers};

/// Characters of a letter.
const MOST: usize = 60_000;

/// A kind of letter, for this demand as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub kind: &'static str,
    /// Why the facts do not carry it; nothing where they do.
    pub cant: Option<String>,
    /// The day on which somebody last changed the draft that is kept.
    pub kept: Option<Day>,
}

/// A letter as it would be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What it is.
    pub title: String,
    /// Its text, to be changed.
    pub text: String,
    /// Its HTML below the title.
    pub html: String,
    /// The day on which somebody last changed it; nothing while it is as it was drafted.
    pub kept: Option<Day>,
}

fn code(kind: Kind) -> i16 {
    let place = Kind::ALL.into_iter().position(|known| known == kind);
    place.map_or(-1, |place| place as i16)
}

/// The draft of a kind that is kept: its id, its day, its text.
fn kept(conn: &mut Conn, id: DemandId, kind: Kind) -> Result<Option<(DraftId, Day, String)>, Refused> {
    let all = drafts::of(conn, id)?;
    let found = all.into_iter().find(|draft| draft.kind == code(kind));
    found
        .map(|draft| {
            let text = String::from_utf8(draft.content).map_err(|_| Refused::failed())?;
            Ok((draft.id, draft.changed, text))
        })
        .transpose()
}

impl Desk {
    /// What can be written about a demand as it is now, and what was begun.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn letters(&self, officer: &Officer, id: DemandId) -> Result<Vec<Offered>, Refused> {
        let matter = self.matter(officer, id).await?;
        self.store
            .read("desk_letters", move |conn| {
                let offered = |kind: Kind| {
                    Ok(Offered {
                        kind: kind.name(),
                        cant: letters::draft(kind, &matter).err().map(|error| error.to_string()),
                        kept: kept(conn, id, kind)?.map(|(_, day, _)| day),
                    })
                };
                Kind::ALL.into_iter().map(offered).collect()
            })
            .await
    }

    /// The letter of a kind: the draft that is kept, else as the facts give it; and the day of that draft.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for a kind that there is not, and where the facts do not carry it.
    pub(crate) async fn current(
        &self,
        officer: &Officer,
        id: DemandId,
        kind: &str,
    ) -> Result<(Kind, Letter, Option<Day>), Refused> {
        let matter = self.matter(officer, id).await?;
        let kind = Kind::named(kind).ok_or_else(|| Refused::invalid("kind", crate::letters::kinds()))?;
        let drafted =
            letters::draft(kind, &matter).map_err(|error| Refused::invalid("kind", error.to_string()))?;
        let kept = self
            .store
            .read("desk_letter", move |conn| kept(conn, id, kind))
            .await?;
        Ok(match kept {
            Some((_, day, text)) => (kind, letters::edited(&drafted.title, &text), Some(day)),
            None => (kind, drafted, None),
        })
    }

    /// A letter as it would be sent now, for a page.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for a kind that there is not, and where the facts do not carry it.
    pub async fn written(&self, officer: &Officer, id: DemandId, kind: &str) -> Result<Written, Refused> {
        let (_, letter, kept) = self.current(officer, id, kind).await?;
        Ok(Written {
            text: letters::editable(&letter),
            html: letters::fragment(&letter),
            title: letter.title,
            kept,
        })
    }

    /// Keeps a letter as somebody changed it, in the place of the draft that was kept.
    ///
    /// # Errors
    /// As [`Desk::written`]; [`Refused::Invalid`] where nothing is left, or too much is there.
    pub async fn keep_letter(
        &self,
        officer: &Officer,
        id: DemandId,
        kind: &str,
        text: String,
    ) -> Result<(), Refused> {
        let (kind, letter, _) = self.current(officer, id, kind).await?;
        let long = text.chars().count() > MOST;
        if long || letters::edited(&letter.title, &text).body.is_empty() {
            let why = "a letter has some words, and at most 60,000 characters";
            return Err(Refused::invalid("text", why));
        }
        self.change(officer, id, None, move |entry| {
            let found = kept(entry.conn, id, kind)?.map(|(draft, ..)| draft);
            let draft = drafts::Draft {
                id: found.unwrap_or_else(DraftId::random),
                demand: id,
                kind: code(kind),
                officer: entry.officer.id.get() as i64,
                changed: entry.now().day(),
                destroy: destroy_day(&entry.case, entry.now()),
                content: text.into_bytes(),
            };
            Ok(drafts::put(entry.conn, &draft)?)
        })
        .await
    }

    /// Throws the kept draft of a kind away: the letter is again as the facts give it.
    ///
    /// # Errors
    /// As [`Desk::written`].
    pub async fn drop_letter(&self, officer: &Officer, id: DemandId, kind: &str) -> Result<(), Refused> {
        let (kind, ..) = self.current(officer, id, kind).await?;
        self.change(officer, id, None, move |entry| {
            if let Some((draft, ..)) = kept(entry.conn, id, kind)? {
                drafts::remove(entry.conn, draft)?;
            }
            Ok(())
        })
        .await
    }

    /// Records that a person sent a letter, and how: what was sent becomes a paper of the case.
    ///
    /// # Errors
    /// As [`Desk::written`]; [`Refused::Invalid`] where it is not said how, or nobody could read the paper.
    pub async fn letter_sent(
        &self,
        officer: &Officer,
        id: DemandId,
        kind: &str,
        how: &str,
    ) -> Result<PaperId, Refused> {
        let how: String = how.trim().chars().take(200).collect();
        if how.is_empty() {
            return Err(Refused::invalid("how", "say how and when it was sent"));
        }
        let (kind, letter, _) = self.current(officer, id, kind).await?;
        let text = letters::plain(&letter).into_bytes();
        self.change(officer, id, None, move |entry| {
            let said = format!("{LETTER_SENT}{}", kind.name());
            let name = format!("{said} ({how})");
            let (paper, hash) = papers::seal(entry.conn, &entry.case, PaperKind::Document, &name, &text)?;
            let document = Document { hash, kind: said };
            entry.add(Fact::Process(ProcessFact::DocumentAdded(document)))?;
            if let Some((draft, ..)) = kept(entry.conn, id, kind)? {
                drafts::remove(entry.conn, draft)?;
            }
            Ok(paper)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_number_of_its_own() {
        let codes: std::collections::BTreeSet<i16> = Kind::ALL.into_iter().map(code).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
        assert!(!codes.contains(&-1));
    }
}
