//! The words of the domain. No I/O, no SQL, no HTTP: every other room of the house speaks in these types.

mod account;
mod attachment;
pub mod chance;
mod counted;
mod duties;
mod event;
mod handle;
mod hold;
mod host;
mod id;
mod limiter;
mod link_card;
mod poll;
mod post;
mod quote;
mod reply;
mod secret;
mod time;

pub use account::{Account, Field, Preferences, Role, Standing, Theme};
pub use attachment::{Attachment, AttachmentKind, Focus, Preview};
pub use counted::{counted, form, grouped};
pub use duties::{Duties, Duty};
pub use event::{Event, Incident, emit, install_sink};
pub use handle::{Handle, InvalidHandle};
pub use hold::Hold;
pub use host::is_loopback;
pub use id::{
    AccountId, ActionId, AnnouncementId, AppId, AsideId, DemandId, DraftId, EmojiId, FeaturedTagId, FilterId,
    FilterPartId, HoldId, InvalidId, KeyholderId, ListId, LogEntryId, MediaId, NoticeId, NotificationId,
    PaperId, PostId, ProposalId, ReportId, ScheduledId, SessionId,
};
pub use limiter::{Door, LimiterKey};
pub use link_card::{CardPicture, LinkCard};
pub use poll::{Poll, PollOption};
pub use post::{EVERYBODY, Mention, Post, PostState, Visibility, is_everybody};
pub use quote::{Quote, QuotePolicy, QuoteState};
pub use reply::ReplyPolicy;
pub use secret::Secret;
pub use time::{Clock, CoarseTime, Day, Month};
