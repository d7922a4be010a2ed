-- Accounts that are used over the onion service alone, for good.
CREATE TABLE onion_accounts (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE
); -- no row number
