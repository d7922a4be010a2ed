//! How the reader stands to an account, in Mastodon's JSON.

use bauta_model::{AccountId, CoarseTime};
use bauta_service::keepsakes::Kept;
use bauta_service::relations::Between;
use serde_json::{Value, json};

/// How the reader stands to `of`.
pub(crate) fn relationship(of: AccountId, tie: &Between, kept: &Kept) -> Value {
    json!({
        "id": of.to_string(),
        "following": tie.follows,
        "showing_reblogs": tie.follows && tie.show_boosts,
        "notifying": tie.follows && tie.notify,
        "languages": null,
        "followed_by": tie.followed_by,
        "blocking": tie.blocks,
        "blocked_by": tie.blocked_by,
        "muting": tie.mutes,
        "muting_notifications": tie.mutes_notifications,
        "muting_expires_at": tie.muted_until.map(CoarseTime::rfc3339),
        "requested": tie.requested,
        "requested_by": tie.requested_by,
        "domain_blocking": kept.domain_left_out,
        "endorsed": kept.endorsed,
        "note": kept.note,
    })
}
