-- The followers who asked to be told of every post of an author, without walking over the others.
CREATE INDEX follows_by_followee_told ON follows (followee_id, follower_id) WHERE notify;
