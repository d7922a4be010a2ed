//! Pages on which people write, and what they do with posts.

mod acts;
mod aside;
mod compose;
mod delete;
mod edit;
mod fields;
pub mod home;
mod leak;
mod pictures;
mod poll;
mod saved;
mod scheduled;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use bauta_service::reading::Shown;
use bauta_service::{App, Refused};

use crate::ask::Ask;

/// The routes of these pages.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/compose", get(compose::begin).post(compose::send))
        .route("/@{handle}/{id}/edit", get(edit::begin).post(edit::send))
        .route(
            "/@{handle}/{id}/delete",
            get(delete::question).post(delete::delete),
        )
        .route("/@{handle}/{id}/boost", post(acts::boost))
        .route("/@{handle}/{id}/like", post(acts::like))
        .route("/@{handle}/{id}/save", post(acts::save))
        .route("/@{handle}/{id}/vote", post(poll::vote))
        .route("/@{handle}/{id}/pin", post(acts::pin))
        .route("/@{handle}/{id}/mute-thread", post(acts::mute_thread))
        .route("/scheduled", get(scheduled::list))
        .route("/scheduled/{id}", post(scheduled::change))
        .route("/scheduled/{id}/delete", post(scheduled::delete))
        .route("/drafts", get(aside::list))
        .route("/drafts/{id}/delete", post(aside::delete))
        .route("/bookmarks", get(saved::bookmarks))
        .route("/favourites", get(saved::favourites))
}

/// What is wrong with a form, shown on top of it.
pub struct Mistake {
    /// The id of the field; empty where it is about all of them.
    pub field: &'static str,
    /// One sentence for the person.
    pub why: String,
}

impl Mistake {
    /// Of a refusal whose field has the id that `ids` says; the service's name for it comes first.
    pub fn of(refused: &Refused, ids: &[(&str, &'static str)]) -> Self {
        let field = match refused {
            Refused::Invalid { field, .. } => ids
                .iter()
                .find(|(name, _)| name == field)
                .map_or("", |(_, id)| id),
            _ => "",
        };
        Self {
            field,
            why: refused.to_string(),
        }
    }

    /// Whether it is about the field with this id.
    pub fn is_at(mistake: Option<&Self>, id: &str) -> bool {
        mistake.is_some_and(|mistake| mistake.field == id)
    }
}

/// `/@handle/ID` of a post.
fn place(shown: &Shown) -> String {
    format!("/@{}/{}", shown.author.account.handle, shown.card.post.id)
}

/// Where a button leads back to: the page that it was on, or `otherwise` for what is no path of ours.
pub fn back(ask: &Ask, otherwise: &str) -> String {
    let wanted = ask.text("back");
    let path = if is_local(wanted) { wanted } else { otherwise };
    path.split('#').next().unwrap_or("/").to_owned()
}

/// A path of this server. Browsers take a backslash for a slash, and two slashes for another server.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::is_local;
    use proptest::prelude::*;

    #[test]
    fn a_way_back_is_a_path_of_ours() {
        assert!(is_local("/@a/1?x=%20"));
        for elsewhere in [
            "",
            "@a",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nX: y",
            "/\t/e",
        ] {
            assert!(!is_local(elsewhere), "{elsewhere:?}");
        }
    }

    proptest! {
        #[test]
        fn no_way_back_leaves_the_server(path in "[/\\\\@:.?#a-c \t\n]{0,12}") {
            let here = url::Url::parse("https://ours.example/x").unwrap();
            if is_local(&path) {
                let there = here.join(&path).unwrap();
                prop_assert_eq!(there.host_str(), Some("ours.example"));
            }
        }
    }
}
