//! The light table: a paper that an officer has open, in memory for an hour. What lies in the database is encrypted to
//! officers' own keys, so a page can be drawn only while somebody lays the opened paper here. Pages are drawn in the
//! sandboxed child, and boxes are kept as places on a page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bauta_legal::{Hash, OfficerId};
use bauta_media::{Area, PaperPage};
use bauta_model::{CoarseTime, DemandId};

use crate::papers::commitment;
use crate::{Case, Desk, Officer, Refused};

/// How long a paper lies after somebody last looked at it.
const LIES: Duration = Duration::from_mins(60);
/// Papers at a time, each of at most 16 MB; an officer has one.
const MOST: usize = 8;
/// Boxes of a paper.
const BOXES: usize = 500;

/// A paper on the table.
struct Laid {
    demand: Option<DemandId>,
    /// The commitment of the case's paper that it is.
    original: Option<Hash>,
    bytes: Arc<Vec<u8>>,
    pages: u16,
    until: CoarseTime,
    boxes: Vec<Covered>,
    /// The page and the place of a first click.
    corner: Option<(u16, f64, f64)>,
    /// Width and height of pages that were drawn, in pixels.
    sizes: BTreeMap<u16, (u16, u16)>,
}

/// A box on a page: fractions of the page from its top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Covered {
    /// The page, from 0.
    pub page: u16,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// How wide.
    pub width: f64,
    /// How high.
    pub height: f64,
}

impl Covered {
    /// The box as it is burned in.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where it is empty or leaves the page.
    pub fn area(&self) -> Result<Area, Refused> {
        Area::new(self.x, self.y, self.width, self.height)
            .map_err(|error| Refused::invalid("box", error.to_string()))
    }
}

/// What an officer has open.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    /// The demand; nothing while it is being taken in.
    pub demand: Option<DemandId>,
    /// How many pages it has.
    pub pages: u16,
    /// The boxes on them.
    pub boxes: Vec<Covered>,
    /// The page on which a first corner was chosen.
    pub corner: Option<u16>,
    /// It is known which paper of the case it is.
    pub known: bool,
}

/// Every officer's paper.
#[derive(Default)]
pub(crate) struct Table(Mutex<BTreeMap<OfficerId, Laid>>);

impl Table {
    /// What lies there now; what has lain too long is gone.
    fn now(&self, now: CoarseTime) -> MutexGuard<'_, BTreeMap<OfficerId, Laid>> {
        let mut all = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.retain(|_, laid| laid.until > now);
        all
    }
}

fn nothing_open() -> Refused {
    Refused::invalid("paper", "no paper is open: show its pages first")
}

fn cant_draw(error: bauta_media::PaperError) -> Refused {
    Refused::invalid("paper", error.to_string())
}

/// An opened paper of the desk begins with one line that says which it is; any other file is taken as it is.
pub(crate) fn opened(case: &Case, bytes: Vec<u8>) -> Result<(Vec<u8>, Option<Hash>), Refused> {
    if !bytes.starts_with(b"{\"") {
        return Ok((bytes, None));
    }
    let not_ours = || Refused::invalid("paper", "this is no document of this demand, or it was changed");
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .ok_or_else(not_ours)?;
    let head: serde_json::Value = serde_json::from_slice(&bytes[..end]).map_err(|_| not_ours())?;
    let salt = head["salt"].as_str().ok_or_else(not_ours)?;
    let paper = bytes[end + 1..].to_vec();
    let hash = commitment(salt, &paper);
    let documents = &case.state.process.documents;
    if documents.iter().any(|document| document.hash == hash) {
        Ok((paper, Some(hash)))
    } else {
        Err(not_ours())
    }
}

impl Desk {
    fn table_now(&self) -> MutexGuard<'_, BTreeMap<OfficerId, Laid>> {
        self.table.now(self.clock.now())
    }

    /// Lays a paper on an officer's table, in the place of what lay there. One that can't be drawn is refused.
    ///
    /// # Errors
    /// [`Refused::Invalid`] in a sentence for whoever sent it.
    pub async fn lay(
        &self,
        officer: &Officer,
        demand: Option<DemandId>,
        bytes: Vec<u8>,
        original: Option<Hash>,
    ) -> Result<(), Refused> {
        let (bytes, original) = match (demand, original) {
            (Some(id), None) => opened(&self.case(officer, id).await?, bytes)?,
            (_, original) => (bytes, original),
        };
        let first = self.worker.paper_page(&bytes, 0).await.map_err(cant_draw)?;
        let until = self.clock.now().plus(LIES);
        let mut all = self.table_now();
        if all.len() >= MOST && !all.contains_key(&officer.id) {
            let why = "other officers have papers open: try again in a while";
            return Err(Refused::invalid("paper", why));
        }
        let laid = Laid {
            demand,
            original,
            bytes: Arc::new(bytes),
            pages: first.pages,
            until,
            boxes: Vec::new(),
            corner: None,
            sizes: BTreeMap::from([(0, (first.width, first.height))]),
        };
        all.insert(officer.id, laid);
        Ok(())
    }

    /// What an officer has open for this demand, or, without one, for a demand that is being taken in.
    pub fn open_paper(&self, officer: &Officer, demand: Option<DemandId>) -> Option<Open> {
        let all = self.table_now();
        let laid = all.get(&officer.id).filter(|laid| laid.demand == demand)?;
        Some(Open {
            demand: laid.demand,
            pages: laid.pages,
            boxes: laid.boxes.clone(),
            corner: laid.corner.map(|(page, ..)| page),
            known: laid.original.is_some(),
        })
    }

    /// Takes the paper of a demand that is being taken in off the table.
    pub fn take_open(&self, officer: &Officer) -> Option<Vec<u8>> {
        let mut all = self.table_now();
        all.get(&officer.id).filter(|laid| laid.demand.is_none())?;
        let laid = all.remove(&officer.id)?;
        Some(Arc::try_unwrap(laid.bytes).unwrap_or_else(|shared| shared.to_vec()))
    }

    /// Puts an officer's paper away.
    pub fn put_away(&self, officer: &Officer) {
        self.table_now().remove(&officer.id);
    }

    /// What lies open: its bytes, its boxes, which paper it is. Looking at it lets it lie longer.
    pub(crate) fn on_table(
        &self,
        officer: &Officer,
    ) -> Result<(Arc<Vec<u8>>, Vec<Covered>, Option<Hash>, Option<DemandId>), Refused> {
        let until = self.clock.now().plus(LIES);
        let mut all = self.table_now();
        let laid = all.get_mut(&officer.id).ok_or_else(nothing_open)?;
        laid.until = until;
        Ok((
            Arc::clone(&laid.bytes),
            laid.boxes.clone(),
            laid.original,
            laid.demand,
        ))
    }

    /// A page of what lies open, drawn in the sandbox, as PNG: in colour, or, with `public`, as everybody would see it,
    /// boxes burned in.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where nothing is open, or there is no such page.
    pub async fn open_page(&self, officer: &Officer, page: u16, public: bool) -> Result<Vec<u8>, Refused> {
        let (bytes, boxes, ..) = self.on_table(officer).map_err(|_| Refused::NotFound)?;
        let drawn = self.drawn(&bytes, page).await?;
        if let Some(laid) = self.table_now().get_mut(&officer.id) {
            laid.sizes.insert(page, (drawn.width, drawn.height));
        }
        if public {
            Ok(drawn.publish(&areas(&boxes, page)?).png())
        } else {
            Ok(drawn.png())
        }
    }

    /// A page, drawn in the sandbox.
    pub(crate) async fn drawn(&self, bytes: &[u8], page: u16) -> Result<PaperPage, Refused> {
        let drawn = self.worker.paper_page(bytes, page).await;
        drawn.map_err(|error| match error {
            bauta_media::PaperError::NoSuchPage => Refused::NotFound,
            other => cant_draw(other),
        })
    }

    /// A place on a page was chosen, in pixels of a picture that is `shown` wide: a first corner, or, with one there, the
    /// box between the two.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where nothing is open, or the box is empty.
    pub fn choose_corner(
        &self,
        officer: &Officer,
        page: u16,
        (x, y): (u32, u32),
        shown: u32,
    ) -> Result<(), Refused> {
        let corner = {
            let mut all = self.table_now();
            let laid = all.get_mut(&officer.id).ok_or_else(nothing_open)?;
            let (width, height) = *laid.sizes.get(&page).ok_or_else(nothing_open)?;
            let high = f64::from(shown) * f64::from(height) / f64::from(width.max(1));
            let x = (f64::from(x) / f64::from(shown.max(1))).min(1.0);
            let y = (f64::from(y) / high.max(1.0)).min(1.0);
            if let Some((_, first_x, first_y)) = laid.corner.take().filter(|(on, ..)| *on == page) {
                (x, y, first_x, first_y)
            } else {
                laid.corner = Some((page, x, y));
                return Ok(());
            }
        };
        let (x, y, first_x, first_y) = corner;
        self.cover(
            officer,
            Covered {
                page,
                x: x.min(first_x),
                y: y.min(first_y),
                width: (x - first_x).abs(),
                height: (y - first_y).abs(),
            },
        )
    }

    /// Adds a box to what lies open.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where nothing is open, or the box is not on a page.
    pub fn cover(&self, officer: &Officer, covered: Covered) -> Result<(), Refused> {
        covered.area()?;
        let mut all = self.table_now();
        let laid = all.get_mut(&officer.id).ok_or_else(nothing_open)?;
        if covered.page >= laid.pages || laid.boxes.len() >= BOXES {
            return Err(Refused::invalid(
                "box",
                "there is no such page, or there are too many boxes",
            ));
        }
        laid.corner = None;
        laid.boxes.push(covered);
        Ok(())
    }

    /// Takes a box away, by its number.
    ///
    /// # Errors
    /// [`Refused::Invalid`] where nothing is open.
    pub fn uncover(&self, officer: &Officer, number: usize) -> Result<(), Refused> {
        let mut all = self.table_now();
        let laid = all.get_mut(&officer.id).ok_or_else(nothing_open)?;
        if number < laid.boxes.len() {
            laid.boxes.remove(number);
        }
        laid.corner = None;
        Ok(())
    }
}

/// The boxes of a page.
pub(crate) fn areas(boxes: &[Covered], page: u16) -> Result<Vec<Area>, Refused> {
    let own = boxes.iter().filter(|covered| covered.page == page);
    own.map(Covered::area).collect()
}
