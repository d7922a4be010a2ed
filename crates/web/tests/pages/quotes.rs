//! What others quote: oEmbed and feeds.

use super::*;

#[tokio::test]
async fn what_a_newspaper_pastes_needs_no_script() {
    let told = told().await;
    let url = format!("http%3A%2F%2Flocalhost%3A8080%2F%40ALT_USCIS%2F{}", told.first);
    let found = told.house.get(&format!("/api/oembed?url={url}")).await;
    assert_eq!(found.status, StatusCode::OK);
    assert_eq!(found.header("access-control-allow-origin"), "*");
    let mut value: serde_json::Value = serde_json::from_str(&found.text).unwrap();
    let html = value["html"]
        .as_str()
        .unwrap()
        .replace(&told.first.to_string(), "ID");
    assert_eq!(fragment_lint(&html), Vec::<String>::new());
    value["html"] = html.into();
    insta::assert_json_snapshot!(value);
}

#[tokio::test]
async fn oembed_refuses_what_it_can_not_quote() {
    let told = told().await;
    let mut draft = Draft::new("For followers.");
    draft.visibility = Visibility::Followers;
    let private = told.house.posts(&told.alt, draft).await;
    let ours = format!("http://localhost:8080/@ALT_USCIS/{}", told.first);
    for (query, status) in [
        (format!("url={ours}"), 200),
        (format!("url={ours}/embed&maxwidth=300"), 200),
        (format!("url={ours}&format=xml"), 501),
        (format!("url={ours}/history"), 404),
        ("url=".to_owned(), 404),
        (String::new(), 404),
        (
            format!("url=https://elsewhere.example/@ALT_USCIS/{}", told.first),
            404,
        ),
        (
            format!("url=http://localhost:8080/@marsh_reed/{}", told.first),
            404,
        ),
        (format!("url=http://localhost:8080/@ALT_USCIS/{private}"), 404),
        ("url=http://localhost:8080/@%3Cb%3E/1".to_owned(), 404),
    ] {
        let found = told.house.get(&format!("/api/oembed?{query}")).await;
        assert_eq!(found.status.as_u16(), status, "{query}");
        assert!(
            found.header("content-type").starts_with("application/json"),
            "{query}"
        );
        assert!(serde_json::from_str::<serde_json::Value>(&found.text).is_ok());
    }
}

#[tokio::test]
async fn feeds_hold_what_is_public_and_escape_it() {
    let told = told().await;
    let mut draft = Draft::new("Only for those with the link.");
    draft.visibility = Visibility::Unlisted;
    told.house.posts(&told.alt, draft).await;
    for (ending, kind) in [
        ("atom", "application/atom+xml"),
        ("rss", "application/rss+xml"),
        ("json", "application/feed+json"),
    ] {
        for place in [
            "/@ALT_USCIS",
            "/@marsh_reed",
            "/tags/firstamendment",
            "/tags/%3Cb%3E",
        ] {
            let path = format!("{place}.{ending}");
            let feed = told.house.get(&path).await;
            assert_eq!(feed.status, StatusCode::OK, "{path}");
            assert!(feed.header("content-type").starts_with(kind), "{path}");
            assert_eq!(feed.header("access-control-allow-origin"), "*");
            assert!(!feed.text.contains("those with the link"), "{path}");
            assert!(!feed.text.contains(HOSTILE), "{path}");
            if ending == "json" {
                let value: serde_json::Value = serde_json::from_str(&feed.text).unwrap();
                assert_eq!(value["version"], "https://jsonfeed.org/version/1.1");
            } else {
                well_formed(&feed.text);
            }
        }
        let feed = told.house.get(&format!("/@ALT_USCIS.{ending}")).await.text;
        insta::assert_snapshot!(
            format!("feed_{ending}"),
            feed.replace(&told.first.to_string(), "ID")
                .replace(&told.alt.account.to_string(), "ACCOUNT")
        );
    }
}

/// Every element ends where it must, and nothing but our own elements is there.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = xml.split_once("?>").expect("it begins with a declaration").1;
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("every < begins a tag");
        assert!(!text.replace("&lt;", "").replace("&gt;", "").contains('>'));
        let name = tag.split(' ').next().unwrap_or_default();
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
