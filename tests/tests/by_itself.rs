//! What happens by itself, over restarts and in other times: posts that appear later, posts that go, drafts that stay.

mod person;

use bauta_tests::eventually;
use bauta_tests::http::Request;
use bauta_tests::server::{Bauta, Setup};
use person::{Person, follow, says, server, text};
use serde_json::Value;

fn both(of: impl Fn() -> Setup, test: impl Fn(Bauta)) {
    test(of().start());
    test(of().database(&bauta_tests::postgres::fresh_database()).start());
}

/// Its posts, the newest first.
fn posts_of(person: &mut Person) -> Vec<Value> {
    let id = text(&person.get("/api/v1/accounts/verify_credentials")["id"]);
    let all = person.get(&format!("/api/v1/accounts/{id}/statuses"));
    all.as_array().cloned().unwrap_or_default()
}

#[test]
fn a_scheduled_post_is_published_by_a_server_that_was_killed_in_between() {
    both(server, |mut server| {
        let mut ann = Person::join(&server, "ann");
        let at = ahead(3600);
        let fields = [("status", "The gate opens"), ("scheduled_at", at.as_str())];
        let waits = ann.post("/api/v1/statuses", &fields);
        assert!(waits["scheduled_at"].is_string(), "{waits}");
        assert_eq!(posts_of(&mut ann).len(), 0);
        server.kill();
        server.live_ahead(2);
        server.start_again();
        let posted = eventually("it is published", || posts_of(&mut ann).first().cloned());
        assert!(says(&posted, "The gate opens"));
        assert_eq!(
            ann.get("/api/v1/scheduled_statuses").as_array().map(Vec::len),
            Some(0)
        );
        server.kill();
        server.start_again();
        assert_eq!(posts_of(&mut ann).len(), 1, "once");
    });
}

/// So many seconds from now, as apps write it.
fn ahead(seconds: i64) -> String {
    let clock = bauta_model::Clock::system();
    bauta_model::CoarseTime::from_unix_seconds(clock.now().unix_seconds() + seconds).rfc3339()
}

#[test]
fn posts_go_when_their_author_said_here_and_where_they_were_sent() {
    let mut here = server().start();
    let mut there = server()
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    let (mut ann, mut bob) = (Person::join(&here, "ann"), Person::join(&there, "bob"));
    follow(&mut bob, &ann);
    ann.say("One hour at the gate", &[("expires_in", "3600")]);
    ann.say("For good", &[]);
    bob.reads("One hour at the gate");
    bob.reads("For good");
    let wrong = Request::post("/api/v1/statuses").form(&[("status", "x"), ("expires_in", "5")]);
    assert_eq!(ann.client.send(&wrong).status, 422);
    // Both, since signatures of another time are refused.
    for server in [&mut here, &mut there] {
        server.stop();
        server.live_ahead(2);
        server.start_again();
    }
    eventually("it is gone here", || {
        (posts_of(&mut ann).len() == 1).then_some(())
    });
    eventually("it is gone there", || {
        let home = bob.get("/api/v1/timelines/home");
        let mut all = home.as_array()?.iter();
        (!all.any(|post| says(post, "One hour"))).then_some(())
    });

    // By their age, but for what is spared.
    let kept = ann.say("Kept", &[]);
    ann.post(&format!("/api/v1/statuses/{kept}/bookmark"), &[]);
    let mut browser = here.browser();
    browser
        .client
        .set_cookie("bauta_session", &here.token("ann", "read write follow push"));
    let page = browser.get("/settings/expiry");
    assert!(page.lint().is_empty(), "{:?}", page.lint());
    let form = page.form("Save").choose("Delete my posts after", "7 days");
    assert!(browser.submit(&form).says("Saved."));
    here.stop();
    here.live_ahead(24 * 8);
    here.start_again();
    let left = eventually("old ones are gone", || {
        let left = posts_of(&mut ann);
        (left.len() == 1).then_some(left)
    });
    assert!(says(&left[0], "Kept"));
}

/// A PNG of one white pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";

#[test]
fn a_draft_stays_over_a_restart_with_its_picture_and_goes_when_it_is_posted() {
    use base64::Engine;
    let pixel = base64::engine::general_purpose::STANDARD
        .decode(PIXEL)
        .expect("it is base64");
    // What the field for files is called depends on what is taken.
    let setup = || server().environment("BAUTA_FFMPEG", "off");
    both(setup, |mut server| {
        let mut ann = server.somebody("ann", "user");
        let page = ann.get("/compose");
        let form = page
            .form("Put it aside")
            .fill("Your words", "Not yet")
            .attach("Add pictures", "a.png", "image/png", &pixel)
            .tick("Your followers");
        // The picture is taken in first, and shown.
        let page = ann.submit(&form);
        let form = page
            .form("Put it aside")
            .fill("Description of picture 1", "A white wall");
        let listed = ann.submit(&form);
        assert!(
            listed.says("Not yet") && listed.says("Pictures: 1"),
            "{}",
            listed.text()
        );
        assert!(listed.lint().is_empty(), "{:?}", listed.lint());
        server.kill();
        server.live_ahead(24 * 4);
        server.start_again();
        let listed = ann.get("/drafts");
        let page = ann.follow(&listed, "Go on writing");
        assert!(page.html().contains("Not yet") && page.html().contains("A white wall"));
        let posted = ann.submit(&page.form("Post").fill("Your words", "Now it is done"));
        assert!(posted.says("Now it is done"), "{}", posted.text());
        assert!(posted.html().contains("A white wall"));
        assert!(ann.get("/drafts").says("Nothing is put aside."));

        // Nobody else's, and deleted when its author says so.
        let page = ann.get("/compose");
        ann.submit(&page.form("Put it aside").fill("Your words", "Never mind"));
        let listed = ann.get("/drafts");
        let links = listed.links();
        let (_, place) = links
            .iter()
            .find(|(words, _)| words == "Go on writing")
            .expect("a link");
        let mut eve = server.somebody("eve", "user");
        assert_eq!(eve.get(place).status(), 404);
        ann.submit(&listed.form("Delete it"));
        assert_eq!(ann.get(place).status(), 404);
    });
}

#[test]
fn all_that_was_chosen_comes_back_with_a_draft() {
    both(server, |server| {
        let mut ann = server.somebody("ann", "user");
        let mut bob = Person::join(&server, "bob");
        let (answered, quoted) = (
            bob.say("Who has the ladder?", &[]),
            bob.say("High water at nine", &[]),
        );
        let page = ann.get(&format!("/compose?reply={answered}&quote={quoted}"));
        let wrong = page
            .form("Put it aside")
            .fill("Your words", "@bob I have it")
            .fill("Day and time, in UTC", "tomorrow");
        let page = ann.submit(&wrong);
        assert_eq!(page.status(), 422);
        let form = page
            .form("Put it aside")
            .fill("Warning", "Ladders")
            .tick("Your followers")
            .tick("At a random minute within the day")
            .fill("Day and time, in UTC", "2117-04-07T14:02:33Z")
            .fill("Option 1", "North")
            .fill("Option 2", "South")
            .choose("Open for", "3 days")
            .tick("Readers may choose several")
            .tick("Hide how many chose what until it is over")
            .choose("Language", "Deutsch")
            .choose("Who may answer it", "Whom it names")
            .choose("Who may quote it", "My followers")
            .choose("It stays", "7 days")
            .tick("Shorten long links");
        let listed = ann.submit(&form);
        assert!(listed.says("I have it"), "{}", listed.text());
        let form = ann.follow(&listed, "Go on writing").form("Put it aside");
        for (name, value) in [
            ("text", "@bob I have it"),
            ("warning", "Ladders"),
            ("visibility", "private"),
            ("hold", "day"),
            ("at", "2117-04-07 14:02"),
            ("option1", "North"),
            ("option2", "South"),
            ("option3", ""),
            ("open_for", "259200"),
            ("multiple", "yes"),
            ("hide_totals", "yes"),
            ("language", "de"),
            ("repliers", "mentioned"),
            ("quoters", "followers"),
            ("lasts", "604800"),
            ("shorten", "yes"),
            ("reply", &*answered),
            ("quote", &*quoted),
        ] {
            assert_eq!(form.value(name).as_deref(), Some(value), "{name}");
        }
        // It is opened too when what it answers is gone, which it says.
        let gone = Request::new("DELETE", &format!("/api/v1/statuses/{answered}"));
        assert_eq!(bob.client.send(&gone).status, 200);
        let page = ann.follow(&listed, "Go on writing");
        assert!(
            page.says("answer or quote is gone") && page.lint().is_empty(),
            "{}",
            page.text()
        );
        let form = page.form("Put it aside");
        let left = ["text", "reply", "quote"].map(|name| form.value(name).unwrap_or_default());
        assert_eq!(left, ["@bob I have it", "", &*quoted]);
    });
}

#[test]
fn a_link_of_a_stranger_is_looked_at_before_it_is_followed() {
    both(server, |server| {
        let mut ann = server.somebody("ann", "user");
        let mut eve = Person::join(&server, "eve");
        let page = ann.get("/settings/preferences");
        let page = ann.submit(
            &page
                .form("Save")
                .tick("Let in direct posts from people whom I don't follow"),
        );
        assert_eq!(page.status(), 200);
        let id = eve.say(
            "@ann look at https://a.example/made?for=you and http://b.example/",
            &[("visibility", "direct")],
        );
        let place = format!("/@eve/{id}");
        let page = ann.get(&place);
        assert!(page.says("look at"), "{}", page.text());
        assert!(!page.html().contains("<a href=\"http"), "{}", page.html());
        let ask = ann.get(&format!("{place}/leave/0"));
        assert_eq!(ask.status(), 200);
        assert!(ask.says("It leads to: a.example") && ask.says("https://a.example/made?for=you"));
        assert!(
            !ask.says("nothing is encrypted") && ask.lint().is_empty(),
            "{:?}",
            ask.lint()
        );
        assert!(ann.get(&format!("{place}/leave/1")).says("nothing is encrypted"));
        // No other address, nobody else, and no post that is not theirs alone.
        for wrong in ["2", "-1", "x", "https://c.example/", "0?url=https://c.example/"] {
            let page = ann.get(&format!("{place}/leave/{wrong}"));
            assert!(!page.html().contains("c.example/\""), "{wrong}");
            assert!(page.status() == 404 || wrong.starts_with('0'), "{wrong}");
        }
        assert_eq!(
            server
                .somebody("carl", "user")
                .get(&format!("{place}/leave/0"))
                .status(),
            404
        );
        let open = eve.say("https://a.example/", &[]);
        assert_eq!(ann.get(&format!("/@eve/{open}/leave/0")).status(), 404);
        assert!(
            ann.get(&format!("/@eve/{open}"))
                .html()
                .contains("href=\"https://a.example/")
        );
        // Whom she follows she knows.
        let page = ann.get("/@eve/follow");
        ann.submit(&page.form("Follow"));
        assert!(ann.get(&place).html().contains("href=\"https://a.example/made"));
    });
}
