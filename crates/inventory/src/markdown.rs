//! The retention page of the manual, made from the inventory so that it can't say anything else.

use std::fmt::{self, Write};

use crate::class::sentence;
use crate::{Inventory, Place, PlaceKind, Table};

/// The whole page.
///
/// # Panics
/// Never: a `String` takes every text.
pub fn markdown(inventory: &Inventory) -> String {
    let mut page = String::new();
    write(&mut page, inventory).expect("a String takes every text");
    page
}

fn write(page: &mut String, inventory: &Inventory) -> fmt::Result {
    writeln!(page, "# What is held, why, and for how long\n")?;
    writeln!(
        page,
        "<!-- Made from inventory.toml: BAUTA_BLESS=1 cargo test -p bauta-inventory -->\n"
    )?;
    writeln!(
        page,
        "Everything that this program stores, writes or sends is on this page. The server compares it with its database \
         at each start, and does not start when they differ. The classes are a reading of the law by people who are not \
         your lawyer.\n"
    )?;
    writeln!(
        page,
        "## In short\n\n| thing | why | who can see it | until when |\n|---|---|---|---|"
    )?;
    for thing in inventory.things.iter().filter(|thing| thing.personal) {
        writeln!(
            page,
            "| {} | {} | {} | {} |",
            cell(&thing.label),
            cell(&thing.why),
            cell(&thing.who),
            cell(&thing.until)
        )?;
    }
    let notes = [
        crate::OTHERS_SENTENCE,
        crate::MACHINE_SENTENCE,
        crate::GAG_SENTENCE,
    ];
    writeln!(page, "\n{}", notes.join(" "))?;
    write_never(page, inventory)?;
    writeln!(page, "\n## The database, column by column")?;
    inventory
        .tables
        .iter()
        .try_for_each(|table| write_table(page, table))?;
    let places = [
        (PlaceKind::File, "Files that it writes"),
        (PlaceKind::Log, "What it says on its output"),
        (PlaceKind::Memory, "What stays in memory after a request"),
        (PlaceKind::Outgoing, "What leaves the server"),
    ];
    for (kind, title) in places {
        writeln!(
            page,
            "\n## {title}\n\n| name | holds | why | who can see it | until when | US | EU | why not coarser |"
        )?;
        writeln!(page, "|---|---|---|---|---|---|---|---|")?;
        inventory
            .places(kind)
            .try_for_each(|place| write_place(page, place))?;
    }
    Ok(())
}

fn write_never(page: &mut String, inventory: &Inventory) -> fmt::Result {
    writeln!(
        page,
        "\n## Never collected\n\n| what | how it is so | US | EU |\n|---|---|---|---|"
    )?;
    for never in &inventory.never {
        writeln!(
            page,
            "| {} | {} | {} | {} |",
            cell(&never.name),
            cell(&never.sentence),
            never.us,
            never.eu
        )?;
    }
    writeln!(page, "\n## Destroyed by rule\n")?;
    for expired in &inventory.expired {
        writeln!(page, "- **{}**: {}", cell(&expired.name), expired.sentence)?;
    }
    writeln!(page, "\n## Outside this program\n")?;
    for outside in &inventory.outside {
        writeln!(page, "- **{}**: {}", cell(&outside.name), outside.sentence)?;
    }
    Ok(())
}

fn write_table(page: &mut String, table: &Table) -> fmt::Result {
    writeln!(
        page,
        "\n### {}\n\n| column | why | who can see it | until when | US | EU | why not coarser |",
        table.name
    )?;
    writeln!(page, "|---|---|---|---|---|---|---|")?;
    for column in &table.columns {
        let credential = if column.credential {
            " Never shown or given out."
        } else {
            ""
        };
        let sealed = if column.sealed { " †" } else { "" };
        writeln!(
            page,
            "| `{}`{sealed} | {}{credential} | {} | {} | {} | {} | {} |",
            column.name,
            cell(&column.purpose),
            sentence(&column.who),
            column.keep,
            column.us,
            column.eu,
            cell(&column.coarser),
        )?;
    }
    if table.columns.iter().any(|column| column.sealed) {
        writeln!(
            page,
            "\n† sealed where the operator has sealed the server (`bauta seal`), else stored as it is."
        )?;
    }
    if let Some(decides) = &table.decides {
        writeln!(
            page,
            "\nA row whose `{decides}` makes it public can be read by everyone, and its texts are public content."
        )?;
    }
    Ok(())
}

fn write_place(page: &mut String, place: &Place) -> fmt::Result {
    let credential = if place.credential {
        " Never shown or given out."
    } else {
        ""
    };
    let fields = if place.fields.is_empty() {
        String::new()
    } else {
        format!(" ({})", place.fields.join(", "))
    };
    writeln!(
        page,
        "| `{}` | {}{} | {}{credential} | {} | {} | {} | {} | {} |",
        place.name,
        cell(&place.holds),
        cell(&fields),
        cell(&place.purpose),
        sentence(&place.who),
        cell(&place.until),
        place.us,
        place.eu,
        cell(&place.coarser),
    )
}

/// A text that does not break out of its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
