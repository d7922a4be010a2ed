-- Posts that appear later by themselves.
CREATE TABLE scheduled_posts (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    publish_slot BIGINT NOT NULL,
    draft BYTEA NOT NULL,
    failed BOOLEAN NOT NULL
); -- no row number
CREATE INDEX scheduled_posts_by_account ON scheduled_posts (account_id);
CREATE INDEX scheduled_posts_due ON scheduled_posts (publish_slot) WHERE NOT failed;
