-- Who may answer a post: 0 everybody, 1 followers of its author and whom it names, 2 whom it names, 3 its author alone.
ALTER TABLE posts ADD COLUMN reply_policy SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE preferences ADD COLUMN default_reply_policy SMALLINT NOT NULL DEFAULT 0;
