//! Identifiers. What is public in order (posts, notifications) sorts by slot; everything else is random.

use std::fmt;
use std::str::FromStr;

use crate::CoarseTime;

/// A text that is not a positive 63-bit decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a number that the store or a parser vouches for.
            pub const fn new(raw: i64) -> Self {
                Self(raw)
            }

            /// The number behind the id.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if text.is_empty() || text.len() > 19 || !text.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(InvalidId);
                }
                text.parse().map(Self).map_err(|_| InvalidId)
            }
        }
    };
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        id!($(#[$doc])* $name);

        impl $name {
            /// A fresh id that tells nothing: not when, not after whom.
            ///
            /// # Panics
            /// When the operating system has no randomness to give.
            pub fn random() -> Self {
                Self(random_63())
            }
        }
    };
}

/// 62 random bits with the next one set, so that every random id has the same length in print (19 digits).
fn random_63() -> i64 {
    let bits = getrandom::u64().expect("the operating system has randomness");
    ((bits >> 2) | (1 << 62)) as i64
}

macro_rules! slot_id {
    ($(#[$doc:meta])* $name:ident) => {
        id!($(#[$doc])* $name);

        impl $name {
            /// Bits below the second of the slot.
            const SEQUENCE_BITS: u32 = 24;

            /// The lowest id of the slot that begins at `time`.
            pub const fn first_of(time: CoarseTime) -> Self {
                Self(time.unix_seconds() << Self::SEQUENCE_BITS)
            }

            /// The second that the id falls into. It is the beginning of a slot, plus what a crowded slot ran
            /// over: [`crate::Clock::slot_of`] brings it back to the slot.
            pub const fn unix_seconds(self) -> i64 {
                self.0 >> Self::SEQUENCE_BITS
            }

            /// The next id: above `last`, within the slot of `now` unless that slot is behind `last`.
            ///
            /// `gap` (1 or more) is random, so that the numbers between two public posts do not count the
            /// private ones.
            pub const fn after(last: Self, now: CoarseTime, gap: u8) -> Self {
                let floor = Self::first_of(now).0;
                let base = if last.0 < floor { floor } else { last.0 };
                Self(base + gap as i64)
            }
        }
    };
}

random_id!(
    /// An entry of the public log, waiting or in it.
    LogEntryId
);
random_id!(
    /// An account. Random: the order of accounts tells nothing.
    AccountId
);
random_id!(
    /// Somebody who can act through an account. Random: it is bound to no name.
    KeyholderId
);
random_id!(
    /// What several people behind an account decide on.
    ProposalId
);
random_id!(
    /// A picture.
    MediaId
);
random_id!(
    /// A registered client application.
    AppId
);
random_id!(
    /// A session of the web pages or an access token of an app, as listed to its owner.
    SessionId
);
random_id!(
    /// A report to the moderators.
    ReportId
);
random_id!(
    /// Something that a moderator did.
    ActionId
);
random_id!(
    /// A preservation hold or a quarantine.
    HoldId
);
random_id!(
    /// A demand that was served on the server.
    DemandId
);
random_id!(
    /// A paper of a case, encrypted to the officers.
    PaperId
);
random_id!(
    /// What officers work on at the desk, before anybody sends or publishes it.
    DraftId
);
random_id!(
    /// What an account was told of a demand.
    NoticeId
);
random_id!(
    /// A list of people.
    ListId
);
random_id!(
    /// A filter.
    FilterId
);
random_id!(
    /// A keyword or a post of a filter.
    FilterPartId
);
random_id!(
    /// A post that appears later.
    ScheduledId
);
random_id!(
    /// A draft that its author put aside.
    AsideId
);
random_id!(
    /// What moderators announce.
    AnnouncementId
);
random_id!(
    /// A small picture with a name.
    EmojiId
);
random_id!(
    /// A hashtag on a profile.
    FeaturedTagId
);
slot_id!(
    /// A post or a boost: slot of publication, then a sequence with random gaps.
    PostId
);
slot_id!(
    /// A notification: slot, then a sequence with random gaps.
    NotificationId
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn random_ids_have_one_length_in_print() {
        for _ in 0..100 {
            assert_eq!(AccountId::random().to_string().len(), 19);
        }
    }

    #[test]
    fn signs_and_spaces_are_no_ids() {
        for text in [
            "",
            "-1",
            "+1",
            " 1",
            "1 ",
            "0x1",
            "99999999999999999999",
            "9223372036854775808",
        ] {
            assert_eq!(text.parse::<PostId>(), Err(InvalidId), "{text}");
        }
        assert_eq!("9223372036854775807".parse::<PostId>().unwrap().get(), i64::MAX);
    }

    proptest! {
        #[test]
        fn ids_only_grow_and_stay_in_their_slot(gaps in proptest::collection::vec(1u8..=32, 1..50)) {
            let slot = CoarseTime::from_unix_seconds(1_489_500_000);
            let mut last = PostId::new(0);
            for gap in gaps {
                let next = PostId::after(last, slot, gap);
                prop_assert!(next > last);
                prop_assert_eq!(next.unix_seconds(), slot.unix_seconds());
                last = next;
            }
        }

        #[test]
        fn a_clock_that_goes_back_does_not_make_a_lower_id(back in 1i64..100_000) {
            let last = PostId::after(PostId::new(0), CoarseTime::from_unix_seconds(1_489_500_000), 1);
            let earlier = CoarseTime::from_unix_seconds(1_489_500_000 - back);
            prop_assert!(PostId::after(last, earlier, 1) > last);
        }
    }
}
