//! Redacted copies: pixels with black boxes, proposed by one officer, published by another. What is published is a file that
//! everybody can load, and an entry of the public log that names its hash.

use std::io::Write;
use std::path::Path;

use bauta_legal::record::{Entry as Told, Format, Paper, PublicId, Version, commitment};
use bauta_legal::{Document, Fact, Hash, Logged, OfficerId, ProcessFact, Publication, Second};
use bauta_media::{PublishedPage, published_pdf};
use bauta_model::{CoarseTime, Day, DemandId, DraftId};
use bauta_store::Conn;
use bauta_store::desk::drafts;
use bauta_store::log_entries::{self, Open};
use serde::{Deserialize, Serialize};

use crate::case::Entry;
use crate::table::{Covered, areas, opened};
use crate::view::destroy_day;
use crate::{Case, Desk, Officer, Refused};

/// What a draft of this kind is; letters have the numbers from 0.
const KIND: i16 = 100;
/// How long a desk with one officer waits, in seconds.
const WAIT: i64 = 24 * 60 * 60;
/// The longest file that is published, in bytes.
const MOST: usize = 64 << 20;

/// What stands before the file in a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    title: String,
    pages: u16,
    boxes: usize,
    /// Something on a page could not be drawn.
    incomplete: bool,
    original: Option<Hash>,
    sha256: Hash,
}

/// A copy that waits for a second officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Copy {
    /// Its number.
    pub id: String,
    /// What it is called in public.
    pub title: String,
    /// How many pages it has.
    pub pages: u16,
    /// How many boxes are burned in.
    pub boxes: usize,
    /// Something on a page could not be drawn: compare it with the original.
    pub incomplete: bool,
    /// When it was proposed.
    pub on: String,
    /// Whoever asks has proposed it.
    pub own: bool,
}

/// Reads a draft: what stands before the file, and the file.
fn read(content: &[u8]) -> Result<(Head, &[u8]), Refused> {
    let end = content.iter().position(|byte| *byte == b'\n');
    let end = end.ok_or_else(Refused::failed)?;
    let head = serde_json::from_slice(&content[..end]).map_err(|_| Refused::failed())?;
    Ok((head, &content[end + 1..]))
}

fn found(conn: &mut Conn, id: DemandId, copy: DraftId) -> Result<drafts::Draft, Refused> {
    let all = drafts::of(conn, id)?;
    all.into_iter()
        .find(|draft| draft.kind == KIND && draft.id == copy)
        .ok_or(Refused::NotFound)
}

fn draft_id(text: &str) -> Result<DraftId, Refused> {
    text.parse().map_err(|_| Refused::NotFound)
}

impl Desk {
    /// Proposes a copy of what an officer has open on the table, with its boxes burned in.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where nothing is open for this demand, or it has no title.
    pub async fn propose_open(
        &self,
        officer: &Officer,
        id: DemandId,
        title: &str,
    ) -> Result<DraftId, Refused> {
        let (bytes, boxes, original, demand) = self.on_table(officer)?;
        if demand != Some(id) {
            return Err(Refused::invalid(
                "paper",
                "another paper is open: show this one's pages first",
            ));
        }
        self.proposed(officer, id, title, &bytes, &boxes, original).await
    }

    /// Proposes a copy of a paper, with boxes burned in.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where the paper can't be drawn, a box is not on it, or it has no title.
    pub async fn propose(
        &self,
        officer: &Officer,
        id: DemandId,
        title: &str,
        bytes: Vec<u8>,
        boxes: &[Covered],
    ) -> Result<DraftId, Refused> {
        let (bytes, original) = opened(&self.case(officer, id).await?, bytes)?;
        self.proposed(officer, id, title, &bytes, boxes, original).await
    }

    async fn proposed(
        &self,
        officer: &Officer,
        id: DemandId,
        title: &str,
        bytes: &[u8],
        boxes: &[Covered],
        original: Option<Hash>,
    ) -> Result<DraftId, Refused> {
        let title: String = title.trim().to_owned();
        if title.is_empty() || title.chars().count() > 120 || title.chars().any(char::is_control) {
            let why = "say what the public reads as its name, in at most 120 characters";
            return Err(Refused::invalid("title", why));
        }
        let (file, pages, incomplete) = self.pixels(bytes, boxes).await?;
        let head = Head {
            title,
            pages,
            boxes: boxes.len(),
            incomplete,
            original,
            sha256: Hash::of(&file),
        };
        self.change(officer, id, None, move |entry| {
            let mut content = serde_json::to_vec(&head).map_err(|_| Refused::failed())?;
            content.push(b'\n');
            content.extend_from_slice(&file);
            let draft = drafts::Draft {
                id: DraftId::random(),
                demand: id,
                kind: KIND,
                officer: entry.officer.id.get() as i64,
                changed: entry.now().day(),
                destroy: destroy_day(&entry.case, entry.now()),
                content,
            };
            drafts::put(entry.conn, &draft)?;
            entry.add(told(head.sha256, PROPOSED))?;
            Ok(draft.id)
        })
        .await
    }

    /// The file that would be published: a picture of one page, or a PDF of pictures, made of pixels alone.
    async fn pixels(&self, bytes: &[u8], boxes: &[Covered]) -> Result<(Vec<u8>, u16, bool), Refused> {
        let mut pages: Vec<PublishedPage> = Vec::new();
        let mut incomplete = false;
        loop {
            let number = pages.len() as u16;
            let drawn = self.drawn(bytes, number).await?;
            incomplete |= drawn.incomplete;
            let count = drawn.pages;
            if let Some(covered) = boxes.iter().find(|covered| covered.page >= count) {
                let why = format!("there is no page {}: the paper has {count}", covered.page + 1);
                return Err(Refused::invalid("box", why));
            }
            pages.push(drawn.publish(&areas(boxes, number)?));
            if pages.len() >= usize::from(count) {
                break;
            }
        }
        let file = match pages.as_slice() {
            [page] => page.png(),
            all => published_pdf(all),
        };
        if file.len() > MOST {
            return Err(Refused::invalid(
                "paper",
                "the copy would have more than 64 MB: publish it in parts",
            ));
        }
        Ok((file, pages.len() as u16, incomplete))
    }

    /// The copies of a demand that wait for a second officer.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn copies(&self, officer: &Officer, id: DemandId) -> Result<Vec<Copy>, Refused> {
        let officer = officer.clone();
        self.store
            .read("desk_copies", move |conn| {
                Case::load_for(conn, id, &officer)?;
                let all = drafts::of(conn, id)?.into_iter();
                all.filter(|draft| draft.kind == KIND)
                    .map(|draft| {
                        let (head, _) = read(&draft.content)?;
                        Ok(Copy {
                            id: draft.id.to_string(),
                            title: head.title,
                            pages: head.pages,
                            boxes: head.boxes,
                            incomplete: head.incomplete,
                            on: Day::iso(draft.changed),
                            own: draft.officer == officer.id.get() as i64,
                        })
                    })
                    .collect()
            })
            .await
    }

    /// The file of a copy that waits.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn copy(&self, officer: &Officer, id: DemandId, copy: &str) -> Result<Vec<u8>, Refused> {
        let (officer, copy) = (officer.clone(), draft_id(copy)?);
        self.store
            .read("desk_copy", move |conn| {
                Case::load_for(conn, id, &officer)?;
                let draft = found(conn, id, copy)?;
                Ok(read(&draft.content)?.1.to_vec())
            })
            .await
    }

    /// A page of a copy that waits, as PNG, drawn in the sandbox from the very file that would be published.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn copy_page(
        &self,
        officer: &Officer,
        id: DemandId,
        copy: &str,
        page: u16,
    ) -> Result<Vec<u8>, Refused> {
        let file = self.copy(officer, id, copy).await?;
        Ok(self.drawn(&file, page).await?.png())
    }

    /// Throws a copy away.
    ///
    /// # Errors
    /// [`Refused::NotFound`].
    pub async fn drop_copy(&self, officer: &Officer, id: DemandId, copy: &str) -> Result<(), Refused> {
        let copy = draft_id(copy)?;
        self.change(officer, id, None, move |entry| {
            let draft = found(entry.conn, id, copy)?;
            Ok(drafts::remove(entry.conn, draft.id)?)
        })
        .await
    }

    /// Publishes a copy that another officer proposed. A desk with one officer waits 24 hours. Gives where the file lies
    /// below `report/`.
    ///
    /// # Errors
    /// [`Refused::Forbidden`] for whoever proposed it, [`Refused::Invalid`] where the demand has no public page.
    pub async fn publish_copy(&self, officer: &Officer, id: DemandId, copy: &str) -> Result<String, Refused> {
        let copy = draft_id(copy)?;
        let record = self.record.clone();
        self.change(officer, id, None, move |entry| {
            let draft = found(entry.conn, id, copy)?;
            let (head, file) = read(&draft.content)?;
            if head.sha256 != Hash::of(file) {
                return Err(Refused::failed());
            }
            may_publish(entry, &head, OfficerId::new(draft.officer as u64))?;
            let paper = paper(entry, &head, file)?;
            let path = paper.path();
            write(&record.join(&path), file).map_err(|_| Refused::failed())?;
            crate::public::put(entry.conn, &entry.case, &Told::from(paper), Open::Wanted)?;
            entry.add(told(head.sha256, PUBLISHED))?;
            drafts::remove(entry.conn, draft.id)?;
            Ok(path)
        })
        .await
    }
}

const PROPOSED: &str = "redacted copy, proposed";
const PUBLISHED: &str = "redacted copy, published";

fn told(hash: Hash, kind: &str) -> Fact {
    let kind = kind.to_owned();
    Fact::Process(ProcessFact::DocumentAdded(Document { hash, kind }))
}

/// A page about the demand is public, nobody may command silence, and a second person agrees.
fn may_publish(entry: &mut Entry<'_>, head: &Head, first: OfficerId) -> Result<(), Refused> {
    let now = entry.now();
    let state = &entry.case.state;
    let page = state.publication >= Publication::RedactedPage && state.logged(now) == Logged::Entry;
    if !page || state.gag.in_force(now) {
        let why = "the public has no page about this demand yet: publish that first";
        return Err(Refused::invalid("copy", why));
    }
    let since = proposed_at(&entry.case, head.sha256);
    match crate::production::second(entry, first)? {
        Second::Waited if since.is_none_or(|since| now.unix_seconds() - since.unix_seconds() < WAIT) => Err(
            Refused::Forbidden("A desk with one officer waits 24 hours before it publishes a copy."),
        ),
        _ => Ok(()),
    }
}

fn proposed_at(case: &Case, hash: Hash) -> Option<CoarseTime> {
    let proposal = told(hash, PROPOSED);
    let events = case.events.iter().rev();
    events
        .filter(|event| event.fact == proposal)
        .map(|event| event.at)
        .next()
}

/// What the log says of the file: its number is the next of this demand.
fn paper(entry: &mut Entry<'_>, head: &Head, file: &[u8]) -> Result<Paper, Refused> {
    let case = &entry.case;
    let demand = PublicId::read(&case.public_name).ok_or_else(Refused::failed)?;
    let salt: Hash = case.salt.parse().map_err(|_| Refused::failed())?;
    let queued = log_entries::about(entry.conn, case.id.get())?;
    let papers = queued.iter().filter(|entry| {
        let told = Told::parse(entry.payload.as_bytes());
        matches!(told, Ok(Told::Paper(_)))
    });
    Ok(Paper {
        v: Version,
        demand,
        number: papers.count() as u32,
        title: head.title.clone(),
        format: if file.starts_with(b"\x89PNG") {
            Format::Png
        } else {
            Format::Pdf
        },
        sha256: head.sha256,
        bytes: file.len() as u32,
        original: head.original.map(|hash| commitment(salt.bytes(), &hash)),
    })
}

/// Writes a file that is there whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let unfinished = path.with_extension("part");
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    std::fs::File::open(folder)?.sync_all()
}
