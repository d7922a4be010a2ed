//! Papers on the desk's pages with the real sandboxed child: shown beside the form, blacked out, and published as pixels that
//! another officer has looked at.

#[expect(
    dead_code,
    reason = "what the tests of the drawing need is more than what is needed here"
)]
#[path = "../../../media/tests/papers/build.rs"]
mod build;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bauta_ledger::Policy;
use bauta_public_log::{PublicLog, Setup};
use bauta_service::Registrations;
use bauta_tests::forms::Page;
use bauta_tests::server::program;

use crate::Officer;
use crate::house::{House, good};

const MARK: &str = "ALTUSCISMARK";

/// A server whose sandboxed child is the program's own.
fn house(data: &Path) -> House {
    House::at(Registrations::Open, data, program())
}

/// Takes a demand in with `paper`, and gives its path.
fn receive(officer: &mut Officer, paper: &[u8]) -> Page {
    let page = officer.get("/desk/new");
    let form = page
        .form("Show its pages beside the form")
        .fill("Who issued it", "Waterways Office")
        .attach("The paper", "fax.pdf", "application/pdf", paper);
    officer.browser.submit(&form)
}

#[test]
fn a_paper_lies_beside_the_form_and_then_among_the_papers() {
    let data = tempfile::tempdir().unwrap();
    let house = house(data.path());
    let mut officer = Officer::new(&house, "clerk");
    for lie in [
        &b"%PDF-1.7\nnothing but a name"[..],
        b"just words",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\xff\xff\0\xff\xff\xff\x08\x02\0\0\0\0\0\0\0",
    ] {
        let refused = receive(&mut officer, lie);
        assert_eq!(refused.status(), 422, "{}", refused.text());
        let again = officer.get("/desk/new").html();
        assert!(!again.contains("/desk/table/paper/"), "nothing is kept of it");
    }
    let page = good(receive(&mut officer, &build::marked(MARK)));
    assert!(page.html().contains("/desk/table/paper/0"), "{}", page.html());
    assert_eq!(
        page.form("Receive this demand").value("issuer").as_deref(),
        Some("Waterways Office"),
        "what was typed stays"
    );
    let picture = officer.browser.get("/desk/table/paper/0").response;
    assert!(picture.body.starts_with(b"\x89PNG"), "{}", picture.status);
    assert_eq!(officer.browser.get("/desk/table/paper/7").status(), 404);
    let mut other = Officer::new(&house, "other");
    assert_eq!(other.browser.get("/desk/table/paper/0").status(), 404);
    let form = page
        .form("Receive this demand")
        .choose("What it is", "Administrative summons (customs)")
        .fill("When it came", "2017-03-14")
        .fill("How it came", "fax")
        .fill("What it asks for", "user names")
        .fill("Whom it is about", "heron");
    let page = officer.browser.submit(&form);
    assert_eq!(page.status(), 200, "{}", page.text());
    let papers = officer.get(&format!("{}/papers", page.path));
    assert!(papers.says("Document of the case") && papers.says("A paper of this demand lies open for you."));
    let put = papers.form("Put it away");
    let papers = good(officer.browser.submit(&put));
    assert!(!papers.says("lies open for you."));
    assert_eq!(officer.browser.get("/desk/table/paper/0").status(), 404);
    // Another file is no paper of this demand; what age gave back would be.
    let forged = papers.form("Show its pages").attach(
        "The opened paper",
        "fax",
        "application/octet-stream",
        b"{\"name\":\"demand\",\"kind\":\"document\",\"salt\":\"00\"}\n%PDF-1.7",
    );
    let refused = officer.browser.submit(&forged);
    assert_eq!(refused.status(), 422);
    assert!(refused.says("no document of this demand"), "{}", refused.text());
}

/// Lets the log take in what waits, as its worker would within the next hours.
fn log_hours(house: &House, data: &Path, hours: i64) {
    let setup = Setup {
        folder: data.join("log"),
        keys: data.join("keys"),
        origin: "desk.localhost/log".to_owned(),
        policy: Policy::parse(b"quorum none\n").unwrap(),
        store: Arc::clone(&house.app.store),
        clock: house.app.clock.clone(),
        client: None,
    };
    let log = Arc::new(PublicLog::open(setup).unwrap());
    for _ in 0..hours {
        let next = house.app.clock.now().plus(std::time::Duration::from_hours(1));
        house.app.clock.set(next);
        house.runtime.block_on(log.tick()).unwrap();
    }
}

fn holds(bytes: &[u8], words: &str) -> bool {
    let wide: Vec<u8> = words.bytes().flat_map(|byte| [0, byte]).collect();
    let found = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    found(words.as_bytes()) || found(&wide)
}

#[test]
fn what_is_blacked_out_is_published_by_another_officer_as_pixels_that_the_log_names() {
    let data = tempfile::tempdir().unwrap();
    let house = house(data.path());
    let (mut first, mut second) = (Officer::new(&house, "first"), Officer::new(&house, "second"));
    let marked = build::marked(MARK);
    assert!(holds(&marked, MARK));
    let page = receive(&mut first, &marked);
    let form = page
        .form("Receive this demand")
        .choose("What it is", "Administrative summons (customs)")
        .fill("When it came", "2017-03-14")
        .fill("How it came", "fax")
        .fill("What it asks for", "user names")
        .fill("Whom it is about", "nobody_here");
    let demand = first.browser.submit(&form).path;
    let table = first.get(&format!("{demand}/table"));
    assert!(!table.says("It is not known which paper"), "{}", table.text());
    let before = first.browser.get("/desk/table/public/0").response.body;
    // Two clicks on the picture, which is shown 600 pixels wide: a box from its middle to its right edge.
    let click = |x: &str, y: &str| table.form("Black this out").forge("at.x", x).forge("at.y", y);
    let once = good(first.browser.submit(&click("300", "0")));
    assert!(once.says("One corner is chosen."), "{}", once.text());
    let twice = good(first.browser.submit(&click("600", "150")));
    assert!(
        twice.says("50.0 % from the left") || twice.says("from the left 50.0 %"),
        "{}",
        twice.text()
    );
    let numbers = |values: [&str; 4]| {
        let mut form = table.form("Black this out");
        for (name, value) in ["x", "y", "width", "height"].into_iter().zip(values) {
            form = form.fill(name, value);
        }
        form
    };
    for wrong in [
        ["a", "1", "1", "1"],
        ["90", "0", "20", "10"],
        ["0", "0", "0", "5"],
    ] {
        assert_eq!(first.browser.submit(&numbers(wrong)).status(), 422, "{wrong:?}");
    }
    let page = good(first.browser.submit(&numbers(["50", "0", "50", "100"])));
    let page = good(first.browser.submit(&page.forms("Take it away")[0]));
    assert_eq!(page.forms("Take it away").len(), 1);
    assert_ne!(
        before,
        first.browser.get("/desk/table/public/0").response.body,
        "the box is burned in"
    );
    let untitled = first.browser.submit(&page.form("Propose it"));
    assert_eq!(untitled.status(), 422);
    let title = "What the public reads as its name";
    let copy = good(
        first
            .browser
            .submit(&page.form("Propose it").fill(title, "The summons")),
    );
    assert!(copy.says("You proposed it"), "{}", copy.text());

    first.does(
        &demand,
        "hold",
        "Decide what is kept",
        &[("choose", "Nothing"), ("Why", "because")],
    );
    let send = |officer: &mut Officer, path: &str| {
        let page = officer.get(path);
        let form = page
            .form("Publish this copy")
            .fill("Your passphrase, once more", officer.passphrase.expose());
        officer.browser.submit(&form)
    };
    let early = send(&mut second, &copy.path);
    assert!(
        early.says("the public has no page about this demand yet"),
        "{}",
        early.text()
    );
    first.does(
        &demand,
        "file",
        "A case was filed",
        &[
            ("Court", "Northern District"),
            ("Docket number", "3:17-cv-01"),
            ("Date", "2017-04-06"),
            ("Who takes part", "plaintiff: the operator"),
        ],
    );
    first.does(
        &demand,
        "publish",
        "Let the public read of it",
        &[("choose", "As a page, with parts blacked out")],
    );
    let own = send(&mut first, &copy.path);
    assert!(
        own.status() == 422 && own.says("This takes a second person."),
        "{}",
        own.text()
    );
    let shown = second.browser.get(&format!("{}/0", copy.path)).response;
    assert!(shown.body.starts_with(b"\x89PNG") && !holds(&shown.body, MARK));
    let unproved = second.get(&copy.path).form("Publish this copy");
    assert_eq!(second.browser.submit(&unproved).status(), 422);
    let done = send(&mut second, &copy.path);
    assert_eq!(done.status(), 200, "{}", done.text());
    assert_eq!(
        second.browser.get(&copy.path).status(),
        404,
        "a copy that is out is no draft"
    );

    let name = first.get(&demand).heading();
    log_hours(&house, data.path(), 12);
    let mut stranger = house.browser();
    let case = stranger.get(&format!("/cases/{name}"));
    assert!(case.says("The summons"), "{}", case.text());
    let file = stranger.get(&format!("/report/documents/{name}/0.png")).response;
    assert_eq!(file.status, 200);
    assert!(file.body.starts_with(b"\x89PNG") && !holds(&file.body, MARK));
    let out = tempfile::tempdir().unwrap();
    let site = out.path().join("site");
    let run = |arguments: &[&std::ffi::OsStr]| {
        let done = Command::new(program()).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
        (done.status.success(), said)
    };
    let (built, said) = run(&[
        "report".as_ref(),
        "build".as_ref(),
        "--out".as_ref(),
        site.as_ref(),
        "--data".as_ref(),
        data.path().as_ref(),
    ]);
    assert!(built, "{said}");
    let (verified, said) = run(&["verify".as_ref(), site.as_ref()]);
    assert!(verified && said.contains("1 document"), "{said}");
    let published = site.join(format!("report/documents/{name}/0.png"));
    let mut changed = std::fs::read(&published).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(&published, changed).unwrap();
    assert!(
        !run(&["verify".as_ref(), site.as_ref()]).0,
        "the log names another hash"
    );
}
