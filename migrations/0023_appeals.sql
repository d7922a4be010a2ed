-- What people answer to decisions of moderators.
CREATE TABLE appeals (
    action_id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    text BYTEA NOT NULL,
    state SMALLINT NOT NULL,
    month INTEGER NOT NULL
); -- no row number
CREATE INDEX appeals_by_account ON appeals (account_id);
CREATE INDEX appeals_waiting ON appeals (action_id) WHERE state = 0;
