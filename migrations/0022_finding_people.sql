-- Announcements by moderators, what people did with them, and whom nobody should suggest to somebody any more.
CREATE TABLE announcements (
    id BIGINT NOT NULL PRIMARY KEY,
    text BYTEA NOT NULL,
    html BYTEA NOT NULL,
    published_slot BIGINT NOT NULL,
    ends_slot BIGINT
); -- no row number

CREATE TABLE announcement_dismissals (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (announcement_id, account_id)
); -- no row number
CREATE INDEX announcement_dismissals_by_account ON announcement_dismissals (account_id);

CREATE TABLE announcement_reactions (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (announcement_id, account_id, name)
); -- no row number
CREATE INDEX announcement_reactions_by_account ON announcement_reactions (account_id);

CREATE TABLE suggestion_dismissals (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, target_id)
); -- no row number
CREATE INDEX suggestion_dismissals_by_target ON suggestion_dismissals (target_id);
