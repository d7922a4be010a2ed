//! Somebody at a browser without script: for tests that drive pages as a person does.
#![expect(dead_code, reason = "each suite uses a part of it")]

use axum::body::Body;
use axum::http::{Request, StatusCode};
use bauta_service::Speaker;
use bauta_tests::page_lint;

use super::house::{Answer, House};

/// Somebody at a browser.
pub struct Person<'h> {
    pub house: &'h House,
    pub speaker: Speaker,
    pub cookie: String,
}

impl<'h> Person<'h> {
    pub async fn new(house: &'h House, handle: &str) -> Self {
        let speaker = house.person(handle, |_| ()).await;
        Self {
            house,
            speaker,
            cookie: house.cookie(handle).await,
        }
    }

    pub async fn locked(house: &'h House, handle: &str) -> Self {
        let speaker = house.person(handle, |account| account.locked = true).await;
        Self {
            house,
            speaker,
            cookie: house.cookie(handle).await,
        }
    }

    /// Loads a page, which must be well made.
    pub async fn get(&self, path: &str) -> Answer {
        let answer = self.house.get_as(&self.cookie, path).await;
        assert_eq!(page_lint(&answer.text), Vec::<String>::new(), "{path}");
        answer
    }

    /// Sends a form with the token of the person's pages.
    pub async fn send(&self, action: &str, fields: &[(&str, &str)]) -> Answer {
        self.send_from("/", action, fields).await
    }

    /// Sends a form of a page.
    pub async fn send_from(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", hidden(&self.get(page).await.text, "csrf"))];
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let request = Request::post(action)
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(serde_urlencoded::to_string(&all).unwrap()))
            .unwrap();
        let answer = self.house.ask(request).await;
        if !answer.text.is_empty() {
            assert_eq!(page_lint(&answer.text), Vec::<String>::new(), "POST {action}");
        }
        answer
    }

    /// Sends a form that must lead on to `place`.
    pub async fn does(&self, action: &str, fields: &[(&str, &str)], place: &str) {
        let sent = self.send(action, fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{action}: {}", sent.text);
        assert_eq!(sent.header("location"), place);
    }

    /// Posts, and answers with the post's path.
    pub async fn says(&self, text: &str) -> String {
        let sent = self
            .send_from(
                "/compose",
                "/compose",
                &[("text", text), ("visibility", "public")],
            )
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        sent.header("location").to_owned()
    }
}

/// The value of a field that nobody sees.
pub fn hidden(html: &str, name: &str) -> String {
    let begin = format!("name=\"{name}\" value=\"");
    let rest = &html[html.find(&begin).unwrap_or_else(|| panic!("no {name} in {html}")) + begin.len()..];
    rest[..rest.find('"').unwrap()].to_owned()
}
