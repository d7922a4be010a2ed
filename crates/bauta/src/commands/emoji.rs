//! `bauta emoji …`: has it done, and prints it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::admin::{self, Emoji, Request};
use crate::cli::emoji::{EmojiArgs, EmojiCommand};
use crate::failure::{Failure, Outcome};
use crate::output;

/// The most bytes of a file that are read: the service takes fewer, and says how many.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Runs the subcommand.
pub fn run(args: EmojiArgs) -> Outcome<()> {
    let asked = asked(&args.command)?;
    let answer = admin::ask(&args.data.into(), &Request::Emoji { asked })?;
    if args.json {
        output::json(&answer);
        return Ok(());
    }
    match args.command {
        EmojiCommand::List => {
            for one in answer.as_array().into_iter().flatten() {
                output::line(&line(one));
            }
        }
        EmojiCommand::Add { name, .. } => output::line(&format!(":{name}: is there")),
        EmojiCommand::Remove { name } => output::line(&format!(":{name}: is gone")),
    }
    Ok(())
}

fn asked(command: &EmojiCommand) -> Outcome<Emoji> {
    Ok(match command {
        EmojiCommand::List => Emoji::List,
        EmojiCommand::Add { name, file, category } => {
            let unread = |why: &str| Failure::new(format!("{} could not be read: {why}", file.display()));
            let about = std::fs::metadata(file).map_err(|error| unread(&error.to_string()))?;
            if about.len() > MOST_BYTES {
                return Err(unread("it is far larger than any emoji may be"));
            }
            let bytes = std::fs::read(file).map_err(|error| unread(&error.to_string()))?;
            Emoji::Add {
                name: name.clone(),
                category: category.clone(),
                file: STANDARD.encode(bytes),
            }
        }
        EmojiCommand::Remove { name } => Emoji::Remove { name: name.clone() },
    })
}

fn line(one: &Value) -> String {
    let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let category = text("category");
    let category = if category.is_empty() {
        category
    } else {
        format!("  ({category})")
    };
    format!(
        ":{}:  {} × {}, {}{category}",
        text("name"),
        one["width"],
        one["height"],
        text("mime")
    )
}
