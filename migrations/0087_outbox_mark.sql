-- Which noting of a change a row is: one that came while the worker read what to tell is told of once more.
ALTER TABLE outbox ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;
