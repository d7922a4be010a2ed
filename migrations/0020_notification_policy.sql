-- Of whom somebody wants to be told, and what waits aside until they look.
CREATE TABLE notification_policies (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    not_following SMALLINT NOT NULL,
    not_followers SMALLINT NOT NULL,
    new_accounts SMALLINT NOT NULL,
    private_mentions SMALLINT NOT NULL,
    limited_accounts SMALLINT NOT NULL
); -- no row number

-- Who may tell an account of what they do, whatever its policy says.
CREATE TABLE notification_permissions (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, from_id)
); -- no row number
CREATE INDEX notification_permissions_by_from ON notification_permissions (from_id);

ALTER TABLE notifications ADD COLUMN filtered BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX notifications_aside ON notifications (account_id, from_id) WHERE filtered;
