-- The legal desk. What happened stands in desk_events and is never changed: a trigger says so on both databases. Whom a
-- demand is about lies apart from it, in desk_targets; papers are encrypted to named officers' own keys before they
-- come here.
--
-- Lines between "-- only on SQLite" or "-- only on PostgreSQL" and "-- on both again" are left out on the other.

-- What an account may do at the desk, and the public key (age) to which papers are encrypted for it.
CREATE TABLE desk_officers (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    duties SMALLINT NOT NULL,
    age_key TEXT
); -- no row number

CREATE TABLE desk_demands (
    id BIGINT NOT NULL PRIMARY KEY,
    public_name TEXT NOT NULL UNIQUE,
    renews_id BIGINT,
    salt BYTEA NOT NULL
); -- no row number
CREATE INDEX desk_demands_by_renews ON desk_demands (renews_id);

CREATE TABLE desk_targets (
    demand_id BIGINT NOT NULL REFERENCES desk_demands (id),
    number INTEGER NOT NULL,
    target BYTEA NOT NULL,
    PRIMARY KEY (demand_id, number)
); -- no row number

CREATE TABLE desk_events (
    demand_id BIGINT NOT NULL REFERENCES desk_demands (id),
    number INTEGER NOT NULL,
    slot BIGINT NOT NULL,
    officer_id BIGINT NOT NULL,
    fact BYTEA NOT NULL,
    PRIMARY KEY (demand_id, number)
); -- no row number

-- What was computed for an event and is not part of the public record: what is held, a manifest of what was produced.
CREATE TABLE desk_findings (
    demand_id BIGINT NOT NULL REFERENCES desk_demands (id),
    number INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    finding BYTEA NOT NULL,
    PRIMARY KEY (demand_id, number, kind)
); -- no row number

-- Papers, encrypted. Once destroyed, `content` is empty and the row is the tombstone.
CREATE TABLE desk_papers (
    id BIGINT NOT NULL PRIMARY KEY,
    demand_id BIGINT NOT NULL REFERENCES desk_demands (id),
    kind SMALLINT NOT NULL,
    added_day INTEGER NOT NULL,
    destroy_day INTEGER,
    content_hash BYTEA NOT NULL,
    content BYTEA NOT NULL
); -- no row number
CREATE INDEX desk_papers_by_demand ON desk_papers (demand_id);
CREATE INDEX desk_papers_by_destroy_day ON desk_papers (destroy_day);

-- Which demand a hold (see holds, held_rows) belongs to.
CREATE TABLE desk_holds (
    hold_id BIGINT NOT NULL PRIMARY KEY REFERENCES holds (id) ON DELETE CASCADE,
    demand_id BIGINT NOT NULL REFERENCES desk_demands (id)
); -- no row number
CREATE INDEX desk_holds_by_demand ON desk_holds (demand_id);

-- What an account was told of a demand, and whether it was seen: a flag without a time.
CREATE TABLE desk_notices (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    demand_id BIGINT NOT NULL REFERENCES desk_demands (id),
    until_day INTEGER NOT NULL,
    seen BOOLEAN NOT NULL,
    answer SMALLINT NOT NULL,
    notice BYTEA NOT NULL
); -- no row number
CREATE INDEX desk_notices_by_account ON desk_notices (account_id);
CREATE INDEX desk_notices_by_demand ON desk_notices (demand_id);

-- The notice for counsel, encrypted to counsel's key: it is handed out once.
CREATE TABLE desk_pickups (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    notice_id BIGINT NOT NULL REFERENCES desk_notices (id) ON DELETE CASCADE,
    until_day INTEGER NOT NULL,
    content BYTEA NOT NULL
); -- no row number
CREATE INDEX desk_pickups_by_notice ON desk_pickups (notice_id);

-- In which month rows of a table were last destroyed by rule: only then is an answer "expired".
CREATE TABLE purge_log (
    source_table TEXT NOT NULL PRIMARY KEY,
    month INTEGER NOT NULL
); -- no row number

-- only on SQLite
CREATE TRIGGER desk_events_stay BEFORE UPDATE ON desk_events
BEGIN SELECT RAISE(ABORT, 'events are appended, never changed'); END;
CREATE TRIGGER desk_events_remain BEFORE DELETE ON desk_events
BEGIN SELECT RAISE(ABORT, 'events are appended, never deleted'); END;
CREATE TRIGGER desk_events_once BEFORE INSERT ON desk_events
WHEN EXISTS (SELECT 1 FROM desk_events AS e WHERE e.demand_id = NEW.demand_id AND e.number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'events are appended, never replaced'); END;
CREATE TRIGGER desk_demands_stay BEFORE UPDATE ON desk_demands
BEGIN SELECT RAISE(ABORT, 'a demand is kept as it was received'); END;
CREATE TRIGGER desk_demands_remain BEFORE DELETE ON desk_demands
BEGIN SELECT RAISE(ABORT, 'a demand is kept as it was received'); END;
-- on both again
-- only on PostgreSQL
CREATE FUNCTION desk_appended() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''events are appended, never changed''; END' LANGUAGE plpgsql;
CREATE TRIGGER desk_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON desk_events
FOR EACH STATEMENT EXECUTE FUNCTION desk_appended();
CREATE TRIGGER desk_demands_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON desk_demands
FOR EACH STATEMENT EXECUTE FUNCTION desk_appended();
-- on both again
