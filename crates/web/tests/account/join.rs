//! Coming: sign-up, sign-in, recovery.

use bauta_model::Role;
use bauta_service::{Registrations, accounts};
use bauta_tests::forms::{Browser, Page};

use crate::house::{House, good, sign_in};

/// Goes through the steps up to the last button, and gives the words that were shown.
fn up_to_the_last_step(browser: &mut Browser, page: &Page, handle: &str, codes: &str) -> (Page, String) {
    let page = good(browser.submit(&page.form("Go on").fill("Your name here", handle)));
    let words = page.form("I have them").value("passphrase").unwrap();
    assert_eq!(words.split(' ').count(), 7);
    assert!(words.split(' ').all(|word| page.says(word)));
    let page = good(browser.submit(&page.form("I have them")));
    assert!(
        !page.says(&words),
        "the words are not shown while they are asked back"
    );
    let wrong = page.form("Go on");
    let places = wrong.value("places").unwrap();
    let wrong = good(browser.submit(&wrong));
    assert_eq!(wrong.status(), 422);
    let mut form = wrong.form("Go on");
    assert_eq!(form.value("places").as_ref(), Some(&places));
    for place in places.split(',') {
        let word = words.split(' ').nth(place.parse::<usize>().unwrap() - 1).unwrap();
        form = form.fill(&format!("Word {place}"), word);
    }
    let page = good(browser.submit(&form));
    assert!(page.says("Paper can be found"));
    let page = good(browser.submit(&page.form(codes)));
    assert_eq!(
        page.html().matches("<li>").count() - page.html().matches("<li><a").count(),
        4
    );
    (page, words)
}

#[test]
fn an_invite_lets_somebody_in_and_nothing_is_stored_before_the_last_step() {
    let house = House::new(Registrations::Invite);
    let invite = house
        .runtime
        .block_on(accounts::invites::mint_by_operator(&house.app, 1))
        .unwrap();
    let link = format!("/join/{}", invite[0].expose());
    let mut browser = house.browser();
    let page = good(browser.get(&link));
    let (page, words) = up_to_the_last_step(&mut browser, &page, "Nobody_1", "Go on without");
    assert_eq!(sign_in(&mut house.browser(), "Nobody_1", &words).status(), 422);
    assert!(browser.client.get("/settings").status == 303);
    browser.submit(
        &page
            .form("Make my account")
            .tick("At a random minute within the day"),
    );
    assert!(good(browser.get("/settings")).says("Recovery codes"));
    let compose = good(browser.get("/compose"));
    assert!(
        compose.html().contains("value=\"day\" checked"),
        "what was asked once is the choice of the account"
    );
    // The invite is used up.
    let page = good(house.browser().get(&link));
    let page = good(
        house
            .browser()
            .submit(&page.form("Go on").fill("Your name here", "other")),
    );
    assert_eq!(page.status(), 422);
    assert!(page.says("This invite was used"));
}

#[test]
fn the_operators_link_makes_the_operator_once() {
    let house = House::new(Registrations::Closed);
    let link = house
        .runtime
        .block_on(accounts::first_operator_link(&house.app))
        .unwrap()
        .unwrap();
    let mut browser = house.browser();
    assert_eq!(good(browser.get("/join")).status(), 403);
    let page = good(browser.get(link.expose()));
    let (page, _) = up_to_the_last_step(&mut browser, &page, "root", "Make codes");
    let page = good(browser.submit(&page.form("Make my account")));
    assert!(page.html().matches('-').count() > 30);
    assert!(page.says("shown once"));
    assert!(good(browser.get("/settings/invites")).says("any number"));
    assert_eq!(good(house.browser().get(link.expose())).status(), 403);
}

#[test]
fn a_wrong_name_is_said_beside_its_field_and_kept() {
    let house = House::new(Registrations::Open);
    house.account("taken", Role::User);
    let mut browser = house.browser();
    for (name, why) in [
        ("", "at least one"),
        ("a-b", "only the letters"),
        ("TAKEN", "has this handle"),
    ] {
        let page = good(browser.get("/join"));
        let page = good(browser.submit(&page.form("Go on").fill("Your name here", name)));
        assert_eq!(page.status(), 422);
        assert!(
            page.says(why) && page.html().contains("href=\"#handle\""),
            "{}",
            page.text()
        );
        assert_eq!(page.form("Go on").value("handle").as_deref(), Some(name));
    }
}

#[test]
fn a_passphrase_of_ones_own_must_be_strong_and_is_never_shown_back() {
    let house = House::new(Registrations::Open);
    let mut browser = house.browser();
    let page = good(browser.get("/join"));
    let page = good(browser.submit(&page.form("Go on").fill("Your name here", "someone")));
    let own = |page: &Page, one: &str, two: &str| {
        page.form("Use my own")
            .fill("Passphrase", one)
            .fill("The same once more", two)
    };
    let page = good(browser.submit(&own(&page, "password1234", "password1234")));
    assert_eq!(page.status(), 422);
    assert!(page.says("too easy to guess") && !page.html().contains("password1234"));
    let strong = "gravel lantern 77 obelisk thrift mango";
    let page = good(browser.submit(&own(&page, strong, "another")));
    assert!(page.says("not the same") && !page.html().contains(strong));
    let page = good(browser.submit(&own(&page, strong, strong)));
    let page = good(browser.submit(&page.form("Go on without")));
    browser.submit(&page.form("Make my account"));
    assert_eq!(good(browser.get("/settings")).status(), 200);
    let mut again = house.browser();
    sign_in(&mut again, "someone", strong);
    assert_eq!(good(again.get("/settings")).status(), 200);
}

#[test]
fn a_wrong_passphrase_is_said_without_telling_which_part_is_wrong() {
    let house = House::new(Registrations::Open);
    house.account("known", Role::User);
    let mut browser = house.browser();
    let pages = ["known", "unknown"].map(|handle| good(sign_in(&mut browser, handle, "no such passphrase")));
    for page in &pages {
        assert_eq!(page.status(), 422);
        assert!(!page.html().contains("no such passphrase"));
    }
    assert_eq!(
        pages[0].html().replace("known", ""),
        pages[1].html().replace("unknown", "")
    );
}

#[test]
fn only_remember_keeps_the_cookie_and_signing_out_ends_it() {
    let house = House::new(Registrations::Open);
    let passphrase = house.account("known", Role::User);
    for remember in [false, true] {
        let mut browser = house.browser();
        let form = browser
            .get("/sign-in")
            .form("Sign in")
            .fill("Handle", "known")
            .fill("Passphrase", passphrase.expose());
        let form = if remember {
            form.tick("Stay signed in on this device")
        } else {
            form
        };
        let response = browser.client.send(&form.request("/sign-in"));
        let cookie = response.header("set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly; SameSite=Lax"));
        assert_eq!(cookie.contains("Max-Age"), remember);
        let page = good(browser.get("/settings"));
        browser.submit(&page.form("Sign out"));
        assert_eq!(browser.client.get("/settings").status, 303);
    }
}

#[test]
fn a_code_sets_a_new_passphrase_once() {
    let house = House::new(Registrations::Open);
    let mut browser = house.browser();
    let page = good(browser.get("/join"));
    let (page, _) = up_to_the_last_step(&mut browser, &page, "lost", "Make codes");
    let page = good(browser.submit(&page.form("Make my account")));
    let html = page.html();
    let list = html.split("class=\"codes\"").nth(1).unwrap();
    let code = list.split("<li>").nth(1).unwrap().split('<').next().unwrap();
    let mut stranger = house.browser();
    let page = good(stranger.get("/recover"));
    let form = page
        .form("Set the new passphrase")
        .fill("Handle", "lost")
        .fill("Recovery code", code);
    let words = form.value("proposed").unwrap();
    assert_eq!(good(stranger.submit(&form)).status(), 200);
    assert_eq!(
        browser.client.get("/settings").status,
        303,
        "all sessions have ended"
    );
    assert_eq!(good(stranger.submit(&form)).status(), 422);
    sign_in(&mut stranger, "lost", &words);
    assert!(good(stranger.get("/settings/codes")).says("Unused codes that you have: 9"));
}
