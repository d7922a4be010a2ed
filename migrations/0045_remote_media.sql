-- Media that other servers name. What was got and rebuilt has a row of the same number in media; the others are away.
CREATE TABLE remote_media (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    post_id BIGINT REFERENCES posts (id) ON DELETE CASCADE,
    kind SMALLINT NOT NULL,
    position SMALLINT NOT NULL,
    host TEXT NOT NULL,
    url BYTEA NOT NULL,
    description BYTEA NOT NULL,
    blurhash TEXT NOT NULL,
    focus_x SMALLINT NOT NULL,
    focus_y SMALLINT NOT NULL,
    state SMALLINT NOT NULL,
    attempts SMALLINT NOT NULL,
    due_slot BIGINT,
    got_day INTEGER
); -- no row number
CREATE INDEX remote_media_by_post ON remote_media (post_id, position);
CREATE INDEX remote_media_by_account ON remote_media (account_id);
CREATE INDEX remote_media_by_host ON remote_media (host);
CREATE INDEX remote_media_by_due ON remote_media (due_slot) WHERE due_slot IS NOT NULL;
CREATE INDEX remote_media_by_day ON remote_media (got_day) WHERE got_day IS NOT NULL;
