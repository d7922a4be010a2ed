//! Steps that a desk takes seldom: an emergency, a narrowing, a court's override, an order to preserve, and an officer who is
//! alone.

use age::x25519::Identity;
use bauta_model::Role;
use bauta_service::Registrations;
use bauta_tests::forms::Page;

use crate::house::House;
use crate::{Officer, add_paper, document};

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
fn what_else_the_paper_says_is_taken_down_and_shown() {
    let house = House::new(Registrations::Open);
    house.account("heron", Role::User);
    let mut officer = Officer::new(&house, "clerk");
    let page = officer.get("/desk/new");
    let form = page
        .form("Receive this demand")
        .choose("What it is", "DSA order to provide information")
        .fill("Who issued it", "Autoriteit")
        .fill("When it came", "2026-03-02")
        .fill("How it came", "a portal")
        .fill("What it asks for", "user names")
        .fill("Whom it is about", "heron")
        .choose(
            "The member state of the European Union that issued it",
            "Netherlands",
        )
        .fill("Who took it", "the porter")
        .fill("Whom it is addressed to", "Lagoon")
        .fill("The language that it is written in", "nl")
        .tick("EU: subscriber")
        .tick("It binds without a further order.");
    let wrong = officer
        .browser
        .submit(&form.clone().fill("The time zone of its dates", "Mars/Olympus"));
    assert_eq!(wrong.status(), 422);
    assert!(wrong.says("IANA time zone"), "{}", wrong.text());
    let page = officer
        .browser
        .submit(&form.fill("The time zone of its dates", "Europe/Amsterdam"));
    assert_eq!(page.status(), 200, "{}", page.text());
    for said in [
        "Netherlands",
        "the porter",
        "Lagoon",
        "Europe/Amsterdam",
        "EU: subscriber",
    ] {
        assert!(page.says(said), "{said}: {}", page.text());
    }
    assert_eq!(page.lint(), Vec::<String>::new());
    let demand = page.path;
    hold(&mut officer, &demand);
    call_back(&mut officer, &demand);
    officer.does(&demand, "review", "Record the review", &[]);
    let done = officer.does(&demand, "effect", "What it orders was done", &[]);
    assert!(done.says("Done as ordered"), "{}", done.text());
}

#[test]
fn courts_dates_and_rules_are_entered_as_they_come() {
    let house = House::new(Registrations::Open);
    house.account("heron", Role::User);
    let (mut first, mut second) = (Officer::new(&house, "first"), Officer::new(&house, "second"));
    let demand = receive(
        &mut first,
        "Court order under 18 USC 2703(d)",
        "user names\nposts",
    );
    add_paper(&house, "first", &demand);
    hold(&mut first, &demand);
    call_back(&mut first, &demand);
    first.does(&demand, "review", "Record the review", &[]);
    let date = [
        ("Which date", "answer"),
        ("The last day", "2026-12-01"),
        ("Missing it has a consequence in law.", "tick"),
        ("Why", "a call"),
    ];
    let page = first.does(&demand, "deadline", "A date was set anew", &date);
    assert!(
        page.says("Agreed with the issuer, or ordered."),
        "{}",
        page.text()
    );
    let button = "Read it under the rules of today";
    first.does(&demand, "terms", button, &[("Why", "they were corrected")]);
    let agree = [("choose", "That the demand is read under other rules")];
    second.does(&demand, "second", "Agree as the second person", &agree);
    first.does(&demand, "review", "Record the review", &[]);
    first.does(&demand, "scope", "Record asked against held", &[]);
    first.does(
        &demand,
        "enforcement",
        "They go to court",
        &[("Court", "N.D. Cal.")],
    );
    let paper = document(&mut first, &demand);
    let decided = [
        ("choose", &*paper),
        ("Court", "N.D. Cal."),
        ("Date", "2017-04-20"),
    ];
    let narrowed = ("choose", "It is narrowed, and has to be obeyed as far as that");
    let lines = ("What is asked for now, where it was narrowed", "0=user names");
    let court = "A court decided about the demand";
    first.does(
        &demand,
        "court",
        court,
        &[&decided[..], &[narrowed, lines]].concat(),
    );
    let review = "A higher court looks at the decision";
    first.does(&demand, "review-sought", review, &[("Court", "9th Cir.")]);
    let quashed = ("choose", "The demand is set aside");
    first.does(&demand, "court", court, &[&decided[..], &[quashed]].concat());

    let filed = [
        ("Court", "N.D. Cal."),
        ("Docket number", "3:17-cv-01916"),
        ("Date", "2017-04-06"),
        ("Who takes part", "plaintiff: Lagoon"),
    ];
    first.does(&demand, "file", "A case was filed", &filed);
    let case = ("choose", "3:17-cv-01916 N.D. Cal.");
    let stayed = [case, ("choose", "It stayed the case")];
    first.does(&demand, "case-moves", "A case goes on, or rests", &stayed);
    let judged = [&decided[..], &[case]].concat();
    first.does(&demand, "judged", "A case was decided", &judged);
    let appealed = [case, ("Court", "9th Cir.")];
    first.does(&demand, "appealed", "A case went to a higher court", &appealed);
    let put_right = [
        ("Which entry", "0"),
        ("What is wrong, and what is right", "the fax had two pages"),
    ];
    first.does(&demand, "correct", "Put an earlier entry right", &put_right);

    let silence = [
        &decided[..],
        &[("choose", "A court's order"), ("Its last day", "2099-01-01")],
    ]
    .concat();
    first.does(&demand, "gag", "Silence is commanded", &silence);
    assert_eq!(second.browser.get(&demand).status(), 404);
    let let_in = [("Officers who may see it", "@second")];
    first.does(&demand, "let-in", "Let more officers see it", &let_in);
    assert_eq!(second.get(&demand).status(), 200);
    let upheld = [
        &decided[..],
        &[("choose", "It is upheld"), ("Its last day", "2098-01-01")],
    ]
    .concat();
    first.does(&demand, "gag-court", "A court left the silence in force", &upheld);
    let button = "Keep it out of the public log for now";
    let wait = [("choose", "They wait"), ("Why", "until it ends")];
    first.does(&demand, "defer-log", button, &wait);
    let page = first.does(&demand, "defer-log", button, &[("choose", "They follow now")]);
    assert_eq!(page.lint(), Vec::<String>::new());
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
