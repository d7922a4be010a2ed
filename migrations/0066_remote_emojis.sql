-- Small pictures that other servers name in texts. One without a picture was not got, or made room for others.
CREATE TABLE remote_emojis (
    id BIGINT NOT NULL PRIMARY KEY,
    domain TEXT NOT NULL,
    shortcode TEXT NOT NULL,
    server TEXT NOT NULL,
    host TEXT NOT NULL,
    url BYTEA NOT NULL,
    named_day INTEGER NOT NULL,
    attempts SMALLINT NOT NULL,
    due_slot BIGINT,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    picture BYTEA,
    still BYTEA,
    bytes INTEGER NOT NULL,
    UNIQUE (domain, shortcode)
); -- no row number
CREATE INDEX remote_emojis_by_due ON remote_emojis (due_slot) WHERE due_slot IS NOT NULL;
