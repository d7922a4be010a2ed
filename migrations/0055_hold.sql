-- When new posts of an account appear: at once (0), within the hour (1) or within the day (2).
ALTER TABLE preferences ADD COLUMN hold SMALLINT NOT NULL DEFAULT 0;
