-- Which moderator took a report on: two of them should not answer the same one.
ALTER TABLE reports ADD COLUMN assignee_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL;
CREATE INDEX reports_by_assignee ON reports (assignee_id);
