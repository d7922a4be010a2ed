//! Streams: what happens comes as it happens, and nothing that its listener may not read.

use bauta_tests::http::{Client, Request, Stream};
use bauta_tests::server::Bauta;
use bauta_tests::websocket::{Heard, WebSocket};
use serde_json::Value;

struct Person {
    id: String,
    token: String,
    client: Client,
}

impl Person {
    fn new(server: &Bauta, handle: &str) -> Self {
        server.done(&["account", "create", handle]);
        let token = server.token(handle, "read write follow");
        let mut client = server.client().with_token(&token);
        let me = client.get("/api/v1/accounts/verify_credentials").json();
        Self {
            id: me["id"].as_str().expect("an account has an id").to_owned(),
            token,
            client,
        }
    }

    fn post(&mut self, text: &str, visibility: &str) -> String {
        let form = [("status", text), ("visibility", visibility)];
        let posted = self.client.send(&Request::post("/api/v1/statuses").form(&form));
        assert_eq!(posted.status, 200, "{}", posted.text());
        posted.json()["id"].as_str().expect("a post has an id").to_owned()
    }

    fn act(&mut self, path: &str) {
        assert_eq!(self.client.send(&Request::post(path)).status, 200, "{path}");
    }

    fn follow(&mut self, other: &Self) {
        self.act(&format!("/api/v1/accounts/{}/follow", other.id));
    }
}

fn server() -> Bauta {
    Bauta::setup().without_rate_limits().start()
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}")
}

fn events(server: &Bauta, path: &str, token: &str) -> Stream {
    server.client().with_token(token).open(&Request::get(path))
}

/// The next of server-sent events; nothing at the end.
fn event(stream: &mut Stream) -> Option<Heard> {
    let mut name = String::new();
    loop {
        let line = stream.next_line()?;
        if let Some(event) = line.strip_prefix("event: ") {
            event.clone_into(&mut name);
        }
        if let Some(payload) = line.strip_prefix("data: ") {
            return Some(Heard {
                event: name,
                payload: payload.to_owned(),
                stream: Vec::new(),
            });
        }
    }
}

fn socket(server: &Bauta, path: &str, token: &str) -> WebSocket {
    WebSocket::open(&server.address(), server.domain(), path, &[&bearer(token)])
}

#[test]
fn a_reader_hears_of_a_post_from_its_beginning_to_its_end() {
    let server = server();
    let (mut ann, mut bob) = (Person::new(&server, "ann"), Person::new(&server, "bob"));
    ann.follow(&bob);
    let mut home = events(&server, "/api/v1/streaming/user", &ann.token);
    let post = bob.post("High water at the @ann gauge", "public");
    let new = event(&mut home).expect("the post comes");
    assert_eq!(
        (new.event.as_str(), new.json()["id"].as_str()),
        ("update", Some(&*post))
    );
    assert_eq!(new.json()["favourited"], Value::Bool(false));
    let told = event(&mut home).expect("the mention comes");
    assert_eq!(
        (told.event.as_str(), &told.json()["type"]),
        ("notification", &"mention".into())
    );
    let edit = Request::new("PUT", &format!("/api/v1/statuses/{post}")).form(&[("status", "Low water")]);
    assert_eq!(bob.client.send(&edit).status, 200);
    let edited = event(&mut home).expect("the edit comes");
    assert_eq!(edited.event, "status.update");
    assert!(edited.payload.contains("Low water"));
    assert_eq!(
        bob.client
            .send(&Request::new("DELETE", &format!("/api/v1/statuses/{post}")))
            .status,
        200
    );
    let gone = event(&mut home).expect("the deletion comes");
    assert_eq!((gone.event.as_str(), gone.payload), ("delete", post));
}

#[test]
fn one_socket_carries_many_streams_and_names_each() {
    let server = server();
    let (ann, mut bob) = (Person::new(&server, "ann"), Person::new(&server, "bob"));
    let mut socket = socket(&server, "/api/v1/streaming", &ann.token);
    assert_eq!(socket.status(), 101);
    socket.wish("subscribe", "public", None);
    socket.wish("subscribe", "hashtag", Some("#Rivers"));
    // An answer in between shows that the wishes before it were granted.
    socket.wish("subscribe", "no such stream", None);
    assert_eq!(socket.message().expect("it answers")["status"], 400);
    bob.post("About #rivers", "public");
    let both = [socket.heard().expect("one"), socket.heard().expect("two")];
    assert_eq!(
        both.clone().map(|heard| heard.stream),
        [
            vec!["public".to_owned()],
            vec!["hashtag".to_owned(), "rivers".to_owned()]
        ]
    );
    socket.wish("unsubscribe", "public", None);
    socket.say("{not JSON");
    assert_eq!(socket.message().expect("it answers")["status"], 400);
    bob.post("Nothing of interest", "public");
    let last = bob.post("More #rivers", "public");
    let heard = socket.heard().expect("only the hashtag comes");
    assert_eq!(
        (heard.stream[0].as_str(), heard.json()["id"].as_str()),
        ("hashtag", Some(&*last))
    );
}

#[test]
fn nothing_comes_that_its_listener_may_not_read() {
    let server = server();
    let (ann, mut bob) = (Person::new(&server, "ann"), Person::new(&server, "bob"));
    let mut carl = Person::new(&server, "carl");
    carl.follow(&bob);
    let mut local = socket(&server, "/api/v1/streaming?stream=public", &ann.token);
    let mut home = socket(&server, "/api/v1/streaming?stream=user", &ann.token);
    bob.post("For followers, which ann is not", "private");
    bob.post("Quietly", "unlisted");
    bob.post("To @carl alone", "direct");
    carl.act(&format!("/api/v1/accounts/{}/block", ann.id));
    carl.post("Not for ann", "public");
    let mut followed = Person::new(&server, "dora");
    let mut ann = ann;
    ann.follow(&followed);
    let last = followed.post("Seen", "public");
    for stream in [&mut local, &mut home] {
        assert_eq!(
            stream.heard().expect("the last comes").json()["id"].as_str(),
            Some(&*last)
        );
    }
}

/// A token that its app can revoke.
fn token_of_an_app(server: &Bauta, handle: &str, passphrase: &str) -> (String, [(&'static str, String); 2]) {
    let mut client = server.client();
    let form = [
        ("client_name", "app"),
        ("redirect_uris", "urn:ietf:wg:oauth:2.0:oob"),
        ("scopes", "read"),
    ];
    let app = client.send(&Request::post("/api/v1/apps").form(&form)).json();
    let word = |name: &str| app[name].as_str().expect("an app has it").to_owned();
    let credentials = [
        ("client_id", word("client_id")),
        ("client_secret", word("client_secret")),
    ];
    let asked = [
        ("grant_type", "password"),
        ("username", handle),
        ("password", passphrase),
        ("scope", "read"),
        ("client_id", &credentials[0].1),
        ("client_secret", &credentials[1].1),
    ];
    let token = client.send(&Request::post("/oauth/token").form(&asked));
    assert_eq!(token.status, 200, "{}", token.text());
    let token = token.json()["access_token"].as_str().expect("a token").to_owned();
    (token, credentials)
}

#[test]
fn a_stream_ends_with_its_token() {
    let server = Bauta::setup().without_rate_limits().registrations("open").start();
    let made = server.done(&["account", "create", "ann"]);
    let passphrase = made.lines().last().expect("the passphrase is printed").trim();
    let (token, credentials) = token_of_an_app(&server, "ann", passphrase);
    let other = server.token("ann", "read");
    let mut revoked = events(&server, "/api/v1/streaming/user", &token);
    let mut socket = socket(&server, "/api/v1/streaming?stream=user", &token);
    let mut stays = self::socket(&server, "/api/v1/streaming", &other);
    let form = [
        ("token", &*token),
        (credentials[0].0, &credentials[0].1),
        (credentials[1].0, &credentials[1].1),
    ];
    assert_eq!(
        server
            .client()
            .send(&Request::post("/oauth/revoke").form(&form))
            .status,
        200
    );
    assert_eq!(event(&mut revoked), None);
    assert_eq!(socket.message(), None);
    stays.say("?");
    assert_eq!(stays.message().expect("the other token is good")["status"], 400);
}

#[test]
fn a_suspended_account_hears_no_more() {
    let server = server();
    let ann = Person::new(&server, "ann");
    server.done(&["account", "create", "mod", "--role", "moderator"]);
    let moderator = server.token("mod", "read write admin:read admin:write");
    let mut home = events(&server, "/api/v1/streaming/user", &ann.token);
    let form = [("type", "suspend"), ("text", "Because the test says so")];
    let suspend = Request::post(&format!("/api/v1/admin/accounts/{}/action", ann.id)).form(&form);
    let done = server.client().with_token(&moderator).send(&suspend);
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(event(&mut home), None);
}

#[test]
fn who_may_listen() {
    let server = server();
    let ann = Person::new(&server, "ann");
    let write = server.token("ann", "write");
    let notifications = server.token("ann", "read:notifications");
    let (address, domain) = (server.address(), server.domain().to_owned());
    let status = |path: &str, token: &str| events(&server, path, token).head.status;
    assert_eq!(server.client().get("/api/v1/streaming/public").status, 401);
    assert_eq!(status("/api/v1/streaming/user", "nonsense"), 401);
    assert_eq!(status("/api/v1/streaming/user", &write), 403);
    assert_eq!(status("/api/v1/streaming/user", &notifications), 403);
    assert_eq!(status("/api/v1/streaming/user/notification", &notifications), 200);
    assert_eq!(status("/api/v1/streaming/hashtag", &ann.token), 400);
    let plain = server.client().with_token(&ann.token).get("/api/v1/streaming");
    assert_eq!((plain.status, plain.json()["error"].is_string()), (400, true));
    assert_eq!(
        socket(&server, "/api/v1/streaming?stream=user", &write).status(),
        403
    );
    assert_eq!(
        socket(&server, "/api/v1/streaming?stream=nothing", &ann.token).status(),
        400
    );
    let query = format!("/api/v1/streaming?stream=user&access_token={}", ann.token);
    assert_eq!(WebSocket::open(&address, &domain, &query, &[]).status(), 101);
    let offered = format!("sec-websocket-protocol: {}", ann.token);
    let by_protocol = WebSocket::open(&address, &domain, "/api/v1/streaming?stream=user", &[&offered]);
    assert_eq!(
        (by_protocol.status(), by_protocol.protocol()),
        (101, Some(&*ann.token))
    );
}

#[test]
fn a_server_that_stops_says_goodbye() {
    let mut server = server();
    let ann = Person::new(&server, "ann");
    let mut socket = socket(&server, "/api/v1/streaming?stream=user", &ann.token);
    let mut home = events(&server, "/api/v1/streaming/user", &ann.token);
    server.stop();
    assert_eq!(socket.message(), None);
    assert_eq!(event(&mut home), None);
}

#[test]
fn a_list_and_a_conversation_come_on_their_own_streams() {
    let server = server();
    let (mut ann, mut bob) = (Person::new(&server, "ann"), Person::new(&server, "bob"));
    ann.follow(&bob);
    let made = ann
        .client
        .send(&Request::new("POST", "/api/v1/lists").form(&[("title", "Lagoon")]));
    let list = made.json()["id"].as_str().expect("the list is made").to_owned();
    let mut socket = socket(&server, "/api/v1/streaming?stream=direct", &ann.token);
    assert_eq!(socket.status(), 101);
    let wish = |id: &str| format!(r#"{{"type":"subscribe","stream":"list","list":"{id}"}}"#);
    socket.say(&wish(&list));
    socket.say(&wish("7"));
    assert_eq!(
        socket.message().expect("it answers")["status"],
        404,
        "nobody else's list"
    );
    bob.post("Nobody is in the list yet", "public");
    let members = Request::new("POST", &format!("/api/v1/lists/{list}/accounts"));
    let added = ann.client.send(&members.form(&[("account_ids[]", &bob.id)]));
    assert_eq!(added.status, 200);
    let post = bob.post("High water at nine", "public");
    let heard = socket.heard().expect("the post comes");
    assert_eq!(heard.json()["id"], post.as_str());
    assert_eq!(
        (heard.stream, heard.event.as_str()),
        (vec!["list".to_owned(), list], "update")
    );
    let direct = bob.post("@ann at nine?", "direct");
    let heard = socket.heard().expect("the conversation comes");
    assert_eq!(
        (heard.stream.as_slice(), heard.event.as_str()),
        (["direct".to_owned()].as_slice(), "conversation")
    );
    assert_eq!(heard.json()["last_status"]["id"], direct.as_str());
    assert_eq!(heard.json()["unread"], Value::Bool(true));
}

#[test]
fn announcements_and_reactions_come_where_home_does() {
    let server = server();
    let mut moderator = server.somebody("mod", "moderator");
    let mut ann = Person::new(&server, "ann");
    let mut home = events(&server, "/api/v1/streaming/user", &ann.token);
    let mut local = socket(&server, "/api/v1/streaming?stream=public:local", &ann.token);
    let page = moderator.get("/announcements");
    let form = page
        .form("Announce it")
        .fill("What is announced", "Bring <boots>");
    assert_eq!(moderator.submit(&form).status(), 200);
    let new = event(&mut home).expect("it comes");
    assert_eq!(new.event, "announcement");
    let id = new.json()["id"].as_str().expect("it has an id").to_owned();
    assert!(new.payload.contains("&lt;boots&gt;"), "{}", new.payload);
    let reaction = format!("/api/v1/announcements/{id}/reactions/%F0%9F%8C%8A");
    for (method, count) in [("PUT", 1), ("DELETE", 0)] {
        assert_eq!(ann.client.send(&Request::new(method, &reaction)).status, 200);
        let heard = event(&mut home).expect("the reaction comes");
        assert_eq!(heard.event, "announcement.reaction");
        let said = heard.json();
        assert_eq!((&said["name"], &said["count"]), (&"🌊".into(), &count.into()));
        assert_eq!(said["announcement_id"], id.as_str());
    }
    let page = moderator.get("/announcements");
    moderator.submit(&page.form("Take it down"));
    let gone = event(&mut home).expect("its end comes");
    assert_eq!((gone.event.as_str(), gone.payload), ("announcement.delete", id));
    let post = ann.post("High water", "public");
    let heard = local.heard().expect("the post comes, and nothing before it");
    assert_eq!(heard.json()["id"], post.as_str());
}
