//! Migrations: numbered SQL that both databases run, each in a transaction of its own.

use diesel::prelude::*;

use crate::conn::on;
use crate::{Conn, Error, Result};

/// Every migration, in order.
const MIGRATIONS: &[(i32, &str)] = &[
    (1, include_str!("../../../migrations/0001_begin.sql")),
    (2, include_str!("../../../migrations/0002_told_of_posts.sql")),
    (4, include_str!("../../../migrations/0004_desk.sql")),
    (5, include_str!("../../../migrations/0005_log.sql")),
    (6, include_str!("../../../migrations/0006_federation.sql")),
    (7, include_str!("../../../migrations/0007_attachments.sql")),
    (8, include_str!("../../../migrations/0008_apps.sql")),
    (9, include_str!("../../../migrations/0009_domain_rules.sql")),
    (12, include_str!("../../../migrations/0012_desk_drafts.sql")),
    (13, include_str!("../../../migrations/0013_polls.sql")),
    (14, include_str!("../../../migrations/0014_scheduled.sql")),
    (15, include_str!("../../../migrations/0015_held_files.sql")),
    (
        20,
        include_str!("../../../migrations/0020_notification_policy.sql"),
    ),
    (21, include_str!("../../../migrations/0021_custom_emojis.sql")),
    (22, include_str!("../../../migrations/0022_finding_people.sql")),
    (23, include_str!("../../../migrations/0023_appeals.sql")),
    (30, include_str!("../../../migrations/0030_gone_names.sql")),
    (31, include_str!("../../../migrations/0031_moves.sql")),
    (40, include_str!("../../../migrations/0040_quotes.sql")),
    (41, include_str!("../../../migrations/0041_quote_stamps.sql")),
    (42, include_str!("../../../migrations/0042_reply_policy.sql")),
    (45, include_str!("../../../migrations/0045_remote_media.sql")),
    (46, include_str!("../../../migrations/0046_push.sql")),
    (47, include_str!("../../../migrations/0047_expiry.sql")),
    (48, include_str!("../../../migrations/0048_aside.sql")),
    (51, include_str!("../../../migrations/0051_quarantine.sql")),
    (52, include_str!("../../../migrations/0052_sealed_media.sql")),
    (55, include_str!("../../../migrations/0055_hold.sql")),
    (56, include_str!("../../../migrations/0056_lapses.sql")),
    (57, include_str!("../../../migrations/0057_onion_accounts.sql")),
    (60, include_str!("../../../migrations/0060_keyholders.sql")),
    (61, include_str!("../../../migrations/0061_group_decisions.sql")),
    (65, include_str!("../../../migrations/0065_link_previews.sql")),
    (66, include_str!("../../../migrations/0066_remote_emojis.sql")),
    (70, include_str!("../../../migrations/0070_featured.sql")),
    (80, include_str!("../../../migrations/0080_media_by_segment.sql")),
    (85, include_str!("../../../migrations/0085_waiting.sql")),
    (87, include_str!("../../../migrations/0087_outbox_mark.sql")),
    (88, include_str!("../../../migrations/0088_push_by_keyholder.sql")),
];

diesel::table! {
    schema_migrations (version) {
        version -> Integer,
    }
}

/// Brings the database up to date, and says how many migrations it took.
pub(crate) fn run(conn: &mut Conn) -> Result<usize> {
    conn.batch(&for_backend(
        "CREATE TABLE IF NOT EXISTS schema_migrations (\n    version INTEGER NOT NULL PRIMARY KEY\n); -- no row number",
        conn.is_sqlite(),
    ))?;
    let done = done(conn)?;
    let known = MIGRATIONS.last().map_or(0, |(version, _)| *version);
    if let Some(found) = done.iter().copied().find(|version| *version > known) {
        return Err(Error::TooNew { found, known });
    }
    let mut count = 0;
    // By what was done, not by the newest: numbers are given out before the work is finished.
    for (version, sql) in MIGRATIONS.iter().filter(|(version, _)| !done.contains(version)) {
        let sql = for_backend(sql, conn.is_sqlite());
        conn.batch("BEGIN")?;
        let applied = conn.batch(&sql).and_then(|()| record(conn, *version));
        if let Err(error) = applied {
            let _ = conn.batch("ROLLBACK");
            return Err(error);
        }
        conn.batch("COMMIT")?;
        count += 1;
    }
    Ok(count)
}

/// The migrations that the database has.
fn done(conn: &mut Conn) -> Result<Vec<i32>> {
    Ok(on!(conn, c => schema_migrations::table
        .select(schema_migrations::version)
        .order(schema_migrations::version.desc())
        .load(c))?)
}

fn record(conn: &mut Conn, version: i32) -> Result<()> {
    on!(conn, c => diesel::insert_into(schema_migrations::table)
        .values(schema_migrations::version.eq(version))
        .execute(c))?;
    Ok(())
}

/// SQLite: no hidden row number, which would tell the order in which people came. What only the other database knows
/// (triggers are written differently) is left out.
fn for_backend(sql: &str, sqlite: bool) -> String {
    if sqlite {
        without(sql, "-- only on PostgreSQL\n").replace("\n); -- no row number", "\n) WITHOUT ROWID;")
    } else {
        without(sql, "-- only on SQLite\n")
    }
}

/// The text without what stands between a line `mark` and the next line "-- on both again".
fn without(sql: &str, mark: &str) -> String {
    let mut parts = sql.split(mark);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once("-- on both again\n").map_or("", |(_, rest)| rest));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_marked() {
        for (_, sql) in MIGRATIONS {
            let tables = sql.matches("CREATE TABLE").count();
            assert_eq!(for_backend(sql, true).matches(") WITHOUT ROWID;").count(), tables);
        }
    }

    #[test]
    fn each_database_gets_its_own_lines() {
        let sql =
            "a;\n-- only on SQLite\nb;\n-- on both again\n-- only on PostgreSQL\nc;\n-- on both again\nd;\n";
        let run = |sqlite| -> Vec<String> {
            let sql = for_backend(sql, sqlite);
            sql.lines()
                .filter(|line| !line.starts_with("--"))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(run(true), ["a;", "b;", "d;"]);
        assert_eq!(run(false), ["a;", "c;", "d;"]);
    }
}
