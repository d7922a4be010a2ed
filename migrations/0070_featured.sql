-- By which name an account of another server calls what it pinned.
ALTER TABLE remote_accounts ADD COLUMN featured_uri TEXT NOT NULL DEFAULT '';
