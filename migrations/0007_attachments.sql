-- Media of posts. The bytes of each, and of its smaller form, are rows of media; what readers are told of it is here.
CREATE TABLE attachments (
    media_id BIGINT NOT NULL PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    preview_id BIGINT REFERENCES media (id) ON DELETE SET NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    post_id BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    position SMALLINT NOT NULL,
    kind SMALLINT NOT NULL,
    description BYTEA NOT NULL,
    blurhash TEXT NOT NULL,
    focus_x SMALLINT NOT NULL,
    focus_y SMALLINT NOT NULL,
    seconds INTEGER,
    waiting_day INTEGER
); -- no row number
CREATE INDEX attachments_by_post ON attachments (post_id, position);
CREATE INDEX attachments_by_account ON attachments (account_id);
CREATE INDEX attachments_by_preview ON attachments (preview_id);
CREATE INDEX attachments_by_waiting ON attachments (waiting_day) WHERE waiting_day IS NOT NULL;

-- Which media an earlier version of a post had. What was deleted since is in no version.
CREATE TABLE post_edit_media (
    post_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    position SMALLINT NOT NULL,
    media_id BIGINT NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    description BYTEA NOT NULL,
    PRIMARY KEY (post_id, number, position),
    FOREIGN KEY (post_id, number) REFERENCES post_edits (post_id, number) ON DELETE CASCADE
); -- no row number
CREATE INDEX post_edit_media_by_media ON post_edit_media (media_id);
