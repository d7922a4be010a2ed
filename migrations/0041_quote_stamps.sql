-- Where the consent of authors elsewhere to being quoted can be had: the names of their stamps.
CREATE TABLE quote_stamps (
    post_id BIGINT NOT NULL PRIMARY KEY REFERENCES quotes (post_id) ON DELETE CASCADE,
    stamp TEXT NOT NULL
); -- no row number
CREATE INDEX quote_stamps_by_stamp ON quote_stamps (stamp);
