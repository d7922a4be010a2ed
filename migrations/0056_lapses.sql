-- Accounts that are deleted when nobody uses them: after how many whole months, and the month in which that would be.
CREATE TABLE lapses (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    after_months INTEGER NOT NULL,
    dies_month INTEGER NOT NULL
); -- no row number
CREATE INDEX lapses_due ON lapses (dies_month);
