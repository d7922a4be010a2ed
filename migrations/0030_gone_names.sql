-- Posts of other servers that were deleted, there or by moderators here: nobody brings them back by telling of them late.
CREATE TABLE gone_names (
    name_hash BYTEA NOT NULL PRIMARY KEY,
    until_day INTEGER NOT NULL
); -- no row number
