-- People who signed up and wait to be let in: what they said to whoever decides.
CREATE TABLE waiting_accounts (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    words BYTEA NOT NULL
); -- no row number
