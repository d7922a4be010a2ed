//! Threads: what a post answers, and what answers it.

use bauta_model::PostId;

use crate::{Conn, Result, ids};

/// ?1 the post, ?2 how many at most.
pub(crate) const ANCESTORS: &str = "WITH RECURSIVE up (id, parent, depth) AS ( \
     SELECT p.id, p.in_reply_to_id, 0 FROM posts p WHERE p.id = ?1 \
     UNION ALL SELECT p.id, p.in_reply_to_id, up.depth + 1 FROM up JOIN posts p ON p.id = up.parent \
     WHERE up.depth < ?2) \
     SELECT id FROM up WHERE depth > 0 ORDER BY depth DESC";

/// ?1 the post, ?2 how deep at most, ?3 how many at most.
pub(crate) const DESCENDANTS: &str = "WITH RECURSIVE down (id, depth) AS ( \
     SELECT p.id, 1 FROM posts p WHERE p.in_reply_to_id = ?1 \
     UNION ALL SELECT p.id, down.depth + 1 FROM down JOIN posts p ON p.in_reply_to_id = down.id \
     WHERE down.depth < ?2) \
     SELECT id FROM down ORDER BY depth, id LIMIT ?3";

/// What `post` answers, the beginning of the thread first.
pub fn ancestors(conn: &mut Conn, post: PostId, most: i64) -> Result<Vec<PostId>> {
    Ok(post_ids(ids::select(conn, ANCESTORS, &[post.get(), most], None)?))
}

/// What answers `post`, and what answers that, level by level.
pub fn descendants(conn: &mut Conn, post: PostId, depth: i64, most: i64) -> Result<Vec<PostId>> {
    Ok(post_ids(ids::select(
        conn,
        DESCENDANTS,
        &[post.get(), depth, most],
        None,
    )?))
}

pub(crate) fn post_ids(ids: Vec<i64>) -> Vec<PostId> {
    ids.into_iter().map(PostId::new).collect()
}
