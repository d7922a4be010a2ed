-- That apps may be woken is the word of one person, not of all who are behind an account. Where several are, none of them
-- is taken to have said it.
CREATE TABLE own_push_agreements (
    keyholder_id BIGINT NOT NULL PRIMARY KEY REFERENCES keyholders (id) ON DELETE CASCADE
); -- no row number
INSERT INTO own_push_agreements (keyholder_id)
SELECT keyholders.id FROM keyholders JOIN push_agreements ON push_agreements.account_id = keyholders.account_id
WHERE (SELECT count(*) FROM keyholders AS others WHERE others.account_id = keyholders.account_id) = 1;
DROP TABLE push_agreements;
ALTER TABLE own_push_agreements RENAME TO push_agreements;
