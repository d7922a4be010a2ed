//! `bauta inventory check|show|holdings`.

use bauta_inventory::Inventory;
use serde_json::{Value, json};

use crate::admin::{self, Request};
use crate::cli::{InventoryArgs, InventoryCommand};
use crate::failure::Outcome;
use crate::output;

/// Runs the subcommand; `check` where none is named.
pub fn run(args: InventoryArgs) -> Outcome<()> {
    let settings = args.data.into();
    match args.command.unwrap_or(InventoryCommand::Check) {
        InventoryCommand::Check => {
            let checked = admin::ask(&settings, &Request::InventoryCheck)?;
            if args.json {
                output::json(&checked);
            } else {
                output::line("every column of the database is declared, and every declared column is there");
            }
        }
        InventoryCommand::Show => {
            let inventory = Inventory::builtin();
            if args.json {
                output::json(&declaration(inventory));
            } else {
                output::line(&bauta_inventory::markdown(inventory));
            }
        }
        InventoryCommand::Holdings { handle } => {
            let held = admin::ask(&settings, &Request::Holdings { handle })?;
            if args.json {
                output::json(&held);
            } else {
                print_holdings(&held);
            }
        }
    }
    Ok(())
}

/// The declaration as data: one object a column.
fn declaration(inventory: &Inventory) -> Value {
    let columns: Vec<Value> = inventory
        .columns()
        .map(|column| {
            json!({
                "column": column.path(),
                "purpose": column.purpose,
                "coarser": column.coarser,
                "credential": column.credential,
                "sealed": column.sealed,
            })
        })
        .collect();
    json!({"inventory": inventory.hash(), "columns": columns})
}

fn print_holdings(held: &Value) {
    let text = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    for line in held.get("lines").and_then(Value::as_array).into_iter().flatten() {
        output::line(&text(line, "label"));
        for value in line.get("values").and_then(Value::as_array).into_iter().flatten() {
            output::line(&format!("  {}: {}", text(value, "label"), text(value, "text")));
        }
    }
    for never in held.get("never").and_then(Value::as_array).into_iter().flatten() {
        output::line(&format!("never collected: {}", text(never, "name")));
    }
}
