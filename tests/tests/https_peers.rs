//! Servers that meet over HTTPS, with certificates of an authority that the operator names.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod person;

use std::fs;
use std::path::Path;

use bauta_tests::eventually;
use bauta_tests::http::Client;
use bauta_tests::server::{Bauta, Setup};
use bauta_tests::tls::plain_door;
use person::{Person, follow, server, text};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// An authority in `folder`, with a certificate for `localhost`: gives the configuration that uses both.
fn authority(folder: &Path) -> String {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &authority).unwrap();
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let text = format!(
        "[tls]\ncertificate = '{}'\nkey = '{}'\n[peers]\nauthorities = '{}'\n",
        write("chain.pem", certificate.pem()),
        write("key.pem", key.serialize_pem()),
        write("authority.pem", authority.pem()),
    );
    write("bauta.toml", text)
}

fn over_https(configuration: &str) -> Setup {
    server().argument("--config").argument(configuration)
}

fn join(server: &Bauta, name: &str) -> (Person, Client) {
    server.done(&["account", "create", name]);
    let client = Client::new(&plain_door(&server.address(), "localhost"), server.domain());
    let token = server.token(name, "read write follow");
    let person = Person {
        client: client.clone().with_token(&token),
        acct: format!("{name}@{}", server.domain()),
    };
    (person, client)
}

#[test]
fn servers_meet_over_https_where_an_authority_vouches_for_both() {
    let folder = tempfile::tempdir().unwrap();
    let configuration = authority(folder.path());
    let here = over_https(&configuration).start();
    let there = over_https(&configuration)
        .database(&bauta_tests::postgres::fresh_database())
        .start();
    let ((mut alice, mut door), (mut bob, _)) = (join(&here, "alice"), join(&there, "bob"));

    let jrd = door.get(&format!(
        "/.well-known/webfinger?resource=acct:alice@{}",
        here.domain()
    ));
    assert_eq!(jrd.header("content-type"), Some("application/jrd+json"));
    let own = format!("https://{}/@alice", here.domain());
    assert!(jrd.json()["links"].to_string().contains(&own), "{}", jrd.text());

    follow(&mut alice, &bob);
    assert_eq!(bob.hears("follow")["account"]["acct"], alice.acct.as_str());
    let original = bob.say("over a wire that nobody reads", &[]);
    let copy = alice.reads("over a wire");
    alice.post(&format!("/api/v1/statuses/{}/favourite", text(&copy["id"])), &[]);
    let words = format!("@{} indeed", bob.acct);
    alice.say(&words, &[("in_reply_to_id", &text(&copy["id"]))]);
    assert_eq!(bob.hears("favourite")["status"]["id"], original.as_str());
    assert_eq!(
        bob.hears("mention")["status"]["in_reply_to_id"],
        original.as_str()
    );
    // Not in the clear: whoever speaks plain HTTP to the door gets no page.
    let plain =
        Client::new(&here.address(), here.domain()).raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(
        !plain.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&plain)
    );
}

#[test]
fn a_server_that_nobody_vouches_for_is_not_spoken_to() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let here = over_https(&authority(ours.path())).start();
    let stranger = over_https(&authority(theirs.path())).start();
    let ((mut alice, _), (mut mallory, _)) = (join(&here, "alice"), join(&stranger, "mallory"));
    for (asker, asked) in [
        (&mut alice, &mallory.acct.clone()),
        (&mut mallory, &format!("alice@{}", here.domain())),
    ] {
        let path = format!(
            "/api/v2/search?type=accounts&resolve=true&q={}",
            asked.replace(':', "%3A")
        );
        let found = asker.get(&path);
        assert_eq!(found["accounts"].as_array().map(Vec::len), Some(0), "{found}");
    }
    // Both are well otherwise.
    let id = alice.say("still here", &[]);
    eventually("it is there", || {
        Some(alice.get(&format!("/api/v1/statuses/{id}")))
    });
}
