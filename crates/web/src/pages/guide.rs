//! What somebody should know before they speak: a guide in the product.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bauta_service::App;

use crate::frame::{Frame, Here, public_page};
use crate::visitor::Visitor;
use crate::words_guide::{EN, PARTS, Part, Words};

#[derive(Template)]
#[template(path = "page/guide.html")]
struct Guide {
    frame: Frame,
    say: &'static Words,
    parts: &'static [Part],
}

/// `GET /speaking`
pub async fn guide(State(app): State<Arc<App>>, visitor: Visitor) -> Response {
    let page = Guide {
        frame: Frame::new(&app, &visitor, EN.title, Here::Elsewhere).indexable(true),
        say: &EN,
        parts: PARTS,
    };
    public_page(&visitor, &page)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn manual() -> String {
        let mut page = format!("# {}\n\n{}\n\n> {}\n", EN.title, EN.lead, EN.unaudited);
        for part in PARTS {
            write!(page, "\n## {}\n\n", part.heading).unwrap();
            for thought in part.says {
                writeln!(page, "- {thought}").unwrap();
            }
        }
        page
    }

    /// `BAUTA_BLESS=1 cargo test -p bauta-web guide` writes the page of the manual anew.
    #[test]
    fn the_manual_says_the_same() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/speaking.md");
        if std::env::var_os("BAUTA_BLESS").is_some_and(|value| value == "1") {
            fs::write(&path, manual()).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            committed,
            manual(),
            "docs/speaking.md is old: run BAUTA_BLESS=1 cargo test -p bauta-web guide"
        );
    }

    #[test]
    fn deleting_is_spoken_of_only_with_what_the_law_says_of_it() {
        let part = PARTS
            .iter()
            .find(|part| part.says.iter().any(|thought| thought.contains("deleting")))
            .unwrap();
        let warns = part
            .says
            .iter()
            .position(|thought| thought.contains("delete nothing that it may be about"));
        let allows = part
            .says
            .iter()
            .position(|thought| thought.contains("deleting is yours"));
        assert!(warns.unwrap() < allows.unwrap());
    }
}
