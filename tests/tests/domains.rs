//! What an operator decides about another server: at once, on both databases, and out of a list and into one.

mod person;

use bauta_tests::eventually;
use bauta_tests::http::Request;
use bauta_tests::server::Bauta;
use person::{Person, follow, server};
use serde_json::Value;

fn peers(server: &Bauta, args: &[&str]) -> Value {
    let all = [&["peers"], args, &["--json"]].concat();
    serde_json::from_str(&server.done(&all)).expect("JSON")
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
    assert_eq!(peers(&here, &["drop", &gone])["deliveries"], 1);
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
