-- The first tables. This file runs on SQLite and on PostgreSQL as it stands, but for one thing: SQLite gives every
-- table a hidden, counting row number, which would tell in what order people came. The mark "-- no row number" at the
-- end of a table is turned into WITHOUT ROWID there.
--
-- BYTEA columns of texts pass the one seal/open pair of crate store. Every column has its entry in inventory.toml:
-- the server does not start without it.

CREATE TABLE accounts (
    id BIGINT NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL,
    handle_key TEXT NOT NULL UNIQUE,
    display_name BYTEA NOT NULL,
    bio BYTEA NOT NULL,
    bio_html BYTEA NOT NULL,
    fields BYTEA NOT NULL,
    locked BOOLEAN NOT NULL,
    bot BOOLEAN NOT NULL,
    discoverable BOOLEAN NOT NULL,
    indexable BOOLEAN NOT NULL,
    hide_collections BOOLEAN NOT NULL,
    joined_month INTEGER NOT NULL,
    role SMALLINT NOT NULL,
    standing SMALLINT NOT NULL,
    avatar_id BIGINT,
    header_id BIGINT,
    posts_count BIGINT NOT NULL,
    followers_count BIGINT NOT NULL,
    following_count BIGINT NOT NULL
); -- no row number

CREATE TABLE preferences (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    default_visibility SMALLINT NOT NULL,
    default_sensitive BOOLEAN NOT NULL,
    default_language TEXT,
    theme SMALLINT NOT NULL,
    direct_from_strangers BOOLEAN NOT NULL,
    expand_warnings BOOLEAN NOT NULL
); -- no row number

CREATE TABLE credentials (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    passphrase_hash TEXT NOT NULL
); -- no row number

CREATE TABLE recovery_codes (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
); -- no row number
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);

CREATE TABLE apps (
    id BIGINT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    secret_hash BYTEA NOT NULL,
    name TEXT NOT NULL,
    website TEXT,
    redirect_uris TEXT NOT NULL,
    scopes TEXT NOT NULL,
    registered_month INTEGER NOT NULL
); -- no row number

-- Sessions of the web pages and access tokens of apps: one list for their owner.
CREATE TABLE sessions (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,
    account_id BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
    app_id BIGINT REFERENCES apps (id) ON DELETE CASCADE,
    kind SMALLINT NOT NULL,
    scopes TEXT NOT NULL,
    expires_month INTEGER
); -- no row number
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_app ON sessions (app_id);

-- Forgetful: neither who minted an invite nor who used it is kept.
CREATE TABLE invites (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    expires_month INTEGER NOT NULL
); -- no row number

CREATE TABLE invite_allowances (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    month INTEGER NOT NULL,
    minted INTEGER NOT NULL
); -- no row number

CREATE TABLE media (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind SMALLINT NOT NULL,
    mime TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    segment_offset BIGINT NOT NULL,
    length INTEGER NOT NULL
); -- no row number
CREATE INDEX media_by_account ON media (account_id);

CREATE TABLE posts (
    id BIGINT NOT NULL PRIMARY KEY,
    author_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    in_reply_to_id BIGINT REFERENCES posts (id) ON DELETE SET NULL,
    in_reply_to_author_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    thread_id BIGINT NOT NULL,
    boost_of_id BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    boost_of_author_id BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
    visibility SMALLINT NOT NULL,
    sensitive BOOLEAN NOT NULL,
    warning BYTEA NOT NULL,
    text BYTEA NOT NULL,
    html BYTEA NOT NULL,
    language TEXT,
    edited_slot BIGINT,
    replies_count BIGINT NOT NULL,
    boosts_count BIGINT NOT NULL,
    favourites_count BIGINT NOT NULL,
    pinned BOOLEAN NOT NULL,
    state SMALLINT NOT NULL
); -- no row number
CREATE INDEX posts_by_author ON posts (author_id, id);
CREATE INDEX posts_by_visibility ON posts (visibility, id);
CREATE INDEX posts_by_in_reply_to ON posts (in_reply_to_id);
CREATE INDEX posts_by_in_reply_to_author ON posts (in_reply_to_author_id);
CREATE INDEX posts_by_thread ON posts (thread_id, id);
CREATE UNIQUE INDEX posts_by_boost ON posts (boost_of_id, author_id);
CREATE INDEX posts_by_boost_of_author ON posts (boost_of_author_id);

CREATE TABLE post_edits (
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    slot BIGINT NOT NULL,
    sensitive BOOLEAN NOT NULL,
    warning BYTEA NOT NULL,
    text BYTEA NOT NULL,
    html BYTEA NOT NULL,
    PRIMARY KEY (post_id, number)
); -- no row number

CREATE TABLE post_mentions (
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, account_id)
); -- no row number
CREATE INDEX post_mentions_by_account_post ON post_mentions (account_id, post_id);

CREATE TABLE post_tags (
    tag TEXT NOT NULL,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (tag, post_id)
); -- no row number
CREATE INDEX post_tags_by_post ON post_tags (post_id);

CREATE TABLE favourites (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, post_id)
); -- no row number
CREATE INDEX favourites_by_post_account ON favourites (post_id, account_id);

CREATE TABLE bookmarks (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, post_id)
); -- no row number
CREATE INDEX bookmarks_by_post ON bookmarks (post_id);

CREATE TABLE muted_threads (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    thread_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, thread_id)
); -- no row number

CREATE TABLE follows (
    follower_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    followee_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    show_boosts BOOLEAN NOT NULL,
    notify BOOLEAN NOT NULL,
    PRIMARY KEY (follower_id, followee_id)
); -- no row number
CREATE INDEX follows_by_followee_follower ON follows (followee_id, follower_id);

CREATE TABLE follow_requests (
    follower_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    followee_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    show_boosts BOOLEAN NOT NULL,
    notify BOOLEAN NOT NULL,
    PRIMARY KEY (follower_id, followee_id)
); -- no row number
CREATE INDEX follow_requests_by_followee_follower ON follow_requests (followee_id, follower_id);

CREATE TABLE blocks (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, target_id)
); -- no row number
CREATE INDEX blocks_by_target_account ON blocks (target_id, account_id);

CREATE TABLE mutes (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    hide_notifications BOOLEAN NOT NULL,
    expires_slot BIGINT,
    PRIMARY KEY (account_id, target_id)
); -- no row number
CREATE INDEX mutes_by_target ON mutes (target_id);

CREATE TABLE notifications (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind SMALLINT NOT NULL,
    from_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    post_id BIGINT REFERENCES posts (id) ON DELETE CASCADE
); -- no row number
CREATE INDEX notifications_by_account ON notifications (account_id, id);
CREATE INDEX notifications_by_from ON notifications (from_id);
CREATE INDEX notifications_by_post ON notifications (post_id);

CREATE TABLE markers (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    timeline SMALLINT NOT NULL,
    last_read_id BIGINT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (account_id, timeline)
); -- no row number

CREATE TABLE reports (
    id BIGINT NOT NULL PRIMARY KEY,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reporter_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    category SMALLINT NOT NULL,
    comment BYTEA NOT NULL,
    state SMALLINT NOT NULL,
    month INTEGER NOT NULL,
    assignee_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL
); -- no row number
CREATE INDEX reports_by_target ON reports (target_id);
CREATE INDEX reports_by_reporter ON reports (reporter_id);
CREATE INDEX reports_by_state ON reports (state);
CREATE INDEX reports_by_assignee ON reports (assignee_id);

CREATE TABLE report_posts (
    report_id BIGINT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (report_id, post_id)
); -- no row number
CREATE INDEX report_posts_by_post ON report_posts (post_id);

-- What moderators did (not what readers did).
CREATE TABLE moderation_actions (
    id BIGINT NOT NULL PRIMARY KEY,
    moderator_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    post_id BIGINT,
    report_id BIGINT,
    kind SMALLINT NOT NULL,
    reason BYTEA NOT NULL,
    day INTEGER NOT NULL
); -- no row number
CREATE INDEX moderation_actions_by_target ON moderation_actions (target_id);

CREATE TABLE short_links (
    code TEXT NOT NULL PRIMARY KEY,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    url BYTEA NOT NULL,
    stopped BOOLEAN NOT NULL
); -- no row number
CREATE INDEX short_links_by_post ON short_links (post_id);

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
); -- no row number

-- What was deleted since, so that a restored backup does not bring it back.
CREATE TABLE deletions (
    kind SMALLINT NOT NULL,
    id BIGINT NOT NULL,
    month INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
); -- no row number

-- Names of deleted accounts, as keyed hashes: nobody speaks in such a name again.
CREATE TABLE retired_handles (
    key_hash BYTEA NOT NULL PRIMARY KEY
); -- no row number

-- Sealed copies that a recorded hold or a quarantine keeps, whatever is deleted live.
CREATE TABLE holds (
    id BIGINT NOT NULL PRIMARY KEY,
    purpose SMALLINT NOT NULL,
    account_id BIGINT,
    until_day INTEGER
); -- no row number

CREATE TABLE held_rows (
    hold_id BIGINT NOT NULL REFERENCES holds (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    source_table TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (hold_id, number)
); -- no row number
