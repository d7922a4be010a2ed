//! Every column that is sealed, and the column that its place takes the row from. A turn looks at these: a value in any
//! other would lose its key, so nothing else can be sealed.

use super::Place;

/// A sealed column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Column {
    pub(crate) table: &'static str,
    pub(crate) name: &'static str,
    /// Where [`Place::row`] comes from.
    pub(crate) row: &'static str,
    /// Rows are appended and never changed: what was written before there were keys stays as it was.
    pub(crate) appended: bool,
}

const fn column(table: &'static str, name: &'static str, row: &'static str) -> Column {
    Column {
        table,
        name,
        row,
        appended: false,
    }
}

const fn appended(table: &'static str, name: &'static str, row: &'static str) -> Column {
    Column {
        appended: true,
        ..column(table, name, row)
    }
}

/// All of them, as inventory.toml has them.
pub(crate) const COLUMNS: &[Column] = &[
    column("accounts", "display_name", "id"),
    column("accounts", "bio", "id"),
    column("accounts", "bio_html", "id"),
    column("accounts", "fields", "id"),
    column("keyholders", "label", "id"),
    column("waiting_accounts", "words", "account_id"),
    column("proposals", "detail", "id"),
    column("posts", "warning", "id"),
    column("posts", "text", "id"),
    column("posts", "html", "id"),
    column("post_edits", "warning", "post_id"),
    column("post_edits", "text", "post_id"),
    column("post_edits", "html", "post_id"),
    column("media", "file_key", "id"),
    column("attachments", "description", "media_id"),
    column("post_edit_media", "description", "media_id"),
    column("remote_media", "url", "id"),
    column("remote_media", "description", "id"),
    column("remote_emojis", "url", "id"),
    column("remote_emojis", "picture", "id"),
    column("remote_emojis", "still", "id"),
    column("link_previews", "url", "id"),
    column("link_previews", "title", "id"),
    column("link_previews", "description", "id"),
    column("link_previews", "site", "id"),
    column("link_previews", "picture", "id"),
    column("link_previews", "picture_said", "id"),
    column("poll_options", "title", "post_id"),
    column("post_edit_options", "title", "post_id"),
    column("scheduled_posts", "draft", "id"),
    column("aside_drafts", "draft", "id"),
    column("push_subscriptions", "target", "id"),
    column("reports", "comment", "id"),
    column("moderation_actions", "reason", "id"),
    column("short_links", "url", "post_id"),
    column("held_rows", "content", "hold_id"),
    column("held_files", "content", "media_id"),
    appended("desk_demands", "salt", "id"),
    column("desk_targets", "target", "demand_id"),
    appended("desk_events", "fact", "demand_id"),
    column("desk_findings", "finding", "demand_id"),
    column("desk_papers", "content", "id"),
    column("desk_drafts", "content", "id"),
    column("desk_notices", "notice", "id"),
    column("desk_pickups", "content", "notice_id"),
    column("log_entries", "salt", "id"),
    column("log_entries", "payload", "id"),
    column("actor_keys", "private_key", "account_id"),
    column("outbox", "detail", "actor_id"),
    column("activities", "body", "id"),
    column("lists", "title", "id"),
    column("account_notes", "note", "target_id"),
    column("appeals", "text", "action_id"),
    column("announcements", "text", "id"),
    column("announcements", "html", "id"),
    column("custom_emojis", "picture", "id"),
    column("custom_emojis", "still", "id"),
    column("filters", "title", "id"),
    column("filter_keywords", "keyword", "id"),
];

impl Column {
    /// The column of a place.
    pub(crate) fn of(place: &Place) -> Option<&'static Self> {
        let mut columns = COLUMNS.iter();
        columns.find(|column| column.name == place.column && column.table == place.table)
    }

    /// The place of a value in it.
    pub(crate) const fn place(&self, row: i64) -> Place {
        Place::new(self.table, self.name, row)
    }
}
