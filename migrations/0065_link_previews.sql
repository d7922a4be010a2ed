-- What pages that posts link to say of themselves, each once for all posts that link to it.
CREATE TABLE link_previews (
    id BIGINT NOT NULL PRIMARY KEY,
    link_hash BYTEA NOT NULL UNIQUE,
    host TEXT NOT NULL,
    url BYTEA NOT NULL,
    title BYTEA NOT NULL,
    description BYTEA NOT NULL,
    site BYTEA NOT NULL,
    attempts SMALLINT NOT NULL,
    due_slot BIGINT,
    asked_day INTEGER,
    picture_id BIGINT UNIQUE,
    picture BYTEA,
    picture_bytes INTEGER NOT NULL,
    picture_said BYTEA NOT NULL,
    picture_host TEXT NOT NULL,
    blurhash TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL
); -- no row number
CREATE INDEX link_previews_by_due ON link_previews (due_slot) WHERE due_slot IS NOT NULL;
CREATE INDEX link_previews_by_day ON link_previews (asked_day) WHERE picture_id IS NOT NULL;
CREATE TABLE post_links (
    post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    preview_id BIGINT NOT NULL REFERENCES link_previews (id) ON DELETE CASCADE
); -- no row number
CREATE INDEX post_links_by_preview ON post_links (preview_id);
