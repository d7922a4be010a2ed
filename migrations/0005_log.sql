-- Entries of the public log, waiting for a leaf or in it. `leaf` is empty while an entry waits; `open` is 0 while it is
-- closed, 1 when it is to be opened, 2 when its opening is published. The log itself is plain files (crate ledger).
CREATE TABLE log_entries (
    id BIGINT NOT NULL PRIMARY KEY,
    about_id BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    leaf BIGINT,
    open SMALLINT NOT NULL,
    salt BYTEA NOT NULL,
    payload BYTEA NOT NULL
); -- no row number
CREATE INDEX log_entries_by_leaf ON log_entries (leaf);
CREATE INDEX log_entries_by_about ON log_entries (about_id);
CREATE INDEX log_entries_by_open ON log_entries (open);
