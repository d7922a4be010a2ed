-- Quotes: which post another one shows, and whether its author lets it. A quote whose post is gone stays, and shows nothing.
CREATE TABLE quotes (
    post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    quoted_id BIGINT REFERENCES posts (id) ON DELETE SET NULL,
    state SMALLINT NOT NULL
); -- no row number
CREATE INDEX quotes_by_quoted ON quotes (quoted_id, post_id) WHERE quoted_id IS NOT NULL;

-- Who may quote a post: 0 everybody, 1 followers of its author, 2 its author alone. What was said before was said for
-- nobody to quote.
ALTER TABLE posts ADD COLUMN quote_policy SMALLINT NOT NULL DEFAULT 2;
ALTER TABLE posts ADD COLUMN quotes_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE preferences ADD COLUMN default_quote_policy SMALLINT NOT NULL DEFAULT 0;
