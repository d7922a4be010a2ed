-- What people keep beside their posts: lists of whom they follow.

CREATE TABLE lists (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    title BYTEA NOT NULL,
    replies SMALLINT NOT NULL,
    exclusive BOOLEAN NOT NULL
); -- no row number
CREATE INDEX lists_by_account ON lists (account_id);

CREATE TABLE list_members (
    list_id BIGINT NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (list_id, account_id)
); -- no row number
CREATE INDEX list_members_by_account ON list_members (account_id);

-- Hashtags in the home timeline, and hashtags on a profile.
CREATE TABLE followed_tags (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (account_id, tag)
); -- no row number

CREATE TABLE featured_tags (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    UNIQUE (account_id, tag)
); -- no row number

-- What somebody wrote down about another account, for themselves.
CREATE TABLE account_notes (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    note BYTEA NOT NULL,
    PRIMARY KEY (account_id, target_id)
); -- no row number
CREATE INDEX account_notes_by_target ON account_notes (target_id);

-- Whom somebody recommends on their profile.
CREATE TABLE endorsements (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, target_id)
); -- no row number
CREATE INDEX endorsements_by_target ON endorsements (target_id);

-- Servers of which somebody wants to see nothing.
CREATE TABLE blocked_domains (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    domain TEXT NOT NULL,
    PRIMARY KEY (account_id, domain)
); -- no row number

-- How far somebody read a conversation of direct posts, and up to where it is put away.
CREATE TABLE conversations (
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    thread_id BIGINT NOT NULL,
    read_id BIGINT NOT NULL,
    removed_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, thread_id)
); -- no row number

-- Filters: what somebody does not want to come upon.
CREATE TABLE filters (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    title BYTEA NOT NULL,
    contexts SMALLINT NOT NULL,
    action SMALLINT NOT NULL,
    expires_slot BIGINT
); -- no row number
CREATE INDEX filters_by_account ON filters (account_id);

CREATE TABLE filter_keywords (
    id BIGINT NOT NULL PRIMARY KEY,
    filter_id BIGINT NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
    keyword BYTEA NOT NULL,
    whole_word BOOLEAN NOT NULL
); -- no row number
CREATE INDEX filter_keywords_by_filter ON filter_keywords (filter_id);

CREATE TABLE filter_posts (
    id BIGINT NOT NULL PRIMARY KEY,
    filter_id BIGINT NOT NULL REFERENCES filters (id) ON DELETE CASCADE,
    post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE
); -- no row number
CREATE INDEX filter_posts_by_filter ON filter_posts (filter_id);
CREATE INDEX filter_posts_by_post ON filter_posts (post_id);
