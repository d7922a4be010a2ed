//! Letting apps in.

use bauta_model::Role;
use bauta_service::apps::{self, OUT_OF_BAND, Registration};
use bauta_service::{Registrations, Scopes};
use bauta_tests::forms::Browser;

use crate::house::{House, good};

const SCHEME: &str = "com.example.app://callback";

fn request(house: &House, redirect: &str, more: &str) -> String {
    let registered = house.runtime.block_on(apps::register(
        &house.app,
        Registration {
            name: "A <b>good</b> app".to_owned(),
            redirect_uris: vec![
                SCHEME.to_owned(),
                OUT_OF_BAND.to_owned(),
                "https://app.example/x".to_owned(),
            ],
            scopes: Scopes::parse("read write"),
            website: None,
        },
    ));
    let redirect: String = url::form_urlencoded::byte_serialize(redirect.as_bytes()).collect();
    format!(
        "/oauth/authorize?response_type=code&client_id={}&redirect_uri={redirect}{more}",
        registered.unwrap().app.client_id
    )
}

#[test]
fn a_stranger_signs_in_and_comes_back_to_the_question() {
    let house = House::new(Registrations::Open);
    let passphrase = house.account("known", Role::User);
    let mut browser = house.browser();
    let path = request(&house, SCHEME, "&scope=read+write&state=a%26b");
    let page = good(browser.get(&path));
    let form = page
        .form("Sign in")
        .fill("Handle", "known")
        .fill("Passphrase", passphrase.expose());
    let page = good(browser.submit(&form));
    assert_eq!(page.path, path);
    assert!(page.says("A <b>good</b> app wants to use your account, @known."));
    assert!(page.says("do everything that you can do here"));
    let policy = page.response.header("content-security-policy").unwrap();
    assert!(
        policy.contains("form-action 'self' com.example.app:;"),
        "{policy}"
    );
    let target = led_to(&mut browser, &page.form("Allow"));
    assert!(target.starts_with("com.example.app://callback?code="), "{target}");
    assert!(target.ends_with("&state=a%26b"));
    let target = led_to(&mut browser, &page.form("Deny"));
    assert!(target.contains("error=access_denied") && !target.contains("code="));
}

fn led_to(browser: &mut Browser, form: &bauta_tests::forms::Form) -> String {
    let response = browser.client.send(&form.request("/oauth/authorize"));
    assert_eq!(response.status, 303);
    response.header("location").unwrap().to_owned()
}

#[test]
fn an_app_without_an_address_gets_its_code_by_hand() {
    let house = House::new(Registrations::Open);
    let (mut browser, _) = house.person("known", Role::User);
    let page = good(browser.get(&request(&house, OUT_OF_BAND, "")));
    assert!(page.says("copy into the app"));
    let shown = good(browser.submit(&page.form("Allow")));
    assert!(shown.html().contains("<code>") && shown.says("It works once"));
    assert!(good(browser.submit(&page.form("Deny"))).says("Nothing was given"));
}

#[test]
fn an_address_that_was_not_registered_is_never_led_to() {
    let house = House::new(Registrations::Open);
    let (mut browser, _) = house.person("known", Role::User);
    for redirect in ["https://evil.example/", "com.example.app://callback/x"] {
        let page = good(browser.get(&request(&house, redirect, "")));
        assert_eq!(page.status(), 422);
    }
    let page = good(browser.get(&request(&house, SCHEME, "")));
    let response = browser.client.send(
        &page
            .form("Allow")
            .forge("redirect_uri", "https://evil.example/")
            .request("/oauth/authorize"),
    );
    assert_eq!(response.status, 422);
    let response = browser
        .client
        .send(&page.form("Allow").forge("csrf", "x").request("/oauth/authorize"));
    assert_eq!(response.status, 403);
}

#[test]
fn a_way_back_from_signing_in_stays_on_this_server() {
    let house = House::new(Registrations::Open);
    let passphrase = house.account("known", Role::User);
    let mut browser = house.browser();
    let form = browser.get("/sign-in?back=//evil.example").form("Sign in");
    assert_eq!(form.value("back").as_deref(), Some("/"));
    let form = form
        .fill("Handle", "known")
        .fill("Passphrase", passphrase.expose())
        .forge("back", "https://evil.example/");
    assert_eq!(
        browser.client.send(&form.request("/sign-in")).header("location"),
        Some("/")
    );
}
