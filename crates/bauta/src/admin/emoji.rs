//! What the operator asks about small pictures with a name, and how it is done.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bauta_service::App;
use bauta_service::emojis::{self, New};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};

/// Something about small pictures.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Emoji {
    /// Every one.
    List,
    /// One more.
    Add {
        /// Its name.
        name: String,
        /// Under what it is found in apps.
        category: String,
        /// The file, in base64.
        file: String,
    },
    /// One less.
    Remove {
        /// Its name.
        name: String,
    },
}

/// Does what was asked.
pub async fn handle(app: &App, asked: Emoji) -> Outcome<Value> {
    match asked {
        Emoji::List => {
            let all = app.emojis.all();
            let shown = all.iter().map(|one| {
                json!({
                    "name": one.shortcode, "category": one.category, "mime": one.mime,
                    "width": one.width, "height": one.height,
                })
            });
            Ok(shown.collect())
        }
        Emoji::Add { name, category, file } => {
            let file = STANDARD
                .decode(file)
                .map_err(|_| Failure::new("the file did not arrive whole"))?;
            let new = New {
                shortcode: name.clone(),
                category,
                file,
            };
            emojis::add_by_operator(app, new).await?;
            Ok(json!({ "name": name }))
        }
        Emoji::Remove { name } => {
            let named = app.emojis.get(name.trim_matches(':'));
            let named = named.ok_or_else(|| Failure::new(format!("there is no emoji {name:?}")))?;
            emojis::remove_by_operator(app, named.id).await?;
            Ok(json!({ "name": named.shortcode }))
        }
    }
}
