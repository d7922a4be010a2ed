//! Several people behind one account, on a real server: they come by invitations, sign in on pages and in apps with the same
//! name, speak with one voice, and lose everything when they go.

mod group;

use bauta_tests::case::summons;
use bauta_tests::forms::Browser;
use bauta_tests::http::Request;
use bauta_tests::postgres::fresh_database;
use bauta_tests::server::Bauta;
use bauta_tests::{desk, eventually};
use group::{app_of, comes, link, riva};

fn on_both(test: impl Fn(Bauta)) {
    let setup = || {
        Bauta::setup()
            .without_rate_limits()
            .registrations("open")
            .environment("BAUTA_SLOT", "1s")
    };
    test(setup().start());
    test(setup().database(&fresh_database()).start());
}

#[test]
fn two_people_speak_with_one_voice_and_whoever_leaves_is_out_at_once() {
    on_both(|server| {
        let mut red = riva(&server);
        let page = red.get("/settings/keyholders");
        assert!(page.says("You can't find out either."), "{}", page.text());
        assert_eq!(page.lint(), Vec::<String>::new());
        let page = red.submit(
            &page
                .form("Keep this word")
                .fill("A word by which the others know you", "red"),
        );
        assert!(page.says("red"), "{}", page.text());
        let invitation = link(
            &red.submit(
                &page
                    .form("Make an invitation")
                    .tick("Manages: lets people in, and decides on the account as a whole"),
            ),
        );
        let (mut blue, words) = comes(&server, &invitation, "blue");
        let page = blue.get("/settings/keyholders");
        assert!(page.says("red") && page.says("blue"), "{}", page.text());
        let used = server.browser().get(&invitation);
        assert_eq!(used.status(), 422, "{}", used.text());

        // Apps sign in for each, and see one account.
        let mut reds = app_of(&server, &red.words);
        let mut blues = app_of(&server, &words);
        let mine = |app: &mut bauta_tests::http::Client| {
            let me = app.get("/api/v1/accounts/verify_credentials").json();
            (me["id"].clone(), me["acct"].clone())
        };
        assert_eq!(mine(&mut reds), mine(&mut blues));
        for (app, said) in [
            (&mut reds, "said by an app of red"),
            (&mut blues, "said by an app of blue"),
        ] {
            let sent = app.send(&Request::post("/api/v1/statuses").form(&[("status", said)]));
            assert_eq!(sent.status, 200, "{}", sent.text());
        }
        let posts = server.client().get("/@riva").text();
        assert!(posts.contains("said by an app of red") && posts.contains("said by an app of blue"));

        // Each sees and ends what is their own.
        let own = blue.get("/settings/sessions");
        assert_eq!(own.html().matches("Scribe").count(), 1, "{}", own.text());

        let page = blue.get("/settings/keyholders/leave");
        let wrong = blue.submit(
            &page
                .form("Leave for good")
                .fill("Your passphrase now", "not this one"),
        );
        assert_eq!(wrong.status(), 422);
        let left = blue.submit(&wrong.form("Leave for good").fill("Your passphrase now", &words));
        assert!(left.says("You have left"), "{}", left.text());
        assert_eq!(blues.get("/api/v1/accounts/verify_credentials").status, 401);
        assert_eq!(reds.get("/api/v1/accounts/verify_credentials").status, 200);
        let mut again = server.browser();
        let form = again.get("/sign-in").form("Sign in").fill("Handle", "riva");
        assert!(again.submit(&form.fill("Passphrase", &words)).status() >= 400);
        eventually("one person", || {
            let page = red.get("/settings/keyholders");
            (!page.says("blue")).then_some(())
        });
        let alone = red.get("/settings/keyholders/leave");
        assert!(alone.says("You are the only one"), "{}", alone.text());
    });
}

#[test]
fn what_two_decide_takes_effect_after_a_week_unless_one_stops_it() {
    on_both(|mut server| {
        let mut red = riva(&server);
        let named = red.get("/settings/keyholders");
        red.submit(
            &named
                .form("Keep this word")
                .fill("A word by which the others know you", "red"),
        );
        let mut others = Vec::new();
        for label in ["blue", "green"] {
            let page = red.get("/settings/keyholders");
            let invitation = link(&red.submit(&page.form("Make an invitation")));
            others.push(comes(&server, &invitation, label).0);
        }
        let mut green = others.remove(1);
        let mut blue = others.remove(0);
        let propose = blue.get("/settings/keyholders/propose");
        assert_eq!(propose.lint(), Vec::<String>::new());
        let page = blue.submit(&propose.form("Propose to take them out").tick("green"));
        assert!(
            page.says("Take out: green") && page.says("Waits for others to agree"),
            "{}",
            page.text()
        );
        let page = blue.submit(&propose.form("Propose to delete the account"));
        assert!(page.says("Delete the account"), "{}", page.text());
        for _ in 0..2 {
            let page = red.get("/settings/keyholders");
            red.submit(&page.forms("Agree")[0]);
        }
        let page = green.get("/settings/keyholders");
        assert!(
            page.says("Agree: 2 of 2") && page.says("Any one of you can stop it"),
            "{}",
            page.text()
        );
        let html = page.html();
        let mut lines = html.split("<li>");
        let line = lines
            .find(|line| line.contains("<bdi>Delete the account"))
            .unwrap();
        let stops = |form: &bauta_tests::forms::Form| {
            let id = form.value("proposal").unwrap_or_default();
            line.contains(&format!("value=\"{id}\""))
        };
        let deletion = page.forms("Stop it").into_iter().find(stops).unwrap();
        let page = green.submit(&deletion);
        assert!(page.says("Somebody stopped it."), "{}", page.text());

        server.stop();
        server.live_ahead(24 * 6);
        server.start_again();
        assert!(
            green.get("/settings/keyholders").says("Take out: green"),
            "six days are not seven"
        );
        server.stop();
        server.live_ahead(24 * 9);
        server.start_again();
        eventually("green is out", || {
            let page = green.get("/settings/keyholders");
            (page.status() == 401 || page.path.starts_with("/sign-in")).then_some(())
        });
        let page = blue.get("/settings/keyholders");
        assert!(
            page.says("It took effect.") && page.says("red") && !page.says("green"),
            "{}",
            page.text()
        );
    });
}

/// A group of two, and a demand about its account that they were told of: the demand, the page of the notice, and both.
fn told_of_a_demand(server: &Bauta) -> (String, String, [Browser; 2]) {
    let mut red = riva(server);
    let page = red.get("/settings/keyholders");
    let invitation = link(&red.submit(&page.form("Make an invitation").tick("Answers notices of demands")));
    let (blue, _) = comes(server, &invitation, "blue");
    desk::officers(server);
    let identity = age::x25519::Identity::generate().to_public().to_string();
    server.done(&["desk", "officer", "alice", "--key", &identity]);
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("demand.json");
    std::fs::write(&file, summons(&["riva"]).to_string()).expect("it can be written");
    let demand = server.done(&["desk", "intake", &file.display().to_string()]);
    let demand = demand.trim().trim_matches('"').to_owned();
    desk::until_notice(server, "clerk", &demand);
    let html = red.get("/notices").html();
    let at = html.find("/notices/").expect("a notice");
    let notice = html[at..].chars().take_while(|c| *c != '"').collect();
    (demand, notice, [red.into_browser(), blue])
}

/// How much happened to a demand, as the desk sees it.
fn events(server: &Bauta, demand: &str) -> i64 {
    let shown = desk::step(server, "alice", &["show", demand]);
    shown["events"].as_i64().expect("a number")
}

#[test]
fn what_is_given_away_to_a_demand_is_decided_together_and_a_no_is_at_once() {
    on_both(|mut server| {
        let (demand, notice, [mut red, mut blue]) = told_of_a_demand(&server);
        let before = events(&server, &demand);
        let page = blue.get(&notice);
        assert_eq!(page.lint(), Vec::<String>::new());
        let key = age::x25519::Identity::generate().to_public().to_string();
        let counsel = page.form("Name counsel").fill("Their age public key", &key);
        for form in [page.form("Agree"), page.form("Agree to a page"), counsel] {
            let proposed = blue.submit(&form);
            assert_eq!(proposed.path, "/settings/keyholders", "{}", proposed.text());
        }
        let again = blue.submit(&page.form("Agree"));
        assert_eq!(again.status(), 422, "{}", again.text());
        assert_eq!(events(&server, &demand), before, "a proposal is no answer");

        // A no needs nobody, and a yes of all waits a week all the same.
        let form = red.get(&notice).form("Object");
        let said = red.submit(&form.fill("Why, in your own words", "No, and here is why."));
        assert!(said.says("You objected."), "{}", said.text());
        assert_eq!(events(&server, &demand), before + 1);
        for _ in 0..3 {
            let page = red.get("/settings/keyholders");
            red.submit(&page.forms("Agree")[0]);
        }
        assert!(
            red.get("/settings/keyholders").forms("Agree").is_empty(),
            "all three are agreed to"
        );
        assert_eq!(events(&server, &demand), before + 1);

        server.stop();
        server.live_ahead(24 * 9);
        server.start_again();
        eventually("the three answers are given", || {
            (events(&server, &demand) == before + 4).then_some(())
        });
        assert!(blue.get(&notice).says("You agreed to producing"));
        let page = blue.get("/settings/keyholders");
        let html = page.html();
        let at = html
            .find("/counsel/")
            .unwrap_or_else(|| panic!("{}", page.text()));
        let link: String = html[at..].chars().take_while(|c| *c != '<').collect();
        assert_eq!(server.browser().get(&link).status(), 200, "{link}");
    });
}
