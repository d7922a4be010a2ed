//! What happens to cases, gags, copies and pages, and how older events are put right.

use std::collections::BTreeSet;

use bauta_model::CoarseTime;
use serde::{Deserialize, Serialize};

use super::names;
use super::records::{CourtDocument, DocketEntry, Document, Line, Party};
use crate::moment::{optional_slot, slot};
use crate::state::Publication;
use crate::{Demand, OfficerId, ReceivedTime};

/// What happened to a case before a court.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CaseFact {
    /// A case is being written.
    Drafted {
        /// The number, at this demand, of the case that it brings again.
        refiles: Option<u16>,
    },
    /// It was filed.
    Filed {
        /// The court.
        court: String,
        /// The docket number.
        docket: String,
        /// The docket is sealed.
        sealed: bool,
        /// The date, as it stands there.
        on: ReceivedTime,
        /// Who takes part.
        parties: Vec<Party>,
    },
    /// It goes on.
    Pending {},
    /// It was stayed.
    Stayed {},
    /// It ended without a judgment.
    Dismissed {
        /// It can't be brought again.
        with_prejudice: bool,
        /// Whoever brought it ended it.
        voluntary: bool,
        /// The date, as it stands there.
        on: ReceivedTime,
        /// The rule that it cites.
        rule: Option<String>,
    },
    /// It was decided.
    Judged {
        /// The judgment.
        document: CourtDocument,
    },
    /// A higher court looks at it.
    Appealed {
        /// Which court.
        court: String,
    },
    /// Something was entered in the docket; also after the end.
    Docketed(DocketEntry),
    /// A document came to the case; also after the end.
    DocumentAdded(Document),
}

names!(CaseFact {
    Drafted => "drafted",
    Filed => "filed",
    Pending => "pending",
    Stayed => "stayed",
    Dismissed => "dismissed",
    Judged => "judged",
    Appealed => "appealed",
    Docketed => "docketed",
    DocumentAdded => "document_added",
});

/// What a gag rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GagBasis {
    /// The instrument's own statute.
    Statute {},
    /// An official's certification, attached to this process.
    Certification {
        /// The certification.
        document: Document,
    },
    /// A court's order, attached to this process.
    Order {
        /// The order.
        document: CourtDocument,
    },
}

/// What happened to the duty of silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GagFact {
    /// Silence was asked for, and nothing commands it.
    Requested {},
    /// Silence is commanded. Counsel may always be told.
    Activated {
        /// By what.
        basis: GagBasis,
        /// The user may be told all the same.
        user_may_know: bool,
        /// When it ends by its own terms.
        #[serde(with = "optional_slot")]
        ends: Option<CoarseTime>,
        /// When somebody has to look at it again; needed where there is no end.
        #[serde(with = "optional_slot")]
        review: Option<CoarseTime>,
        /// The officers who may see the demand.
        named: BTreeSet<OfficerId>,
    },
    /// More officers may see it.
    Named {
        /// Who.
        officers: BTreeSet<OfficerId>,
    },
    /// Somebody asks a court to end it, or a reciprocal notice sends it there.
    Challenged {
        /// Which court.
        court: String,
    },
    /// A court upheld it, and may have set its end.
    Upheld {
        /// The decision.
        document: CourtDocument,
        /// Its end from here on, where the court set one.
        #[serde(with = "optional_slot")]
        ends: Option<CoarseTime>,
    },
    /// A court narrowed it.
    Narrowed {
        /// The decision.
        document: CourtDocument,
        /// The user may be told.
        user_may_know: bool,
        /// Its end from here on, where the court set one.
        #[serde(with = "optional_slot")]
        ends: Option<CoarseTime>,
    },
    /// A court lifted it.
    Lifted {
        /// The decision.
        document: CourtDocument,
    },
    /// Its end came.
    Expired {},
}

names!(GagFact {
    Requested => "requested",
    Activated => "activated",
    Named => "named",
    Challenged => "challenged",
    Upheld => "upheld",
    Narrowed => "narrowed",
    Lifted => "lifted",
    Expired => "expired",
});

/// What happened to the copy that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PreservationFact {
    /// Named records were copied, encrypted.
    Activated {
        /// `table.column`, none of them a credential.
        columns: BTreeSet<String>,
        /// Until when it is kept.
        #[serde(with = "slot")]
        until: CoarseTime,
    },
    /// It is kept longer.
    Extended {
        /// Until when.
        #[serde(with = "slot")]
        until: CoarseTime,
    },
    /// It was let go.
    Released {},
    /// A new demand asks for it.
    UsedBy {
        /// The public number of the new one.
        demand: String,
    },
}

names!(PreservationFact {
    Activated => "activated",
    Extended => "extended",
    Released => "released",
    UsedBy => "used_by",
});

/// What happened to what the public can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PublicationFact {
    /// It may be read to this extent from here on.
    Published {
        /// How far.
        to: Publication,
    },
}

names!(PublicationFact { Published => "published", });

/// A correction: the older event stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The number of the event that it corrects, from 0.
    pub of: u32,
    /// What was wrong.
    pub note: String,
    /// What the paper says, read anew; its lines with it. Scope, approvals and what lay ready are void from here on.
    pub demand: Option<Box<Restated>>,
}

/// A demand read anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restated {
    /// What the paper says.
    pub demand: Demand,
    /// Its lines.
    pub lines: Vec<Line>,
}
