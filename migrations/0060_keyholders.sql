-- Several people behind one account: each has an own passphrase, codes and sessions. Nothing that the account does
-- points here: who of them it was can be told by no row.

CREATE TABLE keyholders (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    label BYTEA NOT NULL,
    duties SMALLINT NOT NULL
); -- no row number
CREATE INDEX keyholders_by_account ON keyholders (account_id);

-- Whoever could sign in becomes the one keyholder of their account. Ids are random, as everywhere.
-- only on SQLite
INSERT INTO keyholders (id, account_id, label, duties)
SELECT (random() & 4611686018427387903) | 4611686018427387904, account_id, x'', 7 FROM credentials;
-- on both again
-- only on PostgreSQL
INSERT INTO keyholders (id, account_id, label, duties)
SELECT 4611686018427387904 + (('x' || right(replace(gen_random_uuid()::text, '-', ''), 15))::bit(60)::bigint),
    account_id, '\x'::bytea, 7 FROM credentials;
-- on both again

CREATE TABLE own_credentials (
    keyholder_id BIGINT NOT NULL PRIMARY KEY REFERENCES keyholders (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    passphrase_hash TEXT NOT NULL
); -- no row number
INSERT INTO own_credentials (keyholder_id, account_id, passphrase_hash)
SELECT keyholders.id, keyholders.account_id, credentials.passphrase_hash
FROM keyholders JOIN credentials ON credentials.account_id = keyholders.account_id;
DROP TABLE credentials;
ALTER TABLE own_credentials RENAME TO credentials;
CREATE INDEX credentials_by_account ON credentials (account_id);

CREATE TABLE own_codes (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    keyholder_id BIGINT NOT NULL REFERENCES keyholders (id) ON DELETE CASCADE
); -- no row number
INSERT INTO own_codes (code_hash, account_id, keyholder_id)
SELECT recovery_codes.code_hash, recovery_codes.account_id, keyholders.id
FROM recovery_codes JOIN keyholders ON keyholders.account_id = recovery_codes.account_id;
DROP TABLE recovery_codes;
ALTER TABLE own_codes RENAME TO recovery_codes;
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);
CREATE INDEX recovery_codes_by_keyholder ON recovery_codes (keyholder_id);

-- Nothing for an app that speaks for itself, and for a token that the operator made: it is nobody's in particular.
ALTER TABLE sessions ADD COLUMN keyholder_id BIGINT REFERENCES keyholders (id) ON DELETE CASCADE;
UPDATE sessions SET keyholder_id =
    (SELECT keyholders.id FROM keyholders WHERE keyholders.account_id = sessions.account_id)
WHERE kind <> 2;
CREATE INDEX sessions_by_keyholder ON sessions (keyholder_id);

-- Shown once to whoever made it, and used up by whoever comes. Neither is kept.
CREATE TABLE keyholder_invites (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    duties SMALLINT NOT NULL,
    until_day INTEGER NOT NULL
); -- no row number
CREATE INDEX keyholder_invites_by_account ON keyholder_invites (account_id);
