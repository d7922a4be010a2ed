//! The legal desk, driven by browsers that know forms only: officers, the user, counsel.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

#[path = "../account/house.rs"]
mod house;

mod letters;
mod papers;
mod seldom;

use age::x25519::Identity;
use bauta_desk::Duties;
use bauta_model::{Role, Secret};
use bauta_service::Registrations;
use bauta_tests::forms::{Browser, Page};
use house::{House, good};

/// An officer at a browser.
struct Officer {
    browser: Browser,
    passphrase: Secret<String>,
}

impl Officer {
    fn new(house: &House, handle: &str) -> Self {
        let (browser, passphrase) = house.person(handle, Role::User);
        let made = house.app.desk.set_duties(handle, Duties::ALL);
        house.runtime.block_on(made).unwrap();
        let key = Identity::generate().to_public().to_string();
        let set = house.app.desk.set_key_of(handle, &key);
        house.runtime.block_on(set).unwrap();
        Self { browser, passphrase }
    }

    fn get(&mut self, path: &str) -> Page {
        good(self.browser.get(path))
    }

    /// Does a step of a demand, and gives the page that it leads to.
    fn does(&mut self, demand: &str, step: &str, button: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(&format!("{demand}/do/{step}"));
        assert_eq!(page.status(), 200, "{step}");
        assert!(page.says("This is not legal advice"), "{step}");
        let grave = page.says("This can't be undone.");
        let mut form = page.form(button);
        for (label, value) in fields {
            form = match (*label, *value) {
                ("choose", value) => form.tick(value),
                (label, "tick") => form.tick(label),
                (label, value) => form.fill(label, value),
            };
        }
        if grave {
            let refused = self.browser.submit(&form);
            assert_eq!(
                refused.status(),
                422,
                "{step} without a passphrase: {}",
                refused.text()
            );
            form = form.fill("Your passphrase, once more", self.passphrase.expose());
        }
        let page = self.browser.submit(&form);
        assert_eq!(page.status(), 200, "{step}: {}", page.text());
        page
    }
}

/// Takes in the summons of 2017 as the paper has it, and gives the path of its page.
fn receive(officer: &mut Officer, targets: &str) -> String {
    let page = officer.get("/desk/new");
    let form = page
        .form("Receive this demand")
        .choose("What it is", "Administrative summons (customs)")
        .fill("The law that it cites", "19 U.S.C. 1509")
        .fill("Who issued it", "Waterways Office")
        .fill("The rank of whoever signed", "special agent in charge")
        .fill("When it came", "2017-03-14")
        .fill("How it came", "fax")
        .fill("By when it wants an answer", "2017-03-13T11:45:00")
        .choose("What it says about silence", "It asks for silence")
        .fill(
            "What it asks for",
            "all records regarding the account\nuser names\naccount login\nphone numbers\nI.P. addresses",
        )
        .fill("Whom it is about", targets)
        .tick("It is signed.");
    let page = good(officer.browser.submit(&form));
    assert_eq!(page.status(), 200, "{}", page.text());
    page.path
}

#[test]
fn a_demand_goes_from_the_paper_to_its_end_by_forms_alone() {
    let house = House::new(Registrations::Open);
    let (mut user, _) = house.person("heron", Role::User);
    let mut officer = Officer::new(&house, "clerk");
    let demand = receive(&mut officer, "@heron");
    let page = officer.get(&demand);
    for words in [
        "It was due before it was served",
        "It carries no duty without a court's order",
        "It asks for silence and cites nothing that commands it",
        "Never collected",
        "A credential: never produced",
        "Decide what is kept",
        "This is not legal advice",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert!(!user.get("/").says("A message from your server"));
    let why = ("Why", "asked for");
    officer.does(
        &demand,
        "hold",
        "Decide what is kept",
        &[("choose", "A sealed copy of what is held and asked for"), why],
    );
    officer.does(
        &demand,
        "verify",
        "Check that it is genuine",
        &[
            ("choose", "I called back on a number that I found"),
            (
                "Whom you asked, and where you found the number",
                "the office's own directory",
            ),
        ],
    );
    officer.does(&demand, "review", "Record the review", &[]);
    officer.does(&demand, "scope", "Record asked against held", &[]);
    let page = officer.get(&format!("{demand}/do/notice"));
    assert!(page.says("we had given nothing") && page.says("heron"));
    officer.does(&demand, "notice", "Tell the user", &[]);

    let home = good(user.get("/"));
    let list = good(user.follow(&home, "A message from your server"));
    let notice = good(user.follow(&list, "A message from your server"));
    assert!(notice.says("Waterways Office (special agent in charge) asks us about you."));
    assert!(
        notice.says("We never ask for a phone number") && notice.says("This is not legal advice"),
        "{}",
        notice.text()
    );
    assert!(
        user.get("/").says("A message from your server"),
        "reading leaves no trace"
    );
    let read = good(user.submit(&notice.form("I have read it")));
    assert!(!read.says("When you said so"));
    assert!(!user.get("/").says("A message from your server"));
    let empty = user.submit(&notice.form("Object"));
    assert_eq!(empty.status(), 422);
    let sent = user.submit(
        &notice
            .form("Object")
            .fill("Why, in your own words", "It is about my opinion."),
    );
    assert!(good(sent).says("You objected."));
    let wrong = user.submit(
        &notice
            .form("Name counsel")
            .fill("Their age public key", "age1nonsense"),
    );
    assert_eq!(wrong.status(), 422);
    let key = Identity::generate();
    let named = notice
        .form("Name counsel")
        .fill("Their age public key", &key.to_public().to_string());
    let named = good(user.submit(&named));
    let text = named.text();
    let link = text
        .split_whitespace()
        .find(|word| word.contains("/counsel/"))
        .unwrap();
    let path = link[link.find("/counsel/").unwrap()..].to_owned();
    let mut counsel = house.browser();
    let page = good(counsel.get(&path));
    let taken = counsel.submit(&page.form("Take the notice"));
    assert!(taken.response.body.starts_with(b"age-encryption.org/v1"));
    assert_eq!(counsel.get(&path).status(), 404);

    officer.does(
        &demand,
        "file",
        "A case was filed",
        &[
            ("Court", "Northern District"),
            ("Docket number", "3:17-cv-01"),
            ("Date", "2017-04-06"),
            ("Who takes part", "plaintiff: the operator\ndefendant: the office"),
        ],
    );
    officer.does(
        &demand,
        "withdrawn",
        "The demand was withdrawn",
        &[("Date", "2017-04-07")],
    );
    officer.does(
        &demand,
        "dismissed",
        "A case was dismissed",
        &[
            ("choose", "3:17-cv-01 Northern District"),
            ("Date", "2017-04-07"),
            ("Whoever brought it ended it.", "tick"),
        ],
    );
    let page = officer.does(&demand, "close", "Close the demand", &[]);
    for words in [
        "Closed.",
        "dismissed without prejudice",
        "The user answered",
        "Told the user",
        "objects",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let inbox = officer.get("/desk");
    assert!(inbox.says("No demand is open.") && inbox.says("Closed"));
}

#[test]
fn what_is_produced_takes_two_officers_and_is_what_was_asked() {
    let house = House::new(Registrations::Open);
    house.account("heron", Role::User);
    let (mut first, mut second) = (Officer::new(&house, "first"), Officer::new(&house, "second"));
    let page = first.get("/desk/new");
    let form = page
        .form("Receive this demand")
        .choose("What it is", "Court order under 18 USC 2703(d)")
        .fill("The law that it cites", "18 U.S.C. 2703(d)")
        .fill("Who issued it", "District Court")
        .fill("When it came", "2017-03-14")
        .fill("How it came", "mail")
        .fill("What it asks for", "user names")
        .fill("Whom it is about", "heron")
        .tick("It is signed.")
        .tick("A judge or a court's order stands behind it.");
    let demand = first.browser.submit(&form).path;
    let why = ("Why", "because");
    first.does(
        &demand,
        "hold",
        "Decide what is kept",
        &[("choose", "Nothing"), why],
    );
    first.does(
        &demand,
        "verify",
        "Check that it is genuine",
        &[
            ("choose", "It stands in a court's record"),
            ("Whom you asked, and where you found the number", "the clerk"),
        ],
    );
    first.does(&demand, "review", "Record the review", &[]);
    first.does(&demand, "scope", "Record asked against held", &[]);
    first.does(&demand, "notice", "Tell the user", &[]);
    let page = first.get(&format!("{demand}/do/findings"));
    let mut form = page.form("Record the four findings");
    for finding in [
        "offence_shown",
        "least_restrictive",
        "not_to_suppress_speech",
        "need_outweighs",
    ] {
        form = form
            .forge(finding, "yes")
            .fill(&format!("{finding}_why"), "the order says so");
    }
    assert_eq!(first.browser.submit(&form).status(), 200);
    let page = first.get(&format!("{demand}/do/determine"));
    let records: Vec<String> = page
        .form("Say what will be done")
        .labels()
        .into_iter()
        .filter(|label| label.starts_with("user names: "))
        .collect();
    assert!(!records.is_empty() && records.iter().all(|label| !label.contains("passphrase")));
    first.does(
        &demand,
        "determine",
        "Say what will be done",
        &[
            ("choose", "Produce: the demand compels it"),
            ("choose", records.last().unwrap()),
        ],
    );
    // Whoever said it can't agree to it.
    let page = first.get(&format!("{demand}/do/second"));
    let form = page
        .form("Agree as the second person")
        .tick("What will be done")
        .fill("Your passphrase, once more", first.passphrase.expose());
    assert_eq!(first.browser.submit(&form).status(), 422);
    second.does(
        &demand,
        "second",
        "Agree as the second person",
        &[("choose", "What will be done")],
    );
    let page = first.get(&format!("{demand}/do/ready"));
    assert!(page.text().contains("heron"), "{}", page.text());
    first.does(&demand, "ready", "Make the production ready", &[]);
    let key = Identity::generate();
    // The user's time to answer passes.
    let later = house.app.clock.now().day().plus(20).start();
    house.app.clock.set(later);
    let page = second.get(&format!("{demand}/do/produce"));
    let form = page
        .form("Produce")
        .fill("The recipient's age public key", &key.to_public().to_string())
        .fill("Your passphrase, once more", second.passphrase.expose());
    let archive = second.browser.submit(&form).response;
    let said = String::from_utf8_lossy(&archive.body).into_owned();
    assert_eq!(
        archive.status,
        200,
        "{:?}",
        said.split("role=\"alert\"")
            .nth(1)
            .map(|text| text[..300].to_owned())
    );
    assert!(archive.body.starts_with(b"age-encryption.org/v1"));
    let page = first.get(&demand);
    assert!(page.says("Produced") && page.says("Close the demand"));
    assert!(
        first
            .does(&demand, "close", "Close the demand", &[])
            .says("Closed.")
    );
}

#[test]
fn the_desk_is_there_for_its_officers_and_a_silenced_demand_for_those_named() {
    let house = House::new(Registrations::Open);
    let (mut user, _) = house.person("heron", Role::User);
    let (mut first, mut second) = (Officer::new(&house, "first"), Officer::new(&house, "second"));
    let demand = receive(&mut first, "heron nobody_here");
    assert_eq!(user.get("/desk").status(), 404);
    assert_eq!(user.get(&demand).status(), 404);
    assert_eq!(user.get("/notices/7").status(), 404);
    assert!(!user.get("/settings").says("Legal desk") && first.get("/settings").says("Legal desk"));
    assert_eq!(second.get(&demand).status(), 200);
    add_paper(&house, "first", &demand);
    first.does(
        &demand,
        "hold",
        "Decide what is kept",
        &[("choose", "Nothing"), ("Why", "because")],
    );
    let paper = document(&mut first, &demand);
    first.does(
        &demand,
        "gag",
        "Silence is commanded",
        &[
            ("choose", "A court's order"),
            ("choose", &paper),
            ("Court", "Northern District"),
            ("Date", "2017-03-20"),
            ("When somebody has to look at it again", "2117-04-07"),
        ],
    );
    assert!(first.get(&demand).says("Commanded, without an end"));
    assert_eq!(second.get(&demand).status(), 404);
    assert!(second.get("/desk").says("No demand is open."));
    for step in ["nonsense", "../x"] {
        assert_eq!(
            first.browser.get(&format!("{demand}/do/{step}")).status(),
            404,
            "{step}"
        );
    }
}

/// Adds a document as the machine of an officer would, without the sandbox that only the whole program has.
fn add_paper(house: &House, handle: &str, demand: &str) {
    let desk = &house.app.desk;
    let id = demand.rsplit('/').next().unwrap().parse().unwrap();
    house.runtime.block_on(async {
        let officer = desk.officer_named(handle).await.unwrap();
        let kind = bauta_desk::PaperKind::Document;
        desk.add_paper(&officer, id, kind, "demand".into(), b"paper".to_vec())
            .await
            .unwrap();
    });
}

/// The label of the demand's first document.
fn document(officer: &mut Officer, demand: &str) -> String {
    let page = officer.get(&format!("{demand}/do/gag"));
    let labels = page.form("Silence is commanded").labels();
    labels
        .into_iter()
        .find(|label| label.starts_with("demand ("))
        .unwrap()
}

#[test]
fn two_officers_who_race_are_told_and_nothing_is_lost() {
    let house = House::new(Registrations::Open);
    let (mut first, mut second) = (Officer::new(&house, "first"), Officer::new(&house, "second"));
    let demand = receive(&mut first, "nobody_here");
    let hold = |officer: &mut Officer| {
        let page = officer.get(&format!("{demand}/do/hold"));
        page.form("Decide what is kept")
            .tick("Nothing")
            .fill("Why", "because <b>")
    };
    let (one, two) = (hold(&mut first), hold(&mut second));
    assert_eq!(first.browser.submit(&one).status(), 200);
    let refused = good(second.browser.submit(&two));
    assert_eq!(refused.status(), 422);
    assert!(refused.says("Somebody else has added to this demand"));
    assert!(refused.html().contains("because &#60;b&#62;"));
    // A step that can't come yet is refused in a sentence, and so are fields that say nothing.
    let page = first.get(&format!("{demand}/do/withdrawn"));
    let form = page
        .form("The demand was withdrawn")
        .fill("Your passphrase, once more", first.passphrase.expose());
    let refused = first.browser.submit(&form);
    assert_eq!(refused.status(), 422);
    assert!(refused.says("This is needed."));
}
