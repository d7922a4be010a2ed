//! Rows as lines of JSON: what a backup holds. The same lines from either database, and into either.
//!
//! The statements are built from the live column names, since a backup must hold every column that there is; the
//! inventory has vouched for them at start. Bytes are written `\\x…` in hexadecimal, as PostgreSQL reads and writes them.

use diesel::connection::DefaultLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::conn::{Backend, on};
use crate::{Conn, Error, Result, live_schema};

/// Tables in an order in which every row finds the rows that it refers to.
const ORDER: &[&str] = &[
    "accounts",
    "retired_handles",
    "preferences",
    "keyholders",
    "keyholder_invites",
    "lapses",
    "onion_accounts",
    "waiting_accounts",
    "group_rules",
    "credentials",
    "recovery_codes",
    "apps",
    "sessions",
    "push_agreements",
    "push_subscriptions",
    "invites",
    "invite_allowances",
    "media",
    "posts",
    "post_edits",
    "attachments",
    "post_edit_media",
    "polls",
    "poll_options",
    "poll_voters",
    "post_edit_options",
    "quotes",
    "quote_stamps",
    "scheduled_posts",
    "aside_drafts",
    "post_ends",
    "expiry_rules",
    "post_mentions",
    "post_tags",
    "favourites",
    "bookmarks",
    "muted_threads",
    "follows",
    "follow_requests",
    "blocks",
    "mutes",
    "notifications",
    "notification_policies",
    "notification_permissions",
    "custom_emojis",
    "announcements",
    "announcement_dismissals",
    "announcement_reactions",
    "suggestion_dismissals",
    "markers",
    "reports",
    "report_posts",
    "report_codes",
    "moderation_actions",
    "appeals",
    "short_links",
    "settings",
    "deletions",
    "holds",
    "held_rows",
    "held_files",
    "quarantines",
    "desk_officers",
    "desk_demands",
    "desk_targets",
    "desk_events",
    "desk_findings",
    "desk_papers",
    "desk_drafts",
    "desk_holds",
    "desk_notices",
    "desk_unseen",
    "proposals",
    "proposal_agreements",
    "desk_pickups",
    "log_entries",
    "purge_log",
    "remote_accounts",
    "remote_posts",
    "remote_media",
    "remote_emojis",
    "link_previews",
    "post_links",
    "remote_keys",
    "gone_names",
    "aliases",
    "moves",
    "actor_keys",
    "follow_names",
    "outbox",
    "activities",
    "deliveries",
    "lists",
    "list_members",
    "followed_tags",
    "featured_tags",
    "account_notes",
    "endorsements",
    "blocked_domains",
    "conversations",
    "filters",
    "filter_keywords",
    "filter_posts",
    "domain_rules",
    "given_up",
];

const SQLITE_BYTES: &str = "SELECT name AS line FROM pragma_table_xinfo(?1) WHERE type = 'BYTEA'";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// A table as a backup sees it.
pub struct Table {
    /// Its name.
    pub name: String,
    columns: Vec<String>,
    /// The columns of bytes, which JSON can't hold as they are. Asked for on SQLite only.
    bytes: Vec<String>,
    /// Writes a row of it.
    import: String,
}

/// Every table, parents first.
///
/// # Errors
/// [`Error::Undeclared`] when the database has a table that no backup would hold.
pub fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    for column in live_schema::columns(conn)? {
        if column.table == "schema_migrations" {
            continue;
        }
        match tables.iter_mut().find(|table| table.name == column.table) {
            Some(table) => table.columns.push(column.column),
            None => tables.push(Table {
                name: column.table,
                columns: vec![column.column],
                bytes: Vec::new(),
                import: String::new(),
            }),
        }
    }
    let place = |table: &Table| ORDER.iter().position(|name| *name == table.name);
    if let Some(unknown) = tables.iter().find(|table| place(table).is_none()) {
        return Err(Error::Undeclared(format!(
            "table {} has no place in a backup",
            unknown.name
        )));
    }
    tables.sort_by_key(place);
    if let Backend::Sqlite(c) = &mut conn.backend {
        for table in &mut tables {
            let rows: Vec<Line> = diesel::sql_query(SQLITE_BYTES)
                .bind::<Text, _>(&table.name)
                .load(c)?;
            table.bytes = rows.into_iter().map(|row| row.line).collect();
        }
    }
    for table in &mut tables {
        table.import = import_sql(table, conn.is_sqlite());
    }
    Ok(tables)
}

/// Gives every row of `table` to `take`, oldest post first.
pub fn export<E: From<Error>>(
    conn: &mut Conn,
    table: &Table,
    mut take: impl FnMut(String) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let sql = export_sql(table, conn.is_sqlite());
    on!(conn, c => {
        let rows = diesel::sql_query(sql).load_iter::<Line, DefaultLoadingMode>(c).map_err(Error::from)?;
        for row in rows {
            take(row.map_err(Error::from)?.line)?;
        }
    });
    Ok(())
}

/// Writes a row that [`export`] gave.
pub fn import(conn: &mut Conn, table: &Table, line: &str) -> Result<()> {
    let newer = crate::older_rows::brought_up(conn, &table.name, line)?;
    let row = newer.as_deref().unwrap_or(line);
    on!(conn, c => diesel::sql_query(&table.import).bind::<Text, _>(row).execute(c))?;
    crate::older_rows::after(conn, &table.name, line)
}

/// True when there is nothing yet that a restore could mix with.
pub fn is_empty(conn: &mut Conn) -> Result<bool> {
    use crate::schema::accounts;
    let count: i64 = on!(conn, c => accounts::table.count().get_result(c))?;
    Ok(count == 0)
}

fn export_sql(table: &Table, sqlite: bool) -> String {
    // The first column leads the primary key everywhere; posts need the order, since they refer to older ones.
    let (name, first) = (&table.name, &table.columns[0]);
    if !sqlite {
        return format!("SELECT CAST(row_to_json(t) AS TEXT) AS line FROM {name} AS t ORDER BY {first}");
    }
    let pairs: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            if table.bytes.contains(column) {
                format!("'{column}', '\\x' || hex({column})")
            } else {
                format!("'{column}', {column}")
            }
        })
        .collect();
    format!(
        "SELECT json_object({}) AS line FROM {name} ORDER BY {first}",
        pairs.join(", ")
    )
}

fn import_sql(table: &Table, sqlite: bool) -> String {
    let name = &table.name;
    if !sqlite {
        return format!(
            "INSERT INTO {name} SELECT * FROM json_populate_record(NULL::{name}, CAST($1 AS JSON))"
        );
    }
    let values: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let value = format!("json_extract(?1, '$.{column}')");
            if table.bytes.contains(column) {
                format!("unhex(substr({value}, 3))")
            } else {
                value
            }
        })
        .collect();
    format!(
        "INSERT INTO {name} ({}) VALUES ({})",
        table.columns.join(", "),
        values.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_table_has_a_place_in_a_backup() {
        for table in &bauta_inventory::Inventory::builtin().tables {
            assert!(
                ORDER.contains(&table.name.as_str()) || table.name == "schema_migrations",
                "table {} is in no backup",
                table.name
            );
        }
    }
}
