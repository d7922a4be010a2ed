//! The tables of migrations/ as diesel sees them. Nothing outside this crate sees them.

mod circles;
mod desk;
mod peers;
mod people;
mod speech;

pub use circles::*;
pub use desk::*;
pub use peers::*;
pub use people::*;
pub use speech::*;

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    preferences,
    credentials,
    recovery_codes,
    apps,
    sessions,
    invites,
    invite_allowances,
    media,
    posts,
    post_edits,
    attachments,
    post_edit_media,
    post_mentions,
    post_tags,
    favourites,
    bookmarks,
    muted_threads,
    follows,
    follow_requests,
    blocks,
    mutes,
    notifications,
    markers,
    reports,
    report_posts,
    moderation_actions,
    short_links,
    settings,
    deletions,
    holds,
    held_rows,
    desk_officers,
    desk_demands,
    desk_targets,
    desk_events,
    desk_findings,
    desk_papers,
    desk_drafts,
    desk_holds,
    desk_notices,
    desk_pickups,
    log_entries,
    purge_log,
    remote_accounts,
    remote_posts,
    remote_keys,
    actor_keys,
    follow_names,
    outbox,
    activities,
    deliveries,
    lists,
    list_members,
    followed_tags,
    featured_tags,
    account_notes,
    endorsements,
    blocked_domains,
    conversations,
    filters,
    filter_keywords,
    filter_posts,
    domain_rules,
    given_up,
);
