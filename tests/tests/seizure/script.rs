//! A day on the server: everything that people do, each value of it a mark.

mod times;
mod trouble;

use std::time::{SystemTime, UNIX_EPOCH};

use bauta_tests::forms::Browser;
use bauta_tests::http::{Client, Part, Request};
use bauta_tests::server::Bauta;
use bauta_tests::sources::Sources;
use bauta_tests::tor::{Socks, TorNetwork};
use serde_json::{Value, json};

use super::marks::{Fate, Marks};
use super::peer::{Lie, Peer};
use super::{composer, pictures};
use times::iso;

/// What the day leaves behind for those who look.
pub struct Day {
    /// Every value that was sent.
    pub marks: Marks,
    /// Where connections came from.
    pub sources: Sources,
    /// The seconds at which people did something.
    pub acts: Vec<u64>,
    /// Pages, API and feeds that a stranger may ask for.
    pub paths: Vec<String>,
    headers: Vec<(String, String)>,
    tor: Option<(Socks, String)>,
    /// The public post's text, which must be found.
    pub control: String,
}

/// How many loopback addresses take turns.
const ADDRESSES: usize = 16;

impl Day {
    /// Draws what every request carries.
    ///
    /// With `tor`, people come through it, and connections have no address.
    pub fn through(tor: Option<&TorNetwork>) -> Self {
        let mut marks = Marks::default();
        let sources = Sources::new(marks.draw_own(ADDRESSES));
        let control = marks.draw(Fate::Public, "the text of a public post");
        let mut headers = Vec::new();
        let mut never = |name: &str, what: &str, around: fn(&str) -> String| {
            let mark = marks.draw(Fate::Never, what);
            headers.push((name.to_owned(), around(&mark)));
        };
        never("User-Agent", "the user agent", |mark| {
            format!("Mozilla/5.0 ({mark}) Gecko/20100101")
        });
        never("Accept-Language", "the languages", |mark| {
            format!("de, xx-{mark};q=0.7")
        });
        never("Accept-Encoding", "the encodings", |mark| {
            format!("gzip, x-{mark}")
        });
        never("Referer", "the page before", |mark| {
            format!("https://elsewhere.example/{mark}?q={mark}")
        });
        never("_ga", "a cookie of somebody else", str::to_owned);
        never("Sec-CH-UA-Model", "a client hint: the model", |mark| {
            format!("\"{mark}\"")
        });
        never(
            "Sec-CH-UA-Platform-Version",
            "a client hint: the version",
            |mark| format!("\"{mark}\""),
        );
        never("If-None-Match", "a validator", |mark| format!("\"{mark}\""));
        never("X-Request-ID", "a number of the request", str::to_owned);
        never("X-Device-ID", "a number of the device", str::to_owned);
        never("From", "an e-mail address in a header", |mark| {
            format!("{mark}@example.org")
        });
        for name in [
            "X-Forwarded-For",
            "X-Real-IP",
            "CF-Connecting-IP",
            "True-Client-IP",
            "Fly-Client-IP",
            "X-Client-IP",
            "Fastly-Client-IP",
            "X-Cluster-Client-IP",
            "X-Envoy-External-Address",
            "X-Azure-ClientIP",
        ] {
            let address = marks.draw_address(&format!("the address in {name}"));
            headers.push((name.to_owned(), address.to_string()));
        }
        let long = marks.draw_long_address("the address in Forwarded");
        headers.push((
            "Forwarded".to_owned(),
            format!("for=\"[{long}]:4711\";proto=https"),
        ));
        let via = marks.draw(Fate::Never, "the name of a proxy");
        headers.push(("Via".to_owned(), format!("1.1 {via}")));
        Self {
            marks,
            sources,
            acts: Vec::new(),
            paths: Vec::new(),
            headers,
            control,
            tor: tor.map(|tor| (tor.socks(), tor.host().to_owned())),
        }
    }

    /// Somebody whose every header tells on them.
    pub fn client(&self, server: &Bauta) -> Client {
        let mut client = match &self.tor {
            Some((socks, host)) => Client::new("tor", host).through(socks.clone()),
            None => server.client().from_sources(&self.sources),
        };
        for (name, value) in &self.headers {
            if name == "_ga" {
                client.set_cookie(name, value);
            } else {
                client = client.with_header(name, value);
            }
        }
        client
    }

    fn acted(&mut self) {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970")
            .as_secs();
        self.acts.push(now);
    }

    fn send(&mut self, client: &mut Client, request: &Request, status: u16) -> Value {
        self.acted();
        let answer = client.send(request);
        assert_eq!(
            answer.status,
            status,
            "{} {}: {}",
            request.method,
            request.target,
            answer.text()
        );
        self.acted();
        serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
    }

    fn form(&mut self, client: &mut Client, path: &str, fields: &[(&str, &str)]) -> Value {
        self.send(client, &Request::post(path).form(fields), 200)
    }

    /// The whole day.
    pub fn live(&mut self, server: &Bauta, peer: &Peer) {
        server.done(&["account", "create", "reader"]);
        let made = server.done(&["account", "create", "speaker"]);
        let passphrase = made.lines().last().expect("it is printed").trim().to_owned();
        self.marks.note(Fate::Never, "the right passphrase", &passphrase);
        let mut reader = self
            .client(server)
            .with_token(&server.token("reader", "read write follow"));
        let mut speaker = self
            .client(server)
            .with_token(&server.token("speaker", "read write follow"));
        let mut stranger = self.client(server);

        Self::followed_by(server, peer);
        self.come_in(server, &passphrase);
        self.an_app(server, &passphrase);
        let post = self.speak(&mut speaker);
        let me = self.send(
            &mut speaker,
            &Request::get("/api/v1/accounts/verify_credentials"),
            200,
        );
        let account = me["id"].as_str().expect("an id").to_owned();
        self.paths = public_paths(&account, &post);
        // Direct posts are for those who follow.
        self.form(&mut reader, &format!("/api/v1/accounts/{account}/follow"), &[]);
        self.pictures(&mut speaker);
        self.keep_private(&mut speaker);
        self.delete_some(&mut speaker);
        self.read_and_react(&mut reader, &account, &post);
        self.go_wrong(server, &mut stranger);
        self.leave(server);
    }

    /// Another server's account follows, so that public posts reach it.
    fn followed_by(server: &Bauta, peer: &Peer) {
        let follow = json!({
          "@context": "https://www.w3.org/ns/activitystreams",
          "id": format!("{}/follows/1", peer.actor), "type": "Follow", "actor": peer.actor,
          "object": server.url("/@speaker"),
        });
        assert_eq!(peer.tell(&mut server.client(), &follow, Lie::None).status, 202);
    }

    /// Signing up and in on pages, with a passphrase of one's own; and wrongly.
    fn come_in(&mut self, server: &Bauta, passphrase: &str) {
        let own = self.marks.draw(Fate::Never, "a passphrase of one's own");
        let mistyped = self
            .marks
            .draw(Fate::Never, "a passphrase that was not the same twice");
        let mut browser = Browser::new(self.client(server));
        let page = browser.get("/join");
        let page = browser.submit(&page.form("Go on").fill("Your name here", "newcomer"));
        let shown = page
            .form("I have them")
            .value("passphrase")
            .expect("seven words are shown");
        self.marks
            .note(Fate::Never, "a passphrase that was offered and not taken", &shown);
        let twice = |one: &str, two: &str| {
            page.form("Use my own")
                .fill("Passphrase", one)
                .fill("The same once more", two)
        };
        let _ = browser.submit(&twice(&own, &mistyped));
        let page = browser.submit(&twice(&own, &own));
        let page = browser.submit(&page.form("Go on without"));
        let page = browser.submit(&page.form("Make my account"));
        assert_eq!(page.status(), 200, "{}", page.text());
        let seen = self
            .marks
            .draw(Fate::Never, "what a picture said in the composer");
        composer::look_at_a_picture(&mut browser, &seen);
        self.acted();

        let wrong = self.marks.draw(Fate::Never, "a wrong passphrase");
        let handle = self
            .marks
            .draw(Fate::Never, "a name that nobody has here, typed into the sign-in");
        for (name, words) in [
            ("speaker", wrong.as_str()),
            (&handle[..20], &wrong),
            (passphrase, &wrong),
            ("speaker", passphrase),
        ] {
            let mut browser = Browser::new(self.client(server));
            let form = browser
                .get("/sign-in")
                .form("Sign in")
                .fill("Handle", name)
                .fill("Passphrase", words);
            let page = browser.submit(&form);
            assert_eq!(
                page.status() == 200 && page.path != "/sign-in",
                words == passphrase,
                "{name}"
            );
            self.acted();
            if words == passphrase {
                for path in ["/home", "/settings", "/settings/what-we-hold", "/notifications"] {
                    let _ = browser.get(path);
                }
                let settings = browser.get("/settings");
                if let Some(out) = settings.forms("Sign out").first() {
                    let _ = browser.submit(out);
                }
            }
        }
        let code = self.marks.draw(Fate::Never, "a wrong recovery code");
        let mut client = self.client(server);
        let _ = client.send(&Request::post("/recover").form(&[
            ("handle", "speaker"),
            ("code", &code),
            ("passphrase", &own),
        ]));
    }

    /// An app: registered, let in by hand, with parameters that are sent and not needed.
    fn an_app(&mut self, server: &Bauta, passphrase: &str) {
        let mut client = self.client(server);
        let state = self.marks.draw(Fate::Never, "an app's state parameter");
        let email = self.marks.draw(Fate::Never, "an e-mail address at sign-up");
        let agreement = self
            .marks
            .draw(Fate::Never, "a passphrase that an app signs up with");
        let locale = self.marks.draw(Fate::Never, "the language of an app's sign-up");
        let redirect = "urn:ietf:wg:oauth:2.0:oob";
        let app = self.form(
            &mut client,
            "/api/v1/apps",
            &[
                ("client_name", "Gondola"),
                ("redirect_uris", redirect),
                ("scopes", "read write"),
            ],
        );
        let (id, secret) = (text(&app["client_id"]), text(&app["client_secret"]));
        self.marks.note(Fate::Never, "an app's secret", &secret);
        let asked = [
            ("grant_type", "client_credentials"),
            ("client_id", &id),
            ("client_secret", &secret),
            ("scope", "read write"),
        ];
        let token = text(&self.form(&mut client, "/oauth/token", &asked)["access_token"]);
        self.marks.note(Fate::Never, "an app's own access token", &token);
        let mut app = self.client(server).with_token(&token);
        let address = format!("{email}@example.org");
        let person = [
            ("username", "byapp"),
            ("email", &address),
            ("password", &agreement),
            ("agreement", "true"),
            ("locale", &locale),
            ("reason", &state),
            ("date_of_birth", "1990-01-01"),
        ];
        let token = text(&self.form(&mut app, "/api/v1/accounts", &person)["access_token"]);
        self.marks.note(Fate::Never, "a person's access token", &token);
        self.send(
            &mut self.client(server).with_token(&token),
            &Request::get("/api/v1/timelines/home"),
            200,
        );

        let mut browser = Browser::new(self.client(server));
        let path = format!(
            "/oauth/authorize?response_type=code&client_id={id}&redirect_uri={redirect}&scope=read&state={state}"
        );
        let mut page = browser.get(&path);
        if page.buttons().iter().any(|button| button == "Sign in") {
            page = browser.submit(
                &page
                    .form("Sign in")
                    .fill("Handle", "speaker")
                    .fill("Passphrase", passphrase),
            );
        }
        let page = browser.submit(&page.form("Allow"));
        assert_eq!(page.status(), 200, "{}", page.text());
        self.acted();
        for wrong in [&state, &secret] {
            let _ = client.send(&Request::post("/oauth/token").form(&[
                ("grant_type", "authorization_code"),
                ("code", wrong),
                ("client_id", &id),
            ]));
        }
    }

    /// Public posts, an edit, a poll. The first one is what must be found.
    fn speak(&mut self, speaker: &mut Client) -> String {
        let key = self
            .marks
            .draw(Fate::Never, "the key of a request that may come twice");
        let words = format!("What I say in public: {}", self.control);
        let request = Request::post("/api/v1/statuses")
            .with_header("Idempotency-Key", &key)
            .form(&[("status", &words)]);
        let post = text(&self.send(speaker, &request, 200)["id"]);
        let question = ("status", "Shall we go on?");
        let poll = [
            question,
            ("poll[options][]", "yes"),
            ("poll[options][]", "no"),
            ("poll[expires_in]", "3600"),
        ];
        self.form(speaker, "/api/v1/statuses", &poll);
        let tracking = self.marks.draw(Fate::Never, "a tracking parameter in a link");
        let link = format!("Read https://example.org/a?utm_source={tracking}&fbclid={tracking}");
        self.form(
            speaker,
            "/api/v1/statuses",
            &[("status", &link), ("confirm_leaks", "true")],
        );
        post
    }

    /// Pictures that are full of what a camera and a phone write into them.
    fn pictures(&mut self, speaker: &mut Client) {
        let name = self.marks.draw(Fate::Never, "the name of a picture's file");
        for kind in ["png", "jpeg", "gif", "mp4"] {
            let inside = self
                .marks
                .draw(Fate::Never, &format!("what a {kind} carries besides its pixels"));
            let (media_type, bytes) = pictures::marked(kind, &inside);
            let file = Part::file("file", &format!("IMG_{name}.{kind}"), media_type, &bytes);
            let id = text(&self.upload(speaker, file, 200)["id"]);
            self.form(
                speaker,
                "/api/v1/statuses",
                &[("status", "A picture."), ("media_ids[]", &id)],
            );
        }
        let avatar = self
            .marks
            .draw(Fate::Never, "what a portrait carries besides its pixels");
        let (media_type, bytes) = pictures::marked("png", &avatar);
        let file = Part::file("avatar", &format!("{name}.png"), media_type, &bytes);
        self.send(
            speaker,
            &Request::new("PATCH", "/api/v1/accounts/update_credentials").multipart(&[file]),
            200,
        );
        let broken = self.marks.draw(Fate::Never, "a file that is no picture");
        let file = Part::file(
            "file",
            &format!("{name}.gif"),
            "image/gif",
            format!("GIF89a{broken}").as_bytes(),
        );
        self.upload(speaker, file, 422);
    }

    /// Sends a picture, and waits until it was made anew, or refused.
    fn upload(&mut self, speaker: &mut Client, file: Part, status: u16) -> Value {
        self.acted();
        let mut answer = speaker.send(&Request::post("/api/v2/media").multipart(&[file]));
        let mut id = Value::Null;
        while [202, 206].contains(&answer.status) {
            if answer.status == 202 {
                id = answer.json()["id"].clone();
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
            answer = speaker.get(&format!("/api/v1/media/{}", text(&id)));
        }
        assert_eq!(answer.status, status, "{}", answer.text());
        self.acted();
        answer.json()
    }

    /// What is held, for the person and those whom it is for.
    fn keep_private(&mut self, speaker: &mut Client) {
        let direct = self.marks.draw(Fate::Private, "a direct post");
        let followers = self.marks.draw(Fate::Followers, "a post for followers");
        let later = self.marks.draw(Fate::Private, "a post that appears later");
        let list = self.marks.draw(Fate::Private, "the name of a list");
        let word = self.marks.draw(Fate::Private, "a word that is filtered");
        self.form(
            speaker,
            "/api/v1/statuses",
            &[("status", &format!("@reader {direct}")), ("visibility", "direct")],
        );
        self.form(
            speaker,
            "/api/v1/statuses",
            &[("status", &followers), ("visibility", "private")],
        );
        let at = self.acts.last().expect("something was done") / 60 * 60 + 7200;
        let at = iso(at);
        self.form(
            speaker,
            "/api/v1/statuses",
            &[("status", &later), ("scheduled_at", &at)],
        );
        self.form(speaker, "/api/v1/lists", &[("title", &list)]);
        let filter = [
            ("title", word.as_str()),
            ("context[]", "home"),
            ("keywords_attributes[][keyword]", &word),
        ];
        self.form(speaker, "/api/v2/filters", &filter);
    }

    /// What is deleted: a post with its edits, a scheduled post, a list.
    fn delete_some(&mut self, speaker: &mut Client) {
        let first = self
            .marks
            .draw(Fate::Deleted, "the first words of a post that is deleted");
        let edited = self
            .marks
            .draw(Fate::Deleted, "the edited words of a post that is deleted");
        let warning = self
            .marks
            .draw(Fate::Deleted, "the warning of a post that is deleted");
        let later = self
            .marks
            .draw(Fate::Deleted, "a post that was to appear later, and is deleted");
        let list = self
            .marks
            .draw(Fate::Deleted, "the name of a list that is deleted");
        let post = [
            ("status", first.as_str()),
            ("spoiler_text", &warning),
            ("visibility", "private"),
        ];
        let id = text(&self.form(speaker, "/api/v1/statuses", &post)["id"]);
        let path = format!("/api/v1/statuses/{id}");
        self.send(
            speaker,
            &Request::new("PUT", &path).form(&[("status", &edited), ("spoiler_text", &warning)]),
            200,
        );
        self.send(speaker, &Request::new("DELETE", &path), 200);
        let at = iso(self.acts.last().expect("something was done") / 60 * 60 + 7200);
        let id = text(
            &self.form(
                speaker,
                "/api/v1/statuses",
                &[("status", &later), ("scheduled_at", &at)],
            )["id"],
        );
        self.send(
            speaker,
            &Request::new("DELETE", &format!("/api/v1/scheduled_statuses/{id}")),
            200,
        );
        let id = text(&self.form(speaker, "/api/v1/lists", &[("title", &list)])["id"]);
        self.send(
            speaker,
            &Request::new("DELETE", &format!("/api/v1/lists/{id}")),
            200,
        );
    }

    /// Reading, searching, following, liking, blocking, noting, reporting.
    fn read_and_react(&mut self, reader: &mut Client, account: &str, post: &str) {
        let search = self.marks.draw(Fate::Never, "what was searched for");
        let note = self.marks.draw(Fate::Private, "a note about somebody");
        let report = self.marks.draw(Fate::Private, "the words of a report");
        self.form(reader, &format!("/api/v1/accounts/{account}/follow"), &[]);
        for path in [
            "/api/v1/timelines/home",
            "/api/v1/notifications",
            "/api/v1/conversations",
        ] {
            self.send(reader, &Request::get(path), 200);
        }
        for path in [
            format!("/api/v2/search?q={search}"),
            format!("/api/v2/search?q={search}&type=statuses&resolve=false"),
        ] {
            self.send(reader, &Request::get(&path), 200);
        }
        for verb in ["favourite", "bookmark", "reblog", "unreblog"] {
            self.form(reader, &format!("/api/v1/statuses/{post}/{verb}"), &[]);
        }
        self.form(
            reader,
            &format!("/api/v1/accounts/{account}/note"),
            &[("comment", &note)],
        );
        self.form(
            reader,
            "/api/v1/reports",
            &[("account_id", account), ("comment", &report)],
        );
        self.form(reader, "/api/v1/markers", &[("home[last_read_id]", post)]);
        self.form(reader, &format!("/api/v1/accounts/{account}/mute"), &[]);
        self.form(reader, &format!("/api/v1/accounts/{account}/block"), &[]);
        self.form(reader, &format!("/api/v1/accounts/{account}/unblock"), &[]);
    }
}

/// What a stranger gets of an account and a post.
fn public_paths(account: &str, post: &str) -> Vec<String> {
    let mut paths: Vec<String> = [
        "/",
        "/local",
        "/about",
        "/privacy",
        "/legal",
        "/report",
        "/sign-in",
        "/join",
        "/@speaker",
        "/@speaker.atom",
        "/@reader",
        "/@newcomer",
        "/@leaver",
        "/nothing/here",
        "/api/v1/timelines/public",
        "/api/v2/instance",
        "/api/v1/instance",
        "/api/v1/directory",
        "/.well-known/nodeinfo",
        "/.well-known/security.txt",
        "/robots.txt",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.extend([
        format!("/@speaker/{post}"),
        format!("/@speaker/{post}/embed"),
        format!("/api/v1/statuses/{post}"),
        format!("/api/v1/statuses/{post}/context"),
        format!("/api/v1/statuses/{post}/history"),
        format!("/api/v1/statuses/{post}/favourited_by"),
        format!("/api/v1/accounts/{account}"),
        format!("/api/v1/accounts/{account}/statuses"),
        format!("/api/v1/accounts/{account}/followers"),
    ]);
    paths
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
