-- What officers work on and nobody has sent or published: letters, and redacted copies of papers that wait for a second
-- officer. A draft goes when it is sent, published or thrown away, or with the papers of its demand.
CREATE TABLE desk_drafts (
    id BIGINT NOT NULL PRIMARY KEY,
    demand_id BIGINT NOT NULL REFERENCES desk_demands (id),
    kind SMALLINT NOT NULL,
    officer_id BIGINT NOT NULL,
    changed_day INTEGER NOT NULL,
    destroy_day INTEGER,
    content BYTEA NOT NULL
); -- no row number
CREATE INDEX desk_drafts_by_demand ON desk_drafts (demand_id);
CREATE INDEX desk_drafts_by_destroy_day ON desk_drafts (destroy_day);
