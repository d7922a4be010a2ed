-- Reports by people without an account: what they say it is, by when it is answered, and their code.
CREATE TABLE report_codes (
    report_id BIGINT NOT NULL PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    code_hash BYTEA NOT NULL UNIQUE,
    kind SMALLINT NOT NULL,
    due_day INTEGER
); -- no row number
CREATE INDEX report_codes_by_due ON report_codes (due_day) WHERE due_day IS NOT NULL;

-- What was taken down for the law's sake. A hold keeps the copy, and goes with its last day; this says what it is.
CREATE TABLE quarantines (
    hold_id BIGINT NOT NULL PRIMARY KEY REFERENCES holds (id) ON DELETE CASCADE,
    post_id BIGINT,
    moderator_id BIGINT NOT NULL,
    kind SMALLINT NOT NULL,
    since_day INTEGER NOT NULL,
    sent_day INTEGER
); -- no row number
CREATE INDEX quarantines_by_post ON quarantines (post_id);
