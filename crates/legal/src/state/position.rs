//! Where a demand stands, and the arrows between: one table.

use serde::Serialize;

/// Where a demand stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Nothing has come.
    #[default]
    Unopened,
    /// It came.
    Received,
    /// Somebody checks whether it is genuine, and reads it.
    Verifying,
    /// It is not genuine.
    NotGenuine,
    /// It was read against the rules.
    Reviewed,
    /// Asked against held is computed.
    ScopeComputed,
    /// The user is to be told.
    NoticeDue,
    /// The user was told, or a finding of two people stands instead.
    Noticed,
    /// The notice waits for the end of a gag.
    NoticeDelayed,
    /// One person has said what will be done.
    Determining,
    /// Two people have said what will be done.
    Determined,
    /// What will be produced lies ready.
    Ready,
    /// It was produced.
    Produced,
    /// Nothing that is asked for is held.
    NoRecords,
    /// The provider objected.
    Objected,
    /// The issuer asks a court to enforce it.
    EnforcementSought,
    /// The issuer fell silent.
    Stale,
    /// A court is asked to set it aside.
    Challenged,
    /// A court set it aside.
    Quashed,
    /// A court enforced it, whole or in part.
    Enforced,
    /// A higher court looks at it.
    UnderReview,
    /// An emergency is claimed.
    EmergencyAsked,
    /// One person approves an emergency.
    EmergencyApproved,
    /// The emergency was not answered.
    EmergencyDeclined,
    /// Two people disclosed.
    EmergencyDisclosed,
    /// It was withdrawn.
    Withdrawn,
    /// Nothing more will happen.
    Closed,
}

use Position as P;

impl Position {
    /// All of them.
    pub const ALL: [Self; 27] = [
        P::Unopened,
        P::Received,
        P::Verifying,
        P::NotGenuine,
        P::Reviewed,
        P::ScopeComputed,
        P::NoticeDue,
        P::Noticed,
        P::NoticeDelayed,
        P::Determining,
        P::Determined,
        P::Ready,
        P::Produced,
        P::NoRecords,
        P::Objected,
        P::EnforcementSought,
        P::Stale,
        P::Challenged,
        P::Quashed,
        P::Enforced,
        P::UnderReview,
        P::EmergencyAsked,
        P::EmergencyApproved,
        P::EmergencyDeclined,
        P::EmergencyDisclosed,
        P::Withdrawn,
        P::Closed,
    ];

    /// As it is written in data.
    pub const fn name(self) -> &'static str {
        match self {
            P::Unopened => "unopened",
            P::Received => "received",
            P::Verifying => "verifying",
            P::NotGenuine => "not_genuine",
            P::Reviewed => "reviewed",
            P::ScopeComputed => "scope_computed",
            P::NoticeDue => "notice_due",
            P::Noticed => "noticed",
            P::NoticeDelayed => "notice_delayed",
            P::Determining => "determining",
            P::Determined => "determined",
            P::Ready => "ready",
            P::Produced => "produced",
            P::NoRecords => "no_records",
            P::Objected => "objected",
            P::EnforcementSought => "enforcement_sought",
            P::Stale => "stale",
            P::Challenged => "challenged",
            P::Quashed => "quashed",
            P::Enforced => "enforced",
            P::UnderReview => "under_review",
            P::EmergencyAsked => "emergency_asked",
            P::EmergencyApproved => "emergency_approved",
            P::EmergencyDeclined => "emergency_declined",
            P::EmergencyDisclosed => "emergency_disclosed",
            P::Withdrawn => "withdrawn",
            P::Closed => "closed",
        }
    }

    /// Something was disclosed.
    pub const fn is_disclosed(self) -> bool {
        matches!(self, P::Produced | P::EmergencyDisclosed)
    }

    /// Before anything was disclosed, and not over.
    pub const fn is_before_production(self) -> bool {
        !self.is_disclosed() && !matches!(self, P::Unopened | P::Withdrawn | P::Closed)
    }

    /// On the way from the review to production.
    pub const fn is_on_the_way(self) -> bool {
        matches!(
            self,
            P::Reviewed
                | P::ScopeComputed
                | P::NoticeDue
                | P::Noticed
                | P::NoticeDelayed
                | P::Determining
                | P::Determined
                | P::Ready
        )
    }

    /// Where `fact` leads from here, before any rule is asked; nothing where there is no such arrow.
    pub(super) fn edge(self, fact: &str) -> Option<To> {
        let is_in = |set: &[Self]| set.contains(&self);
        let stay = |allowed: bool| allowed.then_some(To::Stay);
        let to = |allowed: bool, position| allowed.then_some(To::At(position));
        let (live, way) = (self.is_before_production(), self.is_on_the_way());
        let past_intake = live && self != P::Received;
        let opened = self != P::Unopened;
        let open = opened && self != P::Closed;
        match fact {
            "received" => to(!opened, P::Received),
            "hold_decided" | "deadline_set" | "accounts_counted" | "log_deferred" => stay(open),
            "outside_stated" => stay(open),
            "answered" | "renewed_by" | "log_resumed" | "document_added" | "officer_left" => stay(opened),
            "effect_given" => stay(past_intake || self.is_disclosed()),
            "verification_begun" => to(self == P::Received, P::Verifying),
            "verified" => stay(past_intake),
            "not_genuine" => to(
                way || is_in(&[
                    P::Verifying,
                    P::Objected,
                    P::Stale,
                    P::EmergencyAsked,
                    P::EmergencyApproved,
                ]),
                P::NotGenuine,
            ),
            "reviewed" => to(is_in(&[P::Verifying, P::Reviewed]), P::Reviewed),
            "scope_computed" if is_in(&[P::EmergencyAsked, P::EmergencyApproved]) => {
                Some(To::At(P::EmergencyAsked))
            }
            "scope_computed" => (way || self == P::Enforced).then_some(To::AfterScope),
            "no_records" => to(
                is_in(&[P::ScopeComputed, P::NoticeDue, P::Noticed, P::NoticeDelayed]),
                P::NoRecords,
            ),
            "notice_due" if self == P::ScopeComputed => Some(To::At(P::NoticeDue)),
            "notice_due" => stay(self == P::NoticeDue || self.takes_notice_aside()),
            "notice_sent" | "notice_delayed" | "notice_excepted"
                if is_in(&[P::ScopeComputed, P::NoticeDue, P::NoticeDelayed]) =>
            {
                Some(match fact {
                    "notice_sent" => To::At(P::Noticed),
                    "notice_delayed" => To::At(P::NoticeDelayed),
                    _ => To::Stay,
                })
            }
            "notice_sent" | "notice_delayed" | "notice_excepted" => stay(self.takes_notice_aside()),
            "seconded" => open.then_some(To::Seconded),
            "objected" => to(way || self == P::Stale, P::Objected),
            "objection_lifted" => to(is_in(&[P::Objected, P::Stale]), P::Reviewed),
            "narrowed" => to(
                way || is_in(&[P::Objected, P::EnforcementSought, P::Stale]),
                P::Reviewed,
            ),
            "enforcement_sought" => to(way || is_in(&[P::Objected, P::Stale]), P::EnforcementSought),
            "went_stale" => to(
                is_in(&[
                    P::Reviewed,
                    P::ScopeComputed,
                    P::NoticeDue,
                    P::Noticed,
                    P::NoticeDelayed,
                ]) || is_in(&[P::Objected, P::EnforcementSought]),
                P::Stale,
            ),
            "challenged" => to(
                way || is_in(&[P::Objected, P::EnforcementSought, P::Stale]),
                P::Challenged,
            ),
            "adjudicated" => {
                is_in(&[P::EnforcementSought, P::Challenged, P::UnderReview]).then_some(To::Adjudicated)
            }
            "review_sought" => to(is_in(&[P::Quashed, P::Enforced]), P::UnderReview),
            "finding_recorded" => stay(
                way || is_in(&[
                    P::Objected,
                    P::EnforcementSought,
                    P::Challenged,
                    P::Enforced,
                    P::UnderReview,
                ]),
            ),
            "determined" => to(
                is_in(&[P::Noticed, P::NoticeDelayed, P::Determining]),
                P::Determining,
            ),
            "ready" => to(is_in(&[P::Determined, P::Ready]), P::Ready),
            "produced" => to(self == P::Ready, P::Produced),
            "withdrawn" => to(live, P::Withdrawn),
            "emergency_asked" => to(self == P::Received, P::EmergencyAsked),
            "emergency_declined" => to(
                is_in(&[P::EmergencyAsked, P::EmergencyApproved]),
                P::EmergencyDeclined,
            ),
            "emergency_approved" => to(self == P::EmergencyAsked, P::EmergencyApproved),
            "emergency_disclosed" => to(self == P::EmergencyApproved, P::EmergencyDisclosed),
            "court_ordered" | "terms_revised" => stay(past_intake),
            "closed" => to(
                self.is_disclosed()
                    || is_in(&[P::NotGenuine, P::Determined, P::NoRecords, P::Stale, P::Quashed])
                    || is_in(&[P::EmergencyDeclined, P::Withdrawn]),
                P::Closed,
            ),
            _ => None,
        }
    }

    /// Notice can be given without the demand moving on.
    const fn takes_notice_aside(self) -> bool {
        !matches!(
            self,
            P::Unopened
                | P::Received
                | P::Verifying
                | P::ScopeComputed
                | P::NoticeDue
                | P::NoticeDelayed
                | P::Closed
        )
    }
}

/// The end of an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// Where it is.
    Stay,
    /// Here.
    At(Position),
    /// To `scope_computed`, or further where the user was told already.
    AfterScope,
    /// To `quashed` or `enforced`, as the court says.
    Adjudicated,
    /// As the step that was agreed to says.
    Seconded,
}
