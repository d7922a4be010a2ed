-- The bytes of pictures that a hold keeps, beside the rows that it keeps of them.
CREATE TABLE held_files (
    hold_id BIGINT NOT NULL REFERENCES holds (id) ON DELETE CASCADE,
    media_id BIGINT NOT NULL,
    mime TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (hold_id, media_id)
); -- no row number
