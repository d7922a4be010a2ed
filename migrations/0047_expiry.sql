-- Posts that go by themselves: one by one, and by their age.
CREATE TABLE post_ends (
    post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    ends_slot BIGINT NOT NULL
); -- no row number
CREATE INDEX post_ends_due ON post_ends (ends_slot);

CREATE TABLE expiry_rules (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    days INTEGER NOT NULL,
    spared INTEGER NOT NULL
); -- no row number
