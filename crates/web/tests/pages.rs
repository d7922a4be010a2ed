//! The public pages through the real router, with a real database behind it.

mod house;
#[path = "pages/manual.rs"]
mod manual;
#[path = "pages/quotes.rs"]
mod quotes;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use bauta_model::{PostId, Visibility};
use bauta_service::Speaker;
use bauta_service::posts::{self, Draft, Edit, PollWish};
use bauta_service::relations::{self, Wish};
use bauta_tests::{fragment_lint, page_lint};
use house::{Answer, House};

/// A name that would be markup, if anything forgot to escape it.
const HOSTILE: &str = "<b>\"Al\" & 'Bo'</b>";

/// A server with two people and a small thread: one who is found, and one with a hostile name.
struct Told {
    house: House,
    alt: Speaker,
    first: PostId,
    answer: PostId,
}

async fn told() -> Told {
    let house = House::new().await;
    let alt = house
        .person("ALT_USCIS", |account| {
            account.display_name = "ALT🛂 Immigration".into();
            account.bio_html = "<p>Not the views of any agency.</p>".into();
            account.discoverable = true;
            account.indexable = true;
        })
        .await;
    let other = house
        .person("marsh_reed", |account| account.display_name = HOSTILE.into())
        .await;
    let mut draft =
        Draft::new("We want to thank everyone who stood with us. <i>All</i> & \"more\" #FirstAmendment");
    draft.language = Some("en".to_owned());
    let first = house.posts(&alt, draft).await;
    let mut draft = Draft::new("Well said.");
    draft.in_reply_to = Some(first);
    let answer = house.posts(&other, draft).await;
    let mut draft = Draft::new("A story that is hard to read.");
    draft.warning = HOSTILE.into();
    house.posts(&other, draft).await;
    Told {
        house,
        alt,
        first,
        answer,
    }
}

fn good_page(path: &str, answer: &Answer) {
    assert_eq!(page_lint(&answer.text), Vec::<String>::new(), "{path}");
    assert!(
        !answer.text.contains("<b>\"Al"),
        "{path}: a hostile name is markup"
    );
    assert!(
        !answer.text.contains("<i>All"),
        "{path}: a hostile post is markup"
    );
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(answer.header("set-cookie"), "", "{path}: strangers get no cookie");
}

#[tokio::test]
async fn every_public_page_obeys_the_laws_for_strangers_and_for_people() {
    let told = told().await;
    let cookie = told.house.cookie("marsh_reed").await;
    let first = format!("/@ALT_USCIS/{}", told.first);
    let answer = format!("/@marsh_reed/{}", told.answer);
    let mut paths: Vec<String> = [
        "/",
        "/local",
        "/search",
        "/search?q=%3Cb%3E%22%26",
        "/search?q=thank",
        "/search?q=marsh",
        "/tags/firstamendment",
        "/tags/%3Cb%3E%22%26",
        "/@ALT_USCIS",
        "/@ALT_USCIS/with-replies",
        "/@ALT_USCIS/media",
        "/@ALT_USCIS/followers",
        "/@ALT_USCIS/following",
        "/@marsh_reed",
        "/@marsh_reed/with-replies",
        "/about",
        "/privacy",
        "/legal",
        "/source",
    ]
    .map(str::to_owned)
    .to_vec();
    for post in [&first, &answer] {
        paths.extend(["", "/history", "/embed", "/share"].map(|rest| format!("{post}{rest}")));
    }
    for path in &paths {
        for found in [told.house.get(path).await, told.house.get_as(&cookie, path).await] {
            assert_eq!(found.status, StatusCode::OK, "{path}");
            good_page(path, &found);
        }
    }
}

#[tokio::test]
async fn who_runs_the_server_and_its_rules_are_said() {
    let told = told().await;
    let about = told.house.get("/about").await.text;
    assert!(about.contains("<p dir=\"auto\">Since 2017.</p>"), "{about}");
    assert!(about.contains("<li dir=\"auto\">No &#60;b&#62;advertising&#60;/b&#62;.</li>"));
    assert!(about.contains("href=\"mailto:desk@lagoon.example\""));
    assert!(
        told.house
            .get("/")
            .await
            .text
            .contains("href=\"/about\">Who runs this")
    );
    let security = told.house.get("/.well-known/security.txt").await;
    assert_eq!(security.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        security.text,
        "Contact: mailto:desk@lagoon.example\nExpires: 2017-10-01T00:00:00.000Z\nPreferred-Languages: en\n\
         Canonical: http://localhost:8080/.well-known/security.txt\n"
    );
}

#[tokio::test]
async fn strangers_pages_may_be_kept_for_a_moment_and_peoples_never() {
    let told = told().await;
    let cookie = told.house.cookie("ALT_USCIS").await;
    let stranger = told.house.get("/@ALT_USCIS").await;
    assert_eq!(stranger.header("cache-control"), "public, max-age=30");
    assert_eq!(stranger.header("vary"), "cookie");
    assert!(!stranger.text.contains("name=\"csrf\""));
    let own = told.house.get_as(&cookie, "/@ALT_USCIS").await;
    assert_eq!(own.header("cache-control"), "no-store");
    assert!(own.text.contains("<form id=\"act\" method=\"post\""));
    let broken = told.house.get_as("bauta_session=nobody", "/@ALT_USCIS").await;
    assert_eq!(broken.text, stranger.text);
}

#[tokio::test]
async fn what_is_not_there_says_so_on_a_page() {
    let told = told().await;
    let mut draft = Draft::new("For followers.");
    draft.visibility = Visibility::Followers;
    let private = told.house.posts(&told.alt, draft).await;
    let private = format!("/@ALT_USCIS/{private}");
    let (embed, share, history) = (
        format!("{private}/embed"),
        format!("{private}/share"),
        format!("{private}/history"),
    );
    let wrong_author = format!("/@nobody/{}", private.len());
    for path in [
        "/nothing",
        "/@nobody",
        "/@nobody/followers",
        "/@nobody.atom",
        "/@a%20b",
        "/@%3Cb%3E",
        "/@ALT_USCIS/1",
        "/@ALT_USCIS/x",
        "/@ALT_USCIS/99999999999999999999",
        "/l/unknown",
        "/l/unknown+",
        &private,
        &embed,
        &share,
        &history,
        &wrong_author,
    ] {
        let found = told.house.get(path).await;
        assert_eq!(found.status, StatusCode::NOT_FOUND, "{path}");
        good_page(path, &found);
        let kept = if path.ends_with("/embed") {
            "public, max-age=30"
        } else {
            "no-store"
        };
        assert_eq!(found.header("cache-control"), kept, "{path}");
    }
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_answered_by_a_page() {
    let told = told().await;
    let wrong = Request::builder()
        .method("PUT")
        .uri("/local")
        .body(Body::empty())
        .unwrap();
    let wrong = told.house.ask(wrong).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong.header("allow"), "GET,HEAD");
    good_page("PUT /local", &wrong);
    let long = format!("/search?q={}", "a".repeat(201));
    for (path, status) in [
        ("/local?max_id=x", StatusCode::UNPROCESSABLE_ENTITY),
        ("/@ALT_USCIS?min_id=-", StatusCode::UNPROCESSABLE_ENTITY),
        (long.as_str(), StatusCode::UNPROCESSABLE_ENTITY),
        ("/@%FF", StatusCode::BAD_REQUEST),
    ] {
        let found = told.house.get(path).await;
        assert_eq!(found.status, status, "{path}");
        good_page(path, &found);
    }
}

#[tokio::test]
async fn a_handle_in_another_case_leads_to_the_one_address() {
    let told = told().await;
    let post = format!("/@alt_uscis/{}", told.first);
    let (embed, rightly) = (format!("{post}/embed"), format!("/@ALT_USCIS/{}", told.first));
    let rightly_embedded = format!("{rightly}/embed");
    for (path, place) in [
        ("/@alt_uscis", "/@ALT_USCIS"),
        ("/@alt_uscis/followers", "/@ALT_USCIS/followers"),
        ("/@alt_uscis.atom", "/@ALT_USCIS.atom"),
        (&post, &rightly),
        (&embed, &rightly_embedded),
    ] {
        let found = told.house.get(path).await;
        assert_eq!(found.status, StatusCode::PERMANENT_REDIRECT, "{path}");
        assert_eq!(found.header("location"), place);
    }
}

#[tokio::test]
async fn only_those_who_said_so_are_listed_by_search_engines() {
    let told = told().await;
    let is_listed = async |path: &str| !told.house.get(path).await.text.contains("noindex");
    assert!(is_listed("/@ALT_USCIS").await);
    assert!(is_listed(&format!("/@ALT_USCIS/{}", told.first)).await);
    assert!(!is_listed("/@marsh_reed").await);
    assert!(!is_listed(&format!("/@marsh_reed/{}", told.answer)).await);
    assert!(!is_listed("/search").await);
}

#[tokio::test]
async fn only_the_embed_can_be_framed() {
    let told = told().await;
    let path = format!("/@ALT_USCIS/{}", told.first);
    let page = told.house.get(&path).await;
    assert!(
        page.header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
    let embed = told.house.get(&format!("{path}/embed")).await;
    assert!(
        embed
            .header("content-security-policy")
            .contains("frame-ancestors *")
    );
    assert!(
        embed
            .header("content-security-policy")
            .contains("form-action 'none'")
    );
    assert_eq!(embed.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(embed.header("cross-origin-embedder-policy"), "require-corp");
    // Inside of the frame no other page of ours would be shown.
    let links = embed.text.matches("<a ").count();
    assert_eq!(embed.text.matches("target=\"_blank\"").count(), links);
    // It is one page for everybody.
    let cookie = told.house.cookie("marsh_reed").await;
    assert_eq!(
        told.house.get_as(&cookie, &format!("{path}/embed")).await.text,
        embed.text
    );
}

#[tokio::test]
async fn a_post_tells_machines_what_it_is() {
    let told = told().await;
    let page = told.house.get(&format!("/@ALT_USCIS/{}", told.first)).await.text;
    let url = format!("http://localhost:8080/@ALT_USCIS/{}", told.first);
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{url}\">")));
    assert!(page.contains("type=\"application/json+oembed\""));
    assert!(page.contains("<meta property=\"article:published_time\" content=\"2017-04-07T14:02:00"));
    assert!(page.contains("<meta property=\"og:title\" content=\"ALT🛂 Immigration (@ALT_USCIS)\">"));
}

#[tokio::test]
async fn the_history_of_a_post_shows_what_was_there_before() {
    let told = told().await;
    let path = format!("/@ALT_USCIS/{}", told.first);
    told.house.app.clock.set(house::time(15, 0));
    let edit = Edit {
        media: None,
        poll: PollWish::Keep,
        described: Vec::new(),
        text: "We thank everyone.".to_owned(),
        warning: String::new(),
        sensitive: false,
        language: None,
        quote_policy: None,
        reply_policy: None,
        confirmed: false,
    };
    posts::edit(&told.house.app, &told.alt, told.first, edit)
        .await
        .unwrap();
    assert!(
        told.house
            .get(&path)
            .await
            .text
            .contains(&format!("{path}/history"))
    );
    let history = told.house.get(&format!("{path}/history")).await.text;
    let (new, old) = (
        history.find("We thank").unwrap(),
        history.find("We want to thank").unwrap(),
    );
    assert!(new < old);
    assert!(history.contains("7 April 2017, 15:00 UTC") && history.contains("7 April 2017, 14:02 UTC"));
}

#[tokio::test]
async fn lists_lead_on_to_what_is_older_and_back() {
    let told = told().await;
    for n in 0..40 {
        told.house.says(&told.alt, &format!("Post {n:02}.")).await;
    }
    let top = told.house.get("/@ALT_USCIS").await.text;
    assert!(top.contains("Post 39.") && !top.contains("Post 19.") && !top.contains("rel=\"prev\""));
    let older = link(&top, "next");
    let second = told.house.get(&format!("/@ALT_USCIS{older}")).await.text;
    assert!(second.contains("Post 19.") && second.contains("Post 00.") && !second.contains("Post 20."));
    let newer = link(&second, "prev");
    let back = told.house.get(&format!("/@ALT_USCIS{newer}")).await.text;
    assert!(back.contains("Post 39.") && back.contains("Post 20."));
    let end = told
        .house
        .get(&format!("/@ALT_USCIS{}", link(&second, "next")))
        .await
        .text;
    assert!(end.contains("We want to thank") && !end.contains("rel=\"next\""));
}

/// Where the link of a pager leads.
fn link(page: &str, rel: &str) -> String {
    let at = page
        .find(&format!("rel=\"{rel}\" href=\""))
        .expect("there is such a link");
    page[at..]
        .split('"')
        .nth(3)
        .expect("the address is in quotes")
        .replace("&amp;", "&")
}

#[tokio::test]
async fn sharing_leads_to_the_visitors_own_server_and_nowhere_else() {
    let told = told().await;
    let path = format!("/@ALT_USCIS/{}/share", told.first);
    let page = told.house.get(&path).await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.text.contains("&#60;blockquote"));
    let token = page
        .text
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let send = async |server: &str, token: &str| {
        let body = format!("csrf={token}&server={server}");
        let request = Request::builder()
            .method("POST")
            .uri(&path)
            .header("content-type", "application/x-www-form-urlencoded");
        told.house.ask(request.body(Body::from(body)).unwrap()).await
    };
    let found = send("example.social", &token).await;
    assert_eq!(found.status, StatusCode::SEE_OTHER);
    let text = format!("http%3A%2F%2Flocalhost%3A8080%2F%40ALT_USCIS%2F{}", told.first);
    assert_eq!(
        found.header("location"),
        format!("https://example.social/share?text={text}")
    );
    let wrong = send("a.example%2Fpath", &token).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"a.example/path\""));
    good_page(&path, &wrong);
    assert_eq!(
        send("example.social", "forged").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_short_link_leads_on_shows_where_and_can_be_stopped() {
    let told = told().await;
    let url = "https://news.example.org/2017/04/07/a-long-way-to-an-article-about-a-lawsuit";
    let mut draft = Draft::new(format!("Read {url}"));
    draft.shorten = true;
    let id = told.house.posts(&told.alt, draft).await;
    let page = told.house.get(&format!("/@ALT_USCIS/{id}")).await.text;
    let code = page
        .split("href=\"/l/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let found = told.house.get(&format!("/l/{code}")).await;
    assert_eq!((found.status, found.header("location")), (StatusCode::FOUND, url));
    assert_eq!(found.header("cache-control"), "no-store");
    let shown = told.house.get(&format!("/l/{code}+")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text.contains(url));
    good_page("/l/CODE+", &shown);
    let mut moderator = told.alt.clone();
    moderator.role = bauta_model::Role::Moderator;
    posts::stop(&told.house.app, &moderator, &code, true)
        .await
        .unwrap();
    for path in [format!("/l/{code}"), format!("/l/{code}+")] {
        let stopped = told.house.get(&path).await;
        assert_eq!(stopped.status, StatusCode::GONE);
        good_page(&path, &stopped);
    }
}

#[tokio::test]
async fn the_page_for_officials_comes_from_inventory_and_rules_and_says_what_is_not_said() {
    let told = told().await;
    let plain = bauta_text::plain(&told.house.get("/legal").await.text);
    for instrument in bauta_legal::RulePack::built_in().instruments() {
        for text in [
            &instrument.name,
            &instrument.compels_text,
            &instrument.notice_text,
            &instrument.binds_text,
        ] {
            assert!(plain.contains(text.as_str()), "{}: {text}", instrument.name);
        }
    }
    for thing in told
        .house
        .app
        .inventory
        .things
        .iter()
        .filter(|thing| thing.personal)
    {
        assert!(plain.contains(&thing.label), "{}", thing.label);
    }
    for never in &told.house.app.inventory.never {
        assert!(plain.contains(&never.sentence), "{}", never.name);
    }
    assert!(plain.contains(bauta_legal::NOT_ADVICE));
    assert!(
        plain.contains("desk@lagoon.example"),
        "the server's contact, where the desk has none of its own"
    );
    for unsaid in [
        "who they are in law",
        "postal address",
        "how papers are served",
        "what they charge",
    ] {
        assert!(plain.contains(unsaid), "{unsaid}");
    }
    assert!(told.house.get("/").await.text.contains("href=\"/legal\""));
}

#[tokio::test]
async fn the_privacy_page_holds_every_thing_of_the_inventory() {
    let told = told().await;
    let page = told.house.get("/privacy").await.text;
    let plain = bauta_text::plain(&page);
    for thing in told
        .house
        .app
        .inventory
        .things
        .iter()
        .filter(|thing| thing.personal)
    {
        assert!(plain.contains(&thing.label), "{}", thing.label);
        assert!(plain.contains(&thing.until), "{}", thing.until);
    }
    for never in &told.house.app.inventory.never {
        assert!(plain.contains(&never.sentence), "{}", never.name);
    }
    assert!(plain.contains(bauta_inventory::GAG_SENTENCE));
    let things = bauta_inventory::held_things(told.house.app.inventory);
    assert!(
        told.house
            .get("/")
            .await
            .text
            .contains(&format!("What we hold: {things} things"))
    );
}

#[tokio::test]
async fn who_follows_whom_is_a_number_unless_the_account_shows_it() {
    let house = House::new().await;
    let open = house
        .person("open", |account| account.hide_collections = false)
        .await;
    let closed = house
        .person("closed", |account| account.hide_collections = true)
        .await;
    let mut fans = Vec::new();
    for n in 0..41 {
        let fan = house.person(&format!("fan{n:02}"), |_| ()).await;
        for followed in [&open, &closed] {
            relations::follow(&house.app, &fan, followed.account, Wish::default())
                .await
                .unwrap();
        }
        fans.push(fan);
    }
    let hidden = house.get("/@closed/followers").await.text;
    assert!(hidden.contains("<b>41 accounts</b>") && !hidden.contains("@fan"));
    let own = house
        .get_as(&house.cookie("closed").await, "/@closed/followers")
        .await
        .text;
    assert_eq!(own.matches(">@fan").count(), 40);
    let shown = house.get("/@open/followers").await;
    good_page("/@open/followers", &shown);
    assert_eq!(shown.text.matches(">@fan").count(), 40);
    let rest = house
        .get(&format!("/@open/followers{}", link(&shown.text, "next")))
        .await
        .text;
    assert_eq!(rest.matches(">@fan").count(), 1);
    assert!(!rest.contains("rel=\"next\""));
    let following = house.get("/@fan00/following").await.text;
    assert!(following.contains("<b>2 accounts</b>"));
}

#[tokio::test]
async fn the_privacy_page_tells_of_a_proxy_in_front() {
    let mut told = told().await;
    let sentence = "Something stands in front of this server";
    assert!(!told.house.get("/privacy").await.text.contains(sentence));
    for (seen, says) in [(false, false), (true, true)] {
        let is_seen: fn() -> bool = if seen { || true } else { || false };
        let router = bauta_web::router(Arc::clone(&told.house.app));
        told.house.router = router.layer(axum::Extension(bauta_web::ProxySeen(is_seen)));
        assert_eq!(told.house.get("/privacy").await.text.contains(sentence), says);
    }
}

#[tokio::test]
async fn who_comes_to_share_something_lands_where_it_is_written() {
    let house = House::new().await;
    let found = house
        .get("/share?text=a%20%26%20b&url=https://a.example/%3Cb%3E")
        .await;
    assert_eq!(found.status, StatusCode::SEE_OTHER);
    let place = "/compose?text=a+%26+b+https%3A%2F%2Fa.example%2F%3Cb%3E";
    assert_eq!(found.header("location"), place);
}

#[tokio::test]
async fn search_leads_on_through_what_it_found() {
    let told = told().await;
    for number in 0..23 {
        told.house.person(&format!("wader_{number}"), |_| ()).await;
    }
    let first = told.house.get("/search?q=wader").await.text;
    assert!(
        first.contains("href=\"?q=wader&#38;kind=people&#38;from=20\">More people"),
        "{first}"
    );
    assert_eq!(first.matches("href=\"/@wader_").count(), 20);
    let second = told.house.get("/search?q=wader&kind=people&from=20").await;
    good_page("/search", &second);
    assert_eq!(second.text.matches("href=\"/@wader_").count(), 3);
    assert!(second.text.contains("from=0\">Go back") && !second.text.contains("More people"));
    for wrong in ["kind=pets", "kind=people&from=-1", "from=20"] {
        let refused = told.house.get(&format!("/search?q=a&{wrong}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}
