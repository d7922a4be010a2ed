-- Accounts and posts of other servers are rows of accounts and posts like ours; what only they have is here.
CREATE TABLE remote_accounts (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    uri TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    domain TEXT NOT NULL,
    inbox TEXT NOT NULL,
    shared_inbox TEXT NOT NULL,
    followers_uri TEXT NOT NULL,
    fetched_day INTEGER NOT NULL
); -- no row number
CREATE INDEX remote_accounts_by_domain ON remote_accounts (domain);

CREATE TABLE remote_posts (
    post_id BIGINT NOT NULL PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    uri TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL
); -- no row number

-- Public keys of other servers' actors, as far as they signed something lately.
CREATE TABLE remote_keys (
    key_id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    public_key TEXT NOT NULL,
    fetched_slot BIGINT NOT NULL
); -- no row number
CREATE INDEX remote_keys_by_owner ON remote_keys (owner);

-- Private keys of our actors; account 0 is the server itself. No reference: a deleted account signs its own farewell.
CREATE TABLE actor_keys (
    account_id BIGINT NOT NULL PRIMARY KEY,
    private_key BYTEA NOT NULL
); -- no row number

-- By which name another server calls a follow of ours or theirs: an answer to it needs the name.
CREATE TABLE follow_names (
    follower_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    followee_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    uri TEXT NOT NULL,
    PRIMARY KEY (follower_id, followee_id)
); -- no row number
CREATE INDEX follow_names_by_followee ON follow_names (followee_id);

-- What other servers are yet to be told. Written with what happened; the worker looks at what is so by then.
CREATE TABLE outbox (
    kind SMALLINT NOT NULL,
    actor_id BIGINT NOT NULL,
    object_id BIGINT NOT NULL,
    detail BYTEA NOT NULL,
    PRIMARY KEY (kind, actor_id, object_id)
); -- no row number

CREATE TABLE activities (
    id BIGINT NOT NULL PRIMARY KEY,
    signer_id BIGINT NOT NULL,
    post_id BIGINT,
    body BYTEA NOT NULL
); -- no row number
CREATE INDEX activities_by_post ON activities (post_id);

CREATE TABLE deliveries (
    activity_id BIGINT NOT NULL REFERENCES activities (id) ON DELETE CASCADE,
    inbox TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_slot BIGINT NOT NULL,
    PRIMARY KEY (activity_id, inbox)
); -- no row number
CREATE INDEX deliveries_by_due ON deliveries (due_slot);
