-- What the operator decided about other servers. A domain's rule holds for those under it that have none of their own.
CREATE TABLE domain_rules (
    domain TEXT NOT NULL PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,
    severity SMALLINT NOT NULL,
    reject_media BOOLEAN NOT NULL,
    reject_reports BOOLEAN NOT NULL,
    obfuscate BOOLEAN NOT NULL,
    public_comment TEXT NOT NULL,
    private_comment TEXT NOT NULL,
    month INTEGER NOT NULL
); -- no row number

-- Since when a delivery waits, and hosts to which deliveries were given up after days of trying.
ALTER TABLE deliveries ADD COLUMN since_slot BIGINT NOT NULL DEFAULT 0;
CREATE TABLE given_up (
    host TEXT NOT NULL PRIMARY KEY,
    deliveries BIGINT NOT NULL,
    last_day INTEGER NOT NULL
); -- no row number
