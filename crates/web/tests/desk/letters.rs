//! Letters on the desk's pages: read, changed, taken as files, and said to be sent by a person.

use bauta_service::Registrations;

use crate::house::{House, good};
use crate::{Officer, receive};

const NOT_ADVICE: &str = "This is not legal advice";

#[test]
fn a_letter_is_drafted_changed_taken_and_marked_as_sent() {
    let house = House::new(Registrations::Open);
    let mut officer = Officer::new(&house, "clerk");
    let demand = receive(&mut officer, "heron");
    let list = officer.get(&format!("{demand}/letters"));
    assert!(
        list.says(NOT_ADVICE) && list.says("this demand was not withdrawn"),
        "{}",
        list.text()
    );
    let page = officer.browser.follow(&list, "Objection");
    let page = good(page);
    for words in [
        NOT_ADVICE,
        "Draft. The program sends nothing",
        "Nobody has changed it.",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert!(!page.says("Throw the changes away"));
    let letter = format!("{demand}/letters/objection");

    let empty = officer
        .browser
        .submit(&page.form("Keep this draft").fill("The letter", " \n# \n"));
    assert_eq!(empty.status(), 422);
    let words = "# Grounds\n\nIt came by <b>fax</b>, after its own date.\n\nEvery right is reserved.";
    let page = officer
        .browser
        .submit(&page.form("Keep this draft").fill("The letter", words));
    let page = good(page);
    assert!(page.says("Somebody changed this draft") && page.says("It came by <b>fax</b>"));
    let text = officer.browser.get(&format!("{letter}/file/txt")).response;
    let text = String::from_utf8(text.body).unwrap();
    let text: Vec<&str> = text.split_whitespace().collect();
    let text = text.join(" ");
    assert!(
        text.contains("after its own date.") && text.contains(NOT_ADVICE),
        "{text}"
    );
    let pdf = officer.browser.get(&format!("{letter}/file/pdf")).response;
    assert!(pdf.body.starts_with(b"%PDF-"));
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    let dates = officer
        .browser
        .get(&format!("{demand}/letters/calendar/file/ics"))
        .response;
    assert!(String::from_utf8_lossy(&dates.body).starts_with("BEGIN:VCALENDAR"));
    assert_eq!(officer.browser.get(&format!("{letter}/file/exe")).status(), 404);
    assert_eq!(
        officer.browser.get(&format!("{demand}/letters/poem")).status(),
        422
    );

    let unsaid = officer.browser.submit(&page.form("Mark it as sent"));
    assert_eq!(unsaid.status(), 422);
    let form = page
        .form("Mark it as sent")
        .fill("How and when it was sent", "registered mail, 20 March 2017");
    let papers = good(officer.browser.submit(&form));
    assert!(papers.says("Document of the case"), "{}", papers.text());
    let page = officer.get(&demand);
    assert!(page.says("letter sent: objection") && !page.says("registered mail"));
    assert!(
        officer.get(&letter).says("Nobody has changed it."),
        "what was sent is no draft any more"
    );
}

#[test]
fn a_draft_can_be_thrown_away_and_strangers_find_nothing() {
    let house = House::new(Registrations::Open);
    let mut officer = Officer::new(&house, "clerk");
    let demand = receive(&mut officer, "heron");
    let letter = format!("{demand}/letters/acknowledgement");
    let page = officer.get(&letter);
    let page = officer
        .browser
        .submit(&page.form("Keep this draft").fill("The letter", "It came."));
    let page = good(officer.browser.submit(&page.form("Throw the changes away")));
    assert!(page.says("Nobody has changed it.") && page.says("It does not accept service."));
    let (mut user, _) = house.person("heron", bauta_model::Role::User);
    for path in [
        letter.clone(),
        format!("{demand}/letters"),
        format!("{letter}/file/pdf"),
        format!("{demand}/letters/calendar/file/ics"),
    ] {
        assert_eq!(user.get(&path).status(), 404, "{path}");
    }
    let stolen = page
        .form("Mark it as sent")
        .fill("How and when it was sent", "x")
        .forge("csrf", "none");
    assert_eq!(officer.browser.submit(&stolen).status(), 403);
}
