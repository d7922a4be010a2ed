//! Why an event can't happen: a missing edge, or a rule with the number of the invariant that it guards.

use std::fmt;

/// One of the five regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// The demand itself.
    Process,
    /// A case before a court.
    Case,
    /// The duty of silence.
    Gag,
    /// The copy that is kept.
    Preservation,
    /// What the public can read.
    Publication,
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Process => "demand",
            Self::Case => "case",
            Self::Gag => "gag",
            Self::Preservation => "preservation",
            Self::Publication => "publication",
        })
    }
}

/// Why an event was refused. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No arrow leads from there by this fact.
    #[error("`{fact}` can't happen to a {region} that is `{from}`")]
    Edge {
        /// The region.
        region: Region,
        /// Where it stands.
        from: &'static str,
        /// What was tried.
        fact: &'static str,
    },
    /// A rule stands in the way.
    #[error("{0}")]
    Rule(Rule),
}

impl From<Rule> for Refusal {
    fn from(rule: Rule) -> Self {
        Self::Rule(rule)
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident, $invariant:literal, $says:literal;)*) => {
        /// The rules that stand in the way of an event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$doc])* #[doc = $says] $name,)*
        }

        impl Rule {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The number of the invariant that it guards, or 0.
            pub const fn invariant(self) -> u8 {
                match self { $(Self::$name => $invariant,)* }
            }

            /// For people.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }
        }
    };
}

rules! {
    Backwards, 7, "This is dated before the last event: events are only added at the end.";
    ServerDecides, 10, "The server itself decides nothing: an officer has to record this.";
    NotNamed, 14, "A gag is in force, and this officer is not named in it.";
    NoReason, 7, "A reason has to be written.";
    NoSuchEvent, 7, "There is no event of that number to correct.";
    NoHow, 11, "A date says by which rule, calendar and time zone it was computed.";
    NoLines, 2, "A demand has at least one line that it asks for.";
    NoHold, 13, "Record the decision about a hold first: no demand leaves `received` without it.";
    NotAnEmergency, 3, "The rule pack knows no path of an emergency for this instrument.";
    NotVerified, 3, "Nobody has called back on a number found independently.";
    NoScope, 2, "What is held has to be computed first.";
    NotAsked, 2, "A record answers a line that is not asked for, or that names no kind of record.";
    NotHeld, 2, "A record is not among what was computed as held.";
    NotApproved, 2, "A record is not among what two people approved.";
    Credential, 8, "A credential is named and never produced, held back or copied.";
    StillHeld, 2, "There are records that answer the demand.";
    NothingChosen, 2, "Nothing was chosen.";
    ContentBarred, 3, "Private content takes an instrument that compels it, a duty to report, an approved emergency, or each keyholder's consent.";
    NotCompelled, 3, "The instrument does not compel this class of record.";
    HoldOnly, 3, "This instrument asks for a hold and can't ask for production.";
    NoConsent, 3, "Not every keyholder has agreed.";
    NoFindings, 3, "The four findings have to be recorded, and met where the process does not bind by itself.";
    NoNotice, 1, "The user has not been told, and no gag in force excuses it.";
    WindowOpen, 1, "The user still has time to answer.";
    NoGag, 4, "Only a gag in force that bars telling the user delays notice. A wish for silence never does.";
    GagForbidsNotice, 4, "A gag in force bars telling the user.";
    AlreadyNoticed, 1, "The user has been told already.";
    KeyholdersWrong, 1, "The number of keyholders does not fit the accounts that exist.";
    NoSuchKeyholder, 3, "There is no keyholder of that number, or no notice yet.";
    NoticeOwed, 1, "Notice is still owed: no demand closes before the user is told.";
    Stayed, 5, "A court stayed the case: nothing is produced.";
    NotNarrower, 2, "A narrowed line has to lie within the line that it takes the place of.";
    SamePerson, 10, "This takes a second person.";
    NotAlone, 10, "Waiting is for a desk with a single officer; another one has acted here.";
    TooEarly, 10, "A single officer waits 24 hours, or until a binding deadline.";
    NeedsTwo, 10, "This takes two people; waiting does not replace the second one.";
    NothingToSecond, 10, "There is nothing to agree to.";
    NotRefused, 1, "A demand that will be answered can't be closed before it is.";
    NoEnd, 4, "A gag needs an end, or a date on which it is looked at again.";
    EndIsPast, 4, "The gag's end lies before it begins.";
    NoStatute, 4, "The rule pack knows no such bar of a statute for this instrument.";
    SecondGag, 4, "There is a gag in force already: only a court's document changes it.";
    NotYetOver, 4, "The gag has not reached its end. Only a court's document moves it.";
    NobodyNamed, 14, "A gag names the officers who may see the demand, the one who records it among them.";
    NoLogDefer, 9, "Counsel can defer the entry in the log only while a gag is in force.";
    WrongCase, 6, "There is no case of that number, or a new case does not have the next one.";
    NotRefilable, 6, "Only a case that was dismissed without prejudice can be brought again, and once.";
    BackwardsPublication, 12, "Publication only goes forward.";
    GagForbidsPublication, 12, "While a gag is in force, nothing beyond a band is published.";
    NoConsentToPublish, 12, "A page of its own takes each keyholder's consent or a public docket.";
    UntilIsPast, 13, "The end of a hold has to lie ahead, and later than before.";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.says())
    }
}

/// What a court's order can put aside, for one step. The other rules stand whatever is ordered: an order to keep silent is
/// a gag, and an order that reaches further is a demand of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// The user's time to answer.
    Window,
    /// The four findings.
    Findings,
    /// Classes of records, save private content.
    Compelled,
    /// The call-back.
    CallBack,
    /// A single officer's 24 hours.
    Wait,
}
