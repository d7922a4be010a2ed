-- Drafts that their authors put aside.
CREATE TABLE aside_drafts (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    draft BYTEA NOT NULL
); -- no row number
CREATE INDEX aside_drafts_by_account ON aside_drafts (account_id);
