//! Steps that a desk takes seldom: an emergency, a narrowing, a court's override, an order to preserve, and an officer who is
//! alone.

use age::x25519::Identity;
use bauta_model::Role;
use bauta_service::Registrations;
use bauta_tests::forms::Page;

use crate::house::House;
use crate::{Officer, add_paper};

/// Takes a demand of an instrument in, signed, for these things about heron.
fn receive(officer: &mut Officer, instrument: &str, asked: &str) -> String {
    let page = officer.get("/desk/new");
    let form = page
        .form("Receive this demand")
        .choose("What it is", instrument)
        .fill("Who issued it", "Waterways Office")
        .fill("When it came", "2017-03-14")
        .fill("How it came", "fax")
        .fill("What it asks for", asked)
        .fill("Whom it is about", "heron")
        .tick("It is signed.")
        .tick("A judge or a court's order stands behind it.");
    let page = officer.browser.submit(&form);
    assert_eq!(page.status(), 200, "{}", page.text());
    page.path
}

fn hold(officer: &mut Officer, demand: &str) {
    let fields = [("choose", "Nothing"), ("Why", "because")];
    officer.does(demand, "hold", "Decide what is kept", &fields);
}

fn call_back(officer: &mut Officer, demand: &str) {
    let fields = [
        ("choose", "I called back on a number that I found"),
        ("Whom you asked, and where you found the number", "the directory"),
    ];
    officer.does(demand, "verify", "Check that it is genuine", &fields);
}

/// The labels of a form that begin so.
fn labels(officer: &mut Officer, demand: &str, step: &str, button: &str, begin: &str) -> Vec<String> {
    let page = officer.get(&format!("{demand}/do/{step}"));
    let all = page.form(button).labels().into_iter();
    all.filter(|label| label.starts_with(begin)).collect()
}

/// Hands something out, and gives what came.
fn hands_out(officer: &mut Officer, demand: &str, step: &str, button: &str) -> Page {
    let key = Identity::generate().to_public().to_string();
    let page = officer.get(&format!("{demand}/do/{step}"));
    let form = page
        .form(button)
        .fill("The recipient's age public key", &key)
        .fill("Your passphrase, once more", officer.passphrase.expose());
    officer.browser.submit(&form)
}

#[test]
fn an_emergency_takes_two_people_and_a_call_back() {
    let house = House::new(Registrations::Open);
    house.account("heron", Role::User);
    let (mut first, mut second) = (Officer::new(&house, "first"), Officer::new(&house, "second"));
    let demand = receive(&mut first, "Emergency request", "user names");
    hold(&mut first, &demand);
    let why = "What was said, or why you decline";
    first.does(
        &demand,
        "emergency",
        "An emergency is claimed",
        &[
            ("choose", "An official says that a life is in danger"),
            (why, "a threat by telephone"),
        ],
    );
    first.does(&demand, "scope", "Record asked against held", &[]);
    let button = "Approve an emergency as the first person";
    let record = labels(&mut first, &demand, "emergency-approve", button, "user names: ").remove(0);
    let page = first.get(&format!("{demand}/do/emergency-approve"));
    let form = page
        .form(button)
        .tick(&record)
        .fill("What shows the danger", "a recording")
        .fill("Your passphrase, once more", first.passphrase.expose());
    let uncalled = first.browser.submit(&form);
    assert!(uncalled.says("Nobody has called back"), "{}", uncalled.text());
    call_back(&mut first, &demand);
    let shows = ("What shows the danger", "a recording");
    first.does(
        &demand,
        "emergency-approve",
        button,
        &[("choose", &record), shows],
    );
    let own = hands_out(&mut first, &demand, "disclose", "Disclose in an emergency");
    assert_eq!(own.status(), 422, "whoever approved is the first person");
    let given = hands_out(&mut second, &demand, "disclose", "Disclose in an emergency").response;
    assert!(
        given.body.starts_with(b"age-encryption.org/v1"),
        "{}",
        given.text()
    );
    let page = first.get(&demand);
    assert!(page.says("Tell the user"), "notice is owed: {}", page.text());

    let declined = receive(&mut first, "Emergency request", "user names");
    hold(&mut first, &declined);
    for what in ["An official says that a life is in danger", "We decline"] {
        let fields = [("choose", what), (why, "nothing shows it")];
        first.does(&declined, "emergency", "An emergency is claimed", &fields);
    }
    assert_eq!(
        hands_out(&mut second, &declined, "disclose", "Disclose in an emergency").status(),
        422
    );
    let summons = receive(&mut first, "Administrative summons (customs)", "user names");
    hold(&mut first, &summons);
    let page = first.get(&format!("{summons}/do/emergency"));
    let form = page
        .form("An emergency is claimed")
        .tick("An official says that a life is in danger");
    assert_eq!(
        first.browser.submit(&form.fill(why, "x")).status(),
        422,
        "a summons is no emergency"
    );
}

#[test]
fn a_demand_is_narrowed_preserved_and_a_court_puts_one_guard_aside() {
    let house = House::new(Registrations::Open);
    house.account("heron", Role::User);
    let (mut first, mut second) = (Officer::new(&house, "first"), Officer::new(&house, "second"));
    let demand = receive(
        &mut first,
        "Court order under 18 USC 2703(d)",
        "all records\nuser names",
    );
    add_paper(&house, "first", &demand);
    hold(&mut first, &demand);
    call_back(&mut first, &demand);
    first.does(&demand, "review", "Record the review", &[]);
    first.does(&demand, "scope", "Record asked against held", &[]);

    let button = "Keep records for an order to preserve";
    let record = labels(&mut first, &demand, "preserve", button, "user names: ").remove(0);
    let page = first.get(&format!("{demand}/do/preserve"));
    let form = page.form(button).tick(&record).fill("The last day", "soon");
    assert_eq!(first.browser.submit(&form).status(), 422);
    let until = ("The last day", "2099-01-01");
    first.does(&demand, "preserve", button, &[("choose", &record), until]);
    let extend = "Keep them longer, or let them go";
    let fields = [
        ("choose", "They are kept until the day below"),
        ("The last day", "2099-02-01"),
    ];
    first.does(&demand, "preserve-until", extend, &fields);
    let page = first.does(
        &demand,
        "preserve-until",
        extend,
        &[("choose", "They are let go now")],
    );
    assert_eq!(page.status(), 200);

    let paper = labels(
        &mut first,
        &demand,
        "narrow",
        "It was narrowed in writing",
        "demand (",
    )
    .remove(0);
    let page = first.get(&format!("{demand}/do/narrow"));
    let form = page.form("It was narrowed in writing").tick(&paper);
    let wrong = first
        .browser
        .submit(&form.fill("What is asked for now", "user names"));
    assert_eq!(wrong.status(), 422);
    first.does(
        &demand,
        "narrow",
        "It was narrowed in writing",
        &[("choose", &paper), ("What is asked for now", "0=user names")],
    );
    first.does(&demand, "scope", "Record asked against held", &[]);

    first.does(
        &demand,
        "override",
        "A court puts a guard aside",
        &[
            ("choose", &paper),
            ("Court", "Northern District"),
            ("Date", "2017-03-20"),
            ("choose", "The user's time to answer"),
            ("choose", "Producing"),
        ],
    );
    let agree = |officer: &mut Officer| {
        let page = officer.get(&format!("{demand}/do/second"));
        let form = page
            .form("Agree as the second person")
            .tick("A court's order")
            .fill("Your passphrase, once more", officer.passphrase.expose());
        officer.browser.submit(&form)
    };
    let own = agree(&mut first);
    assert_ne!(own.status(), 200, "two officers enter it");
    assert_eq!(agree(&mut second).status(), 200);
}

#[test]
fn an_officer_who_is_alone_waits_a_day() {
    let house = House::new(Registrations::Open);
    house.account("heron", Role::User);
    let mut officer = Officer::new(&house, "alone");
    let demand = receive(&mut officer, "Administrative summons (customs)", "user names");
    hold(&mut officer, &demand);
    call_back(&mut officer, &demand);
    officer.does(&demand, "review", "Record the review", &[]);
    officer.does(&demand, "scope", "Record asked against held", &[]);
    officer.does(&demand, "notice", "Tell the user", &[]);
    let fields = [
        ("choose", "Refuse: it carries no duty"),
        ("Why", "no court ordered it"),
    ];
    officer.does(&demand, "determine", "Say what will be done", &fields);
    let agree = |officer: &mut Officer| {
        let page = officer.get(&format!("{demand}/do/second"));
        let form = page
            .form("Agree as the second person")
            .tick("What will be done")
            .fill("Your passphrase, once more", officer.passphrase.expose());
        officer.browser.submit(&form)
    };
    let clock = &house.app.clock;
    let hours = |hours| std::time::Duration::from_hours(hours);
    clock.set(clock.now().plus(hours(23)));
    assert_eq!(agree(&mut officer).status(), 422);
    clock.set(clock.now().plus(hours(1)));
    assert_eq!(agree(&mut officer).status(), 200);
}
