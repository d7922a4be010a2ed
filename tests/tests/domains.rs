//! What an operator decides about another server: at once, on both databases, and out of a list and into one.

mod person;

use bauta_tests::eventually;
use bauta_tests::forms::Page;
use bauta_tests::http::Request;
use bauta_tests::server::Bauta;
use person::{Person, follow, server};
use serde_json::Value;

fn peers(server: &Bauta, args: &[&str]) -> Value {
    let all = [&["peers"], args, &["--json"]].concat();
    serde_json::from_str(&server.done(&all)).expect("JSON")
}

/// A page that is there and does nothing that no page may do.
fn good(page: Page) -> Page {
    assert_eq!(page.status(), 200, "{}", page.text());
    assert_eq!(page.lint(), Vec::<String>::new(), "{}", page.path);
    page
}

fn counts(person: &mut Person) -> (Value, Value) {
    let own = person.get("/api/v1/accounts/verify_credentials");
    (own["followers_count"].clone(), own["following_count"].clone())
}

#[test]
fn a_block_ends_follows_and_stops_what_comes_and_goes() {
    let postgres = || server().database(&bauta_tests::postgres::fresh_database());
    block(&server().start(), &postgres().start(), ["alice", "bob"]);
    block(&postgres().start(), &server().start(), ["carol", "dora"]);
}

/// `blocker` blocks `other`. `names`: of people here and there.
fn block(blocker: &Bauta, other: &Bauta, names: [&str; 2]) {
    let (mut own, mut their) = (Person::join(blocker, names[0]), Person::join(other, names[1]));
    follow(&mut own, &their);
    follow(&mut their, &own);
    their.say("before the block", &[]);
    own.reads("before the block");

    // A limit hides nothing from those who follow, and goes away without a trace.
    assert_eq!(peers(blocker, &["limit", other.domain()])["severed"], 0);
    their.say("under a limit", &[]);
    own.reads("under a limit");
    peers(blocker, &["remove", other.domain()]);

    let told = peers(
        blocker,
        &["block", other.domain(), "--public-comment", "spam, \"daily\""],
    );
    assert_eq!(
        (&told["accounts"], &told["severed"]),
        (&1.into(), &2.into()),
        "{told}"
    );
    assert_eq!(counts(&mut own), (0.into(), 0.into()));
    let home = own.get("/api/v1/timelines/home").to_string();
    assert!(!home.contains("before the block"), "{home}");
    // What they say to it is refused, and what is said here is not sent.
    their.say(&format!("@{} after the block", own.acct), &[]);
    own.say(&format!("@{} from the blocker", their.acct), &[]);
    let quiet = server_is_through(other, &mut their);
    assert!(!quiet.contains("from the blocker"), "{quiet}");
    let heard = own.get("/api/v1/notifications").to_string();
    assert!(!heard.contains("after the block"), "{heard}");
    let path = format!(
        "/api/v2/search?type=accounts&resolve=true&q={}",
        their.acct.replace(':', "%3A")
    );
    let found = own.get(&path);
    assert_eq!(found["accounts"].as_array().map(Vec::len), Some(0), "{found}");
    let queue = peers(blocker, &["queue"]);
    assert_eq!(queue["deliveries"], 0, "{queue}");

    // Out into a list, away, and in again: first looked at, then taken in.
    let list = blocker.done(&["peers", "export"]);
    assert!(list.starts_with("#domain,#severity,#reject_media,"), "{list}");
    assert!(
        list.contains("suspend,false,false,\"spam, \"\"daily\"\"\",false"),
        "{list}"
    );
    peers(blocker, &["remove", other.domain()]);
    let file = std::env::temp_dir().join(format!("bauta-list-{}.csv", other.domain().replace(':', "-")));
    std::fs::write(
        &file,
        format!("{list}no domain,suspend,,,,\nx.example,loud,,,,\n"),
    )
    .expect("a file");
    let file_name = file.to_str().expect("a path");
    let looked = peers(blocker, &["import", file_name]);
    assert_eq!(looked["changes"][0]["domain"], other.domain(), "{looked}");
    assert_eq!(looked["bad"].as_array().map(Vec::len), Some(2), "{looked}");
    assert_eq!(
        peers(blocker, &["list"])["rules"].as_array().map(Vec::len),
        Some(0)
    );
    peers(blocker, &["import", file_name, "--apply"]);
    let rules = peers(blocker, &["list"]);
    assert_eq!(rules["rules"][0]["public_comment"], "spam, \"daily\"", "{rules}");
    let again = peers(blocker, &["import", file_name]);
    assert_eq!(again["changes"].as_array().map(Vec::len), Some(0), "{again}");
    let _ = std::fs::remove_file(&file);

    // Without the rule they meet again.
    peers(blocker, &["remove", other.domain()]);
    follow(&mut own, &their);
    their.say("together again", &[]);
    own.reads("together again");
}

/// Waits until `server` has nothing on its way, and answers with what its person heard.
fn server_is_through(server: &Bauta, person: &mut Person) -> String {
    eventually("the queue is empty", || {
        (peers(server, &["queue"])["deliveries"] == 0).then_some(())
    });
    person.get("/api/v1/notifications").to_string()
}

#[test]
fn in_allow_list_mode_only_those_with_a_rule_are_met_and_the_queue_shows_who_is_gone() {
    let (here, there, friends) = (server().start(), server().start(), server().start());
    let (mut own, mut their) = (Person::join(&here, "alice"), Person::join(&there, "bob"));
    let mut friend = Person::join(&friends, "carol");
    follow(&mut their, &own);
    follow(&mut friend, &own);
    peers(&here, &["allow", friends.domain()]);
    peers(&here, &["mode", "allow-list"]);
    own.say("to friends", &[]);
    friend.reads("to friends");
    peers(&here, &["allow", there.domain()]);
    own.say("to the allowed", &[]);
    their.reads("to the allowed");
    let home = their.get("/api/v1/timelines/home").to_string();
    assert!(!home.contains("to friends"), "{home}");

    let gone = there.domain().to_owned();
    drop(there);
    own.say("to the dead", &[]);
    let waiting = eventually("it waits", || {
        let queue = peers(&here, &["queue"]);
        queue["waiting"][0]["attempts"]
            .as_i64()
            .filter(|tries| *tries > 0)?;
        Some(queue)
    });
    assert_eq!(waiting["waiting"][0]["host"], gone.as_str(), "{waiting}");
    assert_eq!(peers(&here, &["retry", &gone])["deliveries"], 1);
    let mut olga = here.somebody("olga", "operator");
    let queue = good(olga.get("/moderation/deliveries"));
    assert!(queue.says(&format!("{gone} 1 delivery")), "{}", queue.text());
    let tried = good(olga.submit(&queue.form(&format!("Try now {gone}"))));
    assert!(tried.says("Tried from now on: 1 delivery"), "{}", tried.text());
    let asked = good(olga.submit(&tried.form(&format!("Drop {gone}"))));
    assert!(asked.says("What is dropped never arrives"), "{}", asked.text());
    assert_eq!(
        peers(&here, &["queue"])["deliveries"],
        1,
        "nothing is dropped unasked"
    );
    let dropped = good(olga.submit(&asked.form("Drop it")));
    assert!(dropped.says("Dropped: 1 delivery"), "{}", dropped.text());
    assert!(dropped.says("Nothing waits."), "{}", dropped.text());
    assert_eq!(peers(&here, &["drop", &gone])["deliveries"], 0);
    assert_eq!(peers(&here, &["queue"])["deliveries"], 0);
}

#[test]
fn apps_of_operators_make_rules_and_those_who_may_see_them_see_them() {
    let server = server().start();
    server.done(&["account", "create", "olga", "--role", "operator"]);
    server.done(&["account", "create", "mia", "--role", "moderator"]);
    let client = |handle: &str| {
        let token = server.token(handle, "read write admin:read admin:write");
        server.client().with_token(&token)
    };
    let (mut olga, mut mia, mut door) = (client("olga"), client("mia"), server.client());
    let blocks = "/api/v1/admin/domain_blocks";
    let form = [
        ("domain", "Social.BAD.example"),
        ("severity", "suspend"),
        ("public_comment", "spam"),
        ("private_comment", "seen"),
        ("obfuscate", "true"),
    ];
    assert_eq!(door.get(blocks).status, 401);
    assert_eq!(mia.send(&Request::post(blocks).form(&form)).status, 403);
    let made = olga.send(&Request::post(blocks).form(&form)).json();
    assert_eq!(
        (&made["domain"], &made["severity"]),
        (&"social.bad.example".into(), &"suspend".into())
    );
    assert_eq!(olga.send(&Request::post(blocks).form(&form)).status, 422, "twice");
    for wrong in ["", "no domain", server.domain(), "a/b"] {
        let status = olga
            .send(&Request::post(blocks).form(&[("domain", wrong)]))
            .status;
        assert_eq!(status, 422, "{wrong}");
    }
    let one = format!("{blocks}/{}", made["id"].as_str().expect("an id"));
    assert_eq!(mia.get(&one).json()["private_comment"], "seen");
    let put = Request::new("PUT", &one).form(&[("severity", "silence")]);
    let changed = olga.send(&put).json();
    assert_eq!(
        (&changed["severity"], &changed["public_comment"]),
        (&"silence".into(), &"spam".into())
    );
    assert_eq!(mia.get(blocks).json().as_array().map(Vec::len), Some(1));

    let shown = "/api/v1/instance/domain_blocks";
    assert_eq!(door.get(shown).status, 404);
    assert!(!door.get("/about").text().contains("mple"));
    peers(&server, &["show-to", "members"]);
    assert_eq!(door.get(shown).status, 401);
    assert_eq!(mia.get(shown).json()[0]["comment"], "spam");
    peers(&server, &["show-to", "everybody"]);
    let seen = door.get(shown).json();
    assert_eq!(seen[0]["domain"], "socia*.***.***mple", "{seen}");
    assert!(!seen.to_string().contains("seen"), "{seen}");
    let about = door.get("/about").text();
    assert!(
        about.contains("socia*.***.***mple") && about.contains("spam"),
        "{about}"
    );

    let allows = "/api/v1/admin/domain_allows";
    let allowed = olga
        .send(&Request::post(allows).form(&[("domain", "good.example")]))
        .json();
    assert_eq!(olga.get(allows).json()[0], allowed);
    let one_allow = format!("{allows}/{}", allowed["id"].as_str().expect("an id"));
    assert_eq!(olga.get(&one_allow.replace("allows", "blocks")).status, 404);
    assert_eq!(olga.send(&Request::new("DELETE", &one_allow)).status, 200);
    assert_eq!(olga.send(&Request::new("DELETE", &one)).status, 200);
    assert_eq!(olga.get(&one).status, 404);
    assert_eq!(door.get(shown).json(), serde_json::json!([]));
}

#[test]
fn the_operator_decides_about_other_servers_on_pages() {
    let postgres = bauta_tests::postgres::fresh_database();
    for server in [server().start(), server().database(&postgres).start()] {
        let mut olga = server.somebody("olga", "operator");
        let mut mia = server.somebody("mia", "moderator");
        let mut ann = server.somebody("ann", "user");
        let rule = "/moderation/servers/rule";

        // A limit holds at once; a block first says what it ends.
        let form = good(olga.get(rule)).form("Decide");
        for (domain, severity) in [("", "silence"), ("no domain", "silence"), ("a.example", "loud")] {
            let wrong = form.clone().fill("Name of the server", domain);
            let refused = olga.submit(&wrong.forge("severity", severity));
            assert_eq!(refused.status(), 422, "{domain:?}");
        }
        let filled = form
            .fill("Name of the server", "Loud.Example")
            .forge("severity", "silence");
        let filled = filled
            .tick("Take no pictures from it")
            .fill("Why, for readers", "Too loud.")
            .fill("Why, for moderators", "Seen in May.");
        let list = good(olga.submit(&filled));
        assert!(list.says("loud.example Limited, no pictures"), "{}", list.text());
        let change = good(olga.get("/moderation/servers/rule?domain=loud.example"));
        let asked = good(olga.submit(&change.form("Decide").forge("severity", "suspend")));
        assert!(
            asked.says("0 accounts of it are known here, 0 follows end"),
            "{}",
            asked.text()
        );
        assert_eq!(
            peers(&server, &["list"])["rules"][0]["severity"],
            "silence",
            "not unasked"
        );
        good(olga.submit(&asked.form("Block it now")));
        let known = peers(&server, &["list"])["rules"][0].clone();
        assert_eq!(known["severity"], "suspend", "{known}");
        assert_eq!(known["reject_media"], true, "{known}");
        assert_eq!(known["private_comment"], "Seen in May.", "{known}");

        // Moderators read; everybody else finds nothing.
        let read = good(mia.get("/moderation/servers"));
        assert!(
            read.says("Seen in May.") && read.forms("Save").is_empty(),
            "{}",
            read.text()
        );
        for path in [rule, "/moderation/servers/list", "/moderation/deliveries"] {
            assert_eq!(mia.get(path).status(), 404, "{path}");
        }
        let forged = good(olga.get("/moderation/servers")).form("Save");
        let own = good(mia.get("/settings/preferences")).form("Save");
        let token = own.value("csrf").expect("a token");
        assert_eq!(mia.submit(&forged.clone().forge("csrf", &token)).status(), 404);
        assert_eq!(ann.get("/moderation/servers").status(), 404);
        assert_eq!(ann.get("/moderation/servers/list.csv").status(), 404);

        // Reasons are shown to those whom the operator chooses.
        assert!(!ann.get("/about").says("Too loud."));
        let members = good(olga.submit(&forged.clone().forge("shown_to", "members")));
        assert!(members.says("It holds from now on."), "{}", members.text());
        assert!(ann.get("/about").says("Too loud.") && !server.browser().get("/about").says("Too loud."));
        let allow = forged
            .clone()
            .forge("mode", "allow-list")
            .forge("shown_to", "everybody");
        good(olga.submit(&allow));
        assert!(server.browser().get("/about").says("Too loud."));
        assert_eq!(peers(&server, &["list"])["mode"], "allow-list");
        assert_eq!(olga.submit(&forged.forge("mode", "both")).status(), 422);

        // Out as a list, and another one in: looked at, then taken.
        let csv = mia.get("/moderation/servers/list.csv").response;
        let csv = String::from_utf8(csv.body).expect("text");
        assert!(
            csv.contains("loud.example,suspend,true,false,Too loud.,false"),
            "{csv}"
        );
        let page = good(olga.get("/moderation/servers/list"));
        let look = |bytes: &[u8]| {
            let form = page.form("See what it would change");
            form.attach("The list", "blocks.csv", "text/csv", bytes)
        };
        assert_eq!(olga.submit(&page.form("See what it would change")).status(), 422);
        assert_eq!(olga.submit(&look(b"\xff\xfe")).status(), 422);
        assert!(good(olga.submit(&look(csv.as_bytes()))).says("It would change nothing."));
        let more = format!("{csv}spam.example,suspend,,,\"daily, twice\",\nno domain,silence,,,,\n");
        let looked = good(olga.submit(&look(more.as_bytes())));
        assert!(looked.says("spam.example no rule Blocked"), "{}", looked.text());
        assert!(looked.says("Line 4:"), "{}", looked.text());
        assert_eq!(
            peers(&server, &["list"])["rules"].as_array().map(Vec::len),
            Some(1)
        );
        let list = good(olga.submit(&looked.form("Change 1 rule")));
        assert!(list.says("daily, twice"), "{}", list.text());

        // A rule goes again, once.
        let change = good(olga.get("/moderation/servers/rule?domain=loud.example"));
        let gone = change.form("Take the rule away");
        assert!(!good(olga.submit(&gone)).says("loud.example"));
        assert_eq!(olga.submit(&gone).status(), 404);
    }
}
