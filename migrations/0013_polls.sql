-- Polls. A ballot is secret: who has voted stands in a table of its own until the poll is over and everybody was told;
-- what somebody chose is counted, and kept nowhere.
CREATE TABLE polls (
    post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    multiple BOOLEAN NOT NULL,
    hide_totals BOOLEAN NOT NULL,
    expires_slot BIGINT NOT NULL,
    voters_count BIGINT NOT NULL,
    told BOOLEAN NOT NULL
); -- no row number
CREATE INDEX polls_to_tell ON polls (expires_slot) WHERE NOT told;

CREATE TABLE poll_options (
    post_id BIGINT NOT NULL REFERENCES polls (post_id) ON DELETE CASCADE,
    position SMALLINT NOT NULL,
    title BYTEA NOT NULL,
    votes_count BIGINT NOT NULL,
    PRIMARY KEY (post_id, position)
); -- no row number

CREATE TABLE poll_voters (
    post_id BIGINT NOT NULL REFERENCES polls (post_id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (post_id, account_id)
); -- no row number
CREATE INDEX poll_voters_by_account ON poll_voters (account_id);

-- What could be chosen in an earlier version of a post.
CREATE TABLE post_edit_options (
    post_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    position SMALLINT NOT NULL,
    title BYTEA NOT NULL,
    PRIMARY KEY (post_id, number, position),
    FOREIGN KEY (post_id, number) REFERENCES post_edits (post_id, number) ON DELETE CASCADE
); -- no row number
