//! Deciding: preferences, passphrase, sessions, invites.

use bauta_model::{Handle, Role};
use bauta_service::{Registrations, Scopes, accounts};

use crate::house::{House, good, sign_in};

#[test]
fn every_page_of_the_settings_is_there_and_asks_strangers_to_sign_in() {
    let house = House::new(Registrations::Open);
    let (mut browser, _) = house.person("known", Role::User);
    let page = good(browser.get("/settings"));
    let paths: Vec<String> = page
        .links()
        .into_iter()
        .map(|(_, path)| path)
        .filter(|path| path.starts_with("/settings/"))
        .collect();
    assert!(paths.len() > 6);
    for path in paths {
        assert_eq!(good(browser.get(&path)).status(), 200, "{path}");
        let stranger = house.browser().client.get(&path);
        let back = format!("/sign-in?back={}", path.replace('/', "%2F"));
        assert_eq!(
            (stranger.status, stranger.header("location")),
            (303, Some(back.as_str())),
            "{path}"
        );
        let form = good(house.browser().get(&back)).form("Sign in");
        assert_eq!(form.value("back").as_deref(), Some(path.as_str()));
    }
}

#[test]
fn preferences_are_kept_and_a_wrong_language_is_said() {
    let house = House::new(Registrations::Open);
    let (mut browser, _) = house.person("known", Role::User);
    let page = good(browser.get("/settings/preferences"));
    let form = page
        .form("Save")
        .tick("Dark")
        .tick("Your followers, and whom it names")
        .fill("Language of your posts", "pt-BR");
    let page = good(browser.submit(&form));
    assert!(page.says("Saved."));
    assert!(page.html().contains("class=\"dark\""));
    let form = page.form("Save");
    assert_eq!(form.value("language").as_deref(), Some("pt-BR"));
    assert_eq!(form.value("visibility").as_deref(), Some("private"));
    let page = good(browser.submit(&form.fill("Language of your posts", "<English>")));
    assert_eq!(page.status(), 422);
    assert_eq!(page.form("Save").value("language").as_deref(), Some("<English>"));
}

#[test]
fn a_new_passphrase_ends_what_else_is_signed_in() {
    let house = House::new(Registrations::Open);
    let (mut browser, passphrase) = house.person("known", Role::User);
    let mut other = house.browser();
    sign_in(&mut other, "known", passphrase.expose());
    let page = good(browser.get("/settings/passphrase"));
    let wrong = page
        .form("Set the new passphrase")
        .fill("Your passphrase now", "wrong");
    let words = wrong.value("proposed").unwrap();
    let page = good(browser.submit(&wrong));
    assert_eq!(page.status(), 422);
    assert!(page.says("This is not your passphrase"));
    let form = page
        .form("Set the new passphrase")
        .fill("Your passphrase now", passphrase.expose());
    assert_eq!(
        form.value("proposed").as_ref(),
        Some(&words),
        "words that may have been written down stay"
    );
    assert!(good(browser.submit(&form)).says("The new passphrase is set"));
    assert_eq!(other.client.get("/settings").status, 303);
    sign_in(&mut other, "known", &words);
    assert_eq!(good(other.get("/settings")).status(), 200);
}

#[test]
fn sessions_are_listed_and_ended_one_by_one_and_all() {
    let house = House::new(Registrations::Open);
    let (mut browser, passphrase) = house.person("known", Role::User);
    let handle = Handle::parse("known").unwrap();
    let scopes = Scopes::parse("read").unwrap();
    house
        .runtime
        .block_on(accounts::token_by_operator(&house.app, &handle, &scopes))
        .unwrap();
    let page = good(browser.get("/settings/sessions"));
    assert!(page.says("Made by the operator") && page.says("(this one)"));
    let page = good(browser.submit(&page.forms("End it")[0]));
    assert!(!page.says("Made by the operator"));
    let mut other = house.browser();
    sign_in(&mut other, "known", passphrase.expose());
    let page = good(browser.get("/settings/sessions"));
    good(browser.submit(&page.form("End all others")));
    assert_eq!(other.client.get("/settings").status, 303);
    assert_eq!(browser.client.get("/settings").status, 200);
}

#[test]
fn invites_are_shown_once_and_a_new_account_has_none() {
    let house = House::new(Registrations::Invite);
    let (mut operator, _) = house.person("op", Role::Operator);
    let page = good(operator.get("/settings/invites"));
    let made = good(operator.submit(&page.form("Make invites").fill("How many", "3")));
    assert_eq!(made.html().matches("/join/").count(), 3);
    assert!(!good(operator.get("/settings/invites")).html().contains("/join/"));
    let page = good(operator.submit(&page.form("Make invites").fill("How many", "many")));
    assert_eq!(page.status(), 422);
    let (mut person, _) = house.person("new", Role::User);
    assert!(good(person.get("/settings/invites")).says("You can make no more this month."));
}

#[test]
fn codes_are_renewed_with_the_passphrase_only() {
    let house = House::new(Registrations::Open);
    let (mut browser, passphrase) = house.person("known", Role::User);
    let page = good(browser.get("/settings/codes"));
    assert!(page.says("You have no recovery codes"));
    let form = page.form("Make ten new codes");
    let page = good(browser.submit(&form.clone().fill("Your passphrase now", "wrong")));
    assert_eq!(page.status(), 422);
    let page = good(browser.submit(&form.fill("Your passphrase now", passphrase.expose())));
    let html = page.html();
    let list = html
        .split("class=\"codes\"")
        .nth(1)
        .unwrap()
        .split("</ul>")
        .next()
        .unwrap();
    assert_eq!(list.matches("<li>").count(), 10);
    assert!(good(browser.get("/settings/codes")).says("Unused codes that you have: 10"));
}

#[test]
fn a_profile_is_kept_and_what_is_wrong_in_it_is_said_with_what_was_typed() {
    let house = House::new(Registrations::Open);
    let (mut browser, _) = house.person("known", Role::User);
    let page = good(browser.get("/settings/profile"));
    let form = page
        .form("Save")
        .fill("Name shown", "A name 🦊")
        .fill("About you", "First\r\n<b>second</b>")
        .fill("Label 1", "Press")
        .fill("Text 1", "https://press.example/")
        .tick("I decide who follows me");
    let page = good(browser.submit(&form));
    assert!(page.says("Saved."));
    let form = page.form("Save");
    assert_eq!(form.value("display_name").as_deref(), Some("A name 🦊"));
    assert_eq!(form.value("value1").as_deref(), Some("https://press.example/"));
    assert_eq!(form.value("locked").as_deref(), Some("1"));
    let long = "n".repeat(31);
    let page = good(browser.submit(&form.fill("Name shown", &long)));
    assert_eq!(page.status(), 422);
    assert!(page.html().contains("href=\"#display_name\""));
    assert_eq!(page.form("Save").value("display_name"), Some(long));
    let forged = page.form("Save").fill("Name shown", "x").forge("csrf", "forged");
    assert_eq!(good(browser.submit(&forged)).status(), 403);
}

#[test]
fn what_is_held_is_shown_with_the_persons_own_values() {
    let house = House::new(Registrations::Open);
    let (mut browser, _) = house.person("Known_1", Role::User);
    let page = good(browser.get("/settings/held"));
    assert!(page.says("@Known_1"));
    assert_eq!(
        page.html().matches("<th scope=\"row\">").count(),
        bauta_inventory::held_things(house.app.inventory)
    );
    assert!(page.says("Never collected") && page.says(bauta_inventory::GAG_SENTENCE));
}

#[test]
fn an_account_is_deleted_with_its_passphrase_only() {
    let house = House::new(Registrations::Open);
    let (mut browser, passphrase) = house.person("known", Role::User);
    let page = good(browser.get("/settings/delete"));
    assert!(page.says("gone from the disk within a minute"));
    let form = page.form("Delete my account for good");
    let label = "Your passphrase, to be sure that it is you";
    let page = good(browser.submit(&form.clone().fill(label, "wrong")));
    assert_eq!(page.status(), 422);
    let page = good(browser.submit(&form.fill(label, passphrase.expose())));
    assert!(page.says("The account is deleted") && page.says("Sign in"));
    assert_eq!(browser.client.get("/settings").status, 303);
    assert_eq!(sign_in(&mut browser, "known", passphrase.expose()).status(), 422);
}

#[test]
fn what_is_taken_along_asks_for_the_passphrase_again() {
    let house = House::new(Registrations::Open);
    let (mut browser, passphrase) = house.person("known", Role::User);
    let page = good(browser.get("/settings/export"));
    let form = page.form("Get the file");
    let nothing = good(browser.submit(&form.clone().fill("Your passphrase", passphrase.expose())));
    assert_eq!(nothing.status(), 422);
    let form = form.tick("Whom you follow");
    for wrong in ["", "wrong"] {
        let page = good(browser.submit(&form.clone().fill("Your passphrase", wrong)));
        assert_eq!(page.status(), 422);
        assert!(page.says("This is not your passphrase"));
    }
    let file = browser.submit(&form.fill("Your passphrase", passphrase.expose()));
    assert_eq!(file.status(), 200);
    let disposition = file.response.header("content-disposition");
    assert_eq!(
        disposition,
        Some("attachment; filename=\"following_accounts.csv\"")
    );
    assert_eq!(file.response.header("cache-control"), Some("no-store"));
    let page = good(browser.get("/settings/import"));
    assert!(page.says("Each line is done as if you did it by hand"));
}

#[test]
fn one_button_signs_out_every_browser_and_every_app() {
    let house = House::new(Registrations::Open);
    let (mut browser, passphrase) = house.person("known", Role::User);
    let (mut stranger, _) = house.person("other", Role::User);
    let mut elsewhere = house.browser();
    sign_in(&mut elsewhere, "known", passphrase.expose());
    let handle = Handle::parse("known").unwrap();
    let token = house
        .runtime
        .block_on(accounts::token_by_operator(&house.app, &handle, &Scopes::all()))
        .unwrap();
    let speaks = |house: &House| {
        let found = accounts::authenticate(&house.app, token.expose());
        house.runtime.block_on(found).unwrap().is_some()
    };
    assert!(speaks(&house));
    // Nobody else's page can press it.
    let page = good(browser.get("/local"));
    let forged = page.form("Sign out everywhere, now").forge("csrf", "x");
    assert_eq!(browser.submit(&forged).status(), 403);
    assert!(speaks(&house));
    browser.submit(&page.form("Sign out everywhere, now"));
    for gone in [&mut browser, &mut elsewhere] {
        assert_eq!(gone.client.get("/settings").status, 303);
    }
    assert!(!speaks(&house));
    assert_eq!(good(stranger.get("/settings")).status(), 200);
    assert!(!house.browser().get("/local").says("Sign out everywhere"));
}
