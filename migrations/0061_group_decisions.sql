-- What those behind an account decide together. A decision that is over keeps its words for some weeks and nothing of
-- who agreed.

-- How many have to agree. None: two.
CREATE TABLE group_rules (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    needed SMALLINT NOT NULL
); -- no row number

CREATE TABLE proposals (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind SMALLINT NOT NULL,
    about_id BIGINT REFERENCES keyholders (id) ON DELETE SET NULL,
    notice_id BIGINT REFERENCES desk_notices (id) ON DELETE CASCADE,
    number SMALLINT NOT NULL,
    detail BYTEA NOT NULL,
    stage SMALLINT NOT NULL,
    until_day INTEGER NOT NULL
); -- no row number
CREATE INDEX proposals_by_account ON proposals (account_id);
CREATE INDEX proposals_by_about ON proposals (about_id);
CREATE INDEX proposals_by_notice ON proposals (notice_id);

CREATE TABLE proposal_agreements (
    proposal_id BIGINT NOT NULL REFERENCES proposals (id) ON DELETE CASCADE,
    keyholder_id BIGINT NOT NULL REFERENCES keyholders (id) ON DELETE CASCADE,
    PRIMARY KEY (proposal_id, keyholder_id)
); -- no row number
CREATE INDEX proposal_agreements_by_keyholder ON proposal_agreements (keyholder_id);

-- A notice waits for each of those behind the account until each has seen it. Seeing it takes the row away: no time
-- stays, and nothing that tells who has seen it once all have.
CREATE TABLE desk_unseen (
    notice_id BIGINT NOT NULL REFERENCES desk_notices (id) ON DELETE CASCADE,
    keyholder_id BIGINT NOT NULL REFERENCES keyholders (id) ON DELETE CASCADE,
    PRIMARY KEY (notice_id, keyholder_id)
); -- no row number
CREATE INDEX desk_unseen_by_keyholder ON desk_unseen (keyholder_id);
INSERT INTO desk_unseen (notice_id, keyholder_id)
SELECT desk_notices.id, keyholders.id
FROM desk_notices JOIN keyholders ON keyholders.account_id = desk_notices.account_id
WHERE NOT desk_notices.seen;
ALTER TABLE desk_notices DROP COLUMN seen;
