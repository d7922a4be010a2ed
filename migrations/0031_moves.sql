-- Which other accounts an account says that it is too: they may move to it.
CREATE TABLE aliases (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    other_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, other_id)
); -- no row number
CREATE INDEX aliases_by_other ON aliases (other_id);

-- Accounts that moved, here and elsewhere, and where to. Until its followers here were led there, it is not carried.
CREATE TABLE moves (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    month INTEGER NOT NULL,
    carried BOOLEAN NOT NULL
); -- no row number
CREATE INDEX moves_by_target ON moves (target_id);
CREATE INDEX moves_to_carry ON moves (account_id) WHERE NOT carried;
