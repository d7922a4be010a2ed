-- Small pictures with a name, which stand for it in texts.
CREATE TABLE custom_emojis (
    id BIGINT NOT NULL PRIMARY KEY,
    shortcode TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL,
    in_picker BOOLEAN NOT NULL,
    mime TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    picture BYTEA NOT NULL,
    still BYTEA NOT NULL
); -- no row number
