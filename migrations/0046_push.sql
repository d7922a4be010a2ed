-- Who read that web push names a device to its maker, and wants it all the same.
CREATE TABLE push_agreements (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE
); -- no row number

-- Where apps want to be woken: one a token, gone with it.
CREATE TABLE push_subscriptions (
    id BIGINT NOT NULL PRIMARY KEY,
    session_id BIGINT NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target BYTEA NOT NULL,
    alerts INTEGER NOT NULL,
    policy SMALLINT NOT NULL
); -- no row number
CREATE INDEX push_subscriptions_by_account ON push_subscriptions (account_id);
